"""Clients of a few hand-made paths: lowered, rendered, written, imported."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from kiota_abstractions.request_adapter import RequestAdapter

from graphslice.api.model import (
    ApiModel,
    Body,
    BodyKind,
    EnumMember,
    EnumType,
    ErrorMapping,
    ListRef,
    NamedRef,
    ObjectType,
    Operation,
    Origin,
    PathItem,
    PathParameter,
    Place,
    Primitive,
    PrimitiveRef,
    Property,
    QueryParameter,
    Result,
    TypeRef,
)
from graphslice.config import Slice
from graphslice.diagnostics import Diagnostic
from graphslice.emit.render import render
from graphslice.python.lower import lower

_NUMBERS = count()
TEXT = PrimitiveRef(Primitive.STRING)
NUMBER = PrimitiveRef(Primitive.INT32)
THING = ObjectType(
    id="thing",
    name="thing",
    place=Place(),
    origin=Origin.ENTITY,
    properties=(Property(name="displayName", type=TEXT), Property(name="body", type=TEXT)),
)
PAGE = ObjectType(
    id="page",
    name="thingCollectionResponse",
    place=Place(),
    origin=Origin.COLLECTION_RESPONSE,
    properties=(
        Property(name="value", type=ListRef(NamedRef("thing"))),
        Property(name="@odata.nextLink", type=TEXT),
    ),
)
TROUBLE = ObjectType(
    id="trouble",
    name="trouble",
    place=Place(),
    origin=Origin.ERROR,
    error=True,
    properties=(Property(name="m", type=TEXT),),
)
MOOD = EnumType(
    id="mood",
    name="mood",
    place=Place(),
    origin=Origin.ENUM,
    members=(EnumMember(name="calm", value="calm"), EnumMember(name="wild", value="wild")),
)
TYPES = {one.id: one for one in (THING, PAGE, TROUBLE, MOOD)}
ERRORS = (ErrorMapping("XXX", "trouble"),)


def option(name: str, type: TypeRef = TEXT, **more: Any) -> QueryParameter:
    """Give a query option."""
    return QueryParameter(name=name, type=type, **more)


def read(*query: QueryParameter, result: TypeRef | None = None, **more: Any) -> Operation:
    """Give a GET."""
    return Operation(verb="GET", query=query, result=Result(type=result), accept="application/json", **more)


def change(verb: str, result: TypeRef | None = None, **more: Any) -> Operation:
    """Give an operation with a thing as its body."""
    body = Body(kind=BodyKind.MODEL, type=NamedRef("thing"), content_type="application/json")
    return Operation(verb=verb, body=body, result=Result(type=result), accept="application/json", **more)


def item(path: str, *operations: Operation, parameters: dict[str, TypeRef] | None = None, **more: Any) -> PathItem:
    """Give a path; `parameters` are those that it declares, besides the ones of type text in whole segments."""
    declared = [PathParameter(name=name, type=type) for name, type in (parameters or {}).items()]
    return PathItem(path=path, operations=operations or (read(),), parameters=tuple(declared), **more)


class Sent(RequestAdapter[Any]):
    """An adapter that keeps what it is asked to send and answers with what it was given."""

    base_url = "https://service.test"

    def __init__(self, *answers: Any) -> None:
        """Take the answers, one a request."""
        self.answers = list(answers)
        self.requests: list[Any] = []
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def _answer(self, name: str, info: Any, *rest: Any) -> Any:
        info.path_parameters.setdefault("baseurl", self.base_url)
        self.requests.append(info)
        self.calls.append((name, rest))
        return self.answers.pop(0) if self.answers else None

    async def send_async(self, info: Any, *rest: Any) -> Any:
        return self._answer("send", info, *rest)

    async def send_collection_async(self, info: Any, *rest: Any) -> Any:
        return self._answer("send_collection", info, *rest)

    async def send_collection_of_primitive_async(self, info: Any, *rest: Any) -> Any:
        return self._answer("send_collection_of_primitive", info, *rest)

    async def send_primitive_async(self, info: Any, *rest: Any) -> Any:
        return self._answer("send_primitive", info, *rest)

    async def send_no_response_content_async(self, info: Any, *rest: Any) -> Any:
        return self._answer("send_no_response_content", info, *rest)

    def get_serialization_writer_factory(self) -> Any:
        from kiota_serialization_json.json_serialization_writer_factory import JsonSerializationWriterFactory

        return JsonSerializationWriterFactory()

    def enable_backing_store(self, backing_store_factory: Any) -> None:
        raise AssertionError("nothing is stored here")

    async def convert_to_native_async(self, request_info: Any) -> Any:
        return request_info


class Client:
    """A generated client."""

    def __init__(self, package: str, folder: Path, files: dict[str, str], diagnostics: tuple[Diagnostic, ...]) -> None:
        """Take what was generated."""
        self.package = package
        self.folder = folder
        self.files = files
        self.diagnostics = diagnostics

    def text(self, module: str) -> str:
        """Give the text of a module below the package."""
        return self.files[f"{self.package}/{module.replace('.', '/')}.py"]

    def cls(self, module: str, name: str) -> Any:
        """Import a class of a module below the package."""
        return getattr(importlib.import_module(f"{self.package}.{module}" if module else self.package), name)

    def root(self, adapter: RequestAdapter[Any] | None = None) -> Any:
        """Make the client itself, over a recording adapter."""
        return self.cls("", "ExampleClient")(adapter or Sent())

    def modules(self) -> list[str]:
        """Give the modules below the package that are no runtime."""
        paths = [path for path in self.files if path.endswith(".py") and "/_runtime/" not in path]
        return [path.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for path in paths]


Generate = Callable[..., Client]


@pytest.fixture
def generate(tmp_path: Path) -> Iterator[Generate]:
    """Generate the client of some paths; options are those of a slice, and `format` of the model."""
    packages: list[str] = []

    def make(*items: PathItem, format: str = "openapi", **options: Any) -> Client:
        package = f"built_{next(_NUMBERS)}"
        packages.append(package)
        model = ApiModel(paths=items, types=TYPES, format=format)
        wanted = Slice(description="", **{"package": package, "class_name": "ExampleClient", **options})
        plan = lower(model, wanted)
        files = dict(render(plan).files)
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        return Client(package, tmp_path, files, plan.diagnostics)

    sys.path.insert(0, str(tmp_path))
    yield make
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]
