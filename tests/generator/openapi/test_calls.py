"""Clients of the small descriptions, called: what they send, what they make of answers and of errors."""

from __future__ import annotations

import asyncio
import datetime
import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote
from uuid import UUID

import pytest

from graphslice.api.model import (
    ApiModel,
    Body,
    BodyKind,
    EnumType,
    ListRef,
    NamedRef,
    Operation,
    Primitive,
    PrimitiveRef,
    TypeRef,
)
from graphslice.api.tree import build_tree
from graphslice.config import Slice
from graphslice.emit.render import render
from graphslice.export.examples import example
from graphslice.openapi.reader import read_description
from graphslice.openapi.resolve import resolve
from graphslice.python.lower import lower
from graphslice.python.types_places import place_types

from .conftest import REPOSITORY, shared
from .service import STREAM, Service, error_status, good_answer, plain_path, running

_PARSERS: dict[Primitive, Any] = {
    Primitive.DATE_TIME: lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")),
    Primitive.DATE: datetime.date.fromisoformat,
    Primitive.TIME: datetime.time.fromisoformat,
    Primitive.DURATION: lambda text: datetime.timedelta(minutes=90),
    Primitive.UUID: UUID,
    Primitive.BINARY: lambda text: b"textua",
}


# what other rooms still have to cure; each shows when it is cured, by passing
KNOWN: dict[str, str] = {}


# content types for which Kiota has a library of its own, which a client needs only if it sends them
_WRITERS = {
    "text/plain": "kiota_serialization_text",
    "application/x-www-form-urlencoded": "kiota_serialization_form",
}


def _cases() -> list[Any]:
    folder = Path(os.environ.get("GRAPHSLICE_SHARED", REPOSITORY.parent / "shared")) / "openapi"
    found = [one.name for one in folder.glob("*") if one.suffix in (".yaml", ".json") and ".part." not in one.name]
    names = sorted(one for one in found if "refused" not in one) or ["none"]
    return [
        pytest.param(
            one, marks=[pytest.mark.xfail(reason=why, strict=False) for key, why in KNOWN.items() if key in one]
        )
        for one in names
    ]


class Client:
    """One generated client with its model, in a folder of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        file = shared() / "openapi" / name
        package = "called_" + "".join(sign if sign.isalnum() else "_" for sign in file.stem)
        wanted = Slice(description=str(file), class_name="CalledClient", package=package)
        self.model = resolve(read_description(file, wanted), wanted)
        for path, text in render(lower(self.model, wanted)).files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        self.package = package
        self.modules = [
            importlib.import_module(".".join(one.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"))
            for one in sorted((folder / package).rglob("*.py"))
        ]
        self.places = place_types(self.model)
        self.builders = {plain_path(one._template): one for one in self._builders()}

    def _builders(self) -> Iterator[Any]:
        for module in self.modules:
            for value in vars(module).values():
                own = isinstance(value, type) and value.__module__ == module.__name__
                if own and "_template" in vars(value) and "_runtime" not in module.__name__:
                    yield value

    def cls(self, type_id: str) -> Any:
        """The class of a declared type."""
        place = self.places[type_id]
        return getattr(importlib.import_module(f"{self.package}.{place.dotted}"), place.name)

    def value(self, kind: TypeRef, shown: Any) -> Any:
        """What a caller would give for a JSON value."""
        if isinstance(kind, ListRef):
            return [self.value(kind.item, one) for one in shown]
        if isinstance(kind, PrimitiveRef):
            return _PARSERS.get(kind.kind, lambda plain: plain)(shown)
        assert isinstance(kind, NamedRef)
        if isinstance(self.model.types[kind.id], EnumType):
            return self.cls(kind.id).of(shown)
        loaded = self.cls(kind.id).from_dict(shown)
        held = {one.name: getattr(loaded, one.name, None) for one in fields(loaded)}
        given = {name: one for name, one in held.items() if one is not None and not name.startswith("_")}
        return type(loaded)(**{name: one for name, one in given.items() if name not in _EXTRA})

    def json(self, value: Any) -> Any:
        """The JSON of a result."""
        return importlib.import_module(f"{self.package}._runtime.model").any_json(value)


_EXTRA = ("additional_data", "backing_store")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder from which modules can be imported for one test."""
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("called_")]:
        del sys.modules[name]


@pytest.mark.slow
@pytest.mark.filterwarnings("default::DeprecationWarning")
@pytest.mark.parametrize("name", _cases())
def test_every_operation_can_be_called(name: str, folder: Path) -> None:
    client = Client(name, folder)
    with running() as service:
        asyncio.run(_call_all(client, service))


async def _call_all(client: Client, service: Service) -> None:
    root = next(one for one in client.builders.values() if one.__name__ == "CalledClient")
    adapter = root(base_url=service.url).request_adapter
    for node in build_tree(client.model).nodes:
        if node.item is None:
            continue
        builder = client.builders.get(plain_path("{+baseurl}" + node.path))
        assert builder is not None or "=@" in node.path, node.path
        if builder is None:
            continue
        keys = {name: f"v{n}" for n, name in enumerate(_placeholders(builder._template))}
        made = builder(adapter, keys) if builder is not root else root(adapter)
        for operation in node.item.operations:
            if not _sendable(node.path, operation):
                continue
            await _call(client, service, made, operation)
            for mapping in operation.errors:
                await _fail(client, service, made, operation, mapping.status, mapping.type)


