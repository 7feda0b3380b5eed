"""Request builders: from the nodes of the URL tree to the views of their modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from graphslice.api.model import Operation, PathItem
from graphslice.api.tree import Node

from . import builders_members as members
from . import operations_text
from .builder_views import BuilderModuleView, BuilderView, MethodView, NavigationView, TwinView
from .builders_layout import Layout
from .builders_members import Member
from .builders_templates import class_template, encoded, template_literal
from .docstrings import docstring
from .imports import ImportSet
from .literals import lit
from .models_names import ModelNames
from .operations import Lowered, lower_operation
from .operations_query import Queries
from .operations_scope import BUILTINS, Constant, Scope, deprecation_lines
from .types import TypeTable


@dataclass(frozen=True, slots=True)
class Room:
    """What all builders of a client share."""

    layout: Layout
    table: TypeTable
    names: ModelNames
    queries: Queries
    patched: frozenset[str]
    sync: bool
    runtime: str
    """The module of the runtime that builders use."""


def builder_module(room: Room, nodes: Sequence[Node]) -> BuilderModuleView:
    """Build the view of a module with the builders of some nodes."""
    layout = room.layout
    classes = [layout.places[node].class_name for node in nodes]
    taken = [name for one in classes for name in (one, twin_name(one))]
    imports = ImportSet(layout.package, layout.dotted(nodes[0]), taken)
    imports.name("__future__", "annotations")
    constants: dict[str, Constant] = {}
    builders = tuple(builder_view(room, node, imports, constants) for node in nodes)
    paths = ", ".join(f"`{node.path}`" for node in nodes)
    return BuilderModuleView(
        docstring=docstring(f"Requests to {paths}.", indent=0),
        imports=imports.freeze(),
        constants=tuple((one.target, value) for value, one in constants.items()),
        builders=builders,
    )


def twin_name(class_name: str) -> str:
    """Give the name of the blocking form of a builder."""
    return f"{class_name}Sync"


def scope_of(
    room: Room, node: Node, imports: ImportSet, constants: dict[str, Constant], ways: Sequence[Member]
) -> Scope:
    """Give what the operations of a node need."""
    place = room.layout.places[node]
    return Scope(
        table=room.table,
        names=room.names,
        queries=room.queries,
        imports=imports,
        module=room.layout.dotted(node),
        class_name=place.class_name,
        stem=place.stem,
        hidden=BUILTINS.intersection([way.name for way in ways]),
        constants=constants,
        patched=room.patched,
        runtime=room.runtime,
    )


def builder_view(room: Room, node: Node, imports: ImportSet, constants: dict[str, Constant]) -> BuilderView:
    """Build the view of the builder of a node."""
    ways = members.ways_of(room.layout, node)
    scope = scope_of(room, node, imports, constants, ways)
    free = {way.name for way in ways}
    operations = lower_operations(scope, node, free)
    found = [members.navigation(scope, way) for way in ways]
    with_url = _with_url(scope, node) if operations else None
    return BuilderView(
        name=scope.class_name,
        base=scope.helper("RequestBuilder"),
        docstring=docstring(_purpose(node), fallback=operations_text.builder_purpose(node)),
        attributes=attributes(scope, node),
        constructor=_constructor(room, scope, node),
        operations=tuple(one.view for one in operations),
        with_url=with_url,
        members=tuple(found),
        aliases=members.additions(ways),
        queries=tuple(one.query for one in operations if one.query is not None),
        configurations=tuple(one.configuration for one in operations),
        twin=_twin(scope, ways, operations) if room.sync else None,
    )


def lower_operations(scope: Scope, node: Node, taken: set[str]) -> tuple[Lowered, ...]:
    """Lower the operations of a node; an addition of ours is left out where a member has its name."""
    found = node.item.operations if node.item is not None else ()
    return tuple(lower_operation(scope, node, one, iterate="iterate" not in taken) for one in found)


def attributes(scope: Scope, node: Node) -> tuple[tuple[str, str], ...]:
    """Give the class attributes of a builder."""
    template = template_literal(class_template(node), indent=4, used=len("    _template = "))
    facts = _facts(scope, node.item)
    return (("_template", template), ("_facts", facts)) if facts else (("_template", template),)


def _purpose(node: Node) -> str:
    return node.item.description if node.item is not None else ""


def _facts(scope: Scope, item: PathItem | None) -> str:
    """Spell what errors quote of the operations; empty where nothing is known."""
    entries = []
    for operation in item.operations if item is not None else ():
        known = _known(operation)
        if known:
            entries.append(f"{lit(operation.verb)}: {scope.helper('OperationFacts')}({', '.join(known)})")
    return f"{{{', '.join(entries)}}}" if entries else ""


def _known(operation: Operation) -> list[str]:
    scopes = operations_text.scopes_of(operation)
    known = [f"scopes={_tuple(scopes)}"] if scopes else []
    known += [f"roles={_tuple(operation.roles)}"] if operation.roles else []
    known += [f"documented={operation.documented}"] if operation.documented is not None else []
    known += [f"documentation={lit(operation.documentation)}"] if operation.documentation else []
    return known


def _tuple(words: Sequence[str]) -> str:
    return f"({', '.join(map(lit, words))}{',' * (len(words) == 1)})"


def _constructor(room: Room, scope: Scope, node: Node) -> MethodView | None:
    """Build the constructor of a builder whose segment has parameters; it copies what it is given before it adds."""
    arguments = members.embedded_arguments(node)
    if not arguments:
        return None
    adapter = scope.imports.typing("kiota_abstractions.request_adapter", "RequestAdapter")
    any_type = scope.imports.typing("typing", "Any")
    given = scope.plain(f"dict[str, {any_type}] | str")
    parameters = ["self", f"request_adapter: {adapter}[{any_type}]", f"path_parameters: {given}"]
    parameters += [f"{one.name}: {scope.annotation(one.type)} | None = None" for one in arguments]
    values = ", ".join(f"{lit(encoded(one.key))}: {one.name}" for one in arguments)
    copy = f"{scope.helper('with_parameters')}(path_parameters, {{{values}}})"
    text = docstring(f"Make a builder for `{node.segment}`.", indent=8)
    return MethodView("__init__", ", ".join(parameters), "None", text, (f"super().__init__(request_adapter, {copy})",))


def _with_url(scope: Scope, node: Node) -> MethodView:
    name = scope.class_name
    lines = (
        *deprecation_lines(scope, members.deprecation_of(node)),
        "return self._at(raw_url)",
    )
    text = docstring("Use a URL as it is.", indent=8)
    return MethodView("with_url", scope.plain("self, raw_url: str"), name, text, lines)


def _twin(scope: Scope, ways: Sequence[Member], operations: Sequence[Lowered]) -> TwinView:
    """Build the blocking form of a builder."""
    name = scope.class_name
    base = f"{scope.helper('SyncRequestBuilder')}[{name}]"
    attributes = (*twin_calls(scope, operations), *twin_properties(scope, ways))
    text = docstring(f"The blocking form of `{name}`.")
    return TwinView(twin_name(name), base, text, attributes, twin_methods(scope, ways), members.additions(ways))


def twin_properties(
    scope: Scope, ways: Sequence[Member], remarks: Mapping[str, str] = MappingProxyType({})
) -> Iterator[tuple[str, str]]:
    """Give the blocking forms of properties, with the remark for a name."""
    for way in ways:
        if way.is_property:
            twin = twin_name(way.place.class_name)
            yield members.twin_property(scope, way.name, way.module, twin, remarks.get(way.name, ""))


def twin_methods(scope: Scope, ways: Sequence[Member]) -> tuple[NavigationView, ...]:
    """Give the blocking forms of the ways that take arguments."""
    return tuple(
        members.twin_method(scope, way, twin_name(way.place.class_name)) for way in ways if not way.is_property
    )


def twin_calls(scope: Scope, operations: Sequence[Lowered]) -> tuple[tuple[str, str], ...]:
    """Give the blocking forms of a builder's operations."""
    calls = []
    for one in operations:
        verb = one.view.send.name
        calls.append((verb, f"{scope.helper('Blocking')}({scope.class_name}.{verb})"))
        if one.view.iterate is not None:
            calls.append(("iterate", f"{scope.helper('BlockingPages')}({scope.class_name}.iterate)"))
    return tuple(calls)
