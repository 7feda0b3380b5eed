"""Values that fit a JSON schema, made from the description itself: what a caller of a described service would send.

Knows nothing of the generator but how references are followed. The same schema always gives the same value.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Any

from graphslice.openapi.documents import Document, Library

if sys.version_info >= (3, 11):
    from re import _parser as regex
else:
    import sre_parse as regex

_DEEPEST = 8
_WHERE = "x-where"
_OPTIONAL = 3
_FORMATS = {
    "date-time": "2026-01-31T12:30:00Z",
    "date": "2026-01-31",
    "time": "12:30:00Z",
    "duration": "PT1H30M",
    "uuid": "9f0c1a52-1d2b-4c3d-8e4f-5a6b7c8d9e0f",
    "uri": "https://example.com/a",
    "url": "https://example.com/a",
    "uri-reference": "https://example.com/a",
    "email": "a@example.com",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "dGV4dHVh",
    "binary": "text",
}

_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": (int, float),
    "number": (int, float),
}


class Samples:
    """Makes values for the schemas of one description."""

    def __init__(self, library: Library) -> None:
        """Follow references as the library does."""
        self._library = library

    def follow(self, document: Document, raw: Any) -> tuple[Document, Any]:
        """Give what a value refers to, with the file that it stands in."""
        for _ in range(20):
            if not (isinstance(raw, dict) and isinstance(raw.get("$ref"), str)):
                break
            found = self._library.find(raw.get(_WHERE, document), raw["$ref"], "")
            if found is None:
                return document, {}
            document, raw = found.document, found.value
        return document, raw

    def value(self, document: Document, raw: Any, depth: int = 0) -> Any:
        """Give a value that fits a schema."""
        document, raw = self.follow(document, raw)
        if not isinstance(raw, dict) or depth > _DEEPEST:
            return "text" if depth <= _DEEPEST else None
        document = raw.get(_WHERE, document)
        raw = _merged(self._parts(document, raw))
        if "const" in raw:
            return raw["const"]
        for listed in (raw.get("enum"), [raw["default"]] if "default" in raw else None):
            told = [one for one in listed if self._could_be(raw, one)] if isinstance(listed, list) else []
            if told:
                return told[0]
        for word in ("oneOf", "anyOf"):
            if isinstance(raw.get(word), list) and raw[word]:
                return self._one_of(document, raw, raw[word], depth)
        return self._plain(document, raw, depth)

    def _could_be(self, raw: Mapping[str, Any], value: Any) -> bool:
        kind = raw.get("type")
        return value is not None and (not isinstance(kind, str) or isinstance(value, _KINDS.get(kind, object)))

    def fits(self, document: Document, raw: Any, value: Any, depth: int = 0) -> bool:
        """Whether a value has the kinds that a schema asks for, as deep as it goes."""
        document, raw = self.follow(document, raw)
        if not isinstance(raw, dict) or depth > 30:
            return True
        for word in ("oneOf", "anyOf"):
            if raw.get(word) and not any(self.fits(document, one, value, depth + 1) for one in raw[word]):
                return False
        if not all(self.fits(document, one, value, depth + 1) for one in raw.get("allOf") or ()):
            return False
        types = raw.get("type", "object" if "properties" in raw else None)
        if value is None:
            return types in (None, "null") or raw.get("nullable") is True or "null" in (types or ())
        kinds = [types] if isinstance(types, str) else types or []
        if kinds and not any(isinstance(value, _KINDS.get(one, object)) for one in kinds):
            return False
        if isinstance(value, list):
            return all(self.fits(document, raw.get("items", {}), one, depth + 1) for one in value)
        properties = raw.get("properties") if isinstance(value, dict) else None
        return all(
            self.fits(document, inner, value[name], depth + 1)
            for name, inner in (properties or {}).items()
            if name in value
        )

    def _parts(self, document: Document, raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Give a schema and all that its `allOf` adds; references of other files are made to stand for themselves."""
        own = {key: one for key, one in raw.items() if key != "allOf"}
        parts = [own]
        for part in raw.get("allOf") or ():
            where, inner = self.follow(document, part)
            if isinstance(inner, dict):
                parts += [_placed(one, where) for one in self._parts(where, inner)]
        return parts

    def _one_of(self, document: Document, raw: Mapping[str, Any], branches: list[Any], depth: int) -> Any:
        rest = {key: one for key, one in raw.items() if key not in ("oneOf", "anyOf")}
        chosen = next((one for one in branches if self.follow(document, one)[1].get("type") != "null"), branches[0])
        where, inner = self.follow(document, chosen)
        if not isinstance(inner, dict) or not {"properties", "required", "additionalProperties"} & set(rest):
            return self.value(where, inner, depth + 1)
        both = _merged([rest, _placed(inner, where)])
        return self.value(document, both, depth + 1)

    def _plain(self, document: Document, raw: Mapping[str, Any], depth: int) -> Any:
        types = raw.get("type")
        kinds = [one for one in types if one != "null"] if isinstance(types, list) else [types]
        kind = kinds[0] if kinds else "null"
        if kind == "object" or "properties" in raw:
            return self._object(document, raw, depth)
        if kind == "array" or "items" in raw:
            least = max(int(raw.get("minItems") or 0), 0 if raw.get("maxItems") == 0 else 1)
            item = self.value(document, raw.get("items", {}), depth + 1)
            return [] if item is None else [item] * least
        if kind in ("integer", "number"):
            return _number(raw, whole=kind == "integer")
        if kind == "boolean":
            return True
        return None if kind == "null" else _text(raw)

    def _object(self, document: Document, raw: Mapping[str, Any], depth: int) -> dict[str, Any]:
        required = raw.get("required")
        needed = [one for one in required if isinstance(one, str)] if isinstance(required, list) else []
        properties = raw.get("properties") or {}
        made: dict[str, Any] = {}
        optional = 0
        for name, inner in properties.items():
            where, schema = self.follow(document, inner)
            read_only = isinstance(schema, dict) and schema.get("readOnly") is True
            if name not in needed:
                optional += 1
            if read_only or (name not in needed and (optional > _OPTIONAL or depth > 2)):
                continue
            value = self.value(where, schema, depth + 1)
            if value is not None or name in needed:
                made[name] = value
        for name in needed:
            if name not in properties:
                made[name] = "text"
        if not properties and raw.get("minProperties"):
            made["key"] = self.value(document, raw.get("additionalProperties") or {}, depth + 1)
        return made


