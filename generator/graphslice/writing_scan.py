"""What stands on the disk where files are wanted: hashes of regular files, and everything that must stop a run."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from graphslice.diagnostics import Diagnostic, Location, RefusedError, error
from graphslice.lock import digest, refused

CACHE = "__pycache__"


@dataclass(frozen=True, slots=True)
class Disk:
    """The regular files at the asked paths by hash, and the top folders that exist."""

    hashes: dict[str, str]
    folders: frozenset[str]


def check_root(root: Path) -> None:
    """Refuse output folders in which a generator has no business.

    Raises:
        GraphsliceError: It is a file.
        RefusedError: It is a symlink, the file system's root, the home folder or a repository's root.
    """
    where = Location(str(root))
    if root.is_symlink():
        raise refused("OUT001", "the output folder is a symbolic link", root, "name the folder itself")
    if root.exists() and not root.is_dir():
        raise error("OUT020", "the output folder is a file", where, "name a folder")
    absolute = root.absolute()
    resolved = Path(os.path.normpath(absolute))
    homes = {Path(os.path.normpath(Path.home()))} if os.environ.get("HOME") or os.name == "nt" else set()
    if resolved == Path(resolved.anchor) or resolved in homes or os.path.lexists(root / ".git"):
        raise refused(
            "OUT002", "the output folder is a root, a home or a repository", root, "name a folder inside of it"
        )


def scan(root: Path, paths: Collection[str]) -> Disk:
    """Hash the files at `paths`; follow no link and descend only where a path leads."""
    wanted: dict[str, list[str]] = {}
    folders = {""}
    for path in paths:
        folder, _, name = path.rpartition("/")
        wanted.setdefault(folder, []).append(name)
        while folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    hashes: dict[str, str] = {}
    existing: set[str] = set()
    _descend(root, "", wanted, folders, hashes, existing)
    return Disk(hashes, frozenset(existing))


def _descend(
    root: Path,
    top: str,
    wanted: dict[str, list[str]],
    folders: set[str],
    hashes: dict[str, str],
    existing: set[str],
) -> None:
    base = str(root)
    pending = [top]
    while pending:
        folder = pending.pop()
        try:
            entries = {entry.name: entry for entry in os.scandir(f"{base}/{folder}" if folder else base)}
        except FileNotFoundError:
            continue
        except OSError as fault:
            raise refused("OUT021", f"cannot read: {fault.strerror}", root / folder, "check its permissions") from None
        existing.add(folder)
        prefix = f"{folder}/" if folder else ""
        for name in wanted.get(folder, ()):
            entry = entries.get(name)
            if entry is not None:
                hashes[prefix + name] = _hash(entry, root / (prefix + name))
        for name in entries:
            if prefix + name in folders:
                if not entries[name].is_dir(follow_symlinks=False):
                    hint = "remove it, or generate into another folder"
                    raise refused(
                        "OUT003", "a link or file stands where a folder is needed", root / prefix / name, hint
                    )
                pending.append(prefix + name)


def _hash(entry: os.DirEntry[str], path: Path) -> str:
    if not entry.is_file(follow_symlinks=False):
        hint = "remove it, or generate into another folder"
        raise RefusedError(
            Diagnostic("OUT003", "a link or folder stands where a file is needed", Location(str(path)), hint)
        )
    try:
        with open(entry.path, "rb") as file:
            return digest(file.read())
    except OSError as fault:
        raise refused("OUT021", f"cannot read: {fault.strerror}", path, "check its permissions") from None


def files_below(root: Path, folder: str) -> Iterator[str]:
    """Give every file below a folder, as paths relative to the root; compiled files are nobody's."""
    for here, names, files in os.walk(root / folder):
        names[:] = sorted(name for name in names if name != CACHE)
        relative = Path(here).relative_to(root).as_posix()
        for name in sorted(files):
            yield f"{relative}/{name}"
