"""Rendering: formatted, the same on every run and in every surrounding, and whole or not at all."""

from __future__ import annotations

import ast
import os
import subprocess
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from ruff import find_ruff_bin

from graphslice.diagnostics import GraphsliceError
from graphslice.emit import processes, render
from graphslice.emit.format import format_modules
from graphslice.python.docstrings import docstring
from graphslice.python.enums import EnumMemberView, EnumView
from graphslice.python.imports import ImportSet
from graphslice.python.literals import lit
from graphslice.python.views import ClientPlan, ModulePlan


def enum_view(name: str, values: tuple[str, ...] = ("a", "b"), folder: str = "client") -> EnumView:
    imports = ImportSet("client", f"{folder}.{name}", {name})
    imports.name("__future__", "annotations")
    return EnumView(
        base=imports.name("client._runtime.model", "WireEnum"),
        imports=imports.freeze(),
        name=name,
        class_docstring=docstring(f"The enum {name}."),
        members=tuple(EnumMemberView(value.upper(), lit(value), docstring(f"Says {value}.")) for value in values),
    )


def plan_of(count: int) -> ClientPlan:
    names = [f"Thing{number:04}" for number in range(count)]
    modules = (ModulePlan(f"client/{name.lower()}.py", "enum", partial(enum_view, name)) for name in names)
    return ClientPlan("client", tuple(modules))


def test_a_module_is_finished_text() -> None:
    """Header, docstring, imports, class, as the formatter leaves them."""
    text = render.render(plan_of(1)).files["client/thing0000.py"]
    lines = text.splitlines()
    assert lines[0] == render.HEADER.rstrip("\n")
    assert lines[1] == "from __future__ import annotations"
    assert '    A = "a"\n    """Says a."""\n    B = "b"\n' in text
    ast.parse(text)


def test_files_are_sorted_and_complete() -> None:
    """The modules of the plan, the runtime and the typing marker, by path."""
    files = render.render(plan_of(3)).files
    assert list(files) == sorted(files)
    assert files["client/py.typed"] == ""
    names = ("adapter", "builder", "model")
    assert [path for path in files if "_runtime" in path] == [f"client/_runtime/{name}.py" for name in names]


def test_processes_and_batches_leave_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many modules, spread over processes, are byte for byte what one process makes of them alone."""
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork")
    plan = plan_of(60)
    alone = {
        path: text
        for module in plan.modules
        for path, text in [(module.path, render.render_batch([module], "client").files[0][0].decode())]
    }
    monkeypatch.setattr(render, "_BATCH", 7)
    monkeypatch.setattr(render, "_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(processes, "_cores", lambda: 3)
    files = render.render(plan).files
    assert {path: files[path] for path in alone} == alone


def test_progress_is_told() -> None:
    """The caller learns how many modules there are and when all are done."""
    told: list[tuple[int, int]] = []
    render.render(plan_of(3), progress=lambda done, all_: told.append((done, all_)))
    assert told[0] == (0, 3)
    assert told[-1] == (3, 3)


def test_the_surroundings_do_not_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a configuration in the working folder nor one in the environment is part of the output."""
    usual = render.render(plan_of(1)).files
    (tmp_path / "ruff.toml").write_text('line-length = 40\n[format]\nquote-style = "single"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUFF_LINE_LENGTH", "40")
    monkeypatch.setenv("RUFF_CONFIG", str(tmp_path / "ruff.toml"))
    assert render.render(plan_of(1)).files == usual


LONG = [f"argument_{number}" for number in range(14)]
STATEMENTS = [
    f"x = {{{', '.join(f'{name}: 1' for name in map(repr, LONG))}}}".replace("'", '"'),
    f"class A:\n    async def f(self, {', '.join(LONG)}) -> int | None:\n        return g({', '.join(LONG)})",
    f"class B({', '.join(LONG)}):\n    pass",
    f"class C:\n    @property\n    def f(self) -> dict[{', '.join(LONG)}]:  # a remark\n        return 1",
    f"class D:\n    x = (\n        1,\n        {{\n            2: f({', '.join(LONG)}),\n        }},\n    )\n    y = 2",
    f"from {'.'.join(LONG)} import (\n    Name,\n)",
    f'@decorated("{"word " * 30}")\nclass E:\n    pass',
    "z = 1",
]


@pytest.mark.parametrize("text", STATEMENTS)
def test_long_statements_come_out_as_the_formatter_lays_out_the_whole(text: str) -> None:
    """Wherever a statement stands, and whatever stands beside it."""
    (alone,) = format_modules(["a.py"], [f"{text}\n"])
    whole = subprocess.run(
        [find_ruff_bin(), "format", "--isolated", "--line-length=120", "--stdin-filename=x.py", "-"],
        input=f"{text}\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert alone == whole.stdout


def test_batches_format_as_single_modules() -> None:
    """What stands before a module in a batch does not change how it is formatted; blank lines at its end go."""
    texts = [f"{text}\n" for text in STATEMENTS]
    together = format_modules([f"{number}.py" for number in range(len(texts))], texts)
    assert together == [format_modules(["x.py"], [text])[0] for text in texts]
    assert format_modules(["a.py", "b.py"], ["x = 1\n\n\n", "\ny = 2\n"]) == ["x = 1\n", "y = 2\n"]


def test_a_statement_that_is_no_python_is_named() -> None:
    """A fault of ours is told with the module, without a traceback's help."""
    wrong = f"y = = {' + '.join(LONG)}\n"
    with pytest.raises(GraphsliceError) as caught:
        format_modules(["a.py", "b.py", "c.py"], ["x = 1\n", f"x = 1\n{wrong}", f"{wrong}{STATEMENTS[0]}\n"])
    assert caught.value.diagnostics[0].code == "OUT010"
    assert caught.value.diagnostics[0].location.file == "b.py"


def test_a_separator_in_a_module_is_refused() -> None:
    """Text cannot pretend to be two modules."""
    with pytest.raises(GraphsliceError):
        format_modules(["a.py"], ["x = 1\n# \u25a0\nevil()\n"])


def test_a_view_that_lacks_something_is_a_bug() -> None:
    """A misspelt or missing attribute is never printed as nothing."""

    @dataclass(frozen=True)
    class Poor:
        docstring: str = '"""d."""'

    with pytest.raises(AttributeError):
        render.render(ClientPlan("client", (ModulePlan("client/a.py", "enum", Poor),)))


def test_two_modules_at_one_path_are_refused() -> None:
    """On systems where case does not count one would overwrite the other."""
    one = ModulePlan("client/a.py", "enum", partial(enum_view, "A"))
    two = ModulePlan("client/A.py", "enum", partial(enum_view, "A"))
    with pytest.raises(GraphsliceError):
        render.render(ClientPlan("client", (one, two)))
