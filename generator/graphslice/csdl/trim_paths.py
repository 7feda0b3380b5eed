"""What of a document one URL path goes through."""

from __future__ import annotations

from graphslice.csdl.edm import NavigationProperty, Operation, Property, StructuredType, TypeUse
from graphslice.csdl.index import Index
from graphslice.csdl.trim_witness import members


class Walk:
    """One path, followed from the container: the members, types and operations on it.

    The path is text that was made from this very document, so that every step is known; where one word is a property
    and an operation alike both are noted.
    """

    def __init__(self, index: Index, path: str) -> None:
        """Follow a path such as ``/users/{user-id}/messages``."""
        self.index = index
        self.members: list[tuple[str, str]] = []
        """Declaring type and name of each property on the path."""
        self.types: list[str] = []
        self.operations: list[Operation] = []
        self.targets: set[str] = set()
        """The target paths of the path and of everything above it."""
        segments = _segments(path)
        self.root = segments[0].partition("(")[0] if segments else ""
        self._target = index.container.full_name if index.container else ""
        self._here: TypeUse | None = self._start(segments[0]) if segments else None
        for segment in segments[1:]:
            self._step(segment)
        self._note_rivals()

    def _start(self, segment: str) -> TypeUse | None:
        self._note_target(self.root)
        source = self.index.sources.get(self.root)
        if source is not None:
            self.types.append(source.type)
            keyed = segment != self.root
            return TypeUse(source.type, collection=source.name in self._sets and not keyed)
        imported = self.index.imports.get(self.root)
        found = self.index.operations(imported.operation) if imported is not None else ()
        self.operations += found
        return next((operation.returns.type for operation in found if operation.returns), None)

    @property
    def _sets(self) -> frozenset[str]:
        container = self.index.container
        return frozenset(s.name for s in container.entity_sets) if container else frozenset()

    def _note_target(self, name: str) -> None:
        self._target = f"{self._target}/{name}"
        self.targets.add(self._target)

    def _step(self, segment: str) -> None:
        if segment.startswith("$") or self._here is None:
            return
        if segment.startswith("{") or "=" in segment.partition("(")[0]:
            self._here = TypeUse(self._here.name)
            return
        name, bracket, _ = segment.partition("(")
        self._note_target(name)
        here = self.index.structured(self._here.name)
        if here is None:
            return
        cast = self.index.structured(self.index.expand(name)) if "." in name else None
        if cast is not None:
            self._note_target_of_cast(name, cast)
            self._here = TypeUse(cast.full_name, self._here.collection)
            return
        self._property_or_operation(here, name, keyed=bool(bracket))

    def _note_target_of_cast(self, name: str, cast: StructuredType) -> None:
        self.types.append(cast.full_name)
        self._target = f"{self._target[: -len(name)]}{cast.full_name}"
        self.targets.add(self._target)

    def _property_or_operation(self, here: StructuredType, name: str, keyed: bool) -> None:
        found = self._operations(here, name)
        self.operations += found
        self.types.append(here.full_name)
        declaring = self.index.declares(here, name)
        if declaring is not None:
            self.members.append((declaring.full_name, name))
            member = _member(declaring, name)
            if keyed:
                self.members += [(t.full_name, p.name) for t, p in self._alternate_parts(member.type.name)]
            self._here = TypeUse(member.type.name, member.type.collection and not keyed)
            return
        self._here = next((operation.returns.type for operation in found if operation.returns), None)

    def _alternate_parts(self, name: str) -> list[tuple[StructuredType, Property]]:
        """Keep every property of a type that is reached by an alternate key: which ones exist decides the key."""
        declared = self.index.structured(name)
        if declared is None:
            return []
        return [(t, p) for t in (declared, *self.index.bases(declared)) for p in t.properties]

    def _operations(self, here: StructuredType, name: str) -> list[Operation]:
        """Give the overloads of a name that can be called on a type, on one or on many of it."""
        simple = name.rpartition(".")[2]
        return [o for o in self._bound(here) if o.name == simple or o.full_name == name]

    def _bound(self, here: StructuredType) -> list[Operation]:
        lines = (here, *self.index.bases(here))
        bound = self.index.operations_bound_to
        return [o for t in lines for collection in (False, True) for o in bound(t.full_name, collection)]

    def _note_rivals(self) -> None:
        """Keep operations called count at the end: where there is one, `$count` is not offered beside it."""
        here = self.index.structured(self._here.name) if self._here is not None else None
        if here is not None:
            self.operations += [operation for operation in self._bound(here) if operation.name.lower() == "count"]


def _member(declaring: StructuredType, name: str) -> Property | NavigationProperty:
    return next(member for member in members(declaring) if member.name == name)


def _segments(path: str) -> list[str]:
    """Split a path at its slashes, leaving those inside parentheses alone."""
    parts: list[str] = []
    depth = 0
    for piece in path.strip("/").split("/"):
        if depth:
            parts[-1] += f"/{piece}"
        else:
            parts.append(piece)
        depth = max(0, depth + piece.count("(") - piece.count(")"))
    return parts
