"""The path tree of a model with what each branch costs: how many builders and types it brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphslice.api.closure import named
from graphslice.api.model import ApiModel, ComposedType, ObjectType, Operation, PathItem, TypeDecl, TypeRef


@dataclass(frozen=True, slots=True)
class Branch:
    """One segment of the tree with everything below it.

    `files` and `types` count what the branch brings (a file a builder and a type); `own_files` and `own_types` what
    would go if it were left out: types that other branches need, too, stay.
    """

    segment: str
    path: str
    verbs: tuple[str, ...]
    builders: int
    types: int
    own_types: int
    children: tuple[Branch, ...]

    @property
    def files(self) -> int:
        """How many files the branch brings."""
        return self.builders + self.types

    @property
    def own_files(self) -> int:
        """How many files would go with the branch."""
        return self.builders + self.own_types

    def walk(self) -> Iterator[Branch]:
        """Give this branch and all below it, depth first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class _Draft:
    segment: str
    path: str
    item: PathItem | None = None
    children: dict[str, _Draft] = field(default_factory=dict)
    direct: int = 0
    """Types of the own operations, as bits."""
    reached: int = 0
    """Types of the whole branch, as bits."""


def branches(model: ApiModel) -> Branch:
    """Give the tree of a model from its root; children stand in the order of the model's paths."""
    reach = _Reach(model)
    root = _Draft("", "")
    for item in model.paths:
        node = root
        for segment in item.path.removeprefix("/").split("/") if item.path != "/" else ():
            below = node.children.get(segment)
            if below is None:
                below = node.children[segment] = _Draft(segment, f"{node.path}/{segment}")
            node = below
        node.item = item
        for operation in item.operations:
            node.direct |= reach.of_operation(operation, item)
    _sum(root)
    return _branch(root, 0)


def _sum(node: _Draft) -> int:
    node.reached = node.direct
    for child in node.children.values():
        node.reached |= _sum(child)
    return node.reached


def _branch(node: _Draft, elsewhere: int) -> Branch:
    """Freeze a node; `elsewhere` are the types that paths outside of it need."""
    children = list(node.children.values())
    after = [0] * (len(children) + 1)
    for place in range(len(children) - 1, -1, -1):
        after[place] = after[place + 1] | children[place].reached
    before = elsewhere | node.direct
    made = []
    for place, child in enumerate(children):
        made.append(_branch(child, before | after[place + 1]))
        before |= child.reached
    return Branch(
        segment=node.segment,
        path=node.path,
        verbs=() if node.item is None else tuple(operation.verb for operation in node.item.operations),
        builders=1 + sum(child.builders for child in made),
        types=node.reached.bit_count(),
        own_types=(node.reached & ~elsewhere).bit_count(),
        children=tuple(made),
    )


class _Reach:
    """Which types each type brings along, as bits of one number: types lie in cycles, so they are closed together."""

    def __init__(self, model: ApiModel) -> None:
        self._bits = {name: 1 << place for place, name in enumerate(model.types)}
        self._direct = {name: self._named(declared) for name, declared in model.types.items()}
        for name, declared in model.types.items():
            base = declared.base if isinstance(declared, ObjectType) else None
            while base in self._direct:
                self._direct[base] = (*self._direct[base], name) if self._brings(model, base) else self._direct[base]
                above = model.types[base]
                base = above.base if isinstance(above, ObjectType) else None
        self._found: dict[str, int] = {}

    def _brings(self, model: ApiModel, base: str) -> bool:
        """Tell whether a base type is used as such, so that its derived types come with it."""
        reason = model.reasons.get(base)
        return reason is None or reason.role != "base"

    def _named(self, declared: TypeDecl) -> tuple[str, ...]:
        refs = []
        if isinstance(declared, ObjectType):
            refs = [named(prop.type) for prop in declared.properties] + [declared.base]
        elif isinstance(declared, ComposedType):
            refs = [named(member.type) for member in declared.members]
        return tuple(sorted({name for name in refs if name is not None and name in self._bits}))

    def of_type(self, name: str) -> int:
        """Give everything that a type reaches."""
        found = self._found.get(name)
        if found is None:
            found = 0
            open_names = [name]
            while open_names:
                current = open_names.pop()
                known = self._found.get(current)
                if known is not None:
                    found |= known
                elif not found & self._bits[current]:
                    found |= self._bits[current]
                    open_names += self._direct[current]
            self._found[name] = found
        return found

    def of_operation(self, operation: Operation, item: PathItem) -> int:
        """Give everything that an operation reaches."""
        refs: list[TypeRef | None] = [operation.result.type, *(p.type for p in item.parameters)]
        refs += [parameter.type for parameter in operation.query]
        if operation.body is not None:
            refs += [operation.body.type, *(part.type for part in operation.body.parts)]
        names = [name for name in map(named, refs) if name is not None]
        names += [mapping.type for mapping in operation.errors]
        found = 0
        for name in names:
            if name in self._bits:
                found |= self.of_type(name)
        return found
