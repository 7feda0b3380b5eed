"""The doors from descriptions into source text: what comes out is what went in, and nothing but text."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphslice.python.docstrings import docstring, prose, sentence
from graphslice.python.literals import bytes_lit, fitted_lit, lit, tuple_expression, wrapped_lit

HOSTILE = [
    'He said "no"',
    '"quoted"',
    '"""',
    'a""""b',
    "ends in a backslash \\",
    "\\N{BULLET} \\x41 \\",
    "a\u2028b\u2029c\x85d\x0be\x0cf\rg",
    "\u202eevil\u2066",
    "\x1b[31mred\x9b31m",
    "# -*- coding: utf-7 -*-",
    "{0} %s ${x} {{ view }}",
    "caf\u00e9 \U0001f600",
    "\ud800 lone",
    "Returns:\n\nNothing.",
    "x" * 500,
    '"' * 300,
    "\u00e9" * 300,
    "https://example.com/" + "a" * 200,
]
texts = st.one_of(st.text(), st.text(alphabet='"\\ \n\r\u2028abc.:\u00e9\x00'), st.sampled_from(HOSTILE))


@given(st.one_of(st.text(), st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)))
def test_literals_say_what_they_are_of(value: str | int | bool | float | None) -> None:
    """A literal is one expression, ASCII, without line breaks, and evaluates to the value."""
    text = lit(value)
    assert text.isascii() and text.isprintable()
    assert ast.literal_eval(text) == value
    assert "'" not in text or isinstance(value, str)


def test_numbers_that_have_no_decimal_literal() -> None:
    """Infinities, and integers that CPython refuses to read in decimal."""
    assert lit(float("inf")) == 'float("inf")'
    assert ast.literal_eval(lit(10**5000)) == 10**5000
    assert ast.literal_eval(lit(-(10**5000))) == -(10**5000)


@given(st.binary())
def test_bytes_literals(value: bytes) -> None:
    """Bytes come back, whatever they are."""
    assert ast.literal_eval(bytes_lit(value)) == value


@given(texts, st.integers(0, 60))
def test_wrapped_literals_are_the_same_string(value: str, used: int) -> None:
    """Adjacent literals join to the value, and no line is too long."""
    text = wrapped_lit(value, indent=4, used=used)
    assert ast.literal_eval(text) == value
    assert all(len(line) <= 120 for line in text.splitlines()[1:])
    assert ast.literal_eval(fitted_lit(value, 60)) == value


def test_tuples_of_any_length() -> None:
    """One element needs its comma, others do not."""
    assert [tuple_expression(parts) for parts in ([], ["a"], ["a", "b"])] == ["()", "(a,)", "(a, b)"]


@given(texts, st.sampled_from([0, 4, 8]))
def test_docstrings_are_one_string_and_fit(text: str, indent: int) -> None:
    """No text ends its docstring, escapes anything or leaves its columns."""
    made = docstring(text, indent=indent, fallback="Nothing.", args=(("a", text),), returns=text, raises=(("E", text),))
    assert made.isascii()
    assert isinstance(ast.literal_eval(made.replace("\n" + " " * indent, "\n")), str)
    long = [line for line in (" " * indent + made).splitlines() if len(line) > 120]
    assert all("https://" in line or len(line.split()) == 1 for line in long), "links and names stay whole"
    inside = made[3:-3]
    assert '"""' not in inside
    assert "\\" not in inside.replace("\\u", "").replace("\\U", "")


@given(texts)
def test_docstrings_say_what_the_text_says(text: str) -> None:
    """Words arrive whole: nothing but invisible characters and white space is lost."""
    made = ast.literal_eval(docstring(text, indent=0, fallback="Nothing."))
    assert letters(prose(text)) in letters(made)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def test_the_first_sentence_is_the_summary() -> None:
    """An editor shows the first line; the rest stands in paragraphs of its own."""
    made = docstring("the thing. It has more, e.g. this.\n\nAnd a second paragraph.", indent=4)
    assert made == '"""The thing.\n\n    It has more, e.g. this.\n\n    And a second paragraph.\n    """'


def test_a_first_sentence_that_is_too_long_stands_whole_below() -> None:
    """A summary has one line; nothing is lost by that."""
    text = "A " + "very " * 40 + "long sentence."
    lines = docstring(text, indent=4).splitlines()
    assert lines[0].endswith("...")
    assert " ".join(" ".join(lines[2:-1]).split()) == text


def test_names_keep_their_case_at_the_start() -> None:
    """A sentence starts upper-case, but a name is a name."""
    assert sentence("the thing") == "The thing."
    assert sentence("displayName of it") == "displayName of it."


def test_sections() -> None:
    """Google's sections, hanging where a description goes on."""
    made = docstring("Do it.", args=(("first", "word " * 30),), returns="The end.", raises=(("Error", "Never."),))
    lines = made.splitlines()
    assert lines[2] == "    Args:"
    assert lines[3].startswith("        first: word")
    assert lines[4].startswith("            word")
    assert lines[-5:] == ["        The end.", "", "    Raises:", "        Error: Never.", '    """']


def test_nothing_to_say_is_a_bug() -> None:
    """Every docstring has text; a view without any is a mistake of ours."""
    with pytest.raises(ValueError, match="fallback"):
        docstring("\u200b", fallback=" ")


def test_pydocstyle_takes_all_of_it(tmp_path: Path) -> None:
    """The linter that the generated code is held to agrees, for the worst of texts too."""
    functions = [
        f"def f{number}(a: int) -> int:\n"
        f"    {docstring(text, fallback='None.', args=(('a', text),), returns=text, raises=(('E', text),))}\n"
        f"    return a\n"
        for number, text in enumerate(HOSTILE)
    ]
    module = tmp_path / "m.py"
    module.write_text('"""M."""\n\n\n' + "\n\n".join(functions), encoding="ascii")
    options = ["--isolated", "--no-cache", "--select=E,W,F,D,RUF", "--line-length=120"]
    google = ["--config", 'lint.pydocstyle.convention="google"']
    command = [sys.executable, "-m", "ruff", "check", *options, *google, str(module)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_name_that_is_longer_than_a_line_stays_whole() -> None:
    """Who looks for it finds it; what is no name is cut where the line ends."""
    name = "microsoft.graph." + "securityCopilot" * 8
    text = docstring(f"The page of a collection `{name}` of all.")
    assert f"`{name}`" in text
    assert max(map(len, docstring("é" * 400).splitlines())) <= 120
