"""Actions and functions on the paths of an expansion, and operation imports.

Operations come after all other paths: a segment of the same text replaces what the walk found, or loses to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from graphslice.csdl import annotations as read
from graphslice.csdl import vocabulary
from graphslice.csdl.capabilities import forbids
from graphslice.csdl.edm import NavigationProperty, Operation, Schema
from graphslice.csdl.growth import grows
from graphslice.csdl.index import Index, operation_heads
from graphslice.csdl.paths import Walk
from graphslice.csdl.segments import Node, Step

_HOLDERS = (Step.KEY, Step.ALTERNATE_KEY, Step.NAVIGATION)


class Bindings:
    """Attaches operations to the nodes of a walk."""

    def __init__(self, walk: Walk) -> None:
        """Take the finished walk."""
        self.walk, self.index, self.annotations = walk, walk.index, walk.annotations
        self.segments = walk.segments
        self.paths: dict[str, Node] = {}
        self._heads = heads_by_binding(walk.index)
        self._at: dict[tuple[str, bool], tuple[Operation, ...]] = {}
        self._explicit: dict[int, bool] = {}
        self._sources = frozenset(source.type for source in self.index.sources.values())

    def run(self) -> list[Node]:
        """Give all nodes of the API, one a path text, in the order of the rules."""
        for node in self.walk.nodes:
            self.paths.setdefault(node.path, node)
        called: list[Node] = []
        for node in self.walk.nodes:
            called += self._below(node)
        for node in called:
            self._composed(node)
        self._imports()
        return list(self.paths.values())

    # ------------------------------------------------------------------------------------------ what is bound

    def _bound(self, type_name: str, collection: bool) -> tuple[Operation, ...]:
        """Give the operations that a type's addresses offer, in document order.

        Those of its bases count only where the type is that of some set or singleton.
        """
        key = (type_name, collection)
        found = self._at.get(key)
        if found is None:
            names = [type_name]
            declared = self.index.structured(type_name)
            if declared is not None and type_name in self._sources:
                names += [base.full_name for base in self.index.bases(declared)]
            bindings = [f"Collection({name})" if collection else name for name in names]
            heads = sorted((head for binding in bindings for head in self._heads.get(binding, ())), key=itemgetter(0))
            found = self._at[key] = tuple(schema.operations[place] for _, schema, place in heads)
        return found

    def _requires(self, operation: Operation) -> bool:
        """Tell whether an operation is only there where it is listed; a tag set to false counts as set."""
        found = self._explicit.get(id(operation))
        if found is None:
            said = self.annotations.of_operation(operation, vocabulary.REQUIRES_EXPLICIT_BINDING)
            found = self._explicit[id(operation)] = said is not None
        return found

    def _below(self, node: Node) -> list[Node]:
        """Add the operations that a node offers; one that loses its path to another can still be composed with."""
        made: list[Node] = []
        for operation in self._offered(node):
            if operation.name.lower() == "count":
                self.paths.pop(f"{node.path}/$count", None)
            child = self.segments.operation(node, operation)
            if self.walk.wants(child):
                self._put(child, operation)
                made.append(child)
        return made

    def _offered(self, node: Node) -> Iterable[Operation]:
        if node.type is None or node.streamed or node.step not in (Step.SOURCE, *_HOLDERS):
            return
        if node.step is Step.SOURCE:
            yield from self._bound(node.type_name, node.collection)
            return
        prop = node.last_navigation
        if prop is not None and _leads(node, prop):
            for operation in self._bound(node.type_name, node.collection):
                if self._listed(prop, operation) if self._requires(operation) else prop.contains_target:
                    yield operation
        elif node.step is Step.KEY and node.parent is not None and node.parent.step is Step.SOURCE:
            for operation in self._bound(node.type_name, False):
                if not self._requires(operation) or self._listed_by_type(node, operation):
                    yield operation

    def _listed(self, prop: NavigationProperty, operation: Operation) -> bool:
        listed = self.annotations.of_navigation(prop, vocabulary.EXPLICIT_OPERATION_BINDINGS)
        return operation.full_name in read.strings(listed)

    def _listed_by_type(self, node: Node, operation: Operation) -> bool:
        assert node.type is not None and node.source is not None
        by_type = self.annotations.of_type(node.type, vocabulary.EXPLICIT_OPERATION_BINDINGS)
        by_set = self.annotations.of_source(node.source, vocabulary.EXPLICIT_OPERATION_BINDINGS)
        return operation.full_name in (*read.strings(by_type), *read.strings(by_set))

    def _put(self, node: Node, operation: Operation) -> None:
        """Give the path to an operation if it is free, or if this one is closer to the type that is addressed there.

        A later comer replaces an earlier one when it is bound to exactly that type, or to a type without subtypes.
        """
        holder = self.paths.get(node.path)
        if holder is not None:
            bound = operation.parameters[0].type.name
            assert node.parent is not None
            if bound != node.parent.type_name and self.index.children.get(bound):
                return
        self.paths[node.path] = node
        if len(self.paths) > self.walk.limit:
            raise grows(self.paths, self.walk.limit)

    # --------------------------------------------------------------------------------------------- composition

    def _composed(self, node: Node) -> None:
        """Follow a composable function one level: the operations of its result, and its navigation properties."""
        function = node.member
        if not isinstance(function, Operation) or not (function.function and function.composable):
            return
        if node.type is None or not node.type.entity or node.collection:
            return
        for operation in self._bound(node.type_name, False):
            if operation.name != function.name and self._allowed_behind(function, operation):
                child = self.segments.operation(node, operation)
                if self.walk.wants(child):
                    self._put(child, operation)
        for prop in self.index.navigation(node.type):
            child = self.segments.navigation(node, prop)
            if self.walk.wants(child):
                self.paths.setdefault(child.path, child)

    def _allowed_behind(self, function: Operation, operation: Operation) -> bool:
        listed = self.annotations.of_operation(function, vocabulary.EXPLICIT_OPERATION_BINDINGS)
        return not self._requires(operation) or operation.full_name in read.strings(listed)

    # ------------------------------------------------------------------------------------------------- imports

    def _imports(self) -> None:
        """Add the imports; one function import brings every unbound overload."""
        for called in self.index.imports.values():
            operations = [o for o in self.index.operations(called.operation) if not o.bound]
            if called.function:
                said = read.record(self.annotations.of_import(called, vocabulary.READ_RESTRICTIONS))
                if said is not None and forbids((said,), "Readable"):
                    continue
            for operation in operations if called.function else operations[:1]:
                node = self.segments.imported(called, operation)
                if self.walk.wants(node):
                    self.paths.setdefault(node.path, node)


def _leads(node: Node, prop: NavigationProperty) -> bool:
    """Tell whether a node is the navigation property itself or the key right behind it."""
    at = node.parent if node.ends_in_key() else node
    return at is not None and at.step is Step.NAVIGATION and at.member is prop and not _referred(node, prop)


def _referred(node: Node, prop: NavigationProperty) -> bool:
    """Tell whether the node is a collection whose elements' operations would be meant."""
    return node.step is Step.NAVIGATION and prop.type.collection is not node.collection


def heads_by_binding(index: Index) -> dict[str, list[tuple[int, Schema, int]]]:
    """Give, by binding type, the rank of each operation in the document and where to find it, making none."""
    found: dict[str, list[tuple[int, Schema, int]]] = {}
    rank = 0
    for schema in index.schemas:
        for place, (_, binding) in enumerate(operation_heads(schema)):
            found.setdefault(binding, []).append((rank, schema, place))
            rank += 1
    return found
