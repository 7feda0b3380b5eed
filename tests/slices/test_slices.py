"""A few small slices: each imports in any order and is a part of the slice that holds them all, line for line.

`make conformance` tries all of tests/slices/wanted.py against the whole, with mypy.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.places import SHARED
from tests.contract.surfaces import not_in
from tests.contract.whole import DESCRIPTION, import_all
from tests.slices.trying import generate, surface
from tests.slices.wanted import SLICES

SMALL = ("subscriptions", "group-owners-count", "reminder-view")
pytestmark = pytest.mark.skipif(
    not (SHARED / DESCRIPTION).is_file() or not (SHARED / "tools" / "surface.py").is_file(),
    reason="the description and the tools are not beside the checkout (GRAPHSLICE_SHARED)",
)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The surface of one slice that takes everything that the small ones take."""
    patterns = [pattern for name in SMALL for pattern in SLICES[name]]
    return surface(generate(patterns, tmp_path_factory.mktemp("together")))


@pytest.mark.parametrize("name", SMALL)
def test_a_slice_imports_and_is_a_part_of_a_larger_one(name: str, tmp_path: Path, together: set[str]) -> None:
    package = generate(SLICES[name], tmp_path / "out")
    assert import_all(package, "1").endswith("modules")
    lines = surface(package)
    assert any(line.startswith("builder ") for line in lines)
    assert not [line for line in lines if line.startswith("error ")]
    assert not_in(lines, together)[0] == []


def test_at_least_thirty_slices_of_different_kinds_are_listed() -> None:
    patterns = [pattern for chosen in SLICES.values() for pattern in chosen]
    assert len(SLICES) >= 30
    for kind in ("#GET", "$ref", "$count", "$value", "graph.", "()", "**", "/*", "-/"):
        assert any(kind in pattern for pattern in patterns), kind
