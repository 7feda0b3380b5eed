"""The types that a slice needs: from its operations, over properties, bases and derived types, to the end.

Both readers close their models here. The walk is breadth first, so that the reason noted for a type is a shortest one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from graphslice.api.model import (
    ApiModel,
    ComposedType,
    Discriminator,
    ListRef,
    NamedRef,
    ObjectType,
    Operation,
    Reason,
    TypeDecl,
    TypeRef,
)
from graphslice.config import Subtypes

Lookup = Callable[[str], TypeDecl | None]
Derived = Callable[[str], Iterable[str]]
Constraint = Callable[[str, str], tuple[str, ...] | None]
"""Type id and property name to the only derived types that the property can hold; None: any."""

_KEPT = 1
"""The type is there."""
_WHOLE = 2
"""Something is declared to hold it, so a derived type may stand in its place."""
_EXPANDED = 4
"""It can come back when a navigation property of a result is expanded."""
_RETURNED = 8
"""It can come back by itself."""
_SEEN = _EXPANDED | _RETURNED
_HELD = 16
"""Something that comes back is declared to hold it; a base of what comes back is seen, but not held."""

RETURNING_ROLES = ("result", "error")

_Named = tuple[TypeRef | str | None, str]
"""What an operation names, and in which role."""


@dataclass(frozen=True, slots=True)
class Root:
    """A type that an operation (`owner`, as ``VERB path``) names itself; roles as in `Reason`."""

    type: str
    owner: str
    role: str


@dataclass(frozen=True, slots=True)
class Closure:
    """What `close` found; `types` are sorted by id."""

    types: dict[str, TypeDecl]
    reasons: dict[str, Reason]
    dropped: dict[str, str]


def named(ref: TypeRef | None) -> str | None:
    """Give the id of the declared type that a reference leads to, through lists; None if it leads to none."""
    while isinstance(ref, ListRef):
        ref = ref.item
    return ref.id if isinstance(ref, NamedRef) else None


def roots_of(model: ApiModel) -> Iterator[Root]:
    """Give the types that the operations of a model name, in its order; what says nothing new is left out."""
    told: set[tuple[str, bool]] = set()
    for item in model.paths:
        shared: list[_Named] = [(parameter.type, "parameter") for parameter in item.parameters]
        shared += [(query.type, "parameter") for query in item.query]
        for operation in item.operations:
            for ref, role in (*_sent(operation), *shared, *_asked(operation)):
                name = ref if isinstance(ref, str) else named(ref)
                if name is None or (name, role in RETURNING_ROLES) in told:
                    continue
                told.add((name, role in RETURNING_ROLES))
                yield Root(name, f"{operation.verb} {item.path}", role)


def reached(model: ApiModel) -> Iterator[str]:
    """Give the types of a model in the order in which somebody meets them who follows each operation to the end."""
    seen: set[str] = set()
    for root in roots_of(model):
        waiting = [root.type]
        while waiting:
            name = waiting.pop()
            declared = model.types.get(name)
            if declared is None or name in seen:
                continue
            seen.add(name)
            yield name
            waiting += reversed([one for one in _told(declared) if one is not None])


def _told(declared: TypeDecl) -> Iterator[str | None]:
    if isinstance(declared, ComposedType):
        yield from (named(member.type) for member in declared.members)
    elif isinstance(declared, ObjectType):
        yield declared.base
        yield from (named(prop.type) for prop in declared.properties)
        yield from (target for _, target in (declared.discriminator.mapping if declared.discriminator else ()))


def _sent(operation: Operation) -> Iterator[_Named]:
    yield operation.result.type, "result"
    body = operation.body
    if body is not None:
        yield body.type, "body"
        for part in body.parts:
            yield part.type, "body"


def _asked(operation: Operation) -> Iterator[_Named]:
    for query in operation.query:
        yield query.type, "parameter"
    for header in operation.headers:
        yield header.type, "parameter"
    for mapping in operation.errors:
        yield mapping.type, "error"


def close(
    roots: Iterable[Root],
    lookup: Lookup,
    derived: Derived,
    subtypes: Subtypes = Subtypes.ALL,
    constraint: Constraint | None = None,
) -> Closure:
    """Follow every reference from the roots.

    Args:
        roots: What the operations name.
        lookup: Gives a type by id; types are asked for only when something needs them.
        derived: Gives the ids of all types that derive from one, at any depth.
        subtypes: ALL brings every derived type of each type that something holds; REACHABLE only of those that some
            result or error can hold, be it with one level of expanded navigation.
        constraint: Narrows, under REACHABLE, which derived types a property brings.

    Returns:
        The types with their discriminators cut to what is kept, why each is there, and what was left out.
    """
    walk = _Walk(lookup, derived, subtypes, constraint)
    for root in roots:
        bits = _KEPT | _WHOLE | (_RETURNED | _HELD if root.role in RETURNING_ROLES else 0)
        walk.add(root.type, bits, Reason(root.owner, root.role))
    walk.run()
    types = {name: _cut(walk.types[name], walk.types) for name in sorted(walk.types)}
    dropped = {name: why for name, why in sorted(walk.dropped.items()) if name not in types}
    return Closure(types, {name: walk.reasons[name] for name in types}, dropped)


class _Walk:
    def __init__(self, lookup: Lookup, derived: Derived, subtypes: Subtypes, constraint: Constraint | None) -> None:
        self.lookup, self.derived, self.subtypes, self.constraint = lookup, derived, subtypes, constraint
        self.types: dict[str, TypeDecl] = {}
        self.reasons: dict[str, Reason] = {}
        self.dropped: dict[str, str] = {}
        self._bits: dict[str, int] = {}
        self._open: deque[tuple[str, int]] = deque()

    def add(self, name: str, bits: int, reason: Reason) -> None:
        """Note that a type is needed; what is known of it already is not done again."""
        if self._has(name, bits):
            return
        known = self._bits.get(name, 0)
        if not known:
            declared = self.lookup(name)
            if declared is None:
                self.dropped.setdefault(name, f"named by {reason.owner} ({reason.role}) but not declared")
                return
            self.types[name] = declared
            self.reasons[name] = reason
        self._bits[name] = known | bits
        self._open.append((name, (known | bits) & ~known))

    def run(self) -> None:
        while self._open:
            name, new = self._open.popleft()
            declared = self.types[name]
            if isinstance(declared, ObjectType):
                if new & (_KEPT | _SEEN):
                    self._members(declared)
                if self._bits[name] & _WHOLE:
                    self._descendants(name)
            elif isinstance(declared, ComposedType):
                bits = self._bits[name] | _WHOLE | (_HELD if self._bits[name] & _SEEN else 0)
                for member in declared.members:
                    if (target := named(member.type)) is not None:
                        self.add(target, bits, Reason(name, f"property {member.name}"))

    def _members(self, declared: ObjectType) -> None:
        seen = self._bits[declared.id] & _SEEN
        expanded = _EXPANDED if seen & _RETURNED else 0
        if declared.base is not None:
            self.add(declared.base, _KEPT | seen, Reason(declared.id, "base"))
        narrowed = self.constraint is not None and self.subtypes is not Subtypes.ALL
        for prop in declared.properties:
            target = named(prop.type)
            if target is None:
                continue
            passed = expanded if prop.navigation else seen
            whole = _KEPT | passed | _WHOLE | (_HELD if passed else 0)
            allowed = self._allowed(declared.id, prop.name) if narrowed else None
            wanted = whole if allowed is None else _KEPT | passed
            if not self._has(target, wanted):
                self.add(target, wanted, Reason(declared.id, f"property {prop.name}"))
            for narrower in allowed or ():
                self.add(narrower, whole, Reason(declared.id, f"property {prop.name}"))

    def _has(self, name: str, bits: int) -> bool:
        known = self._bits.get(name, 0)
        return known | bits == known

    def _allowed(self, owner: str, name: str) -> tuple[str, ...] | None:
        return None if self.constraint is None else self.constraint(owner, name)

    def _descendants(self, name: str) -> None:
        seen = self._bits[name] & _SEEN
        if self.subtypes is Subtypes.REACHABLE and not self._bits[name] & _HELD:
            for narrower in self.derived(name):
                self.dropped.setdefault(narrower, f"derives from {name}, which nothing in the slice returns")
            return
        for narrower in self.derived(name):
            if not self._has(narrower, _KEPT | seen):
                self.add(narrower, _KEPT | seen, Reason(name, "derived"))


def _cut(declared: TypeDecl, kept: dict[str, TypeDecl]) -> TypeDecl:
    """Leave out the discriminator values of types that are not kept."""
    if not isinstance(declared, (ObjectType, ComposedType)) or declared.discriminator is None:
        return declared
    old = declared.discriminator
    mapping = tuple(entry for entry in old.mapping if entry[1] in kept)
    if len(mapping) == len(old.mapping):
        return declared
    return replace(declared, discriminator=Discriminator(old.property_name, mapping))
