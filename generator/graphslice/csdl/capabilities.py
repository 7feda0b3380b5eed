"""What the capability annotations say about a path: the records that hold for it, in the order in which they count.

Records for one question are kept as a *stack*: the first record that has a member gives it, the ones below only fill
gaps. Where the standard leaves a gap, silence means allowed.
"""

from __future__ import annotations

from functools import cached_property

from graphslice.csdl import annotations as read
from graphslice.csdl import vocabulary
from graphslice.csdl.annotations import Annotations
from graphslice.csdl.edm import Expression, NavigationProperty, Property, Record, StructuredType
from graphslice.csdl.index import Index
from graphslice.csdl.segments import Node, Source, Step

Stack = tuple[Record, ...]


def flag(stack: Stack, name: str) -> bool | None:
    """Give the first constant boolean of this name, None if no record has one."""
    for record in stack:
        found = read.boolean(record.get(name))
        if found is not None:
            return found
    return None


def forbids(stack: Stack, name: str) -> bool:
    """Tell whether the stack says no."""
    return flag(stack, name) is False


def permits(stack: Stack, name: str) -> bool:
    """Tell whether the stack says yes, aloud."""
    return flag(stack, name) is True


def inner(stack: Stack, name: str) -> Stack:
    """Give the first record-valued member of this name as a stack of its own; empty if there is none."""
    for record in stack:
        found = read.record(record.get(name))
        if found is not None:
            return (found,)
    return ()


def texts(stack: Stack, name: str) -> tuple[str, ...]:
    """Give the first list of strings of this name."""
    for record in stack:
        found = record.get(name)
        if found is not None:
            return read.strings(found)
    return ()


def records(stack: Stack, name: str) -> tuple[Record, ...]:
    """Give the first list of records of this name."""
    for record in stack:
        found = record.get(name)
        if found is not None:
            return read.records(found)
    return ()


def text(stack: Stack, name: str) -> str:
    """Give the first constant string of this name that is not empty, or an empty string."""
    for record in stack:
        found = read.string(record.get(name))
        if found:
            return found
    return ""


def closed(record: Record | None) -> bool | None:
    """Tell whether a record's Navigability is None; None if it does not say."""
    members = read.members(record.get("Navigability")) if record is not None else ()
    return "None" in members if members else None


def first_entry(stack: Stack) -> Record | None:
    """Give the first restricted-property entry of the first record of a stack."""
    return next(iter(read.records(stack[0].get("RestrictedProperties"))), None) if stack else None


