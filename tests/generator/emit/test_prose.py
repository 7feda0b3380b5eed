"""Docstrings set aside: what comes back is what was taken, and what could be no docstring is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphslice.diagnostics import GraphsliceError
from graphslice.emit.prose import part, whole
from graphslice.python.docstrings import docstring


@settings(deadline=None)
@given(st.lists(st.text(min_size=1).filter(str.strip), max_size=5))
def test_any_description_comes_back_as_it_was(texts: list[str]) -> None:
    """Whatever prose holds, its docstring is found and put back whole."""
    found = [docstring(text, fallback="Nothing.") for text in texts]
    module = "x = 1\n" + "".join(f"\n\nclass A:\n    {text}\n" for text in found)
    parted = part("a.py", module)
    assert len(parted.docstrings) == len(found)
    assert whole("a.py", parted.code, parted.docstrings) == module


def test_code_is_laid_out_anew_around_docstrings() -> None:
    """Only the code may change in between."""
    parted = part("a.py", 'def f():\n  """Does\n\n  much.\n  """\n  return 1\n')
    laid_out = parted.code.replace("\n  ", "\n    ")
    assert whole("a.py", laid_out, parted.docstrings) == 'def f():\n    """Does\n\n  much.\n  """\n    return 1\n'


@pytest.mark.parametrize(
    "text",
    [
        'x = """never ends\n',
        'x = """ends in a backslash\\"""\n',
        'x = """\u2028"""\n',
        'x = """a\rb"""\n',
        'x = """a\0b"""\n',
    ],
)
def test_what_no_docstring_holds_is_refused(text: str) -> None:
    """The module is named, and nothing comes out."""
    with pytest.raises(GraphsliceError, match=r"folder/a\.py.*OUT011"):
        part("folder/a.py", text)


def test_a_lost_docstring_is_noticed() -> None:
    """Whoever lays code out must not drop one."""
    parted = part("a.py", 'class A:\n    """One."""\n')
    with pytest.raises(GraphsliceError, match="OUT011"):
        whole("a.py", "class A:\n    pass\n", parted.docstrings)
