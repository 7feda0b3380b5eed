"""Parameters of paths, queries, headers and cookies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphslice.api.model import (
    HeaderParameter,
    ListRef,
    NamedRef,
    PathParameter,
    Place,
    Primitive,
    PrimitiveRef,
    QueryParameter,
    TypeRef,
)
from graphslice.api.naming import clean_symbols, first_upper, placeholders
from graphslice.diagnostics import error
from graphslice.openapi import shape
from graphslice.openapi.deprecation import deprecation_of
from graphslice.openapi.documents import Document, Found
from graphslice.openapi.models import TypeBuilder
from graphslice.openapi.schema import Schema
from graphslice.openapi.scope import Scope

STRING = PrimitiveRef(Primitive.STRING)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
_PLAIN_TYPES = {
    "integer": Primitive.INT64,
    "number": Primitive.DOUBLE,
    "boolean": Primitive.BOOLEAN,
    "string": Primitive.STRING,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter behind its references."""

    name: str
    where: str
    raw: Mapping[str, Any]
    schema: Schema | None
    document: Document
    pointer: str

    @property
    def place(self) -> tuple[str, str]:
        """Where it is declared."""
        return self.document.origin, self.pointer

    @property
    def is_component(self) -> bool:
        """Whether several paths may share it."""
        return self.pointer.startswith("/components/parameters/")


def read_parameters(builder: TypeBuilder, found: Found) -> Iterator[Parameter]:
    """The parameters of a path item or operation, in order, the first of a name and place only."""
    listed = found.value.get("parameters") if isinstance(found.value, dict) else None
    seen: set[tuple[str, str]] = set()
    for index, raw in enumerate(listed if isinstance(listed, list) else ()):
        pointer = f"{found.pointer}/parameters/{index}"
        target = follow(builder, Found(found.document, pointer, raw))
        if target is None or not isinstance(target.value, dict):
            continue
        name, where = target.value.get("name"), target.value.get("in")
        if not isinstance(name, str) or not name or where not in ("path", "query", "header", "cookie"):
            message = "a parameter without a name or a known place is left out"
            builder.findings.warn("OAS301", message, target.document, target.pointer, "give it `name` and `in`")
            continue
        if (name, where) in seen:
            message = f"{where} parameter {name!r} is declared twice; the first one counts"
            builder.findings.warn("OAS302", message, target.document, target.pointer, "remove one of them")
            continue
        seen.add((name, where))
        schema = target.value.get("schema")
        view = (
            builder.schemas.at(target.document, f"{target.pointer}/schema", schema)
            if isinstance(schema, dict)
            else None
        )
        yield Parameter(name, where, target.value, view, target.document, target.pointer)


def follow(builder: TypeBuilder, found: Found) -> Found | None:
    """Follow the references of anything that is no schema; None when they lead nowhere."""
    seen = 0
    while isinstance(found.value, dict) and isinstance(found.value.get("$ref"), str):
        target = builder.schemas.library.find(found.document, found.value["$ref"], found.pointer)
        seen += 1
        if target is None:
            return None
        if seen > 32:
            message = f"{found.value['$ref']!r} leads in a circle and is left out"
            builder.findings.warn("OAS104", message, found.document, found.pointer, "point it at a definition")
            return None
        found = target
    return found


# ------------------------------------------------------------------------------------------------ types


def value_type(schema: Schema | None) -> TypeRef:
    """The type of a parameter that is no enum."""
    if schema is None or schema.missing:
        return STRING
    if "array" in schema.types:
        items = schema.items
        plain = items is not None and items.types and "array" not in items.types
        return ListRef(value_type(items) if plain else STRING)
    return PrimitiveRef(_scalar(schema))


def _scalar(schema: Schema) -> Primitive:
    if len(schema.types) > 1:
        return shape.primitive(schema) or Primitive.STRING
    if schema.types or schema.format:
        own = shape.primitive(schema)
        if own is not None and (schema.types or not (schema.one_of or schema.any_of)):
            return own
    parts = schema.one_of or schema.any_of
    if not parts:
        return Primitive.STRING
    kind = "" if shape.is_plain_union(schema) else _first_kind(parts)
    plain = _PLAIN_TYPES.get(kind, Primitive.STRING)
    if schema.format:
        numeric = plain in (Primitive.INT64, Primitive.DOUBLE)
        own = shape.primitive(schema)
        return plain if numeric or own is None else own
    return plain


