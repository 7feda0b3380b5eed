"""JSON and YAML text to plain values: strict where a lenient reader would guess.

YAML follows the core schema of YAML 1.2 (`no`, `on` and dates are strings) and knows no tags beyond it. Both refuse
duplicate keys, which most readers resolve by silently keeping the last one. Places are found again only
when a diagnostic needs one (`graphslice.openapi.places`), so that a clean description pays nothing for them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import yaml

from graphslice.diagnostics import GraphsliceError, Location, error

MAX_BYTES = 128 * 1024 * 1024
MAX_DEPTH = 100
MAX_ALIASES = 1_000
MAX_NODES = 20_000_000
_READABLE = 1e300

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_CORE = "tag:yaml.org,2002:"
_KINDS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": lambda text: int(text, 0) if text[:2] in ("0x", "0o") else int(text),
    "float": lambda text: Written(text),
    "bool": lambda text: bool(_WORDS[text]),
    "null": lambda text: None,
}


class Written(float):
    """A number that remembers its digits: among the values of an enum, 6.50 is another text than 6.5."""

    __slots__ = ("digits",)

    def __new__(cls, text: str) -> Written:
        """Read the number."""
        made = super().__new__(cls, text)
        made.digits = format(Decimal(text), "f") if abs(made) < _READABLE else repr(float(made))
        return made

    digits: str


def digits_of(number: float) -> str:
    """The number as text, with the digits that were written and without an exponent."""
    return number.digits if isinstance(number, Written) else format(Decimal(repr(number)), "f")


def plain_numbers(value: Any) -> Any:
    """Give a value whose numbers are plain ones, which is all that other libraries take; shares parts without any."""
    if isinstance(value, Written):
        return float(value)
    if isinstance(value, dict):
        changed = {key: new for key, one in value.items() if (new := plain_numbers(one)) is not one}
        return {**value, **changed} if changed else value
    if isinstance(value, list):
        items = [plain_numbers(one) for one in value]
        return items if any(new is not one for new, one in zip(items, value, strict=True)) else value
    return value


def parse(data: bytes, name: str) -> Any:
    """Read one document; `name` is the file as the user named it."""
    if len(data) > MAX_BYTES:
        raise error(
            "OAS001", f"the description has {len(data):,} bytes", Location(name), f"at most {MAX_BYTES:,} are read"
        )
    text = decode(data, name)
    if text.lstrip()[:1] in ("{", "[") and not name.endswith((".yaml", ".yml")):
        return _json(text, name)
    return YamlBuilder(text, name).build()


def decode(data: bytes, name: str) -> str:
    """Bytes to text: UTF-8, or UTF-16 with its mark."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise error(
            "OAS002", "the description is not UTF-8 text", Location(name, line), "save the file as UTF-8"
        ) from None


def _json(text: str, name: str) -> Any:
    def refuse_constant(word: str) -> Any:
        line = text.count("\n", 0, max(text.find(word), 0)) + 1
        raise error("OAS003", f"{word} is not JSON", Location(name, line), "write a number or null")

    def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise _DuplicateKeyError
        return members

    try:
        return json.loads(
            text, object_pairs_hook=refuse_duplicates, parse_constant=refuse_constant, parse_float=Written
        )
    except _DuplicateKeyError:
        YamlBuilder(text, name).build()
        raise error("OAS004", "a key stands twice in one object", Location(name), "keep one of them") from None
    except json.JSONDecodeError as fault:
        hint = "check the commas and quotes around this place"
        raise error(
            "OAS005", f"not JSON: {fault.msg}, column {fault.colno}", Location(name, fault.lineno), hint
        ) from None
    except RecursionError:
        raise _too_deep(Location(name)) from None
    except ValueError as fault:
        raise error("OAS005", f"not JSON: {fault}", Location(name), "write numbers of a usual size") from None


class _DuplicateKeyError(Exception):
    """Raised inside the JSON scanner, where the place is not known."""


def _too_deep(where: Location) -> GraphsliceError:
    return error(
        "OAS006",
        f"values nest deeper than {MAX_DEPTH} levels",
        where,
        "move inner parts to components and refer to them",
    )


