"""Composed types hold, read and write each of their members: any JSON value goes through a client unchanged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from kiota_serialization_json.json_parse_node import JsonParseNode
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter

from .conftest import Build, answer, ref

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
COLOUR = {"type": "string", "enum": ["red", "green"]}


def thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def listed(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


SCHEMAS = {
    "Oak": thing(kind=TEXT, rings=NUMBER, leaves=listed(TEXT), colour=COLOUR),
    "Elm": thing(kind=TEXT, height={"type": "number"}, near=ref("Oak")),
    "Colour": COLOUR,
    "Tag": TEXT,
    "Tree": {
        "oneOf": [ref("Oak"), ref("Elm")],
        "discriminator": {"propertyName": "kind", "mapping": {"oak": "#/components/schemas/Oak", "e": "Elm"}},
    },
}
CHOICES: dict[str, Any] = {
    "named": {"oneOf": [ref("Oak"), ref("Elm")], "discriminator": SCHEMAS["Tree"]["discriminator"]},
    "shaped": {"oneOf": [ref("Oak"), ref("Elm")]},
    "both": {"anyOf": [ref("Oak"), ref("Elm")]},
    "plain": {"oneOf": [TEXT, NUMBER, {"type": "boolean"}]},
    "dated": {"oneOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "uuid"}, NUMBER]},
    "many": {"oneOf": [listed(TEXT), listed(NUMBER), listed(ref("Oak")), TEXT, ref("Oak")]},
    "coloured": {"oneOf": [ref("Colour"), ref("Oak"), NUMBER]},
    "wordy": {"oneOf": [ref("Colour"), TEXT]},
    "colours": {"anyOf": [listed(ref("Colour")), ref("Colour"), {"type": "null"}]},
    "types": {"type": ["string", "integer", "array", "object", "null"], "items": TEXT, "properties": {"a": TEXT}},
    "inner": {"oneOf": [ref("Tree"), TEXT]},
    "inline": {"oneOf": [thing(a=TEXT), thing(b=NUMBER), {"type": "null"}]},
    "empty": {"oneOf": [{"type": "object"}, TEXT]},
    "tag": {"anyOf": [ref("Tag"), {"type": "null"}]},
    "tree": ref("Tree"),
    "trees": listed(ref("Tree")),
    "mixed": listed({"oneOf": [ref("Oak"), TEXT]}),
    "mapped": {"oneOf": [{"type": "object", "additionalProperties": TEXT}, ref("Oak")]},
}

_TEXTS = st.sampled_from(
    ["", "red", "mauve", "oak", "2020-02-30T00:00:00Z", "2020-02-29T01:02:03.5+01:00", "true", "1"]
)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 2**40)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | _TEXTS
    | st.text()
)
_NAMES = st.sampled_from(["kind", "rings", "leaves", "colour", "height", "near", "a", "b", "@odata.type", "other"])
VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=4),
    max_leaves=8,
)
OAK = {"kind": "oak", "rings": 3, "leaves": ["a", "b"], "colour": "red"}
ELM = {"kind": "E", "height": 2.5, "near": {"kind": "oak"}}


def spelled(value: Any) -> Any:
    writer = JsonSerializationWriter()
    writer.write_object_value(None, value)
    return json.loads(writer.get_serialized_content())


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; JSON knows one kind of number only, but true is none."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


@pytest.fixture
def wood(build: Build) -> Any:
    return build({"/woods": answer(ref("Wood"))}, {**SCHEMAS, "Wood": thing(**CHOICES)})


@pytest.mark.slow
def test_any_value_goes_back_as_it_came(wood: Any) -> None:
    cls, refusal = wood.cls("models.wood:Wood"), wood.module("_runtime.model").UnexpectedValue

    @settings(max_examples=400, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sampled_from(sorted(CHOICES)), VALUES)
    @example("named", OAK)
    @example("shaped", ELM)
    @example("both", {**OAK, **ELM})
    @example("colours", ["red", "mauve"])
    def goes_through(name: str, value: Any) -> None:
        raw = {name: value}
        try:
            made = cls.from_dict(raw)
        except refusal:
            # No choice refuses a plain value; only where an object or list belongs is anything else an error.
            assert isinstance(value, (dict, list)) or name in ("trees", "mixed", "mapped")
            return
        assert same(made.to_dict(), raw)
        assert same(spelled(made), raw)
        assert same(spelled(JsonParseNode(raw).get_object_value(cls)), raw)

    goes_through()


@pytest.mark.parametrize(
    ("name", "raw", "held"),
    [
        ("named", OAK, {"oak": "Oak"}),
        ("named", ELM, {"elm": "Elm"}),
        ("shaped", {"rings": 1}, {"oak": "Oak"}),
        ("shaped", {"height": 1.5}, {"elm": "Elm"}),
        ("both", {"rings": 1, "height": 1.5}, {"oak": "Oak", "elm": "Elm"}),
        ("plain", True, {"boolean": "bool"}),
        ("plain", 3, {"integer": "int"}),
        ("plain", "3", {"string": "str"}),
        ("many", [1, 2], {"integer": "list"}),
        ("coloured", "red", {"colour": "Colour"}),
        ("coloured", 4, {"integer": "int"}),
        ("wordy", "mauve", {"string": "str"}),
        ("colours", ["red"], {"colour": "list"}),
        ("types", {"a": "x"}, {"wood_types_member1": "Wood_typesMember1"}),
        ("inline", {"b": 1}, {"wood_inline_member2": "Wood_inlineMember2"}),
        ("tag", "x", {"string": "str"}),
        ("inner", "x", {"string": "str"}),
    ],
)
def test_the_member_that_fits_holds_the_value(wood: Any, name: str, raw: Any, held: dict[str, str]) -> None:
    made = getattr(wood.cls("models.wood:Wood").from_dict({name: raw}), name)
    attributes = [prop.attribute for prop in type(made)._own_props()]
    found = {one: type(getattr(made, one)).__name__ for one in attributes if getattr(made, one) is not None}
    assert found == held


@pytest.mark.slow
def test_each_member_that_is_set_by_hand_is_what_is_sent(wood: Any) -> None:
    cls = wood.cls("models.wood:Wood")
    oak, elm = wood.cls("models.oak:Oak"), wood.cls("models.elm:Elm")
    samples = {
        "str": "word",
        "int": 7,
        "bool": False,
        "float": 1.5,
        "strs": ["a", ""],
        "ints": [0],
        "object": {"Oak": oak(rings=0), "Elm": elm(height=0.5)},
    }
    tried = 0
    for name in CHOICES:
        kind = next(prop for prop in cls._own_props() if prop.attribute == name)
        wrapper = kind.cls if kind.item == "object" else None
        for prop in wrapper._own_props() if wrapper is not None and hasattr(wrapper, "_members") else ():
            sample = samples.get(prop.kind)
            value = sample.get(prop.cls.__name__) if isinstance(sample, dict) else sample
            if value is None:
                continue
            made = wrapper(**{prop.attribute: value})
            expected = value.to_dict() if hasattr(value, "to_dict") else value
            whole = cls(**{name: [made] if kind.many else made})
            assert spelled(whole) == whole.to_dict() == {name: [expected] if kind.many else expected}
            tried += 1
    assert tried > 20
