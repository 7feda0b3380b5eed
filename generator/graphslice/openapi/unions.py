"""Values that are one of several types: oneOf, anyOf, and lists of types.

A choice becomes a wrapper class that stands with whoever uses it, with a member for each alternative.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graphslice.api.model import (
    ComposedMember,
    ComposedType,
    Composition,
    Discriminator,
    ListRef,
    NamedRef,
    Origin,
    Place,
    Primitive,
    PrimitiveRef,
    TypeRef,
    UntypedRef,
)
from graphslice.api.naming import clean_symbols, first_upper
from graphslice.openapi import shape
from graphslice.openapi.deprecation import deprecation_of
from graphslice.openapi.discriminators import ancestry, stated_mapping, stated_property
from graphslice.openapi.schema import Schema, dynamic_anchor
from graphslice.openapi.scope import Scope

if TYPE_CHECKING:
    from graphslice.openapi.models import TypeBuilder

MEMBER_NAMES = {
    Primitive.STRING: "string",
    Primitive.BOOLEAN: "boolean",
    Primitive.INT8: "sbyte",
    Primitive.UINT8: "byte",
    Primitive.INT16: "integer",
    Primitive.INT32: "integer",
    Primitive.INT64: "int64",
    Primitive.FLOAT: "float",
    Primitive.DOUBLE: "double",
    Primitive.DECIMAL: "decimal",
    Primitive.DATE_TIME: "DateTimeOffset",
    Primitive.DATE: "DateOnly",
    Primitive.TIME: "TimeOnly",
    Primitive.DURATION: "TimeSpan",
    Primitive.UUID: "Guid",
    Primitive.BINARY: "base64",
}
_SCALARS = ("boolean", "number", "integer", "string")


@dataclass(slots=True)
class _Union:
    id: str
    name: str
    place: Place
    schema: Schema
    composition: Composition
    members: list[ComposedMember] = field(default_factory=list)
    unnamed: int = 0
    plain: bool = False

    def take(self, name: str, kind: TypeRef, keys: tuple[str, ...] = ()) -> None:
        """Add a member; a second one of the same name is called after the wrapper, too."""
        taken = {member.name.lower(): member for member in self.members}
        known = taken.get(name.lower())
        if known is not None and known.type == kind:
            return
        if known is not None:
            prefixed = name = f"{self.name}_{name}"
            number = 1
            while name.lower() in taken:
                if taken[name.lower()].type == kind:
                    return
                number += 1
                name = f"{prefixed}{number}"
        self.members.append(ComposedMember(name, kind, keys))


class Unions:
    """Makes the composed types of one description."""

    def __init__(self, builder: TypeBuilder) -> None:
        """Work for one builder, which makes the members' classes."""
        self._builder = builder
        self._unions: dict[tuple[Place, str], list[_Union]] = {}

    def type_of(self, schema: Schema, scope: Scope) -> TypeRef | None:
        """The type of a schema that is a choice; None when it is none."""
        if len(schema.types) > 1:
            return self._of_types(schema, scope)
        if not (schema.one_of or schema.any_of):
            return None
        many = [
            listed
            for listed in (schema.one_of, schema.any_of)
            if sum(shape.meaningful(one, in_choice=True) for one in listed) > 1
        ]
        lone = shape.lone_choice(schema)
        if lone is not None and (not many or lone in schema.any_of):
            if shape.is_plain_union(schema):
                listed = schema.one_of or schema.any_of
                return self._composed(schema, listed, _composition(schema), scope)
            return self._of_lone(schema, lone, scope)
        if not many or schema.format:
            return None
        alternatives = tuple(one for listed in many for one in listed)
        number = shape.is_number_triplet(alternatives)
        if number is not None:
            kind = shape.primitive(number)
            return PrimitiveRef(kind) if kind else None
        rest = [one for one in alternatives if not one.only_null]
        if len(alternatives) == 2 and len(rest) == 1 and shape.named_part(rest[0]) is not None:
            return self._or_null(rest[0], scope.unnamed() if schema.ref else scope)
        return self._composed(schema, alternatives, _composition(schema), scope)

    def _of_lone(self, schema: Schema, lone: Schema, scope: Scope) -> TypeRef | None:
        inside = schema.has_properties or (schema.type == "object" and lone.ref is None)
        if inside and self._builder.has_members(lone):
            return self._builder.declare(schema, scope)
        if schema.has_properties or schema.enum:
            return None
        return self._builder.type_of(lone, scope.unnamed() if schema.ref else scope)

    def _or_null(self, one: Schema, scope: Scope) -> TypeRef:
        """The type of a named alternative beside null."""
        named = shape.named_part(one)
        if named is not None and "array" not in named.types and self._is_plain(named):
            listed = "array" in one.types
            plain = self._plain(named, scope)
            return ListRef(plain) if listed else plain
        return self._builder.type_of(one, scope)

    def _is_plain(self, schema: Schema) -> bool:
        return not schema.enum and not self._builder.has_members(schema) and shape.first_primitive(schema) is not None

    def _plain(self, schema: Schema, scope: Scope) -> NamedRef:
        """The class for a named plain value. Kiota's holds nothing; ours has one member that does."""
        builder = self._builder
        assert schema.ref is not None
        place = builder.place_of_ref(schema.ref)
        name = builder.name_of(schema, scope)
        same = self._unions.setdefault((place, name.lower()), [])
        if not same:
            kind = shape.first_primitive(schema) or Primitive.STRING
            union = _Union(_id(place, name), name, place, schema, Composition.UNION, plain=True)
            union.take(_primitive_name(schema, kind), PrimitiveRef(kind))
            same.append(union)
        return NamedRef(same[0].id)

    # ------------------------------------------------------------------------------------ lists of types

    def _of_types(self, schema: Schema, scope: Scope) -> TypeRef | None:
        number = shape.primitive(schema)
        if number is not None:
            return PrimitiveRef(number)
        if schema.format:
            return UntypedRef()
        union, new = self._open(schema, Composition.UNION, scope)
        if not new:
            return NamedRef(union.id)
        for kind in _SCALARS:
            if kind in schema.types:
                plain = {"boolean": Primitive.BOOLEAN, "number": Primitive.DOUBLE, "integer": Primitive.INT64}
                name = {"number": "double"}.get(kind, kind)
                union.take(name, PrimitiveRef(plain.get(kind, Primitive.STRING)))
        inner = scope.at(self._builder.place_of(schema, scope))
        if "array" in schema.types and schema.items is not None:
            item = self._builder.item_type(schema, schema.items, inner.called(union.name + "_items"))
            if not isinstance(item, (ListRef, UntypedRef)):
                union.take(self._item_name(item), ListRef(item))
        if "object" in schema.types and schema.has_properties:
            name = f"{union.name}Member1"
            union.take(name, self._builder.declare(schema, inner, name, inner.place))
        return NamedRef(union.id)

    def _item_name(self, item: TypeRef) -> str:
        if isinstance(item, PrimitiveRef):
            return "integer" if item.kind is Primitive.INT64 else MEMBER_NAMES[item.kind]
        assert isinstance(item, NamedRef)
        draft, enum = self._builder.drafts.get(item.id), self._builder.enums.get(item.id)
        if draft is not None:
            return draft.name
        return enum.name if enum is not None else "values"

    # ------------------------------------------------------------------------------------------ choices

    def _open(self, schema: Schema, composition: Composition, scope: Scope) -> tuple[_Union, bool]:
        """The wrapper for a schema where it is used; and whether it is new."""
        name = self._builder.name_of(schema, scope)
        same = self._unions.setdefault((scope.user, name.lower()), [])
        for union in same:
            if union.schema.key == schema.key:
                return union, False
        spelled = name if not same else f"{name}{len(same) + 1}"
        union = _Union(_id(scope.user, spelled), spelled, scope.user, schema, composition)
        same.append(union)
        return union, True

    def _composed(
        self, schema: Schema, alternatives: tuple[Schema, ...], composition: Composition, scope: Scope
    ) -> TypeRef:
        union, new = self._open(schema, composition, scope)
        if not new:
            return NamedRef(union.id)
        inner = replace(scope, place=self._builder.place_of(schema, scope), suffix="", name="")
        # Kiota names lists of plain values before the values themselves, whatever the order of the text
        for one in sorted(alternatives, key=lambda one: not _is_plain_list(one)):
            self._alternative(union, one, inner)
        return NamedRef(union.id)

    def _alternative(self, union: _Union, one: Schema, scope: Scope) -> None:
        if one.missing:
            return
        if dynamic_anchor(one.raw):
            self._dynamic(union, one, scope)
            return
        if one.ref is not None:
            self._named(union, one, scope)
            return
        if "array" in one.types and one.items is not None:
            self._listed(union, one, one.items, scope)
            return
        kind = shape.first_primitive(one)
        if kind is not None:
            union.take(_primitive_name(one, kind), PrimitiveRef(kind))
            return
        if one.types == ("object",) and not self._has_content(one):
            name = f"{union.name}Values"
        else:
            union.unnamed += 1
            name = f"{union.name}Member{union.unnamed}"
        union.take(name, self._builder.declare(one, scope, name, scope.place))

    def _dynamic(self, union: _Union, one: Schema, scope: Scope) -> None:
        """A dynamic reference: the member, and the class that it holds, are called after the anchor."""
        builder = self._builder
        kind = builder.type_of(one, scope)
        name = first_upper(clean_symbols(dynamic_anchor(one.raw))) or f"{union.name}Values"
        meant = builder.drafts.get(kind.id) if isinstance(kind, NamedRef) else None
        known = builder.find(Place(), name)
        if meant is not None and (known is None or builder.drafts[known].schema.key == meant.schema.key):
            kind = builder.declare(meant.schema, scope, name, Place())
        union.take(name, kind)

    @staticmethod
    def _has_content(schema: Schema) -> bool:
        return schema.has_properties or bool(schema.all_of or schema.one_of or schema.any_of)

    def _named(self, union: _Union, one: Schema, scope: Scope) -> None:
        builder = self._builder
        name = builder.name_of(one, scope)
        if "array" in one.types and one.items is not None and not shape.is_object(one):
            self._listed(union, one, one.items, scope)
            return
        if one.enum or builder.has_members(one):
            union.take(name, builder.declare(one, scope))
            return
        if self._is_plain(one):
            union.take(name, self._plain(one, scope))
        elif not one.missing:
            union.take(name, builder.declare(one, scope))

    def _listed(self, union: _Union, one: Schema, items: Schema, scope: Scope) -> None:
        builder = self._builder
        place = builder.place_of(one, scope)
        if items.ref is not None and self._is_plain(items):
            union.take(builder.name_of(items, scope), ListRef(self._plain(items, scope)))
            return
        kind = shape.first_primitive(items)
        if kind is not None and not (items.ref and items.enum):
            union.take(_primitive_name(items, kind), ListRef(PrimitiveRef(kind)))
            return
        if "array" in items.types:
            union.take(f"{union.name}Lists", UntypedRef())
            return
        if items.ref is not None:
            name = builder.name_of(items, scope)
        else:
            union.unnamed += 1
            name = f"{union.name}Member{union.unnamed}"
        union.take(name, ListRef(builder.declare(items, scope, name, place)))

    # ------------------------------------------------------------------------------------------ output

    def finished(self) -> dict[str, ComposedType]:
        """Every composed type; one that is called like a class in its place gets `Wrapper` behind its name."""
        types: dict[str, ComposedType] = {}
        for same in self._unions.values():
            for union in same:
                clash = self._builder.find(union.place, union.name) is not None
                name = f"{union.name}Wrapper" if clash else union.name
                types[union.id] = self._finish(union, name)
        return types

    def _finish(self, union: _Union, name: str) -> ComposedType:
        key_property, keys = self._keys(union)
        members = tuple(
            ComposedMember(
                one.name,
                one.type,
                tuple(value for value, target in keys if isinstance(one.type, NamedRef) and target == one.type.id),
            )
            for one in union.members
        )
        return ComposedType(
            id=union.id,
            name=name,
            place=union.place,
            origin=Origin.SCHEMA if union.schema.ref else Origin.INLINE,
            description=union.schema.description,
            deprecation=deprecation_of(union.schema.raw),
            location=union.schema.location,
            composition=union.composition,
            members=members,
            discriminator=Discriminator(key_property, tuple(keys)) if keys else None,
            plain=union.plain,
        )

    def _keys(self, union: _Union) -> tuple[str, list[tuple[str, str]]]:
        """The values that choose a member: of the mapping, else of a common base, else the names of the components."""
        ids = {member.type.id for member in union.members if isinstance(member.type, NamedRef)}
        key_property = stated_property(union.schema)
        stated: list[tuple[str, str]] = []
        for value, schema in stated_mapping(self._builder, union.schema):
            target = self._declared(schema)
            if target in ids:
                stated.append((value, target))
        if stated:
            return key_property, stated
        found: list[tuple[str, str]] = []
        for one in (*union.schema.one_of, *union.schema.any_of):
            target = self._declared(one)
            if one.ref is None or target not in ids or target not in self._builder.drafts:
                continue
            own, inherited_property = self._inherited(target)
            key_property = key_property or inherited_property
            found.extend((value, target) for value in own or [one.ref.name])
        return key_property, list(dict.fromkeys(found))

    def _declared(self, schema: Schema) -> str:
        if schema.ref is None:
            return ""
        builder = self._builder
        return (
            builder.find(builder.place_of_ref(schema.ref), builder.name_of(schema, Scope("", Place(), Place(), "")))
            or ""
        )

    def _inherited(self, target: str) -> tuple[list[str], str]:
        drafts = self._builder.drafts
        for one in ancestry(drafts, drafts[target]):
            values = [value for value, named in one.mapping if named == target]
            if one.discriminator_property and values:
                return values, one.discriminator_property
        return [], ""


def _composition(schema: Schema) -> Composition:
    return Composition.UNION if schema.one_of else Composition.INTERSECTION


def _id(place: Place, name: str) -> str:
    """An id that no class has: component keys hold no blanks."""
    if place.path is not None:
        return f"{place.path}#{name} (choice)"
    return ".".join((*place.namespace, name)) + " (choice)"


def _is_plain_list(schema: Schema) -> bool:
    items = schema.items
    return (
        "array" in schema.types and items is not None and items.ref is None and shape.first_primitive(items) is not None
    )


def _primitive_name(schema: Schema, kind: Primitive) -> str:
    if kind is Primitive.INT64 and schema.format != "int64":
        return "integer"
    if kind is Primitive.BINARY and schema.format in ("binary", "base64url"):
        return schema.format
    return MEMBER_NAMES[kind]
