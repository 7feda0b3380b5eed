"""Puts a `FileSet` on the disk exactly: all of it or nothing, and never over anything that is not ours.

A file is ours when the lock lists it with the hash that it has. Everything else (hand-written files, edited files,
compiled files, other folders) is left alone, and stops the run where it stands in the way.
"""

from __future__ import annotations

import glob
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from graphslice.diagnostics import Diagnostic, GraphsliceError, Location, RefusedError
from graphslice.journal import (
    JOURNAL,
    Journal,
    carry_out,
    finish,
    read_journal,
    remove_stagings,
    sync_folder,
    write_synced,
)
from graphslice.lock import Lock, digest, lock_path, read_lock, refused
from graphslice.writing_guard import only_run, unwritable
from graphslice.writing_scan import check_root, files_below, scan
from graphslice.writing_staging import Work, misread, stage

_SHOWN = 20
_OURS = ".gen-"
_LEFT_SECONDS = 600


class Kind(str, Enum):
    """How a file differs from what the inputs give."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    EDITED = "edited by hand"
    MISSING = "missing"
    ORPHAN = "orphan"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One difference."""

    path: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Report:
    """What a run wrote and removed, how many files stayed, and what it rescued of somebody's edits."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: int = 0
    rescued: tuple[str, ...] = ()
    recovered: bool = False
    """Whether an interrupted run was found and finished first."""


@dataclass(slots=True)
class _Plan:
    """Decisions of one run."""

    write: dict[str, str | None] = field(default_factory=dict)
    """Path to the hash that is replaced."""
    remove: dict[str, str] = field(default_factory=dict)
    edited: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    kept: int = 0


def write(
    root: Path,
    package: str,
    files: Mapping[str, bytes],
    lock: Lock,
    *,
    overwrite_edited: bool = False,
    wait: float = 0.0,
) -> Report:
    """Make the output folder hold exactly `files` of this package, and the lock that says so and has their hashes.

    Raises:
        GraphsliceError: The folder cannot be written.
        RefusedError: Something that is not ours stands in the way; nothing was changed.
    """
    check_root(root)
    made = _make_root(root)
    try:
        with only_run(root, wait):
            return _write_held(root, package, files, lock, overwrite_edited)
    finally:
        for folder in made:
            _remove_if_empty(folder)


def unchanged(root: Path, lock: Lock) -> bool:
    """Tell whether every file that the lock lists stands on the disk as listed, and no run was interrupted."""
    if read_journal(root) is not None:
        return False
    disk = scan(root, lock.files)
    return len(disk.hashes) == len(lock.files) and all(
        disk.hashes[path] == entry.sha256 for path, entry in lock.files.items()
    )


def tidy(root: Path) -> None:
    """Remove what a run left that was killed after its work was done; another run's things are left alone."""
    if not any(name.startswith(_OURS) for name in os.listdir(root)):
        return
    try:
        with only_run(root):
            remove_stagings(root)
    except GraphsliceError:
        return  # somebody else runs, or the folder is for reading only: litter does no harm


def compare(root: Path, package: str, files: Mapping[str, bytes], lock: Lock | None) -> list[Finding]:
    """Find every difference between the inputs' output, the lock and the disk; writes nothing."""
    check_root(root)
    if read_journal(root) is not None:
        return [Finding(".", Kind.INTERRUPTED)]
    locked = lock.files if lock else {}
    disk = scan(root, {*files, *locked}).hashes
    findings = []
    for path in sorted({*files, *locked}):
        entry, present = locked.get(path), disk.get(path)
        new = digest(files[path]) if path in files else None
        if entry and present is None:
            findings.append(Finding(path, Kind.MISSING))
        elif entry and present != entry.sha256 and present != new:
            findings.append(Finding(path, Kind.EDITED))
        elif new is None:
            findings.append(Finding(path, Kind.REMOVED))
        elif entry is None:
            findings.append(Finding(path, Kind.ADDED))
        elif present != new or entry.sha256 != new:
            findings.append(Finding(path, Kind.CHANGED))
    known = {*files, *locked}
    for path in files_below(root, package.replace(".", "/")):
        if path not in known:
            findings.append(Finding(path, Kind.ORPHAN))
    return sorted(findings)


def _write_held(root: Path, package: str, files: Mapping[str, bytes], lock: Lock, overwrite_edited: bool) -> Report:
    place = lock_path(root, package)
    recovered, claimed = _recover(root)
    remove_stagings(root)
    old = read_lock(place)
    owned = {path: {entry.sha256} | claimed.pop(path, set()) for path, entry in (old.files if old else {}).items()}
    owned.update(claimed)
    owned.pop(place.name, None)
    disk = scan(root, {*files, *owned})
    hashes = {path: entry.sha256 for path, entry in lock.files.items()}
    plan = _plan(hashes, owned, disk.hashes)
    if plan.foreign or (plan.edited and not overwrite_edited):
        raise _in_the_way(root, plan, overwrite_edited)
    text = lock.to_text().encode("ascii")
    rescued = tuple(_rescue(root, path) for path in plan.edited)
    for path in plan.edited:
        (plan.write if path in files else plan.remove)[path] = disk.hashes[path]
    before = digest(place.read_bytes()) if place.exists() else None
    if plan.write or plan.remove or before != digest(text):
        work = Work(files, hashes, plan.write, plan.remove, (place.name, before, text), disk.folders)
        _verify(root, lock, _apply(root, work))
    elif recovered:
        (root / JOURNAL).unlink(missing_ok=True)
    return Report(tuple(sorted(plan.write)), tuple(sorted(plan.remove)), plan.kept, rescued, recovered)


