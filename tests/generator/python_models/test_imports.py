"""Imports: used, sorted as ruff sorts them, and never hiding a name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from graphslice.python.imports import ImportSet


def test_what_is_asked_for_is_imported_once() -> None:
    """A name asked for twice stands once; one that runs is no annotation."""
    imports = ImportSet("client", "client.models.a", {"A"})
    assert imports.typing("client.models.b", "B") == "B"
    assert imports.name("client.models.b", "B") == "B"
    made = imports.freeze()
    assert made.runtime == "from .b import B"
    assert made.typing == ""


def test_annotations_stand_below_the_guard() -> None:
    """What only annotations use costs nothing at run time."""
    imports = ImportSet("client", "client.models.a")
    imports.typing("uuid", "UUID")
    imports.module("datetime", runtime=False)
    made = imports.freeze()
    assert made.runtime == "from typing import TYPE_CHECKING"
    assert made.typing == "    import datetime\n    from uuid import UUID"


def test_a_taken_name_comes_with_its_module() -> None:
    """A class called like another one here keeps its name and is reached through its module."""
    imports = ImportSet("client", "client.models.security.alert", {"Alert"})
    assert imports.name("client.models.alert", "Alert") == "alert.Alert"
    assert imports.typing("client.models.alert", "Alert") == "alert.Alert"
    assert imports.typing("client.models.news.alert", "Alert") == "news_alert.Alert"
    made = imports.freeze()
    assert "from .. import alert\n" in made.runtime + "\n"
    assert made.typing == "    from ..news import alert as news_alert"


def test_a_module_does_not_hide_a_name_either() -> None:
    """Whatever an import binds is free: alias after alias, numbers at last."""
    imports = ImportSet("p", "p.x", {"A", "a", "b_a", "p_b_a"})
    spelled = [imports.name("p.b.a", "A"), imports.name("p.c.a", "A")]
    assert spelled == ["p_b_a_2.A", "c_a.A"]


def test_ruff_has_nothing_to_sort(tmp_path: Path) -> None:
    """Sections, natural order, constants before classes before functions, wrapping: as isort does it."""
    imports = ImportSet("client", "client.users.item.user_item_request_builder", {"Own"})
    imports.name("__future__", "annotations")
    imports.module("datetime")
    imports.module("builtins")
    for module in ("a10", "a2", "B", "a_b", "aB"):
        imports.name(f"kiota_abstractions.{module}", "Thing" + module)
    for name in ("CONSTANT", "Klass", "function", "Abc", "ABC", "a", "B2", "B10", "_private", "X"):
        imports.name("client._runtime.builder", name)
    for number in range(12):
        imports.typing("client.models.thing", f"VeryLongNameOfAThing{number}")
    imports.typing("client.users.item.messages.messages_request_builder", "MessagesRequestBuilder")
    imports.typing("client.users.item.a_request_builder", "ARequestBuilder")
    imports.typing("client.models.own", "Own")
    imports.typing("client.other.own", "Own")
    imports.name("dataclasses", "dataclass")
    made = imports.freeze()
    package = tmp_path / "client" / "users" / "item"
    package.mkdir(parents=True)
    module = package / "m.py"
    text = f'"""M."""\n\n{made.runtime}\n\nif TYPE_CHECKING:\n{made.typing}\n'
    module.write_text(text)
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--no-cache", "--line-length=120"]
    sort = ["check", "--select=I", "--config", 'lint.isort.known-first-party=["client"]']
    done = subprocess.run([*ruff, *sort, *options, "--diff", str(module)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    done = subprocess.run(
        [*ruff, "format", *options, "--diff", str(module)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
