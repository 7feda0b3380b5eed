"""A CSDL document as it is written: frozen dataclasses that mirror OData 4.01 CSDL XML (sections in brackets).

`reader` makes them literally and checks only what makes a document well-formed; `annotations` answers questions about
terms; `resolve` and its rooms make the API of them. Names of types, terms and operations are fully qualified here: the
reader has replaced every alias by its namespace. Path-valued strings inside annotations stay as written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar, overload

from graphslice.diagnostics import Location

# ------------------------------------------------------------------------------------------------- laziness

_Item = TypeVar("_Item")


class Deferred(Sequence[_Item], Generic[_Item]):
    """A frozen sequence whose items are made when they are first looked at.

    A run that needs fifty types of a document with four thousand must not pay for all of them. `heads` say of each item
    what lookups need, without making it: (full name, base type) of a type, (full name, binding type as ``ns.t`` or
    ``Collection(ns.t)``, empty if unbound) of an operation, (target,) of an external annotation group.
    """

    __slots__ = ("_items", "_make", "heads")

    def __init__(self, heads: Sequence[tuple[str, ...]], make: Callable[[int], _Item]) -> None:
        """Take one head an item, and what makes the item of a place."""
        self.heads = heads
        self._make = make
        self._items: dict[int, _Item] = {}

    def __len__(self) -> int:
        """Count the items without making any."""
        return len(self.heads)

    def _at(self, place: int) -> _Item:
        found = self._items.get(place)
        if found is None:
            found = self._items[place] = self._make(place)
        return found

    @overload
    def __getitem__(self, place: int) -> _Item: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[_Item, ...]: ...

    def __getitem__(self, place: int | slice) -> _Item | tuple[_Item, ...]:
        """Make and remember the item of a place."""
        if isinstance(place, slice):
            return tuple(self._at(i) for i in range(*place.indices(len(self.heads))))
        places = range(len(self.heads))
        return self._at(places[place])

    def __iter__(self) -> Iterator[_Item]:
        """Make and remember every item, in order."""
        return map(self._at, range(len(self.heads)))

    def __eq__(self, other: object) -> bool:
        """Compare like the tuple that this stands for."""
        return isinstance(other, (Deferred, tuple)) and len(self) == len(other) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Show the length only; showing the items would make them all."""
        return f"<{len(self.heads)} deferred>"


# ------------------------------------------------------------------------------------------- annotations [14]


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant expression [14.3]; `kind` is the CSDL name: Binary, Bool, Date, ..., String, EnumMember.

    `value` is text except for Bool (bool) and Int (int); a constant that does not parse keeps its text.
    """

    kind: str
    value: str | bool | int


@dataclass(frozen=True, slots=True)
class PathExpression:
    """Path, PropertyPath, NavigationPropertyPath, AnnotationPath, ModelElementPath, AnyPropertyPath [14.4.1]."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Collection [14.4.6]."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """A member of a record."""

    name: str
    value: Expression
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """Record [14.4.11]."""

    type: str
    properties: tuple[PropertyValue, ...]

    def get(self, name: str) -> Expression | None:
        """Give the value of a member, the first if it is stated twice, or None."""
        for prop in self.properties:
            if prop.name == name:
                return prop.value
        return None


@dataclass(frozen=True, slots=True)
class Computation:
    """Every other dynamic expression [14.4]: And, Or, Eq, Apply, Cast, If, IsOf, LabeledElement, Null, UrlRef, ..."""

    kind: str
    attributes: tuple[tuple[str, str], ...]
    operands: tuple[Expression, ...]


Expression = Constant | PathExpression | Collection | Record | Computation