def _plan(files: Mapping[str, str], owned: Mapping[str, set[str]], disk: Mapping[str, str]) -> _Plan:
    plan = _Plan()
    for path, wanted in files.items():
        present = disk.get(path)
        if present == wanted:
            plan.kept += 1
        elif present is None or present in owned.get(path, ()):
            plan.write[path] = present
        else:
            (plan.edited if path in owned else plan.foreign).append(path)
    for path, hashes in owned.items():
        present = disk.get(path)
        if path not in files and present is not None:
            if present in hashes:
                plan.remove[path] = present
            else:
                plan.edited.append(path)
    return plan


def _recover(root: Path) -> tuple[bool, dict[str, set[str]]]:
    """Finish an interrupted run; what could not be finished is known as ours by its hashes."""
    journal = read_journal(root)
    if journal is None:
        return False, {}
    disturbed = carry_out(root, journal)
    claimed = journal.hashes() if disturbed else {}
    if not disturbed:
        finish(root, journal)
    return True, claimed


def _apply(root: Path, work: Work) -> Journal:
    staging = f".gen-{secrets.token_hex(8)}"
    try:
        journal = stage(root, staging, work)
    except OSError as fault:
        shutil.rmtree(root / staging, ignore_errors=True)
        reason = fault.strerror or str(fault)
        raise refused(
            "OUT022", f"cannot write: {reason}", root, "nothing was changed; make room and run again"
        ) from None
    except BaseException:
        shutil.rmtree(root / staging, ignore_errors=True)
        raise
    try:
        disturbed = carry_out(root, journal)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        hint = "remove the cause and run generate again: it finishes the work"
        raise refused("OUT023", f"interrupted while replacing files: {reason}", root, hint) from None
    if disturbed:
        raise refused("OUT024", f"{disturbed[0]} was changed during the run", root, "run generate again")
    finish(root, journal)
    return journal


def _verify(root: Path, lock: Lock, journal: Journal) -> None:
    """Read everything again: what the lock says must be what the disk gives back.

    Whole trees were read before they were moved.
    """
    moved = journal.new_hashes or {}
    wanted = {path: entry.sha256 for path, entry in lock.files.items() if path not in moved}
    if read_journal(root) is not None or scan(root, wanted).hashes != wanted:
        raise misread(root)


def _in_the_way(root: Path, plan: _Plan, overwrite_edited: bool) -> RefusedError:
    found = []
    for path in sorted(plan.foreign)[:_SHOWN]:
        hint = "it is in no lock: move it away, or generate into another folder"
        found.append(Diagnostic("OUT004", "a file that is not ours stands here", Location(f"{root}/{path}"), hint))
    for path in sorted(plan.edited)[: 0 if overwrite_edited else _SHOWN]:
        hint = "restore it, or give --overwrite-edited to replace it and keep a copy as .orig"
        found.append(Diagnostic("OUT005", "a generated file was edited by hand", Location(f"{root}/{path}"), hint))
    return RefusedError(*found)


def _rescue(root: Path, path: str) -> str:
    """Keep a copy of an edited file beside it under a name that is free."""
    number = 0
    while os.path.lexists(root / (copy := f"{path}.orig{number or ''}")):
        number += 1
    write_synced(root / copy, (root / path).read_bytes())
    return copy


def _make_root(root: Path) -> list[Path]:
    """Make the output folder; give the folders that were made, deepest first, to take back after a failure."""
    made: list[Path] = []
    missing = root
    while not missing.exists():
        made.append(missing)
        missing = missing.parent
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise unwritable(root, fault) from None
    return made


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # the run succeeded: the folder holds its files


def replace_file(path: Path, data: bytes) -> None:
    """Put one file in place whole: a kill leaves the old one or the new one."""
    temporary = path.with_name(f"{_OURS}{path.name}.{secrets.token_hex(4)}")
    try:
        for left in path.parent.glob(f"{_OURS}{glob.escape(path.name)}.????????"):
            # Not of a run that is under way: those last for moments.
            if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                left.unlink(missing_ok=True)
        write_synced(temporary, data)
        os.replace(temporary, path)
        sync_folder(path.parent)
    except OSError as fault:
        raise unwritable(path.parent, fault) from None
    finally:
        temporary.unlink(missing_ok=True)
