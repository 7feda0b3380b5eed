"""Small descriptions as plain data, and what resolve makes of them."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from graphslice.api.model import ApiModel
from graphslice.config import Slice
from graphslice.emit.render import render
from graphslice.openapi.reader import read_description
from graphslice.openapi.resolve import resolve
from graphslice.python.lower import lower

Resolve = Callable[..., ApiModel]
REPOSITORY = Path(__file__).resolve().parents[3]


def shared() -> Path:
    """The folder of data beside a checkout; tests that need it are skipped without it."""
    folder = Path(os.environ.get("GRAPHSLICE_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("needs the shared data (GRAPHSLICE_SHARED)")
    return folder


@pytest.fixture
def make(tmp_path: Path) -> Resolve:
    """Resolve a description of some paths and component schemas."""

    def made(
        paths: dict[str, Any],
        schemas: dict[str, Any] | None = None,
        *,
        version: str = "3.1.0",
        root: Any = None,
        **wanted: Any,
    ) -> ApiModel:
        document = {
            "openapi": version,
            "info": {"title": "Test", "version": "1"},
            "paths": paths,
            "components": {"schemas": schemas or {}},
            **(root or {}),
        }
        file = tmp_path / "api.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        slice_ = Slice(description=str(file), **wanted)
        return resolve(read_description(file, slice_), slice_)

    return made


def answer(schema: Any, code: str = "200", kind: str = "application/json") -> dict[str, Any]:
    """A GET with one answer."""
    return {"get": {"responses": {code: {"description": "ok", "content": {kind: {"schema": schema}}}}}}


def ref(name: str) -> dict[str, str]:
    """Refer to a component schema."""
    return {"$ref": f"#/components/schemas/{name}"}


class Client:
    """A whole client of a description, importable while its test runs."""

    def __init__(self, package: str, folder: Path, files: dict[str, str]) -> None:
        """Take what was generated."""
        self.package = package
        self.folder = folder
        self.files = files

    def modules(self) -> list[str]:
        """Give the modules below the package that are no runtime."""
        found = [one.removeprefix(f"{self.package}/") for one in self.files if one.endswith(".py")]
        return [
            one.removesuffix(".py").replace("/", ".")
            for one in found
            if not one.startswith("_runtime/") and not one.endswith("__init__.py")
        ]

    def module(self, name: str) -> ModuleType:
        """Import a module."""
        return importlib.import_module(f"{self.package}.{name}")

    def cls(self, place: str) -> Any:
        """Import a class by ``module:Class``."""
        module, _, name = place.partition(":")
        return getattr(self.module(module), name)

    def import_all(self) -> None:
        """Import every module."""
        for name in self.modules():
            self.module(name)


Build = Callable[..., Client]
_NUMBERS = count()


@pytest.fixture
def build(tmp_path: Path, make: Resolve) -> Iterator[Build]:
    """Generate the client of a description of some paths and component schemas."""
    packages: list[str] = []

    def built(paths: dict[str, Any], schemas: dict[str, Any] | None = None, **more: Any) -> Client:
        package = f"described_{next(_NUMBERS)}"
        packages.append(package)
        options = {"package": package, "class_name": "TestClient"}
        wanted = {key: more[key] for key in more if key not in ("root", "version")}
        files = dict(
            render(lower(make(paths, schemas, **more, **options), Slice(description="", **wanted, **options))).files
        )
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return Client(package, tmp_path, files)

    sys.path.insert(0, str(tmp_path))
    yield built
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]
