"""An ApiModel as an OpenAPI 3.1 description that other tools take as it is.

Read again by `graphslice.openapi`, it gives the same client: names, places and templates come out alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import yaml

from graphslice.api.aliases import with_aliases
from graphslice.api.model import (
    ApiModel,
    Body,
    BodyKind,
    HeaderParameter,
    Operation,
    PathItem,
    PathParameter,
    Primitive,
    PrimitiveRef,
    QueryParameter,
    TypeDecl,
)
from graphslice.api.naming import clean_symbols, first_lower, split_path
from graphslice.export.examples import example
from graphslice.export.schemas import SchemaWriter, deprecated

_BYTES = PrimitiveRef(Primitive.BINARY)
_STREAM: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_NO_CONTENT = frozenset({"201", "202", "204", "205", "301", "302", "303", "304", "307"})
_REASONS = {"204": "Done; there is nothing to tell.", "4XX": "The request was wrong.", "5XX": "The service failed."}


def export_openapi(model: ApiModel, base_url: str = "") -> dict[str, Any]:
    """Make the document as plain data, in a stable order; `base_url` is for a model that names none itself."""
    return _Exporter(with_aliases(model), base_url or model.base_url).document()


def to_json(document: dict[str, Any]) -> str:
    """Print the document as JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def to_yaml(document: dict[str, Any]) -> str:
    """Print the document as YAML that 1.1 and 1.2 read alike, without anchors."""
    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    plain = json.loads(json.dumps(document))
    text: str = yaml.dump(plain, Dumper=dumper, sort_keys=False, allow_unicode=True, width=120)
    return text


