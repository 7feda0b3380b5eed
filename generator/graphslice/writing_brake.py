"""The brake: a run that would take much of the surface away from users stops until somebody says that it is meant.

A description that lost half of its paths by a mistake upstream is a valid description. What is lost is counted on the
client's own surface, so it does not matter whether the description, the slice or the generator took it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from graphslice.config import Slice
from graphslice.diagnostics import Diagnostic, Location, RefusedError
from graphslice.lock import Lock, digest
from graphslice.writing_surface import name_of, path_of

_SHOWN = 12


def brake(wanted: Slice, old: Lock | None, new_surface: bytes, accept: Sequence[str]) -> None:
    """Compare the surface on the disk with the new one.

    Raises:
        RefusedError: More than `max_loss` of it would go, or something that is relied upon, and nobody accepted it.
    """
    present = _present(wanted.output / f"{wanted.package}.api.txt", old)
    if present is None:
        return
    before, after = present.splitlines(), new_surface.decode("utf-8").splitlines()
    kept = set(map(name_of, after))
    lost = [line for line in before if name_of(line) not in kept]
    open_losses = [line for line in lost if not _matches(line, lost, accept)]
    found = [
        Diagnostic(
            "OUT041",
            f"{_shown(line)} would be lost, and the slice relies on it",
            Location(wanted.name or wanted.package),
            f"give --accept {name_of(line)} if it is meant",
        )
        for line in open_losses
        if _matches(line, before, wanted.relied_upon)
    ]
    if before and len(open_losses) > wanted.max_loss * len(before):
        found.append(_too_much(wanted, before, open_losses))
    if found:
        raise RefusedError(*found[-_SHOWN:])


def _present(path: Path, old: Lock | None) -> str | None:
    """Give the surface that users have now: the file, if it is the one that the lock knows."""
    entry = old.files.get(path.name) if old else None
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data.decode("utf-8", "replace") if entry and digest(data) == entry.sha256 else None


def _too_much(wanted: Slice, before: Sequence[str], lost: Sequence[str]) -> Diagnostic:
    share = 100 * len(lost) / len(before)
    examples = ", ".join(name_of(line).rpartition(".")[2] for line in lost[:5])
    return Diagnostic(
        "OUT040",
        f"{len(lost)} of {len(before)} lines of the surface would be lost ({share:.0f} %): {examples}, ...",
        Location(wanted.name or wanted.package),
        f"see them with diff; give --accept '*' if it is meant (the limit is {wanted.max_loss:.0%})",
    )


def _matches(line: str, lines: Sequence[str], patterns: Sequence[str]) -> bool:
    """Match a dotted name or its end, or a URL path with ``#VERB``."""
    name = name_of(line)
    for pattern in patterns:
        if pattern.startswith("/"):
            if _path_matches(line, name, lines, pattern):
                return True
        elif fnmatchcase(name, pattern) or fnmatchcase(name, f"*.{pattern}"):
            return True
    return False


def _path_matches(line: str, name: str, lines: Sequence[str], pattern: str) -> bool:
    path, _, verbs = pattern.partition("#")
    glob = path.replace("**", "*")
    own = path_of(line)
    if own:
        return fnmatchcase(own, glob)
    owner, _, member = name.rpartition(".")
    if verbs and member.upper() not in verbs.upper().split(","):
        return False
    return any(other.startswith(f"{owner}(") and fnmatchcase(path_of(other), glob) for other in lines)


def _shown(line: str) -> str:
    return path_of(line) or name_of(line)
