"""The error for an expansion without end: it has to show where the paths come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from graphslice.diagnostics import GraphsliceError, error

MAX_DEPTH = 100
"""Segments of a path; the deepest of Microsoft Graph has 18, and only cycles get here."""


def grows(paths: Iterable[str], limit: int) -> GraphsliceError:
    """Make the error that names the prefixes below which most paths were found."""
    known = list(paths)
    shown = ", ".join(f"{prefix}/** ({count:,})" for prefix, count in _heaviest(known))
    message = f"the patterns reach more than {limit:,} paths"
    if len(known) <= limit:
        message = f"a path of more than {MAX_DEPTH} segments: navigation goes round in circles"
    return error(
        "SLICE010",
        f"{message}; most lie below {shown}",
        hint="exclude what you do not need there (-e), include less (-i), or raise the limit (path_limit)",
    )


def _heaviest(paths: list[str]) -> list[tuple[str, int]]:
    """Give up to three prefixes: as deep as each still holds at least half of what its parent holds."""
    counts: Counter[str] = Counter()
    for path in paths:
        end = path.find("/", 1)
        while end > 0:
            counts[path[:end]] += 1
            end = path.find("/", end + 1)
    found: dict[str, int] = {}
    for root, count in sorted((entry for entry in counts.items() if entry[0].count("/") == 1), key=_weight)[:3]:
        prefix = root
        while True:
            below = [
                e for e in counts.items() if e[0].startswith(f"{prefix}/") and e[0].count("/") == prefix.count("/") + 1
            ]
            best = min(below, key=_weight, default=None)
            if best is None or best[1] * 2 < count:
                break
            prefix, count = best
        found[prefix] = count
    return list(found.items())


def _weight(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]
