"""What kind of type a schema is: the questions on which Kiota's outcomes turn, each asked in one place."""

from __future__ import annotations

from collections.abc import Iterable

from graphslice.api.model import Primitive
from graphslice.openapi.schema import Schema

_NUMERIC_FORMATS = frozenset({"int8", "uint8", "int16", "int32", "int64", "float", "double", "decimal"})
_INTEGERS = {
    "int8": Primitive.INT8,
    "uint8": Primitive.UINT8,
    "int16": Primitive.INT16,
    "int32": Primitive.INT32,
    "int64": Primitive.INT64,
}
_FLOATS = {"float": Primitive.FLOAT, "double": Primitive.DOUBLE, "decimal": Primitive.DECIMAL}
_TEXTS = {
    "date-time": Primitive.DATE_TIME,
    "date": Primitive.DATE,
    "time": Primitive.TIME,
    "duration": Primitive.DURATION,
    "uuid": Primitive.UUID,
    "base64url": Primitive.BINARY,
}
_BYTES = frozenset({"byte", "binary"})


def meaningful(schema: Schema, *, in_choice: bool = False, as_base: bool = False) -> bool:
    """Whether the schema says anything about the shape of a value, and not only about its limits.

    In a choice, a bare object says nothing (OData's way to write null); as a base or beside one, only properties,
    formats and names do.
    """
    if schema.ref or schema.has_properties or schema.format:
        return True
    if as_base:
        return False
    if "$dynamicRef" in schema.raw:
        return True
    if schema.enum or (schema.items is not None and "array" in schema.types):
        return True
    stated = bool(schema.types) or schema.only_null
    return stated and not (in_choice and schema.types == ("object",))


def flattened(parts: tuple[Schema, ...]) -> tuple[Schema, ...]:
    """The parts of allOf, without wrappers that only hold another allOf."""
    while len(parts) == 1 and not parts[0].ref and not parts[0].has_properties and parts[0].all_of:
        parts = parts[0].all_of
    return parts


def base_part(schema: Schema) -> Schema | None:
    """The one reference of an allOf that is the base class, if the rest makes it one."""
    if not schema.all_of:
        return None
    parts = [part for part in flattened(schema.all_of) if meaningful(part, as_base=True)]
    parts = [part for part in parts if not part.ref or part.types in ((), ("object",))]
    named = [part for part in parts if part.ref]
    beside = len(parts) - len(named)
    own = schema.ref is not None or schema.has_properties or bool(schema.format)
    return named[0] if len(named) == 1 and (beside == 1 or own) else None


def is_merged(schema: Schema) -> bool:
    """Whether an allOf is one class with everything in it."""
    parts = [part for part in schema.all_of if meaningful(part)]
    named = sum(1 for part in parts if part.ref)
    return named > 1 or len(parts) - named > 1


def choices(schema: Schema) -> tuple[Schema, ...]:
    """The alternatives of a choice; nothing if fewer than two of them say anything."""
    for listed in (schema.one_of, schema.any_of):
        if sum(1 for one in listed if meaningful(one, in_choice=True)) > 1:
            return listed
    return ()


def lone_choice(schema: Schema) -> Schema | None:
    """The one alternative that says anything; that of anyOf before that of oneOf."""
    for listed in (schema.any_of, schema.one_of):
        said = [one for one in listed if meaningful(one, in_choice=True)]
        if len(said) == 1:
            return said[0]
    return None


def is_number_triplet(parts: Iterable[Schema]) -> Schema | None:
    """The number of OData's `number, or text, or one of INF and NaN`."""
    listed = tuple(parts)
    number = next((one for one in listed if one.type in ("number", "integer")), None)
    words = [one for one in listed if one.enum and set(filter(None, one.enum)) <= {"INF", "-INF", "NaN"}]
    plain = [one for one in listed if one.type == "string" and not one.enum and not one.format]
    return number if len(listed) == 3 and words and plain else None


def named_part(schema: Schema) -> Schema | None:
    """The reference that names the schema: its own, that of its items, or the only thing in its allOf."""
    if schema.ref is not None:
        return schema
    if schema.items is not None and schema.items.ref is not None:
        return schema.items
    said = [part for part in schema.all_of if meaningful(part)]
    return said[0] if len(said) == 1 and said[0].ref is not None and not schema.has_properties else None


def is_object(schema: Schema) -> bool:
    """Whether it is an object, said or shown."""
    return schema.types == ("object",) or schema.has_properties


def is_map(schema: Schema) -> bool:
    """Whether values of one type stand under any name."""
    value = schema.map_value
    return value is not None and bool(value.types or value.ref)


def is_array(schema: Schema) -> bool:
    """Whether it is a list whose items say something."""
    return "array" in schema.types and len(schema.types) == 1


def primitive(schema: Schema) -> Primitive | None:
    """The primitive that the schema's own words make."""
    text = schema.format
    types = schema.types
    if text in _BYTES:
        return Primitive.BINARY
    if len(types) > 1:
        number = next((one for one in types if one in ("integer", "number")), "")
        if number and set(types) <= {"integer", "number", "string"} and text in _NUMERIC_FORMATS:
            return _number(number, text)
        return None
    kind = types[0] if types else ""
    if kind in ("integer", "number"):
        return _number(kind, text)
    if kind == "string":
        return _TEXTS.get(text, Primitive.STRING)
    if kind == "boolean":
        return Primitive.BOOLEAN
    if not kind:
        return _TEXTS.get(text) or _INTEGERS.get(text) or _FLOATS.get(text)
    return None


def _number(kind: str, text: str) -> Primitive:
    if kind == "number":
        return _INTEGERS.get(text) or _FLOATS.get(text) or Primitive.DOUBLE
    return _INTEGERS.get(text, Primitive.INT64)


def is_plain_union(schema: Schema) -> bool:
    """Whether, before 3.1, the alternatives are nothing but types: what 3.1 writes as a list of types."""
    parts = schema.one_of or schema.any_of
    return not schema.modern and len(parts) > 1 and all(_is_bare_type(part) for part in parts)


def _is_bare_type(schema: Schema) -> bool:
    said = {key for key, value in schema.raw.items() if (key, value) != ("additionalProperties", True)}
    return schema.ref is None and said == {"type"}


def first_primitive(schema: Schema) -> Primitive | None:
    """What Kiota takes for the items of a list: their own primitive, else the first that an alternative has."""
    own = primitive(schema)
    if own is not None or len(schema.types) > 1 or is_plain_union(schema):
        return own
    for one in (*schema.any_of, *schema.one_of):
        if one.only_null:
            return None
        if one.types and one.types[0] not in ("object", "array"):
            found = primitive(one)
            if found is not None:
                return found
    return None
