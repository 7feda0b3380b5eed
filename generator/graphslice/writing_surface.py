"""The public surface of a rendered client as text: what a reviewer reads and what the brake compares.

One line a class, ``module.Class(Base) at {template}``, and below it, indented, one a public member. It is taken from
the rendered source line by line. That is exact here and only here: the source is our own, formatted by one pinned
formatter, and texts of a description stand in docstrings, which are no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_CLASS = re.compile(r"class ([A-Za-z]\w*)(?:\((.*?)\))?:", re.S)
_TEMPLATE = re.compile(r'\n    _template = ("[^\n]*"|\(\n.*?\n    \))', re.S)
_SPACE = re.compile(r"\s+")
_DEF = re.compile(r"(?:async )?def ([A-Za-z]\w*)\((.*)\)(?: -> (.+))?:")
_NESTED = re.compile(r"class ([A-Za-z]\w*)")
_FIELD = re.compile(r"([A-Za-z]\w*)(: [^=]+?)?( = .+)?$")
_INDENT = "    "
_STATEMENT = re.compile(r"\n    ([A-Za-z@][^\n]*)")
_CLOSING = f"\n{_INDENT})"


def module_blocks(path: str, code: str) -> list[str]:
    """Give the lines of each public class of a module as one text, sorted by code point.

    `code` has no docstrings, or stand-ins for them: their text could look like code.
    """
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    blocks = []
    for match in _top_classes(code):
        # Two blank lines stand between classes and never inside of one.
        end = code.find("\n\n\n", match.end())
        body = code[match.end() : end if end >= 0 else len(code)]
        template = _TEMPLATE.search(body)
        place = f" at {_joined(template[1])}" if template else ""
        members = "".join(sorted(f"{_INDENT}{line}\n" for line in set(_members(body))))
        blocks.append(f"{module}.{match[1]}({_flat(match[2] or '')}){place}\n{members}")
    return sorted(blocks)


def _top_classes(code: str) -> Iterator[re.Match[str]]:
    """Find classes at the left margin; what only type checkers see is no surface of its own."""
    start = 0 if code.startswith("class ") else code.find("\nclass ") + 1
    while start > 0 or code.startswith("class ", start):
        match = _CLASS.match(code, start)
        if match:
            yield match
        following = code.find("\nclass ", start + 1)
        if following < 0:
            return
        start = following + 1


def _members(body: str) -> Iterator[str]:
    """Give the public statements of a class body, each on one line."""
    is_property = False
    for match in _STATEMENT.finditer(body):
        text = match[1]
        if text[0] == "@":
            is_property = is_property or text.startswith("@property")
            continue
        if text.endswith("("):
            # The formatter put each argument, or each part of a value, on a line of its own.
            end = body.index(_CLOSING, match.end())
            inner = " ".join([line.strip() for line in body[match.end() : end].split("\n")[1:]])
            text += inner.rstrip(",") + body[end + len(_INDENT) + 1 :].partition("\n")[0]
        if shown := _member(text, is_property):
            yield shown
        is_property = False


def _member(text: str, is_property: bool) -> str:
    if match := _DEF.match(text):
        name, arguments, result = match.groups()
        if is_property:
            return f"{name}: {result}"
        return f"{name}({arguments}) -> {result}" if result else f"{name}({arguments})"
    if match := _NESTED.match(text):
        return match[1]
    match = _FIELD.match(text)
    return text if match and (match[2] or match[3]) else ""


def _flat(text: str) -> str:
    return _SPACE.sub(" ", text).strip().rstrip(",")


def _joined(literal: str) -> str:
    """Join the pieces of a string literal that the formatter wrapped, without its quotes."""
    return "".join(re.findall(r'"([^"\n]*)"', literal))


@dataclass(frozen=True)
class Entry:
    """One line of a surface: a class, or a member with the line of its class."""

    line: str
    owner: str

    @cached_property
    def name(self) -> str:
        """The dotted name."""
        own = re.split(r"[(: ]", self.line, maxsplit=1)[0]
        return f"{Entry(self.owner, '').name}.{own}" if self.owner else own

    @cached_property
    def path(self) -> str:
        """The URL path of a request builder or of a member's builder, as a slice file spells it; else empty."""
        _, found, template = (self.owner or self.line).partition(") at {+baseurl}")
        if not found:
            return ""
        plain = re.sub(r"\{[?&].*$", "", template)
        return re.sub(r"%([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), plain)


def entries(surface: str) -> list[Entry]:
    """Read a surface back."""
    found: list[Entry] = []
    owner = ""
    for line in surface.splitlines():
        if line.startswith(_INDENT):
            found.append(Entry(line.strip(), owner))
        else:
            owner = line
            found.append(Entry(line, ""))
    return found
