"""The attribute names of models: Kiota's where it has one, and one more for each property that Kiota would lose.

Kiota renames a property whose cleaned name is taken, but lets those fall together that only snake case or the
underscore behind a reserved word make equal. Here both keep a name: the one that Kiota shows has Kiota's, the other
gets the name of its class in front, as renamed properties have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from graphslice.api import naming as api_naming
from graphslice.api.model import ComposedType, ObjectType, Property

from . import naming
from .types import TypeTable

_ERROR_MEMBERS = frozenset({"mro", "with_traceback", "response_status_code", "response_headers"})
"""What stays free on exceptions, by the underscore of reserved words; Kiota lets the headers replace a property."""
_PRIMARY_MESSAGE = "primary_message"
_OWN_MEMBERS = frozenset({"create_from_discriminator_value", "constructor"})
"""What Kiota stops at, or writes broken code for."""


class ModelNames:
    """Gives the attribute names of the object types of a client, remembering what it gave."""

    def __init__(self, table: TypeTable) -> None:
        """Start with nothing decided."""
        self._table = table
        self._own: dict[str, Mapping[str, str]] = {}

    def of(self, declared: ObjectType) -> Mapping[str, str]:
        """Give wire name to attribute for the properties that the class declares (an error: of all its line)."""
        found = self._own.get(declared.id)
        if found is None:
            found = self._own[declared.id] = self._decide(declared)
        return found

    def attribute(self, declared: ObjectType, wire_name: str) -> str | None:
        """Give the attribute of a property of the class or its ancestors."""
        for owner in (declared, *self._table.ancestors(declared)):
            name = self.of(owner).get(wire_name)
            if name is not None:
                return name
        return None

    def _decide(self, declared: ObjectType) -> Mapping[str, str]:
        class_name = self._table.name(declared.id)
        inherited: dict[str, str] = {}
        properties: Iterable[Property] = declared.properties
        if declared.error:
            properties = flattened(declared, self._table)
        else:
            for ancestor in reversed(self._table.ancestors(declared)):
                inherited.update(self.of(ancestor))
        fresh = [prop.name for prop in properties if prop.name not in inherited]
        names = attribute_names(fresh, class_name, taken=set(inherited.values()), error=declared.error)
        names.update((prop.name, inherited[prop.name]) for prop in properties if prop.name in inherited)
        return names


def flattened(declared: ObjectType, table: TypeTable) -> tuple[Property, ...]:
    """Give the properties of an error with those of its bases, which it cannot derive from; its own count first."""
    merged: dict[str, Property] = {}
    for owner in (declared, *table.ancestors(declared)):
        for prop in owner.properties:
            merged.setdefault(prop.name, prop)
    return tuple(merged.values())


def member_names(declared: ComposedType, class_name: str) -> list[str]:
    """Give the attributes of a composed type, in the order of its members (of which several may have one name)."""
    wires = [f"{number}:{member.name}" for number, member in enumerate(declared.members)]
    names = attribute_names(wires, class_name, cut=True)
    return [names[wire] for wire in wires]


def attribute_names(
    wires: Iterable[str], class_name: str, *, taken: Iterable[str] = (), error: bool = False, cut: bool = False
) -> dict[str, str]:
    """Give each wire name an attribute that no other has; `cut`: the name begins behind the first colon."""
    used = set(taken)
    lowered: set[str] = set()
    names: dict[str, str] = {}
    late: list[tuple[str, str]] = []
    raw: dict[str, str] = {}
    for wire in wires:
        name = raw[wire] = _raw_name(wire.partition(":")[2] if cut else wire, error)
        if name.lower() in lowered:
            # Kiota sees this collision, and renames.
            late.append((wire, name))
            continue
        lowered.add(name.lower())
        names[wire] = ""
    for wire in sorted(names, key=lambda wire: _claim(raw[wire])):
        name = _spelled(raw[wire], error)
        if name in used:
            late.append((wire, raw[wire]))
            continue
        used.add(name)
        names[wire] = name
    for wire, name in late:
        names[wire] = _prefixed(name, class_name, used, error)
        used.add(names[wire])
    return names


@lru_cache(maxsize=32768)
def _raw_name(wire: str, error: bool) -> str:
    name = api_naming.clean_symbols(wire) or "property"
    if naming.snake(api_naming.first_lower(name)) in _OWN_MEMBERS:
        return f"{name}Property"
    return naming.escape_stored(name)


def _claim(raw: str) -> tuple[bool, str, str]:
    """Who may keep a name that several spell alike: the one written so already, then the first, ignoring case."""
    return raw != _spelled(raw, False), raw.lower(), raw


@lru_cache(maxsize=32768)
def _spelled(raw: str, error: bool) -> str:
    name = naming.escape(naming.snake(api_naming.first_lower(raw)))
    if error and name in _ERROR_MEMBERS:
        name += "_"
    if error and name == _PRIMARY_MESSAGE:
        # Kiota renames this one after it has spelled it.
        name += "Escaped"
    return naming.MemberName(name)


def _prefixed(raw: str, class_name: str, used: set[str], error: bool) -> str:
    base = api_naming.first_lower(class_name) + api_naming.first_upper(raw)
    name = _spelled(base, error)
    number = 0
    while name in used:
        name = _spelled(f"{base}{number}", error)
        number += 1
    return name
