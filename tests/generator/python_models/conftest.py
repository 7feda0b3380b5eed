"""Clients of a few hand-made types: generated, written, imported."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from graphslice.api.model import (
    ApiModel,
    Body,
    BodyKind,
    NamedRef,
    ObjectType,
    Operation,
    Origin,
    PathItem,
    Place,
    PrimitiveRef,
    Property,
    TypeDecl,
    TypeRef,
)
from graphslice.config import Slice
from graphslice.emit.render import render
from graphslice.python.lower import needed_extras
from graphslice.python.models import model_plans
from graphslice.python.types import TypeTable
from graphslice.python.views import ClientPlan

_NUMBERS = count()


def prop(name: str, type: TypeRef, **more: Any) -> Property:
    """Give a property."""
    return Property(name=name, type=type, **more)


def thing(name: str, *properties: Property, **more: Any) -> ObjectType:
    """Give an object type called as its id, in the models' root unless `place` says otherwise."""
    values: dict[str, Any] = {"id": name, "name": name.rpartition(".")[2], "place": Place(), "origin": Origin.SCHEMA}
    return ObjectType(properties=properties, **{**values, **more})


class Client:
    """The generated models of one client."""

    def __init__(self, package: str, folder: Path, files: dict[str, str]) -> None:
        """Take what was generated."""
        self.package = package
        self.folder = folder
        self.files = files

    def text(self, module: str) -> str:
        """Give the text of a module below the package."""
        return self.files[f"{self.package}/{module.replace('.', '/')}.py"]

    def module(self, module: str) -> ModuleType:
        """Import a module."""
        return importlib.import_module(f"{self.package}.{module}")

    def cls(self, module: str, name: str) -> Any:
        """Import a class."""
        return getattr(self.module(module), name)

    def modules(self) -> list[str]:
        """Give the modules below the package that are no runtime."""
        names = [
            path.removeprefix(f"{self.package}/").removesuffix(".py") for path in self.files if path.endswith(".py")
        ]
        return [name.replace("/", ".") for name in names if not name.startswith("_runtime/")]


Generate = Callable[..., Client]


@pytest.fixture
def generate(tmp_path: Path) -> Iterator[Generate]:
    """Generate the models of some types, `patched` being the ids that a PATCH takes."""
    packages: list[str] = []

    def make(*types: TypeDecl, patched: Sequence[str] = (), format: str = "openapi", **options: Any) -> Client:
        package = f"client_{next(_NUMBERS)}"
        packages.append(package)
        paths = tuple(
            PathItem(
                path=f"/{id}",
                operations=(Operation(verb="PATCH", body=Body(kind=BodyKind.MODEL, type=NamedRef(id))),),
            )
            for id in patched
        )
        model = ApiModel(paths=paths, types={declared.id: declared for declared in types}, format=format)
        wanted = Slice(description="", package=package, **options)
        table = TypeTable(model, package)
        plans = sorted(model_plans(model, wanted, table), key=lambda plan: plan.path)
        extras = frozenset(needed_extras(model, table))
        files = dict(render(ClientPlan(package, tuple(plans), extras=extras)).files)
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return Client(package, tmp_path, files)

    sys.path.insert(0, str(tmp_path))
    yield make
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]


def primitive(kind: Any) -> PrimitiveRef:
    """Give a primitive reference."""
    return PrimitiveRef(kind)
