"""Questions about a document that everything after the reader asks: a type by name, its descent, its operations.

An `Index` is made once a run and remembers its answers. Names are full names without alias (``ns.name``); nothing here
reads annotations (`csdl.annotations` does) or knows URL paths (`csdl.resolve` does).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from graphslice.csdl.edm import (
    Deferred,
    Document,
    EntityContainer,
    EntitySet,
    EnumType,
    NavigationProperty,
    Operation,
    OperationImport,
    Property,
    Schema,
    SchemaType,
    Singleton,
    StructuredType,
    Term,
    TypeDefinition,
)

_Place = tuple[Schema, int]


class Index:
    """Lookups over one document."""

    def __init__(self, document: Document) -> None:
        """Take the document; nothing is computed before it is asked for."""
        self.document = document
        self._bases: dict[str, tuple[StructuredType, ...]] = {}
        self._properties: dict[str, tuple[Property, ...]] = {}
        self._navigation: dict[str, tuple[NavigationProperty, ...]] = {}
        self._derived: dict[str, tuple[StructuredType, ...]] = {}

    @property
    def schemas(self) -> tuple[Schema, ...]:
        """The schemas in document order."""
        return self.document.schemas

    @cached_property
    def types(self) -> Mapping[str, SchemaType]:
        """Every declared type by full name, in document order; a type is made when it is looked up."""
        return _Types(self.schemas)

    def type(self, name: str) -> SchemaType | None:
        """Give the declared type of a full name; None for Edm types and unknown names."""
        return self.types.get(name)

    def structured(self, name: str | None) -> StructuredType | None:
        """Give an entity or complex type, None if the name is anything else."""
        found = self.types.get(name) if name else None
        return found if isinstance(found, StructuredType) else None

    def enum(self, name: str) -> EnumType | None:
        """Give an enumeration, None if the name is anything else."""
        found = self.types.get(name)
        return found if isinstance(found, EnumType) else None

    def definition(self, name: str) -> TypeDefinition | None:
        """Give a type definition, None if the name is anything else."""
        found = self.types.get(name)
        return found if isinstance(found, TypeDefinition) else None

    def bases(self, of: StructuredType) -> tuple[StructuredType, ...]:
        """Give the base types, nearest first, without the type itself."""
        found = self._bases.get(of.full_name)
        if found is None:
            base = self.structured(of.base)
            found = () if base is None else (base, *self.bases(base))
            self._bases[of.full_name] = found
        return found

    def is_a(self, of: StructuredType, name: str) -> bool:
        """Tell whether a type is the named one or derives from it at any depth."""
        return of.full_name == name or any(base.full_name == name for base in self.bases(of))

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """The direct subtypes of each type that has any, by full name, in document order."""
        found: dict[str, list[str]] = {}
        for schema in self.schemas:
            for full_name, base in type_heads(schema):
                if base:
                    found.setdefault(base, []).append(full_name)
        return {base: tuple(names) for base, names in found.items()}

    def derived(self, name: str) -> tuple[StructuredType, ...]:
        """Give all types that derive from the named one at any depth, in document order."""
        found = self._derived.get(name)
        if found is None:
            below: set[str] = set()
            open_names = [name]
            while open_names:
                for child in self.children.get(open_names.pop(), ()):
                    if child not in below:
                        below.add(child)
                        open_names.append(child)
            ordered = sorted(below, key=self._order.__getitem__)
            found = tuple(t for t in map(self.structured, ordered) if t is not None)
            self._derived[name] = found
        return found

    def properties(self, of: StructuredType) -> tuple[Property, ...]:
        """Give the structural properties, the inherited first; a re-declared one keeps the base's place and object."""
        found = self._properties.get(of.full_name)
        if found is None:
            base = self.structured(of.base)
            inherited = () if base is None else self.properties(base)
            known = {p.name for p in inherited}
            found = inherited + tuple(p for p in of.properties if p.name not in known)
            self._properties[of.full_name] = found
        return found

    def navigation(self, of: StructuredType) -> tuple[NavigationProperty, ...]:
        """Give the navigation properties, the inherited first; `owner` of each is the type that declares it."""
        found = self._navigation.get(of.full_name)
        if found is None:
            base = self.structured(of.base)
            inherited = () if base is None else self.navigation(base)
            known = {p.name for p in inherited}
            found = inherited + tuple(p for p in of.navigation if p.name not in known)
            self._navigation[of.full_name] = found
        return found

    def declares(self, of: StructuredType, property_name: str) -> StructuredType | None:
        """Give the type (the given one or a base, nearest first) that declares a property of either kind."""
        for declared in (of, *self.bases(of)):
            if any(p.name == property_name for p in (*declared.properties, *declared.navigation)):
                return declared
        return None

    def keys(self, of: StructuredType) -> StructuredType | None:
        """Give the type that declares the key: the given one or the nearest base with one."""
        return next((t for t in (of, *self.bases(of)) if t.key), None)

    @cached_property
    def _operations(self) -> dict[str, list[_Place]]:
        found: dict[str, list[_Place]] = {}
        for schema in self.schemas:
            for place, (full_name, _) in enumerate(operation_heads(schema)):
                found.setdefault(full_name, []).append((schema, place))
        return found

    @cached_property
    def _bound(self) -> dict[str, list[_Place]]:
        found: dict[str, list[_Place]] = {}
        for schema in self.schemas:
            for place, (_, binding) in enumerate(operation_heads(schema)):
                if binding:
                    found.setdefault(binding, []).append((schema, place))
        return found

    def operations(self, name: str) -> tuple[Operation, ...]:
        """Give the overloads of an action or function by full name, in document order."""
        return tuple(schema.operations[place] for schema, place in self._operations.get(name, ()))

    def operations_bound_to(self, name: str, collection: bool) -> tuple[Operation, ...]:
        """Give the operations whose binding parameter is exactly this type or a collection of it, in document order."""
        binding = f"Collection({name})" if collection else name
        return tuple(schema.operations[place] for schema, place in self._bound.get(binding, ()))

    @cached_property
    def bindings(self) -> frozenset[str]:
        """What operations are bound to: full type names, those of collections as ``Collection(ns.type)``."""
        return frozenset(self._bound)

    @cached_property
    def all_operations(self) -> tuple[Operation, ...]:
        """Every operation overload in document order."""
        return tuple(o for schema in self.schemas for o in schema.operations)

    @cached_property
    def container(self) -> EntityContainer | None:
        """The entity container with the children of those that it extends put first, where they are known."""
        containers = {s.container.full_name: s.container for s in self.schemas if s.container}
        if not containers:
            return None
        extended = {c.extends for c in containers.values()}
        own = next((c for c in containers.values() if c.full_name not in extended), next(iter(containers.values())))
        return _merged(own, containers)

    @cached_property
    def sources(self) -> dict[str, EntitySet | Singleton]:
        """Entity sets, then singletons, of the merged container by name."""
        container = self.container
        if container is None:
            return {}
        sources: tuple[EntitySet | Singleton, ...] = (*container.entity_sets, *container.singletons)
        return {source.name: source for source in sources}

    @cached_property
    def imports(self) -> dict[str, OperationImport]:
        """The operation imports of the merged container by name."""
        return {} if self.container is None else {i.name: i for i in self.container.imports}

    @cached_property
    def terms(self) -> dict[str, Term]:
        """Terms that the document itself declares, by full name."""
        return {t.full_name: t for schema in self.schemas for t in schema.terms}

    def alias_of(self, namespace: str) -> str:
        """Give the alias of one of the document's own schemas, or an empty string."""
        return self._aliases.get(namespace, "")

    def namespace_of(self, alias: str) -> str:
        """Give the namespace behind an alias, or the name as it is."""
        return self.document.aliases.get(alias, alias)

    def expand(self, name: str) -> str:
        """Give a qualified name with the alias in front of it replaced by its namespace."""
        namespace, dot, simple = name.rpartition(".")
        return f"{self.namespace_of(namespace)}.{simple}" if dot else name

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {s.namespace: s.alias for s in reversed(self.schemas) if s.alias}

    @cached_property
    def _order(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.types)}


