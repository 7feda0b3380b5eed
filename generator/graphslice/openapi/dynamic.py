"""Generic schemas: `$dynamicRef`, the anchors that it means, and the classes that their bindings make.

A schema that refers to an anchor is a template. Whoever binds the anchor, in `$defs` beside a reference or around a
list, gets classes of its own for everything on the way to the reference, named after what is bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from graphslice.api.model import NamedRef, Place, TypeRef, UntypedRef
from graphslice.api.naming import clean_parameters, clean_symbols, first_upper, split_path
from graphslice.openapi import shape
from graphslice.openapi.places import escape
from graphslice.openapi.schema import Schema, dynamic_anchor
from graphslice.openapi.scope import Scope

if TYPE_CHECKING:
    from graphslice.openapi.models import TypeBuilder

Bindings = Mapping[str, Schema]
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Bindings that hold while a template is read, and what they add to the names of its classes."""

    bound: Bindings
    suffix: str


class Dynamics:
    """Follows dynamic references for one builder."""

    def __init__(self, builder: TypeBuilder) -> None:
        """Begin outside of every template."""
        self._builder = builder
        self._frames: list[_Frame] = []
        self._inside: list[tuple[str, frozenset[str]]] = []
        """Classes being made from templates, with the anchors of theirs that nobody binds."""
        self._own: dict[_Key, frozenset[str]] = {}
        self._used: dict[_Key, frozenset[str]] = {}
        self._opened: list[_Key] = []
        """Schemas whose own bindings are in force."""
        self._made: dict[str, frozenset[tuple[str, _Key]]] = {}
        """The classes made from templates, with what each binds."""
        self._any = builder.schemas.library.main.dynamic

    def type_of(self, schema: Schema, scope: Scope) -> TypeRef | None:
        """The type of a schema that dynamic references concern; None for every other one."""
        if not (self._any or schema.document.dynamic):
            return None
        if dynamic_anchor(schema.raw):
            return self._followed(dynamic_anchor(schema.raw), scope)
        if schema.key in self._opened:
            return None
        if schema.ref is None:
            bound = self._stated(schema.document, schema.pointer, schema.raw)
            return self._within(schema, _Frame(bound, self._suffix(bound, scope)), scope) if bound else None
        anchors = self._anchors(schema)
        if anchors:
            return self._generic(schema, anchors, scope)
        return self._applied(schema, scope)

    def base(self, part: Schema, scope: Scope) -> TypeRef | None:
        """The base class that a template makes for a child that binds it; None for every other base."""
        anchors = self._anchors(part) if part.ref is not None and (self._any or part.document.dynamic) else frozenset()
        if not anchors:
            return None
        return self._instance(part, _Frame(self._bindings(part), _path_words(scope.node)), scope, anchors)

    def inline_suffix(self, schema: Schema) -> str:
        """What an unnamed class within a template adds to its name, so that each binding has its own."""
        if not self._frames or schema.ref is not None or dynamic_anchor(schema.raw) or shape.choices(schema):
            return ""
        held: Mapping[str, Any] = schema.raw
        while "array" in schema.types and isinstance(held.get("items"), dict):
            held = held["items"]
            if "$ref" in held or dynamic_anchor(held):
                return ""
        referred = frozenset(_referred(held, 0))
        return next((frame.suffix for frame in self._frames if not referred.isdisjoint(frame.bound)), "")

    def target(self, schema: Schema) -> Schema:
        """The schema that a dynamic reference means, where that is one and no class around it; else itself."""
        anchor = dynamic_anchor(schema.raw)
        if not anchor:
            return schema
        bound = self._environment().get(anchor)
        carriers = [bound] if bound is not None else list(self._carriers(anchor))
        return carriers[0] if len(carriers) == 1 and self._enclosing(anchor) is None else schema

    # --------------------------------------------------------------------------------------- references

    def _followed(self, anchor: str, scope: Scope) -> TypeRef:
        builder = self._builder
        bound = self._environment().get(anchor)
        if bound is not None:
            # What is bound was written outside of the template, so that nothing of the template holds for it.
            held = self._frames, self._opened
            self._frames, self._opened = [], []
            try:
                return builder.type_of(bound, scope)
            finally:
                self._frames, self._opened = held
        for made, anchors in reversed(self._inside):
            if anchor in anchors:
                return NamedRef(made)
        enclosing = self._enclosing(anchor)
        if enclosing is not None:
            return NamedRef(enclosing)
        carriers = list(self._carriers(anchor))
        if len(carriers) == 1:
            target = carriers[0]
            copy = builder.schemas.at(target.document, target.pointer, target.raw)
            return builder.type_of(copy, scope)
        if carriers:
            listed = {"oneOf": [{"$ref": "#" + carrier.pointer} for carrier in carriers]}
            return builder.type_of(builder.schemas.at(carriers[0].document, carriers[0].pointer, listed), scope)
        return UntypedRef()

    def _enclosing(self, anchor: str) -> str | None:
        """The class around the reference that carries the anchor: of a line of descent the youngest."""
        found: str | None = None
        for made in reversed(self._builder.in_progress):
            draft = self._builder.drafts[made]
            if found is not None and not draft.awaits_base:
                break
            if draft.schema.raw.get("$dynamicAnchor") == anchor:
                found = made
        return found

    def _carriers(self, anchor: str) -> Iterator[Schema]:
        for name, raw in self._builder.schemas.components().items():
            if isinstance(raw, dict) and raw.get("$dynamicAnchor") == anchor:
                found = self._builder.schemas.component(name)
                if found is not None:
                    yield found

    # ----------------------------------------------------------------------------------------- bindings

    def _environment(self) -> dict[str, Schema]:
        """What is bound at this moment; the outermost binding of a name holds."""
        bound: dict[str, Schema] = {}
        for frame in self._frames:
            for anchor, schema in frame.bound.items():
                bound.setdefault(anchor, schema)
        return bound

    def _stated(self, document: Any, pointer: str, raw: Mapping[str, Any]) -> dict[str, Schema]:
        """The bindings in `$defs` of one schema or beside one reference."""
        return {
            one["$dynamicAnchor"]: self._builder.schemas.at(document, f"{pointer}/$defs/{escape(key)}", one)
            for key, one in _definitions(raw)
        }

    def _bindings(self, schema: Schema) -> dict[str, Schema]:
        """What the references on the way to a schema bind, the outermost first."""
        bound: dict[str, Schema] = {}
        for layer in schema.layers:
            for anchor, one in self._stated(layer.document, layer.pointer, layer.raw).items():
                bound.setdefault(anchor, one)
        return bound

    def _anchors(self, schema: Schema) -> frozenset[str]:
        """The anchors that the schema both defines below `$defs` and refers to."""
        if schema.key not in self._own:
            own = {one["$dynamicAnchor"] for _, one in _definitions(schema.raw)}
            self._own[schema.key] = frozenset(own.intersection(_referred(schema.raw, 0))) if own else frozenset()
        return self._own[schema.key]

    def _uses(self, schema: Schema) -> frozenset[str]:
        """The anchors that the schema, or anything that it is made of, refers to."""
        if schema.key not in self._used:
            found: set[str] = set()
            seen: set[_Key] = set()
            waiting = [schema]
            while waiting:
                one = waiting.pop()
                if one.key in seen:
                    continue
                seen.add(one.key)
                if dynamic_anchor(one.raw):
                    found.add(dynamic_anchor(one.raw))
                waiting.extend((*one.properties.values(), *one.all_of, *one.any_of, *one.one_of))
                waiting.extend(inner for inner in (one.items, one.map_value) if inner is not None)
            self._used[schema.key] = frozenset(found)
        return self._used[schema.key]

    # ---------------------------------------------------------------------------------------- templates

    def _generic(self, schema: Schema, anchors: frozenset[str], scope: Scope) -> TypeRef:
        """The class of a template that declares its anchors itself, bound by its user or not."""
        bound = self._bindings(schema)
        around = self._environment()
        if not bound and all(name in around for name in anchors):
            return self._instance(schema, self._frames[-1], scope, anchors)
        named = {anchor: bound[anchor] for anchor in anchors if anchor in bound}
        operation = _path_words(scope.node) + _operation_words(scope)
        suffix = self._suffix(named, scope) if len(named) == len(anchors) else operation
        return self._instance(schema, _Frame(bound, suffix), scope, anchors)

    def _applied(self, schema: Schema, scope: Scope) -> TypeRef | None:
        """The class of a named schema for the bindings in force or beside it, if it depends on them."""
        used = self._uses(schema)
        bound = self._bindings(schema)
        if not bound:
            part = shape.base_part(schema)
            bound = self._stated(schema.document, schema.pointer, schema.raw) or (self._bindings(part) if part else {})
        if not used.isdisjoint(bound):
            return self._instance(schema, _Frame(bound, self._suffix(bound, scope)), scope, frozenset())
        if self._frames and not used.isdisjoint(self._environment()):
            return self._instance(schema, self._frames[-1], scope, frozenset())
        return None

    def _suffix(self, bound: Bindings, scope: Scope) -> str:
        """What bindings add to a name: the names of what is bound; for what has none, once, where it is bound."""
        words: list[str] = []
        unnamed = _path_words(scope.node) + _operation_words(scope)
        for anchor in sorted(bound):
            word = self._word(bound[anchor], scope) if bound[anchor].ref else unnamed
            if word not in words or bound[anchor].ref:
                words.append(word)
        return "".join(words)

    def _word(self, bound: Schema, scope: Scope) -> str:
        """The name of what is bound, with its namespace where other components have the same one."""
        assert bound.ref is not None
        short = self._builder.name_of(bound, scope)
        last = bound.ref.name.rpartition(".")[2].lower()
        same = [key for key in self._builder.schemas.components() if str(key).rpartition(".")[2].lower() == last]
        if len(same) < 2:
            return first_upper(short)
        return "".join(first_upper(clean_symbols(part)) for part in bound.ref.name.split("."))

    def _instance(self, schema: Schema, frame: _Frame, scope: Scope, anchors: frozenset[str]) -> TypeRef:
        builder = self._builder
        assert schema.ref is not None
        if not (anchors or builder.has_members(schema)):
            return self._within(schema, frame, scope) or UntypedRef()
        place = builder.place_of_ref(schema.ref)
        meant = frozenset((anchor, one.key) for anchor, one in {**frame.bound, **self._environment()}.items())
        name, known = self._free_name(builder.name_of(schema, scope) + frame.suffix, place, meant, scope)
        if known is not None:
            return NamedRef(known)
        unique = builder.next_id(place, name)
        self._made[unique] = meant
        self._inside.append((unique, anchors - set(frame.bound)))
        self._frames.append(frame)
        self._opened.append(schema.key)
        try:
            return builder.declare(schema, replace(scope, name="", operation=""), name, place)
        finally:
            self._opened.pop()
            self._frames.pop()
            self._inside.pop()

    def _free_name(
        self, wanted: str, place: Place, meant: frozenset[tuple[str, _Key]], scope: Scope
    ) -> tuple[str, str | None]:
        """A name that no class for other bindings has; and the class of that name, if it is there."""
        name, number = wanted, 1
        while True:
            known = self._builder.find(place, name)
            if known is None or self._made.get(known) == meant:
                return name, known
            # an answer, a body and an error of one operation may bind the same template
            name = f"{wanted}{scope.suffix}" if number == 1 and scope.suffix else f"{wanted}{number}"
            number += 1

    def _within(self, schema: Schema, frame: _Frame, scope: Scope) -> TypeRef | None:
        """The type of a schema that is no class of its own, while bindings hold."""
        self._frames.append(frame)
        self._opened.append(schema.key)
        try:
            return self._builder.type_of(schema, scope)
        finally:
            self._opened.pop()
            self._frames.pop()


def _definitions(raw: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The entries of `$defs` that carry an anchor."""
    definitions = raw.get("$defs")
    if not isinstance(definitions, dict):
        return []
    return [
        (str(key), one)
        for key, one in definitions.items()
        if isinstance(one, dict) and isinstance(one.get("$dynamicAnchor"), str)
    ]


def _referred(value: Any, depth: int) -> Iterator[str]:
    if depth > 40:
        return
    if isinstance(value, dict):
        if dynamic_anchor(value):
            yield dynamic_anchor(value)
        for key, inner in value.items():
            if key != "$defs":
                yield from _referred(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _referred(inner, depth + 1)


def _operation_words(scope: Scope) -> str:
    return first_upper(clean_symbols(scope.operation)) if scope.operation else scope.suffix


def _path_words(path: str) -> str:
    return "".join(first_upper(clean_symbols(clean_parameters(segment))) for segment in split_path(path))
