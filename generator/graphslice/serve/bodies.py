"""What a request body may say: strict JSON first, then every member against the metadata."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum

from graphslice.api.model import (
    ComposedType,
    EnumType,
    ListRef,
    NamedRef,
    ObjectType,
    Primitive,
    PrimitiveRef,
    Property,
    TypeRef,
    UntypedRef,
)
from graphslice.diagnostics import printable
from graphslice.serve import moments
from graphslice.serve.refusals import Refused, bad_request
from graphslice.serve.schema import Entity, Json, Schema

MAX_DEPTH = 64


class Purpose(Enum):
    """What a body is for, which decides what may stand in it."""

    CREATE = "create"
    UPDATE = "update"
    SEED = "seed"
    """Not from the network: computed properties are welcome."""


# -------------------------------------------------------------------------------------------------------- JSON


def parse_json(data: bytes) -> Json:
    """Read a body as strict JSON: UTF-8, no NaN, no name twice, no nesting beyond `MAX_DEPTH`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise bad_request("The body is not UTF-8.") from None
    if _depth(text) > MAX_DEPTH:
        raise bad_request(f"The body is nested more than {MAX_DEPTH} levels deep.")
    try:
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise bad_request("The body holds half of a surrogate pair.") from None
    except ValueError as fault:
        raise bad_request(f"The body is not JSON: {printable(str(fault), 120)}.") from None
    return value


_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _depth(text: str) -> int:
    level = deepest = 0
    for match in _BRACKETS.finditer(text):
        mark = match.group()
        if mark in "[{":
            level += 1
            deepest = max(deepest, level)
        elif mark in "]}":
            level -= 1
    return deepest


def _refuse_constant(name: str) -> Json:
    raise ValueError(f"{name} is no number in JSON")


def _unique(pairs: list[tuple[str, Json]]) -> Entity:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


# ----------------------------------------------------------------------------------------------------- objects


def check_object(schema: Schema, body: Json, type_id: str, purpose: Purpose, where: str = "") -> Entity:
    """Check a body against an object type and give its members without annotations.

    The result has ``@odata.type`` only where the value is of a derived type.
    """
    if not isinstance(body, dict):
        raise bad_request(f"{where or 'The body'} is not an object.")
    actual = _actual_type(schema, body, type_id, purpose)
    known = schema.properties(actual)
    open_type = schema.is_open(actual)
    result: Entity = {} if actual == type_id else {"@odata.type": f"#{actual}"}
    for name, value in body.items():
        if "@" in name:
            continue
        place = f"{where}/{name}" if where else name
        prop = known.get(name)
        if prop is None and not open_type:
            raise bad_request(f"Type '{actual}' has no property '{_shown(place)}'.")
        if prop is None:
            result[name] = value
            continue
        _check_allowed(prop, purpose, place)
        result[name] = check_value(schema, value, prop.type, purpose, place, prop.nullable)
    return result


def _actual_type(schema: Schema, body: Entity, type_id: str, purpose: Purpose) -> str:
    actual = type_id
    if "@odata.type" in body:
        named = schema.named(body["@odata.type"], type_id)
        if named is None:
            raise bad_request(f"'{_shown(body['@odata.type'])}' is not '{type_id}' and not derived from it.")
        actual = named
    if purpose is Purpose.CREATE and schema.needs_derived(actual):
        raise bad_request(f"Type '{actual}' is abstract: '@odata.type' has to name a derived one.")
    return actual


def _check_allowed(prop: Property, purpose: Purpose, place: str) -> None:
    if purpose is Purpose.SEED:
        return
    if prop.computed or prop.read_only:
        raise bad_request(f"Property '{_shown(place)}' is set by the service and cannot be written.")
    if purpose is Purpose.UPDATE and prop.immutable:
        raise bad_request(f"Property '{_shown(place)}' cannot be changed once it is set.")
    if purpose is Purpose.UPDATE and prop.navigation:
        raise bad_request(f"Navigation property '{_shown(place)}' cannot be updated along with its owner.")


