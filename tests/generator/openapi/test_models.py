"""Schemas to classes: inheritance, merging, choices, names and defaults."""

from __future__ import annotations

from typing import Any

import pytest

from graphslice.api.model import (
    ApiModel,
    ComposedType,
    Composition,
    EnumType,
    ListRef,
    NamedRef,
    ObjectType,
    Primitive,
    PrimitiveRef,
    UntypedRef,
)
from graphslice.openapi.text import digits_of, parse

from .conftest import Resolve, answer, ref

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


def thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def get(make: Resolve, schema: Any, schemas: dict[str, Any] | None = None, **more: Any) -> ApiModel:
    return make({"/boats": answer(schema)}, schemas, **more)


def obj(model: ApiModel, name: str) -> ObjectType:
    found = next(one for one in model.types.values() if one.name == name)
    assert isinstance(found, ObjectType)
    return found


def names(declared: ObjectType) -> list[str]:
    return [one.name for one in declared.properties]


BASE = {"Base": thing(id=TEXT)}


@pytest.mark.parametrize(
    ("schema", "base", "own"),
    [
        ({"allOf": [ref("Base"), thing(a=TEXT)]}, "Base", ["a"]),
        ({"allOf": [thing(a=TEXT), ref("Base")]}, "Base", ["a"]),
        ({"allOf": [ref("Base")], **thing(a=TEXT)}, "Base", ["a"]),
        ({"allOf": [ref("Base"), thing(a=TEXT), thing(b=TEXT)]}, "Base", ["a", "b"]),
        ({"allOf": [ref("Base"), {"required": ["id"]}, thing(a=TEXT)]}, "Base", ["a"]),
        ({"allOf": [thing(a=TEXT), thing(b=TEXT)]}, None, ["a", "b"]),
        ({"allOf": [ref("Base"), ref("Other")]}, None, ["id", "o"]),
        ({"allOf": [{"allOf": [ref("Base"), thing(a=TEXT)]}]}, "Base", ["a"]),
    ],
)
def test_what_a_class_derives_from(make: Resolve, schema: Any, base: str | None, own: list[str]) -> None:
    found = obj(get(make, ref("Boat"), {**BASE, "Other": thing(o=TEXT), "Boat": schema}), "Boat")
    assert (found.base, names(found)) == (base, own)


def test_several_inline_parts_written_in_place_copy_the_base(make: Resolve) -> None:
    found = obj(get(make, {"allOf": [ref("Base"), thing(a=TEXT), thing(b=TEXT)]}, BASE), "BoatsGetResponse")
    assert (found.base, names(found)) == (None, ["id", "a", "b"])


def test_bases_in_a_circle_and_unions_as_bases_are_read(make: Resolve) -> None:
    circle = {"A": {"allOf": [ref("B"), thing(a=TEXT)]}, "B": {"allOf": [ref("A"), thing(b=TEXT)]}}
    model = get(make, ref("A"), circle)
    assert "OAS203" in {one.code for one in model.diagnostics}
    pair = {"Pair": {"oneOf": [ref("Base"), thing(n=TEXT)]}, "Boat": {"allOf": [ref("Pair"), thing(a=TEXT)]}}
    assert obj(get(make, ref("Boat"), {**BASE, **pair}), "Boat").base is None


def test_a_property_of_which_no_type_is_told_again_keeps_that_of_the_base(make: Resolve) -> None:
    base = {"Base": thing(id=TEXT, parts={"type": "array", "items": TEXT}, size=NUMBER)}
    again = thing(id={"description": "Its own."}, parts={"items": {"minLength": 1}}, size=TEXT, free={"title": "x"})
    model = get(make, ref("Boat"), {**base, "Boat": {"allOf": [ref("Base"), again]}})
    assert [one.name for one in obj(model, "Boat").properties] == ["size", "free"]


