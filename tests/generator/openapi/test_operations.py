"""Bodies, answers, Accept, errors, parameters and servers."""

from __future__ import annotations

from typing import Any

import pytest

from graphslice.api.model import Body, BodyKind, EnumType, ListRef, NamedRef, Operation, Primitive, PrimitiveRef
from graphslice.diagnostics import GraphsliceError

from .conftest import Resolve, answer, ref

BYTES = PrimitiveRef(Primitive.BINARY)
BOAT = {"Boat": {"type": "object", "properties": {"name": {"type": "string"}}}}


def post(make: Resolve, content: Any, **more: Any) -> Body:
    item = {"post": {"requestBody": {"content": content}, "responses": {"204": {"description": "ok"}}}}
    body = make({"/boats": item}, {**BOAT, **more}).paths[0].operations[0].body
    assert body is not None
    return body


def operation(make: Resolve, responses: Any, **more: Any) -> Operation:
    return make({"/boats": {"get": {"responses": responses}}}, {**BOAT, **more}).paths[0].operations[0]


def media(*kinds: str, schema: Any = None) -> Any:
    return {"description": "x", "content": {kind: {"schema": schema or ref("Boat")} for kind in kinds}}


@pytest.mark.parametrize(
    ("kinds", "best"),
    [
        (["text/plain", "application/json"], "application/json"),
        (["application/json", "application/vnd.x.v2+json"], "application/vnd.x.v2+json"),
        (["application/json; charset=utf-8; q=0.5"], "application/json;charset=utf-8"),
        (["application/xml", "application/x-www-form-urlencoded"], "application/x-www-form-urlencoded"),
    ],
)
def test_the_content_type_of_a_body(make: Resolve, kinds: list[str], best: str) -> None:
    body = post(make, {kind: {"schema": ref("Boat")} for kind in kinds})
    assert (body.kind, body.type, body.content_type) == (BodyKind.MODEL, NamedRef("Boat"), best)


def test_another_schema_later_does_not_change_the_body(make: Resolve) -> None:
    body = post(make, {"text/plain": {"schema": {"type": "string"}}, "application/json": {"schema": ref("Boat")}})
    assert (body.kind, body.content_type) == (BodyKind.SCALAR, "text/plain")


@pytest.mark.parametrize(
    ("content", "fixed"),
    [
        ({"application/zip": {}}, "application/zip"),
        ({"*/*": {}}, None),
        ({"image/png": {}, "image/jpeg": {}}, None),
        ({"application/json": {}}, "application/json"),
    ],
)
def test_bodies_without_a_readable_schema_are_bytes(make: Resolve, content: Any, fixed: str | None) -> None:
    body = post(make, content)
    assert (body.kind, body.content_type) == (BodyKind.STREAM, fixed)


def test_a_body_of_anything_is_untyped(make: Resolve) -> None:
    assert post(make, {"application/json": {"schema": {}}}).kind is BodyKind.UNTYPED


def test_multipart_names_its_parts(make: Resolve) -> None:
    schema = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}, "boat": ref("Boat")}}
    body = post(make, {"multipart/form-data": {"schema": schema}})
    assert body.kind is BodyKind.MULTIPART
    assert [part.name for part in body.parts] == ["file", "boat"]
    both = post(make, {"multipart/form-data": {"schema": ref("Boat")}, "application/json": {"schema": ref("Boat")}})
    assert (both.kind, both.content_type) == (BodyKind.MODEL, "application/json")


def test_the_first_success_code_with_a_schema_gives_the_result(make: Resolve) -> None:
    found = operation(
        make, {"2XX": media("application/json", schema={"type": "string"}), "201": media("application/json")}
    )
    assert found.result.type == NamedRef("Boat")


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ({"204": {"description": "x"}}, None),
        ({"default": {"description": "x"}}, BYTES),
        ({"200": media("text/html"), "202": {"description": "x"}}, None),
        ({"200": media("text/html")}, BYTES),
        ({"204": {"description": "x"}, "302": media("application/octet-stream")}, BYTES),
        ({"200": {"description": "x", "content": {"text/plain": {}}}}, PrimitiveRef(Primitive.STRING)),
        ({"200": media("application/json", schema={"type": "array", "items": {}})}, BYTES),
    ],
)
def test_results_without_a_model(make: Resolve, responses: Any, expected: Any) -> None:
    assert operation(make, responses).result.type == expected


