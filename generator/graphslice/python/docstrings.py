r"""Docstrings from descriptions: the only door by which prose becomes source text.

Descriptions are untrusted, and hostile until proved otherwise: a line separator, a backslash, a run of quotes or a
quote at the end must not end the string, bidirectional marks must not change what a reader sees. The text comes out
as ASCII without one backslash but ``\uXXXX`` (which pydocstyle takes in a docstring that is not raw), wrapped
here because no formatter wraps docstrings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .literals import LINE_LENGTH

_QUOTES = '"""'
# Controls and format characters say nothing in prose; what separates lines or words becomes a blank before this runs.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SENTENCE_END = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!etc)[.!?]['\")\]]?(?=\s+[A-Z0-9`'\"(\[])")
_SPECIAL = re.compile(r'\\|"(?=")|^"|"$|[^\x20-\x7e]', re.MULTILINE)
_NAME = re.compile(r"[`'(\[]*[A-Za-z_][\w.-]{0,500}[`'\]),.:;]*", re.ASCII)
_ENDINGS = (".", "!", "?")
_SECTIONS = frozenset(
    (
        *("args", "arguments", "attention", "attributes", "caution", "danger", "error", "example", "examples", "hint"),
        *("important", "keyword args", "keyword arguments", "methods", "note", "notes", "other args", "parameters"),
        *("other arguments", "other parameters", "raises", "receives", "references", "return", "returns", "see also"),
        *("extended summary", "short summary", "tip", "todo", "warning", "warnings", "warns", "yield", "yields"),
    )
)


@lru_cache(maxsize=8192)
def docstring(
    text: str,
    *,
    indent: int = 4,
    fallback: str = "",
    args: Sequence[tuple[str, str]] = (),
    returns: str = "",
    raises: Sequence[tuple[str, str]] = (),
) -> str:
    """Give a whole docstring, quotes included, for a place `indent` columns to the right.

    The first line carries no indentation (the template has it), all others do. `text` may be any description: its
    first sentence becomes the summary line, paragraphs stay apart, `fallback` is used where nothing is left of it.
    `args` and `raises` are (name, description), a tuple of tuples; names are code, descriptions are prose.
    """
    blocks = _blocks(text, indent) or _blocks(fallback, indent)
    if not blocks:
        raise ValueError("a docstring needs text or a fallback")
    if args:
        blocks.append(_section("Args:", args, indent))
    if returns:
        blocks.append(["Returns:", *_wrap(prose(returns), indent + 4, "    ")])
    if raises:
        blocks.append(_section("Raises:", raises, indent))
    lines = [line for block in blocks for line in ("", *block)][1:]
    if len(lines) == 1:
        return f"{_QUOTES}{lines[0]}{_QUOTES}"
    margin = " " * indent
    body = "".join(f"\n{margin}{line}" if line else "\n" for line in lines[1:])
    return f"{_QUOTES}{lines[0]}{body}\n{margin}{_QUOTES}"


def prose(text: str) -> str:
    """Bring a description to plain words with single blanks and line feeds between paragraphs only."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = _INVISIBLE.sub("", _LINE_BREAKS.sub("\n", text))
    return "\n".join(filter(None, (" ".join(part.split()) for part in _PARAGRAPH.split(text))))


def sentence(text: str) -> str:
    """Give the first sentence of a description, with an upper-case start and a full stop, or an empty string."""
    words = prose(text).partition("\n")[0]
    end = _SENTENCE_END.search(words)
    return _finished(words[: end.end()] if end else words)


def escaped(text: str) -> str:
    r"""Escape prose for the inside of a docstring.

    Security: every piece of text inside generated docstrings passes here. A backslash never survives as such, so the
    text cannot escape anything; no two quotes stand side by side and none stands at an edge of a line, so it cannot
    close the string.
    """
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        # By far the most prose has nothing to escape.
        return text
    return _SPECIAL.sub(_unicode_escape, text)


def _blocks(text: str, indent: int) -> list[list[str]]:
    words = prose(text)
    if not words:
        return []
    room = LINE_LENGTH - indent - 2 * len(_QUOTES)
    if len(words) < room and "\n" not in words and not _inner_end(words):
        # Most texts are one short sentence.
        summary = escaped(_finished(words))
        if len(summary) <= room:
            return [[summary]]
    head, _, rest = words.partition("\n")
    end = _SENTENCE_END.search(head)
    first, tail = (head[: end.end()], head[end.end() :].strip()) if end else (head, "")
    summary = escaped(_finished(first))
    paragraphs = [part for part in (tail, *rest.split("\n")) if part]
    if len(summary) > room:
        # A summary has one line (D205): its start stands there, and all of it again below.
        summary = _cut(_capital(first), room)
        paragraphs = [part for part in (head, *rest.split("\n")) if part]
    return [[summary], *(_wrap(part, indent, "") for part in paragraphs)]


def _inner_end(words: str) -> bool:
    """Tell whether a sentence might end before the last character."""
    last = len(words) - 1
    return words.find(".", 0, last) >= 0 or words.find("!", 0, last) >= 0 or words.find("?", 0, last) >= 0


def _section(title: str, items: Sequence[tuple[str, str]], indent: int) -> list[str]:
    lines = [title]
    for name, description in items:
        wrapped = _wrap(f"{name}: {prose(description) or name}", indent + 4, "    ", "        ")
        lines.extend(wrapped)
    return lines


def _wrap(text: str, indent: int, first: str, later: str | None = None) -> list[str]:
    later = first if later is None else later
    room = LINE_LENGTH - indent - len(later) + len(first)
    flat = escaped(text.replace("\n", " "))
    if len(flat) <= room:
        return [first + _no_section(flat, first)]
    lines: list[str] = []
    current = ""
    for word in _words(text, room):
        piece = escaped(word)
        if current and len(current) + 1 + len(piece) > room:
            lines.append(current)
            current = piece
        else:
            current = f"{current} {piece}" if current else piece
    lines.append(current)
    return [(later if number else first) + _no_section(line, first) for number, line in enumerate(lines)]


def _words(text: str, room: int) -> list[str]:
    """Split into words; one that fits on no line is cut, unless it is a link or a name, which are found whole only."""
    words: list[str] = []
    for word in text.split():
        if len(word) * 6 <= room or len(escaped(word)) <= room or word.startswith("https://") or _NAME.fullmatch(word):
            words.append(word)
        else:
            # Six columns are the most that one character of the basic plane takes once escaped; ten beyond it.
            size = room // 10
            words.extend(word[at : at + size] for at in range(0, len(word), size))
    return words


def _no_section(line: str, margin: str) -> str:
    # A line that is nothing but a section's name would be read as that section by documentation tools.
    bare = line.rstrip(":").lower()
    return f"({line.rstrip(':')})" if not margin and bare in _SECTIONS else line


def _cut(text: str, room: int) -> str:
    kept = ""
    for word in text.split(" "):
        longer = f"{kept} {word}" if kept else word
        if len(escaped(longer)) > room - 3:
            break
        kept = longer
    return escaped(kept.rstrip(" ,;:.") or text[: (room - 3) // 10]) + "..."


def _finished(text: str) -> str:
    text = _capital(text)
    if not text or text.endswith(_ENDINGS):
        return text
    return text.rstrip(" ,;:") + "."


def _capital(text: str) -> str:
    # Only a plain word is touched: `displayName` or `iOS` at the start of a sentence is a name.
    first = text.partition(" ")[0].rstrip(",.:;")
    return text[:1].upper() + text[1:] if first.isascii() and first.isalpha() and first.islower() else text


def _unicode_escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