def check_value(schema: Schema, value: Json, ref: TypeRef, purpose: Purpose, where: str, nullable: bool = True) -> Json:
    """Check one value against its declared type."""
    if isinstance(ref, UntypedRef):
        return value
    if value is None:
        if nullable and not isinstance(ref, ListRef):
            return None
        raise bad_request(f"Property '{_shown(where)}' cannot be null.")
    if isinstance(ref, ListRef):
        if not isinstance(value, list):
            raise bad_request(f"Property '{_shown(where)}' is not a list.")
        return [check_value(schema, item, ref.item, purpose, f"{where}/{at}") for at, item in enumerate(value)]
    if isinstance(ref, PrimitiveRef):
        return check_primitive(value, ref.kind, where)
    return _check_named(schema, value, ref, purpose, where)


def _check_named(schema: Schema, value: Json, ref: NamedRef, purpose: Purpose, where: str) -> Json:
    declared = schema.declaration(ref)
    if isinstance(declared, EnumType):
        return check_enum(value, declared, where)
    if isinstance(declared, ObjectType):
        return check_object(schema, value, declared.id, purpose, where)
    if isinstance(declared, ComposedType):
        return _check_composed(schema, value, declared, purpose, where)
    return value


def _check_composed(schema: Schema, value: Json, declared: ComposedType, purpose: Purpose, where: str) -> Json:
    for member in declared.members:
        try:
            return check_value(schema, value, member.type, purpose, where)
        except Refused:
            continue
    raise bad_request(f"Property '{_shown(where)}' is none of the alternatives of '{declared.id}'.")


def check_enum(value: Json, declared: EnumType, where: str) -> str:
    """Check an enum value; of a flags type it may be several, joined by commas."""
    members = {member.value for member in declared.members}
    parts = value.split(",") if isinstance(value, str) and declared.flags else [value]
    if not all(isinstance(part, str) and part.strip() in members for part in parts):
        raise bad_request(f"'{_shown(value)}' is no value of '{declared.id}', the type of '{_shown(where)}'.")
    return str(value)


# -------------------------------------------------------------------------------------------------- primitives

_RANGES: Mapping[Primitive, tuple[int, int]] = {
    Primitive.INT8: (-(2**7), 2**7 - 1),
    Primitive.UINT8: (0, 2**8 - 1),
    Primitive.INT16: (-(2**15), 2**15 - 1),
    Primitive.INT32: (-(2**31), 2**31 - 1),
    Primitive.INT64: (-(2**63), 2**63 - 1),
}
_PATTERNS: Mapping[Primitive, re.Pattern[str]] = {
    Primitive.TIME: re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,12})?)?\Z", re.ASCII),
    Primitive.DURATION: re.compile(r"-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?\Z", re.ASCII),
    Primitive.UUID: re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE | re.ASCII),
}


def check_primitive(value: Json, kind: Primitive, where: str) -> Json:
    """Check a value without members; what comes back is what came in."""
    if not _TESTS.get(kind, _is_text)(value, kind):
        raise bad_request(f"Property '{_shown(where)}' is not a value of type {kind.value}.")
    return value


def _is_text(value: Json, kind: Primitive) -> bool:
    if not isinstance(value, str):
        return False
    pattern = _PATTERNS.get(kind)
    return pattern is None or pattern.match(value) is not None


def _is_integer(value: Json, kind: Primitive) -> bool:
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    low, high = _RANGES[kind]
    return low <= value <= high


def _is_number(value: Json, kind: Primitive) -> bool:
    if isinstance(value, str):
        return kind is not Primitive.DECIMAL and value in {"NaN", "INF", "-INF"}
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_moment(value: Json, kind: Primitive) -> bool:
    return isinstance(value, str) and moments.parse(value) is not None


def _is_date(value: Json, kind: Primitive) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_base64(value: Json, kind: Primitive) -> bool:
    if not isinstance(value, str):
        return False
    plain = value.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_TESTS: Mapping[Primitive, Callable[[Json, Primitive], bool]] = {
    Primitive.BOOLEAN: lambda value, kind: isinstance(value, bool),
    **dict.fromkeys(_RANGES, _is_integer),
    Primitive.FLOAT: _is_number,
    Primitive.DOUBLE: _is_number,
    Primitive.DECIMAL: _is_number,
    Primitive.DATE_TIME: _is_moment,
    Primitive.DATE: _is_date,
    Primitive.BINARY: _is_base64,
}


def _shown(text: Json) -> str:
    return printable(str(text), 120)