class _Types(Mapping[str, SchemaType]):
    """Types by full name, made when they are looked up."""

    def __init__(self, schemas: Iterable[Schema]) -> None:
        self._places: dict[str, _Place] = {}
        self._made: dict[str, SchemaType] = {}
        for schema in schemas:
            for place, (full_name, _) in enumerate(type_heads(schema)):
                self._places[full_name] = (schema, place)

    def __getitem__(self, name: str) -> SchemaType:
        found = self._made.get(name)
        if found is None:
            schema, place = self._places[name]
            found = self._made[name] = schema.types[place]
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """Give a type; the inherited way by an exception is slow, and most names asked for are no types."""
        found = self._made.get(name)
        return found if found is not None else self[name] if name in self._places else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._places


def type_heads(schema: Schema) -> Sequence[tuple[str, ...]]:
    """Give full name and base type (or an empty string) of each type, without making any that is deferred."""
    if isinstance(schema.types, Deferred):
        return schema.types.heads
    return [(t.full_name, (t.base or "") if isinstance(t, StructuredType) else "") for t in schema.types]


def operation_heads(schema: Schema) -> Sequence[tuple[str, ...]]:
    """Give full name and binding type (or an empty string) of each operation, without making any that is deferred."""
    if isinstance(schema.operations, Deferred):
        return schema.operations.heads
    return [(o.full_name, _binding(o)) for o in schema.operations]


def _binding(operation: Operation) -> str:
    if not operation.bound or not operation.parameters:
        return ""
    use = operation.parameters[0].type
    return f"Collection({use.name})" if use.collection else use.name


def _merged(own: EntityContainer, known: dict[str, EntityContainer]) -> EntityContainer:
    """Put the children of extended containers before the own ones; a loop of Extends ends where it closes."""
    chain = [own]
    while (base := known.get(chain[-1].extends)) is not None and base not in chain:
        chain.append(base)
    chain.reverse()
    return replace(
        own,
        entity_sets=tuple({e.name: e for c in chain for e in c.entity_sets}.values()),
        singletons=tuple({s.name: s for c in chain for s in c.singletons}.values()),
        imports=tuple({i.name: i for c in chain for i in c.imports}.values()),
    )
