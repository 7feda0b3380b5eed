"""The shape of formatted Python: its paragraphs with every name, string and comment taken out.

Two paragraphs of one shape have the same syntax tree but for names and constants. The words that a judge wants to
tell apart are kept, and so is every keyword.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterator
from functools import lru_cache

# The formatter writes strings in double quotes only; a string of another kind, or with a prefix but b, is taken for
# no string at all, and what is left of it is no Python. Comments are found in the same pass: each could hold the other.
_TEXTS = re.compile(
    r'((?:"(?:""[^"\\]*(?:(?:\\.|""?(?!"))[^"\\]*)*"""|[^"\\\n]*(?:\\.[^"\\\n]*)*")|#[^\n]*))',
    re.DOTALL,
)
_WORDS = re.compile(r"([^\W\d]\w*)")
_BRACKETS = ("()", "[]", "{}")
_KEYWORDS_FOLLOW = "*,"
"""In a signature: at least one argument has to stand behind it, whatever stood before."""


def words_to_keep(words: Collection[str]) -> frozenset[str]:
    """Give the words that a shape shows: those of a judge, and what is part of the syntax."""
    return frozenset((*words, *keyword.kwlist, *keyword.softkwlist, "b"))


def paragraphs(text: str) -> Iterator[str]:
    """Give every paragraph, which is what stands between blank lines, without strings' contents and comments."""
    pieces = _TEXTS.split(text)
    pieces[1::2] = ['""' if found[0] == '"' else "" for found in pieces[1::2]]
    for paragraph in "".join(pieces).split("\n\n"):
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
