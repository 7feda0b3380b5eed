"""Seed files: read, or refused with what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphslice.diagnostics import GraphsliceError
from graphslice.serve import Seed


def test_all_three_parts(tmp_path: Path) -> None:
    file = tmp_path / "seed.json"
    file.write_text(json.dumps({"data": {"/a": []}, "defaults": {"t": {"x": 1}}, "steps": {"t": [{"x": 2}]}}))
    seed = Seed.load(file)
    assert (seed.data, seed.defaults, seed.steps) == ({"/a": []}, {"t": {"x": 1}}, {"t": ({"x": 2},)})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "SERVE002"),
        ("[]", "SERVE003"),
        ('{"dat": {}}', "SERVE003"),
        ('{"data": []}', "SERVE003"),
        ('{"defaults": {"t": 1}}', "SERVE003"),
        ('{"steps": {"t": {}}}', "SERVE003"),
        ('{"steps": {"t": [1]}}', "SERVE003"),
    ],
)
def test_what_does_not_fit(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "seed.json"
    file.write_text(text)
    with pytest.raises(GraphsliceError, match=code) as caught:
        Seed.load(file)
    assert str(tmp_path) not in str(caught.value)
    assert caught.value.diagnostics[0].hint


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(GraphsliceError, match="SERVE001"):
        Seed.load(tmp_path / "nothing.json")
