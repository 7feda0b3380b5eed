"""Facts about the whole of a document that show in a client of its smallest part, and the least that proves them.

Two rules look at everything: a type has a default for its `@odata.type` if one of its bases is used single-valued
by any property or action, and the folders of the models are below the namespace parts that all types share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, takewhile

from graphslice.api.naming import common_prefix
from graphslice.csdl.annotations import operation_target
from graphslice.csdl.edm import NavigationProperty, Operation, Property, StructuredType, TypeUse
from graphslice.csdl.index import Index, type_heads

ROOT_TYPE = "entity"


def default_witness(
    index: Index, kept: Iterable[str], uses: Iterable[TypeUse]
) -> Iterator[tuple[str, str] | Operation]:
    """Give what must be kept so that the defaults of kept types stay: one property, or else one action, for each doubt.

    Args:
        index: The whole document.
        kept: Names of the types that are kept whole.
        uses: The types of all kept properties and of the parameters of all kept actions.
    """
    anywhere = {use.name for use in _all_uses(index) if not use.collection}
    here = {use.name for use in uses if not use.collection}
    doubts = [
        bases for bases in _deciding_bases(index, kept) if here.isdisjoint(bases) and not anywhere.isdisjoint(bases)
    ]
    if not doubts:
        return
    wanted = frozenset(name for bases in doubts for name in bases)
    properties = _properties(index, wanted)
    actions = _actions(index, wanted)
    for bases in doubts:
        members = [use for base in sorted(bases) for use in properties.get(base, ())]
        yield from members[:1]
        if not members:
            yield from [action for base in sorted(bases) for action in actions.get(base, ())][:1]


def _deciding_bases(index: Index, kept: Iterable[str]) -> list[frozenset[str]]:
    """Give for each kept type the ancestors of which one used single-valued is enough."""
    found: dict[frozenset[str], None] = {}
    for name in kept:
        declared = index.structured(name)
        bases = index.bases(declared) if declared is not None else ()
        if not bases or bases[0].name.lower() == ROOT_TYPE or bases[0].abstract:
            continue
        names = [base.full_name for base in takewhile(lambda base: base.name.lower() != ROOT_TYPE, bases)]
        found[frozenset(names)] = None
    return list(found)


def _properties(index: Index, wanted: frozenset[str]) -> dict[str, list[tuple[str, str]]]:
    """Give owner and name of every property that holds one value of a wanted type, by the type."""
    found: dict[str, list[tuple[str, str]]] = {}
    for declared in index.types.values():
        if isinstance(declared, StructuredType) and declared.name.lower() != ROOT_TYPE:
            for member in members(declared):
                if member.type.name in wanted and not member.type.collection:
                    found.setdefault(member.type.name, []).append((declared.full_name, member.name))
    return {name: sorted(uses) for name, uses in found.items()}


def _actions(index: Index, wanted: frozenset[str]) -> dict[str, list[Operation]]:
    """Give the actions that take one value of a wanted type, by the type."""
    found: dict[str, list[Operation]] = {}
    for operation in index.all_operations:
        for parameter in () if operation.function else operation.parameters:
            if parameter.type.name in wanted and not parameter.type.collection:
                found.setdefault(parameter.type.name, []).append(operation)
    return {name: sorted(uses, key=operation_target) for name, uses in found.items()}


def members(of: StructuredType) -> tuple[Property | NavigationProperty, ...]:
    """Give the properties of either kind that a type declares itself."""
    return (*of.properties, *of.navigation)


def prefix_witness(
    index: Index, root: str, kept: Iterable[str], uses: Iterable[TypeUse]
) -> str | tuple[str, str] | None:
    """Give a type or a property that shortens what the kept names share to what those of the whole document share.

    Args:
        index: The whole document.
        root: The namespace of the errors, which are there whatever is kept.
        kept: Names of the kept types.
        uses: The types of what is kept of their members.
    """
    errors = f"{root}.ODataErrors.ODataError"
    if any(map(_is_built_in, _all_uses(index))) and not any(map(_is_built_in, uses)):
        found = _built_in_members(index)
        return found[0] if found else None
    everything = [errors, *(name for schema in index.schemas for name, _ in type_heads(schema))]
    mine = [errors, *kept]
    common = common_prefix(everything)
    if common_prefix(mine) == common:
        return None
    return next((name for name in everything[1:] if common_prefix([*mine, name]) == common), None)


def _is_built_in(use: TypeUse) -> bool:
    """Tell whether a use puts a component into the namespace Edm, which shares nothing with any other."""
    return use.name.startswith(("Edm.Geo",)) or (use.collection and use.name in ("Edm.ComplexType", "Edm.EntityType"))


def _all_uses(index: Index) -> Iterable[TypeUse]:
    gathered = index.document.uses
    if gathered is not None:
        return gathered
    actions = (operation for operation in index.all_operations if not operation.function)
    taken = (parameter.type for action in actions for parameter in action.parameters)
    return chain((use for _, _, use in _typed_members(index)), taken)


def _built_in_members(index: Index) -> list[tuple[str, str]]:
    return sorted((owner, name) for owner, name, use in _typed_members(index) if _is_built_in(use))


def _typed_members(index: Index) -> Iterator[tuple[str, str, TypeUse]]:
    for declared in index.types.values():
        if isinstance(declared, StructuredType):
            yield from ((declared.full_name, member.name, member.type) for member in members(declared))
