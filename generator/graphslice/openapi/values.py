"""Default values, as Kiota reads them: parsed by the type of the property, and dropped when they do not fit."""

from __future__ import annotations

import datetime
import re

from graphslice.api.model import DefaultValue, Primitive, PrimitiveRef, TypeRef

_RANGES = {
    Primitive.INT8: (-(2**7), 2**7 - 1),
    Primitive.UINT8: (0, 2**8 - 1),
    Primitive.INT16: (-(2**15), 2**15 - 1),
    Primitive.INT32: (-(2**31), 2**31 - 1),
    Primitive.INT64: (-(2**63), 2**63 - 1),
}
_FLOATS = frozenset({Primitive.FLOAT, Primitive.DOUBLE, Primitive.DECIMAL})
_INTEGER = re.compile(r"\s*-?[0-9]+\s*\Z")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?([Zz]|[+-]([01]\d|2[0-3]):?[0-5]\d)?\Z", re.ASCII)
_UUID = re.compile(r"\{?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?\Z")
_NUMBER = re.compile(r"\s*-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\s*\Z")


def default_of(stated: object, kind: TypeRef, *, plain_integer: bool = False) -> DefaultValue | None:
    """Parse a default; None when there is none that the type can hold.

    `plain_integer`: the integer has no format, and then holds 32 bits.
    """
    if stated is None or isinstance(stated, (list, dict)):
        return None
    if isinstance(kind, PrimitiveRef):
        return _primitive(stated, Primitive.INT32 if plain_integer and kind.kind is Primitive.INT64 else kind.kind)
    return str(stated) if isinstance(stated, str) and stated else None


def _primitive(stated: object, kind: Primitive) -> DefaultValue | None:
    if kind in _RANGES:
        return _integer(stated, *_RANGES[kind])
    if kind in _FLOATS:
        return _float(stated)
    if kind is Primitive.BOOLEAN:
        return _boolean(stated)
    if isinstance(stated, bool):
        return None
    if isinstance(stated, (int, float)):
        return stated if kind is Primitive.STRING else None
    if not isinstance(stated, str) or not stated or stated.lower() == "null":
        return None
    return stated if _fits(stated, kind) else None


def _integer(stated: object, low: int, high: int) -> int | None:
    if isinstance(stated, bool):
        return None
    if isinstance(stated, str) and _INTEGER.match(stated):
        stated = int(stated)
    return stated if isinstance(stated, int) and low <= stated <= high else None


def _float(stated: object) -> float | int | None:
    if isinstance(stated, bool):
        return None
    if isinstance(stated, str) and _NUMBER.match(stated):
        return float(stated)
    return stated if isinstance(stated, (int, float)) else None


def _boolean(stated: object) -> bool | None:
    if isinstance(stated, str) and stated.strip().lower() in ("true", "false"):
        return stated.strip().lower() == "true"
    return stated if isinstance(stated, bool) else None


def _fits(text: str, kind: Primitive) -> bool:
    """Whether a date, time or uuid can be read from the text, by every Python alike; other texts always fit."""
    if kind is Primitive.DATE_TIME:
        day, _, rest = text.replace("t", "T").replace(" ", "T").partition("T")
        return _is_date(day) and (not rest or _CLOCK.match(rest) is not None)
    if kind is Primitive.DATE:
        return _is_date(text)
    if kind is Primitive.TIME:
        return _CLOCK.match(text) is not None
    return kind is not Primitive.UUID or _UUID.match(text) is not None


def _is_date(text: str) -> bool:
    found = _DAY.match(text)
    if found is None:
        return False
    try:
        datetime.date(*map(int, found.groups()))
    except ValueError:
        return False
    return True
