"""Facts about the whole of a document that show in a client of its smallest part, and the least that proves them.

Two rules look at everything: a type has a default for its `@odata.type` if one of its bases is used single-valued
anywhere, and the folders of the models are below the namespace parts that all types share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from graphslice.csdl.edm import NavigationProperty, Property, StructuredType
from graphslice.csdl.index import Index, type_heads

ROOT_TYPE = "entity"


def default_witness(index: Index, kept: Iterable[str], keeps: Callable[[str, str], bool]) -> Iterator[tuple[str, str]]:
    """Give type and property that must be kept so that defaults of kept types stay: one for each that is in doubt.

    Actions are not needed as witnesses: they would bring their binding types, and a property does as well. Where
    only an action's parameter uses a type, its absence is found when the result is resolved again.
    """
    for wanted in _deciding_bases(index, kept):
        uses = [(owner, name) for owner, name in _single_uses(index) if owner and _of(index, owner, name) in wanted]
        if uses and not any(keeps(owner, name) for owner, name in uses):
            yield uses[0]


def _deciding_bases(index: Index, kept: Iterable[str]) -> list[frozenset[str]]:
    """Give for each kept type the ancestors of which one used single-valued is enough."""
    found: dict[frozenset[str], None] = {}
    for name in kept:
        declared = index.structured(name)
        bases = index.bases(declared) if declared is not None else ()
        if not bases or bases[0].name == ROOT_TYPE or bases[0].abstract:
            continue
        chain = []
        for base in bases:
            if base.name == ROOT_TYPE:
                break
            chain.append(base.full_name)
        found[frozenset(chain)] = None
    return list(found)


def _single_uses(index: Index) -> list[tuple[str, str]]:
    """Give owner and name of every property that holds one value of a structured type, sorted."""
    return sorted(
        (declared.full_name, member.name)
        for declared in index.types.values()
        if isinstance(declared, StructuredType) and declared.name != ROOT_TYPE
        for member in members(declared)
        if not member.type.collection and not member.type.name.startswith("Edm.")
    )


def _of(index: Index, owner: str, name: str) -> str:
    declared = index.structured(owner)
    assert declared is not None
    return next(p.type.name for p in members(declared) if p.name == name)


def members(of: StructuredType) -> tuple[Property | NavigationProperty, ...]:
    """Give the properties of either kind that a type declares itself."""
    return (*of.properties, *of.navigation)


def prefix_witness(index: Index, kept: Iterable[str]) -> str | None:
    """Give a type whose namespace shortens what the kept ones share to what the whole document shares, if one must."""
    everything = [name for schema in index.schemas for name, _ in type_heads(schema)]
    common = _shared(everything)
    mine = list(kept)
    if not mine or _shared(mine) == common:
        return None
    return next((name for name in everything if _shared([*mine, name]) == common), None)


def _shared(names: Iterable[str]) -> list[str]:
    """Give the namespace parts that all names begin with."""
    shared: list[str] | None = None
    for name in names:
        parts = name.split(".")[:-1]
        if shared is None:
            shared = parts
            continue
        length = next((i for i, (a, b) in enumerate(zip(shared, parts, strict=False)) if a != b), None)
        shared = shared[: min(len(shared), len(parts)) if length is None else length]
    return shared or []
