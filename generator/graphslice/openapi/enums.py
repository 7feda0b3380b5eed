"""Enums: their members, and what x-ms-enum says about them."""

from __future__ import annotations

from typing import Any

from graphslice.api.model import EnumMember
from graphslice.openapi.schema import Schema


def is_flags(schema: Schema) -> bool:
    """Whether values are joined by commas."""
    stated = schema.raw.get("x-ms-enum-flags")
    return isinstance(stated, dict) and stated.get("isFlags") is True


def enum_members(schema: Schema) -> tuple[EnumMember, ...]:
    """The members of an enum, with the names and descriptions that x-ms-enum gives them."""
    extension = schema.raw.get("x-ms-enum")
    listed = extension.get("values") if isinstance(extension, dict) else None
    entries: list[Any] = listed if isinstance(listed, list) else []
    told: dict[str, dict[str, Any]] = {
        str(one.get("value")).casefold(): one for one in reversed(entries) if isinstance(one, dict)
    }
    members = []
    for value in schema.enum:
        if not value:
            continue
        entry = told.get(value.casefold(), {})
        name, text = entry.get("name"), entry.get("description")
        members.append(
            EnumMember(
                name=name if isinstance(name, str) and name else value,
                value=value,
                description=text if isinstance(text, str) else "",
            )
        )
    return tuple(members)
