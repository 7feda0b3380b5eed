"""Every slice, for `make conformance`: imports, mypy strict, and no line that the whole does not have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.contract import whole
from tests.contract.places import Broken
from tests.contract.results import Check
from tests.contract.surfaces import not_in, read
from tests.slices.trying import generate, surface, types
from tests.slices.wanted import SLICES


def slices(work: Path) -> Iterator[Check]:
    """Try each slice against the listing of the whole."""
    lines = read(whole.whole_listing(work))
    for seed, (name, patterns) in enumerate(SLICES.items()):
        try:
            text, holds = _one(patterns, work / "slices" / name, str(seed), lines, work / "mypy")
        except Broken as fault:
            text, holds = str(fault), False
        yield Check(f"slice {name}", text, holds)


def _one(patterns: tuple[str, ...], out: Path, seed: str, whole_lines: set[str], cache: Path) -> tuple[str, bool]:
    package = generate(patterns, out)
    modules = whole.import_all(package, seed)
    lines = surface(package)
    foreign, narrower = not_in(lines, whole_lines)
    typed = types(package, cache)
    text = (
        f"{modules}, {len(lines)} lines, {len(foreign)} not in the whole, {narrower} templates with fewer options; "
        f"mypy: {typed.splitlines()[-1]}"
    )
    return "\n".join([text, *foreign[:5]]), bool(lines) and not foreign
