"""A URL path as a chain of nodes, and how each kind of segment is written.

A node is one prefix of a path. It carries what the following rules ask of the whole prefix (names in use, casts passed,
navigation names), so that no rule has to walk back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from graphslice.api.model import PathParameter, QueryParameter, TypeRef
from graphslice.csdl import alternate_keys, vocabulary
from graphslice.csdl import annotations as read
from graphslice.csdl.alternate_keys import Key
from graphslice.csdl.annotations import Annotations
from graphslice.csdl.edm import (
    EntitySet,
    NavigationProperty,
    Operation,
    OperationImport,
    Parameter,
    Property,
    PropertyRef,
    Singleton,
    StructuredType,
    TypeUse,
)
from graphslice.csdl.index import Index
from graphslice.csdl.values import STRING, Values

ROOT_NAMESPACE = "microsoft.graph"
"""The namespace that Microsoft's converter settings leave out in front of operation names."""


class Step(Enum):
    """The kind of a node's last segment."""

    SOURCE = 1
    KEY = 2
    ALTERNATE_KEY = 3
    NAVIGATION = 4
    REF = 5
    COUNT = 6
    CAST = 7
    STREAM = 8
    VALUE = 9
    COMPLEX = 10
    OPERATION = 11
    IMPORT = 12


Source = EntitySet | Singleton
Member = Source | NavigationProperty | Property | StructuredType | Operation | OperationImport


@dataclass(slots=True, eq=False)
class Node:
    """One prefix of a URL path."""

    step: Step
    parent: Node | None
    path: str
    target: str
    """The target path: container and identifiers without keys, ``$ref``, ``$count`` and ``$value``."""
    member: Member | None
    """What the last segment names; a key, ``$count`` and the like take it from the segment before."""
    type_name: str
    """Full name of the addressed type, or of the elements of the addressed collection."""
    type: StructuredType | None
    collection: bool
    source: Source | None
    navigation: str = ""
    """The navigation properties passed, joined by slashes."""
    identifiers: str = ""
    """All segments after the source except keys, joined by slashes."""
    parameters: tuple[PathParameter, ...] = ()
    query: tuple[QueryParameter, ...] = ()
    """Optional function parameters: they stand in the path by alias and travel in the query."""
    used: tuple[str, ...] = ()
    """Parameter names that later segments have to keep clear of."""
    casts: tuple[str, ...] = ()
    streamed: bool = False
    operated: bool = False
    """An operation stands somewhere on the path: its target path cannot be resolved."""
    last_navigation: NavigationProperty | None = None
    called: Operation | None = None
    """The overload that an import calls."""

    def ends_in_key(self) -> bool:
        """Tell whether the last segment is a key or an alternate key."""
        return self.step is Step.KEY or self.step is Step.ALTERNATE_KEY


@dataclass(slots=True)
class _Arguments:
    """What the parameters of an operation add to its node, while they are written."""

    used: list[str]
    declared: list[PathParameter]
    query: list[QueryParameter]

    def give(self, node: Node) -> None:
        node.used, node.parameters, node.query = tuple(self.used), tuple(self.declared), tuple(self.query)


