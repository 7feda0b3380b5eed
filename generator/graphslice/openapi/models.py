"""Schemas to declared types: which become classes, what those are called, where they stand, what they derive from.

Classes are known by place and name, ignoring case, as in Kiota: the first schema that asks for a name makes
the class. A class is registered before its members are read, so that recursion ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from graphslice.api import naming
from graphslice.api.model import (
    ComposedType,
    EnumType,
    ListRef,
    NamedRef,
    ObjectType,
    Origin,
    Place,
    Primitive,
    PrimitiveRef,
    Property,
    TypeDecl,
    TypeRef,
    UntypedRef,
)
from graphslice.api.naming import common_prefix, model_namespace
from graphslice.config import Slice
from graphslice.diagnostics import error
from graphslice.openapi import shape
from graphslice.openapi.deprecation import deprecation_of
from graphslice.openapi.drafts import Draft, inherited_type
from graphslice.openapi.enums import enum_members, is_flags
from graphslice.openapi.lineage import Children
from graphslice.openapi.schema import Ref, Schema, Schemas
from graphslice.openapi.scope import Scope
from graphslice.openapi.values import default_of

MAX_NESTING = 1_000
_SUSPICIOUS = 100
"""So many schemas within each other may be a circle without a class in it, which nothing else would end."""
# the same few thousand names come again and again
clean_symbols = lru_cache(maxsize=16_384)(naming.clean_symbols)
_UNTYPED = UntypedRef()
MODELS = Place()


class TypeBuilder:
    """Makes the types of one description, on demand."""

    def __init__(self, schemas: Schemas, wanted: Slice) -> None:
        """Begin with no types at all."""
        from graphslice.openapi.dynamic import Dynamics
        from graphslice.openapi.unions import Unions

        self.schemas = schemas
        self.findings = schemas.library.findings
        self._wanted = wanted
        told = schemas.library.main.root.get("x-graphslice")
        prefix = told.get("namespacePrefix") if isinstance(told, dict) else None
        # a slice exported by us says which prefix the whole description had; its own components may share a longer one
        self._prefix = prefix if isinstance(prefix, str) else common_prefix(str(key) for key in schemas.components())
        self.drafts: dict[str, Draft] = {}
        self.enums: dict[str, EnumType] = {}
        self._names: dict[tuple[Place, str], str] = {}
        self.in_progress: list[str] = []
        """Classes whose members are being read, outermost first."""
        self._trail: list[tuple[str, str]] = []
        """The schemas whose types are being found, outermost first."""
        self._lists: set[tuple[str, str]] = set()
        """Lists whose items are being looked at."""
        self.unions = Unions(self)
        self.dynamics = Dynamics(self)
        self.children = Children(schemas)

    # ------------------------------------------------------------------------------------------ entry

    def type_of(self, schema: Schema, scope: Scope) -> TypeRef:
        """The type of a value of the schema, declaring the classes that it needs."""
        if len(self._trail) > MAX_NESTING:
            raise error("OAS201", "schemas nest too deep", schema.location, "break the chain of schemas up")
        if len(self._trail) > _SUSPICIOUS and self._trail.count(schema.key) > _SUSPICIOUS // 4:
            message = "the schema leads back to itself and is taken as any value"
            self.findings.warn("OAS104", message, schema.document, schema.pointer, "say what it holds")
            return _UNTYPED
        self._trail.append(schema.key)
        try:
            return self._type_of(schema, scope)
        finally:
            self._trail.pop()

    def _type_of(self, schema: Schema, scope: Scope) -> TypeRef:
        if schema.missing:
            return _UNTYPED
        bound = self.dynamics.type_of(schema, scope)
        if bound is not None:
            return bound
        if shape.base_part(schema) is not None or (shape.is_merged(schema) and self.has_members(schema)):
            return self.declare(schema, scope)
        union = self.unions.type_of(schema, scope)
        if union is not None:
            return union
        if schema.enum or shape.is_object(schema) or shape.is_map(schema):
            return self.declare(schema, scope)
        if shape.is_array(schema):
            return self._list(schema, scope)
        kind = shape.primitive(schema)
        if kind is not None:
            return PrimitiveRef(kind)
        for part in (*schema.any_of, *schema.one_of, *schema.all_of):
            if shape.meaningful(part, in_choice=True) or part.all_of:
                return self.type_of(part, scope.unnamed() if schema.ref else scope)
        return _UNTYPED

    def _list(self, schema: Schema, scope: Scope) -> TypeRef:
        items = schema.items
        if items is None or items.missing:
            return ListRef(_UNTYPED)
        if schema.key in self._lists:
            # a list that holds itself ends nowhere
            return _UNTYPED
        self._lists.add(schema.key)
        try:
            inner = self.item_type(schema, items, scope)
        finally:
            self._lists.discard(schema.key)
        return _UNTYPED if isinstance(inner, ListRef) else ListRef(inner)

    def item_type(self, schema: Schema, items: Schema, scope: Scope) -> TypeRef:
        """The type of a list's items; inline ones are called like the list, without a suffix."""
        kind = shape.first_primitive(items)
        if kind is not None and not items.enum and not (items.ref and self._enum_behind(items)):
            return PrimitiveRef(kind)
        place = self.place_of(schema, scope)
        inner = replace(scope, place=place, suffix="", name="" if schema.ref else scope.name)
        return self.type_of(items, inner)

    def _enum_behind(self, schema: Schema) -> bool:
        return bool(schema.enum)

    # ------------------------------------------------------------------------------------------ names

    def place_of_ref(self, ref: Ref) -> Place:
        """Where a named schema stands."""
        return Place(model_namespace(ref.name, self._prefix, self._wanted.class_name))

    def place_of(self, schema: Schema, scope: Scope) -> Place:
        """Where the class of the schema stands."""
        return self.place_of_ref(schema.ref) if schema.ref else scope.place

    def name_of(self, schema: Schema, scope: Scope) -> str:
        """What the class of the schema is called."""
        if schema.ref:
            last = [part for part in schema.ref.name.split(".") if part] or [schema.ref.name]
            return clean_symbols(last[-1]) or "Schema"
        return scope.name or clean_symbols(scope.stem + scope.suffix) or "Slash"

    def find(self, place: Place, name: str) -> str | None:
        """The id of the class of that name, if it was made."""
        return self._names.get((place, name.lower()))

    def next_id(self, place: Place, name: str, component: str = "") -> str:
        """The id that the next class of that name gets: the component's own key where it has one."""
        wanted = component or ".".join((*place.namespace, name))
        wanted = wanted if place.path is None else f"{place.path}#{name}"
        unique, number = wanted, 1
        while unique in self.drafts or unique in self.enums:
            number += 1
            unique = f"{wanted}~{number}"
        return unique

    def reserve(self, place: Place, name: str, schema: Schema) -> str:
        """Give a new id for a class of that name."""
        named = schema.ref.name if schema.ref is not None and schema.ref.component else ""
        unique = self.next_id(place, name, named if self.name_of(schema, _NOWHERE) == name else "")
        self._names[place, name.lower()] = unique
        return unique

    # -------------------------------------------------------------------------------- objects and enums

    def declare(self, schema: Schema, scope: Scope, name: str = "", place: Place | None = None) -> NamedRef:
        """Declare the class or enum of a schema, unless there is one of that name already."""
        name = name or self.name_of(schema, scope)
        place = self.place_of(schema, scope) if place is None else place
        is_enum = bool(schema.enum) and not schema.has_properties
        shown = name
        known = self.find(place, name)
        if known is not None and (known in self.enums) is not is_enum:
            # an object is no enum, whatever they are called; both keep their names, in modules of their own
            name = f"{name}2"
            known = self.find(place, name)
        if known is not None:
            self._merge(known, schema, scope)
            return NamedRef(known)
        if is_enum:
            return NamedRef(self._enum(schema, name, place, shown))
        # An unnamed schema that a merged class brings into itself would get a longer name each time.
        around = next((one for one in reversed(self.in_progress) if self.drafts[one].schema.key == schema.key), None)
        if around is not None and schema.ref is None:
            return NamedRef(around)
        return NamedRef(self._object(schema, name, place, scope, shown))

    def _merge(self, known: str, schema: Schema, scope: Scope) -> None:
        """Let a class that two different schemas share hold the properties of both."""
        draft = self.drafts.get(known)
        if draft is None or schema.key in draft.sources or any(schema.raw == one for one in draft.sources.values()):
            return
        draft.sources[schema.key] = schema.raw
        message = f"two different schemas are called {draft.name}; one class holds the properties of both"
        hint = "give one of them a name of its own among the components"
        self.findings.warn("OAS202", message, schema.document, schema.pointer, hint)
        present = {prop.name for prop in draft.properties} | set(draft.wanted)
        fresh = {key: member for key, member in self.members(schema).items() if key not in present}
        # Said before they are made: making them may lead back here.
        draft.wanted = (*draft.wanted, *fresh)
        for key, member in fresh.items():
            self._add_property(draft, key, member, scope)

    def _enum(self, schema: Schema, name: str, place: Place, shown: str) -> str:
        unique = self.reserve(place, name, schema)
        self.enums[unique] = EnumType(
            id=unique,
            name=shown,
            place=place,
            origin=Origin.ENUM,
            description=schema.description,
            deprecation=deprecation_of(schema.raw),
            location=schema.location,
            members=enum_members(schema),
            flags=is_flags(schema),
        )
        return unique

    def _object(self, schema: Schema, name: str, place: Place, scope: Scope, shown: str) -> str:
        unique = self.reserve(place, name, schema)
        origin = Origin.SCHEMA if schema.ref else Origin.INLINE
        draft = self.drafts[unique] = Draft(unique, shown, place, schema, origin, sources={schema.key: schema.raw})
        self.in_progress.append(unique)
        # a list that meets itself again within a class ends there
        held, self._lists = self._lists, set()
        try:
            self._fill(draft, scope)
        finally:
            self.in_progress.pop()
            self._lists = held
        return unique

    def _fill(self, draft: Draft, scope: Scope) -> None:
        schema = draft.schema
        base = self.base_of(schema)
        if base is not None and not self._is_copy(schema, base):
            draft.base = self._base_class(draft, base, scope)
        elif base is not None:
            self.type_of(base, scope.unnamed())
        copied = base if draft.base is None else None
        members = self.members(schema, copied)
        draft.wanted = tuple(members)
        for key, member in members.items():
            self._add_property(draft, key, member, scope)
        self._discriminate(draft, scope)

    def base_of(self, schema: Schema) -> Schema | None:
        """The schema of the base class."""
        part = shape.base_part(schema)
        if part is not None and (schema.ref or len(self._inline_parts(schema)) < 2):
            return part
        if shape.is_merged(schema):
            return None
        named = [
            one
            for one in shape.flattened(schema.all_of)
            if one.ref and one.types in ((), ("object",)) and not one.missing
        ]
        return named[0] if named and shape.is_object(schema) else None

    def _inline_parts(self, schema: Schema) -> list[Schema]:
        return [part for part in shape.flattened(schema.all_of) if not part.ref and shape.meaningful(part)]

    def _is_copy(self, schema: Schema, base: Schema) -> bool:
        """A bare second name for a schema that is not known yet, and that derives from nothing, is a copy of it."""
        if schema.has_properties or len(shape.flattened(schema.all_of)) != 1 or schema.ref is None or not base.ref:
            return False
        known = self.find(self.place_of_ref(base.ref), self.name_of(base, _NOWHERE))
        return known is None and self.base_of(base) is None

    def _base_class(self, draft: Draft, base: Schema, scope: Scope) -> str | None:
        draft.awaits_base = True
        found = self.dynamics.base(base, scope)
        if found is None and (self.has_members(base, choice=False) or not base.types):
            found = self.type_of(base, scope.unnamed())
        draft.awaits_base = False
        target = found.id if isinstance(found, NamedRef) else None
        if target is None or target not in self.drafts:
            return None
        chain: str | None = target
        while chain is not None:
            if chain == draft.id:
                message = f"{draft.name} is its own ancestor; it gets no base class"
                self.findings.warn(
                    "OAS203", message, draft.schema.document, draft.schema.pointer, "break the circle of allOf"
                )
                return None
            chain = self.drafts[chain].base
        return target

    def has_members(self, schema: Schema, *, choice: bool = True, trail: tuple[tuple[str, str], ...] = ()) -> bool:
        """Whether the schema is an object with members anywhere in it."""
        if "$dynamicRef" in schema.raw:
            schema = self.dynamics.target(schema)
        if shape.is_object(schema) or shape.is_map(schema):
            return True
        if schema.missing or schema.key in trail or (not choice and shape.choices(schema) and not schema.all_of):
            return False
        trail = (*trail, schema.key)
        listed = (*schema.all_of, *schema.one_of, *schema.any_of) if choice else schema.all_of
        return any(self.has_members(part, choice=choice, trail=trail) for part in listed)

    def members(self, schema: Schema, copied: Schema | None = None) -> dict[str, Schema]:
        """Own members by name: own properties, then those of the parts in order; the first of a name wins.

        The parts leave out the base class, unless it is `copied` because it cannot be one.
        """
        base = self.base_of(schema)
        found: dict[str, Schema] = {}
        self._gather(schema, None if copied is not None else base, found, [])
        return found

    def _gather(
        self, schema: Schema, base: Schema | None, found: dict[str, Schema], trail: list[tuple[str, str]]
    ) -> None:
        if "$dynamicRef" in schema.raw:
            schema = self.dynamics.target(schema)
        if schema.key in trail:
            return
        trail = [*trail, schema.key]
        for name, member in schema.properties.items():
            found.setdefault(name, member)
        for part in shape.flattened(schema.all_of):
            if base is None or part.ref is None or part.ref != base.ref:
                self._gather(part, None, found, trail)
        listed = [
            part
            for part in (*schema.one_of, *schema.any_of)
            if not part.only_null and (shape.is_object(part) or part.all_of)
        ]
        # what Kiota takes comes first, so that it decides about names that several alternatives have
        for part in sorted(listed, key=lambda part: not shape.meaningful(part, in_choice=True)):
            self._gather(part, None, found, trail)

    def _add_property(self, draft: Draft, name: str, schema: Schema, scope: Scope) -> None:
        inner = scope.property(draft.place, f"{draft.name}_{clean_symbols(name)}", referred=schema.ref is not None)
        if inner.name:
            inner = inner.called(inner.name + self.dynamics.inline_suffix(schema))
        if schema.ref:
            inner = replace(inner, place=self.place_of_ref(schema.ref))
        kind = self.type_of(schema, inner)
        if kind == _UNTYPED and schema.said("default") is not None:
            # a default alone says no type; that of the class that it derives from holds
            kind = inherited_type(self.drafts, draft, name) or kind
        plain = kind == PrimitiveRef(Primitive.INT64) and schema.format != "int64"
        stated = schema.said("default")
        default_type = kind.item if isinstance(kind, ListRef) else kind
        default = default_of(stated, default_type, plain_integer=plain)
        if isinstance(default_type, NamedRef):
            enum = self.enums.get(default_type.id)
            default = default if enum is not None and any(member.value == default for member in enum.members) else None
        told = facts(schema)
        if schema.said("x-ms-primary-error-message") is True:
            draft.messages.append(name)
        draft.properties.append(
            Property(
                name=name,
                type=kind,
                nullable=schema.null or name not in draft.schema.required,
                required=name in draft.schema.required,
                read_only=schema.said("readOnly") is True,
                mixed=self._is_mixed(schema, kind),
                computed=schema.said("readOnly") is True or told.get("computed") is True,
                immutable=told.get("immutable") is True,
                navigation=schema.said("x-ms-navigationProperty") is True,
                contained=told.get("contained") is True,
                default=default,
                description=schema.description,
                deprecation=deprecation_of(schema.raw),
                location=schema.location,
            )
        )

    def _is_mixed(self, schema: Schema, kind: TypeRef) -> bool:
        """Whether the type is that of one alternative among several: Kiota overlooks some of the others."""
        if isinstance(kind, ListRef) and schema.items is not None and self._is_mixed(schema.items, kind.item):
            return True
        if len([one for one in (*schema.one_of, *schema.any_of) if not one.only_null]) < 2:
            return False
        return isinstance(kind, ListRef) or (isinstance(kind, NamedRef) and kind.id in self.drafts)

    # ---------------------------------------------------------------------------------- discriminators

    def _discriminate(self, draft: Draft, scope: Scope) -> None:
        from graphslice.openapi.discriminators import discriminator_of

        draft.discriminator_property, entries = discriminator_of(self, draft.schema)
        own = Scope.of_operation(scope.node, MODELS, scope.segment(), "")
        for value, target in entries:
            found = self.type_of(target, own)
            if isinstance(found, NamedRef):
                draft.mapping.append((value, found.id))

    # ------------------------------------------------------------------------------------------ output

    def finished(self, errors: Iterable[str]) -> dict[str, TypeDecl]:
        """Every type that was made, by id."""
        faults = frozenset(errors)
        additional = self._wanted.additional_data
        types: dict[str, TypeDecl] = dict(self.enums)
        for draft in self.drafts.values():
            types[draft.id] = self._finish(draft, draft.id in faults, additional)
        types.update(self.unions.finished())
        return types

    def _finish(self, draft: Draft, is_error: bool, additional: bool) -> ObjectType:
        from graphslice.openapi.discriminators import kept_mapping, own_properties, primary_message

        schema = draft.schema
        return ObjectType(
            id=draft.id,
            name=draft.name,
            place=draft.place,
            origin=Origin.ERROR if is_error else draft.origin,
            description=schema.description,
            deprecation=deprecation_of(schema.raw),
            location=schema.location,
            base=draft.base,
            properties=own_properties(self.drafts, draft),
            discriminator=kept_mapping(self.drafts, draft),
            additional_data=additional and not schema.closed,
            keys=tuple(one for one in facts(schema).get("keys") or () if isinstance(one, str)),
            open=schema.raw.get("additionalProperties") not in (None, False),
            error=is_error,
            primary_message=primary_message(self.drafts, draft) if is_error else (),
        )

    def union_types(self) -> Iterator[ComposedType]:
        """The composed types, for those who look for one."""
        yield from self.unions.finished().values()


def facts(schema: Schema) -> Mapping[str, Any]:
    """What an export of ours says beyond OpenAPI."""
    told = schema.said("x-graphslice")
    return told if isinstance(told, dict) else {}


_NOWHERE = Scope("", MODELS, MODELS, "")
