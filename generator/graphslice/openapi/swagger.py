"""Swagger 2.0 in the shape of OpenAPI 3.0, so that every later step knows one shape only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
MOVED = (
    ("/definitions/", "/components/schemas/"),
    ("/parameters/", "/components/parameters/"),
    ("/responses/", "/components/responses/"),
)
"""Where the parts of a 2.0 document stand in the upgraded one; references keep their old text."""

_FORMATS = {"multi": ("form", True), "ssv": ("spaceDelimited", False), "pipes": ("pipeDelimited", False)}
_SCHEMA_KEYS = (
    *("type", "format", "items", "default", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "multipleOf"),
    *("x-ms-enum", "x-ms-enum-flags"),
)
_SCHEMA_MARKS = frozenset({"type", "properties", "allOf", "items", "enum"})
_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


def upgrade(root: dict[str, Any]) -> dict[str, Any]:
    """Give the document in the shape of 3.0; schemas are shared with the input, not copied."""
    return _Upgrade(root).document()


def upgrade_part(part: dict[str, Any], stated: dict[str, Any]) -> Any:
    """Give what a 2.0 document refers to in another file in the shape of 3.0; its members show what it is.

    `stated` is the document, whose content types hold for all of its parts.
    """
    return _Upgrade(stated).part(part)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


class _Upgrade:
    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._consumes = _list(root.get("consumes"))
        self._produces = _list(root.get("produces"))
        self._shared = _dict(root.get("parameters"))

    def document(self) -> dict[str, Any]:
        root = self._root
        upgraded = {
            key: value for key, value in root.items() if key.startswith("x-") or key in ("info", "tags", "security")
        }
        upgraded["openapi"] = "3.0.4"
        upgraded["servers"] = list(self._servers())
        upgraded["paths"] = {path: self._path_item(item) for path, item in _dict(root.get("paths")).items()}
        upgraded["components"] = {
            "schemas": _dict(root.get("definitions")),
            "parameters": {name: self._parameter(shared) for name, shared in self._shared.items()},
            "responses": {
                name: self._response(answer, self._produces) for name, answer in _dict(root.get("responses")).items()
            },
            "securitySchemes": _dict(root.get("securityDefinitions")),
        }
        return upgraded

    def part(self, value: Any) -> Any:
        if not isinstance(value, dict) or "$ref" in value:
            return value
        if isinstance(value.get("in"), str):
            return self._parameter(value)
        if _SCHEMA_MARKS & value.keys():
            return value
        if any("responses" in _dict(value.get(verb)) for verb in VERBS):
            beside = {key: self.part(one) for key, one in value.items() if key not in (*VERBS, "parameters")}
            return {**self._path_item(value), **beside}
        if any(str(code)[:1].isdigit() or code == "default" for code in _dict(value.get("responses"))):
            return self._operation(value, [])
        if "schema" in value and isinstance(value.get("description"), str):
            return self._response(value, self._produces)
        return {key: self.part(one) for key, one in value.items()}

    def _servers(self) -> Iterable[dict[str, str]]:
        host, base = str(self._root.get("host") or ""), str(self._root.get("basePath") or "")
        schemes = [scheme for scheme in _list(self._root.get("schemes")) if isinstance(scheme, str)]
        if host:
            for scheme in schemes or ["https"]:
                yield {"url": f"{scheme}://{host}{base}"}
        elif base:
            yield {"url": base}

    def _path_item(self, item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        upgraded = {key: value for key, value in item.items() if key not in VERBS and key != "parameters"}
        shared = _list(item.get("parameters"))
        kept = [self._parameter(one) for one in shared if self._place(one) not in ("body", "formData")]
        if kept:
            upgraded["parameters"] = kept
        below = [one for one in shared if self._place(one) in ("body", "formData")]
        for verb in (key for key in item if key in VERBS):
            upgraded[verb] = self._operation(item[verb], below)
        return upgraded

    def _target(self, parameter: Any) -> dict[str, Any]:
        """The parameter itself, behind a reference to the shared ones."""
        reference = _dict(parameter).get("$ref")
        if isinstance(reference, str) and reference.startswith("#/parameters/"):
            return _dict(self._shared.get(reference.removeprefix("#/parameters/")))
        return _dict(parameter)

    def _place(self, parameter: Any) -> str:
        return str(self._target(parameter).get("in", ""))

    def _operation(self, operation: Any, inherited: list[Any]) -> Any:
        if not isinstance(operation, dict):
            return operation
        taken = ("parameters", "responses", "consumes", "produces", "schemes")
        upgraded = {key: value for key, value in operation.items() if key not in taken}
        own = _list(operation.get("parameters"))
        upgraded["parameters"] = [self._parameter(one) for one in own if self._place(one) not in ("body", "formData")]
        content = [self._target(one) for one in [*own, *inherited] if self._place(one) in ("body", "formData")]
        body = self._body(content, _list(operation.get("consumes")) or self._consumes)
        if body:
            upgraded["requestBody"] = body
        produces = _list(operation.get("produces")) or self._produces
        answers = _dict(operation.get("responses"))
        upgraded["responses"] = {code: self._response(answer, produces) for code, answer in answers.items()}
        return upgraded

    def _body(self, content: list[dict[str, Any]], consumes: list[Any]) -> dict[str, Any] | None:
        whole = next((one for one in content if one.get("in") == "body"), None)
        if whole is not None:
            types = [kind for kind in consumes if isinstance(kind, str)] or ["application/json"]
            media = {"schema": whole.get("schema", {})}
            body = {"content": {kind: media for kind in types}, "required": whole.get("required", False)}
            return {**body, "description": whole["description"]} if "description" in whole else body
        fields = {str(one.get("name")): one for one in content}
        if not fields:
            return None
        files = any(one.get("type") == "file" for one in fields.values())
        types = [kind for kind in consumes if kind in (_FORM, _MULTIPART)] or [_MULTIPART if files else _FORM]
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {name: _value_schema(one) for name, one in fields.items()},
        }
        required = [name for name, one in fields.items() if one.get("required") is True]
        if required:
            schema["required"] = required
        return {"content": {kind: {"schema": schema} for kind in types}, "required": bool(required)}

    def _parameter(self, parameter: Any) -> Any:
        if not isinstance(parameter, dict) or "$ref" in parameter:
            return parameter
        taken = {"type", "format", "items", "collectionFormat", *_SCHEMA_KEYS}
        upgraded = {key: value for key, value in parameter.items() if key not in taken}
        upgraded["schema"] = _value_schema(parameter)
        joined = _FORMATS.get(str(parameter.get("collectionFormat")))
        if joined and parameter.get("type") == "array":
            # plain csv says nothing here: Kiota lets such a list explode like every other one
            if parameter.get("in") == "query":
                upgraded["style"] = joined[0]
            upgraded["explode"] = joined[1]
        return upgraded

    def _response(self, answer: Any, produces: list[Any]) -> Any:
        if not isinstance(answer, dict) or "$ref" in answer:
            return answer
        upgraded = {key: value for key, value in answer.items() if key not in ("schema", "examples", "headers")}
        schema = answer.get("schema")
        if isinstance(schema, dict):
            if schema.get("type") == "file":
                schema = {"type": "string", "format": "binary"}
            types = [kind for kind in produces if isinstance(kind, str)] or ["application/json"]
            upgraded["content"] = {kind: {"schema": schema} for kind in types}
        if isinstance(answer.get("headers"), dict):
            upgraded["headers"] = {
                name: {"schema": _value_schema(_dict(one))} for name, one in answer["headers"].items()
            }
        return upgraded


def _value_schema(parameter: dict[str, Any]) -> dict[str, Any]:
    if parameter.get("type") == "file":
        return {"type": "string", "format": "binary"}
    schema = {key: parameter[key] for key in _SCHEMA_KEYS if key in parameter}
    if parameter.get("in") == "formData" and "description" in parameter:
        schema["description"] = parameter["description"]
    return schema
