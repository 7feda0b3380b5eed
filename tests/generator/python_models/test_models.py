"""Models: what a generated class shows, reads and writes."""

from __future__ import annotations

import datetime
import inspect
import subprocess
import sys
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter

from graphslice.api.model import (
    ComposedMember,
    ComposedType,
    Composition,
    Deprecation,
    Discriminator,
    EnumMember,
    EnumType,
    ListRef,
    NamedRef,
    Origin,
    Place,
    Primitive,
    PrimitiveRef,
    UntypedRef,
)

from .conftest import Generate, prop, thing

STRING = PrimitiveRef(Primitive.STRING)
INTEGER = PrimitiveRef(Primitive.INT32)


def fields(cls: type) -> dict[str, str]:
    return {name: text for name, text in inspect.get_annotations(cls).items() if not name.startswith("_")}


def enum(name: str, *values: str, **more: Any) -> EnumType:
    members = tuple(EnumMember(name=value, value=value) for value in values)
    return EnumType(id=name, name=name, place=Place(), origin=Origin.ENUM, members=members, **more)


# -------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("wires", "attributes"),
    [
        (["displayName", "@odata.type", "client-request-id"], ["display_name", "odata_type", "client_request_id"]),
        (["from", "None", "additionalData"], ["from_", "none_", "additional_data_property"]),
        (["planted_on", "planted-on", "plantedon"], ["planted_on", "thing_planted_on", "thing_plantedon"]),
        (["fooBar", "foo_bar"], ["thing_foo_bar", "foo_bar"]),
        (["FooBar", "fooBar", "foobar"], ["foo_bar", "thing_foo_bar", "thing_foobar"]),
        (["from_", "from"], ["from_", "thing_from"]),
        (["__class__", "na\u00efve-\u00dcbung", "2d"], ["class__", "na\u00efve_\u00fcbung", "twod"]),
        (
            ["serialize", "createFromDiscriminatorValue"],
            ["serialize_property", "create_from_discriminator_value_property"],
        ),
        (["", "$", "%"], ["property_", "dollar", "percent"]),
    ],
)
def test_every_property_has_an_attribute(generate: Generate, wires: list[str], attributes: list[str]) -> None:
    client = generate(thing("thing", *(prop(wire, STRING) for wire in wires)))
    made = client.cls("models.thing", "Thing")
    assert sorted(set(fields(made)) - {"additional_data"}) == sorted(attributes)
    values = {attribute: f"value of {wire}" for wire, attribute in zip(wires, attributes, strict=True)}
    assert made(**values).to_dict() == {wire: f"value of {wire}" for wire in wires}


def test_names_do_not_depend_on_the_order_of_properties(generate: Generate) -> None:
    wires = ["fooBar", "foo_bar", "x"]
    names = []
    for order in (wires, wires[::-1]):
        client = generate(thing("thing", *(prop(wire, STRING) for wire in order)))
        names.append(set(fields(client.cls("models.thing", "Thing"))))
    assert names[0] == names[1]


def test_an_ancestors_attribute_is_not_taken_over(generate: Generate) -> None:
    client = generate(thing("base", prop("tag_no", STRING)), thing("derived", prop("tagNo", STRING), base="base"))
    derived = client.cls("models.derived", "Derived")
    assert list(fields(derived)) == ["derived_tag_no"]
    assert derived(tag_no="a", derived_tag_no="b").to_dict() == {"tag_no": "a", "tagNo": "b"}


def test_a_redeclared_property_is_a_default_only(generate: Generate) -> None:
    client = generate(
        thing("base", prop("@odata.type", STRING)),
        thing("derived", prop("@odata.type", STRING, default="#derived"), base="base"),
    )
    derived = client.cls("models.derived", "Derived")
    assert derived().odata_type == "#derived"
    assert client.cls("models.base", "Base")().odata_type is None
    assert "_properties" not in vars(derived)
    assert set(derived().get_field_deserializers()) == {"@odata.type"}