def _sendable(path: str, operation: Operation) -> bool:
    """Leave out what stock Kiota could not send either, and what cannot be matched by its path alone."""
    body = operation.body
    kind = (body.content_type or "").partition(";")[0] if body is not None and body.kind is not BodyKind.STREAM else ""
    needed = _WRITERS.get(kind)
    if needed is not None and importlib.util.find_spec(needed) is None:
        return False
    return "=@" not in path


def _placeholders(template: str) -> list[str]:
    parts = template.removeprefix("{+baseurl}").partition("{?")[0].split("{")[1:]
    return [one.partition("}")[0].lstrip("+") for one in parts if not one.startswith(("?", "&"))]


async def _call(client: Client, service: Service, builder: Any, operation: Operation) -> None:
    service.answers(*good_answer(client.model, operation))
    got = await _send(client, builder, operation)
    sent = service.sent.pop()
    assert sent.verb == operation.verb
    assert sent.headers.get("accept", "") in ((operation.accept,) if operation.accept else ("", "*/*"))
    assert "{" not in unquote(sent.path)
    if operation.body is not None:
        _check_body(client.model, operation.body, sent.headers.get("content-type", ""), sent.body)
    if operation.verb != "HEAD":
        _check_result(client, operation, got)


async def _send(client: Client, builder: Any, operation: Operation) -> Any:
    arguments: dict[str, Any] = {}
    body = operation.body
    if body is not None:
        arguments["body"] = _body(client, body)
        if body.kind is BodyKind.STREAM and body.content_type is None:
            arguments["content_type"] = "application/x-odd"
    return await getattr(builder, operation.verb.lower())(**arguments)


def _body(client: Client, body: Body) -> Any:
    if body.kind is BodyKind.STREAM:
        return STREAM
    if body.kind is BodyKind.UNTYPED:
        return {"any": [1, None]}
    if body.kind is BodyKind.MULTIPART:
        from kiota_abstractions.multipart_body import MultipartBody

        parts: Any = MultipartBody()
        for part in body.parts:
            parts.add_or_replace_part(part.name, "text/plain", "text")
        return parts
    assert body.type is not None
    return client.value(body.type, example(client.model, body.type, sent=True))


def _check_body(model: ApiModel, body: Body, kind: str, content: bytes) -> None:
    wanted = body.content_type or "application/x-odd"
    assert (
        kind.replace(" ", "").partition(";boundary")[0].lower()
        == wanted.replace(" ", "").partition(";boundary")[0].lower()
    )
    if body.kind is BodyKind.STREAM:
        assert content == STREAM
    elif body.kind is BodyKind.UNTYPED:
        assert json.loads(content) == {"any": [1, None]}
    elif body.kind is BodyKind.MULTIPART:
        names = [part.get_param("name", header="content-disposition") for part in _parts(kind, content)]
        assert names == [part.name.lower() for part in body.parts]
    elif wanted.startswith("multipart/"):
        shown = example(model, body.type, sent=True)
        parts = _parts(kind, content) if shown else []
        names = [part.get_param("name", header="content-disposition") for part in parts]
        assert set(names) == {name for name, value in shown.items() if value != []}
    elif "json" in wanted.lower():
        assert _within(example(model, body.type, sent=True), json.loads(content))
    elif "form-urlencoded" in wanted:
        shown = example(model, body.type, sent=True)
        if isinstance(shown, dict):
            assert set(parse_qs(content.decode())) == {
                name for name, value in shown.items() if not isinstance(value, dict)
            }


def _parts(kind: str, content: bytes) -> list[Message]:
    read = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + content)
    assert read.is_multipart() and not read.defects
    return list(read.walk())[1:]


def _within(shown: Any, sent: Any) -> bool:
    """Whether all that was given arrived; defaults may come besides."""
    if isinstance(shown, dict):
        return isinstance(sent, dict) and all(name in sent and _within(one, sent[name]) for name, one in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(sent) and all(map(_within, shown, sent))
    return bool(shown == sent) or (isinstance(shown, str) and shown.replace("Z", "+00:00") == sent)


def _check_result(client: Client, operation: Operation, got: Any) -> None:
    kind = operation.result.type
    if kind is None:
        assert got is None
    elif kind == PrimitiveRef(Primitive.BINARY):
        assert got == STREAM
    else:
        shown = example(client.model, kind)
        # an object of which nothing can be shown is empty
        assert client.json(got) == ({} if shown is None else shown)


async def _fail(
    client: Client, service: Service, builder: Any, operation: Operation, status: str, type_id: str
) -> None:
    shown = example(client.model, NamedRef(type_id))
    service.answers(error_status(status), "application/json", json.dumps(shown).encode())
    wanted = client.cls(type_id)
    with pytest.raises(wanted) as caught:
        await _send(client, builder, operation)
    service.sent.clear()
    assert caught.value.response_status_code == error_status(status)
    if operation.verb != "HEAD":
        assert client.json(caught.value) == shown