@dataclass(frozen=True, slots=True)
class Annotation:
    """A term applied [14.2], by its full name; `expression` None: no value written, the term's default holds."""

    term: str
    qualifier: str
    expression: Expression | None
    location: Location
    annotations: tuple[Annotation, ...] = ()
    aliased: bool = False
    """Whether the document writes the term with an alias in front; one rule (optional parameters) looks at that."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """An external targeting group [14.1]; `target` as written, but with the alias of its first step resolved."""

    target: str
    qualifier: str
    annotations: tuple[Annotation, ...]
    location: Location


# --------------------------------------------------------------------------------------------------- types


@dataclass(frozen=True, slots=True)
class TypeUse:
    """The type of something: full name (``Edm.String``, ``ns.session``) and whether it is a collection of it."""

    name: str
    collection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """What every named model element has."""

    name: str
    location: Location
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Property(Element):
    """A structural property [7.1]."""

    type: TypeUse
    nullable: bool = True
    default: str | None = None
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReferentialConstraint:
    """[8.5]."""

    property: str
    referenced_property: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationProperty(Element):
    """A navigation property [8.1]; `owner` is the full name of the declaring type."""

    owner: str
    type: TypeUse
    nullable: bool = True
    partner: str = ""
    contains_target: bool = False
    constraints: tuple[ReferentialConstraint, ...] = ()
    on_delete: str = ""


@dataclass(frozen=True, slots=True)
class PropertyRef:
    """A part of a key [6.5]; `name` may be a path into a complex property, which then has an alias."""

    name: str
    alias: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuredType(Element):
    """An entity type [6] or a complex type [9]; `name` is simple, `full_name` with the namespace."""

    full_name: str
    namespace: str
    entity: bool
    base: str | None = None
    abstract: bool = False
    open: bool = False
    has_stream: bool = False
    key: tuple[PropertyRef, ...] = ()
    properties: tuple[Property, ...] = ()
    navigation: tuple[NavigationProperty, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumMember(Element):
    """[10.3]; `value` is None where the document leaves numbering to the standard."""

    value: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType(Element):
    """[10]."""

    full_name: str
    namespace: str
    underlying: str = "Edm.Int32"
    flags: bool = False
    members: tuple[EnumMember, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeDefinition(Element):
    """[11]."""

    full_name: str
    namespace: str
    underlying: str
    facets: Mapping[str, str] = field(default_factory=dict)


SchemaType = StructuredType | EnumType | TypeDefinition

# ---------------------------------------------------------------------------------------------- operations


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Element):
    """[12.9]."""

    type: TypeUse
    nullable: bool = True
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnType:
    """[12.8]."""

    type: TypeUse
    nullable: bool = True
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Element):
    """An action [12.1] or a function [12.3], one overload; the first parameter of a bound one is the binding one."""

    full_name: str
    namespace: str
    function: bool
    bound: bool = False
    composable: bool = False
    entity_set_path: str = ""
    parameters: tuple[Parameter, ...] = ()
    returns: ReturnType | None = None


# ----------------------------------------------------------------------------------------------- container


@dataclass(frozen=True, slots=True)
class NavigationBinding:
    """[13.4]."""

    path: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySet(Element):
    """[13.2]."""

    type: str
    include_in_service_document: bool = True
    bindings: tuple[NavigationBinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Singleton(Element):
    """[13.3]."""

    type: str
    bindings: tuple[NavigationBinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationImport(Element):
    """An action import [13.5] or a function import [13.6]; `operation` is the full name."""

    operation: str
    function: bool
    entity_set: str = ""
    include_in_service_document: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityContainer(Element):
    """[13.1]; children in document order within each kind."""

    full_name: str
    namespace: str
    extends: str = ""
    entity_sets: tuple[EntitySet, ...] = ()
    singletons: tuple[Singleton, ...] = ()
    imports: tuple[OperationImport, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Element):
    """[14.1]."""

    full_name: str
    type: TypeUse
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """[5]: one namespace; type and operation lists in document order (tuples, or `Deferred` from the reader)."""

    namespace: str
    alias: str
    location: Location
    types: Sequence[SchemaType] = ()
    operations: Sequence[Operation] = ()
    terms: tuple[Term, ...] = ()
    container: EntityContainer | None = None
    annotations: tuple[Annotation, ...] = ()
    external: Sequence[Annotations] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """[3]: the schemas of one or several files (the metadata first, then its overlay files), aliases already resolved.

    `aliases` is alias to namespace over the whole document; `references` the URIs of edmx:Reference, never fetched.
    """

    version: str
    schemas: tuple[Schema, ...]
    aliases: Mapping[str, str]
    references: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    uses: frozenset[TypeUse] | None = None
    """The distinct types of all properties (structural and navigation) of all types but those called ``entity``, and
    of all action parameters, binding ones too; and every use of a geography or geometry type wherever it stands.
    None: not gathered; who asks then has to make every type."""
