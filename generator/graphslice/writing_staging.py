"""Puts everything new on the disk beside the old, and the journal that says what to do with it.

Nothing of it is seen before the journal stands: whole new trees are moved into place, single files take the place of
old ones.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graphslice.diagnostics import RefusedError
from graphslice.journal import Journal, Step, sync_folder, write_journal, write_synced
from graphslice.lock import digest, refused

_SYNC_EACH = 64  # above it one sync of the whole system is faster than one a file


@dataclass(frozen=True, slots=True)
class Work:
    """What a run changes."""

    files: Mapping[str, bytes]
    hashes: Mapping[str, str]
    """The hash of each file."""
    write: Mapping[str, str | None]
    """Path to the hash that is replaced."""
    remove: Mapping[str, str]
    lock: tuple[str, str | None, bytes]
    """Name of the lock, the hash that is replaced, and its text."""
    folders: frozenset[str]
    """The top folders that exist."""


def stage(root: Path, staging: str, work: Work) -> Journal:
    """Write everything new below the staging folder, wait for the disk, then write the journal."""
    base = root / staging
    base.mkdir()
    fresh = sorted({path.split("/")[0] for path in work.write if "/" in path} - work.folders)
    each = len(work.write) <= _SYNC_EACH or not hasattr(os, "sync")
    steps: list[Step] = []
    inside: dict[str, str] = {}
    made: set[str] = set()
    for path in sorted(work.write):
        if "/" in path and path.split("/")[0] in fresh:
            inside[path] = work.hashes[path]
            _make_folder(f"{base}/tree", path.rpartition("/")[0], made)
            _put(f"{base}/tree/{path}", work.files[path], each)
        else:
            steps.append(Step(path, work.write[path], work.hashes[path], str(len(steps))))
            _put(f"{base}/{steps[-1].staged}", work.files[path], each)
    steps += [Step(path, work.remove[path]) for path in sorted(work.remove)]
    name, before, text = work.lock
    steps.append(Step(name, before, digest(text), str(len(steps))))
    _put(f"{base}/{steps[-1].staged}", text, True)
    _settle(root, base, inside, wait=not each)
    journal = Journal(staging, tuple(fresh), tuple(steps), _emptied(work.remove), inside)
    write_journal(root, journal)
    return journal


def _settle(root: Path, base: Path, inside: Mapping[str, str], *, wait: bool) -> None:
    """Wait until the disk has everything, and meanwhile read new trees back: they are moved as they are."""
    waiting = threading.Thread(target=os.sync) if wait else None
    if waiting is not None:
        waiting.start()
    try:
        for path, wanted in inside.items():
            with open(f"{base}/tree/{path}", "rb", buffering=0) as file:
                if digest(file.read()) != wanted:
                    raise misread(root)
    finally:
        if waiting is not None:
            waiting.join()
    sync_folder(base)


def misread(root: Path) -> RefusedError:
    """Build the error for a disk that does not give back what it was given."""
    return refused("OUT025", "what was written does not read back the same", root, "check the disk, then run again")


def _make_folder(base: str, folder: str, made: set[str]) -> None:
    """Make a folder with those above it; `made` are the ones that stand already."""
    if folder in made:
        return
    made.add(folder)
    if folder:
        _make_folder(base, folder.rpartition("/")[0], made)
    os.mkdir(f"{base}/{folder}")


def _put(path: str, data: bytes, sync: bool) -> None:
    if sync:
        write_synced(Path(path), data)
        return
    with open(path, "xb", buffering=0) as file:
        file.write(data)


def _emptied(removed: Mapping[str, str]) -> tuple[str, ...]:
    folders: set[str] = set()
    for path in removed:
        folder = path.rpartition("/")[0]
        while folder:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return tuple(sorted(folders, key=lambda folder: (-folder.count("/"), folder)))
