"""The runtime in a client: many small modules of ours as a few."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from graphslice.emit import runtime_files

SOURCES = Path(runtime_files.__file__).parent / "runtime"
EVERY = ("days", "composed", "flags", "forms", "redeclared")


def modules(*extras: str) -> dict[str, str]:
    files = runtime_files.runtime_files("client", extras)
    return {path.split("/")[-1].removesuffix(".py"): text for path, text in files.items() if path.endswith(".py")}


def definitions(text: str) -> list[str]:
    """The names that a module defines, but for type variables, which several may share."""
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    body = ast.parse(text).body
    assigned = [
        node.targets[0] for node in body if isinstance(node, ast.Assign) and "TypeVar(" not in ast.unparse(node)
    ]
    return [node.name for node in body if isinstance(node, kinds)] + [ast.unparse(target) for target in assigned]


def test_a_module_that_few_need_comes_when_it_is_asked_for() -> None:
    assert set(modules()) == {"model", "builder", "adapter"}
    assert set(modules(*EVERY)) == set(modules()) | set(EVERY)


def test_everything_that_is_written_arrives_once() -> None:
    written = [one for path in SOURCES.glob("*.py") for one in definitions(path.read_text(encoding="utf-8"))]
    arrived = {name: definitions(text) for name, text in modules(*EVERY).items()}
    assert sorted(one for names in arrived.values() for one in names) == sorted(written)
    assert {Counter(names).most_common(1)[0][1] for names in arrived.values()} == {1}


@pytest.mark.parametrize("name", sorted(modules(*EVERY)))
def test_every_import_between_them_finds_its_name(name: str) -> None:
    texts = modules(*EVERY)
    for node in ast.walk(ast.parse(texts[name])):
        if isinstance(node, ast.ImportFrom) and node.level:
            assert node.module in texts and node.module != name
            names = {alias.name for alias in node.names}
            assert all(
                f"class {one}" in texts[node.module]
                or f"def {one}" in texts[node.module]
                or f"\n{one}" in texts[node.module]
                for one in names
            ), names
