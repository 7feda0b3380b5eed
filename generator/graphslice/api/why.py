"""Why a type is in a model: the shortest chain from an operation to it."""

from __future__ import annotations

from difflib import get_close_matches

from graphslice.api.model import ApiModel, Reason
from graphslice.diagnostics import GraphsliceError, error


def chain(model: ApiModel, type_id: str) -> tuple[tuple[str, Reason], ...]:
    """Give the links from a type up to the operation that needs it: each type with the reason that keeps it.

    Raises:
        GraphsliceError: The model has no such type; the message says why it was left out, where that is known.
    """
    name = find(model, type_id)
    links: list[tuple[str, Reason]] = []
    seen: set[str] = set()
    while name in model.reasons and name not in seen:
        seen.add(name)
        reason = model.reasons[name]
        links.append((name, reason))
        name = reason.owner
    return tuple(links)


def find(model: ApiModel, wanted: str) -> str:
    """Give the id of a type by id, by a tail of it or by its last part, ignoring case.

    Raises:
        GraphsliceError: No type fits, or several do.
    """
    if wanted in model.types:
        return wanted
    low = wanted.lower()
    fits = [name for name in model.types if name.lower() == low or name.lower().endswith(f".{low}")]
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise error("SLICE021", f"{wanted} stands for several types", hint="say one of " + ", ".join(fits[:8]))
    raise _missing(model, wanted)


def _missing(model: ApiModel, wanted: str) -> GraphsliceError:
    low = wanted.lower()
    for name, reason in model.dropped.items():
        if name.lower() == low or name.lower().endswith(f".{low}"):
            return error("SLICE022", f"{name} is not in the slice: {reason}", hint="generate with `--subtypes all`")
    tails = {name.rpartition(".")[2]: name for name in model.types}
    close = get_close_matches(wanted.rpartition(".")[2], list(tails), n=3)
    near = ", ".join(tails[tail] for tail in close)
    cure = f"did you mean {near}" if near else "`graphslice show` lists the paths"
    return error("SLICE020", f"no type {wanted} in the slice", hint=cure)
