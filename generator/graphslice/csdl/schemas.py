"""The types of the API: those that CSDL declares, and those that the conversion puts beside them.

Types are made when something asks for them by id; `closure` asks for those that a slice needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from graphslice.api.model import (
    DefaultValue,
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
)
from graphslice.api.naming import common_prefix
from graphslice.csdl import edm
from graphslice.csdl.components import (
    COLLECTION_SUFFIX,
    Components,
    components_of,
    place_of,
)
from graphslice.csdl.index import Index, type_heads
from graphslice.csdl.remarks import Remarks
from graphslice.csdl.spatial import choice, is_abstract, is_spatial, spatial_type
from graphslice.csdl.uses import Uses
from graphslice.csdl.values import STRING, Values

TYPE_PROPERTY = "@odata.type"
ENTITY = "entity"
"""The simple name, in any letter case, of a base type whose descendants need no type annotation for its sake."""


class Schemas:
    """Makes the types of one document."""

    def __init__(self, index: Index, values: Values, remarks: Remarks, *, additional_data: bool) -> None:
        """Take the lookups."""
        self.index, self.values, self.remarks = index, values, remarks
        self.additional_data = additional_data
        self._made: dict[str, TypeDecl | None] = {}

    # ------------------------------------------------------------------------------------------------- lookups

    def lookup(self, type_id: str) -> TypeDecl | None:
        """Give a type by id."""
        if type_id not in self._made:
            self._made[type_id] = self._make(type_id)
        return self._made[type_id]

    def derived(self, type_id: str) -> Iterable[str]:
        """Give the ids of all types that derive from one."""
        return self._descendants(type_id)

    def add(self, declared: TypeDecl) -> None:
        """Put in a type that stands at a path."""
        self._made[declared.id] = declared

    def held(self, ref: TypeRef, owner: str, place: Place) -> TypeRef:
        """Give the reference as a member of something holds it: a choice of shapes stands beside its owner."""
        if isinstance(ref, ListRef):
            item = self.held(ref.item, owner, place)
            return ref if item is ref.item else ListRef(item)
        if not isinstance(ref, NamedRef) or not is_abstract(ref.id):
            return ref
        type_id = f"{owner}:{ref.id}"
        if type_id not in self._made:
            self.add(choice(type_id, ref.id, place))
        return NamedRef(type_id)

    def collection_of(self, type_name: str) -> str:
        """Give the id of the response that holds a page of a type."""
        return f"{type_name}{COLLECTION_SUFFIX}"

    @cached_property
    def root(self) -> str:
        """The namespace of the errors: of those that the document itself declares, the one with the fewest dots."""
        files = self.index.document.files
        own = [s.namespace for s in self.index.schemas if not files or s.location.file == files[0]]
        return min(own or [""], key=lambda name: name.count("."))

    @cached_property
    def prefix(self) -> str:
        """The namespace that all components share; it does not show in the names of folders."""
        return common_prefix(self._keys())

    @cached_property
    def components(self) -> Components:
        """The fixed types that the conversion adds: errors, pages, references."""
        inner = self.index.structured(f"{self.root}.InnerError")
        members = () if inner is None or inner.entity else self._properties(inner)
        return components_of(self.root, self.prefix, members, additional_data=self.additional_data)

    @cached_property
    def _uses(self) -> Uses:
        return Uses(self.index)

    def _keys(self) -> Iterable[str]:
        """Give a name in each namespace that has a component, whatever the slice takes of it."""
        yield f"{self.root}.ODataErrors.ODataError"
        for schema in self.index.schemas:
            yield from (name for name, _ in type_heads(schema))
        yield from self._uses.built_in

    def _descendants(self, name: str) -> tuple[str, ...]:
        found: list[str] = []
        open_names = [name]
        while open_names:
            children = self.index.children.get(open_names.pop(), ())
            found += children
            open_names += children
        return tuple(found)

    # -------------------------------------------------------------------------------------------------- making

    def _make(self, type_id: str) -> TypeDecl | None:
        fixed = self.components.types.get(type_id)
        if fixed is not None:
            return fixed
        declared = self.index.type(type_id)
        if isinstance(declared, edm.StructuredType):
            return self._object(declared)
        if isinstance(declared, edm.EnumType):
            return self._enum(declared)
        if type_id.endswith(COLLECTION_SUFFIX):
            return self._page(type_id)
        if is_spatial(type_id):
            return spatial_type(type_id, self.prefix, additional_data=self.additional_data)
        return None

    def _object(self, declared: edm.StructuredType) -> ObjectType:
        remark = self.remarks.of_type(declared)
        base = self.index.structured(declared.base)
        return ObjectType(
            id=declared.full_name,
            name=declared.name,
            place=place_of(declared.namespace, self.prefix),
            origin=Origin.ENTITY if declared.entity else Origin.COMPLEX,
            base=base.full_name if base else None,
            properties=self._properties(declared),
            additional_data=self.additional_data,
            abstract=declared.abstract,
            open=declared.open,
            keys=tuple(part.name for part in declared.key),
            has_stream=declared.has_stream,
            description=remark.description,
            deprecation=remark.deprecation,
            documentation=remark.documentation,
            location=declared.location,
        )

    def _properties(self, declared: edm.StructuredType) -> tuple[Property, ...]:
        """Give the own properties: structural, navigation, then the type annotation that every structure carries."""
        structural = tuple(self._structural(declared, prop) for prop in declared.properties)
        navigation = tuple(self._navigation(declared, prop) for prop in declared.navigation)
        marker = Property(name=TYPE_PROPERTY, type=STRING, required=True, default=self._type_value(declared))
        return (*structural, *navigation, marker)

    def _structural(self, owner: edm.StructuredType, prop: edm.Property) -> Property:
        remark = self.remarks.of_property(owner, prop)
        ref = self.values.ref(prop.type)
        if is_abstract(prop.type.name):
            ref = self.held(ref, owner.namespace, place_of(owner.namespace, self.prefix))
        named = isinstance(ref, NamedRef) or (not prop.type.collection and self.index.enum(prop.type.name) is not None)
        bare = named and not prop.nullable
        return Property(
            name=prop.name,
            type=ref,
            nullable=prop.nullable,
            read_only=remark.computed and not bare,
            computed=remark.computed or remark.read_only,
            immutable=remark.immutable,
            default=None if prop.default is None else self._default(prop, ref),
            description=remark.description,
            deprecation=remark.deprecation,
            location=prop.location,
        )

    def _navigation(self, owner: edm.StructuredType, prop: edm.NavigationProperty) -> Property:
        remark = self.remarks.of_navigation(prop)
        return Property(
            name=prop.name,
            type=self.values.ref(prop.type),
            nullable=prop.nullable,
            computed=remark.computed or remark.read_only,
            immutable=remark.immutable,
            navigation=True,
            contained=prop.contains_target,
            description=remark.description,
            deprecation=remark.deprecation,
            location=prop.location,
        )

    def _default(self, prop: edm.Property, ref: TypeRef) -> DefaultValue | None:
        """Read a default; those of lists, structures, definitions and required enumerations hold for nobody."""
        text = prop.default
        if not text or self.index.definition(prop.type.name) is not None:
            return None
        if isinstance(ref, NamedRef):
            enum = self.index.enum(ref.id)
            return self._member(enum, text) if enum is not None and prop.nullable else None
        return parse_default(ref.kind, text) if isinstance(ref, PrimitiveRef) else None

    def _member(self, enum: edm.EnumType, text: str) -> str | None:
        """Give the member that a default names, by name or by number; of several flags the first."""
        first = text.split(",")[0].strip()
        for member in enum.members:
            if first == member.name or (member.value is not None and first == str(member.value)):
                return member.name
        return None

    def _type_value(self, declared: edm.StructuredType) -> str | None:
        """Give the default of the type annotation, set where a reader of the value could not tell the type itself."""
        base = self.index.structured(declared.base)
        if base is None:
            return None
        chain: list[edm.StructuredType] = []
        for ancestor in self.index.bases(declared):
            if ancestor.name.lower() == ENTITY:
                break
            chain.append(ancestor)
        told = (base.abstract and base.name.lower() != ENTITY) or any(t.full_name in self._uses.single for t in chain)
        return f"#{declared.full_name}" if told else None

    def _enum(self, declared: edm.EnumType) -> EnumType:
        remark = self.remarks.of_type(declared)
        members = []
        for member in declared.members:
            about = self.remarks.of_member(declared, member)
            members.append(
                EnumMember(
                    name=member.name,
                    value=member.name,
                    number=member.value,
                    description=about.description,
                    deprecation=about.deprecation,
                )
            )
        return EnumType(
            id=declared.full_name,
            name=declared.name,
            place=place_of(declared.namespace, self.prefix),
            origin=Origin.ENUM,
            members=tuple(members),
            flags=declared.flags,
            description=remark.description,
            deprecation=remark.deprecation,
            documentation=remark.documentation,
            location=declared.location,
        )

    def _page(self, type_id: str) -> ObjectType | None:
        """Make the response that holds a page of a type: the shared paging members and the list itself."""
        element = type_id.removesuffix(COLLECTION_SUFFIX)
        namespace, _, name = element.rpartition(".")
        if self.index.type(element) is None and namespace != "Edm":
            return None
        return ObjectType(
            id=type_id,
            name=f"{name}{COLLECTION_SUFFIX}",
            place=place_of(namespace, self.prefix),
            origin=Origin.COLLECTION_RESPONSE,
            base=self.components.page,
            properties=(Property(name="value", type=self.values.listed(element)),),
            additional_data=self.additional_data,
        )


def parse_default(kind: Primitive, text: str) -> DefaultValue | None:
    """Read the text of a default as a value of its kind; text that does not fit gives none."""
    if kind is Primitive.BOOLEAN:
        return {"true": True, "false": False}.get(text.lower())
    try:
        if kind in _INTEGERS:
            return int(text)
        if kind in _NUMBERS:
            number = float(text)
            return number if number - number == 0 else None
    except ValueError:
        return None
    return text


_INTEGERS = (
    Primitive.INT8,
    Primitive.UINT8,
    Primitive.INT16,
    Primitive.INT32,
    Primitive.INT64,
)
_NUMBERS = (Primitive.FLOAT, Primitive.DOUBLE, Primitive.DECIMAL)
