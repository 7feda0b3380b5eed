"""Media types: which of them a client can write and read as models, and how they are written in headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

STANDARD = (
    "application/json",
    "text/plain;q=0.9",
    "application/x-www-form-urlencoded;q=0.2",
    "multipart/form-data;q=0.1",
)
MULTIPART = "multipart/form-data"
_SAFE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?\Z")
_VENDOR = re.compile(r"/[^+]*\+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One content entry: its key as written, and its schema's raw text if it has one."""

    key: str
    raw: Mapping[str, Any]
    pointer: str

    @property
    def has_schema(self) -> bool:
        """Whether it says anything about the value."""
        return isinstance(self.raw.get("schema"), (dict, bool))


class MediaTypes:
    """The structured types of a run, by weight."""

    def __init__(self, listed: Iterable[str] = STANDARD) -> None:
        """Take the types with their ``q``; 1 when they have none."""
        self._weights: dict[str, float] = {}
        for one in listed or STANDARD:
            kind, parameters = _cut(one)
            weight = next((_number(value) for key, value in parameters if key == "q"), 1.0)
            self._weights.setdefault(kind.lower(), weight)

    def weight(self, key: str) -> float | None:
        """The weight of a content key; None when it is not structured."""
        kind = _cut(key)[0].lower()
        found = self._weights.get(kind)
        return self._weights.get(_VENDOR.sub("/", kind, count=1)) if found is None else found

    def is_structured(self, key: str) -> bool:
        """Whether values of this type are written and read as models or plain values."""
        return self.weight(key) is not None

    def lists(self, key: str) -> bool:
        """Whether the key is literally one of the listed types."""
        return key.lower() in self._weights

    def best(self, keys: Iterable[str]) -> str:
        """The preferred one of some structured keys, as it is sent."""
        ordered = sorted(keys, reverse=True)
        return normalised(max(ordered, key=lambda key: self.weight(key) or 0.0))

    def accepted(self, key: str) -> str:
        """The key as a part of an Accept header, with its weight."""
        weight = self.weight(key)
        text = normalised(key)
        return text if weight is None or weight >= 1 else f"{text};q={weight:g}"


def _cut(key: str) -> tuple[str, list[tuple[str, str]]]:
    kind, *parameters = (part.strip() for part in key.split(";"))
    pairs = [part.partition("=") for part in parameters if part]
    return kind, [(name.strip(), value.strip()) for name, _, value in pairs]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0


def normalised(key: str) -> str:
    """The key without blanks around its parameters, and without ``q``."""
    kind, parameters = _cut(key)
    return ";".join([kind, *(f"{name}={value}" if value else name for name, value in parameters if name != "q")])


def without_parameters(key: str) -> str:
    """The bare type."""
    return _cut(key)[0]


def is_safe(key: str) -> bool:
    """Whether the key can stand in a header."""
    return _SAFE.match(key) is not None


def joined(parts: Iterable[str]) -> str:
    """An Accept header of some parts, each once."""
    return ", ".join(dict.fromkeys(parts))
