"""Which HTTP verbs a path has, and the records that rule each: one function a kind of path."""

from __future__ import annotations

from graphslice.api.model import PathKind
from graphslice.csdl import annotations as read
from graphslice.csdl import vocabulary
from graphslice.csdl.annotations import members
from graphslice.csdl.capabilities import (
    Capabilities,
    Stack,
    casts_value,
    closed,
    first_entry,
    forbids,
    inner,
    permits,
    stream_owner,
)
from graphslice.csdl.edm import EntitySet, NavigationProperty, OperationImport, Property, Record
from graphslice.csdl.edm import Operation as Declared
from graphslice.csdl.segments import Node, Step

READ = vocabulary.READ_RESTRICTIONS
INSERT = vocabulary.INSERT_RESTRICTIONS
UPDATE = vocabulary.UPDATE_RESTRICTIONS
DELETE = vocabulary.DELETE_RESTRICTIONS

TERMS = {"GET": READ, "POST": INSERT, "PATCH": UPDATE, "PUT": UPDATE, "DELETE": DELETE}
_MEMBERS = {
    READ: "ReadRestrictions",
    INSERT: "InsertRestrictions",
    UPDATE: "UpdateRestrictions",
    DELETE: "DeleteRestrictions",
}

Verbs = tuple[str, ...]


def kind_of(node: Node) -> PathKind:
    """Give the kind of a path; the order of the questions is part of the rules."""
    by_step = {Step.COUNT: PathKind.COUNT, Step.CAST: PathKind.CAST, Step.COMPLEX: PathKind.COMPLEX}
    if node.step in by_step:
        return by_step[node.step]
    if node.streamed:
        return PathKind.MEDIA
    if node.step is Step.REF:
        return PathKind.REF
    if isinstance(node.member, OperationImport):
        return PathKind.FUNCTION if node.member.function else PathKind.ACTION
    if node.step is Step.OPERATION and isinstance(node.member, Declared):
        return PathKind.FUNCTION if node.member.function else PathKind.ACTION
    if node.last_navigation is not None:
        return PathKind.NAVIGATION
    if node.step is Step.SOURCE:
        return PathKind.ENTITY_SET if isinstance(node.source, EntitySet) else PathKind.SINGLETON
    return PathKind.ENTITY


def update_verbs(stack: Stack) -> Verbs:
    """Give the verbs of an update: PUT where the method is PUT, both where both are named, else PATCH."""
    methods: tuple[str, ...] = ()
    for record in stack:
        methods = members(record.get("UpdateMethod"))
        if methods:
            break
    if "PUT" in methods:
        return ("PATCH", "PUT") if "PATCH" in methods else ("PUT",)
    return ("PATCH",)


