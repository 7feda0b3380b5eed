"""Finds the line of a JSON pointer, after the fact.

Lines are needed for diagnostics only, so the readers keep none. JSON is walked with the scanner of the standard
library, which skips a sibling at the speed of C; YAML is read once more as events.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import yaml

_SPACE = re.compile(r"[ \t\r\n]*")
_Trie = dict[str, Any]


def escape(key: str) -> str:
    """Spell a key as a part of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def unescape(part: str) -> str:
    """Undo `escape`."""
    return part.replace("~1", "/").replace("~0", "~") if "~" in part else part


def lines_of(text: str, pointers: Iterable[str]) -> dict[str, int]:
    """The 1-based line at which the value of each pointer starts; of its nearest ancestor when it is not there."""
    trie: _Trie = {}
    for pointer in pointers:
        branch = trie
        for part in pointer.split("/")[1:]:
            branch = branch.setdefault(unescape(part), {})
        branch.setdefault("\0", []).append(pointer)
    found: dict[str, int] = {}
    try:
        if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
            _JsonWalk(text, found).value(_skip(text, 0), trie)
        else:
            _YamlWalk(text, found).run(trie)
    except (ValueError, yaml.YAMLError, RecursionError, StopIteration):
        pass
    return found


def _mark(trie: _Trie, line: int, found: dict[str, int]) -> None:
    """Give the line to what is asked for here and, until something better is seen, to everything below."""
    for key, branch in trie.items():
        if key == "\0":
            found.update(dict.fromkeys(branch, line))
        else:
            _mark(branch, line, found)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


class _JsonWalk:
    """Walks JSON text towards the pointers of a trie."""

    def __init__(self, text: str, found: dict[str, int]) -> None:
        self._text = text
        self._found = found
        self._decoder = json.JSONDecoder()
        self._counted = (0, 1)

    def _line(self, at: int) -> int:
        start, line = self._counted
        self._counted = (at, line + self._text.count("\n", start, at))
        return self._counted[1]

    def value(self, at: int, trie: _Trie) -> int:
        """Walk the value at an offset and give the offset after it."""
        _mark(trie, self._line(at), self._found)
        wanted = any(key != "\0" for key in trie)
        if not wanted or self._text[at] not in "{[":
            return self._decoder.raw_decode(self._text, at)[1]
        in_object = self._text[at] == "{"
        at = _skip(self._text, at + 1)
        index = 0
        while self._text[at] not in "}]":
            key = str(index)
            if in_object:
                key, at = self._decoder.raw_decode(self._text, at)
                at = _skip(self._text, _skip(self._text, at) + 1)
            at = self.value(at, trie[key]) if key in trie else self._decoder.raw_decode(self._text, at)[1]
            at = _skip(self._text, at)
            if self._text[at] == ",":
                at = _skip(self._text, at + 1)
            index += 1
        return at + 1


class _YamlWalk:
    """Walks YAML events towards the pointers of a trie; what stands behind an alias keeps the alias's line."""

    def __init__(self, text: str, found: dict[str, int]) -> None:
        self._loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        self._found = found

    def run(self, trie: _Trie) -> None:
        """Walk the first document."""
        self._loader.get_event()
        self._loader.get_event()
        self._value(self._loader.get_event(), trie, None)

    def _value(self, event: Any, trie: _Trie, line: int | None) -> None:
        if trie:
            _mark(trie, line or _line(event), self._found)
        if isinstance(event, yaml.MappingStartEvent):
            while not isinstance(key := self._loader.get_event(), yaml.MappingEndEvent):
                if not isinstance(key, (yaml.ScalarEvent, yaml.AliasEvent)):
                    raise ValueError("a key is no scalar")
                branch = trie.get(getattr(key, "value", ""), {}) if trie else trie
                self._value(self._loader.get_event(), branch, _line(key))
        elif isinstance(event, yaml.SequenceStartEvent):
            index = 0
            while not isinstance(item := self._loader.get_event(), yaml.SequenceEndEvent):
                self._value(item, trie.get(str(index), {}) if trie else trie, None)
                index += 1


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
