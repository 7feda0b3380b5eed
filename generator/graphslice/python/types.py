"""How a reference to a type is spelled in Python: the one table of annotations and wire kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from graphslice.api.model import (
    ApiModel,
    EnumType,
    ListRef,
    NamedRef,
    ObjectType,
    Primitive,
    PrimitiveRef,
    TypeDecl,
    TypeRef,
)

from .imports import ImportSet
from .types_places import TypePlace, place_types


class PrimitiveSpelling(NamedTuple):
    """A primitive in Python: the annotation, the module behind it, and the runtime's (and Kiota's) word for it."""

    annotation: str
    module: str
    kind: str


_STRING = PrimitiveSpelling("str", "", "str")
_INTEGER = PrimitiveSpelling("int", "", "int")
_NUMBER = PrimitiveSpelling("float", "", "float")

PRIMITIVES: Mapping[Primitive, PrimitiveSpelling] = {
    Primitive.STRING: _STRING,
    Primitive.BOOLEAN: PrimitiveSpelling("bool", "", "bool"),
    Primitive.INT8: _INTEGER,
    Primitive.UINT8: _INTEGER,
    Primitive.INT16: _INTEGER,
    Primitive.INT32: _INTEGER,
    Primitive.INT64: _INTEGER,
    Primitive.FLOAT: _NUMBER,
    Primitive.DOUBLE: _NUMBER,
    Primitive.DECIMAL: _NUMBER,
    Primitive.DATE_TIME: PrimitiveSpelling("datetime.datetime", "datetime", "datetime"),
    Primitive.DATE: PrimitiveSpelling("datetime.date", "datetime", "date"),
    Primitive.TIME: PrimitiveSpelling("datetime.time", "datetime", "time"),
    Primitive.DURATION: PrimitiveSpelling("datetime.timedelta", "datetime", "timedelta"),
    Primitive.UUID: PrimitiveSpelling("UUID", "uuid", "uuid"),
    Primitive.BINARY: PrimitiveSpelling("bytes", "", "bytes"),
}


class TypeTable:
    """Every declared type of a client with its place in Python."""

    def __init__(self, model: ApiModel, package: str) -> None:
        """Place all types of the model below the package."""
        self.package = package
        self.declared = model.types
        self.places = place_types(model)
        self._modules = {id: f"{package}.{place.dotted}" for id, place in self.places.items()}
        self._ancestors: dict[str, tuple[ObjectType, ...]] = {}

    def module(self, id: str) -> str:
        """Give the full dotted name of the module of a type."""
        return self._modules[id]

    def name(self, id: str) -> str:
        """Give the class name of a type."""
        return self.places[id].name

    def place(self, id: str) -> TypePlace:
        """Give the place of a type below the package."""
        return self.places[id]

    def target(self, id: str) -> str:
        """Give what the runtime imports a class by: ``<module below the package>:<class>``."""
        place = self.places[id]
        return f"{place.dotted}:{place.name}"

    def annotation(self, ref: TypeRef, imports: ImportSet) -> str:
        """Spell a type for an annotation, importing what it needs for type checkers only."""
        if isinstance(ref, PrimitiveRef):
            return primitive_annotation(ref.kind, imports)
        if isinstance(ref, NamedRef):
            return imports.typing(self._modules[ref.id], self.places[ref.id].name)
        if isinstance(ref, ListRef):
            return f"list[{self.annotation(ref.item, imports)}]"
        return imports.typing("typing", "Any")

    def imported(self, id: str, imports: ImportSet) -> str:
        """Spell a declared type for use at run time."""
        return imports.name(self._modules[id], self.places[id].name)

    def kind(self, ref: TypeRef) -> str:
        """Give the runtime's word for a value of this type; an ``s`` behind it for lists.

        A list of lists has no reader or writer of its own; it is kept as the JSON that it is.
        """
        if isinstance(ref, PrimitiveRef):
            return PRIMITIVES[ref.kind].kind
        if isinstance(ref, NamedRef):
            return "enum" if self.is_enum(ref.id) else "object"
        if isinstance(ref, ListRef):
            return "untyped" if isinstance(ref.item, ListRef) else f"{self.kind(ref.item)}s"
        return "untyped"

    def is_enum(self, id: str) -> bool:
        """Tell whether a declared type is an enum."""
        return isinstance(self.declared[id], EnumType)

    def narrows(self, base: TypeRef, own: TypeRef) -> bool:
        """Tell whether a type checker takes a property of one type where its base class has another."""
        if isinstance(base, ListRef) and isinstance(own, ListRef):
            return self._same(base, own)
        wide, narrow = self.kind(base), self.kind(own)
        if "untyped" in (wide, narrow) or self._same(base, own):
            return True
        if isinstance(base, NamedRef) and isinstance(own, NamedRef):
            return any(ancestor.id == base.id for ancestor in self.ancestors(self.declared[own.id]))
        return narrow in _ALSO.get(wide, ())

    def _same(self, base: TypeRef, own: TypeRef) -> bool:
        """Tell whether two types are spelled alike in annotations."""
        if isinstance(base, ListRef) and isinstance(own, ListRef):
            return self._same(base.item, own.item)
        if isinstance(base, PrimitiveRef) and isinstance(own, PrimitiveRef):
            return PRIMITIVES[base.kind] == PRIMITIVES[own.kind]
        return base == own

    def ancestors(self, declared: TypeDecl) -> tuple[ObjectType, ...]:
        """Give the bases of an object type, nearest first; a circle ends at its first repetition."""
        known = self._ancestors.get(declared.id)
        if known is not None:
            return known
        found: list[ObjectType] = []
        seen = {declared.id}
        base = declared.base if isinstance(declared, ObjectType) else None
        while base is not None and base not in seen:
            seen.add(base)
            ancestor = self.declared.get(base)
            if not isinstance(ancestor, ObjectType):
                break
            found.append(ancestor)
            base = ancestor.base
        line = self._ancestors[declared.id] = tuple(found)
        return line


# what a type checker takes where the key is asked for, besides the same word
_ALSO = {"float": {"int", "bool"}, "int": {"bool"}, "date": {"datetime"}, "str": {"enum"}}


def primitive_annotation(kind: Primitive, imports: ImportSet) -> str:
    """Spell a primitive for an annotation."""
    spelling = PRIMITIVES[kind]
    if spelling.module == "datetime":
        imports.module("datetime", runtime=False)
    elif spelling.module:
        return imports.typing(spelling.module, spelling.annotation)
    return spelling.annotation


def named_id(ref: TypeRef | None) -> str | None:
    """Give the id of the declared type that a reference or a list names, or None."""
    while isinstance(ref, ListRef):
        ref = ref.item
    return ref.id if isinstance(ref, NamedRef) else None