class Rules:
    """Answers `verbs` and `records` for every node."""

    def __init__(self, capabilities: Capabilities) -> None:
        """Take the lookups."""
        self.capabilities = capabilities
        self._entries: dict[int, Record | None] = {}

    def verbs(self, node: Node, kind: PathKind) -> Verbs:
        """Give the verbs of a path."""
        if kind in (PathKind.ENTITY_SET, PathKind.ENTITY, PathKind.SINGLETON):
            return self._of_source(node, kind)
        if kind is PathKind.NAVIGATION:
            return self._of_navigation(node)
        if kind is PathKind.REF:
            return self._of_ref(node)
        if kind is PathKind.MEDIA:
            return self._of_media(node)
        if kind is PathKind.COMPLEX:
            return self._of_complex(node)
        return ("POST",) if kind is PathKind.ACTION else ("GET",)

    def records(self, node: Node, kind: PathKind, verb: str) -> Stack:
        """Give the records whose custom options, descriptions and permissions an operation takes."""
        term = TERMS[verb]
        if kind in (PathKind.ENTITY_SET, PathKind.SINGLETON, PathKind.ENTITY):
            assert node.source is not None
            stack = self.capabilities.of_source(node.source, term)
            return self._by_key(stack) if kind is PathKind.ENTITY and verb == "GET" else stack
        if kind in (PathKind.NAVIGATION, PathKind.REF):
            stack = self._described(node, term)
            return self._by_key(stack) if verb == "GET" and node.ends_in_key() else stack
        if kind in (PathKind.ACTION, PathKind.FUNCTION):
            return self._of_called(node, vocabulary.OPERATION_RESTRICTIONS)
        if kind is PathKind.COUNT:
            return self._of_count(node, term)
        if kind is PathKind.CAST and casts_value(node):
            return ()
        return (*self.capabilities.record_at(node, term), *self._of_holder(node, term))

    def remarks(self, node: Node, kind: PathKind, stack: Stack) -> Stack:
        """Give the records that describe an operation; `stack` are those that `records` gave for it."""
        if kind in (PathKind.ACTION, PathKind.FUNCTION):
            return (*self._of_called(node, INSERT if kind is PathKind.ACTION else READ), *stack)
        return stack

    def permissions(self, node: Node, kind: PathKind, verb: str, stack: Stack) -> Stack:
        """Give the records that name permissions: reading one element needs those of reading all, if it is silent."""
        if verb != "GET" or kind not in (PathKind.ENTITY, PathKind.NAVIGATION):
            return stack
        if kind is PathKind.ENTITY and node.source is not None:
            return (*stack, *self.capabilities.of_source(node.source, READ))
        return (*stack, *self._described(node, READ))

    # ----------------------------------------------------------------------------------------------- by kind

    def _of_source(self, node: Node, kind: PathKind) -> Verbs:
        source = node.source
        assert source is not None
        of_source = self.capabilities.of_source
        readable = of_source(source, READ)
        updates = of_source(source, UPDATE)
        if kind is PathKind.ENTITY:
            readable = self._by_key(readable)
        verbs = () if forbids(readable, "Readable") else ("GET",)
        if kind is PathKind.ENTITY_SET:
            return verbs if forbids(of_source(source, INSERT), "Insertable") else (*verbs, "POST")
        if not forbids(updates, "Updatable"):
            verbs = (*verbs, *(update_verbs(updates) if kind is PathKind.ENTITY else ("PATCH",)))
        if kind is PathKind.ENTITY and not forbids(of_source(source, DELETE), "Deletable"):
            verbs = (*verbs, "DELETE")
        return verbs

    def _of_navigation(self, node: Node) -> Verbs:
        prop = node.last_navigation
        assert prop is not None
        if self._is_closed(node, prop):
            return ()
        keyed = node.ends_in_key()
        one = keyed or not node.collection
        verbs: Verbs = self._read(node, keyed)
        if not one:
            return (*verbs, "POST") if self._may(node, prop, INSERT, "Insertable") else verbs
        if self._may_update(node, prop, keyed):
            own = self._merged(node, UPDATE)
            verbs = (*verbs, *update_verbs(own or self.capabilities.of_type(node.type, UPDATE)))
        aloud = permits(self._merged(node, DELETE), "Deletable")
        return (*verbs, "DELETE") if aloud or self._may(node, prop, DELETE, "Deletable") else verbs

    def _is_closed(self, node: Node, prop: NavigationProperty) -> bool:
        """Tell whether a navigation path has no verbs: its entry decides, else the source or the property."""
        said = closed(self._entry(node))
        if said is not None:
            return said
        term = vocabulary.NAVIGATION_RESTRICTIONS
        of_source = () if node.source is None else self.capabilities.of_source_alone(node.source, term)
        stack = (*of_source, *self.capabilities.of_navigation(prop, term))
        return any(closed(record) is True for record in stack)

    def _read(self, node: Node, keyed: bool) -> Verbs:
        own = self._merged(node, READ)
        if keyed:
            own = inner(own, "ReadByKeyRestrictions")
        of_type = self.capabilities.of_type(node.type, READ)
        return () if forbids(own, "Readable") or forbids(of_type, "Readable") else ("GET",)

    def _may(self, node: Node, prop: NavigationProperty, term: str, name: str) -> bool:
        """Contained: unless the property or its type says no; not contained: if the property says yes aloud."""
        own = self._merged(node, term)
        if not prop.contains_target:
            return permits(own, name)
        return not forbids(own, name) and not forbids(self.capabilities.of_type(node.type, term), name)

    def _may_update(self, node: Node, prop: NavigationProperty, keyed: bool) -> bool:
        """Like `_may`, but for a single value any record of the property hides that of the type."""
        own = self._merged(node, UPDATE)
        if prop.contains_target and not keyed and own:
            return not forbids(own, "Updatable")
        return self._may(node, prop, UPDATE, "Updatable")

    def _of_ref(self, node: Node) -> Verbs:
        said = (closed(self._entry(node)), *map(closed, self.capabilities.navigation_on_ref(node)))
        if next((answer for answer in said if answer is not None), False):
            return ()
        readable = () if forbids(self._merged(node, READ), "Readable") else ("GET",)
        deletable = () if forbids(self._merged(node, DELETE), "Deletable") else ("DELETE",)
        assert node.parent is not None
        if node.parent.step is Step.KEY:
            return deletable
        if node.collection:
            insertable = () if forbids(self._merged(node, INSERT), "Insertable") else ("POST",)
            return (*readable, *insertable, *deletable)
        updatable = () if forbids(self._merged(node, UPDATE), "Updatable") else ("PUT",)
        return (*readable, *updatable, *deletable)

    def _of_media(self, node: Node) -> Verbs:
        """A record at the path rules alone; else the root source decides, whatever owns the stream."""
        verbs = () if forbids(self._by_key(self._of_root(node, READ)), "Readable") else ("GET",)
        if not forbids(self._of_root(node, UPDATE), "Updatable"):
            verbs = (*verbs, "PUT")
        return verbs if forbids(self._of_root(node, DELETE), "Deletable") else (*verbs, "DELETE")

    def _of_root(self, node: Node, term: str) -> Stack:
        at_path = self.capabilities.record_at(node, term)
        if at_path or node.source is None:
            return at_path
        return self.capabilities.of_source_alone(node.source, term)

    def _of_complex(self, node: Node) -> Verbs:
        """Every verb of a complex value has to be allowed aloud."""
        updates = self.records(node, PathKind.COMPLEX, "PATCH")
        verbs = ("GET",) if permits(self.records(node, PathKind.COMPLEX, "GET"), "Readable") else ()
        if permits(updates, "Updatable"):
            verbs = (*verbs, *update_verbs(updates))
        if node.collection and permits(self.records(node, PathKind.COMPLEX, "POST"), "Insertable"):
            verbs = (*verbs, "POST")
        return verbs

    # ------------------------------------------------------------------------------------------------ records

    def _by_key(self, stack: Stack) -> Stack:
        return inner(stack, "ReadByKeyRestrictions") or stack

    def _entry(self, node: Node) -> Record | None:
        key = id(node)
        if key not in self._entries:
            is_ref = node.step is Step.REF
            of = self.capabilities.restriction_on_ref if is_ref else self.capabilities.restriction
            self._entries[key] = of(node)
        return self._entries[key]

    def _merged(self, node: Node, term: str) -> Stack:
        """Give the records that rule the verbs: at the path, in its entry, and on the navigation property.

        For references the property itself is not asked.
        """
        entry = self._entry(node)
        prop = node.last_navigation
        if node.step is Step.REF or prop is None:
            return self._with_entry(self.capabilities.record_at(node, term), entry, term)
        return self._declared(node, prop, entry, term)

    def _described(self, node: Node, term: str) -> Stack:
        """Give the records that describe an operation on a navigation property or on references to it."""
        assert node.last_navigation is not None
        entry = self.capabilities.restriction_of_operation(node)
        return self._declared(node, node.last_navigation, entry, term)

    def _declared(self, node: Node, prop: NavigationProperty, entry: Record | None, term: str) -> Stack:
        if entry is None and not self.capabilities.is_annotated(node):
            return self.capabilities.of_navigation(prop, term)
        stack = self._with_entry(self.capabilities.record_at(node, term), entry, term)
        return (*stack, *self.capabilities.of_navigation(prop, term))

    @staticmethod
    def _with_entry(stack: Stack, entry: Record | None, term: str) -> Stack:
        found = None if entry is None else read.record(entry.get(_MEMBERS[term]))
        return stack if found is None else (*stack, found)

    def _of_count(self, node: Node, term: str) -> Stack:
        """Give the records of a count: at its path, then the first of what is counted; complex values have none."""
        at = node.parent
        own: Stack = ()
        if at is not None and at.step is Step.CAST:
            own, at = self.capabilities.of_type(at.type, term), at.parent
        if not own and at is not None and at.step is not Step.COMPLEX:
            own = self._of_holder(at, term)
        return (*self.capabilities.record_at(node, term), *own)

    def _of_holder(self, node: Node, term: str) -> Stack:
        """Give the record of what a cast or a stream belongs to."""
        if node.step is Step.VALUE:
            return self._of_stream(node, term)
        at: Node | None = node
        while at is not None and at.step in (Step.CAST, Step.KEY, Step.ALTERNATE_KEY):
            at = at.parent
        if at is None:
            return ()
        if isinstance(at.member, NavigationProperty):
            return self.capabilities.of_navigation(at.member, term)
        if isinstance(at.member, Property):
            return self.capabilities.of_member(at, term)
        return () if at.source is None else self.capabilities.of_source(at.source, term)

    def _of_stream(self, node: Node, term: str) -> Stack:
        """Give the record of a type's own stream: that of the key property before it, or a navigation's first entry."""
        owner = stream_owner(self.capabilities.index, node)
        if isinstance(owner, NavigationProperty):
            found = self.capabilities.of_navigation(owner, vocabulary.NAVIGATION_RESTRICTIONS)
            return self._with_entry((), first_entry(found), term)
        if owner is None or node.type is None:
            return ()
        said = read.record(self.capabilities.annotations.of_property(node.type, owner, term))
        return () if said is None else (said,)

    def _of_called(self, node: Node, term: str) -> Stack:
        """Give the records of an operation: at its path, then on the operation or, for an import, on that alone."""
        annotations = self.capabilities.annotations
        member = node.member
        at_path = self.capabilities.record_at(node, term)
        if isinstance(member, OperationImport):
            own = read.record(annotations.of_import(member, term))
        else:
            own = read.record(annotations.of_operation(member, term)) if isinstance(member, Declared) else None
        return at_path if own is None else (*at_path, own)