def test_inline_names_come_from_the_path_and_the_property(make: Resolve) -> None:
    schema = thing(
        hull=thing(depth=NUMBER), masts={"type": "array", "items": thing(height=NUMBER)}, kind={"enum": ["a", "b"]}
    )
    model = get(make, schema)
    assert sorted(one.name for one in model.types.values()) == [
        "BoatsGetResponse",
        "BoatsGetResponse_hull",
        "BoatsGetResponse_kind",
        "BoatsGetResponse_masts",
    ]
    assert {one.place.path for one in model.types.values()} == {"/boats"}


def test_a_list_of_inline_objects_is_called_like_its_segment(make: Resolve) -> None:
    model = get(make, {"type": "array", "items": thing(a=TEXT)})
    assert model.paths[0].operations[0].result.type == ListRef(NamedRef("/boats#Boats"))


def test_children_come_along_and_are_told_apart_by_name_or_mapping(make: Resolve) -> None:
    child = {"allOf": [ref("Base"), thing(a=TEXT)]}
    plain = get(make, ref("Base"), {**BASE, "Child": child})
    assert sorted(plain.types) == ["Base", "Child"]
    base = {**thing(id=TEXT), "discriminator": {"propertyName": "id"}}
    implied = obj(get(make, ref("Base"), {"Base": base, "Child": child}), "Base").discriminator
    assert implied is not None
    assert implied.mapping == (("Child", "Child"),)
    mapping = {
        "c": "#/components/schemas/Child",
        "bare": "Child",
        "self": "#/components/schemas/Base",
        "gone": "#/components/schemas/No",
    }
    base["discriminator"] = {"propertyName": "id", "mapping": mapping}
    stated = obj(get(make, ref("Base"), {"Base": base, "Child": child}), "Base").discriminator
    assert stated is not None
    assert stated.mapping == (("c", "Child"), ("bare", "Child"))


def choice(make: Resolve, schema: Any, schemas: dict[str, Any] | None = None, **more: Any) -> ComposedType:
    model = get(make, thing(x=schema), schemas, **more)
    prop = obj(model, "BoatsGetResponse").properties[0]
    assert isinstance(prop.type, NamedRef)
    found = model.types[prop.type.id]
    assert isinstance(found, ComposedType)
    return found


def test_a_choice_holds_every_alternative(make: Resolve) -> None:
    alternatives = [
        ref("Base"),
        thing(a=TEXT),
        TEXT,
        {"type": "array", "items": TEXT},
        {"type": "array", "items": ref("Base")},
    ]
    found = choice(make, {"oneOf": alternatives}, BASE)
    assert found.composition is Composition.UNION
    kinds = [type(one.type).__name__ for one in found.members]
    assert sorted(kinds) == ["ListRef", "ListRef", "NamedRef", "NamedRef", "PrimitiveRef"]
    assert len({one.name for one in found.members}) == 5


def test_an_alternative_is_chosen_by_mapping_else_by_name(make: Resolve) -> None:
    both = {**BASE, "Other": thing(o=TEXT)}
    named = choice(make, {"oneOf": [ref("Base"), ref("Other")]}, both)
    assert [one.keys for one in named.members] == [("Base",), ("Other",)]
    mapping = {"propertyName": "k", "mapping": {"b": "#/components/schemas/Base", "c": "#/components/schemas/Base"}}
    mapped = choice(make, {"anyOf": [ref("Base"), ref("Other")], "discriminator": mapping}, both)
    assert (mapped.composition, mapped.members[0].keys) == (Composition.INTERSECTION, ("b", "c"))


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"anyOf": [ref("Base"), {"type": "null"}]}, NamedRef("Base")),
        ({"oneOf": [{"type": "null"}, ref("Base")]}, NamedRef("Base")),
        ({"anyOf": [ref("Base"), {"type": ["object", "null"]}]}, NamedRef("Base")),
        ({"allOf": [ref("Base")], "description": "x"}, NamedRef("Base")),
        ({"oneOf": [ref("Base")]}, NamedRef("Base")),
        ({"type": ["string", "null"], "format": "date"}, PrimitiveRef(Primitive.DATE)),
        ({"type": ["integer", "string"], "format": "int64"}, PrimitiveRef(Primitive.INT64)),
        ({"oneOf": [{"type": "number"}, TEXT, {"enum": ["INF", "-INF", "NaN"]}]}, PrimitiveRef(Primitive.DOUBLE)),
        ({"type": "array", "items": {"type": "array", "items": TEXT}}, UntypedRef()),
        ({"type": "array"}, ListRef(UntypedRef())),
        (True, UntypedRef()),
        ({"format": "uuid"}, PrimitiveRef(Primitive.UUID)),
        ({"type": "string", "format": "byte"}, PrimitiveRef(Primitive.BINARY)),
        ({"const": "x"}, UntypedRef()),
    ],
)
def test_the_type_of_a_property(make: Resolve, schema: Any, expected: Any) -> None:
    assert obj(get(make, thing(x=schema), BASE), "BoatsGetResponse").properties[0].type == expected


