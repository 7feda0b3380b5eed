"""Example values, the same for the same model: what a documentation page shows and a mock server answers."""

from __future__ import annotations

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
    TypeRef,
)

_DEPTH = 3
_MEMBERS = 12
# a made-up link would be followed, a made-up type name believed
_UNSHOWN = frozenset({"@odata.nextLink", "@odata.deltaLink"})
_VALUES: dict[Primitive, Any] = {
    Primitive.STRING: "text",
    Primitive.BOOLEAN: True,
    Primitive.FLOAT: 1.5,
    Primitive.DOUBLE: 1.5,
    Primitive.DECIMAL: 1.5,
    Primitive.DATE_TIME: "2026-01-31T12:30:00Z",
    Primitive.DATE: "2026-01-31",
    Primitive.TIME: "12:30:00",
    Primitive.DURATION: "PT1H30M",
    Primitive.UUID: "9f0c1a52-1d2b-4c3d-8e4f-5a6b7c8d9e0f",
    Primitive.BINARY: "dGV4dHVh",
}


def example(model: ApiModel, kind: TypeRef | None, *, sent: bool = False) -> Any:
    """A value of a type; None when there is nothing to show. What is `sent` leaves out what nobody may write."""
    return _value(model, kind, 0, sent)


def _value(model: ApiModel, kind: TypeRef | None, depth: int, sent: bool) -> Any:
    if isinstance(kind, PrimitiveRef):
        return _VALUES.get(kind.kind, 1)
    if isinstance(kind, ListRef):
        item = _value(model, kind.item, depth + 1, sent)
        return [] if item is None else [item]
    if not isinstance(kind, NamedRef):
        return None
    declared = model.types[kind.id]
    if isinstance(declared, EnumType):
        return declared.members[0].value if declared.members else None
    if isinstance(declared, ComposedType):
        return _value(model, declared.members[0].type, depth, sent) if declared.members else None
    return _object(model, declared, depth, sent) if depth < _DEPTH else None


def _object(model: ApiModel, declared: ObjectType, depth: int, sent: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for one in _properties(model, declared):
        optional = len(shown) >= _MEMBERS and not one.required
        if (
            one.name in shown
            or one.name in _UNSHOWN
            or optional
            or (sent and one.read_only)
            or (one.navigation and not one.contained)
        ):
            continue
        if one.default is None and one.name == "@odata.type":
            continue
        value = one.default if one.default is not None else _value(model, one.type, depth + 1, sent)
        if value is not None and value != []:
            shown[one.name] = value
    return shown


def _properties(model: ApiModel, declared: ObjectType) -> list[Property]:
    """Own properties before inherited ones, so that a re-declared default counts."""
    found: list[Property] = []
    current: object = declared
    while isinstance(current, ObjectType):
        found.extend(current.properties)
        current = model.types.get(current.base) if current.base else None
    return found
