"""Classes while their members are still being read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphslice.api.model import Origin, Place, Property, TypeRef
from graphslice.openapi.schema import Schema


@dataclass(slots=True)
class Draft:
    """A class while its members are still being read."""

    id: str
    name: str
    place: Place
    schema: Schema
    origin: Origin
    base: str | None = None
    properties: list[Property] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    """Properties flagged as the text of an error."""
    discriminator_property: str = ""
    mapping: list[tuple[str, str]] = field(default_factory=list)
    sources: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    """The schemas whose properties it holds."""
    wanted: tuple[str, ...] = ()
    """The names of the properties that its own schema gives it."""
    awaits_base: bool = False
    """Whether its base class is being made."""


def inherited_type(drafts: Mapping[str, Draft], draft: Draft, name: str) -> TypeRef | None:
    """The type that the nearest ancestor gives the property of that name, if one has it."""
    above = draft.base
    while above is not None:
        for prop in drafts[above].properties:
            if prop.name == name:
                return prop.type
        above = drafts[above].base
    return None