class YamlBuilder:
    """Builds plain values from YAML events and counts what it builds, so that aliases cannot explode."""

    def __init__(self, text: str, name: str) -> None:
        """Keep the text; nothing is read before `build`."""
        self._name = name
        self._text = text
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._open: set[str] = set()
        self._aliases = 0
        self._nodes = 0

    def build(self) -> Any:
        """Give the one document of the text."""
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(self._text)
        self._next: Callable[[], Any] = loader.get_event
        try:
            self._next()
            if not isinstance(self._next(), yaml.DocumentStartEvent):
                raise error("OAS007", "the description is empty", Location(self._name), "give an OpenAPI document")
            value, _ = self._value(self._next(), 0)
            self._next()
            end = self._next()
            if not isinstance(end, yaml.StreamEndEvent):
                raise error("OAS008", "the file holds several YAML documents", self._place(end), "keep one")
        except yaml.MarkedYAMLError as fault:
            line = fault.problem_mark.line + 1 if fault.problem_mark else 0
            message = f"not YAML: {fault.problem or fault.context}"
            raise error("OAS005", message, Location(self._name, line), "check indentation and quotes there") from None
        except yaml.YAMLError as fault:
            raise error(
                "OAS005", f"not YAML: {str(fault).splitlines()[0]}", Location(self._name), "remove control characters"
            ) from None
        finally:
            loader.dispose()
        return value

    def _place(self, event: Any) -> Location:
        return Location(self._name, event.start_mark.line + 1)

    def _value(self, event: Any, depth: int) -> tuple[Any, int]:
        """The value that starts at `event`, and how many nodes it would have with its aliases written out."""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if depth > MAX_DEPTH:
            raise _too_deep(self._place(event))
        anchor = event.anchor
        if anchor:
            self._open.add(anchor)
        if isinstance(event, yaml.ScalarEvent):
            value, size = self._scalar(event), 1
        elif isinstance(event, yaml.MappingStartEvent):
            value, size = self._mapping(event, depth)
        else:
            value, size = self._sequence(event, depth)
        if anchor:
            self._open.discard(anchor)
            self._anchors[anchor] = (value, size)
        return value, size

    def _alias(self, event: Any) -> tuple[Any, int]:
        self._aliases += 1
        if event.anchor in self._open:
            raise error(
                "OAS009",
                f"alias *{event.anchor} stands inside its own anchor",
                self._place(event),
                "use $ref for recursion",
            )
        if event.anchor not in self._anchors:
            raise error(
                "OAS009",
                f"alias *{event.anchor} has no anchor before it",
                self._place(event),
                "define the anchor first",
            )
        if self._aliases > MAX_ALIASES:
            raise error(
                "OAS010", f"more than {MAX_ALIASES} aliases", self._place(event), "use $ref to components instead"
            )
        return self._anchors[event.anchor]

    def _count(self, size: int, event: Any) -> int:
        if size > MAX_NODES:
            raise error(
                "OAS010", "the aliases expand to an absurd size", self._place(event), "use $ref to components instead"
            )
        return size

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.tag and event.tag != "!":
            kind = event.tag.removeprefix(_CORE)
            if kind not in _KINDS or kind == event.tag:
                raise error("OAS011", f"tag {event.tag} is not allowed", self._place(event), "remove the tag")
            try:
                return _KINDS[kind](text)
            except (ValueError, KeyError):
                raise error(
                    "OAS011", f"{text!r} is no {kind}", self._place(event), "correct the tag or the value"
                ) from None
        return text if event.style or event.tag == "!" else _plain(text)

    def _mapping(self, event: Any, depth: int) -> tuple[dict[str, Any], int]:
        self._refuse_tag(event, "map")
        members: dict[str, Any] = {}
        merged: list[Any] = []
        size = 1
        while not isinstance(key := self._next(), yaml.MappingEndEvent):
            if isinstance(key, yaml.AliasEvent):
                name, _ = self._alias(key)
            elif isinstance(key, yaml.ScalarEvent):
                name = key.value
                if key.anchor:
                    self._anchors[key.anchor] = (name, 1)
            else:
                name = None
            if not isinstance(name, str):
                raise error("OAS012", "a key is not text", self._place(key), "write a plain or quoted word")
            value, inner = self._value(self._next(), depth + 1)
            size = self._count(size + inner, event)
            if name == "<<" and isinstance(key, yaml.ScalarEvent) and not key.style:
                merged.extend(value if isinstance(value, list) else [value])
            elif name in members:
                raise error("OAS004", f"key {name!r} stands twice in one object", self._place(key), "keep one of them")
            else:
                members[name] = value
        for other in merged:
            if isinstance(other, dict):
                members = {**other, **members}
        return members, size

    def _sequence(self, event: Any, depth: int) -> tuple[list[Any], int]:
        self._refuse_tag(event, "seq")
        items: list[Any] = []
        size = 1
        while not isinstance(item := self._next(), yaml.SequenceEndEvent):
            value, inner = self._value(item, depth + 1)
            size = self._count(size + inner, event)
            items.append(value)
        return items, size

    def _refuse_tag(self, event: Any, kind: str) -> None:
        if event.tag and event.tag not in ("!", _CORE + kind):
            raise error("OAS011", f"tag {event.tag} is not allowed", self._place(event), "remove the tag")


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first.isdigit() or first in "-+.":
        if _INTEGER.match(text) and len(text) < 4_000:
            return int(text)
        if _OCTAL.match(text) or _HEX.match(text):
            return int(text, 0)
        if _FLOAT.match(text):
            value = Written(text)
            return value if value not in (float("inf"), float("-inf")) else text
    return text
