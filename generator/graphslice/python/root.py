"""The client itself, and what the package offers by name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatchcase

from graphslice.api import naming as dom
from graphslice.api.model import ApiModel, ObjectType
from graphslice.api.tree import Node
from graphslice.config import Authentication, Slice
from graphslice.diagnostics import error

from . import builders, naming
from . import builders_members as members
from .builder_views import (
    BuilderModuleView,
    BuilderView,
    ExportView,
    NavigationView,
    PackageView,
    TwinView,
)
from .builders import Room
from .builders_members import Member
from .docstrings import docstring
from .imports import ImportSet
from .literals import lit
from .operations import Lowered
from .operations_scope import Constant, Scope
from .types import TypeTable

_CLIENT_MEMBERS = frozenset({"aclose", "with_response"})
"""Public members of the runtime's client; a segment of the name takes its place, since Kiota's names come first."""
_DIGITS = re.compile(r"([0-9]+)")
_OVERRIDE = "  # type: ignore[override]"
_TWIN_OVERRIDES = {name: "  # type: ignore[assignment]" for name in ("close", "with_response")}
"""The same of its blocking form: the directive for type checkers behind each."""


def client_module(room: Room, model: ApiModel, wanted: Slice) -> BuilderModuleView:
    """Build the view of the client's module."""
    layout = room.layout
    node = layout.tree.root
    name = layout.places[node].class_name
    imports = ImportSet(layout.package, layout.dotted(node), (name, builders.twin_name(name)))
    imports.name("__future__", "annotations")
    constants: dict[str, Constant] = {}
    ways = members.ways_of(layout, node)
    scope = builders.scope_of(room, node, imports, constants, ways)
    view = _client_view(room, scope, model, wanted, ways)
    title = f"The client of {model.title.strip()}." if model.title.strip() else f"The client `{name}`."
    return BuilderModuleView(
        docstring=docstring(title, fallback="The client.", indent=0),
        imports=imports.freeze(),
        constants=tuple((one.target, value) for value, one in constants.items()),
        builders=(view,),
    )


def _client_view(room: Room, scope: Scope, model: ApiModel, wanted: Slice, ways: Sequence[Member]) -> BuilderView:
    node = room.layout.tree.root
    runtime = f"{room.layout.package}._runtime.builder"
    taken = {way.name for way in ways}
    operations = builders.lower_operations(scope, node, taken)
    found = [_overriding(members.navigation(scope, way), _CLIENT_MEMBERS) for way in ways]
    shortcuts = tuple(_shortcuts(room, scope, wanted, taken))
    found += [members.shortcut(scope, *one) for one in shortcuts]
    twin = None
    if room.sync:
        twin = _twin(scope, ways, shortcuts, operations)
        if "sync" not in taken:
            text = docstring("The blocking form of the client.", indent=8)
            found.append(NavigationView("sync", "self", twin.name, text, (f"return self._blocking({twin.name})",)))
    return BuilderView(
        name=scope.class_name,
        base=scope.imports.name(runtime, "ClientRoot"),
        docstring=docstring(_purpose(model), fallback="The client."),
        attributes=(*builders.attributes(scope, node), ("_settings", _settings(scope, model, wanted))),
        operations=tuple(one.view for one in operations),
        members=tuple(found),
        queries=tuple(one.query for one in operations if one.query is not None),
        configurations=tuple(one.configuration for one in operations),
        twin=twin,
    )


def _purpose(model: ApiModel) -> str:
    return f"The client of {model.title.strip()}." if model.title.strip() else "The client: where every request starts."


def _settings(scope: Scope, model: ApiModel, wanted: Slice) -> str:
    """Spell what the slice and the description say about the client as a whole."""
    authentication = wanted.authentication
    if authentication is None:
        authentication = Authentication.AZURE if model.format == "csdl" else Authentication.NONE
    # Tokens go to the base URL, so a description may name it only where the client has none to send.
    described = model.base_url if authentication is Authentication.NONE else ""
    version = dict(wanted.extra).get("version", "")
    parts = [
        f"base_url={lit(wanted.base_url or described)}",
        f"authentication={lit(authentication.value)}",
        f"product={lit(f'{wanted.package}/{version}' if version else wanted.package)}",
    ]
    clouds = wanted.clouds or model.clouds
    if clouds:
        parts.append(f"clouds=({', '.join(map(lit, clouds))},)")
    settings = scope.imports.name(f"{scope.table.package}._runtime.builder", "ClientSettings")
    return f"{settings}({', '.join(parts)})"


def _overriding(view: NavigationView, inherited: Collection[str]) -> NavigationView:
    if view.name not in inherited:
        return view
    return NavigationView(view.name, view.parameters, view.returns, view.docstring, view.lines, _OVERRIDE)