def test_a_redeclared_property_of_another_type_is_read_as_that_type(generate: Generate) -> None:
    members = (EnumMember(name="calm", value="calm"),)
    mood = EnumType(id="mood", name="mood", place=Place(), origin=Origin.SCHEMA, members=members)
    base = thing(
        "base",
        prop("kind", STRING),
        prop("size", PrimitiveRef(Primitive.DOUBLE)),
        prop("age", INTEGER),
        prop("part", NamedRef("part")),
        prop("parts", ListRef(NamedRef("part"))),
        prop("free", UntypedRef()),
        prop("code", INTEGER),
    )
    derived = thing(
        "derived",
        prop("kind", NamedRef("mood")),
        prop("size", INTEGER),
        prop("age", PrimitiveRef(Primitive.INT64)),
        prop("part", NamedRef("wheel")),
        prop("parts", ListRef(NamedRef("wheel"))),
        prop("free", STRING),
        prop("code", STRING),
        base="base",
    )
    client = generate(base, derived, mood, thing("part"), thing("wheel", base="part"))
    read = {"kind": "calm", "part": {}, "parts": [{}], "code": "x1"}
    loaded = client.cls("models.derived", "Derived").from_dict(read)
    wheel = client.cls("models.wheel", "Wheel")
    assert loaded.kind is client.cls("models.mood", "Mood").Calm
    assert (type(loaded.part), type(loaded.parts[0]), loaded.code) == (wheel, wheel, "x1")
    assert loaded.to_dict() == read
    assert type(client.cls("models.base", "Base").from_dict({"kind": "calm"}).kind) is str
    check_types(client)


def test_a_default_of_what_the_service_sets_is_shown_and_not_sent(generate: Generate) -> None:
    client = generate(thing("ship", prop("state", STRING, default="new", read_only=True), prop("flag", STRING)))
    ship = client.cls("models.ship", "Ship")(flag="x")
    writer = JsonSerializationWriter()
    writer.write_object_value(None, ship)
    assert ship.state == "new"
    assert writer.get_serialized_content() == b'{"flag": "x"}'


def test_attributes_that_hide_types_stay_usable(generate: Generate) -> None:
    client = generate(
        thing(
            "thing",
            prop("str", STRING, default="a"),
            prop("int", STRING),
            prop("datetime", PrimitiveRef(Primitive.DATE_TIME), default="2020-02-29T12:30:00Z"),
            prop("zuletzt", PrimitiveRef(Primitive.DATE), default="2020-02-29"),
            prop("zzz", INTEGER),
        )
    )
    made = client.cls("models.thing", "Thing")()
    assert made.datetime == datetime.datetime(2020, 2, 29, 12, 30, tzinfo=datetime.timezone.utc)
    assert made.zuletzt == datetime.date(2020, 2, 29)
    assert fields(type(made))["zzz"] == "builtins.int | None"
    check_types(client)


# ------------------------------------------------------------------------------------------------------- places


def test_types_live_in_their_namespaces(generate: Generate) -> None:
    client = generate(
        thing("a", place=Place(("callRecords",))),
        thing("security", place=Place(())),
        thing("alert", place=Place(("security",))),
        thing("body", place=Place(path="/users/{id}/microsoft.graph.send(x={x})")),
    )
    assert client.modules() == [
        "models.call_records.a",
        "models.security.alert",
        "models.security.security",
        "users.item.microsoft_graph_send_with_x.body",
    ]


def test_types_of_one_name_keep_apart(generate: Generate) -> None:
    client = generate(
        thing("x.alert", prop("a", NamedRef("y.alert"))),
        thing("y.alert", prop("b", NamedRef("x.alert")), place=Place(("y",)), base="x.alert"),
        thing("Alert", prop("c", NamedRef("x.alert"))),
        thing("a_lert"),
        thing("aLert"),
    )
    assert client.modules() == ["models.a_lert", *(f"models.alert{n}" for n in ("", "1", "2")), "models.y.alert"]
    assert all(client.cls(f"models.alert{number}", "Alert") for number in ("", "1", "2"))  # as in Kiota, whatever case
    outer, inner = client.cls("models.alert", "Alert"), client.cls("models.y.alert", "Alert")
    assert issubclass(inner, outer) and inner is not outer
    check_types(client)


def test_of_names_that_differ_by_case_the_first_that_is_reached_has_the_plain_module(generate: Generate) -> None:
    client = generate(
        thing("Label", prop("size", PrimitiveRef(Primitive.INT32))),
        thing("book", prop("first", NamedRef("label")), prop("second", NamedRef("Label"))),
        thing("label", prop("text", PrimitiveRef(Primitive.STRING))),
        patched=("book",),
    )
    book = client.cls("models.book", "Book").from_dict({"first": {"text": "t"}, "second": {"size": 1}})
    assert isinstance(book.first, client.cls("models.label", "Label")) and book.first.text == "t"
    assert isinstance(book.second, client.cls("models.label1", "Label")) and book.second.size == 1
    check_types(client)


