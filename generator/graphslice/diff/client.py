"""Where the parts of a model live in its client, and which modules of two clients can differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphslice.api import naming
from graphslice.api.model import ApiModel, ComposedType, ListRef, NamedRef, ObjectType, PathItem, TypeRef
from graphslice.api.tree import Node, UrlTree
from graphslice.config import Slice
from graphslice.diff.surface import Surface
from graphslice.python.builder_views import PackageView
from graphslice.python.builders import Room
from graphslice.python.builders_layout import Layout
from graphslice.python.builders_members import arguments_of
from graphslice.python.lower import lower_in_room
from graphslice.python.types import TypeTable
from graphslice.python.views import ClientPlan, ModulePlan


@dataclass(frozen=True)
class Side:
    """One of the two clients: its model and slice, and everything that follows from them when it is asked for."""

    model: ApiModel
    wanted: Slice

    def prepared(self) -> Side:
        """Find out now where everything lives, which is asked for in any case."""
        _ = self._lowered
        return self

    @cached_property
    def modules(self) -> Mapping[str, ModulePlan]:
        """The modules by dotted name below the package; their views are made when they are rendered."""
        plan = self._lowered[1]
        prefix = f"{plan.package}/"
        names = (m.path.removeprefix(prefix).removesuffix(".py").replace("/", ".") for m in plan.modules)
        return {name: m for name, m in zip(names, plan.modules, strict=True) if name != "__init__"}

    @cached_property
    def exports(self) -> Mapping[str, str]:
        """The names that the package itself offers, and their modules."""
        place = f"{self._lowered[1].package}/__init__.py"
        view = next((m.build() for m in self._lowered[1].modules if m.path == place), None)
        return {one.name: one.module for one in view.exports} if isinstance(view, PackageView) else {}

    @property
    def clouds(self) -> tuple[str, ...]:
        """The clouds that the client takes; empty: all of them."""
        return self.wanted.clouds or self.model.clouds

    @cached_property
    def _lowered(self) -> tuple[Room, ClientPlan]:
        return lower_in_room(self.model, self.wanted)

    @cached_property
    def surface(self) -> Surface:
        """What code that uses the client can rely on."""
        return Surface(self.source)

    def source(self, name: str) -> str | None:
        """Give the source of a module, not formatted."""
        if name not in self._sources:
            module = self.modules.get(name)
            self._sources[name] = _rendered(module) if module is not None else None
        return self._sources[name]

    @cached_property
    def _sources(self) -> dict[str, str | None]:
        return {}

    @property
    def table(self) -> TypeTable:
        """The places of the types, and how they are spelled."""
        return self._lowered[0].table

    @property
    def layout(self) -> Layout:
        """The request builders' places."""
        return self._lowered[0].layout

    @property
    def tree(self) -> UrlTree:
        """The URLs."""
        return self.layout.tree

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes of the tree by path."""
        return {node.path: node for node in self.tree.nodes}

    @cached_property
    def types(self) -> Mapping[str, str]:
        """The label of every type: ``models.security.session:Session``."""
        return {id: f"{place.dotted}:{place.name}" for id, place in self.table.places.items()}

    def builder(self, node: Node) -> str:
        """Give the label of a request builder."""
        place = self.layout.places[node]
        return f"{'.'.join(place.module)}:{place.class_name}"

    def builder_at(self, path: str) -> str:
        """Give the label of the request builder of a path, or nothing if it has none."""
        node = self.tree.at.get(path)
        return self.builder(node) if node is not None else ""

    def way(self, path: str) -> Iterator[Node]:
        """Give the nodes above the node of a path."""
        node = self.tree.at.get(path)
        parts = naming.split_path(node.path) if node is not None else ()
        found = (self.nodes.get("/" + "/".join(parts[:depth])) for depth in range(1, len(parts)))
        yield from (above for above in found if above is not None)

    @cached_property
    def derived(self) -> Mapping[str, tuple[str, ...]]:
        """The types that derive from a type, at any depth."""
        direct: dict[str, list[str]] = {}
        for id, declared in self.model.types.items():
            if isinstance(declared, ObjectType) and declared.base:
                direct.setdefault(declared.base, []).append(id)
        return {id: tuple(_below(id, direct)) for id in direct}


def _rendered(module: ModulePlan) -> str:
    from graphslice.emit.render import render_module

    return render_module(module)


def _below(id: str, direct: Mapping[str, list[str]]) -> Iterator[str]:
    pending = list(direct.get(id, ()))
    seen: set[str] = set()
    while pending:
        name = pending.pop(0)
        if name not in seen:
            seen.add(name)
            yield name
            pending.extend(direct.get(name, ()))


def affected_modules(old: Side, new: Side) -> tuple[str, ...]:
    """Give the modules, by dotted name, whose surface may differ; every other module is the same in both clients."""
    types = _changed_types(old, new)
    labels = {side.types[id] for side in (old, new) for id in types if id in side.types}
    moved = {id for id in types if old.types.get(id) != new.types.get(id) or _kind(old, id) != _kind(new, id)}
    users = _users(old, new, moved)
    for side in (old, new):
        labels.update(side.types[id] for id in users if id in side.types)
        # How a property of another kind is written, the classes below inherit.
        holding = _holders(side, {id for id in moved if _kind(old, id) != _kind(new, id)}) if users else ()
        labels.update(side.types[below] for id in holding for below in side.derived.get(id, ()))
    labels.update(_changed_builders(old, new, moved))
    labels.update(_heirs(old, new, types))
    modules = {label.partition(":")[0] for label in labels}
    modules.update(old.modules.keys() ^ new.modules.keys())
    if old.wanted != new.wanted or old.model.base_url != new.model.base_url:
        modules.update(old.builder(old.tree.root).split(":")[:1])
    return tuple(sorted(name for name in modules if name in old.modules or name in new.modules))


def _kind(side: Side, id: str) -> type | None:
    declared = side.model.types.get(id)
    return type(declared) if declared is not None else None


def _changed_types(old: Side, new: Side) -> set[str]:
    before, after = old.model.types, new.model.types
    changed = set(before.keys() ^ after.keys())
    changed.update(id for id in before.keys() & after.keys() if before[id] != after[id])
    changed.update(id for id in before.keys() & after.keys() if old.types[id] != new.types[id])
    taken = [id for id in changed if _taken(old, id) != _taken(new, id)]
    for side in (old, new):
        # A name that is taken in a base class changes the names of those that derive from it.
        changed.update(below for id in taken for below in side.derived.get(id, ()))
    return changed


def _heirs(old: Side, new: Side, types: set[str]) -> Iterator[str]:
    """Give the classes that read and write what another class, which changed, hands down to them."""
    handing = [id for id in types if _handed_down(old, id) != _handed_down(new, id)]
    for side in (old, new):
        yield from (side.types[below] for id in handing for below in side.derived.get(id, ()))


def _handed_down(side: Side, id: str) -> object:
    declared = side.model.types.get(id)
    if not isinstance(declared, ObjectType):
        return None
    properties = tuple((prop.name, prop.type, prop.default) for prop in declared.properties)
    return declared.base, declared.additional_data, properties


def _taken(side: Side, id: str) -> object:
    """Give what the names in derived classes depend on."""
    declared = side.model.types.get(id)
    if not isinstance(declared, ObjectType):
        return declared
    return declared.base, declared.error, side.types[id], tuple(prop.name for prop in declared.properties)


def _holders(side: Side, types: set[str]) -> Iterator[str]:
    """Give the types that have a property of one of some types."""
    for id, declared in side.model.types.items():
        held = (
            (name for p in declared.properties for name in _named(p.type)) if isinstance(declared, ObjectType) else ()
        )
        if not types.isdisjoint(held):
            yield id


def _users(old: Side, new: Side, moved: set[str]) -> set[str]:
    """Give the types that mention a type by its name, which is another now."""
    found: set[str] = set()
    for side in (old, new) if moved else ():
        for id, declared in side.model.types.items():
            if isinstance(declared, ObjectType):
                used = {name for prop in declared.properties for name in _named(prop.type)}
                used.update(name for _, name in (declared.discriminator.mapping if declared.discriminator else ()))
                used.update([declared.base] if declared.base else [])
            elif isinstance(declared, ComposedType):
                used = {name for member in declared.members for name in _named(member.type)}
            else:
                continue
            if used & moved:
                found.add(id)
    return found


def _changed_builders(old: Side, new: Side, moved: set[str]) -> Iterator[str]:
    for path in sorted({*old.nodes, *new.nodes}):
        before, after = old.nodes.get(path), new.nodes.get(path)
        if before is None or after is None or _facts(old, before) != _facts(new, after):
            yield from (side.builder(node) for side, node in ((old, before), (new, after)) if node is not None)
        elif moved and before.item is not None and moved.intersection(_mentioned(before.item)):
            yield old.builder(before)
            yield new.builder(after)


def _facts(side: Side, node: Node) -> tuple[object, ...]:
    """Give all that a builder's surface follows from, besides the names of types."""
    places = side.layout.places
    # A way takes what the path items at its end or below declare.
    ways = tuple((places[child], arguments_of(child)) for child in node.children)
    return places[node], node.item, ways


def _mentioned(item: PathItem) -> Iterator[str]:
    for operation in item.operations:
        if operation.body and operation.body.type:
            yield from _named(operation.body.type)
        if operation.result.type:
            yield from _named(operation.result.type)
        yield from (mapping.type for mapping in operation.errors)
        for parameter in (*item.query, *operation.query):
            yield from _named(parameter.type)


def _named(ref: TypeRef) -> Iterator[str]:
    while isinstance(ref, ListRef):
        ref = ref.item
    if isinstance(ref, NamedRef):
        yield ref.id
