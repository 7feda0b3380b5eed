"""The way out when a slice's patterns fit nothing: how far they lead, and what goes on from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from graphslice.api.selection import Pattern
from graphslice.csdl.index import Index
from graphslice.csdl.segments import Node, Step

_SHOWN = 6


def verbs_there(patterns: Sequence[Pattern], offered: Mapping[str, Sequence[str]]) -> str:
    """Say which verbs the paths have that fit but for the verbs; nothing when there are no such paths."""
    for pattern in patterns:
        for path, verbs in offered.items():
            if not pattern.plain and verbs and pattern.matches(path):
                return f"{path} has {', '.join(verbs)}"
    return ""


def way_out(index: Index, nodes: Sequence[Node], patterns: Sequence[Pattern]) -> str:
    """Say where the first pattern leaves the paths that there are.

    Args:
        index: The document.
        nodes: The nodes of the expansion: each is a prefix that the patterns reach.
        patterns: The include patterns that fit no path.
    """
    advice = "patterns begin with / and count letter case; `graphslice show` lists the paths"
    if not patterns:
        return advice
    asked = f"/{patterns[0].glob.lstrip('/')}".split("/")
    reached = [node for node in nodes if patterns[0].reaches(node.path.split("/"))]
    deepest = max(reached, key=lambda node: node.path.count("/"), default=None)
    prefix = "" if deepest is None else deepest.path
    place = prefix.count("/") + 1
    names = _next(index, deepest)
    wanted = asked[place] if place < len(asked) else ""
    known = {name.lower(): name for name in names}
    close = [known[low] for low in get_close_matches(wanted.lower(), list(known), n=3)]
    shown = ", ".join(f"{prefix}/{name}" for name in (close or names)[:_SHOWN])
    if not shown:
        return advice
    return f"did you mean {shown}? {advice}" if close else f"there is {shown}; {advice}"


def _next(index: Index, node: Node | None) -> list[str]:
    """Give the names that may follow a node, or stand at the root."""
    if node is None:
        return [*index.sources, *index.imports]
    if node.step is Step.ALTERNATE_KEY:
        return []
    if node.collection or node.type is None:
        return ["{key}"]
    operations = index.operations_bound_to(node.type_name, False)
    return [*(prop.name for prop in index.navigation(node.type)), *(operation.name for operation in operations)]
