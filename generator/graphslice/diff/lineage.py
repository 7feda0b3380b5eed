"""What types derive from."""

from __future__ import annotations

from collections.abc import Iterator

from graphslice.api.model import ApiModel, ObjectType, Property, TypeDecl


def ancestors(declared: TypeDecl | None, model: ApiModel) -> Iterator[str]:
    """Give the ids of the base types as the description has them, nearest first."""
    seen: set[str] = set()
    base = declared.base if isinstance(declared, ObjectType) else None
    while base and base not in seen:
        seen.add(base)
        yield base
        above = model.types.get(base)
        base = above.base if isinstance(above, ObjectType) else None


def inherited(declared: ObjectType, model: ApiModel) -> dict[str, Property]:
    """Give the properties that a type has from its bases, by name; the nearest counts."""
    found: dict[str, Property] = {}
    for base in ancestors(declared, model):
        above = model.types.get(base)
        if isinstance(above, ObjectType):
            for prop in above.properties:
                found.setdefault(prop.name, prop)
    return found
