"""Multipart bodies: when a body is sent part by part, and which types its parts need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphslice.api.model import NamedRef, PrimitiveRef, Property, UntypedRef
from graphslice.openapi import shape
from graphslice.openapi.media import MULTIPART, Entry, MediaTypes
from graphslice.openapi.models import TypeBuilder
from graphslice.openapi.schema import Schema
from graphslice.openapi.scope import Scope

if TYPE_CHECKING:
    from graphslice.openapi.operations import Content


def multipart_parts(
    builder: TypeBuilder, media: MediaTypes, content: Content, entry: Entry, schema: Schema, scope: Scope
) -> tuple[Property, ...] | None:
    """The parts of a body that is sent part by part; None for every other body."""
    if entry.key != MULTIPART or not schema.has_properties:
        return None
    structured = [one for one in content.entries if media.is_structured(one.key)]
    if len(structured) > 1:
        return None
    stated = entry.raw.get("encoding")
    encoding = stated if isinstance(stated, dict) else {}
    if not encoding and (len(content.entries) > 1 or not any(_is_part(one) for one in schema.properties.values())):
        return None
    for name in encoding:
        if name not in schema.properties:
            message = f"the encoding names {name!r}, which is no part of the body"
            builder.findings.warn("OAS403", message, content.document, entry.pointer, "name a property of the schema")
    return tuple(_part(builder, media, name, one, encoding, schema, scope) for name, one in schema.properties.items())


def _is_part(schema: Schema) -> bool:
    inner = schema.items if "array" in schema.types and schema.items is not None else schema
    if inner is not schema and shape.is_object(inner):
        return False
    return shape.is_object(inner) or bool(inner.enum) or shape.primitive(inner) is not None


def _part(
    builder: TypeBuilder,
    media: MediaTypes,
    name: str,
    schema: Schema,
    encoding: dict[str, object],
    body: Schema,
    scope: Scope,
) -> Property:
    """One part; its class is made only where the part is written as a model."""
    told = encoding.get(name)
    kind = told.get("contentType") if isinstance(told, dict) else None
    written = isinstance(kind, str) and media.lists(kind)
    modelled = written if encoding else schema.type == "object" or bool(schema.enum)
    declared = builder.type_of(schema, scope) if modelled else UntypedRef()
    plain = shape.primitive(schema)
    if not modelled and plain is not None:
        return Property(
            name=name, type=PrimitiveRef(plain), required=name in body.required, description=schema.description
        )
    kept = declared if isinstance(declared, NamedRef) or modelled else UntypedRef()
    return Property(name=name, type=kept, required=name in body.required, description=schema.description)
