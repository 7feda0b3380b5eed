"""The types that no CSDL declares and every client has: errors, pages of a collection, reference bodies."""

from __future__ import annotations

from dataclasses import dataclass

from graphslice.api.model import (
    ErrorMapping,
    ListRef,
    NamedRef,
    ObjectType,
    Origin,
    Place,
    Property,
    TypeDecl,
    TypeRef,
)
from graphslice.api.naming import model_namespace
from graphslice.csdl.values import INT64, STRING

COLLECTION_SUFFIX = "CollectionResponse"
PAGE = "BaseCollectionPaginationCountResponse"
DELTA = "BaseDeltaFunctionResponse"
STRINGS = f"String{COLLECTION_SUFFIX}"
REFERENCE_CREATE = "ReferenceCreate"
REFERENCE_UPDATE = "ReferenceUpdate"

NEXT_LINK = "@odata.nextLink"
COUNT = "@odata.count"
DELTA_LINK = "@odata.deltaLink"


@dataclass(frozen=True, slots=True)
class Components:
    """The fixed types by id, and the ids that operations refer to."""

    types: dict[str, TypeDecl]
    error: str
    page: str = PAGE
    delta: str = DELTA
    reference_list: str = STRINGS
    reference_create: str = REFERENCE_CREATE
    reference_update: str = REFERENCE_UPDATE

    @property
    def errors(self) -> tuple[ErrorMapping, ...]:
        """What every operation answers when it fails."""
        return (ErrorMapping("XXX", self.error),)


def place_of(namespace: str, prefix: str) -> Place:
    """Give the place of a type of a namespace."""
    return Place(namespace=model_namespace(f"{namespace}.x", prefix))


def components_of(root: str, prefix: str, inner_error: tuple[Property, ...], *, additional_data: bool) -> Components:
    """Make the fixed types; `inner_error` are the members that the document itself gives to inner errors."""
    namespace = f"{root}.ODataErrors" if root else "ODataErrors"

    def made(name: str, members: tuple[Property, ...], origin: Origin, base: str | None = None) -> ObjectType:
        return ObjectType(
            id=name,
            name=name,
            place=Place(),
            origin=origin,
            base=base,
            properties=members,
            additional_data=additional_data,
        )

    def error(name: str, members: tuple[Property, ...], message: tuple[str, ...] = ()) -> ObjectType:
        return ObjectType(
            id=f"{namespace}.{name}",
            name=name,
            place=place_of(namespace, prefix),
            origin=Origin.ERROR,
            properties=members,
            additional_data=additional_data,
            error=bool(message),
            primary_message=message,
        )

    main, details, inner = (f"{namespace}.{name}" for name in ("MainError", "ErrorDetails", "InnerError"))
    found = (
        error("ODataError", (_property("error", NamedRef(main)),), ("error", "message")),
        error("MainError", (*_texts("code", "message", "target"), *_nested(details, inner))),
        error("ErrorDetails", _texts("code", "message", "target")),
        error("InnerError", inner_error),
        made(PAGE, (_property(COUNT, INT64), *_texts(NEXT_LINK)), Origin.HELPER),
        made(DELTA, _texts(NEXT_LINK, DELTA_LINK), Origin.HELPER),
        made(STRINGS, (_property("value", ListRef(STRING)),), Origin.COLLECTION_RESPONSE, PAGE),
        made(REFERENCE_CREATE, _texts("@odata.id"), Origin.HELPER),
        made(REFERENCE_UPDATE, _texts("@odata.id", "@odata.type"), Origin.HELPER),
    )
    return Components({declared.id: declared for declared in found}, found[0].id)


def _nested(details: str, inner: str) -> tuple[Property, ...]:
    return _property("details", ListRef(NamedRef(details))), _property("innerError", NamedRef(inner))


def _property(name: str, kind: TypeRef) -> Property:
    return Property(name=name, type=kind)


def _texts(*names: str) -> tuple[Property, ...]:
    return tuple(Property(name=name, type=STRING) for name in names)
