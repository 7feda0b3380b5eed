"""Small and real descriptions, each with the surface that was recorded from it."""

from __future__ import annotations

import shlex
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from tests.contract import field
from tests.contract.places import GENERATE, Skipped, shared, shared_tool
from tests.contract.results import Comparison, NotTried, Result
from tests.contract.surfaces import explained

_COMMAND = shlex.join([*GENERATE, "-d", "{input}", "-c", "ExampleClient", "-n", "example_client", "-o", "{out}"])


def csdl(work: Path) -> Iterator[Comparison]:
    """Compare what small CSDL documents become."""
    yield _family("csdl", [shared("csdl")], shared("surfaces/csdl"), 1.0)


def openapi(work: Path) -> Iterator[Comparison]:
    """Compare what small OpenAPI descriptions become."""
    yield _family("openapi", [shared("openapi")], shared("surfaces/openapi"), 2.0)


def openapi_real(work: Path) -> Iterator[Result]:
    """Compare what descriptions from the field become; GitHub's comes from npm."""
    folders = [shared("openapi-real")]
    try:
        folders.append(_github(work / "github"))
    except Skipped as reason:
        yield NotTried("openapi-real, GitHub", str(reason))
    yield _family("openapi-real", folders, shared("surfaces/openapi-real"), 0.5)


def _family(name: str, folders: Sequence[Path], surfaces: Path, most_on_purpose: float) -> Comparison:
    pairs = []
    for expected in sorted(surfaces.glob("*.txt*")):
        pattern = expected.name.split(".txt")[0] + ".*"
        described = [p for folder in folders for p in folder.glob(pattern) if ".part." not in p.name]
        pairs += [(described[0].resolve(), expected.resolve())] if described else []
    with ThreadPoolExecutor(2) as pool:
        each = list(pool.map(lambda pair: _case(*pair), pairs))
    counts = sum((Counter(case.by_deviation) for case in each), Counter[str]())
    return Comparison(
        name,
        sum(case.expected for case in each),
        tuple(line for case in each for line in case.missing),
        dict(counts),
        tuple(line for case in each for line in case.faults),
        (sum(case.holds for case in each), len(each)),
        most_on_purpose=most_on_purpose,
    )


def _case(description: Path, recorded: Path) -> Comparison:
    run_case: Callable[..., tuple[set[str], set[str], list[str], float]] = shared_tool("surface_cases").run_case
    expected, missing, faults, _ = run_case(description, recorded, _COMMAND, None)
    by_deviation, rest = explained(missing)
    case = Comparison(description.stem, len(expected), rest, by_deviation, tuple(faults))
    named = {part: tuple(f"{case.name}: {line}" for line in getattr(case, part)) for part in ("missing", "faults")}
    return replace(case, missing=named["missing"], faults=named["faults"])


def _github(folder: Path) -> Path:
    target = folder / "github.json"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(field.description("github"), target)
    return folder
