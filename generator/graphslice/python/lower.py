"""From the ApiModel to the plan of a whole client: which modules there are, and how the view of each is built."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import partial

from graphslice.api.aliases import with_aliases
from graphslice.api.model import ApiModel, Body, BodyKind, ComposedType, EnumType, ObjectType, TypeRef
from graphslice.api.tree import Node, build_tree
from graphslice.config import Slice
from graphslice.diagnostics import error

from . import builders, root
from .builders import Room
from .builders_layout import fitting, lay_out, module_path
from .models import model_plans, patched_types
from .models_names import ModelNames
from .operations_query import Queries
from .types import TypeTable
from .types_places import TypePlace
from .views import ClientPlan, ModulePlan


def lower(model: ApiModel, wanted: Slice) -> ClientPlan:
    """Plan the client of a model."""
    return lower_in_room(model, wanted)[1]


def lower_in_room(model: ApiModel, wanted: Slice) -> tuple[Room, ClientPlan]:
    """Plan the client of a model, and give the places of its builders and types, too."""
    was_enabled = gc.isenabled()
    # A plan makes no garbage, only what stays; the collector would walk the whole API again and again.
    gc.disable()
    try:
        return _lower(with_aliases(model), wanted)
    finally:
        if was_enabled:
            gc.enable()


def _lower(model: ApiModel, wanted: Slice) -> tuple[Room, ClientPlan]:
    tree = build_tree(model)
    layout = lay_out(tree, wanted.package, wanted.class_name, wanted.max_path)
    table = _FittingTypes(model, wanted)
    room = Room(
        layout=layout,
        table=table,
        names=ModelNames(table),
        queries=Queries(table),
        patched=patched_types(model),
        sync=wanted.sync,
        runtime=f"{wanted.package}._runtime.builder",
    )
    modules: dict[str, ModulePlan] = {}
    for plan in (*_builder_plans(room, model, wanted), *model_plans(model, wanted, table)):
        if plan.path in modules:
            raise error("PY006", f"two things of the description would be the module {plan.path}", hint="rename one")
        modules[plan.path] = plan
    client = ClientPlan(
        wanted.package.replace(".", "/"),
        tuple(modules[path] for path in sorted(modules)),
        (*model.diagnostics, *tree.diagnostics, *layout.diagnostics),
        frozenset(needed_extras(model, table)),
    )
    return room, client


def needed_extras(model: ApiModel, table: TypeTable) -> Iterator[str]:
    """Name the modules of the runtime that only some clients need."""
    if any(_redeclares(declared, table) for declared in model.types.values() if isinstance(declared, ObjectType)):
        yield "redeclared"
    if any(isinstance(declared, ComposedType) for declared in model.types.values()):
        yield "composed"
    if any(isinstance(declared, EnumType) and declared.flags for declared in model.types.values()):
        yield "flags"
    if any(table.kind(type).removesuffix("s") in ("date", "time", "timedelta") for type in _types(model)):
        yield "days"
    bodies = (operation.body for item in model.paths for operation in item.operations)
    if any(body is not None and (body.content_type or "").startswith("multipart/") for body in bodies):
        yield "forms"


def _types(model: ApiModel) -> Iterator[TypeRef]:
    """Give the types of everything that is read or written as a value of its own."""
    for declared in model.types.values():
        if isinstance(declared, ObjectType):
            yield from (prop.type for prop in declared.properties)
        elif isinstance(declared, ComposedType):
            yield from (member.type for member in declared.members)
    for operation in (operation for item in model.paths for operation in item.operations):
        body = operation.body or Body(kind=BodyKind.STREAM)
        found = (operation.result.type, body.type, *(part.type for part in body.parts))
        yield from (type for type in found if type is not None)


def _redeclares(declared: ObjectType, table: TypeTable) -> bool:
    """Whether a class has a property of another kind than its base has under that name."""
    ancestors = table.ancestors(declared) if declared.properties else ()
    inherited = {(prop.name, table.kind(prop.type)) for ancestor in ancestors for prop in ancestor.properties}
    names = {name for name, _ in inherited}
    return any(
        prop.name in names and (prop.name, table.kind(prop.type)) not in inherited for prop in declared.properties
    )


class _FittingTypes(TypeTable):
    """The types of a client, in modules whose paths are as short as the slice wants them."""

    def __init__(self, model: ApiModel, wanted: Slice) -> None:
        super().__init__(model, wanted.package)
        if wanted.max_path is not None:
            self.places = {id: _fitted(place, wanted.max_path) for id, place in self.places.items()}
            self._modules = {id: f"{self.package}.{place.dotted}" for id, place in self.places.items()}


def _fitted(place: TypePlace, limit: int) -> TypePlace:
    *folders, module = fitting((*place.folders, place.module), limit)
    return TypePlace(tuple(folders), module, place.name)


def _builder_plans(room: Room, model: ApiModel, wanted: Slice) -> Iterator[ModulePlan]:
    """Plan the package, the client, and a module for each place where builders live."""
    layout = room.layout
    package = layout.package
    yield ModulePlan(module_path(package, ("__init__",)), "package", partial(root.package_module, room, model, wanted))
    top = layout.tree.root
    yield ModulePlan(
        module_path(package, layout.places[top].module), "client", partial(root.client_module, room, model, wanted)
    )
    shared: dict[str, list[Node]] = {}
    for node in layout.tree.nodes:
        if node is not top:
            shared.setdefault(module_path(package, layout.places[node].module), []).append(node)
    for path, nodes in shared.items():
        yield ModulePlan(path, "request_builder", partial(builders.builder_module, room, nodes))
