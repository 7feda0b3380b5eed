"""Whether `diff` names exactly the lines by which clients differ whose descriptions were changed at random.

Seeded: a line of the report names the seed and the edit, and `python -m tests.contract.mutations FILE SEED` shows the
lines again.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graphslice import pipeline
from graphslice.config import Slice
from graphslice.diagnostics import GraphsliceError, raise_all
from graphslice.diff.client import Side
from graphslice.diff.compare import compare
from graphslice.emit.render import render
from tests.contract.forked import listed
from tests.contract.history import Pair
from tests.contract.mutants_csdl import mutated
from tests.contract.mutants_openapi import mutated as mutated_openapi
from tests.contract.places import Broken, shared
from tests.contract.results import Check

_PACKAGE = "mutant_client"
# The tool finds the names of types by itself; other values are tried when it is asked to.
_ASKED = re.compile(r".discriminator \S+ (?!#[\w.]+\.\w+ -> )")
# The runtime's classes are nobody's surface; and whatever value a composed type is asked about that may be a text, it
# is one.
_LEFT_OUT = re.compile(r"\w+ _runtime\.|discriminator .*\[\w+=str\]$")
_EACH = 12
"""Mutants of each document."""


@dataclass
class Tally:
    """How the mutants of one family went."""

    tried: int = 0
    refused: int = 0
    lines: int = 0
    wrong: list[str] = field(default_factory=list)

    def check(self, name: str) -> Check:
        """Give the verdict."""
        text = f"{self.tried} mutants, {self.refused} refused, {self.lines} lines differ, {len(self.wrong)} told wrong"
        return Check(name, "\n".join([text, *self.wrong[:10]]), not self.wrong)


def csdl(work: Path) -> Iterator[Check]:
    """Change the small CSDL documents."""
    yield family("mutants, csdl", sorted(shared("csdl").glob("*.xml")), range(_EACH))


def openapi(work: Path) -> Iterator[Check]:
    """Change the small OpenAPI descriptions."""
    found = (path for path in sorted(shared("openapi").iterdir()) if path.suffix in (".yaml", ".json"))
    yield family("mutants, openapi", [path for path in found if ".part." not in path.name], range(_EACH))


def family(name: str, documents: list[Path], seeds: range) -> Check:
    """Change each document with each seed."""
    tally = Tally()
    for path in documents:
        old = client(path)
        for seed in seeds if old is not None else ():
            assert old is not None
            try_one(path, seed, old, tally)
    return tally.check(name)


def try_one(path: Path, seed: int, old: Client, tally: Tally) -> None:
    """Compare a document and one mutant of it, forwards and backwards."""
    text, told = mutant(path, seed)
    tally.tried += 1
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        changed = Path(folder) / path.name
        changed.write_text(text, encoding="utf-8")
        new = client(changed)
        if new is None:
            tally.refused += 1
            return
        try:
            pairs = held_together(old, new)
        except Broken as fault:
            tally.wrong.append(f"{path.name} {seed} ({told}): {fault}")
            return
    tally.lines += len(pairs[0].shown)
    for pair in pairs:
        if pair.missed or pair.invented:
            lines = ", ".join([*(f"missed {x}" for x in pair.missed), *(f"invented {x}" for x in pair.invented)][:3])
            tally.wrong.append(f"{path.name} {seed} ({told}): {lines}")
            return


def mutant(path: Path, seed: int) -> tuple[str, str]:
    """Give a mutant of a document, and what was changed."""
    chance = random.Random(f"{path.name} {seed}")
    change: Callable[..., tuple[str, str]] = mutated if path.suffix == ".xml" else mutated_openapi
    return change(path.read_text(encoding="utf-8"), chance, chance.choice((1, 1, 2, 4)))


@dataclass
class Client:
    """A client that is compared: what `diff` makes of it, and its files."""

    side: Side
    files: dict[str, str]
    shown: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def lines(self, asked: frozenset[str]) -> frozenset[str]:
        """Give what running it shows."""
        if asked not in self.shown:
            self.shown[asked] = listed(self.files, _PACKAGE, asked)
        return self.shown[asked]


def client(path: Path) -> Client | None:
    """Read a description and render its client; None where it is refused."""
    wanted = Slice(description=str(path), package=_PACKAGE, class_name="MutantClient")
    try:
        side = Side(pipeline.read_model(wanted), wanted)
        plan = pipeline.lower(side.model, wanted)
        raise_all((*side.model.diagnostics, *plan.diagnostics))
        return Client(side, dict(render(plan).files))
    except GraphsliceError:
        return None


def held_together(old: Client, new: Client) -> tuple[Pair, Pair]:
    """Say what running both clients shows, and what `diff` says, forwards and backwards."""
    forwards, backwards = said(old, new), said(new, old)
    asked = frozenset(line[1:] for line in forwards | backwards if _ASKED.match(line))
    before, after = (frozenset(x for x in side.lines(asked) if not _LEFT_OUT.match(x)) for side in (old, new))
    gone, come = before - after, after - before
    return (
        Pair(frozenset({*(f"-{line}" for line in gone), *(f"+{line}" for line in come)}), forwards),
        Pair(frozenset({*(f"+{line}" for line in gone), *(f"-{line}" for line in come)}), backwards),
    )


def said(old: Client, new: Client) -> frozenset[str]:
    """Give the lines that `diff` names."""
    return frozenset(line for change in compare(old.side, new.side).changes for line in change.lines)


def main() -> None:
    """Show one mutant: what was changed, and the lines that are told wrong."""
    path, seed = Path(sys.argv[1]), int(sys.argv[2])
    old, tally = client(path), Tally()
    assert old is not None, "refused"
    print(mutant(path, seed)[1])
    try_one(path, seed, old, tally)
    print(tally.check(path.name).row())


if __name__ == "__main__":
    main()
