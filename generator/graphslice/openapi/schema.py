"""Schemas as views over the parsed text: references followed, versions told apart, odd shapes made harmless.

A view knows whether it stands for a reference (`ref`) and what the target says; its members are views again, made
when first asked for. The same text reached in two places gives two views, so that every view has one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from graphslice.diagnostics import Location
from graphslice.openapi.documents import Document, Library
from graphslice.openapi.places import escape, unescape
from graphslice.openapi.text import digits_of

_ENUM_VALUES = (str, int, float, type(None))
_TYPES = {one: (one,) for one in ("string", "integer", "number", "boolean", "object", "array", "null")}


@dataclass(frozen=True, slots=True)
class Layer:
    """One reference on the way to a schema: where it stands, and what stands beside it."""

    document: Document
    pointer: str
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ref:
    """What a reference names first: the identity of a named schema, and the name that it gives."""

    origin: str
    pointer: str
    name: str

    @property
    def component(self) -> bool:
        """Whether it stands among the component schemas of its file."""
        return self.pointer.startswith("/components/schemas/") and self.pointer.count("/") == 3


class Schema:
    """One schema; see the module."""

    def __init__(self, schemas: Schemas, document: Document, pointer: str, raw: Any) -> None:
        """Follow the references of the schema at `pointer`."""
        self._schemas = schemas
        self.ref: Ref | None = None
        self.missing = False
        self.siblings: Mapping[str, Any] = {}
        chain: list[tuple[str, str]] = []
        layers: list[Layer] = []
        while isinstance(raw, dict) and ("$ref" in raw or "$dynamicRef" in raw) and (reference := _reference(raw)):
            layers.append(Layer(document, pointer, raw))
            found = schemas.library.find(document, reference, pointer)
            if found is None or (found.document.origin, found.pointer) in chain:
                if found is not None:
                    message = f"{reference!r} leads back to itself and is taken as any value"
                    schemas.library.findings.warn("OAS104", message, document, pointer, "point it at a schema")
                raw, self.missing = {}, True
                break
            chain.append((found.document.origin, found.pointer))
            if self.ref is None:
                self.ref = Ref(found.document.origin, found.pointer, _name(found.pointer, found.document))
            document, pointer, raw = found.document, found.pointer, found.value
        if layers:
            self.siblings = {
                key: value for layer in reversed(layers) for key, value in layer.raw.items() if key != "$ref"
            }
        self.layers = tuple(layers)
        self.document = document
        self.pointer = pointer
        self.raw: Mapping[str, Any] = raw if isinstance(raw, dict) else {}
        self.modern = document.version == "3.1"
        stated = self.raw.get("type")
        self._all_types: tuple[str, ...] = _TYPES.get(stated, ()) if isinstance(stated, str) else _type_list(stated)
        self.types: tuple[str, ...] = self._all_types
        """The stated types but `null`, each once."""
        self.null = self.raw.get("nullable") is True or self.raw.get("x-nullable") is True
        """Whether `null` is a value."""
        if "null" in self._all_types:
            self.null = True
            self.types = tuple(one for one in self._all_types if one != "null")
        stated = self.raw.get("format")
        self.format: str = stated.lower() if isinstance(stated, str) else ""
        """The stated format in lower case."""

    def _view(self, raw: Any, *path: str) -> Schema:
        pointer = self.pointer + "".join("/" + escape(part) for part in path)
        return Schema(self._schemas, self.document, pointer, raw)

    def _views(self, key: str) -> tuple[Schema, ...]:
        listed = self.raw.get(key)
        if not listed or not isinstance(listed, list):
            return ()
        return tuple(
            self._view(one, key, str(index)) for index, one in enumerate(listed) if isinstance(one, (dict, bool))
        )

    @property
    def location(self) -> Location:
        """Where the schema itself stands, behind its references."""
        return Location(self.document.name, 0, self.pointer)

    @property
    def key(self) -> tuple[str, str]:
        """The identity of the place."""
        return self.document.origin, self.pointer

    @property
    def only_null(self) -> bool:
        """Whether `null` is the only type stated."""
        return self._all_types == ("null",)

    @property
    def type(self) -> str:
        """The one stated type, or nothing."""
        return self.types[0] if len(self.types) == 1 else ""

    @cached_property
    def properties(self) -> Mapping[str, Schema]:
        """Own properties in the order of the text."""
        stated = self.raw.get("properties")
        if not isinstance(stated, dict):
            return {}
        return {
            name: self._view(one, "properties", name) for name, one in stated.items() if isinstance(one, (dict, bool))
        }

    @property
    def has_properties(self) -> bool:
        """Whether there are own properties, without making their views."""
        stated = self.raw.get("properties")
        return isinstance(stated, dict) and bool(stated)

    @cached_property
    def all_of(self) -> tuple[Schema, ...]:
        """The parts of allOf."""
        return self._views("allOf")

    @cached_property
    def one_of(self) -> tuple[Schema, ...]:
        """The alternatives of oneOf."""
        return self._views("oneOf")

    @cached_property
    def any_of(self) -> tuple[Schema, ...]:
        """The alternatives of anyOf."""
        return self._views("anyOf")

    @cached_property
    def items(self) -> Schema | None:
        """What an array holds, if the text says it."""
        stated = self.raw.get("items")
        return self._view(stated, "items") if isinstance(stated, dict) else None

    @cached_property
    def map_value(self) -> Schema | None:
        """The schema of additional properties, if the text gives one."""
        stated = self.raw.get("additionalProperties")
        return self._view(stated, "additionalProperties") if isinstance(stated, dict) else None

    @property
    def closed(self) -> bool:
        """Whether additional properties are forbidden."""
        return self.raw.get("additionalProperties") is False

    @cached_property
    def enum(self) -> tuple[str | None, ...]:
        """The values of an enum of text, None for a `null` among them; nothing if it is none.

        One text among the values is enough, whatever type is stated. Numbers among text are taken as text; empty text
        is left out, unless there is nothing else.
        """
        stated = self.raw.get("enum")
        if not isinstance(stated, list):
            return ()
        values = [
            one if one is None or isinstance(one, str) else digits_of(one)
            for one in stated
            if isinstance(one, _ENUM_VALUES) and not isinstance(one, bool)
        ]
        spoken = any(isinstance(one, str) and one for one in stated)
        if not spoken and not (self.types == ("string",) and values):
            return ()
        if len(self.types) > 1:
            return ()
        return tuple(dict.fromkeys(one for one in values if one or not spoken))

    @cached_property
    def required(self) -> frozenset[str]:
        """Names of required properties."""
        stated = self.raw.get("required")
        return frozenset(one for one in stated if isinstance(one, str)) if isinstance(stated, list) else frozenset()

    def said(self, key: str) -> Any:
        """What the text says under a key; from 3.1 on, a reference's own words come before its target's."""
        if self.modern and key in self.siblings:
            return self.siblings[key]
        return self.raw.get(key)

    @property
    def description(self) -> str:
        """The description, or nothing."""
        stated = self.said("description")
        return stated if isinstance(stated, str) else ""


class Schemas:
    """Makes schema views; those of components are kept, so that each is parsed once."""

    def __init__(self, library: Library) -> None:
        """Begin with the files that are read."""
        self.library = library
        self._named: dict[str, Schema] = {}

    def at(self, document: Document, pointer: str, raw: Any) -> Schema:
        """The schema that stands at a place."""
        return Schema(self, document, pointer, raw)

    def component(self, name: str) -> Schema | None:
        """A component of the main file, as a reference to it gives it."""
        if name not in self.components():
            return None
        if name not in self._named:
            reference = {"$ref": "#/components/schemas/" + escape(name).replace("%", "%25")}
            self._named[name] = Schema(self, self.library.main, "/components/schemas", reference)
        return self._named[name]

    def components(self) -> Mapping[str, Any]:
        """The raw component schemas of the main file."""
        root = self.library.main.root
        components = root.get("components") if isinstance(root, dict) else None
        stated = components.get("schemas") if isinstance(components, dict) else None
        return stated if isinstance(stated, dict) else {}

    def referred(self, reference: str, document: Document, pointer: str) -> Schema | None:
        """What a mapping value names: a reference, or the bare name of a component.

        Tools that join files leave the names of files that are gone in mappings, which is no reason to stop.
        """
        there = self.library.has(document, reference)
        if reference in self.components() and (document is self.library.main or not there):
            return self.component(reference)
        if not there:
            message = f"{reference!r} is neither a component nor a file that may be read, and is left out"
            self.library.findings.warn("OAS101", message, document, pointer, "correct the mapping")
            return None
        view = Schema(self, document, pointer, {"$ref": reference})
        return None if view.missing else view


def dynamic_anchor(raw: Mapping[str, Any]) -> str:
    """The anchor that a schema refers to, or nothing."""
    reference = raw.get("$dynamicRef")
    anchor = reference.rpartition("#")[2] if isinstance(reference, str) else ""
    return "" if "/" in anchor else anchor


def _reference(raw: Mapping[str, Any]) -> str:
    """The place or address that a schema refers to; a dynamic reference to a place is like any other."""
    stated = raw.get("$ref") or raw.get("$dynamicRef")
    return stated if isinstance(stated, str) and ("$ref" in raw or "/" in stated.rpartition("#")[2]) else ""


def _type_list(stated: Any) -> tuple[str, ...]:
    listed = stated if isinstance(stated, list) else ()
    return tuple(dict.fromkeys(one for one in listed if isinstance(one, str) and one in _TYPES))


def _name(pointer: str, document: Document) -> str:
    if not pointer:
        return PurePosixPath(document.origin).stem.replace(".", "_")
    return unescape(pointer.rsplit("/", 1)[1])


def names(parts: Iterable[Schema]) -> list[str]:
    """The names of those that are references."""
    return [part.ref.name for part in parts if part.ref]
