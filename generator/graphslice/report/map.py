"""The client as a map: its tree of builders, the operations, types and permissions, with links to documentation."""

from __future__ import annotations

from collections.abc import Mapping

from graphslice.api.model import (
    ComposedType,
    EnumType,
    ObjectType,
    Operation,
    Origin,
    PathItem,
    Property,
    TypeDecl,
)
from graphslice.api.tree import Node
from graphslice.diff.client import Side
from graphslice.diff.spelling import type_text
from graphslice.python.models_names import ModelNames
from graphslice.report.map_links import Links
from graphslice.report.page import page

_OPEN_BELOW = 40  # a tree of so few builders is shown whole


def map_page(side: Side) -> str:
    """Draw the client of a slice as one page."""
    title = side.wanted.class_name
    return page("map", f"{title}: map of the client", map_data(side))


def map_data(side: Side) -> dict[str, object]:
    """Give what the page shows, as plain data."""
    model = side.model
    numbers = {node: number for number, node in enumerate(side.tree.nodes)}
    operations = sum(len(item.operations) for item in model.paths)
    names = ModelNames(side.table)
    links = Links(model)
    pages = _pages(side.tree.root, links)
    figures = [(len(numbers), "request builders"), (operations, "operations"), (len(model.types), "types")]
    return {
        "title": side.wanted.class_name,
        "lead": f"Package {side.wanted.package}" + (f", {side.wanted.base_url}" if side.wanted.base_url else ""),
        "figures": figures,
        "open": 99 if len(numbers) <= _OPEN_BELOW else 1,
        "nodes": [_node(side, node, numbers, links, pages) for node in side.tree.nodes],
        "types": {
            id: _type(side, declared, names, links) for id, declared in model.types.items() if _is_shown(declared)
        },
    }


def _pages(root: Node, links: Links) -> dict[Node, str]:
    """Give each builder the page of its first operation that has one, or else that of the builder above."""
    found: dict[Node, str] = {}
    pending = [(root, "")]
    while pending:
        node, above = pending.pop()
        found[node] = next((page for one in _operations(node) if (page := links.operation(one))), above)
        pending.extend((child, found[node]) for child in node.children)
    return found


def _operations(node: Node) -> tuple[Operation, ...]:
    return node.item.operations if node.item is not None else ()


def _node(side: Side, node: Node, numbers: Mapping[Node, int], links: Links, pages: Mapping[Node, str]) -> list[object]:
    place = side.layout.places[node]
    segment = f"/{node.segment}" if node.segment else "/"
    page = pages[node]
    operations = [_operation(node.item, one, links.operation(one) or page) for one in _operations(node) if node.item]
    children = [numbers[child] for child in node.children]
    member = place.member or str(place.class_name)
    return [segment, member, node.path, children, operations, side.builder(node), page]


def _operation(item: PathItem, operation: Operation, page: str) -> dict[str, object]:
    needed = [f"{p.scheme}: {', '.join(p.scopes)}" for p in operation.permissions]
    needed += [f"role: {role}" for role in operation.roles]
    body = operation.body
    return {
        "verb": operation.verb,
        "method": f"{operation.verb.lower()}()",
        "documented": operation.documented,
        "documentation": page,
        "deprecated": operation.deprecation is not None,
        "description": operation.description,
        "body": (type_text(body.type) if body.type else body.kind.value) if body else "",
        "result": type_text(operation.result.type),
        "query": [parameter.name for parameter in (*item.query, *operation.query)],
        "permissions": needed,
    }


def _is_shown(declared: TypeDecl) -> bool:
    return declared.origin is not Origin.COLLECTION_RESPONSE


def _type(side: Side, declared: TypeDecl, names: ModelNames, links: Links) -> dict[str, object]:
    label = side.types[declared.id]
    return {
        "name": label.partition(":")[2],
        "label": label,
        "kind": declared.origin.value,
        "base": (declared.base or "") if isinstance(declared, ObjectType) else "",
        "description": declared.description,
        "documentation": links.type(declared.id),
        "members": _members(declared, names),
    }


def _members(declared: TypeDecl, names: ModelNames) -> list[list[object]]:
    if isinstance(declared, ObjectType):
        known = names.of(declared)
        return [
            [known.get(prop.name, prop.name), prop.name, type_text(prop.type), prop.description, _flags(prop)]
            for prop in declared.properties
        ]
    if isinstance(declared, EnumType):
        return [[m.name, m.value, "", m.description, ["deprecated"] if m.deprecation else []] for m in declared.members]
    assert isinstance(declared, ComposedType)
    return [[member.name, "", type_text(member.type), "", []] for member in declared.members]


def _flags(prop: Property) -> list[str]:
    flags = [("read only", prop.read_only or prop.computed), ("related", prop.navigation)]
    flags += [("required", prop.required), ("deprecated", prop.deprecation is not None)]
    return [name for name, holds in flags if holds]
