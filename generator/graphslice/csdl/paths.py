"""Expansion: from the entity container to every URL path that the rules of Microsoft's converter give.

The walk follows contained navigation, and asks the selection before each step whether anything there is wanted:
raw metadata has cycles through distinct properties that never end. Operations are attached in `bindings`.
"""

from __future__ import annotations

from graphslice.api.selection import Selection
from graphslice.csdl import annotations as read
from graphslice.csdl import vocabulary
from graphslice.csdl.capabilities import Capabilities, flag, forbids, permits
from graphslice.csdl.edm import (
    Collection,
    EntitySet,
    Expression,
    NavigationProperty,
    Property,
    Record,
    Singleton,
    StructuredType,
)
from graphslice.csdl.growth import MAX_DEPTH, grows
from graphslice.csdl.segments import Node, Segments, Source

Visited = tuple[tuple[str, str], ...]
"""The navigation properties passed, by declaring type and name: each occurs at most once on a path."""


class Walk:
    """One expansion; `nodes` holds its result in the order of the rules."""

    def __init__(self, segments: Segments, capabilities: Capabilities, selection: Selection, limit: int) -> None:
        """Take the lookups, what is wanted, and how many paths are too many."""
        self.segments, self.capabilities, self.selection = segments, capabilities, selection
        self.annotations, self.index = capabilities.annotations, capabilities.index
        self.limit = limit
        self.nodes: list[Node] = []
        self._values: dict[str, tuple[tuple[Property, StructuredType, bool], ...]] = {}
        self._everything = not selection.include and not selection.exclude

    def run(self) -> list[Node]:
        """Expand all entity sets, then all singletons."""
        container = self.index.container
        if container is not None:
            sources: tuple[Source, ...] = (*container.entity_sets, *container.singletons)
            for source in sources:
                self._source(source)
        return self.nodes

    def wants(self, node: Node) -> bool:
        """Tell whether a node or anything below it is wanted."""
        return self._everything or self.selection.reaches(node.path)

    def add(self, node: Node) -> bool:
        """Keep a node if it is wanted, and tell so."""
        if not self.wants(node):
            return False
        self.nodes.append(node)
        if len(self.nodes) > self.limit:
            raise grows((n.path for n in self.nodes), self.limit)
        return True

    # ------------------------------------------------------------------------------------------------- sources

    def _source(self, source: Source) -> None:
        node = self.segments.source(source)
        wanted = self.add(node)
        count: Record | None = None
        if isinstance(source, EntitySet):
            count = self._set(node, source, wanted)
            if wanted and self._by_key(self.annotations.of_source_or_type(source, vocabulary.INDEXABLE_BY_KEY), node):
                node = self.segments.key(node)
                wanted = self.add(node)
        if not wanted:
            return
        if not node.collection:
            self._casts(node, self._constraint_of_source(source), expand=True)
        self._streams(node)
        self._complex(node)
        if node.type is not None:
            for prop in self.index.navigation(node.type):
                self._navigation(node, prop, count, ())

    def _set(self, node: Node, source: EntitySet, wanted: bool) -> Record | None:
        """Add what hangs on a whole set, and give the count record that its navigation inherits."""
        if not wanted:
            self._alternates(node)
            return None
        counts = self.capabilities.of_source(source, vocabulary.COUNT_RESTRICTIONS)
        if not forbids(counts[:1], "Countable"):
            self.add(self.segments.count(node))
        self._casts(node, self._constraint_of_source(source), expand=False)
        self._alternates(node)
        return counts[0] if counts else None

    def _by_key(self, own: Expression | None, node: Node) -> bool:
        at_path = read.boolean(self.capabilities.at(node, vocabulary.INDEXABLE_BY_KEY))
        return (read.boolean(own) if at_path is None else at_path) is not False

    def _constraint_of_source(self, source: EntitySet | Singleton) -> Expression | None:
        return self.annotations.of_source_or_type(source, vocabulary.DERIVED_TYPE_CONSTRAINT)

    def _alternates(self, node: Node) -> None:
        for alternate in self.segments.alternate_keys(node):
            self.add(alternate)

    # ---------------------------------------------------------------------------------------------- navigation

    def _navigation(self, parent: Node, prop: NavigationProperty, count: Record | None, visited: Visited) -> None:
        if (prop.owner, prop.name) in visited:
            return
        if parent.path.count("/") > MAX_DEPTH:
            raise grows((n.path for n in self.nodes), self.limit)
        capabilities = self.capabilities
        of_source = (
            capabilities.of_source_alone(parent.source, vocabulary.NAVIGATION_RESTRICTIONS) if parent.source else ()
        )
        own = capabilities.of_navigation(prop, vocabulary.NAVIGATION_RESTRICTIONS)
        entry = capabilities.restriction_on_path(parent, prop)
        if not capabilities.open_to(of_source, entry) or not capabilities.open_to(own, entry):
            return
        node = self.segments.navigation(parent, prop)
        referenceable = permits(of_source, "Referenceable") or permits(own, "Referenceable")
        if not self.add(node):
            if node.collection and not referenceable:
                self._alternates(node)
            return
        if not self._indexable(node, prop, entry):
            return
        if node.collection:
            count = self._count(node, prop, count)
        constraint = self.annotations.of_navigation(prop, vocabulary.DERIVED_TYPE_CONSTRAINT)
        self._casts(node, constraint, expand=prop.contains_target and not node.collection)
        if referenceable:
            self._referenceable(node, constraint, prop.contains_target)
        else:
            self._expanded(node, constraint, prop, count, (*visited, (prop.owner, prop.name)))

    def _indexable(self, node: Node, prop: NavigationProperty, entry: Record | None) -> bool:
        said = read.boolean(entry.get("IndexableByKey")) if entry is not None else None
        if said is not None:
            return said
        return self._by_key(self.annotations.of_navigation(prop, vocabulary.INDEXABLE_BY_KEY), node)

    def _count(self, node: Node, prop: NavigationProperty, inherited: Record | None) -> Record | None:
        """Add ``$count`` where it is allowed, and give the record that what lies below inherits.

        The first record met on a path rules everything below it; records of properties below are not looked at.
        Where a record is in force, a property with a partner is counted only if that record lists the partner among
        the *non*-countable properties: the test of Microsoft's converter, kept as it is.
        """
        record, said = inherited, None
        if record is None:
            found = self.capabilities.record_at(node, vocabulary.COUNT_RESTRICTIONS) or self.capabilities.of_navigation(
                prop, vocabulary.COUNT_RESTRICTIONS
            )
            record = found[0] if found else None
            said = flag(found, "Countable")
        if said is None:
            listed = None if record is None else record.get("NonCountableNavigationProperties")
            said = record is None or not prop.partner or prop.partner in _paths(listed)
        if said:
            self.add(self.segments.count(node))
        return record

    def _referenceable(self, node: Node, constraint: Expression | None, contained: bool) -> None:
        self.add(self.segments.ref(node))
        if node.collection:
            node = self.segments.key(node)
            self.add(self.segments.ref(node))
            self._casts(node, constraint, expand=contained)
        self._streams(node)
        self._complex(node)

    def _expanded(
        self,
        node: Node,
        constraint: Expression | None,
        prop: NavigationProperty,
        count: Record | None,
        visited: Visited,
    ) -> None:
        if node.collection:
            self._alternates(node)
            node = self.segments.key(node)
            if not self.add(node):
                return
            self._casts(node, constraint, expand=prop.contains_target)
        self._streams(node)
        self._complex(node)
        if prop.contains_target and node.type is not None:
            for below in self.index.navigation(node.type):
                self._navigation(node, below, count, visited)

    # --------------------------------------------------------------------------- casts, streams, complex values

    def _casts(self, node: Node, constraint: Expression | None, *, expand: bool) -> None:
        """Add the casts that a constraint names in full; `expand` follows the navigation of the derived types."""
        for name in read.strings(constraint):
            derived = self.index.structured(name)
            if derived is None or name in node.casts or name == node.type_name:
                continue
            if not self.index.is_a(derived, node.type_name):
                continue
            cast = self.segments.cast(node, derived)
            if not self.add(cast):
                continue
            if node.collection:
                self.add(self.segments.count(cast))
            elif expand:
                for prop in self.index.navigation(derived):
                    self._navigation(cast, prop, None, ())
                if derived.entity:
                    self._complex(cast)

    def _streams(self, node: Node) -> None:
        """Add stream properties and, unless some property is called content, the type's own stream."""
        declared = node.type
        if declared is None:
            return
        properties = self.index.properties(declared)
        for prop in properties:
            if prop.type.name == "Edm.Stream" and not prop.type.collection:
                self.add(self.segments.stream(node, prop))
        base = self.index.structured(declared.base)
        streams = declared.has_stream or (base is not None and base.has_stream)
        if streams and not any(p.name.lower() == "content" for p in properties):
            self.add(self.segments.value(node))

    def _complex(self, node: Node) -> None:
        if node.type is None:
            return
        name = node.type.full_name
        found = self._values.get(name)
        if found is None:
            pairs = ((prop, self.index.structured(prop.type.name)) for prop in self.index.properties(node.type))
            found = self._values[name] = tuple(
                (prop, held, self._is_annotated(node.type, prop))
                for prop, held in pairs
                if held is not None and not held.entity
            )
        for prop, declared, annotated in found:
            if annotated or self.capabilities.is_target(f"{node.target}/{prop.name}"):
                self._complex_value(node, prop, declared)

    def _is_annotated(self, owner: StructuredType, prop: Property) -> bool:
        """Tell whether anything is said about a property itself; without a word it has a path nowhere."""
        declaring = self.index.declares(owner, prop.name) or owner
        return bool(prop.annotations) or bool(self.annotations.outside(f"{declaring.full_name}/{prop.name}"))

    def _complex_value(self, parent: Node, prop: Property, declared: StructuredType) -> None:
        """Add the path of a complex value if some record says aloud that it can be read, updated or inserted."""
        node = self.segments.complex(parent, prop)
        if not self.wants(node) or not any(self.says(node, *question) for question in _QUESTIONS):
            return
        self.add(node)
        constraint = self.capabilities.of_property(node, vocabulary.DERIVED_TYPE_CONSTRAINT)
        self._casts(node, constraint, expand=not node.collection)
        if node.collection:
            counts = (
                *self.capabilities.record_at(node, vocabulary.COUNT_RESTRICTIONS),
                *self.capabilities.of_member(node, vocabulary.COUNT_RESTRICTIONS),
            )
            if not forbids(counts[:1], "Countable"):
                self.add(self.segments.count(node))
            return
        self._inside(node, self.index.navigation(declared))
        self._nested(node, declared, (declared.full_name,))

    def _inside(self, node: Node, navigation: tuple[NavigationProperty, ...]) -> None:
        """Follow the navigation of a complex value; the count record there counts as inherited."""
        for prop in navigation:
            counts = self.capabilities.record_at(
                node, vocabulary.COUNT_RESTRICTIONS
            ) or self.capabilities.of_navigation(prop, vocabulary.COUNT_RESTRICTIONS)
            self._navigation(node, prop, counts[0] if counts else None, ())

    def says(self, node: Node, term: str, name: str) -> bool:
        """Tell whether the record of a complex value, at its path or on the property, says yes aloud."""
        stack = (*self.capabilities.record_at(node, term), *self.capabilities.of_member(node, term))
        return permits(stack, name)

    def _nested(self, node: Node, declared: StructuredType, passed: tuple[str, ...]) -> None:
        """Look in the complex values of a complex value for navigation; they have no paths themselves."""
        for prop in declared.properties:
            below = self.index.structured(prop.type.name)
            if below is None or below.entity or prop.type.collection or below.full_name in passed:
                continue
            child = self.segments.complex(node, prop)
            if not self.wants(child):
                continue
            self._inside(child, below.navigation)
            if not below.navigation:
                self._nested(child, below, (*passed, below.full_name))


_QUESTIONS = (
    (vocabulary.READ_RESTRICTIONS, "Readable"),
    (vocabulary.UPDATE_RESTRICTIONS, "Updatable"),
    (vocabulary.INSERT_RESTRICTIONS, "Insertable"),
)


def _paths(expression: Expression | None) -> tuple[str, ...]:
    items = expression.items if isinstance(expression, Collection) else ()
    return tuple(text for text in map(read.path, items) if text is not None)