class Segments:
    """Makes nodes."""

    def __init__(self, index: Index, annotations: Annotations, values: Values) -> None:
        """Take the lookups that segment texts depend on."""
        self.index, self.annotations, self.values = index, annotations, values
        self._types: dict[str, StructuredType | None] = {}

    def source(self, source: Source) -> Node:
        """Make the node of an entity set or a singleton."""
        return Node(
            Step.SOURCE,
            None,
            f"/{source.name}",
            self.annotations.path(source.name),
            source,
            source.type,
            self.index.structured(source.type),
            isinstance(source, EntitySet),
            source,
        )

    def navigation(self, parent: Node, prop: NavigationProperty) -> Node:
        """Append a navigation property."""
        node = self._append(parent, Step.NAVIGATION, prop.name, prop, prop.type)
        node.navigation = f"{parent.navigation}/{prop.name}" if parent.navigation else prop.name
        node.last_navigation = prop
        return node

    def complex(self, parent: Node, prop: Property) -> Node:
        """Append a complex property."""
        return self._append(parent, Step.COMPLEX, prop.name, prop, prop.type)

    def stream(self, parent: Node, prop: Property) -> Node:
        """Append a property of type Edm.Stream."""
        node = self._append(parent, Step.STREAM, prop.name, prop, prop.type)
        node.streamed = True
        return node

    def value(self, parent: Node) -> Node:
        """Append ``$value``."""
        node = self._tail(parent, Step.VALUE, "$value")
        node.streamed = True
        return node

    def count(self, parent: Node) -> Node:
        """Append ``$count``."""
        return self._tail(parent, Step.COUNT, "$count")

    def ref(self, parent: Node) -> Node:
        """Append ``$ref``."""
        return self._tail(parent, Step.REF, "$ref")

    def cast(self, parent: Node, derived: StructuredType) -> Node:
        """Append a type cast; the segment uses the alias of the type's schema where it has one."""
        alias = self.index.alias_of(derived.namespace)
        use = TypeUse(derived.full_name, parent.collection)
        node = self._append(parent, Step.CAST, f"{alias}.{derived.name}" if alias else derived.full_name, derived, use)
        node.target = f"{parent.target}/{derived.full_name}"
        before = f"{parent.identifiers}/" if parent.identifiers else ""
        node.identifiers = f"{before}{derived.full_name}"
        node.casts = (*parent.casts, derived.full_name)
        return node

    def key(self, parent: Node) -> Node:
        """Append the key of a collection's element."""
        used, declared = list(parent.used), list(parent.parameters)
        text = self._key_text(parent, used, declared)
        node = self._tail(parent, Step.KEY, text)
        node.collection = False
        node.used, node.parameters = tuple(used), tuple(declared)
        return node

    def alternate_keys(self, parent: Node) -> list[Node]:
        """Give the node of each alternate key of a collection's elements that the type can serve."""
        if parent.type is None:
            return []
        found = self.annotations.of_type(parent.type, vocabulary.ALTERNATE_KEYS)
        if found is None:
            return []
        keys = alternate_keys.served(read.records(found), self.index.properties(parent.type))
        return [self._alternate(parent, key, keys) for key in keys]

    def operation(self, parent: Node, operation: Operation) -> Node:
        """Append a bound action or function."""
        text = self._operation_name(operation)
        arguments = _Arguments(list(parent.used), list(parent.parameters), list(parent.query))
        if operation.function:
            text += f"({','.join(self._argument(p, arguments) for p in operation.parameters[1:])})"
        returns = operation.returns.type if operation.returns else TypeUse("")
        node = self._append(parent, Step.OPERATION, text, operation, returns)
        node.target = f"{parent.target}/{operation.name}"
        before = f"{parent.identifiers}/" if parent.identifiers else ""
        node.identifiers = f"{before}{operation.name}"
        node.operated = True
        arguments.give(node)
        return node

    def imported(self, called: OperationImport, operation: Operation) -> Node:
        """Make the node of an action import, or of one overload of a function import."""
        text = f"/{called.name}"
        arguments = _Arguments([], [], [])
        if called.function:
            text += f"({','.join(self._import_argument(p, arguments) for p in operation.parameters)})"
        returns = operation.returns.type if operation.returns else TypeUse("")
        node = Node(
            Step.IMPORT,
            None,
            text,
            self.annotations.path(called.name),
            called,
            returns.name,
            self.index.structured(returns.name),
            returns.collection,
            None,
            operated=True,
        )
        arguments.give(node)
        node.called = operation
        return node

    # ------------------------------------------------------------------------------------------------- helpers

    def _structured(self, name: str) -> StructuredType | None:
        if name not in self._types:
            self._types[name] = self.index.structured(name)
        return self._types[name]

    def _append(self, parent: Node, step: Step, text: str, member: Member, use: TypeUse) -> Node:
        return Node(
            step,
            parent,
            f"{parent.path}/{text}",
            f"{parent.target}/{text}",
            member,
            use.name,
            self._structured(use.name),
            use.collection,
            parent.source,
            parent.navigation,
            f"{parent.identifiers}/{text}" if parent.identifiers else text,
            parent.parameters,
            parent.query,
            parent.used,
            parent.casts,
            parent.streamed,
            parent.operated,
            parent.last_navigation,
        )

    def _tail(self, parent: Node, step: Step, text: str) -> Node:
        """Append a segment that names nothing in the model."""
        return Node(
            step,
            parent,
            f"{parent.path}/{text}",
            parent.target,
            parent.member,
            parent.type_name,
            parent.type,
            parent.collection,
            parent.source,
            parent.navigation,
            parent.identifiers,
            parent.parameters,
            parent.query,
            parent.used,
            parent.casts,
            parent.streamed,
            parent.operated,
            parent.last_navigation,
        )

    def _key_text(self, parent: Node, used: list[str], declared: list[PathParameter]) -> str:
        owner = self.index.keys(parent.type) if parent.type else None
        if parent.type is None or owner is None:
            return ""
        if len(owner.key) == 1:
            name = unique(f"{parent.type.name}-{_label(owner.key[0])}", used)
            declared.append(PathParameter(name=name, type=self._key_type(owner, owner.key[0])))
            return f"{{{name}}}"
        parts = []
        for part in owner.key:
            label = _label(part)
            name = unique(label, used)
            use = self._key_use(owner, part)
            declared.append(PathParameter(name=name, type=self.values.parameter(use)))
            parts.append(f"{label}='{{{name}}}'" if self.values.quoted(use) else f"{label}={{{name}}}")
        return ",".join(parts)

    def _key_use(self, owner: StructuredType, part: PropertyRef) -> TypeUse:
        """Give the type of a key part; its name may lead through complex properties."""
        at: StructuredType | None = owner
        use = TypeUse("Edm.String")
        for name in part.name.split("/"):
            found = next((p for p in self.index.properties(at) if p.name == name), None) if at else None
            if found is None:
                return TypeUse("Edm.String")
            use, at = found.type, self.index.structured(found.type.name)
        return use

    def _key_type(self, owner: StructuredType, part: PropertyRef) -> TypeRef:
        return self.values.parameter(self._key_use(owner, part))

    def _alternate(self, parent: Node, key: Key, keys: list[Key]) -> Node:
        """Append one alternate key; the placeholders are the names of its properties."""
        declared = list(parent.parameters)
        for _, prop in key:
            source = alternate_keys.declared(prop.name, key, keys)
            kind = STRING if source is None else self.values.parameter(source.type)
            declared.append(PathParameter(name=prop.name, type=kind, declared=source is not None))
        text = ",".join(f"{alias}='{{{prop.name}}}'" for alias, prop in key)
        node = self._tail(parent, Step.ALTERNATE_KEY, "")
        node.path = f"{parent.path}({text})"
        node.collection = False
        node.parameters = tuple(declared)
        return node

    def _operation_name(self, operation: Operation) -> str:
        if operation.namespace.lower() == ROOT_NAMESPACE:
            return operation.name
        return operation.full_name

    def _argument(self, parameter: Parameter, arguments: _Arguments) -> str:
        name = unique(parameter.name, arguments.used)
        quoted = self.values.quoted(parameter.type)
        kind = self.values.parameter(parameter.type)
        if is_optional(parameter):
            if self._travels(parameter):
                arguments.query.append(QueryParameter(name=name, type=kind, explode=True))
            else:
                arguments.declared.append(PathParameter(name=name, type=kind, declared=False))
            return f"{parameter.name}='@{name}'" if quoted else f"{parameter.name}=@{name}"
        arguments.declared.append(PathParameter(name=name, type=kind))
        return f"{parameter.name}='{{{name}}}'" if quoted else f"{parameter.name}={{{name}}}"

    def _import_argument(self, parameter: Parameter, arguments: _Arguments) -> str:
        name = unique(parameter.name, arguments.used)
        if not self._travels(parameter):
            return f"{parameter.name}=@{name}"
        quoted = self.values.quoted(parameter.type)
        kind = self.values.parameter(parameter.type)
        optional = is_optional(parameter)
        if optional:
            arguments.query.append(QueryParameter(name=name, type=kind, explode=True))
        arguments.declared.append(PathParameter(name=name, type=kind, declared=not optional))
        return f"{parameter.name}='{{{name}}}'" if quoted else f"{parameter.name}={{{name}}}"

    def _travels(self, parameter: Parameter) -> bool:
        """Tell whether a value of the parameter is plain text: neither a list nor a structure."""
        return not parameter.type.collection and self.index.structured(parameter.type.name) is None


def is_optional(parameter: Parameter) -> bool:
    """Tell whether a function parameter may be left out: Core.OptionalParameter, inline and by its full name.

    Microsoft's converter compares the text of the term, so that one written with an alias makes no difference to it.
    """
    return any(a.term == vocabulary.OPTIONAL_PARAMETER and not a.aliased for a in parameter.annotations)


def _label(part: PropertyRef) -> str:
    """Give the name of a key part in a URL: that of its property, or the alias of a way through complex values."""
    return (part.alias or part.name.rpartition("/")[2]) if "/" in part.name else part.name


def unique(name: str, used: list[str]) -> str:
    """Give a parameter name that is not in use yet (``id``, ``id1``, ``id2``), and note it as used."""
    found, number = name, 0
    while found in used:
        number += 1
        found = f"{name}{number}"
    used.append(found)
    return found
