"""Questions about the declared types of a model: properties with the inherited ones, keys, descent, first values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphslice.api.model import (
    ApiModel,
    ComposedType,
    EnumType,
    ListRef,
    NamedRef,
    ObjectType,
    Primitive,
    PrimitiveRef,
    Property,
    TypeDecl,
    TypeRef,
    UntypedRef,
)

Json = Any
"""A JSON value as `json.loads` gives it."""
Entity = dict[str, Json]

YEAR_ONE = "0001-01-01T00:00:00Z"
"""How services of this family write a moment that has not come yet where null is not allowed."""

_ZEROES: Mapping[Primitive, Json] = {
    Primitive.STRING: "",
    Primitive.BOOLEAN: False,
    Primitive.FLOAT: 0,
    Primitive.DOUBLE: 0,
    Primitive.DECIMAL: 0,
    Primitive.DATE_TIME: YEAR_ONE,
    Primitive.DATE: "0001-01-01",
    Primitive.TIME: "00:00:00",
    Primitive.DURATION: "PT0S",
    Primitive.UUID: "00000000-0000-0000-0000-000000000000",
    Primitive.BINARY: "",
}


class Schema:
    """The types of a model, asked by id."""

    def __init__(self, model: ApiModel) -> None:
        """Look at `model`; nothing is computed before it is asked for."""
        self.types = model.types
        self._openapi = model.format == "openapi"
        self._properties: dict[str, Mapping[str, Property]] = {}

    def declaration(self, ref: TypeRef | None) -> TypeDecl | None:
        """Give the declared type behind a reference, None for everything that has no name."""
        return self.types.get(ref.id) if isinstance(ref, NamedRef) else None

    def object(self, type_id: str) -> ObjectType | None:
        """Give a declared type if it has properties."""
        found = self.types.get(type_id)
        return found if isinstance(found, ObjectType) else None

    def lineage(self, type_id: str) -> list[ObjectType]:
        """Give the type and its bases, root first."""
        chain: list[ObjectType] = []
        current = self.object(type_id)
        while current is not None and current not in chain:
            chain.append(current)
            current = self.object(current.base) if current.base else None
        return chain[::-1]

    def properties(self, type_id: str) -> Mapping[str, Property]:
        """Give all properties by wire name: inherited ones first, the nearest declaration of a name."""
        known = self._properties.get(type_id)
        if known is None:
            known = {prop.name: prop for owner in self.lineage(type_id) for prop in owner.properties}
            self._properties[type_id] = known = {
                name: prop for name, prop in known.items() if not name.startswith("@") and "@odata." not in name
            }
        return known

    def structural(self, type_id: str) -> list[Property]:
        """Give the properties that stand in a plain response."""
        return [prop for prop in self.properties(type_id).values() if not prop.navigation]

    def keys(self, type_id: str) -> tuple[str, ...]:
        """Give the key properties, declared by the nearest type of the line that has any."""
        for owner in reversed(self.lineage(type_id)):
            if owner.keys:
                return owner.keys
        return ()

    def is_a(self, type_id: str, base_id: str) -> bool:
        """Tell whether a type is another one or derived from it."""
        return any(owner.id == base_id for owner in self.lineage(type_id))

    def is_open(self, type_id: str) -> bool:
        """Tell whether values may have members that are not declared."""
        return any(owner.open or (self._openapi and owner.additional_data) for owner in self.lineage(type_id))

    def needs_derived(self, type_id: str) -> bool:
        """Tell whether a type is abstract and the model has a concrete one to use in its place."""
        declared = self.object(type_id)
        return bool(declared and declared.abstract) and any(
            isinstance(other, ObjectType) and not other.abstract and self.is_a(other.id, type_id)
            for other in self.types.values()
        )

    def named(self, wire: Json, base_id: str) -> str | None:
        """Give the type that an ``@odata.type`` names, if it is `base_id` or derived from it."""
        if not isinstance(wire, str):
            return None
        for owner in self.lineage(base_id):
            for value, type_id in owner.discriminator.mapping if owner.discriminator else ():
                if value.lower() == wire.lower() and self.is_a(type_id, base_id):
                    return type_id
        type_id = wire.removeprefix("#")
        return type_id if self.object(type_id) is not None and self.is_a(type_id, base_id) else None

    def zero(self, prop: Property) -> Json:
        """Give the value of a property that nobody has set."""
        if prop.default is not None:
            return prop.default
        if isinstance(prop.type, ListRef):
            return []
        return None if prop.nullable else self._first(prop.type, ())

    def _first(self, ref: TypeRef, above: tuple[str, ...]) -> Json:
        if isinstance(ref, ListRef):
            return []
        if isinstance(ref, UntypedRef):
            return None
        if isinstance(ref, PrimitiveRef):
            return _ZEROES.get(ref.kind, 0)
        found = self.types.get(ref.id)
        if isinstance(found, EnumType):
            return found.members[0].value if found.members else ""
        if isinstance(found, ComposedType) or found is None or ref.id in above:
            return None
        return {
            prop.name: self._first(prop.type, (*above, ref.id))
            if not prop.nullable and prop.default is None
            else self.zero(prop)
            for prop in self.structural(ref.id)
        }

    def complete(self, type_id: str, value: Entity) -> None:
        """Give the complex values inside an entity the members that nobody has set."""
        for prop in self.structural(type_id):
            inner = self.element(prop.type)
            if not inner or self.object(inner) is None:
                continue
            held = value.get(prop.name)
            for each in held if isinstance(held, list) else [held]:
                if isinstance(each, dict):
                    tag = each.get("@odata.type")
                    actual = tag.removeprefix("#") if isinstance(tag, str) else inner
                    for member in self.structural(actual):
                        each.setdefault(member.name, self.zero(member))
                    self.complete(actual, each)

    def element(self, ref: TypeRef) -> str:
        """Give the id of the declared type of a value or of a list's items; empty where it has none."""
        inner = ref.item if isinstance(ref, ListRef) else ref
        return inner.id if isinstance(inner, NamedRef) else ""
