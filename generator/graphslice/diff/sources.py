"""What can be compared: descriptions, slices, revisions of a slice in git, generated packages."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graphslice.api.model import ApiModel
from graphslice.config import Slice
from graphslice.diagnostics import Location, error
from graphslice.diff.changes import ordered
from graphslice.diff.client import Side
from graphslice.diff.compare import Difference, compare
from graphslice.diff.own import own_changes
from graphslice.diff.reading import read_both
from graphslice.diff.surface import Surface
from graphslice.diff.surface_source import Line
from graphslice.slice_file import load_slice

Read = Callable[[Slice], ApiModel]


@dataclass(frozen=True, slots=True)
class Source:
    """One side as it was named: a slice that can be read, or the folder of a generated package."""

    name: str
    wanted: Slice | None = None
    package: Path | None = None


def compare_sources(
    old: str, new: str, slice_path: Path | None, flags: Mapping[str, Any], read: Read
) -> tuple[Difference, Slice | None]:
    """Compare two sides; gives the difference and the newer slice, if there is one.

    Args:
        old: Description, slice file, git revision (``HEAD~1``, ``v1:metadata/a.toml``), package folder or its lock.
        new: The same.
        slice_path: The slice file of both sides where they name none.
        flags: Fields of a slice, where the sides are descriptions.
        read: How a slice is read.
    """
    with ExitStack() as stack:
        default = slice_path or next((Path(name) for name in (new, old) if _is_slice(name)), None)
        before, after = (stack.enter_context(_source(name, default, slice_path, flags)) for name in (old, new))
        if before.wanted is not None and after.wanted is not None:
            wanted = (before.wanted, _aligned(before.wanted, after.wanted))
            model, newer = read_both(*wanted, read, lambda model: Side(model, wanted[1]).prepared())
            return compare(Side(model, wanted[0]), newer), after.wanted
        surfaces = [_surface(source, read) for source in (before, after)]
        lines = [found for _, found in surfaces]
        differing = [("-", line) for line in lines[0] - lines[1]] + [("+", line) for line in lines[1] - lines[0]]
        changes = own_changes(sorted(differing, key=lambda entry: (entry[1], entry[0])), surfaces[1][0].has)
        return Difference(ordered(changes)), after.wanted or before.wanted


def _aligned(old: Slice, new: Slice) -> Slice:
    """Two bare descriptions are compared as one client, whatever their files are called."""
    return new if old.name or new.name else replace(new, package=old.package, class_name=old.class_name)


def _is_slice(name: str) -> bool:
    return name.endswith(".toml") and Path(name).is_file()


@contextmanager
def _source(name: str, default: Path | None, slice_path: Path | None, flags: Mapping[str, Any]) -> Iterator[Source]:
    path = Path(name)
    if _is_slice(name):
        yield Source(name, replace(load_slice(path), **flags))
    elif path.is_dir() or name.endswith(".lock.json"):
        yield Source(name, package=_package(path))
    elif path.is_file():
        base = load_slice(slice_path) if slice_path else Slice(description=name)
        yield Source(path.name, replace(base, description=name, **flags))
    else:
        with _checked_out(name, default) as wanted:
            yield Source(name, replace(wanted, **flags))


def _package(path: Path) -> Path:
    folder = path.with_name(path.name.removesuffix(".lock.json")) if path.name.endswith(".lock.json") else path
    if not (folder / "__init__.py").is_file():
        raise error("DIFF001", "no generated package", Location(str(path)), "name its folder or its lock")
    return folder


def _surface(source: Source, read: Read) -> tuple[Surface, frozenset[Line]]:
    if source.package is not None:
        return _package_surface(source.package)
    assert source.wanted is not None
    side = Side(read(source.wanted), source.wanted)
    return side.surface, frozenset(line for name in side.modules for line in side.surface.lines(name))


def _package_surface(folder: Path) -> tuple[Surface, frozenset[Line]]:
    def text(name: str) -> str | None:
        path = folder.joinpath(*name.split(".")).with_suffix(".py")
        return path.read_text(encoding="utf-8") if path.is_file() else None

    surface = Surface(text)
    found: set[Line] = set()
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder).with_suffix("").as_posix().replace("/", ".")
        if name.split(".")[0] == "_runtime" or path.name == "__init__.py":
            continue
        try:
            found |= surface.lines(name)
        except (SyntaxError, UnicodeDecodeError, ValueError):
            raise error(
                "DIFF002", "not a module that graphslice made", Location(str(path)), "generate it again"
            ) from None
    return surface, frozenset(found)


@contextmanager
def _checked_out(name: str, default: Path | None) -> Iterator[Slice]:
    """Read a slice and what it reads as they were at a revision."""
    revision, _, inside = name.partition(":")
    path = Path(inside) if inside else default
    if path is None or revision.startswith("-"):
        hint = "name a file, a folder or a git revision; a revision needs a slice file on the other side, or --slice"
        raise error("DIFF003", "neither a file nor a revision of a slice", Location(name), hint)
    top, below = (path.parent, "") if path.parent.is_dir() else (Path(), f"{path.parent.as_posix()}/")
    inside = _git(top, "rev-parse", "--show-prefix").decode("utf-8", "replace").strip() + below
    with tempfile.TemporaryDirectory(prefix="graphslice-") as temporary:
        tree = _Tree(top, revision, Path(temporary))
        tree.take(inside)
        place = Path(temporary) / inside / path.name
        if not place.is_file():
            hint = "write REVISION:FILE with the name that the slice had"
            raise error("DIFF004", f"git: no {place.relative_to(temporary).as_posix()} there", Location(name), hint)
        wanted = load_slice(place)
        for name in (wanted.description, *wanted.annotations):
            # What a description refers to stands in its folder or below it.
            tree.take(tree.folder_of(name), endings=() if name.endswith(_WITHOUT_PARTS) else _PARTS)
        yield wanted


_WITHOUT_PARTS = (".xml", ".csdl", ".edmx")
_PARTS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class _Tree:
    """The files of a revision, put below a folder as far as they are asked for."""

    repository: Path
    revision: str
    root: Path

    def folder_of(self, file: str) -> str:
        """Give a file's folder as git names it."""
        folder = os.path.relpath(os.path.dirname(file), self.root)
        return "" if folder == "." else f"{Path(folder).as_posix()}/"

    def take(self, folder: str, endings: tuple[str, ...] = ()) -> None:
        """Put the files of a folder in place, and those below it that end so; nothing outside of the repository."""
        if folder.startswith("../"):
            return
        # Without a folder the whole tree is meant.
        below = ["-r"] if endings else []
        listing = _git(
            self.repository, "ls-tree", *below, "--full-tree", "-z", self.revision, *([folder] if folder else [])
        )
        for line in filter(None, listing.decode("utf-8", "replace").split("\0")):
            facts, _, entry = line.partition("\t")
            target = self.root / entry
            direct = "/" not in entry.removeprefix(folder)
            if " blob " in facts and (direct or entry.endswith(endings)) and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(_git(self.repository, "show", f"{self.revision}:{entry}"))


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False, timeout=60)
    except FileNotFoundError:
        raise error("DIFF004", "git is not installed", hint="name files instead of revisions") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()
        hint = "check the revision, and that the slice existed there"
        raise error("DIFF004", f"git: {reason[-1] if reason else 'failed'}", Location(arguments[-1]), hint)
    return done.stdout
