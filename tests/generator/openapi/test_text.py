"""JSON and YAML: what is read as what, and what is refused."""

from __future__ import annotations

import pytest

from graphslice.diagnostics import GraphsliceError
from graphslice.openapi.places import lines_of
from graphslice.openapi.text import parse


def code(text: str | bytes, name: str = "x.yaml") -> tuple[str, int]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(GraphsliceError) as caught:
        parse(data, name)
    found = caught.value.diagnostics[0]
    return found.code, found.location.line


def test_yaml_is_read_by_the_core_schema_of_1_2() -> None:
    text = "a: [no, yes, on, 1_000, 012, 0o17, 0x1F, 1.5, .5, 2026-01-31, 12:30, ~, null, True, 'true', 1e3, '']\n"
    text += "200: {}\n"
    assert parse(text.encode(), "x.yaml") == {
        "a": [
            "no",
            "yes",
            "on",
            "1_000",
            12,
            15,
            31,
            1.5,
            0.5,
            "2026-01-31",
            "12:30",
            None,
            None,
            True,
            "true",
            1000.0,
            "",
        ],
        "200": {},
    }


def test_aliases_and_merges_are_followed() -> None:
    text = "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: *a\n"
    assert parse(text.encode(), "x.yaml") == {"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}, "c": {"x": 1, "y": 2}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ("OAS004", 3)),
        ("a: 1\n---\nb: 2\n", ("OAS008", 2)),
        ("a: !!python/object:os.system x\n", ("OAS011", 1)),
        ("a: &a [*a]\n", ("OAS009", 1)),
        ("a: *b\n", ("OAS009", 1)),
        ("a: [1\n", ("OAS005", 2)),
        ("? [a]\n: 1\n", ("OAS012", 1)),
        ("", ("OAS007", 0)),
    ],
)
def test_yaml_that_is_refused_says_where(text: str, expected: tuple[str, int]) -> None:
    assert code(text) == expected


def test_alias_bombs_and_deep_nesting_are_refused() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert code("\n".join(levels))[0] == "OAS010"
    assert code("[" * 200 + "]" * 200)[0] == "OAS006"
    assert code("[" * 200_000 + "]" * 200_000, "x.json")[0] == "OAS006"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1,\n "b": NaN}', ("OAS003", 2)),
        ('{"a": 1,\n "a": 2}', ("OAS004", 2)),
        ('{"a": 1,\n "b" 2}', ("OAS005", 2)),
    ],
)
def test_json_that_is_refused_says_where(text: str, expected: tuple[str, int]) -> None:
    assert code(text, "x.json") == expected


def test_text_that_is_not_utf_8_is_refused_with_its_line() -> None:
    assert code(b"a: 1\nb: \xff\n") == ("OAS002", 2)


@pytest.mark.parametrize(
    "text",
    ['{\n "a": {\n  "b/c": [1,\n   {"d": 2}]\n }\n}', "x: 1\na:\n  b/c:\n  - 1\n  - d: 2\n"],
)
def test_pointers_lead_to_lines(text: str) -> None:
    lines = lines_of(text, ["/a/b~1c/1/d", "/a", "/a/nowhere/x"])
    rows = text.splitlines()
    assert "d" in rows[lines["/a/b~1c/1/d"] - 1]
    assert "a" in rows[lines["/a"] - 1]
    assert lines["/a/nowhere/x"] == lines["/a"]
