"""How names are spelled in Python: Kiota's snake case, its reserved words, and types that hold good names only.

`ModuleName`, `ClassName` and `MemberName` are strings that are valid, normalised identifiers and no keywords, whatever
text they are made from; everything that goes into generated code as a name is one of them, so text from a
description cannot become code.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import quote

from typing_extensions import Self

from graphslice.api import naming

RESERVED = frozenset(
    {
        "and",
        "as",
        "assert",
        "async",
        "await",
        "break",
        "class",
        "continue",
        "def",
        "del",
        "elif",
        "else",
        "except",
        "finally",
        "false",
        "for",
        "from",
        "global",
        "if",
        "import",
        "in",
        "is",
        "lambda",
        "nonlocal",
        "none",
        "not",
        "or",
        "pass",
        "raise",
        "return",
        "true",
        "try",
        "with",
        "while",
        "yield",
        "dict",
        "list",
        "property",
        "baserequestbuilder",
        "multipartbody",
    }
)
"""Lower-cased words that get a trailing underscore, whatever their case."""
STORED_MEMBERS = frozenset(
    {
        "additionaldata",
        "additional_data",
        "backingstore",
        "backing_store",
        "serialize",
        "getfielddeserializers",
        "get_field_deserializers",
    }
)
"""Lower-cased names that models and builders have already; a member of such a name gets `Property` appended."""
WINDOWS_DEVICES = frozenset(
    {
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{dev}{n}" for n in range(1, 10) for dev in ("com", "lpt")),
    }
)
IGNORED_FOLDERS = frozenset(
    {
        "build",
        "dist",
        "downloads",
        "eggs",
        "env",
        "instance",
        "lib",
        "lib64",
        "parts",
        "sdist",
        "target",
        "var",
        "venv",
        "wheels",
    }
)
"""Folder names that widely used .gitignore files for Python leave out of a repository."""

_WORD_START = re.compile(r"(?<=[^_])(?=[A-Z])")
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""What an identifier may hold although nobody sees it."""
_MARK = re.compile(r"\W")
_ENCODED = re.compile(r"%[0-9A-F]{2}")
_CAMEL_SEPARATORS = "-.~"


# ------------------------------------------------------------------------------------------------ name types


def _identifier(text: str) -> str:
    """Give the nearest identifier to a text: normalised as the compiler does, without characters that it refuses."""
    if text.isascii() and text.isidentifier():
        return f"{text}_" if keyword.iskeyword(text) else text
    normal = unicodedata.normalize("NFKC", text)
    name = "".join(ch for ch in normal if ("_" + ch).isidentifier() and not _INVISIBLE.match(ch))
    if not any(ch.isalnum() or ch == "_" for ch in name):
        # nothing, or marks that stand on a character that was refused
        name = "".join(f"u{ord(ch):04x}" for ch in normal) or "_"
    if not name.isidentifier():
        name = f"_{name}"
    # Without the characters in between, others may meet that are one in the compiler's eyes.
    name = unicodedata.normalize("NFKC", name)
    return f"{name}_" if keyword.iskeyword(name) else name


class ModuleName(str):
    """The name of a module or package folder; never one that Windows keeps for devices."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Make the nearest module name to the text."""
        # A mark on a letter is a character of a name, but not of every tool's paths.
        name = _MARK.sub("", _identifier(text)) or "_"
        return super().__new__(cls, f"{name}_" if name.lower() in WINDOWS_DEVICES else name)


class ClassName(str):
    """The name of a class."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Make the nearest class name to the text."""
        return super().__new__(cls, _identifier(text))


class MemberName(str):
    """The name of an attribute, method or argument."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Make the nearest member name to the text."""
        return super().__new__(cls, _identifier(text))


# -------------------------------------------------------------------------------------------------- spelling


@lru_cache(maxsize=1 << 16)
def snake(text: str) -> str:
    """Spell a name in Kiota's snake case: every capital starts a word (`URL` gives `u_r_l`), digits never do."""
    text = text.partition("<")[0]
    if text.isascii() and "-" not in text:
        return _WORD_START.sub("_", text).lower()
    return _spelled(text)


def _spelled(text: str) -> str:
    out = [text[:1].lower()]
    for i in range(1, len(text)):
        ch = text[i]
        if ch == "-":
            if not text[i + 1 : i + 2].isupper():
                out.append("_")
        elif ch.isupper():
            if text[i - 1] != "_":
                out.append("_")
            out.append(ch.lower())
        else:
            out.append(ch)
    return "".join(out)


def escape(text: str) -> str:
    """Append an underscore to a reserved word, whatever its case."""
    return f"{text}_" if text.lower() in RESERVED else text


def escape_stored(text: str) -> str:
    """Append `Property` to the names that every model has already."""
    return f"{text}Property" if text.lower() in STORED_MEMBERS else text


@lru_cache(maxsize=1 << 16)
def folder(dom_segment: str) -> ModuleName:
    """Spell a namespace segment as a folder."""
    return ModuleName(snake(escape(naming.shorten(dom_segment))))


_RENAMED = {"guid": "Uuid"}
"""Of the schemas called like a type word, the one whose class Kiota renames to something that works."""


@lru_cache(maxsize=1 << 16)
def class_name(dom_name: str) -> ClassName:
    """Spell a raw class name."""
    name = naming.first_upper(dom_name)
    return ClassName(escape(naming.shorten(_RENAMED.get(name.lower(), name))))


@lru_cache(maxsize=1 << 16)
def module_of(class_name: str) -> ModuleName:
    """Give the module that holds a class."""
    return ModuleName(snake(class_name))


def navigation_member(name: str) -> MemberName:
    """Spell the property or method that leads to a child builder; `name` is `api.naming.navigation_name`."""
    return MemberName(snake(naming.first_lower(escape(escape_stored(name)))))


def index_method(segment: str) -> MemberName:
    """Spell the method that leads to an index: `{message-id}` gives `by_message_id`."""
    return MemberName(snake(f"By{naming.first_upper(naming.index_name(segment))}"))


def index_argument(segment: str) -> MemberName:
    """Spell the argument of an index method; a keyword gets an underscore."""
    return argument(naming.index_name(segment))


def argument(dom_name: str) -> MemberName:
    """Spell an argument; it never hides `self`."""
    name = snake(dom_name)
    return MemberName(f"{name}_" if name == "self" else name)


@lru_cache(maxsize=1 << 16)
def symbol_of_parameter(wire_name: str) -> str:
    """Give the raw Python-side name of a query or embedded path parameter (`$filter` gives `filter`)."""
    joined = naming.camel_join(wire_name, _CAMEL_SEPARATORS)
    return _ENCODED.sub("", quote(joined, safe="")) or naming.clean_symbols(wire_name)


def embedded_argument(wire_name: str) -> MemberName:
    """Spell the argument of a parameter embedded in a segment."""
    return argument(symbol_of_parameter(wire_name))


def query_field(symbol: str) -> str:
    """Escape the raw field name of a query parameter, in the order that Kiota has: reserved words before snake case."""
    return naming.first_lower(escape(symbol))


def unique(name: str, taken: Collection[str]) -> str:
    """Append 0, 1, ... to a name until nothing taken (lower-cased names) equals it, ignoring case."""
    if name.lower() not in taken:
        return name
    number = 0
    while f"{name}{number}".lower() in taken:
        number += 1
    return f"{name}{number}"
