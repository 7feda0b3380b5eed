"""List what a package shows, and hold it against a recorded listing."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.contract.places import DEVIATIONS, run, shared, shared_tool
from tests.contract.results import Comparison


def listing(package: Path, to: Path, python: Path | str = sys.executable, more: Sequence[str | Path] = ()) -> Path:
    """Write the surface of a package's folder into a file."""
    command = [python, shared("tools/surface.py"), package.name, package.name, *more]
    to.write_text(run(command, cwd=package.parent, PYTHONPATH=str(package.parent)), encoding="utf-8")
    return to


def read(path: Path) -> set[str]:
    """Read a listing, recorded or written by `listing`."""
    found: set[str] = shared_tool("surface_diff").read(path, [])
    return found


def compare(name: str, expected: set[str], actual: set[str], most_missing: float = 0.0) -> Comparison:
    """Compare two listings; faults of the recorded package ask for nothing."""
    wanted = {line for line in expected if not line.startswith("error ")}
    missing = shared_tool("surface_diff").missing_lines(wanted, actual)
    by_deviation, rest = explained(missing)
    faults = tuple(sorted(line for line in actual if line.startswith("error ")))
    return Comparison(name, len(wanted), rest, by_deviation, faults, most_missing=most_missing)


def explained(missing: Iterable[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Divide missing lines into counts by the deviation that allows them, and the rest."""
    counts: Counter[str] = Counter()
    rest: list[str] = []
    patterns = [re.compile(pattern) for pattern in deviations()]
    for line in sorted(missing):
        found = next((pattern for pattern in patterns if pattern.search(line)), None)
        if found is None:
            rest.append(line)
        else:
            counts[found.pattern] += 1
    return dict(counts), tuple(rest)


def deviations() -> dict[str, str]:
    """Give each pattern of the deviations made on purpose, and its reason."""
    rows = DEVIATIONS.read_text(encoding="utf-8").splitlines()
    pairs = [row.split("\t", 1) for row in rows if row.strip() and not row.startswith("#")]
    return {pair[0]: pair[1] if len(pair) > 1 else "" for pair in pairs}


def not_in(part: set[str], whole: set[str]) -> tuple[list[str], int]:
    """Give the lines of a part that the whole does not have, and how many templates have fewer options than there.

    A builder's template has the options of the operations that it has: as in Kiota, a builder whose GET is left out
    asks for none. Everything else has to be the same, line for line.
    """
    bare = {_without_options(line) for line in whole if line.startswith("builder ")}
    foreign = part - whole
    narrower = {line for line in foreign if line.startswith("builder ") and "{?" not in line and line in bare}
    return sorted(foreign - narrower), len(narrower)


def _without_options(line: str) -> str:
    return re.sub(r"\{[?&][^}]*\}", "", line)
