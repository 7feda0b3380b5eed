"""The shape of formatted Python: its paragraphs with every name and string taken out.

Two paragraphs of one shape have the same syntax tree but for names and constants. The words that a judge wants to
tell apart are kept, and so is every keyword.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterator
from functools import lru_cache

_ESCAPED_END = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
_WORDS = re.compile(r"([^\W\d]\w*)")
_BRACKETS = ("()", "[]", "{}")
_KEYWORDS_FOLLOW = "*,"
"""In a signature: at least one argument has to stand behind it, whatever stood before."""


def words_to_keep(words: Collection[str]) -> frozenset[str]:
    """Give the words that a shape shows: those of a judge, and what is part of the syntax."""
    return frozenset((*words, *keyword.kwlist, *keyword.softkwlist, "b"))


def paragraphs(code: str) -> Iterator[str]:
    """Give every paragraph, which is what stands between blank lines, without the contents of strings.

    Strings stand in double quotes, which no string holds as such, and end on their line; a string of another kind or
    with a prefix but b is taken for no string at all, and what is left of it is no Python. A quote in a comment pairs
    with one on its own line or with none.

    Raises:
        ValueError: A double quote opens no such string.
    """
    pieces = code.split('"')
    contents = pieces[1::2]
    # Few modules hold an escape: where there is none, no string has to be looked at by itself.
    opened = "\\" in code and any(map(_ESCAPED_END.search, contents))
    if len(pieces) % 2 == 0 or opened or "\n" in "".join(contents):
        raise ValueError("a string does not end on its line")
    for paragraph in '""'.join(pieces[::2]).split("\n\n"):
        if body := paragraph.strip("\n"):
            yield body


def shape(paragraph: str, kept: Collection[str]) -> str:
    """Give the shape of a paragraph: a letter for every name but those to keep, and no line for a repetition."""
    parts = _WORDS.split(paragraph)
    parts[1::2] = [word if word in kept else "x" for word in parts[1::2]]
    return _reduced("".join(parts))


@lru_cache(maxsize=4096)
def _reduced(paragraph: str) -> str:
    """Leave out each line that stands already in its run of equally indented, complete lines.

    Whether a class has two fields or twenty makes no other shape. Such lines are statements of one block or members of
    one bracket, and what holds for one holds for its twin.
    """
    lines: list[str] = []
    run: set[str] = set()
    indent = -1
    for line in paragraph.split("\n"):
        width = len(line) - len(line.lstrip(" "))
        complete = all(line.count(pair[0]) == line.count(pair[1]) for pair in _BRACKETS) and line[-1:] != ":"
        if width != indent or not complete or line.strip() == _KEYWORDS_FOLLOW:
            run.clear()
        if complete and line in run:
            continue
        run.add(line)
        indent = width if complete else -1
        lines.append(line)
    return "\n".join(lines)