def _placed(raw: Mapping[str, Any], where: Document) -> dict[str, Any]:
    """Note in each part of a schema which file its references mean."""
    placed: dict[str, Any] = {_WHERE: where, **raw}
    for word in ("oneOf", "anyOf"):
        if isinstance(raw.get(word), list):
            placed[word] = [{_WHERE: where, **one} if isinstance(one, dict) else one for one in raw[word]]
    if isinstance(raw.get("items"), dict):
        placed["items"] = {_WHERE: where, **raw["items"]}
    if isinstance(raw.get("properties"), dict):
        placed["properties"] = {
            name: {_WHERE: where, **one} if isinstance(one, dict) else one for name, one in raw["properties"].items()
        }
    return placed


def _merged(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            held = merged.get(key)
            if key == "properties" and isinstance(held, dict) and isinstance(value, dict):
                merged[key] = {**held, **value}
            elif key == "required" and isinstance(held, list) and isinstance(value, list):
                merged[key] = [*held, *value]
            else:
                merged.setdefault(key, value)
    return merged


def _number(raw: Mapping[str, Any], *, whole: bool) -> float:
    least = raw.get("minimum")
    exclusive = raw.get("exclusiveMinimum")
    step = raw.get("multipleOf") or 1
    value: float = 1
    if isinstance(exclusive, (int, float)) and not isinstance(exclusive, bool):
        value = max(value, exclusive + 1)
    if isinstance(least, (int, float)):
        value = max(value, least + (1 if exclusive is True else 0))
    if isinstance(raw.get("maximum"), (int, float)):
        value = min(value, raw["maximum"])
    if value % step:
        value = (value // step + 1) * step
    return int(value) if whole else value


def _text(raw: Mapping[str, Any]) -> str:
    pattern = raw.get("pattern")
    if isinstance(pattern, str):
        try:
            return fitting(pattern)
        except (re.error, ValueError, OverflowError):
            return "text"
    text = _FORMATS.get(str(raw.get("format")), "text")
    least, most = raw.get("minLength"), raw.get("maxLength")
    if isinstance(least, int) and len(text) < least:
        text = text + "x" * (least - len(text))
    return text[:most] if isinstance(most, int) and most else text


def fitting(pattern: str) -> str:
    """Give a short text that a regular expression matches."""
    return _spelled(regex.parse(pattern))


def _spelled(nodes: Any) -> str:
    return "".join(_one(str(kind), argument) for kind, argument in nodes)


def _one(kind: str, argument: Any) -> str:
    if kind in ("LITERAL",):
        return chr(argument)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = argument
        return _spelled(inner) * (least or min(1, int(most)))
    if kind == "SUBPATTERN":
        return _spelled(argument[-1])
    if kind == "BRANCH":
        return _spelled(next((one for one in argument[1] if len(one)), argument[1][0]))
    if kind == "IN":
        return _member(argument)
    if kind in ("ANY", "NOT_LITERAL"):
        return "x"
    if kind in ("AT", "ASSERT", "ASSERT_NOT"):
        return ""
    raise ValueError(kind)


def _member(choices: Any) -> str:
    if str(choices[0][0]) == "NEGATE":
        shut = {chr(one[1]) for one in choices if str(one[0]) == "LITERAL"}
        return next(sign for sign in "xyz0_-" if sign not in shut)
    for kind, argument in choices:
        if str(kind) == "LITERAL":
            return chr(argument)
        if str(kind) == "RANGE":
            return chr(argument[0])
        if str(kind) == "CATEGORY":
            return {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " "}.get(str(argument), "x")
    raise ValueError(choices)
