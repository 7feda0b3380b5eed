"""Alternate keys: their parts, and which of the placeholders in a URL have a parameter.

Microsoft's converter writes the name of the property into the URL and declares parameters by alias: that of a single
key if it is the whole of the property names in the URL, that of a key with several parts if it occurs in them. So a
placeholder has a parameter only where some alias of the type's alternate keys says the same as the property's name.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphslice.csdl import annotations as read
from graphslice.csdl.edm import Property, Record

Key = list[tuple[str, Property]]
"""The parts of an alternate key: alias, and the property at which the way to its value begins."""


def served(records: Iterable[Record], properties: Iterable[Property]) -> list[Key]:
    """Give the alternate keys that a type can serve; parts whose property it does not have are left out."""
    known = {prop.name: prop for prop in properties}
    return [key for record in records if (key := _parts(record, known))]


def _parts(record: Record, known: dict[str, Property]) -> Key:
    parts = ((read.string(p.get("Alias")), read.path(p.get("Name"))) for p in read.records(record.get("Key")))
    return [(alias or path, known[first]) for alias, path in parts if path and (first := path.split("/")[0]) in known]


def declared(name: str, key: Key, keys: list[Key]) -> Property | None:
    """Give the property whose type the parameter of a placeholder has, None if no parameter is declared for it."""
    names = ",".join(prop.name for _, prop in key)
    for other in keys:
        for alias, prop in other:
            says = alias.lower() == names.lower() if len(other) == 1 else alias in names
            if says and (alias == name or (len(key) == 1 and alias.lower() == name.lower())):
                return prop
    return None
