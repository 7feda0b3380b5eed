"""Query options of GET, and the custom options and headers that records declare."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from graphslice.api.model import HeaderParameter, QueryParameter, TypeRef
from graphslice.csdl import annotations as read
from graphslice.csdl import vocabulary
from graphslice.csdl.capabilities import Capabilities, Stack, closed, owner_of, records
from graphslice.csdl.edm import EntitySet, Expression, NavigationProperty, Operation, Property, Singleton
from graphslice.csdl.segments import Node, Step
from graphslice.csdl.values import BOOLEAN, INT64, STRING, STRINGS

COUNTED = ("$search", "$filter")
SINGLE = ("$select", "$expand")
LISTED = ("$top", "$skip", "$search", "$filter", "$count")
ORDERED = ("$orderby", "$select", "$expand")
COLLECTION = (*LISTED, *ORDERED)
REFERENCES = (*LISTED, "$orderby")

_TYPES: dict[str, TypeRef] = {
    "$top": INT64,
    "$skip": INT64,
    "$count": BOOLEAN,
    "$search": STRING,
    "$filter": STRING,
    "$orderby": STRINGS,
    "$select": STRINGS,
    "$expand": STRINGS,
}
_OPTIONS = {name: QueryParameter(name=name, type=kind) for name, kind in _TYPES.items()}

_TAGS = {"$top": vocabulary.TOP_SUPPORTED, "$skip": vocabulary.SKIP_SUPPORTED}
_RECORDS = {
    "$search": (vocabulary.SEARCH_RESTRICTIONS, "Searchable"),
    "$filter": (vocabulary.FILTER_RESTRICTIONS, "Filterable"),
    "$count": (vocabulary.COUNT_RESTRICTIONS, "Countable"),
    "$orderby": (vocabulary.SORT_RESTRICTIONS, "Sortable"),
    "$expand": (vocabulary.EXPAND_RESTRICTIONS, "Expandable"),
}

Said = Callable[[str], Expression | None]


def refused(option: str, said: Said) -> bool:
    """Tell whether an option is ruled out by what is said (`said` answers for a term)."""
    if option in _TAGS:
        return read.boolean(said(_TAGS[option])) is False
    if option == "$select":
        return closed(read.record(said(vocabulary.NAVIGATION_RESTRICTIONS))) is True
    term, name = _RECORDS[option]
    return read.boolean(read.member(read.record(said(term)), name)) is False


class Queries:
    """Answers which options the GET of a node takes."""

    def __init__(self, capabilities: Capabilities) -> None:
        """Take the lookups."""
        self.capabilities, self.annotations = capabilities, capabilities.annotations
        self._kept: dict[tuple[str, ...], tuple[QueryParameter, ...]] = {}

    def on_path(self, node: Node, options: tuple[str, ...]) -> tuple[QueryParameter, ...]:
        """Give the options of a node whose target path is asked first: only two refusals rule one out."""
        if node.operated:
            return self.by_member(node, options)
        if not self.capabilities.is_annotated(node):
            return self._make(options)

        def at_path(term: str) -> Expression | None:
            return self.capabilities.at(node, term)

        by_member = self._said(node)
        return self._make(tuple(o for o in options if not (refused(o, at_path) and refused(o, by_member))))

    def by_member(self, node: Node, options: tuple[str, ...]) -> tuple[QueryParameter, ...]:
        """Give the options that the annotated member itself (set, property, function) does not rule out."""
        said = self._said(node)
        return self._make(tuple(o for o in options if not refused(o, said)))

    def of_cast(self, node: Node) -> tuple[QueryParameter, ...]:
        """Give the options of a cast: the paging ones are asked of the member only."""
        holder = _holder(node)
        if holder is not None and isinstance(holder.member, Property):
            return ()
        if not node.collection:
            return self.on_path(node, SINGLE)
        return self.by_member(node, LISTED) + self.on_path(node, ORDERED)

    def of_count(self, node: Node) -> tuple[QueryParameter, ...]:
        """Give the options of a count: the path rules one out if the counted agrees, of a cast its type as well."""
        if node.parent is None or not self.capabilities.is_annotated(node):
            return self._make(COUNTED)
        counted = node.parent
        said: list[Said] = [partial(self.capabilities.at, node)]
        if counted.step is Step.CAST and counted.type is not None and counted.parent is not None:
            said.append(partial(self.annotations.of_type, counted.type))
            counted = counted.parent
        if counted.step is not Step.COMPLEX:
            said.append(self._said(counted))
        return self._make(tuple(o for o in COUNTED if not all(refused(o, each) for each in said)))

    def custom(self, stack: Stack) -> tuple[QueryParameter, ...]:
        """Give the custom options that a stack of records declares; one without a constant name is left out."""
        if not stack:
            return ()
        found = []
        for record in records(stack, "CustomQueryOptions"):
            name = read.string(record.get("Name"))
            if name:
                required = read.boolean(record.get("Required")) is True
                description = read.string(record.get("Description")) or ""
                found.append(
                    QueryParameter(name=name, type=STRING, required=required, explode=True, description=description)
                )
        return tuple(found)

    def headers(self, stack: Stack) -> tuple[HeaderParameter, ...]:
        """Give the custom headers that a stack of records declares."""
        if not stack:
            return ()
        found = []
        for record in records(stack, "CustomHeaders"):
            name = read.string(record.get("Name"))
            if name:
                required = read.boolean(record.get("Required")) is True
                description = read.string(record.get("Description")) or ""
                found.append(HeaderParameter(name=name, type=STRING, required=required, description=description))
        return tuple(found)

    def _make(self, options: tuple[str, ...]) -> tuple[QueryParameter, ...]:
        found = self._kept.get(options)
        if found is None:
            found = self._kept[options] = tuple(_OPTIONS[name] for name in options)
        return found

    def _said(self, node: Node) -> Said:
        """Give what the annotated member of a node says: a set or singleton falls back to its type."""
        holder = _holder(node)
        member = holder.member if holder is not None else None
        annotations = self.annotations

        def said(term: str) -> Expression | None:
            if isinstance(member, (EntitySet, Singleton)):
                return annotations.of_source_or_type(member, term)
            if isinstance(member, NavigationProperty):
                return annotations.of_navigation(member, term)
            if isinstance(member, Operation):
                return annotations.of_operation(member, term)
            if isinstance(member, Property) and holder is not None and (owner := owner_of(holder)) is not None:
                return annotations.of_property(owner, member, term)
            return None

        return said


def _holder(node: Node) -> Node | None:
    """Give the node of the set, singleton, property or operation that a path's last segments speak about."""
    at: Node | None = node
    while at is not None and at.step in (Step.CAST, Step.KEY, Step.ALTERNATE_KEY, Step.COUNT, Step.REF, Step.VALUE):
        at = at.parent
    return at
