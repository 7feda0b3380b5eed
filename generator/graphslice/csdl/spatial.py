"""The geography and geometry types as GeoJSON: one object type a shape, and a choice where any shape may come.

The two families have the same shapes. Their abstract roots become composed types beside whatever uses them.
"""

from __future__ import annotations

from graphslice.api.model import (
    ComposedMember,
    ComposedType,
    Composition,
    EnumMember,
    EnumType,
    ListRef,
    NamedRef,
    ObjectType,
    Origin,
    Place,
    Primitive,
    PrimitiveRef,
    Property,
    TypeDecl,
    TypeRef,
    UntypedRef,
)
from graphslice.api.naming import model_namespace

_FAMILIES = ("Edm.Geography", "Edm.Geometry")
_GEOMETRY = _FAMILIES[1]
_SHAPES = {
    "Point": "Point",
    "LineString": "LineString",
    "Polygon": "Polygon",
    "MultiPoint": "MultiPoint",
    "MultiLineString": "MultiLineString",
    "MultiPolygon": "MultiPolygon",
    "Collection": "GeometryCollection",
}
"""The ends of the type names, and what GeoJSON calls each."""

COMPONENTS = (*(f"{family}{shape}" for family in _FAMILIES for shape in ("", *_SHAPES)), "GeoJSON.position")
"""The names that a description gets as soon as one spatial type is used anywhere in it."""

_NUMBERS: TypeRef = ListRef(PrimitiveRef(Primitive.DOUBLE))
_TYPE_SUFFIX = "_type"


def is_spatial(name: str) -> bool:
    """Tell whether a type name is one of the sixteen geography and geometry types."""
    return name.startswith(_FAMILIES)


def is_abstract(name: str) -> bool:
    """Tell whether a type name is one of the two that stand for any shape."""
    return name in _FAMILIES


def spatial_type(type_id: str, prefix: str, *, additional_data: bool) -> TypeDecl | None:
    """Make the type of an id: a shape, the enumeration of its `type` member, or the choice inside collections."""
    place = Place(namespace=model_namespace("Edm.x", prefix))
    if type_id == _GEOMETRY:
        return choice(type_id, type_id, place)
    name = type_id.removesuffix(_TYPE_SUFFIX)
    end = next((name.removeprefix(f) for f in _FAMILIES if name.startswith(f)), "")
    shape = _SHAPES.get(end)
    if shape is None:
        return None
    simple = type_id.rpartition(".")[2]
    if type_id != name:
        members = (EnumMember(name=shape, value=shape),)
        return EnumType(id=type_id, name=simple, place=place, origin=Origin.HELPER, members=members)
    default = shape if end == "Point" else None
    properties = (
        Property(name="type", type=NamedRef(f"{type_id}{_TYPE_SUFFIX}"), required=True, default=default),
        Property(name="coordinates", type=_coordinates(end), required=True),
    )
    return ObjectType(
        id=type_id,
        name=simple,
        place=place,
        origin=Origin.HELPER,
        properties=properties,
        additional_data=additional_data,
    )


def choice(type_id: str, family: str, place: Place) -> ComposedType:
    """Make the choice between all shapes; both families offer those of geometry."""
    members = tuple(ComposedMember(f"Geometry{shape}", NamedRef(f"{_GEOMETRY}{shape}")) for shape in _SHAPES)
    return ComposedType(
        id=type_id,
        name=family.rpartition(".")[2],
        place=place,
        origin=Origin.HELPER,
        composition=Composition.INTERSECTION,
        members=members,
    )


def _coordinates(end: str) -> TypeRef:
    """Give the type of the coordinates: a position, a list of shapes, or arrays of arrays."""
    if end == "Point":
        return _NUMBERS
    return ListRef(NamedRef(_GEOMETRY)) if end == "Collection" else UntypedRef()
