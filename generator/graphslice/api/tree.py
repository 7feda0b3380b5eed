"""The tree of URL segments that clients are walked along: one node for every distinct prefix of a path.

Several indexes below one node (``/users/{id}`` and ``/users/{name}/mail``) are one index for a client, since nothing
tells them apart once they are called; they are merged under one name, as Kiota does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graphslice.api import naming
from graphslice.api.model import ApiModel, Operation, PathItem
from graphslice.diagnostics import Diagnostic, Severity


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One segment of the tree.

    `segment` and `path` have the names of merged indexes (the root has "" for both); `children` are in the order in
    which the paths name them.
    """

    segment: str
    previous: str
    """The last segment above that is not empty, in the spelling of the path."""
    path: str
    item: PathItem | None
    children: tuple[Node, ...]

    is_index: bool
    """Whether the segment is one parameter."""
    has_embedded_parameters: bool
    """Whether the segment holds parameters among other text."""

    def nearest_items(self) -> Iterator[PathItem]:
        """Give the node's own path item, or, where it has none, those of all nodes below, depth first."""
        if self.item is not None:
            yield self.item
            return
        waiting = list(reversed(self.children))
        while waiting:
            node = waiting.pop()
            if node.item is not None:
                yield node.item
            waiting.extend(reversed(node.children))


@dataclass(frozen=True, slots=True)
class UrlTree:
    """All nodes, parents before children; `at` finds a node by a path of the model, even one that was merged away."""

    root: Node
    nodes: tuple[Node, ...]
    at: Mapping[str, Node]
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(slots=True, eq=False)
class _Draft:
    """A node while the tree grows."""

    segment: str
    item: PathItem | None
    children: dict[str, _Draft]
    paths: list[str]


def build_tree(model: ApiModel) -> UrlTree:
    """Grow the tree of a model's paths."""
    root = _Draft("", None, {}, [])
    for item in model.paths:
        draft = root
        for segment in naming.split_path(item.path):
            found = draft.children.get(segment)
            if found is None:
                found = draft.children[segment] = _Draft(segment, None, {}, [])
            draft = found
        draft.item = item if draft.item is None else draft.item
        draft.paths.append(item.path)
    diagnostics: list[Diagnostic] = []
    _merge_indexes(root, diagnostics)
    return _freeze(root, tuple(diagnostics))


# ---------------------------------------------------------------------------------------------------- merging


def _merge_indexes(root: _Draft, diagnostics: list[Diagnostic]) -> None:
    waiting = [(root, 0)]
    while waiting:
        draft, depth = waiting.pop()
        indexes = [segment for segment in draft.children if naming.is_index(segment)]
        if len(indexes) > 1:
            _merge_children(draft, depth, indexes, diagnostics)
        waiting.extend((child, depth + 1) for child in draft.children.values())


def _merge_children(draft: _Draft, depth: int, indexes: list[str], diagnostics: list[Diagnostic]) -> None:
    merged = naming.merged_index(indexes)
    ordered = sorted(indexes, key=lambda segment: (segment.upper(), segment))
    target = draft.children[ordered[0]]
    for segment in ordered:
        _rename(draft.children[segment], depth, segment, merged)
    for segment in ordered[1:]:
        _graft(draft.children[segment], target, diagnostics)
    target.segment = merged
    # The merged index takes the place of the first one met, so that the order of the document is kept.
    kept: dict[str, _Draft] = {}
    for segment, child in draft.children.items():
        if segment not in indexes:
            kept[segment] = child
        elif merged not in kept:
            kept[merged] = target
    draft.children = kept


def _rename(draft: _Draft, depth: int, old: str, new: str) -> None:
    """Rename a path parameter in all path items from here on down; operations keep what stands behind it in the URL."""
    old_name, new_name = _parameter(old), _parameter(new)
    waiting = [draft]
    while waiting:
        node = waiting.pop()
        if node.item is not None:
            parameters = tuple(
                replace(parameter, name=new_name) if parameter.name == old_name else parameter
                for parameter in node.item.parameters
            )
            spelled = f"{{{new_name}}}{old[old.rindex('}') + 1 :]}"
            operations = tuple(_respelled(one, node.item.path, depth, spelled) for one in node.item.operations)
            node.item = replace(node.item, parameters=parameters, operations=operations)
        waiting.extend(node.children.values())


def _respelled(operation: Operation, path: str, depth: int, segment: str) -> Operation:
    segments = naming.split_path(operation.path or path)
    return replace(operation, path="/" + "/".join((*segments[:depth], segment, *segments[depth + 1 :])))


def _parameter(segment: str) -> str:
    return segment[1 : segment.rindex("}")]


def _graft(source: _Draft, target: _Draft, diagnostics: list[Diagnostic]) -> None:
    """Hang a subtree into another one; what is in both is merged."""
    waiting = [(source, target)]
    while waiting:
        branch, trunk = waiting.pop()
        trunk.paths.extend(branch.paths)
        if branch.item is not None:
            trunk.item = branch.item if trunk.item is None else _merged(trunk.item, branch.item, diagnostics)
        for segment, child in branch.children.items():
            if segment in trunk.children:
                waiting.append((child, trunk.children[segment]))
            else:
                trunk.children[segment] = child


def _merged(kept: PathItem, other: PathItem, diagnostics: list[Diagnostic]) -> PathItem:
    verbs = [operation.verb for operation in kept.operations]
    for operation in other.operations:
        if operation.verb in verbs:
            diagnostics.append(
                Diagnostic(
                    "PATH001",
                    f"{operation.verb} {other.path} is left out: {kept.path} has it already",
                    operation.location,
                    "one builder stands for both; give one of them another path",
                    Severity.WARNING,
                )
            )
    names = {parameter.name for parameter in kept.parameters}
    options = {option.name for option in kept.query}
    return replace(
        kept,
        parameters=kept.parameters + tuple(p for p in other.parameters if p.name not in names),
        query=kept.query + tuple(option for option in other.query if option.name not in options),
        operations=kept.operations + tuple(o for o in other.operations if o.verb not in verbs),
        description=kept.description or other.description,
    )


# --------------------------------------------------------------------------------------------------- freezing


@dataclass(slots=True)
class _Place:
    """A draft with what its ancestors decide."""

    draft: _Draft
    path: str
    previous: str
    last: str
    """What the children have for `previous`."""


def _freeze(root: _Draft, diagnostics: tuple[Diagnostic, ...]) -> UrlTree:
    places = [_Place(root, "", "", "")]
    for place in places:  # grows while it is walked: parents come before children
        places.extend(
            _Place(child, f"{place.path}/{child.segment}", place.last, child.segment or place.last)
            for child in place.draft.children.values()
        )
    nodes: dict[_Draft, Node] = {}
    at: dict[str, Node] = {}
    for place in reversed(places):
        draft = place.draft
        children = tuple(nodes[child] for child in draft.children.values())
        segment = draft.segment
        is_index = naming.is_index(segment)
        embedded = naming.has_embedded_parameters(segment)
        node = Node(segment, place.previous, place.path, draft.item, children, is_index, embedded)
        nodes[draft] = node
        at[place.path] = node
        at.update(dict.fromkeys(draft.paths, node))
    return UrlTree(nodes[root], tuple(nodes[place.draft] for place in places), at, diagnostics)
