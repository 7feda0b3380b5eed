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
from graphslice.writing_surface import Entry, entries

_SHOWN = 12


def brake(wanted: Slice, old: Lock | None, new_surface: bytes, accept: Sequence[str]) -> None:
    """Compare the surface on the disk with the new one.

    Raises:
        RefusedError: More than `max_loss` of it would go, or something that is relied upon, and nobody accepted it.
    """
    present = _present(wanted.output / f"{wanted.package}.api.txt", old)
    if present is None:
        return
    before = entries(present)
    kept = {entry.name for entry in entries(new_surface.decode("utf-8"))}
    open_losses = [entry for entry in before if entry.name not in kept and not _matches(entry, accept)]
    found = [
        Diagnostic(
            "OUT041",
            f"{entry.path or entry.name} would be lost, and the slice relies on it",
            Location(wanted.name or wanted.package),
            f"give --accept {entry.name} if it is meant",
        )
        for entry in open_losses
        if _matches(entry, wanted.relied_upon)
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


def _too_much(wanted: Slice, before: Sequence[Entry], lost: Sequence[Entry]) -> Diagnostic:
    share = 100 * len(lost) / len(before)
    examples = ", ".join(entry.name.rpartition(".")[2] for entry in lost[:5])
    return Diagnostic(
        "OUT040",
        f"{len(lost)} of {len(before)} lines of the surface would be lost ({share:.0f} %): {examples}, ...",
        Location(wanted.name or wanted.package),
        f"see them with diff; give --accept '*' if it is meant (the limit is {wanted.max_loss:.0%})",
    )


def _matches(entry: Entry, patterns: Sequence[str]) -> bool:
    """Match a dotted name or its end, or a URL path with ``#VERB``."""
    for pattern in patterns:
        if pattern.startswith("/"):
            if _path_matches(entry, pattern):
                return True
        elif fnmatchcase(entry.name, pattern) or fnmatchcase(entry.name, f"*.{pattern}"):
            return True
    return False


def _path_matches(entry: Entry, pattern: str) -> bool:
    path, _, verbs = pattern.partition("#")
    if verbs and entry.owner and entry.name.rpartition(".")[2].upper() not in verbs.upper().split(","):
        return False
    return bool(entry.path) and fnmatchcase(entry.path, path.replace("**", "*"))
