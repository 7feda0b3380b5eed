"""Defaults of properties as Python expressions: parsed to a value first, then spelled, never passed on as text."""

from __future__ import annotations

import base64
import binascii
import datetime
import re
import uuid

from graphslice.api.model import DefaultValue, EnumType, NamedRef, Primitive, PrimitiveRef, TypeRef

from .enums import members
from .imports import ImportSet
from .literals import bytes_lit, fitted_lit, lit
from .types import TypeTable

_DURATION = re.compile(
    r"(?P<sign>-?)P(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,8})D)?"
    r"(?:T(?:(?P<hours>\d{1,8})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,10}(?:\.\d{1,6})?)\d*S)?)?\Z"
)


def default_expression(
    value: DefaultValue | None, type: TypeRef, table: TypeTable, imports: ImportSet, room: int
) -> str:
    """Spell a default in `room` columns; "None" where there is none or where it is no value of the type."""
    if value is None:
        return "None"
    if isinstance(type, NamedRef):
        return _enum_default(str(value), type.id, table, imports) or "None"
    if isinstance(type, PrimitiveRef):
        return _primitive_default(value, type.kind, imports, room) or "None"
    return "None"


def _enum_default(value: str, id: str, table: TypeTable, imports: ImportSet) -> str:
    declared = table.declared[id]
    if not isinstance(declared, EnumType):
        return ""
    by_value = {member.value: name for name, member in members(declared)}
    wanted = [part.strip() for part in value.split(",")] if declared.flags else [value]
    if any(part not in by_value for part in wanted):
        return ""
    class_name = table.imported(id, imports)
    return " | ".join(f"{class_name}.{by_value[part]}" for part in wanted)


def _primitive_default(value: DefaultValue, kind: Primitive, imports: ImportSet, room: int) -> str:
    if kind is Primitive.STRING:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return fitted_lit(text, room)
    if not isinstance(value, str):
        return lit(value)
    try:
        return _parsed_default(value, kind, imports)
    except (ValueError, OverflowError, binascii.Error):
        return ""


def _parsed_default(value: str, kind: Primitive, imports: ImportSet) -> str:
    if kind is Primitive.BINARY:
        padded = value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4)
        return bytes_lit(base64.b64decode(padded.replace("-", "+").replace("_", "/"), validate=True))
    if kind is Primitive.UUID:
        return f'{imports.name("uuid", "UUID")}("{uuid.UUID(value)}")'
    if kind is Primitive.DATE:
        return _constructed(datetime.date.fromisoformat(value), imports)
    if kind is Primitive.TIME:
        return _constructed(datetime.time.fromisoformat(_plain(value)), imports)
    if kind is Primitive.DATE_TIME:
        return _constructed(datetime.datetime.fromisoformat(_plain(value)), imports)
    if kind is Primitive.DURATION:
        return _duration(value, imports)
    return ""


def _plain(value: str) -> str:
    """Bring an ISO time to what every supported Python reads: a numeric offset and at most six digits."""
    text = re.sub(r"[zZ]\Z", "+00:00", value.strip())
    return re.sub(r"\.(\d+)", lambda hit: f".{hit[1][:6]:0<6}", text)


def _constructed(value: datetime.date | datetime.time, imports: ImportSet) -> str:
    module = imports.module("datetime")
    parts = [getattr(value, name) for name in ("year", "month", "day") if hasattr(value, name)]
    if isinstance(value, datetime.datetime | datetime.time):
        clock = [value.hour, value.minute, value.second, value.microsecond]
        while len(clock) > 2 and not clock[-1]:
            clock.pop()
        parts += clock
    arguments = ", ".join(map(str, parts))
    offset = value.utcoffset() if isinstance(value, datetime.datetime | datetime.time) else None
    if offset is not None:
        zone = f"timezone({module}.timedelta(seconds={int(offset.total_seconds())}))" if offset else "timezone.utc"
        arguments += f", tzinfo={module}.{zone}"
    return f"{module}.{type(value).__name__}({arguments})"


def _duration(value: str, imports: ImportSet) -> str:
    match = _DURATION.match(value.strip())
    if match is None or value.strip().endswith(("P", "T")):
        return ""
    given = {name: text for name, text in match.groupdict().items() if text and name != "sign"}
    datetime.timedelta(**{name: float(text) for name, text in given.items()})
    parts = ", ".join(f"{name}={lit(_number(text))}" for name, text in given.items())
    return f"{match['sign']}{imports.module('datetime')}.timedelta({parts})"


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