@pytest.mark.parametrize(
    "name", ["datetime", "typing", "builtins", "con", "import", "Parsable", "Prop", "model", "Any", "UUID"]
)
def test_type_names_that_mean_something_else(generate: Generate, name: str) -> None:
    client = generate(
        thing(
            name,
            prop("self", NamedRef(name)),
            prop("at", PrimitiveRef(Primitive.DATE_TIME)),
            prop("id", PrimitiveRef(Primitive.UUID), default="0a1b2c3d-0000-4000-8000-000000000001"),
            prop("any", UntypedRef()),
        )
    )
    (module,) = client.modules()
    class_name = next(line for line in client.text(module).splitlines() if line.startswith("class ")).split("(")[0][6:]
    made = client.cls(module, class_name)
    assert made.from_dict({"at": "2020-01-01T00:00:00Z"}).to_dict()["at"] == "2020-01-01T00:00:00Z"
    check_types(client)


# ----------------------------------------------------------------------------------------------------- defaults


@pytest.mark.parametrize(
    ("kind", "default", "value"),
    [
        (Primitive.STRING, 'calm "sea"\n', 'calm "sea"\n'),
        (Primitive.STRING, 5, "5"),
        (Primitive.BOOLEAN, False, False),
        (Primitive.INT64, 9_000_000_000, 9_000_000_000),
        (Primitive.DOUBLE, 0.25, 0.25),
        (Primitive.DATE, "2020-02-29", datetime.date(2020, 2, 29)),
        (Primitive.TIME, "08:15:00.5000000", datetime.time(8, 15, 0, 500000)),
        (
            Primitive.DATE_TIME,
            "2020-02-29T12:30:00+02:00",
            datetime.datetime.fromisoformat("2020-02-29T12:30:00+02:00"),
        ),
        (Primitive.DURATION, "-P1DT2H0.5S", -datetime.timedelta(days=1, hours=2, seconds=0.5)),
        (Primitive.UUID, "0A1B2C3D-0000-4000-8000-000000000001", UUID("0a1b2c3d-0000-4000-8000-000000000001")),
        (Primitive.BINARY, "T0RhdGE", b"OData"),
        (Primitive.DATE, "tomorrow", None),
        (Primitive.DATE_TIME, "2020-13-01T00:00:00Z", None),
        (Primitive.DURATION, "P1Y", None),
        (Primitive.DURATION, "P9999999999D", None),
        (Primitive.UUID, "import os", None),
        (Primitive.BINARY, "###", None),
        (Primitive.INT32, "__import__('os')", None),
    ],
)
def test_defaults_are_values(generate: Generate, kind: Primitive, default: Any, value: Any) -> None:
    client = generate(thing("thing", prop("a", PrimitiveRef(kind), default=default)))
    made = client.cls("models.thing", "Thing")().a
    assert made == value and type(made) is type(value)


def test_enum_defaults(generate: Generate) -> None:
    client = generate(
        enum("mood", "calm", "None"),
        thing("thing", prop("a", NamedRef("mood"), default="None"), prop("b", NamedRef("mood"), default="CALM")),
    )
    made = client.cls("models.thing", "Thing")()
    assert made.a is client.cls("models.mood", "Mood").None_
    assert made.b is None


# -------------------------------------------------------------------------------------------------------- enums


def test_every_value_of_an_enum_has_a_member(generate: Generate) -> None:
    client = generate(enum("sort", "a b", "aB", "in", "2d", "", "a b", "_x", "mro", "none", "None"))
    made = client.cls("models.sort", "Sort")
    assert {member.name: member.value for member in made} == {
        "AB": "a b",
        "AB0": "aB",
        "In_": "in",
        "Twod": "2d",
        "X": "_x",
        "Mro": "mro",
        "None_": "none",
        "None0": "None",
    }


def test_flags_survive_a_round_trip(generate: Generate) -> None:
    client = generate(
        enum("ink", "black", "red", flags=True), thing("thing", prop("ink", NamedRef("ink"), default="red,black"))
    )
    ink, made = client.cls("models.ink", "Ink"), client.cls("models.thing", "Thing")
    assert fields(made)["ink"] == "Ink | None"
    assert made().ink == ink.Black | ink.Red
    assert made.from_dict({"ink": "black,red"}).to_dict() == {"ink": "black,red"}
    assert set(made.from_dict({"ink": "black,red"}).ink) == {ink.Black, ink.Red}


