"""Which components name which others in allOf."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from graphslice.openapi.schema import Schemas


class Children:
    """The components that derive from a component, found without making any type."""

    def __init__(self, schemas: Schemas) -> None:
        """Look at nothing before somebody asks."""
        self._schemas = schemas

    @cached_property
    def _direct(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = {}
        for name, raw in self._schemas.components().items():
            for parent in _parents(raw):
                children.setdefault(parent, []).append(name)
        return children

    def descendants(self, name: str) -> Iterator[str]:
        """Give all that derive from a component, nearest first."""
        seen = {name}
        waiting = list(self._direct.get(name, ()))
        while waiting:
            child = waiting.pop(0)
            if child not in seen:
                seen.add(child)
                yield child
                waiting.extend(self._direct.get(child, ()))


def _parents(raw: object) -> Iterator[str]:
    parts = raw.get("allOf") if isinstance(raw, dict) else None
    for part in parts if isinstance(parts, list) else ():
        reference = part.get("$ref") if isinstance(part, dict) else None
        if isinstance(reference, str) and reference.startswith(("#/components/schemas/", "#/definitions/")):
            yield reference.rsplit("/", 1)[1]
