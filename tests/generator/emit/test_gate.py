"""What the gate lets through, and what it stops although every escaping function should have."""

from __future__ import annotations

import pytest

from graphslice.diagnostics import GraphsliceError
from graphslice.emit.gate import check_module, check_paths
from graphslice.emit.prose import part

GOOD = '''"""A module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from client._runtime.model import Parsable, Prop, model

if TYPE_CHECKING:
    from typing import Any

_ERRORS = {"XXX": Parsable}


@model
class Thing(Parsable):
    """A thing; it\u005cu2019s "quoted"."""

    name: str | None = None
    """Its name."""
    kind: str | None = "a"  # type: ignore[assignment]
    flags: Parsable | None = Parsable.A | Parsable.B

    _properties = [
        Prop("name", "name", "str"),
        Prop("kind", "kind", "str"),
    ]

    async def get(
        self,
        first: str | None = None,
        *,
        second: str | None = None,
    ) -> str:
        """Get it."""
        from .other import Other

        info = Other(self)
        self._set_query(info, {"a": first})

        return await self._send(info)

    @property
    def name_of(self) -> str:
        """The name."""
        return self.name or ""

    @dataclass
    class Inner(Parsable):
        """Inside."""

        value: int = -1

        _wire_names = {"value": "value"}


if TYPE_CHECKING:

    class ThingChanges(dict, total=False):
        """What changes."""

        name: str
'''

BAD = [
    pytest.param("import os\n", id="foreign import"),
    pytest.param("from os import path\n", id="foreign from-import"),
    pytest.param("evil()\n", id="statement"),
    pytest.param("x = evil()\n", id="call in an assignment"),
    pytest.param("x: int = evil()\n", id="call in an annotated assignment"),
    pytest.param("x = [evil()]\n", id="call in a list"),
    pytest.param('x = Prop("a", evil())\n', id="call in an allowed call"),
    pytest.param("x = a if b else c\n", id="conditional"),
    pytest.param("x = lambda: 1\n", id="lambda"),
    pytest.param("x = [a for a in b]\n", id="comprehension"),
    pytest.param("x = 1 + 2\n", id="arithmetic"),
    pytest.param("x = (y := 1)\n", id="walrus"),
    pytest.param("x[1] = 2\n", id="item assignment"),
    pytest.param("a.b = 2\n", id="attribute assignment"),
    pytest.param('x = f"{evil()}"\n', id="f-string"),
    pytest.param("x = 'a'\n", id="foreign quotes"),
    pytest.param('x = """a"""; evil()\n', id="second statement on a line"),
    pytest.param("if x:\n    y = 1\n", id="condition"),
    pytest.param("if TYPE_CHECKING:\n    evil()\n", id="statement below the guard"),
    pytest.param("if TYPE_CHECKING:\n    x = 1\nelse:\n    evil()\n", id="else of the guard"),
    pytest.param("for x in y:\n    pass\n", id="loop"),
    pytest.param("try:\n    pass\nfinally:\n    pass\n", id="try"),
    pytest.param("class A(evil()):\n    pass\n", id="call as a base"),
    pytest.param("class A(metaclass=evil()):\n    pass\n", id="call as a metaclass"),
    pytest.param("@evil\nclass A:\n    pass\n", id="foreign decorator"),
    pytest.param("class A:\n    x = 1\n    evil()\n", id="statement in a class"),
    pytest.param('class A:\n    """d."""\n\n    x = 1\n\n    evil()\n', id="statement in a later paragraph of a class"),
    pytest.param(
        'class A:\n    """d."""\n\n    class B:\n        """d."""\n\n        evil()\n', id="statement in an inner class"
    ),
    pytest.param("class A:\n    def f(self):\n        evil()\n    evil()\n", id="statement behind a method"),
    pytest.param("def f(x=evil()):\n    pass\n", id="call as a default"),
    pytest.param("def f(*, x=evil()):\n    pass\n", id="call as a keyword's default"),
    pytest.param("@evil()\ndef f():\n    pass\n", id="called decorator"),
    pytest.param("def f():\n    import os\n", id="import in a function"),
    pytest.param("def f():\n    from os import path\n", id="from-import in a function"),
    pytest.param(
        'def f():\n    """d."""\n\n    if 1:\n        from os import path\n', id="import in a block of a function"
    ),
    pytest.param("def f():\n    global x\n", id="global"),
    pytest.param("def f():\n    class A:\n        pass\n", id="class in a function"),
    pytest.param('x = "\u202e"\n', id="bidirectional mark"),
    pytest.param('x = "caf\u00e9\u2028"\n', id="line separator"),
    pytest.param("x = 1\r\n", id="carriage return"),
    pytest.param('x = "a\0"\n', id="NUL"),
    pytest.param("x = 1", id="no line feed at the end"),
    pytest.param("x = (\n", id="open bracket"),
    pytest.param('x = """a\n', id="open docstring"),
    pytest.param('x = "a\n', id="open string"),
    pytest.param('# "\nevil()\n# "\n', id="code between quotes of comments"),
    pytest.param('x = "\\"; evil()  # "\n', id="code behind an escaped quote"),
    pytest.param('x = "\\\\\\"; evil()  # "\n', id="code behind an escaped backslash and quote"),
    pytest.param("x = '\"'; evil()  # \"\n", id="code behind a quote in a foreign string"),
]


def judge(text: str) -> None:
    """Let a module through the gate, its docstrings apart."""
    check_module("client/thing.py", part("client/thing.py", text).code, "client")


def test_what_templates_write_passes() -> None:
    """Every construct of the templates is taken."""
    judge(GOOD)


@pytest.mark.parametrize("text", BAD)
def test_anything_else_is_refused(text: str) -> None:
    """Nothing that runs on import, nothing from elsewhere, nothing that a reader does not see."""
    with pytest.raises(GraphsliceError) as caught:
        judge(text)
    assert caught.value.diagnostics[0].code == "OUT011"
    assert "client/thing.py" in str(caught.value)


@pytest.mark.parametrize("text", BAD)
def test_a_bad_paragraph_is_found_among_good_ones(text: str) -> None:
    """The verdict of good paragraphs, remembered from elsewhere, does not cover for a bad one."""
    judge(GOOD)
    with pytest.raises(GraphsliceError):
        judge(f"{GOOD}\n\n{text}")


def test_a_module_is_not_indented() -> None:
    """What is indented belongs to a block that is open."""
    with pytest.raises(GraphsliceError):
        judge("    x = 1\n")


def test_letters_of_any_script_may_stand_in_names() -> None:
    """Names of OpenAPI members keep their letters."""
    judge("na\u00efve_\u00fcbung = 1\n")


@pytest.mark.parametrize(
    "paths",
    [
        ["client/../x.py"],
        ["/client/x.py"],
        ["client/x y.py"],
        ["client/x.sh"],
        ["client/1x.py"],
        ["x.py"],
        ["client/C:x.py"],
        ["client/" + "x" * 300 + ".py"],
        ["client/Thing.py", "client/thing.py"],
        ["client/a.py", "client/a.py"],
    ],
)
def test_paths_stay_inside_and_apart(paths: list[str]) -> None:
    """A path is folders and a module, below the package, and no two are one where case does not count."""
    with pytest.raises(GraphsliceError):
        check_paths(paths)


def test_ordinary_paths_pass() -> None:
    """What a client consists of is taken."""
    check_paths(["client/__init__.py", "client/models/na\u00efve.py", "client/_runtime/model.py", "client/py.typed"])