def test_member_names_are_documented(generate: Generate) -> None:
    declared = EnumType(
        id="e",
        name="e",
        place=Place(),
        origin=Origin.ENUM,
        description="What it is",
        members=(
            EnumMember(name="a", value="a", description='Ends in a quote "'),
            EnumMember(name="b", value="b", deprecation=Deprecation(description="Use a.", date="2024-01-01")),
        ),
    )
    text = generate(declared).text("models.e")
    assert '    """Ends in a quote \\u0022."""' in text or '"""Ends in a quote "."""' in text
    assert '"""Deprecated since 2024-01-01.' in text


# ---------------------------------------------------------------------------------------------------- hierarchy


@pytest.mark.parametrize(
    ("options", "bases"),
    [
        ({}, ["AdditionalDataHolder", "Parsable"]),
        ({"format": "csdl"}, ["AdditionalDataHolder", "BackedModel", "Parsable"]),
        ({"backing_store": True}, ["AdditionalDataHolder", "BackedModel", "Parsable"]),
        ({"format": "csdl", "backing_store": False}, ["AdditionalDataHolder", "Parsable"]),
        ({"additional_data": False}, ["Parsable"]),
    ],
)
def test_roots(generate: Generate, options: dict[str, Any], bases: list[str]) -> None:
    made = generate(thing("thing"), **options).cls("models.thing", "Thing")
    assert [base.__name__ for base in made.__bases__] == bases
    assert ("additional_data" in fields(made)) is ("AdditionalDataHolder" in bases)


def test_an_open_child_of_a_closed_base(generate: Generate) -> None:
    client = generate(
        thing("base", additional_data=False), thing("child", base="base"), thing("grandchild", base="child")
    )
    assert [base.__name__ for base in client.cls("models.child", "Child").__bases__] == [
        "Base",
        "AdditionalDataHolder",
        "Parsable",
    ]
    assert [base.__name__ for base in client.cls("models.grandchild", "Grandchild").__bases__] == ["Child", "Parsable"]


def test_errors_are_exceptions_with_a_message(generate: Generate) -> None:
    client = generate(
        thing("base", prop("code", STRING), prop("error", NamedRef("main"))),
        thing("main", prop("text", STRING)),
        thing(
            "fault",
            prop("args", STRING),
            prop("primaryMessage", STRING),
            prop("response_headers", STRING),
            base="base",
            error=True,
            primary_message=("error", "text"),
        ),
    )
    made = client.cls("models.fault", "Fault")
    assert issubclass(made, Exception)
    assert set(fields(made)) == {
        *("additional_data", "args", "code", "error", "primary_messageEscaped", "response_headers_")
    } or "primary_message" not in fields(made)
    fault = made.from_dict({"error": {"text": "too late"}, "code": "x", "args": "a"})
    assert fault.primary_message == "too late"
    assert fault.to_dict() == {"error": {"text": "too late"}, "code": "x", "args": "a"}
    check_types(client)


def test_discriminators_give_the_right_class_of_two_with_one_name(generate: Generate) -> None:
    client = generate(
        thing(
            "entity",
            prop("@odata.type", STRING),
            discriminator=Discriminator(
                "@odata.type",
                (("#b.group", "b.group"), ("#a.group", "a.group"), ("#gone", "gone"), ("#other", "other")),
            ),
        ),
        thing("a.group", base="entity"),
        thing("b.group", base="entity", place=Place(("termStore",))),
        thing("other"),
    )
    entity = client.cls("models.entity", "Entity")
    for wire, module in (("#a.group", "models.group"), ("#B.Group", "models.term_store.group")):
        made = entity.from_dict({"@odata.type": wire})
        assert type(made) is client.cls(module, "Group")
    assert type(entity.from_dict({"@odata.type": "#other"})) is entity


