"""`diff` names the lines by which two clients differ: what it says is what running both clients shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.contract import mutations, places
from tests.contract.history import compare

from .diff_cases import CASES, Case
from .test_diff_cases import BASE, edited

HERE = Path(__file__).parent / "diff"
OPENAPI = HERE / "before.openapi.yaml"
EDITS = (
    ("name: size, in: query, schema: {type: integer}", "name: size, in: query, schema: {type: string}"),
    ("name: X-Trace", "name: X-Span"),
    ('"404": {description: none', '"4XX": {description: none'),
    ("requestBody: {content: {image/png", "requestBody: {content: {image/webp"),
    ("born: {type: string, format: date}", "born: {type: string, format: date-time}, sex: {type: string}"),
    ("default: 9", "default: 7"),
    ("enum: [calm, wild]", "enum: [calm, fierce]"),
    ('oneOf: [{$ref: "#/components/schemas/Dog"}, ', 'oneOf: [{type: integer}, {$ref: "#/components/schemas/Dog"}, '),
    ('kind, mapping: {dog: "#/components/schemas/Dog", cat', 'kind, mapping: {hound: "#/components/schemas/Dog", cat'),
    ("    delete:\n", "    patch:\n"),
    ("  /photos:\n", "  /pictures:\n"),
)
# One change of each kind that reaches other classes than the one that was edited.
TRIED = (
    "property removed from the root",
    "derived type added",
    "derived type moved away",
    "type renamed",
    "member renamed",
    "key changed",
    "navigation property added",
    "function parameter renamed",
)


@pytest.fixture(scope="module", autouse=True)
def tool() -> None:
    if not (places.SHARED / "tools" / "surface.py").exists():
        pytest.skip("needs tools/surface.py of the shared data (GRAPHSLICE_SHARED)")


@pytest.mark.slow
def test_openapi(tmp_path: Path) -> None:
    text = OPENAPI.read_text(encoding="utf-8")
    for old, new in EDITS:
        assert old in text, old
        text = text.replace(old, new)
    after = tmp_path / "after.openapi.yaml"
    after.write_text(text, encoding="utf-8")
    pair = compare(OPENAPI, after, tmp_path)
    assert pair.shown
    assert (pair.missed, pair.invented) == ((), ())


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for case in CASES if case.id in TRIED], ids=lambda case: case.id)
def test_csdl(case: Case, tmp_path: Path) -> None:
    before, after = tmp_path / "before.xml", tmp_path / "after.xml"
    before.write_text(BASE, encoding="utf-8")
    after.write_text(edited(case), encoding="utf-8")
    pair = compare(before, after, tmp_path)
    assert pair.shown
    assert (pair.missed, pair.invented) == ((), ())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["base.csdl.xml", "kennel.openapi.yaml", "before.openapi.yaml"])
def test_changes_at_random(name: str) -> None:
    check = mutations.family(name, [HERE / name], range(8))
    assert check.holds, check.text


def test_nothing_is_said_of_equal_descriptions(tmp_path: Path) -> None:
    copy = tmp_path / "copy.openapi.yaml"
    shutil.copyfile(OPENAPI, copy)
    pair = compare(OPENAPI, copy, tmp_path)
    assert not pair.shown and not pair.said
