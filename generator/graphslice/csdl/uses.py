"""How the types of a whole document are used, beyond any slice of it."""

from __future__ import annotations

from collections.abc import Iterator

from graphslice.csdl.edm import Operation, StructuredType, TypeUse
from graphslice.csdl.index import Index
from graphslice.csdl.spatial import COMPONENTS as SPATIAL
from graphslice.csdl.spatial import is_spatial

_LISTED_ROOTS = ("Edm.ComplexType", "Edm.EntityType")


class Uses:
    """What all declared properties and operations say, gathered in one pass.

    `single`: the types that something holds one value of. `built_in`: names of Edm that become components.
    """

    def __init__(self, index: Index) -> None:
        """Take the index; a reader that gathered the uses while it read spares the pass."""
        gathered = index.document.uses
        uses = set(_uses(index)) if gathered is None else gathered
        self.single = frozenset(use.name for use in uses if not use.collection and not use.name.startswith("Edm."))
        listed = {use.name for use in uses if use.collection and use.name in _LISTED_ROOTS}
        self.built_in = (*sorted(listed), *(SPATIAL if any(is_spatial(use.name) for use in uses) else ()))


def _uses(index: Index) -> Iterator[TypeUse]:
    """Give the uses that count: those of actions and of all types but the roots called ``entity``.

    Spatial types count wherever they stand.
    """
    for schema in index.schemas:
        for declared in schema.types:
            if isinstance(declared, StructuredType):
                counts = declared.name.lower() != "entity"
                yield from (use for use in _members(declared) if counts or is_spatial(use.name))
        for operation in schema.operations:
            uses = _parameters(operation)
            yield from (use for use in uses if not operation.function or is_spatial(use.name))
            if operation.returns is not None and is_spatial(operation.returns.type.name):
                yield operation.returns.type


def _members(declared: StructuredType) -> Iterator[TypeUse]:
    yield from (prop.type for prop in declared.properties)
    yield from (prop.type for prop in declared.navigation)


def _parameters(operation: Operation) -> Iterator[TypeUse]:
    return (parameter.type for parameter in operation.parameters)
