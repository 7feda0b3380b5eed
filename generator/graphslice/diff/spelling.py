"""How types and values of a model are shown to people."""

from __future__ import annotations

from graphslice.api.model import Deprecation, ListRef, NamedRef, Permission, PrimitiveRef, TypeRef
from graphslice.python.types import PRIMITIVES


def type_text(ref: TypeRef | None) -> str:
    """Spell a type: ``string``, ``microsoft.graph.session``, ``list of ...``."""
    if ref is None:
        return "nothing"
    if isinstance(ref, PrimitiveRef):
        return ref.kind.value
    if isinstance(ref, NamedRef):
        return ref.id
    if isinstance(ref, ListRef):
        return f"list of {type_text(ref.item)}"
    return "any"


def same_in_python(old: TypeRef | None, new: TypeRef | None) -> bool:
    """Tell whether two types are one for the client: whole numbers of any size, fractions of any precision."""
    if isinstance(old, ListRef) and isinstance(new, ListRef):
        return same_in_python(old.item, new.item)
    if isinstance(old, PrimitiveRef) and isinstance(new, PrimitiveRef):
        return PRIMITIVES[old.kind] == PRIMITIVES[new.kind]
    return old == new


def flag(value: bool) -> str:
    """Spell a truth."""
    return "yes" if value else "no"


def deprecation_text(deprecation: Deprecation | None) -> str:
    """Spell a deprecation in one line."""
    if deprecation is None:
        return ""
    dates = [f"since {deprecation.date}"] if deprecation.date else []
    dates += [f"removed on {deprecation.removal_date}"] if deprecation.removal_date else []
    return "; ".join(part for part in (deprecation.description, deprecation.version, *dates) if part)


def permissions_text(permissions: tuple[Permission, ...], roles: tuple[str, ...]) -> str:
    """Spell what a caller needs."""
    parts = [f"{p.scheme}: {', '.join(p.scopes)}" for p in sorted(permissions, key=lambda p: (p.scheme, p.scopes))]
    return "; ".join([*parts, *(f"role {role}" for role in sorted(roles))])


def short(text: str, limit: int = 160) -> str:
    """Cut a long text for a line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 3] + "..."
