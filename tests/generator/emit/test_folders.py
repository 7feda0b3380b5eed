"""Folders: no chain of namespace packages grows with the depth of an API."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

from graphslice.emit.folders import folder_files
from graphslice.emit.render import HEADER, render
from graphslice.python.views import ClientPlan, ModulePlan

from .test_render import enum_view

DEEP = "client/" + "/".join("abcdefghijkl") + "/thing.py"
"""A module as deep as Graph's deepest."""
_RECALCULATIONS = """
import importlib, sys
from importlib import _bootstrap_external as machinery
count = 0
def counted(path, kept=machinery._NamespacePath._recalculate):
    global count
    count += 1
    return kept(path)
machinery._NamespacePath._recalculate = counted
importlib.import_module(sys.argv[1])
print(count)
"""


def made(package: str, *paths: str) -> list[str]:
    return list(folder_files(package, paths, HEADER))


def test_each_sixth_folder_ends_the_chain() -> None:
    """Counted from the package, whatever else stands in the folders."""
    assert made("client", DEEP, "client/a/b/other.py") == [
        "client/a/b/c/d/e/f/__init__.py",
    ]


def test_a_folder_without_folders_below_ends_no_chain() -> None:
    """A leaf pays for itself only, and a slice stays small."""
    assert made("client", "client/a/b/c/d/e/f/thing.py", "client/thing.py") == []
    assert made("client", "client/a/b/c/d/e/f/g/thing.py") == ["client/a/b/c/d/e/f/__init__.py"]


def test_an_import_at_the_deepest_place_is_cheap(tmp_path: Path) -> None:
    """Python looks at a search path a bounded number of times for each level, not twice as often with each."""
    folder = DEEP.rpartition("/")[0].replace("/", ".")
    files = render(ClientPlan("client", (ModulePlan(DEEP, "enum", partial(enum_view, "Thing", folder=folder)),))).files
    for name, text in {"client/__init__.py": "", **files}.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    name = DEEP.removesuffix(".py").replace("/", ".")
    done = subprocess.run(
        [sys.executable, "-c", _RECALCULATIONS, name], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert 0 < int(done.stdout) < 400  # one chain of all twelve folders: more than 16,000
