"""Generic schemas: `$dynamicRef`, the anchors that it means, and the classes that their bindings make.

A schema that refers to an anchor of its own is a template. Whoever refers to it and binds the anchor gets a class of
its own, named after both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphslice.api.model import NamedRef, TypeRef, UntypedRef
from graphslice.api.naming import clean_parameters, clean_symbols, first_upper, split_path
from graphslice.openapi import shape
from graphslice.openapi.schema import Schema
from graphslice.openapi.scope import Scope

if TYPE_CHECKING:
    from graphslice.openapi.models import TypeBuilder

Bindings = Mapping[str, Schema]


class Dynamics:
    """Follows dynamic references for one builder."""

    def __init__(self, builder: TypeBuilder) -> None:
        """Begin outside of every template."""
        self._builder = builder
        self._bound: list[Bindings] = []
        self._inside: list[tuple[str, frozenset[str]]] = []
        """Classes being made from templates, with their anchors."""
        self._used: dict[tuple[str, str], frozenset[str]] = {}
        self._any = builder.schemas.library.main.dynamic

    def type_of(self, schema: Schema, scope: Scope) -> TypeRef | None:
        """The type of a schema that dynamic references concern; None for every other one."""
        if not self._any:
            return None
        reference = schema.raw.get("$dynamicRef")
        if isinstance(reference, str):
            return self._followed(reference.rpartition("#")[2], scope)
        if schema.ref is None:
            return None
        anchors = self._anchors(schema)
        if anchors:
            return self._instance(schema, anchors, scope, self._suffix(schema, anchors, scope))
        part = shape.base_part(schema)
        if part is not None and part.ref is not None:
            inherited = self._anchors(part)
            if inherited and all(name in self._bindings(part) for name in inherited):
                return self._child(schema, part, inherited, scope)
        return None

    def base(self, part: Schema, scope: Scope) -> TypeRef | None:
        """The base class that a template makes for a child that binds it; None for every other base."""
        anchors = self._anchors(part) if self._any and part.ref else frozenset()
        return self._instance(part, anchors, scope, _path_words(scope.node)) if anchors else None

    # --------------------------------------------------------------------------------------- references

    def _followed(self, anchor: str, scope: Scope) -> TypeRef:
        builder = self._builder
        for bindings in self._bound:
            if anchor in bindings:
                held, self._bound = self._bound, []
                try:
                    return builder.type_of(bindings[anchor], scope)
                finally:
                    self._bound = held
        for made, anchors in reversed(self._inside):
            if anchor in anchors:
                return NamedRef(made)
        for made in reversed(builder.in_progress):
            if builder.drafts[made].schema.raw.get("$dynamicAnchor") == anchor:
                return NamedRef(made)
        carriers = list(self._carriers(anchor))
        if len(carriers) == 1:
            target = carriers[0]
            copy = builder.schemas.at(target.document, target.pointer, target.raw)
            return builder.type_of(copy, scope)
        if carriers:
            listed = {"oneOf": [{"$ref": "#" + carrier.pointer} for carrier in carriers]}
            return builder.type_of(builder.schemas.at(carriers[0].document, carriers[0].pointer, listed), scope)
        return UntypedRef()

    def _carriers(self, anchor: str) -> Iterator[Schema]:
        for name, raw in self._builder.schemas.components().items():
            if isinstance(raw, dict) and raw.get("$dynamicAnchor") == anchor:
                found = self._builder.schemas.component(name)
                if found is not None:
                    yield found

    # ---------------------------------------------------------------------------------------- templates

    def _anchors(self, schema: Schema) -> frozenset[str]:
        """The anchors that the schema both defines below `$defs` and refers to."""
        if schema.key not in self._used:
            own = set(_defined(schema.raw))
            self._used[schema.key] = frozenset(own & set(_referred(schema.raw, 0))) if own else frozenset()
        return self._used[schema.key]

    def _bindings(self, schema: Schema) -> dict[str, Schema]:
        """What the references on the way to a template bind, the outermost first."""
        bound: dict[str, Schema] = {}
        for layer in schema.layers:
            for anchor, raw in _defined(layer).items():
                pointer = schema.own_pointer + f"/$defs/{anchor}"
                bound.setdefault(anchor, self._builder.schemas.at(schema.own_document, pointer, raw))
        return bound

    def _suffix(self, schema: Schema, anchors: frozenset[str], scope: Scope) -> str:
        bound = self._bindings(schema)
        names = [
            self._builder.name_of(bound[anchor], scope)
            for anchor in sorted(anchors)
            if anchor in bound and bound[anchor].ref
        ]
        if len(names) == len(anchors):
            return "".join(map(first_upper, names))
        operation = first_upper(clean_symbols(scope.operation)) if scope.operation else scope.suffix
        return _path_words(scope.node) + operation

    def _instance(self, schema: Schema, anchors: frozenset[str], scope: Scope, suffix: str) -> NamedRef:
        builder = self._builder
        name = builder.name_of(schema, scope) + suffix
        assert schema.ref is not None
        place = builder.place_of_ref(schema.ref)
        known = builder.find(place, name)
        if known is not None:
            return NamedRef(known)
        bound = self._bindings(schema)
        self._bound.append(bound)
        self._inside.append((builder.next_id(place, name), anchors - set(bound)))
        try:
            return builder.declare(schema, replace(scope, name="", operation=""), name, place)
        finally:
            self._bound.pop()
            self._inside.pop()

    def _child(self, schema: Schema, part: Schema, anchors: frozenset[str], scope: Scope) -> NamedRef:
        bound = self._bindings(part)
        names = [self._builder.name_of(bound[anchor], scope) for anchor in sorted(anchors) if bound[anchor].ref]
        name = self._builder.name_of(schema, scope) + "".join(map(first_upper, names))
        return self._builder.declare(schema, scope.unnamed(), name)


def _defined(raw: Mapping[str, Any]) -> dict[str, Any]:
    definitions = raw.get("$defs")
    found = definitions.values() if isinstance(definitions, dict) else ()
    return {
        one["$dynamicAnchor"]: one
        for one in found
        if isinstance(one, dict) and isinstance(one.get("$dynamicAnchor"), str)
    }


def _referred(value: Any, depth: int) -> Iterator[str]:
    if depth > 40:
        return
    if isinstance(value, dict):
        reference = value.get("$dynamicRef")
        if isinstance(reference, str):
            yield reference.rpartition("#")[2]
        for key, inner in value.items():
            if key != "$defs":
                yield from _referred(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _referred(inner, depth + 1)


def _path_words(path: str) -> str:
    return "".join(first_upper(clean_symbols(clean_parameters(segment))) for segment in split_path(path))
