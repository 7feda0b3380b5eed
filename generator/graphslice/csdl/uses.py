"""How the types of a whole document are used, beyond any slice of it."""

from __future__ import annotations

from collections.abc import Iterator

from graphslice.csdl.edm import StructuredType, TypeUse
from graphslice.csdl.index import Index
from graphslice.csdl.values import is_spatial

_LISTED_ROOTS = ("Edm.ComplexType", "Edm.EntityType")


class Uses:
    """What all declared properties and action parameters say, gathered in one pass.

    `single`: the types that something holds one value of. `built_in`: names of Edm that become components.
    """

    def __init__(self, index: Index) -> None:
        """Take the index; a reader that gathered the uses while it read spares the pass."""
        gathered = index.document.uses
        uses = set(_uses(index)) if gathered is None else gathered
        self.single = frozenset(use.name for use in uses if not use.collection and not use.name.startswith("Edm."))
        self.built_in = tuple(sorted({use.name for use in uses if _is_component(use)}))


def _is_component(use: TypeUse) -> bool:
    return is_spatial(use.name) or (use.collection and use.name in _LISTED_ROOTS)


def _uses(index: Index) -> Iterator[TypeUse]:
    for schema in index.schemas:
        for declared in schema.types:
            if isinstance(declared, StructuredType) and declared.name != "entity":
                yield from (prop.type for prop in declared.properties)
                yield from (prop.type for prop in declared.navigation)
        for operation in schema.operations:
            if not operation.function:
                yield from (parameter.type for parameter in operation.parameters)
