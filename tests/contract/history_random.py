"""Whether `diff` names exactly what differs between the two builds for slices that nobody picked.

Patterns are drawn from the paths of both builds, half of them from paths that changed: prefixes of any depth, verbs,
functions, casts, `$ref` and `$count`. The documents are read once, and every slice is compared in both directions.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from graphslice import pipeline
from graphslice.api.model import ApiModel, PathItem
from graphslice.config import Slice
from graphslice.csdl import edm
from graphslice.csdl.reader import read_document
from graphslice.csdl.resolve import resolve
from graphslice.diagnostics import GraphsliceError
from graphslice.diff.client import Side
from graphslice.emit.render import render
from tests.contract import history
from tests.contract.mutations import Client, Tally, held_together
from tests.contract.places import Broken, shared
from tests.contract.results import Check

_SEED, _SLICES, _MOST_PATHS = 6, 60, 60


def slices(work: Path) -> Iterator[Check]:
    """Compare random slices of the two builds."""
    with pipeline.without_collector():
        documents = [read_document(str(shared(name)), ()) for name in (history.OLD, history.NEW)]
        models = [resolve(document, Slice(description="", include=("/**",))) for document in documents]
        tally = Tally()
        for patterns in drawn(*models, random.Random(_SEED), _SLICES):
            try_slice(documents, patterns, tally)
    yield tally.check("history, random slices")


def drawn(old: ApiModel, new: ApiModel, chance: random.Random, count: int) -> Iterator[tuple[str, ...]]:
    """Draw sets of patterns."""
    before, after = ({item.path: item for item in model.paths} for model in (old, new))
    every = sorted({*before, *after})
    changed = sorted(path for path in every if before.get(path) != after.get(path))
    special = [path for path in every if path.endswith(("/$ref", "/$count", ")")) or "/graph." in path]
    for _ in range(count):
        picked = [chance.choice(chance.choice((changed, every, special))) for _ in range(chance.choice((1, 1, 2, 3)))]
        yield tuple(_pattern(path, before | after, every, chance) for path in picked)


def _pattern(path: str, items: Mapping[str, PathItem], every: list[str], chance: random.Random) -> str:
    """Make a pattern that fits a path, and not too many others."""
    parts = path.split("/")
    for depth in range(chance.randrange(2, len(parts) + 1), len(parts) + 1):
        prefix = "/".join(parts[:depth])
        if sum(one == prefix or one.startswith(f"{prefix}/") for one in every) <= _MOST_PATHS:
            break
    verbs = [operation.verb for operation in items[path].operations]
    chosen = ",".join(sorted(chance.sample(verbs, chance.randrange(1, len(verbs) + 1)))) if verbs else ""
    forms: tuple[Callable[[], str], ...] = (
        lambda: f"{prefix}/**",
        lambda: f"{prefix}/*",
        lambda: path,
        lambda: f"{path}#{chosen}" if chosen else path,
        lambda: f"{prefix}**#GET",
    )
    return chance.choice(forms)()


def try_slice(documents: list[edm.Document], patterns: tuple[str, ...], tally: Tally) -> None:
    """Compare one slice of both builds; what fits nothing in one of them is refused there."""
    tally.tried += 1
    wanted = Slice(description="", include=patterns, package="mutant_client", class_name="MutantClient")
    try:
        old, new = (_client(resolve(document, wanted), wanted) for document in documents)
        pairs = held_together(old, new)
    except GraphsliceError:
        tally.refused += 1
        return
    except Broken as fault:
        tally.wrong.append(f"{patterns}: {fault}")
        return
    tally.lines += len(pairs[0].shown)
    for pair in pairs:
        wrong = [*(f"missed {line}" for line in pair.missed), *(f"invented {line}" for line in pair.invented)]
        if wrong:
            tally.wrong.append(f"{patterns}: {len(wrong)}: {', '.join(wrong[:3])}")


def _client(model: ApiModel, wanted: Slice) -> Client:
    return Client(Side(model, wanted), dict(render(pipeline.lower(model, wanted)).files))