class Capabilities:
    """Finds the records of one model; answers are remembered by what they depend on."""

    def __init__(self, annotations: Annotations) -> None:
        """Take the lookups."""
        self.annotations = annotations
        self.index = annotations.index
        self._sources: dict[tuple[str, str], Stack] = {}
        self._alone: dict[tuple[str, str], Stack] = {}
        self._types: dict[tuple[str, str], Stack] = {}
        self._members: dict[tuple[str, str, str], Stack] = {}
        self._properties: dict[tuple[str, str, str], Expression | None] = {}
        self._entries: dict[str, dict[str, Record]] = {}

    @cached_property
    def _targets(self) -> frozenset[str]:
        container = self.index.container
        prefix = f"{container.full_name}/" if container else "/"
        return frozenset(t for t in self.annotations.targets() if t.startswith(prefix))

    def is_annotated(self, node: Node) -> bool:
        """Tell whether anything at all is said outside about the target path of a node."""
        return self.is_target(node.target)

    def is_target(self, path: str) -> bool:
        """Tell whether anything at all is said outside about a target path."""
        return path in self._targets

    def at(self, node: Node, term: str) -> Expression | None:
        """Give what is said outside about the target path of a node; nothing where it cannot be resolved."""
        if node.target not in self._targets:
            return None
        return self.annotations.at(node.target, term)

    def record_at(self, node: Node, term: str) -> Stack:
        """Give the record said outside about the target path of a node."""
        found = read.record(self.at(node, term))
        return () if found is None else (found,)

    def of_source(self, source: Source, term: str) -> Stack:
        """Give the records of a set or singleton: outside, then inline, and its type's only where both are silent."""
        key = (source.name, term)
        found = self._sources.get(key)
        if found is None:
            outside = read.record(self.annotations.at(self.annotations.path(source.name), term))
            own = read.record(self.annotations.of_source_or_type(source, term))
            found = self._sources[key] = tuple(r for r in (outside, own) if r is not None)
        return found

    def of_source_alone(self, source: Source, term: str) -> Stack:
        """Give the one record that a set or singleton has where nothing is merged: inline, outside, or its type's."""
        key = (source.name, term)
        found = self._alone.get(key)
        if found is None:
            record = read.record(self.annotations.of_source_or_type(source, term))
            found = self._alone[key] = () if record is None else (record,)
        return found

    def of_type(self, declared: StructuredType | None, term: str) -> Stack:
        """Give the record of a type or its nearest base that has the term."""
        if declared is None:
            return ()
        key = (declared.full_name, term)
        found = self._types.get(key)
        if found is None:
            record = read.record(self.annotations.of_type(declared, term))
            found = self._types[key] = () if record is None else (record,)
        return found

    def of_navigation(self, prop: NavigationProperty, term: str) -> Stack:
        """Give the record of a navigation property."""
        key = (prop.owner, prop.name, term)
        found = self._members.get(key)
        if found is None:
            record = read.record(self.annotations.of_navigation(prop, term))
            found = self._members[key] = () if record is None else (record,)
        return found

    def of_member(self, node: Node, term: str) -> Stack:
        """Give the record of the structural property that a complex or stream node stands for."""
        record = read.record(self.of_property(node, term))
        return () if record is None else (record,)

    def of_property(self, node: Node, term: str) -> Expression | None:
        """Give what is said about the structural property that a complex or stream node stands for."""
        owner = owner_of(node)
        prop = node.member
        if owner is None or not isinstance(prop, Property):
            return None
        key = (owner.full_name, prop.name, term)
        if key not in self._properties:
            self._properties[key] = self.annotations.of_property(owner, prop, term)
        return self._properties[key]

    # ------------------------------------------------------------------------------- navigation restrictions

    def restriction_on_path(self, parent: Node, prop: NavigationProperty) -> Record | None:
        """Give the restricted-property entry that rules whether a path to a navigation property is made.

        The source's entries are compared with the navigation names from the second level on; at the top level
        Microsoft's converter compares with a leading slash, so that its entries there never hold for the path itself.
        """
        source = parent.source
        if source is not None and parent.navigation:
            found = self._restricted(source).get(f"{parent.navigation}/{prop.name}")
            if found is not None:
                return found
        return first_entry(self.of_navigation(prop, vocabulary.NAVIGATION_RESTRICTIONS))

    def restriction(self, node: Node) -> Record | None:
        """Give the restricted-property entry that rules which verbs a navigation path has.

        At the target path it is the first entry, whatever that names; the source's has to name the property.
        """
        entry = first_entry(self.record_at(node, vocabulary.NAVIGATION_RESTRICTIONS))
        return self.restriction_of_operation(node) if entry is None else entry

    def restriction_of_operation(self, node: Node) -> Record | None:
        """Give the entry that describes the operations of a navigation path; none at the target path is asked."""
        assert node.last_navigation is not None
        entry = None
        if node.source is not None:
            entry = self._restricted(node.source).get(node.navigation)
        if entry is None:
            own = self.of_navigation(node.last_navigation, vocabulary.NAVIGATION_RESTRICTIONS)
            entry = first_entry(own)
        return entry

    def restriction_on_ref(self, node: Node) -> Record | None:
        """Give the entry that is spelt with the ``$ref`` of a reference path."""
        for entry in records(self.navigation_on_ref(node), "RestrictedProperties"):
            if read.path(entry.get("NavigationProperty")) == f"{node.identifiers}/$ref":
                return entry
        return None

    def navigation_on_ref(self, node: Node) -> Stack:
        """Give the navigation records that rule a reference path: at the path, then the source's."""
        term = vocabulary.NAVIGATION_RESTRICTIONS
        of_source = () if node.source is None else self.of_source_alone(node.source, term)
        return (*self.record_at(node, term), *of_source)

    def _restricted(self, source: Source) -> dict[str, Record]:
        found = self._entries.get(source.name)
        if found is None:
            found = self._entries[source.name] = {}
            alone = self.of_source_alone(source, vocabulary.NAVIGATION_RESTRICTIONS)
            for entry in records(alone, "RestrictedProperties"):
                found.setdefault(read.path(entry.get("NavigationProperty")) or "", entry)
        return found

    def open_to(self, stack: Stack, entry: Record | None) -> bool:
        """Tell whether a navigation may be followed: the entry decides if it says, else the record itself."""
        said = closed(entry)
        if said is None:
            said = next((c for c in map(closed, stack) if c is not None), None)
        return said is not True


def owner_of(node: Node) -> StructuredType | None:
    """Give the type whose member the last segment of a node names."""
    parent = node.parent
    while parent is not None and parent.step in (Step.REF, Step.COUNT):
        parent = parent.parent
    return None if parent is None else parent.type


def stream_owner(index: Index, node: Node) -> NavigationProperty | Property | None:
    """Give what Microsoft's converter takes for the owner of a ``$value``: the member that is named before it.

    That is a navigation property of one value, or the key property of a collection's element.
    """
    before = node.parent
    if before is None or before.type is None:
        return None
    if before.step is Step.NAVIGATION and isinstance(before.member, NavigationProperty):
        return before.member
    holder = index.keys(before.type) if before.step is Step.KEY else None
    if holder is None or len(holder.key) != 1:
        return None
    return next((prop for prop in index.properties(holder) if prop.name == holder.key[0].name), None)


def casts_value(node: Node) -> bool:
    """Tell whether a node is a cast of a complex property."""
    return node.step is Step.CAST and node.parent is not None and node.parent.step is Step.COMPLEX