# ---------------------------------------------------------------------------------------------------- shortcuts


def _shortcuts(room: Room, scope: Scope, wanted: Slice, taken: set[str]) -> Iterator[tuple[str, Node, Member, str]]:
    """Give name, node, way and expression of each shortcut of the slice."""
    for name, path in wanted.shortcuts:
        node = room.layout.tree.at.get(path) or _by_path(room, path)
        chain = _chain(room, node) if node is not None else None
        if node is None or chain is None:
            raise error(
                "PY004",
                f"the shortcut '{name}' leads to {path}, which is no path without parameters of this slice",
                hint="name a path that the slice includes, from the first slash on",
            )
        member = naming.MemberName(name)
        if member != name or name in taken or name.startswith("_") or name == "sync":
            raise error(
                "PY005",
                f"the shortcut '{name}' cannot be a property of the client: the name is taken or no identifier",
                hint="choose another name for it in [client] shortcuts",
            )
        place = room.layout.places[node]
        way = Member(name, node, place, room.layout.dotted(node), ())
        yield name, node, way, ".".join(chain)


def _by_path(room: Room, path: str) -> Node | None:
    return next((node for node in room.layout.tree.nodes if node.path == path), None)


def _chain(room: Room, wanted: Node) -> tuple[str, ...] | None:
    """Give the members that lead from the client to a node, or None where one of them takes an argument."""
    node = room.layout.tree.root
    chain = []
    for segment in dom.split_path(wanted.path):
        child = next((one for one in node.children if one.segment == segment), None)
        if child is None or "{" in segment:
            return None
        chain.append(room.layout.places[child].member)
        node = child
    return tuple(chain)


# ----------------------------------------------------------------------------------------------- blocking form


def _twin(
    scope: Scope,
    ways: Sequence[Member],
    shortcuts: Sequence[tuple[str, Node, Member, str]],
    operations: Sequence[Lowered],
) -> TwinView:
    name = scope.class_name
    attributes = [*builders.twin_calls(scope, operations), *builders.twin_properties(scope, ways, _TWIN_OVERRIDES)]
    for shortcut, _, way, _ in shortcuts:
        twin, remark = builders.twin_name(way.place.class_name), _TWIN_OVERRIDES.get(shortcut, "")
        attributes.append(members.twin_property(scope, shortcut, way.module, twin, remark))
    return TwinView(
        builders.twin_name(name),
        f"{scope.imports.name(f'{scope.table.package}._runtime.builder', 'SyncClientRoot')}[{name}]",
        docstring(f"The blocking form of `{name}`."),
        tuple(attributes),
        tuple(_overriding(one, _TWIN_OVERRIDES) for one in builders.twin_methods(scope, ways)),
    )


# ------------------------------------------------------------------------------------------------------ package


def package_module(room: Room, model: ApiModel, wanted: Slice) -> PackageView:
    """Build the view of the package's `__init__`, which imports nothing until a name is asked for."""
    place = room.layout.places[room.layout.tree.root]
    exports = {place.class_name: ".".join(place.module)}
    for name, module in (*_errors(room.table, model), *_exported(room.table, wanted)):
        exports.setdefault(naming.ClassName(name), module)
    ordered = tuple(ExportView(name, exports[name]) for name in sorted(exports, key=_listed))
    text = f"The client of {model.title.strip()}." if model.title.strip() else f"The client `{place.class_name}`."
    package = room.layout.package
    imports = ImportSet(package, f"{package}.__init__")
    imports.name("__future__", "annotations")
    for export in ordered:
        imports.typing(f"{package}.{export.module}", export.name)
    return PackageView(
        docstring=docstring(text, fallback="The client.", indent=0), imports=imports.freeze(), exports=ordered
    )


def _listed(name: str) -> tuple[object, ...]:
    """Order names as ruff wants them in ``__all__``: constants, classes, the rest; digits as numbers."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(name) if part]


def _errors(table: TypeTable, model: ApiModel) -> Iterator[tuple[str, str]]:
    """Give the errors that operations raise and that stand in the models, by name."""
    raised = {mapping.type for item in model.paths for one in item.operations for mapping in one.errors}
    for id in sorted(raised, key=lambda id: (table.name(id), id)):
        declared = model.types.get(id)
        if isinstance(declared, ObjectType) and declared.place.path is None:
            yield table.name(id), table.place(id).dotted


def _exported(table: TypeTable, wanted: Slice) -> Iterator[tuple[str, str]]:
    places = sorted(table.places.values(), key=lambda place: (place.name, place.dotted.count("."), place.dotted))
    for pattern in wanted.exports:
        yield from ((place.name, place.dotted) for place in places if fnmatchcase(place.name, pattern))