def test_a_named_plain_value_beside_null_is_a_class_that_holds_it(make: Resolve) -> None:
    found = choice(make, {"oneOf": [{"type": "null"}, ref("Snow")]}, {"Snow": {"type": "string"}})
    assert (found.name, found.plain, [one.type for one in found.members]) == (
        "Snow",
        True,
        [PrimitiveRef(Primitive.STRING)],
    )


def test_two_schemas_of_one_name_share_a_class_with_the_properties_of_both(make: Resolve) -> None:
    schemas = {"Boat": thing(a=TEXT, x=ref("boat")), "boat": thing(b=TEXT)}
    model = get(make, ref("Boat"), schemas)
    assert names(obj(model, "Boat")) == ["a", "b", "x"]
    assert "OAS202" in {one.code for one in model.diagnostics}


def test_an_enum_and_an_object_of_one_name_are_two_types(make: Resolve) -> None:
    model = get(make, ref("Boat"), {"Boat": thing(kind=ref("boat")), "boat": {"type": "string", "enum": ["a"]}})
    assert sorted(type(one).__name__ for one in model.types.values()) == ["EnumType", "ObjectType"]


def test_enums_take_names_from_x_ms_enum_and_leave_null_out(make: Resolve) -> None:
    values = [{"value": "a", "name": "Alpha", "description": "first"}]
    enum = {"type": "string", "enum": ["a", "b", None], "x-ms-enum": {"name": "Other", "values": values}}
    found = get(make, ref("Kind"), {"Kind": enum}).types["Kind"]
    assert isinstance(found, EnumType)
    assert [(one.name, one.value, one.description) for one in found.members] == [
        ("Alpha", "a", "first"),
        ("b", "b", ""),
    ]


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "default": "12"}, 12),
        ({"type": "integer", "default": 2**40}, None),
        ({"type": "integer", "format": "int64", "default": 2**40}, 2**40),
        ({"type": "boolean", "default": "True"}, True),
        ({"type": "boolean", "default": 1}, None),
        ({"type": "string", "default": ""}, None),
        ({"type": "string", "default": "null"}, None),
        ({"type": "string", "format": "date", "default": "soon"}, None),
        ({"type": "string", "enum": ["a"], "default": "a"}, "a"),
        ({"type": "string", "enum": ["a"], "default": "b"}, None),
        ({"type": "array", "items": TEXT, "default": ["x"]}, None),
    ],
)
def test_defaults_are_parsed_by_the_type(make: Resolve, schema: Any, expected: Any) -> None:
    assert obj(get(make, thing(x=schema)), "BoatsGetResponse").properties[0].default == expected


def test_words_beside_a_reference_count_from_3_1_on(make: Resolve) -> None:
    schema = thing(x={**ref("Base"), "readOnly": True})
    assert obj(get(make, schema, BASE), "BoatsGetResponse").properties[0].read_only
    assert not obj(get(make, schema, BASE, version="3.0.3"), "BoatsGetResponse").properties[0].read_only


def test_a_common_prefix_of_components_is_no_namespace(make: Resolve) -> None:
    schemas = {"a.b.Boat": thing(x=ref("a.b.c.Crew")), "a.b.c.Crew": thing(n=TEXT)}
    model = get(make, ref("a.b.Boat"), schemas)
    assert {one.id: one.place.namespace for one in model.types.values()} == {"a.b.Boat": (), "a.b.c.Crew": ("c",)}