def test_changes_are_what_a_patch_can_change(generate: Generate) -> None:
    client = generate(
        thing("base", prop("id", STRING), prop("@odata.type", STRING), keys=("id",)),
        thing(
            "thing",
            prop("name", STRING),
            prop("made", STRING, computed=True),
            prop("fixed", STRING, immutable=True),
            prop("links", ListRef(NamedRef("base")), navigation=True),
            prop("body", STRING),
            prop("tags", ListRef(STRING)),
            base="base",
        ),
        patched=["thing"],
    )
    text = client.text("models.thing")
    changes = text[text.index("class ThingChanges") :]
    assert "name: str | None" in changes and "tags: list[str] | None" in changes
    assert not any(f"        {name}:" in changes for name in ("id", "odata_type", "made", "fixed", "links", "body"))
    assert "ThingChanges" not in client.text("models.base")
    assert not hasattr(client.module("models.thing"), "ThingChanges")
    check_types(client)


def test_composed_types_hold_every_member(generate: Generate) -> None:
    client = generate(
        thing("cat", prop("lives", INTEGER), prop("kind", STRING)),
        thing("dog", prop("tricks", ListRef(STRING)), prop("kind", STRING)),
        ComposedType(
            id="pet",
            name="pet",
            place=Place(),
            origin=Origin.SCHEMA,
            composition=Composition.UNION,
            discriminator=Discriminator("kind", (("c", "cat"),)),
            members=(
                ComposedMember(name="Cat", type=NamedRef("cat")),
                ComposedMember(name="Dog", type=NamedRef("dog"), keys=("d",)),
                ComposedMember(name="string", type=STRING),
                ComposedMember(name="string", type=ListRef(STRING)),
            ),
        ),
        thing("owner", prop("pet", NamedRef("pet"))),
    )
    pet, owner = client.cls("models.pet", "Pet"), client.cls("models.owner", "Owner")
    assert fields(pet) == {
        "cat": "Cat | None",
        "dog": "Dog | None",
        "pet_string": "list[str] | None",
        "string": "str | None",
    }
    for raw, attribute in [
        ({"kind": "c", "lives": 9}, "cat"),
        ({"kind": "d", "tricks": ["sit"]}, "dog"),
        ("Rex", "string"),
        (["Rex", "Tom"], "pet_string"),
    ]:
        made = owner.from_dict({"pet": raw})
        assert getattr(made.pet, attribute) is not None
        assert made.to_dict() == {"pet": raw}
    check_types(client)


def test_untyped_properties_are_kept(generate: Generate) -> None:
    client = generate(thing("thing", prop("any", UntypedRef()), prop("grid", ListRef(ListRef(INTEGER)))))
    raw = {"any": {"a": [1, None]}, "grid": [[1], [2, 3]]}
    made = client.cls("models.thing", "Thing").from_dict(raw)
    assert made.any == raw["any"] and made.grid == raw["grid"]
    assert made.to_dict() == raw


def test_descriptions_are_text_and_nothing_else(generate: Generate) -> None:
    hostile = 'x"""\n\nimport builtins\nbuiltins.HOSTILE_CANARY = 1\n\u2028"""\\'
    client = generate(
        thing("thing", prop("a", STRING, description=hostile), description=hostile),
        EnumType(
            id="e",
            name="e",
            place=Place(),
            origin=Origin.ENUM,
            description=hostile,
            members=(EnumMember(name="a", value=hostile, description=hostile),),
        ),
    )
    import builtins

    for module in client.modules():
        client.module(module)
    assert not hasattr(builtins, "HOSTILE_CANARY")
    assert [member.value for member in client.cls("models.e", "E")] == [hostile]


def test_long_texts_stay_within_the_line(generate: Generate) -> None:
    long = "word, " * 60
    client = generate(
        replace(enum("kind", "a"), members=(EnumMember(name="long", value=long),)),
        thing("thing", prop("a" * 40, STRING, default=long), prop("b", STRING, default="x" * 70)),
    )
    assert [member.value for member in client.cls("models.kind", "Kind")] == [long]
    made = client.cls("models.thing", "Thing")()
    assert getattr(made, "a" * 40) == long and made.b == "x" * 70
    assert all(len(line) <= 120 for module in client.modules() for line in client.text(module).splitlines())


def check_types(client: Any) -> None:
    """Type-check the models strictly, without what they are built on."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--python-version", "3.10", "--explicit-package-bases"),
            *(
                "--namespace-packages",
                "--cache-dir",
                str(client.folder.parent / ".mypy_cache"),
                "--follow-imports",
                "silent",
            ),
            *("--config-file", "", str(client.folder / client.package / "models")),
        ],
        cwd=client.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
