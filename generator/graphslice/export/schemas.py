"""Declared types as JSON schemas of OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphslice.api.model import (
    ApiModel,
    ComposedType,
    Composition,
    Deprecation,
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

Schema = dict[str, Any]
_PRIMITIVES: Mapping[Primitive, Schema] = {
    Primitive.STRING: {"type": "string"},
    Primitive.BOOLEAN: {"type": "boolean"},
    Primitive.INT8: {"type": "integer", "format": "int8"},
    Primitive.UINT8: {"type": "integer", "format": "uint8"},
    Primitive.INT16: {"type": "integer", "format": "int16"},
    Primitive.INT32: {"type": "integer", "format": "int32"},
    Primitive.INT64: {"type": "integer", "format": "int64"},
    Primitive.FLOAT: {"type": "number", "format": "float"},
    Primitive.DOUBLE: {"type": "number", "format": "double"},
    Primitive.DECIMAL: {"type": "number", "format": "decimal"},
    Primitive.DATE_TIME: {"type": "string", "format": "date-time"},
    Primitive.DATE: {"type": "string", "format": "date"},
    Primitive.TIME: {"type": "string", "format": "time"},
    Primitive.DURATION: {"type": "string", "format": "duration"},
    Primitive.UUID: {"type": "string", "format": "uuid"},
    Primitive.BINARY: {"type": "string", "format": "base64url"},
}


class SchemaWriter:
    """Writes schemas and references to them; types that stand beside a path are written in place."""

    def __init__(self, model: ApiModel) -> None:
        """Find what has to be known of all types at once."""
        self._model = model
        self._messages = frozenset(_message_properties(model))

    def components(self) -> dict[str, Schema]:
        """Every type that has a place among the models, by its id."""
        declared = self._model.types.values()
        return {one.id: self.declared(one) for one in declared if self.is_component(one)}

    @staticmethod
    def is_component(declared: TypeDecl) -> bool:
        """Whether other schemas refer to the type by name."""
        return declared.place.path is None and not isinstance(declared, ComposedType)

    def schema(self, kind: TypeRef | None, *, nullable: bool = False) -> Schema:
        """The schema of a value."""
        if isinstance(kind, PrimitiveRef):
            plain = dict(_PRIMITIVES[kind.kind])
            return {**plain, "type": [plain["type"], "null"]} if nullable else plain
        if isinstance(kind, ListRef):
            return {"type": ["array", "null"] if nullable else "array", "items": self.schema(kind.item)}
        if isinstance(kind, NamedRef):
            declared = self._model.types[kind.id]
            if not self.is_component(declared):
                return self.declared(declared)
            return {"anyOf": [reference(kind.id), {"type": "null"}]} if nullable else reference(kind.id)
        return {}

    def declared(self, declared: TypeDecl) -> Schema:
        """The schema of a declared type."""
        if isinstance(declared, EnumType):
            return {**_enum(declared), **_told(declared.description, declared.deprecation)}
        if isinstance(declared, ComposedType):
            word = "oneOf" if declared.composition is Composition.UNION else "anyOf"
            return {word: [self.schema(member.type) for member in declared.members]}
        return self._object(declared)

    def _object(self, declared: ObjectType) -> Schema:
        told = _told(declared.description, declared.deprecation)
        own: Schema = {"type": "object"}
        if declared.properties:
            own["properties"] = {one.name: self.property(declared, one) for one in declared.properties}
        # what OData requires of an entity it does not require of a PATCH, which has the same schema
        partial = self._model.format == "csdl"
        required = [one.name for one in declared.properties if one.required and not partial]
        if required:
            own["required"] = required
        if declared.discriminator is not None:
            mapping = {value: f"#/components/schemas/{target}" for value, target in declared.discriminator.mapping}
            own["discriminator"] = {"propertyName": declared.discriminator.property_name, "mapping": mapping}
        closed: Schema = {} if declared.additional_data else {"additionalProperties": False}
        if declared.keys:
            closed["x-graphslice"] = {"keys": list(declared.keys)}
        if declared.base is None:
            return {**told, **own, **closed}
        return {**told, "allOf": [reference(declared.base), own], **closed}

    def property(self, owner: ObjectType, one: Property) -> Schema:
        """The schema of a property; from 3.1 on, a reference may have words beside it."""
        schema = self.schema(one.type, nullable=one.nullable and not isinstance(one.type, (ListRef, UntypedRef)))
        if one.read_only:
            schema["readOnly"] = True
        if one.default is not None:
            schema["default"] = one.default
        if one.navigation:
            schema["x-ms-navigationProperty"] = True
        facts = {
            "computed": one.computed and not one.read_only,
            "immutable": one.immutable,
            "contained": one.contained,
        }
        if any(facts.values()):
            schema["x-graphslice"] = {name: True for name, holds in facts.items() if holds}
        if (owner.id, one.name) in self._messages:
            schema["x-ms-primary-error-message"] = True
        schema.update(_told(one.description, one.deprecation))
        return schema


def reference(type_id: str) -> Schema:
    """Refer to a component."""
    return {"$ref": "#/components/schemas/" + type_id.replace("~", "~0").replace("/", "~1").replace("%", "%25")}


def _enum(declared: EnumType) -> Schema:
    schema: Schema = {"type": "string", "enum": [member.value for member in declared.members]}
    if any(member.name != member.value or member.description for member in declared.members):
        values = [
            {"value": member.value, "name": member.name, "description": member.description or member.name}
            for member in declared.members
        ]
        schema["x-ms-enum"] = {"name": declared.name, "modelAsString": False, "values": values}
    if declared.flags:
        schema["x-ms-enum-flags"] = {"isFlags": True}
    return schema


def _told(description: str, deprecation: Deprecation | None) -> Schema:
    told: Schema = {"description": description} if description else {}
    told.update(deprecated(deprecation))
    return told


def deprecated(deprecation: Deprecation | None) -> Schema:
    """The words for a deprecation."""
    if deprecation is None:
        return {}
    parts = {
        "description": deprecation.description,
        "version": deprecation.version,
        "date": deprecation.date,
        "removalDate": deprecation.removal_date,
    }
    told = {key: value for key, value in parts.items() if value}
    return {"deprecated": True, "x-ms-deprecation": told} if told else {"deprecated": True}


def _message_properties(model: ApiModel) -> Iterator[tuple[str, str]]:
    """The properties at the ends of the paths to errors' texts, with the types that declare them."""
    for declared in model.types.values():
        if not isinstance(declared, ObjectType) or not declared.primary_message:
            continue
        current: TypeDecl | None = declared
        for place, name in enumerate(declared.primary_message):
            owner, found = _declaring(model, current, name)
            if owner is None or found is None:
                break
            if place == len(declared.primary_message) - 1:
                yield owner.id, name
            current = model.types.get(found.type.id) if isinstance(found.type, NamedRef) else None


def _declaring(model: ApiModel, current: TypeDecl | None, name: str) -> tuple[ObjectType | None, Property | None]:
    while isinstance(current, ObjectType):
        for one in current.properties:
            if one.name == name:
                return current, one
        current = model.types.get(current.base) if current.base else None
    return None, None
