"""Docstrings, set aside while code is formatted and judged.

Half of a client is prose that has its final form: `python/docstrings` wraps it, and no formatter does. What formats and
what judges code needs to see only that a docstring stands in a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graphslice.diagnostics import GraphsliceError, Location, error

_QUOTES = '"""'
_STAND_IN = f"{_QUOTES}x{_QUOTES}"


@dataclass(frozen=True, slots=True)
class Parted:
    """A module whose docstrings stand apart: in `code` each is one letter, in `docstrings` its text, in order."""

    code: str
    docstrings: tuple[str, ...]


def part(path: str, text: str) -> Parted:
    """Take the docstrings out of a module; an error names what could be no docstring.

    Cutting at each run of three quotes finds what Python would find only where no text holds such a run, or a
    backslash before its end: text that does was not written by the one function that writes docstrings.
    """
    pieces = text.split(_QUOTES)
    docstrings = pieces[1::2]
    if len(pieces) % 2 == 0:
        raise _refused(path, "a docstring has no end")
    for found in docstrings:
        if found.endswith("\\"):
            raise _refused(path, "a backslash stands at the end of a docstring")
    prose = "".join(docstrings)
    if not prose.isascii() or "\r" in prose or "\0" in prose:
        raise _refused(path, "a docstring holds a character that is not escaped")
    return Parted(_STAND_IN.join(pieces[::2]), tuple(docstrings))


def whole(path: str, code: str, docstrings: Sequence[str]) -> str:
    """Put the docstrings of a module back into its code, which may have been laid out anew meanwhile."""
    pieces = code.split(_STAND_IN)
    if len(pieces) != len(docstrings) + 1:
        raise _refused(path, "a docstring was lost when it was formatted")
    texts = [""] * (2 * len(pieces) - 1)
    texts[::2] = pieces
    texts[1::2] = [f"{_QUOTES}{text}{_QUOTES}" for text in docstrings]
    return "".join(texts)


def _refused(path: str, reason: str) -> GraphsliceError:
    return error(
        "OUT011",
        f"the generated module was refused: {reason}",
        Location(path),
        "a fault of graphslice: please report it with the description; nothing was written",
    )
