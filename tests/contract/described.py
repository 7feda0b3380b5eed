"""A description beside the client that was made from it: operations, builders, arguments."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import unquote

from graphslice.api.model import ApiModel, Body, BodyKind, EnumType, ListRef, NamedRef, Operation
from graphslice.api.naming import placeholders
from graphslice.api.tree import Node, build_tree
from graphslice.config import Slice
from graphslice.openapi.documents import Document
from graphslice.openapi.reader import read_description
from graphslice.openapi.resolve import resolve
from graphslice.python.types_places import place_types
from tests.contract.samples import Samples
from tests.generator.openapi.service import plain_path


@dataclass(slots=True)
class Described:
    """An operation as the description tells it."""

    path: str
    document: Document
    raw: dict[str, Any]
    parameters: dict[tuple[str, str], tuple[Document, dict[str, Any]]]


class Api:
    """A description with the client that was made from it."""

    def __init__(self, description: str, folder: str, package: str) -> None:
        """Read the description; import the client."""
        wanted = Slice(description=description, class_name="ApiClient", package=package, base_url="https://example.com")
        read = read_description(description, wanted)
        self.library = read.library
        self.model: ApiModel = resolve(read, wanted)
        self.samples = Samples(self.library)
        self.package = package
        self._places = place_types(self.model)
        self._tree = build_tree(self.model)
        self._items = {item.path: item for item in self.model.paths}
        self._paths: dict[int, list[str]] = {id(node): [] for node in self._tree.nodes}
        for path in self._items:
            self._paths[id(self._tree.at[path])].append(path)
        sys.path.insert(0, folder)
        self.root: Any = importlib.import_module(package).ApiClient

    def operations(self) -> Iterator[tuple[str, Operation, Described]]:
        """Give every operation with the path of its builder."""
        main = self.library.main
        for node in self._tree.nodes:
            for path, operation in self._described(node):
                where, raw = self.samples.follow(main, main.root["paths"][path])
                inner, told = self.samples.follow(where, raw[operation.verb.lower()])
                parameters = {}
                for document, listed in ((where, raw.get("parameters")), (inner, told.get("parameters"))):
                    for one in listed or ():
                        home, parameter = self.samples.follow(document, one)
                        parameters[str(parameter.get("in")), str(parameter.get("name"))] = (home, parameter)
                yield node.path, operation, Described(path, inner, told, parameters)

    def _described(self, node: Node) -> Iterator[tuple[str, Operation]]:
        """Give each operation of a node with the path under which the description has it: indexes may be merged."""
        for path in self._paths[id(node)]:
            for operation in self._items[path].operations:
                assert node.item is not None
                kept = next(one for one in node.item.operations if one.verb == operation.verb)
                if replace(kept, path="") == replace(operation, path=""):
                    yield path, operation

    # --------------------------------------------------------------------------------------------- arguments

    def cls(self, type_id: str) -> Any:
        """The class of a declared type."""
        place = self._places[type_id]
        return getattr(importlib.import_module(f"{self.package}.{place.dotted}"), place.name)

    def argument(self, kind: Any, shown: Any) -> Any:
        """What a caller would give for a JSON value: new objects, members of enums, plain values."""
        if isinstance(kind, ListRef) and isinstance(shown, list):
            return [self.argument(kind.item, one) for one in shown]
        if not isinstance(kind, NamedRef):
            return shown
        cls = self.cls(kind.id)
        if isinstance(self.model.types[kind.id], EnumType):
            return cls.of(shown)
        loaded = cls.from_dict(shown)
        # some values are made when they are asked for, and only then stand in the object
        asked = {one.name: getattr(loaded, one.name, None) for one in fields(loaded) if not one.name.startswith("_")}
        held = {name: value for name, value in asked.items() if name in vars(loaded)}
        if set(held.get("additional_data") or ()) & set(loaded.get_field_deserializers()):
            raise ValueError("a value of another kind than its property")
        return type(loaded)(**{name: one for name, one in held.items() if one is not None and name != "backing_store"})

    def json(self, value: Any) -> Any:
        """The JSON of a result."""
        return importlib.import_module(f"{self.package}._runtime.model").any_json(value)

    def keys(self, template: str, path: str, told: Described) -> dict[str, Any]:
        """Values for the placeholders of a URL template, by the names of the described path, which may be others."""
        parts = [one.partition("}")[0].lstrip("+") for one in template.removeprefix("{+baseurl}").split("{")[1:]]
        wanted = [one for one in parts if not one.startswith(("?", "&"))]
        names = dict(zip(wanted, placeholders(path), strict=False))
        return {one: self._key((unquote(one), names.get(one, "")), told) for one in wanted}

    def _key(self, names: tuple[str, ...], told: Described) -> Any:
        for where, name in ((where, name) for name in names for where in ("path", "query")):
            if (where, name) in told.parameters:
                return self.parameter(*told.parameters[where, name])
        return "v"

    def parameter(self, document: Document, raw: dict[str, Any]) -> Any:
        """A value for a parameter."""
        content = raw.get("content")
        if isinstance(content, dict):
            return json.dumps(self.samples.value(document, next(iter(content.values())).get("schema", {})))
        return self.samples.value(document, raw.get("schema", raw))

    def arguments(self, method: Any, operation: Operation, told: Described) -> dict[str, Any]:
        """Keywords for a call: the body, and the parameters that have to be sent."""
        arguments: dict[str, Any] = {}
        body = operation.body
        if body is not None:
            arguments["body"] = self._body(body, told)
            if body.kind is BodyKind.STREAM and body.content_type is None:
                listed = [one for one in self._contents(told) if "*" not in one]
                arguments["content_type"] = listed[0] if listed else "application/octet-stream"
        keywords = {_plain(one): one for one in inspect.signature(method).parameters}
        for (where, wire), (document, raw) in told.parameters.items():
            keyword = keywords.get(_plain(wire))
            if raw.get("required") is True and where in ("query", "header", "cookie") and keyword:
                arguments[keyword] = self.parameter(document, raw)
        return arguments

    def sample(self, told: Described, content_type: str | None) -> Any:
        """A value for the body."""
        return self.samples.value(*self._media(told, content_type))

    def _media(self, told: Described, content_type: str | None) -> tuple[Document, Any]:
        where, raw = self.samples.follow(told.document, told.raw.get("requestBody") or {})
        content = raw.get("content") or {}
        media: dict[str, Any] = content.get(content_type) or next(iter(content.values()), {})
        return where, media.get("schema", {})

    def _contents(self, told: Described) -> dict[str, Any]:
        _, raw = self.samples.follow(told.document, told.raw.get("requestBody") or {})
        content: dict[str, Any] = raw.get("content") or {}
        return content

    def _body(self, body: Body, told: Described) -> Any:
        if body.kind is BodyKind.STREAM:
            where, schema = self.samples.follow(*self._media(told, body.content_type))
            if isinstance(schema, dict) and ("pattern" in schema or schema.get("format") == "byte"):
                return str(self.samples.value(where, schema)).encode()
            return _bytes(body.content_type or "")
        shown = self.sample(told, body.content_type)
        if body.kind is BodyKind.UNTYPED and (body.content_type or "").startswith("multipart/"):
            return {"a": "text"}
        if "form-urlencoded" in (body.content_type or "") and isinstance(shown, dict):
            # the mock server takes a list of one for no list
            shown = {name: value * 2 if value and isinstance(value, list) else value for name, value in shown.items()}
        if body.kind is BodyKind.MULTIPART:
            from kiota_abstractions.multipart_body import MultipartBody

            parts: Any = MultipartBody()
            for name, value in shown.items():
                parts.add_or_replace_part(name, "text/plain", value if isinstance(value, str) else json.dumps(value))
            return parts
        return shown if body.type is None else self.argument(body.type, shown)

    def fits(self, told: Described, status: int, content: bytes) -> bool:
        """Whether an answer has the kinds of values that the description asks for."""
        answers = told.raw.get("responses") or {}
        raw = answers.get(str(status), answers.get(f"{status // 100}XX", answers.get("default", {})))
        where, answer = self.samples.follow(told.document, raw)
        media: dict[str, Any] = next(iter((answer.get("content") or {}).values()), {})
        if "$dynamicRef" in json.dumps(media) or "$dynamicAnchor" in json.dumps(media):
            return False  # the mock server knows neither
        try:
            return self.samples.fits(where, media.get("schema", {}), json.loads(content))
        except ValueError:
            return False

    def signature(self, told: Described) -> tuple[dict[str, str], dict[str, str]]:
        """What makes a server believe that somebody signed in: headers and query options."""
        root = self.library.main.root
        schemes = (root.get("components") or {}).get("securitySchemes") or {}
        wanted = told.raw.get("security", root.get("security")) or [{}]
        headers: dict[str, str] = {}
        query: dict[str, str] = {}
        for name in wanted[0]:
            scheme = self.samples.follow(self.library.main, schemes.get(name, {}))[1]
            if scheme.get("type") != "apiKey":
                basic = str(scheme.get("scheme", "")).lower() == "basic"
                headers["Authorization"] = "Basic dTpw" if basic else "Bearer some-token"
            elif scheme.get("in") == "query":
                query[scheme["name"]] = "key"
            elif scheme.get("in") == "cookie":
                headers["Cookie"] = f"{scheme['name']}=key"
            else:
                headers[scheme["name"]] = "key"
        return headers, query


def reached(client: Any) -> dict[str, Any]:
    """Give every builder that can be reached from the client's root, by the path that it stands for."""
    found: dict[str, Any] = {}
    waiting = [client]
    while waiting:
        builder = waiting.pop()
        path = plain_path(type(builder)._template)
        if path in found and path:
            continue
        found[path] = builder
        for name in dir(type(builder)):
            member = inspect.getattr_static(type(builder), name)
            if isinstance(member, property) and _gives_builder(member.fget):
                waiting.append(getattr(builder, name))
            elif inspect.isfunction(member) and name != "with_url" and _gives_builder(member):
                count = len([one for one in inspect.signature(member).parameters if one != "self"])
                waiting.append(getattr(builder, name)(*["v"] * count))
    return found


def _bytes(content_type: str) -> bytes:
    if content_type.startswith("multipart/"):
        return b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
    return b"{}" if "json" in content_type else b"some bytes"


def _gives_builder(function: Any) -> bool:
    return str(getattr(function, "__annotations__", {}).get("return", "")).endswith("RequestBuilder")


def _plain(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())