def test_accept_lists_what_carries_the_same_schema(make: Resolve) -> None:
    responses = {
        "200": media("text/plain", "application/json", "text/html"),
        "400": media("application/problem+json"),
        "500": media("application/xml+json", schema={"type": "string"}),
    }
    assert operation(make, responses).accept == "application/json, application/problem+json, text/plain;q=0.9"


def test_accept_of_a_stream_ends_with_the_errors(make: Resolve) -> None:
    responses = {"200": media("image/png; x=1"), "default": media("application/json")}
    assert operation(make, responses).accept == "image/png, application/json"


def test_default_fills_missing_ranges_and_equal_ranges_are_one(make: Resolve) -> None:
    no = {"No": {"type": "object", "properties": {"why": {"type": "string", "x-ms-primary-error-message": True}}}}
    responses = {
        "204": {"description": "x"},
        "404": media("application/json"),
        "default": media("application/json", schema=ref("No")),
    }
    found = operation(make, responses, **no)
    assert [(one.status, one.type) for one in found.errors] == [("404", "Boat"), ("XXX", "No")]


def test_errors_that_are_no_objects_are_not_mapped(make: Resolve) -> None:
    either = {"oneOf": [ref("Boat"), {"type": "object", "properties": {"x": {"type": "string"}}}]}
    responses = {
        "204": {"description": "x"},
        "400": media("application/json", schema={"type": "string"}),
        "401": media("application/json", schema=either),
        "402": media("application/json", schema={"type": "array", "items": ref("Boat")}),
    }
    assert [one.status for one in operation(make, responses).errors] == ["402"]


def test_the_error_says_its_message_through_inner_objects(make: Resolve) -> None:
    schemas = {
        "Fault": {"type": "object", "properties": {"error": ref("Inner")}},
        "Inner": {"type": "object", "properties": {"text": {"type": "string", "x-ms-primary-error-message": True}}},
    }
    model = make({"/a": {"get": {"responses": {"4XX": media("application/json", schema=ref("Fault"))}}}}, schemas)
    assert model.types["Fault"].primary_message == ("error", "text")  # type: ignore[union-attr]


def test_query_parameters_of_the_path_win_and_inline_enums_are_made_per_verb(make: Resolve) -> None:
    shared = [
        {"name": "size", "in": "query", "required": True, "schema": {"type": "integer"}},
        {"name": "sort-by", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}},
    ]
    own = [
        {"name": "size", "in": "query", "schema": {"type": "string"}},
        {"name": "X-A", "in": "header", "schema": {"type": "string"}},
    ]
    item = {"parameters": shared, **answer({"type": "string"})}
    item["get"]["parameters"] = own
    model = make({"/boats": item})
    path, get = model.paths[0], model.paths[0].operations[0]
    assert [(one.name, one.required) for one in path.query] == [("size", True)]
    assert [one.name for one in get.query] == ["sort-by"]
    assert [one.name for one in get.headers] == ["X-A"]
    enum = next(one for one in model.types.values() if isinstance(one, EnumType))
    assert (enum.name, enum.place.path) == ("GetSortByQueryParameterType", "/boats")


@pytest.mark.parametrize(
    ("schema", "version", "expected"),
    [
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, "3.0.3", Primitive.STRING),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}]}, "3.1.0", Primitive.INT64),
        ({"oneOf": [{"type": "integer", "minimum": 1}, {"type": "string"}]}, "3.0.3", Primitive.INT64),
        ({"allOf": [{"type": "integer"}]}, "3.1.0", Primitive.STRING),
        ({"format": "uuid"}, "3.1.0", Primitive.UUID),
        ({"type": ["integer", "string"], "format": "int32"}, "3.1.0", Primitive.INT32),
    ],
)
def test_the_type_of_a_parameter(make: Resolve, schema: Any, version: str, expected: Primitive) -> None:
    item = answer({"type": "string"})
    item["get"]["parameters"] = [{"name": "q", "in": "query", "schema": schema}]
    assert make({"/a": item}, version=version).paths[0].operations[0].query[0].type == PrimitiveRef(expected)