def _first_kind(parts: tuple[Schema, ...]) -> str:
    for part in parts:
        if part.only_null:
            return ""
        if part.type in _PLAIN_TYPES:
            return part.type
    return ""


class ParameterReader:
    """Turns declared parameters into those of the model."""

    def __init__(self, builder: TypeBuilder) -> None:
        """Declare enums through `builder`."""
        self._builder = builder

    # -------------------------------------------------------------------------------------------- path

    def path(
        self, path: str, own: list[Parameter], operations: list[list[Parameter]], *, has_list: bool
    ) -> tuple[PathParameter, ...]:
        """The placeholders of a path: those that operations declare first, then those of the path item."""
        names = dict.fromkeys(placeholders(path))
        lowered = {name.lower(): name for name in reversed(names)}
        found: dict[str, PathParameter] = {}
        for one in (*(one for listed in operations for one in listed), *own):
            name = one.name if one.name in names else lowered.get(one.name.lower())
            if one.where == "path" and name is not None and name not in found:
                found[name] = PathParameter(
                    name=name,
                    type=self._path_type(one.schema),
                    reserved=has_list and one.raw.get("x-ms-reserved-parameter") is True,
                    description=_text(one.raw),
                    deprecation=deprecation_of(one.raw),
                )
        for name in names:
            found.setdefault(name, PathParameter(name=name, type=STRING, declared=False))
        return tuple(found.values())

    def _path_type(self, schema: Schema | None) -> TypeRef:
        return value_type(schema)

    # ------------------------------------------------------------------------------------------- query

    def query(self, path: str, verb: str, one: Parameter) -> QueryParameter:
        """A query parameter; an inline enum becomes a type of the operation."""
        style = one.raw.get("style")
        style = style if isinstance(style, str) and style else "form"
        explode = one.raw.get("explode")
        return QueryParameter(
            name=one.name,
            type=self._query_type(path, verb, one),
            required=one.raw.get("required") is True,
            explode=explode if isinstance(explode, bool) else style == "form",
            style=style,
            description=_text(one.raw),
            deprecation=deprecation_of(one.raw),
        )

    def _query_type(self, path: str, verb: str, one: Parameter) -> TypeRef:
        schema = one.schema
        if schema is None:
            return STRING
        if schema.enum:
            return self._enum(path, verb, one.name, schema)
        if "array" in schema.types and schema.items is not None and schema.items.enum:
            return ListRef(self._enum(path, verb, one.name, schema.items))
        return value_type(schema)

    def _enum(self, path: str, verb: str, name: str, schema: Schema) -> NamedRef:
        scope = Scope(path, Place(path=path), Place(path=path), "")
        if schema.ref:
            return self._builder.declare(schema, scope)
        called = clean_symbols(f"{verb.capitalize()}{first_upper(clean_symbols(name))}QueryParameterType")
        return self._builder.declare(schema, scope.called(called))

    @staticmethod
    def has_inline_enum(one: Parameter) -> bool:
        """Whether the parameter needs an enum of its own in every operation."""
        schema = one.schema
        if schema is not None and "array" in schema.types and schema.items is not None:
            schema = schema.items
        return schema is not None and bool(schema.enum) and schema.ref is None

    # ------------------------------------------------------------------------------------------ headers

    def headers(self, listed: list[Parameter]) -> tuple[HeaderParameter, ...]:
        """Headers and cookies; those that have a place of their own in a request are left out."""
        found: dict[tuple[str, bool], HeaderParameter] = {}
        for one in listed:
            if one.where not in ("header", "cookie") or (
                one.where == "header" and one.name.lower() in _IGNORED_HEADERS
            ):
                continue
            if not _TOKEN.match(one.name):
                message = f"{one.name!r} is no name for a {one.where}"
                where = self._builder.findings.place(one.document, one.pointer)
                raise error("OAS303", message, where, "use letters, digits and dashes")
            found.setdefault(
                (one.name.lower(), one.where == "cookie"),
                HeaderParameter(
                    name=one.name,
                    type=value_type(one.schema),
                    cookie=one.where == "cookie",
                    required=one.raw.get("required") is True,
                    description=_text(one.raw),
                ),
            )
        return tuple(found.values())


def _text(raw: Mapping[str, Any]) -> str:
    stated = raw.get("description")
    return stated if isinstance(stated, str) else ""
