"""Schemas that say their own address: `$id`, by which references may name them instead of by their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from graphslice.openapi.places import escape, unescape

_DATA = frozenset({"example", "examples", "default", "enum", "const"})
_DEEPEST = 60


def addresses(root: Any) -> dict[str, str]:
    """Give the pointer of each schema among the components that has an address; of two with one, the first."""
    components = root.get("components") if isinstance(root, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    found: dict[str, str] = {}
    for address, pointer in _walk(schemas, "/components/schemas", "", 0):
        found.setdefault(address, pointer)
    return found


def address_of(root: Any, pointer: str, reference: str) -> str:
    """Give a reference at `pointer` as the addresses around it make it."""
    base, value = "", root
    for part in pointer.split("/")[1:]:
        value = _member(value, unescape(part))
        base = _joined(base, value)
    return urljoin(base, reference)


def nearest(root: Any, pointer: str, path: str) -> str:
    """Give the pointer of what stands at `path` below the nearest schema around `pointer` that has it, or nothing.

    A schema with an address is a document of its own, and many that once were one kept their `#/$defs/...`.
    """
    wanted = [unescape(part) for part in path.split("/")[1:]]
    around = [root]
    steps = pointer.split("/")[1:]
    for part in steps:
        around.append(_member(around[-1], unescape(part)))
    for depth in range(len(around) - 1, 0, -1):
        value = around[depth]
        for key in wanted:
            value = _member(value, key)
        if value is not None:
            return "".join(f"/{part}" for part in steps[:depth]) + path
    return ""


def _member(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    return value[int(key)] if isinstance(value, list) and key.isdecimal() and int(key) < len(value) else None


def _walk(value: Any, pointer: str, base: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        own = _joined(base, value)
        if isinstance(value.get("$id"), str):
            yield own, pointer
        for key, inner in value.items():
            if key not in _DATA and isinstance(inner, (dict, list)):
                yield from _walk(inner, f"{pointer}/{escape(str(key))}", own, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{pointer}/{index}", base, depth + 1)


def _joined(base: str, value: Any) -> str:
    own = value.get("$id") if isinstance(value, dict) else None
    return urljoin(base, own).partition("#")[0] if isinstance(own, str) else base