def test_placeholders_nobody_declares_give_no_argument(make: Resolve) -> None:
    item = answer({"type": "string"})
    item["get"]["parameters"] = [
        {"name": "A", "in": "path", "required": True, "schema": {"type": "array", "items": {"type": "integer"}}}
    ]
    found = make({"/x/{a}/{b}": item}).paths[0].parameters
    assert [(one.name, one.declared) for one in found] == [("a", True), ("b", False)]
    assert found[0].type == ListRef(PrimitiveRef(Primitive.INT64))


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        (["https://a.test/v1//"], "https://a.test/v1"),
        (["http://a.test", "https://a.test"], "https://a.test"),
        (["/"], ""),
        (["/v1", "https://b.test"], "/v1"),
        ([" "], ""),
    ],
)
def test_the_base_url(make: Resolve, urls: list[str], expected: str) -> None:
    assert make({}, root={"servers": [{"url": url} for url in urls]}).base_url == expected


@pytest.mark.parametrize("url", ["ftp://x", "protocol://host:<port>/a", "the address of your tenant"])
def test_a_server_of_another_kind_is_left_out(make: Resolve, url: str) -> None:
    model = make({"/a": answer({"type": "string"})}, root={"servers": [{"url": url}]})
    assert model.base_url == ""
    assert [one.code for one in model.diagnostics if one.code != "OAS016"] == ["OAS017"]


@pytest.mark.parametrize("url", ['https://x"+evil', "https://x\ny", "https://a b"])
def test_a_server_that_is_no_url_is_refused(make: Resolve, url: str) -> None:
    with pytest.raises(GraphsliceError, match="OAS017"):
        make({}, root={"servers": [{"url": url}]})


def test_a_header_with_line_breaks_is_refused(make: Resolve) -> None:
    item = answer({"type": "string"})
    item["get"]["parameters"] = [{"name": "X\r\nY", "in": "header", "schema": {"type": "string"}}]
    with pytest.raises(GraphsliceError, match="OAS303"):
        make({"/a": item})


def test_webhooks_give_models_only(make: Resolve) -> None:
    hook = {
        "post": {
            "requestBody": {
                "content": {"application/json": {"schema": {"type": "object", "properties": {"n": {"type": "string"}}}}}
            }
        }
    }
    model = make({}, root={"webhooks": {"boat.sunk": hook}})
    assert not model.paths
    assert [one.name for one in model.types.values()] == ["SunkPostRequestBody"]


def test_swagger_2_is_read_as_its_3_0_shape(make: Resolve) -> None:
    item = {
        "post": {
            "consumes": ["application/x-www-form-urlencoded"],
            "parameters": [
                {
                    "name": "tags",
                    "in": "query",
                    "type": "array",
                    "items": {"type": "string"},
                    "collectionFormat": "multi",
                },
                {"name": "dpi", "in": "formData", "type": "integer"},
            ],
            "responses": {"200": {"description": "x", "schema": {"$ref": "#/definitions/Boat"}}},
        }
    }
    root = {
        "openapi": None,
        "swagger": "2.0",
        "host": "a.test",
        "basePath": "/v2",
        "schemes": ["http", "https"],
        "definitions": BOAT,
    }
    model = make({"/scan": item}, root=root)
    found = model.paths[0].operations[0]
    assert model.base_url == "https://a.test/v2"
    assert found.result.type == NamedRef("Boat")
    assert found.body is not None
    assert (found.body.content_type, found.body.kind) == ("application/x-www-form-urlencoded", BodyKind.MODEL)
    assert [(one.name, one.explode) for one in found.query] == [("tags", True)]
