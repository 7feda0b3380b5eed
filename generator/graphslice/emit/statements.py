"""The statements of a module that do not fit on their line.

Templates and views lay code out as the formatter would, but for one thing: they do not count columns. So a statement
stands on one line, or a bracket holds one member a line, and only where a line is too long there is work left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LINE_LENGTH = 120
_INDENT = 4
_OPENING = ("(", "[", "{")
_CLOSING = (")", "]", "}")
_HEADERS = ("class ", "def ", "async def ")
_FRAME = "if x:\n"
_BODY = "pass\n"


@dataclass(frozen=True, slots=True)
class Span:
    """The lines of one statement: from `start` up to, but without, `end`."""

    start: int
    end: int


def long_statements(lines: Sequence[str]) -> Iterator[Span]:
    """Find each statement with a line that is too long, in order and apart from each other."""
    covered = 0
    for number in [number for number, length in enumerate(map(len, lines)) if length > LINE_LENGTH]:
        if number >= covered:
            span = _statement(lines, number)
            covered = span.end
            yield span


def framed(statement: str) -> str:
    """Make a statement a module of its own, as deep as it stands."""
    depth = _margin(statement) // _INDENT
    frame = "".join(f"{' ' * _INDENT * level}{_FRAME}" for level in range(depth))
    text = f"{frame}{statement}\n"
    bare = statement.lstrip()
    if bare.startswith("@"):
        text += f"{' ' * _INDENT * depth}def x():\n"
    if bare.startswith((*_HEADERS, "@")):
        text += f"{' ' * _INDENT * (depth + 1)}{_BODY}"
    return text


def unframed(text: str, statement: str) -> str:
    """Take a statement out of its module again; `statement` is what was framed."""
    lines = text.strip("\n").split("\n")
    bare = statement.lstrip()
    above = _margin(statement) // _INDENT
    below = bare.startswith((*_HEADERS, "@")) + bare.startswith("@")
    return "\n".join(lines[above : len(lines) - below]).strip("\n")


def _statement(lines: Sequence[str], number: int) -> Span:
    start = number
    if lines[number].endswith(","):
        # A member of a bracket, which may stand in another.
        while (above := _line_above(lines, start)) is not None and lines[above].endswith(_OPENING):
            start = above
    end = number + 1
    if lines[start].endswith(_OPENING):
        # A bracket ends with the first line that stands as far left as the one that opened it.
        margin = _margin(lines[start])
        while _margin(lines[end]) != margin or not lines[end].lstrip().startswith(_CLOSING):
            end += 1
        end += 1
    return Span(start, end)


def _line_above(lines: Sequence[str], number: int) -> int | None:
    """Give the nearest line above that stands further left."""
    margin = _margin(lines[number])
    return next((at for at in range(number - 1, -1, -1) if lines[at] and _margin(lines[at]) < margin), None)


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