def test_generic_schemas_are_made_once_for_each_binding(make: Resolve) -> None:
    page = {
        "type": "object",
        "$defs": {"item": {"$dynamicAnchor": "item", "type": "object"}},
        "properties": {"items": {"type": "array", "items": {"$dynamicRef": "#item"}}},
    }
    bound = {**ref("Page"), "$defs": {"item": {"$dynamicAnchor": "item", **ref("Base")}}}
    model = get(make, thing(a=bound, b=bound), {**BASE, "Page": page})
    assert sorted(one.name for one in model.types.values()) == ["Base", "BoatsGetResponse", "PageBase"]
    assert obj(model, "PageBase").properties[0].type == ListRef(NamedRef("Base"))


def test_a_long_chain_of_schemas_is_no_problem(make: Resolve) -> None:
    schemas = {f"S{n}": thing(next=ref(f"S{n + 1}")) for n in range(600)}
    schemas["S600"] = thing(end=TEXT)
    assert len(get(make, ref("S0"), schemas).types) == 601


def test_the_same_description_gives_the_same_model(make: Resolve) -> None:
    schemas = {**BASE, "Boat": {"allOf": [ref("Base"), thing(x={"oneOf": [ref("Base"), TEXT]}, y={"enum": ["a"]})]}}
    first, second = get(make, ref("Boat"), schemas), get(make, ref("Boat"), schemas)
    assert (first.paths, dict(first.types)) == (second.paths, dict(second.types))


@pytest.mark.parametrize("kind", ["string", "integer", "number", "boolean", None])
def test_one_text_makes_an_enum_whatever_type_is_stated(make: Resolve, kind: str | None) -> None:
    schema = {"enum": ["far", 2, True], **({"type": kind} if kind else {})}
    model = get(make, thing(range=schema))
    (found,) = [one for one in model.types.values() if isinstance(one, EnumType)]
    assert [member.value for member in found.members] == ["far", "2"]


def test_names_of_enum_members_are_given_whatever_their_case(make: Resolve) -> None:
    values = [{"value": "NEAR", "name": "CloseBy"}, {"value": "near", "name": "Late"}, {"value": "else", "name": "No"}]
    model = get(make, thing(range={"type": "string", "enum": ["near", "far"], "x-ms-enum": {"values": values}}))
    (found,) = [one for one in model.types.values() if isinstance(one, EnumType)]
    assert [(member.name, member.value) for member in found.members] == [("CloseBy", "near"), ("far", "far")]


@pytest.mark.parametrize(
    ("written", "digits"), [("6.50", "6.50"), ("1e3", "1000"), ("1000000", "1000000"), ("0.1", "0.1")]
)
@pytest.mark.parametrize("json", [True, False])
def test_numbers_among_the_texts_of_an_enum_keep_their_digits(written: str, digits: str, json: bool) -> None:
    text = f'{{"enum": ["x", {written}]}}' if json else f"enum: [x, {written}]\n"
    assert [digits_of(one) for one in parse(text.encode(), "a.json" if json else "a.yaml")["enum"][1:]] == [digits]


def test_a_member_of_a_choice_stands_once(make: Resolve) -> None:
    listed = {"type": "array", "items": TEXT}
    model = get(make, thing(words={"oneOf": [TEXT, listed, {"type": "string", "enum": ["a"]}, NUMBER]}))
    (found,) = [one for one in model.types.values() if isinstance(one, ComposedType)]
    assert len(found.members) == 3


@pytest.mark.parametrize(
    ("said", "own"), [({"x-const": "a"}, []), ({"description": "D."}, []), ({"default": "a"}, ["id"])]
)
def test_a_property_that_says_no_type_anew_keeps_the_inherited_one(
    make: Resolve, said: dict[str, Any], own: list[str]
) -> None:
    child = {"allOf": [ref("Base"), thing(id=said)]}
    found = obj(get(make, ref("Child"), {**BASE, "Child": child}), "Child")
    assert names(found) == own
    assert all(one.type == PrimitiveRef(Primitive.STRING) and one.default == "a" for one in found.properties)
