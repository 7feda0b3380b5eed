"""From the ApiModel to the plan of a whole client: which modules there are, and how the view of each is built."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from graphslice.api.model import ApiModel
from graphslice.api.tree import Node, build_tree
from graphslice.config import Slice
from graphslice.diagnostics import error

from . import builders, root
from .builders import Room
from .builders_layout import lay_out, module_path
from .models import model_plans, patched_types
from .models_names import ModelNames
from .operations_query import Queries
from .types import TypeTable
from .views import ClientPlan, ModulePlan


def lower(model: ApiModel, wanted: Slice) -> ClientPlan:
    """Plan the client of a model."""
    tree = build_tree(model)
    layout = lay_out(tree, wanted.package, wanted.class_name)
    table = TypeTable(model, wanted.package)
    room = Room(layout, table, ModelNames(table), Queries(table), patched_types(model), wanted.sync)
    modules: dict[str, ModulePlan] = {}
    for plan in (*_builder_plans(room, model, wanted), *model_plans(model, wanted, table)):
        if plan.path in modules:
            raise error("PY006", f"two things of the description would be the module {plan.path}", hint="rename one")
        modules[plan.path] = plan
    return ClientPlan(
        wanted.package.replace(".", "/"),
        tuple(modules[path] for path in sorted(modules)),
        (*model.diagnostics, *tree.diagnostics, *layout.diagnostics),
    )


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
