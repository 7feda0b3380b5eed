"""The journal of a run that replaces files: enough to finish it after a kill at any moment.

Everything new is staged and on the disk before the journal is. From then on the run can only be completed: by
itself, or by the next one, which decides by hashes what is still to do. Nothing that somebody else wrote since is lost.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graphslice.lock import check_path, digest, refused

JOURNAL = ".gen-journal.json"
_STAGING = re.compile(r"\.gen-[0-9a-f]{8,32}\Z")
_MANY = 64


@dataclass(frozen=True, slots=True)
class Step:
    """One file: staged under `staged`, to stand at `path` in place of the bytes with hash `old` (None: nothing).

    Without `staged` the file is removed.
    """

    path: str
    old: str | None
    new: str | None = None
    staged: str = ""


@dataclass(frozen=True, slots=True)
class Journal:
    """What a run is about to do, in order; the last step is the lock."""

    staging: str
    trees: tuple[str, ...]
    """Top folders that do not exist yet and are moved into place whole."""
    steps: tuple[Step, ...]
    emptied: tuple[str, ...] = ()
    """Folders that the generator made and that may have become empty, deepest first."""
    new_hashes: Mapping[str, str] | None = None
    """Hashes of the files that arrive inside `trees`."""

    def hashes(self) -> dict[str, set[str]]:
        """Give for each path the hashes that belong to us while the run is unfinished."""
        owned: dict[str, set[str]] = {}
        for step in self.steps:
            owned.setdefault(step.path, set()).update(h for h in (step.old, step.new) if h)
        for path, new in (self.new_hashes or {}).items():
            owned.setdefault(path, set()).add(new)
        return owned


def write_journal(root: Path, journal: Journal) -> None:
    """Put the journal on the disk; from here on the run is finished, not undone."""
    content = {
        "staging": journal.staging,
        "trees": list(journal.trees),
        "steps": [[s.path, s.old, s.new, s.staged] for s in journal.steps],
        "emptied": list(journal.emptied),
        "new_hashes": dict(journal.new_hashes or {}),
    }
    body = json.dumps(content, sort_keys=True)
    text = json.dumps({"self": digest(body.encode()), "journal": content}, sort_keys=True)
    temporary = root / journal.staging / "journal"
    write_synced(temporary, text.encode())
    os.replace(temporary, root / JOURNAL)
    sync_folder(root)


def read_journal(root: Path) -> Journal | None:
    """Read the journal of an interrupted run; None if the last run ended as it should.

    Raises:
        RefusedError: It is there, but no run can have written it.
    """
    path = root / JOURNAL
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as fault:
        raise refused("OUT031", f"the journal cannot be read: {fault}", path, "remove it and generate again") from None
    try:
        outer = json.loads(text)
        content = outer["journal"]
        if outer["self"] != digest(json.dumps(content, sort_keys=True).encode()):
            raise ValueError
        journal = Journal(
            staging=content["staging"],
            trees=tuple(content["trees"]),
            steps=tuple(Step(*step) for step in content["steps"]),
            emptied=tuple(content["emptied"]),
            new_hashes=content["new_hashes"],
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise refused("OUT031", "the journal is damaged", path, "remove it and generate again") from None
    _check(journal, path)
    return journal


def _check(journal: Journal, path: Path) -> None:
    if not _STAGING.match(journal.staging):
        raise refused("OUT031", "the journal names a strange staging folder", path, "remove it and generate again")
    for step in journal.steps:
        check_path(step.path, path)
        if step.staged and not step.staged.isdigit():
            raise refused("OUT031", "the journal names a strange file", path, "remove it and generate again")
    for name in (*journal.trees, *journal.emptied, *(journal.new_hashes or ())):
        check_path(name, path)


def carry_out(root: Path, journal: Journal) -> list[str]:
    """Do what the journal says as far as it is not done; give the paths that somebody else changed meanwhile."""
    staging = root / journal.staging
    disturbed = [tree for tree in journal.trees if not _move_tree(staging / "tree" / tree, root / tree)]
    touched: dict[str, None] = {"": None}
    for step in journal.steps:
        target = root / step.path
        present = _hash(target)
        if present == step.new:
            continue
        if present is not None and present != step.old:
            disturbed.append(step.path)
        elif step.new is None:
            target.unlink()
        elif not _replace(staging / step.staged, target):
            disturbed.append(step.path)
        touched[step.path.rpartition("/")[0]] = None
    for folder in journal.emptied:
        _remove_empty(root / folder)
    for folder in touched if len(touched) <= _MANY else ("",):
        sync_folder(root / folder)
    return disturbed


def finish(root: Path, journal: Journal) -> None:
    """Forget the run: everything stands where it belongs."""
    (root / JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(root / journal.staging, ignore_errors=True)


def remove_stagings(root: Path) -> None:
    """Remove what runs left that were killed before they had a journal; only while the folder is held."""
    for entry in os.scandir(root):
        if _STAGING.match(entry.name) and entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)


def _move_tree(staged: Path, target: Path) -> bool:
    if target.exists():
        return not staged.exists()
    try:
        os.rename(staged, target)
    except OSError:
        return False
    return True


def _replace(staged: Path, target: Path) -> bool:
    if not staged.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(staged, target)
    return True


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # not empty: somebody keeps something there


def _hash(path: Path) -> str | None:
    try:
        return digest(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_synced(path: Path, data: bytes) -> None:
    """Write a new file and wait until the disk has it."""
    with open(path, "xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has a folder's entries; systems that cannot do it need not."""
    try:
        handle = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)