class _Exporter:
    def __init__(self, model: ApiModel, base_url: str) -> None:
        self._model = model
        self._base_url = base_url
        self._schemas = SchemaWriter(model)
        self._ids: set[str] = set()
        self._schemes: dict[str, None] = {}
        self._tags: dict[str, None] = {}

    def document(self) -> dict[str, Any]:
        paths = {item.path: self._path(item) for item in self._model.paths}
        components: dict[str, Any] = {"schemas": self._schemas.components()}
        if self._schemes:
            components["securitySchemes"] = {name: _scheme(name) for name in sorted(self._schemes)}
        document: dict[str, Any] = {
            "openapi": "3.1.0",
            "info": {
                "title": self._model.title or "Slice",
                "version": "1.0.0",
                "description": "Written by graphslice from the API model of a slice.",
                "license": {"name": "See the API's own terms", "identifier": "LicenseRef-API-terms"},
            },
        }
        # other tools want a server; a lone slash names none
        document["servers"] = [{"url": self._base_url or "/"}]
        prefix = _prefix(self._model.types.values())
        if prefix:
            document["x-graphslice"] = {"namespacePrefix": prefix}
        document["tags"] = [{"name": name, "description": f"Everything below `/{name}`."} for name in self._tags]
        document["paths"] = paths
        document["components"] = components
        return document

    # ------------------------------------------------------------------------------------------- paths

    def _path(self, item: PathItem) -> dict[str, Any]:
        written: dict[str, Any] = {"description": item.description} if item.description else {}
        parameters = [self._path_parameter(one) for one in item.parameters if one.declared]
        parameters += [self._query(one) for one in item.query]
        if parameters:
            written["parameters"] = parameters
        for operation in item.operations:
            written[operation.verb.lower()] = self._operation(item, operation)
        return written

    def _path_parameter(self, one: PathParameter) -> dict[str, Any]:
        written: dict[str, Any] = {"name": one.name, "in": "path", "required": True}
        if one.reserved:
            written["x-ms-reserved-parameter"] = True
        return {
            **written,
            **_words(one.description),
            **deprecated(one.deprecation),
            "schema": self._schemas.schema(one.type),
        }

    def _query(self, one: QueryParameter) -> dict[str, Any]:
        written: dict[str, Any] = {"name": one.name, "in": "query", "required": one.required}
        written.update(style=one.style, explode=one.explode)
        return {
            **written,
            **_words(one.description),
            **deprecated(one.deprecation),
            "schema": self._schemas.schema(one.type),
        }

    def _header(self, one: HeaderParameter) -> dict[str, Any]:
        written = {"name": one.name, "in": "cookie" if one.cookie else "header", "required": one.required}
        return {**written, **_words(one.description), "schema": self._schemas.schema(one.type)}

    # -------------------------------------------------------------------------------------- operations

    def _operation(self, item: PathItem, operation: Operation) -> dict[str, Any]:
        segments = split_path(item.path)
        tag = clean_symbols(segments[0]) if segments else "root"
        self._tags.setdefault(tag)
        text = operation.description or item.description or f"{operation.verb} {item.path}"
        written: dict[str, Any] = {
            "operationId": self._operation_id(item, operation),
            "summary": _first_sentence(text),
            "description": text,
            "tags": [tag],
        }
        if operation.documentation:
            written["externalDocs"] = {"url": operation.documentation, "description": "The vendor's page."}
        written.update(deprecated(operation.deprecation))
        parameters = [self._query(one) for one in operation.query] + [self._header(one) for one in operation.headers]
        if parameters:
            written["parameters"] = parameters
        if operation.body is not None:
            written["requestBody"] = self._body(operation.body)
        written["responses"] = self._responses(operation)
        written["security"] = [{one.scheme: list(one.scopes)} for one in operation.permissions]
        self._schemes.update(dict.fromkeys(one.scheme for one in operation.permissions))
        if operation.roles or operation.documented is not None:
            written["x-graphslice"] = {"roles": list(operation.roles), "documented": operation.documented}
        return written

    def _operation_id(self, item: PathItem, operation: Operation) -> str:
        words = [clean_symbols(segment) for segment in split_path(item.path)]
        wanted = operation.operation_id or ".".join([*map(first_lower, filter(None, words)), operation.verb.lower()])
        unique, number = wanted, 1
        while unique in self._ids:
            number += 1
            unique = f"{wanted}{number}"
        self._ids.add(unique)
        return unique

    def _body(self, body: Body) -> dict[str, Any]:
        written: dict[str, Any] = {**_words(body.description), "required": body.required}
        kind = body.content_type or "*/*"
        if body.kind is BodyKind.STREAM:
            structured = body.content_type is not None and _is_structured(body.content_type)
            media = {"schema": self._schemas.schema(body.type)} if structured else _STREAM
        elif body.kind is BodyKind.MULTIPART:
            parts = {part.name: self._schemas.schema(part.type) for part in body.parts}
            media = {"schema": {"type": "object", "properties": parts}}
        else:
            media = {"schema": self._schemas.schema(body.type)}
            shown = example(self._model, body.type, sent=True)
            if shown not in (None, {}, []):
                media["example"] = shown
        written["content"] = {kind: media}
        return written

    def _responses(self, operation: Operation) -> dict[str, Any]:
        faults = self._faults(operation)
        result = operation.result
        statuses = [code for code in result.statuses if result.type is not None or code in _NO_CONTENT]
        if not statuses:
            statuses = ["204"] if result.type is None else ["2XX"]
        content = self._content(operation, faults)
        written: dict[str, Any] = {}
        for code in statuses:
            answer: dict[str, Any] = {"description": result.description or _REASONS.get(code, "The result.")}
            if content:
                answer["content"] = content
            written[code] = answer
        return {**written, **faults}

    def _content(self, operation: Operation, faults: dict[str, Any]) -> dict[str, Any]:
        """The media types of a success: those that the client accepts, without those that only errors have."""
        kind = operation.result.type
        accepted = [part.partition(";q=")[0] for part in operation.accept.split(", ") if part]
        if kind is None:
            return {}
        if kind == _BYTES and not (len(accepted) == 1 and _is_structured(accepted[0])):
            below = {key for fault in faults.values() for key in fault.get("content", {})}
            return {key: _STREAM for key in accepted if key not in below} or {"application/octet-stream": _STREAM}
        media: dict[str, Any] = {"schema": self._schemas.schema(kind)}
        shown = example(self._model, kind)
        if shown not in (None, {}, []):
            media["example"] = shown
        return {key: media for key in accepted or ["application/json"]}

    def _faults(self, operation: Operation) -> dict[str, Any]:
        written: dict[str, Any] = {}
        for mapping in operation.errors:
            schema = self._schemas.schema(_named(mapping.type))
            for code in ("4XX", "5XX") if mapping.status == "XXX" else (mapping.status,):
                text = _REASONS.get(code, "The request failed.")
                written[code] = {"description": text, "content": {"application/json": {"schema": schema}}}
        return written


def _named(type_id: str) -> Any:
    from graphslice.api.model import NamedRef

    return NamedRef(type_id)


def _words(description: str) -> dict[str, str]:
    return {"description": description} if description else {}


def _is_structured(key: str) -> bool:
    return key.endswith(("/json", "+json", "text/plain"))


def _scheme(name: str) -> dict[str, Any]:
    text = f"A token with the permissions that an operation lists under `{name}`."
    return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": text}


def _first_sentence(text: str) -> str:
    line = re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0].rstrip(".")
    return line if len(line) <= 120 else line[:117] + "..."


def _prefix(types: Iterable[TypeDecl]) -> str:
    """The dotted prefix that the places of the models leave out."""
    for declared in types:
        namespace = declared.id.split(".")[:-1]
        if namespace and declared.place.path is None and declared.place.namespace is not None:
            kept = len(declared.place.namespace)
            return ".".join(namespace[: len(namespace) - kept] if kept else namespace)
    return ""
