"""Clients of whole descriptions: what their classes are called, where they stand, and what they hold."""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import sys
from typing import Any, cast

import pytest
from kiota_serialization_json.json_parse_node import JsonParseNode
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter

from .conftest import Build, answer, ref

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
NULL = {"type": "null"}


def thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def written(value: Any) -> bytes:
    writer = JsonSerializationWriter()
    writer.write_object_value(None, value)
    return writer.get_serialized_content()


# ---------------------------------------------------------------------------------------------- named plain values


PLAIN = {
    "Tag": TEXT,
    "Depth": NUMBER,
    "Cask": thing(tag={"anyOf": [ref("Tag"), NULL]}, depth={"oneOf": [ref("Depth"), NULL]}),
}


@pytest.mark.parametrize(
    ("options", "bases"),
    [
        ({}, ["AdditionalDataHolder", "Parsable"]),
        ({"backing_store": True}, ["AdditionalDataHolder", "BackedModel", "Parsable"]),
        ({"additional_data": False}, ["Parsable"]),
    ],
)
def test_a_named_plain_value_beside_null_has_the_bases_of_a_model(
    build: Build, options: dict[str, Any], bases: list[str]
) -> None:
    client = build({"/casks": answer(ref("Cask"))}, PLAIN, **options)
    tag = client.cls("models.tag:Tag")
    assert [base.__name__ for base in tag.__bases__] == bases
    made = client.cls("models.cask:Cask").from_dict({"tag": "oak", "depth": 3})
    assert (made.tag.string, made.depth.integer) == ("oak", 3)


@pytest.mark.parametrize(
    "raw",
    [
        {"tag": "oak", "depth": 3},
        {"tag": None},
        {"tag": {"odd": [1]}, "depth": "deep"},
        {"tag": ["a", "b"], "depth": {}},
    ],
)
def test_a_named_plain_value_goes_back_as_it_came(build: Build, raw: dict[str, Any]) -> None:
    cask = build({"/casks": answer(ref("Cask"))}, PLAIN).cls("models.cask:Cask")
    made = cask.from_dict(raw)
    assert made.to_dict() == raw
    assert JsonParseNode(written(made)).get_object_value(cask) is not None
    assert json.loads(written(made)) == raw


def test_a_named_plain_value_is_set_by_hand(build: Build) -> None:
    client = build({"/casks": answer(ref("Cask"))}, PLAIN)
    cask, tag = client.cls("models.cask:Cask"), client.cls("models.tag:Tag")
    made = cask.from_dict({"tag": {"odd": 1}, "depth": 4})
    made.tag = tag(string="ash")
    assert made.to_dict() == {"tag": "ash", "depth": 4}
    assert cask(tag=tag(additional_data={"a": 1})).to_dict() == {"tag": {"a": 1}}


# --------------------------------------------------------------------------------------------- names that collide


def test_only_the_module_gets_a_number_where_only_the_files_collide(build: Build) -> None:
    schemas = {
        "BedTag": thing(a=TEXT),
        "Bed": thing(tag={"type": "string", "enum": ["x"]}, twin=ref("BedTag")),
        "Plot": thing(seed={"oneOf": [ref("PlotSeed"), ref("Bed")]}),
        "PlotSeed": thing(b=TEXT),
    }
    client = build({"/plots": answer(ref("Plot"))}, schemas)
    assert {name for name in client.modules() if "tag" in name or "seed" in name} == {
        "models.bed_tag",
        "models.bed_tag1",
        "models.plot_seed",
        "models.plot_seed1",
    }
    classes = {client.cls("models.bed_tag:BedTag"), client.cls("models.bed_tag1:Bed_tag")}
    assert {one.__name__ for one in classes} == {"BedTag", "Bed_tag"}
    # of the two files Kiota leaves that of the wrapper
    assert client.cls("models.plot_seed:Plot_seed").from_dict({"b": "x"}).plot_seed.b == "x"
    assert client.cls("models.plot_seed1:PlotSeed").from_dict({"b": "x"}).b == "x"


def test_a_parameter_that_a_merged_index_renames_loses_its_type_where_it_is_shared(build: Build) -> None:
    shared = {"$ref": "#/components/parameters/berth"}
    done = {"responses": {"204": {"description": "done"}}}
    paths = {
        "/crews/{berth}": {"get": {**done, "parameters": [shared]}},
        "/crews/{name}": {"delete": {**done, "parameters": [{"name": "name", "in": "path", "schema": TEXT}]}},
        "/piers/{berth}": {"get": {**done, "parameters": [shared]}},
        "/docks/{berth}": {"get": {**done, "parameters": [{"name": "berth", "in": "path", "schema": NUMBER}]}},
    }
    root = {
        "components": {"parameters": {"berth": {"name": "berth", "in": "path", "required": True, "schema": NUMBER}}}
    }
    client = build(paths, root=root)
    kinds = {
        name: inspect.signature(client.cls(f"{name}.{name}_request_builder:{name.capitalize()}RequestBuilder").by_berth)
        .parameters["berth"]
        .annotation
        for name in ("piers", "docks")
    }
    assert kinds == {"piers": "str", "docks": "int"}


def test_a_schema_called_like_the_word_for_uuids_is_a_class_of_its_own(build: Build) -> None:
    client = build({"/gnomons": answer(ref("Gnomon"))}, {"Gnomon": thing(code=ref("Guid")), "Guid": thing(text=TEXT)})
    made = client.cls("models.gnomon:Gnomon").from_dict({"code": {"text": "x"}})
    assert isinstance(made.code, client.cls("models.uuid:Uuid"))
    assert made.code.text == "x"


# ---------------------------------------------------------------------------------------- descriptions that go round


@pytest.mark.parametrize(
    "schemas",
    [
        {"Loop": {"type": "array", "items": ref("Loop")}},
        {"Loop": {"type": "array", "items": ref("Other")}, "Other": ref("Loop")},
        {"Loop": {"anyOf": [ref("Loop")]}},
        {"Loop": {"allOf": [ref("Loop"), ref("Other")]}, "Other": ref("Loop")},
        {"Loop": {"oneOf": [{"type": "integer"}, thing(again=ref("Loop"))]}},
        {"Loop": thing(part={"allOf": [ref("Loop"), thing(a=TEXT), thing(b=TEXT)]})},
    ],
)
def test_schemas_that_lead_back_to_themselves_end(build: Build, schemas: dict[str, Any]) -> None:
    paths = {
        "/loops": answer(ref("Loop")),
        "/nests": answer(thing(a=ref("Loop"), b={"type": "array", "items": ref("Loop")})),
    }
    build(paths, schemas).import_all()


def test_a_list_within_its_own_items_is_still_a_list(build: Build) -> None:
    schemas = {"Nodes": {"type": "array", "items": ref("Node")}, "Node": thing(children=ref("Nodes"))}
    node = build({"/trees": answer(ref("Nodes"))}, schemas).cls("models.node:Node")
    made = node.from_dict({"children": [{"children": []}]})
    assert isinstance(made.children[0], node)


def test_a_class_that_two_schemas_share_has_each_property_once(build: Build) -> None:
    schemas = {
        "Mill": thing(Wheel=ref("Mill_wheel"), wheel=thing(a=TEXT, up=ref("Mill"))),
        "Mill_wheel": thing(b=TEXT, down=thing(up=ref("Mill_wheel"))),
    }
    client = build({"/mills": answer(ref("Mill"))}, schemas)
    for name in client.modules():
        for value in vars(client.module(name)).values():
            table = [prop.wire for prop in getattr(value, "_properties", ())]
            assert len(table) == len(set(table))


# ------------------------------------------------------------------------------------- names that are used already


def placed(*names: str, where: str = "path", **schema: Any) -> list[dict[str, Any]]:
    return [{"name": name, "in": where, "required": where == "path", "schema": schema or TEXT} for name in names]


DONE = {"responses": {"204": {"description": "done"}}}
HARD: dict[str, dict[str, Any]] = {
    "arguments of constructors": {
        "/a/from({request_adapter},{path_parameters},{super},{self},{__class__})": {
            "get": {**DONE, "parameters": placed("request_adapter", "path_parameters", "super", "self", "__class__")}
        },
        "/b/twice({aB},{a_b})": {"get": {**DONE, "parameters": placed("aB", "a_b")}},
    },
    "arguments called like their types": {
        "/a/{int}": {"get": {**DONE, "parameters": placed("int", type="integer")}},
        "/b/{datetime}": {"get": {**DONE, "parameters": placed("datetime", type="string", format="date-time")}},
        "/c": {
            "get": {
                **answer({"type": "array", "items": {"type": "string", "format": "date-time"}})["get"],
                "parameters": placed("datetime", "int", "deprecated", "super", "list", where="query"),
                "deprecated": True,
                "x-ms-deprecation": {"description": "old"},
            }
        },
        "/d": {
            "get": {
                **answer({"type": "array", "items": NUMBER})["get"],
                "parameters": placed("int", where="query"),
            }
        },
    },
    "braces that hold nothing": {
        path: {"get": DONE} for path in ("/a/{unclosed", "/b/{}", "/c/{ }", "/d/unopened}", "/e/{a}{b}-{}", "/f/{a{b}}")
    },
    "classes": {
        f"/{name}": answer(thing(**{name: ref(name), "int": NUMBER, "from_dict": TEXT, "args": thing(a=TEXT)}))
        for name in ("TYPE_CHECKING", "Int", "UUID", "Any", "Parsable", "Prop", "model", "String", "datetime")
    },
    "members of errors": {
        "/a": {
            "get": {
                "responses": {
                    "400": answer(ref("Fault"))["get"]["responses"]["200"],
                    "200": answer(ref("Worse"))["get"]["responses"]["200"],
                }
            }
        }
    },
    "descriptions without a word": {
        "/a": {
            "get": {
                **answer(thing(a={**TEXT, "description": "\n\u200b"}))["get"],
                "description": " ",
                "parameters": [{**placed("q", where="query")[0], "description": "\n"}],
            }
        }
    },
}
SCHEMAS = {
    **{
        name: thing(a=ref("TYPE_CHECKING"), b=ref("Int"))
        for name in ("TYPE_CHECKING", "Int", "UUID", "Any", "Parsable", "Prop", "model", "String", "datetime")
    },
    "Fault": thing(message=thing(text=TEXT), args=NUMBER, add_note=TEXT, from_dict={}),
    "Worse": {"allOf": [ref("Fault"), thing(extra=TEXT, args=thing(b=TEXT))]},
}


@pytest.mark.slow
@pytest.mark.parametrize("paths", HARD.values(), ids=HARD)
def test_names_that_the_generated_code_uses_itself(build: Build, paths: dict[str, Any]) -> None:
    client = build(paths, SCHEMAS)
    client.import_all()
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file", "", client.package],
        cwd=client.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""


def test_text_may_be_set_on_an_error_whose_message_is_no_text(build: Build) -> None:
    client = build(HARD["members of errors"], SCHEMAS)
    fault = client.cls("models.fault:Fault")()
    fault.message = "as Kiota does"
    assert str(fault) == "as Kiota does"
    assert fault.primary_message is None


# ------------------------------------------------------------------------------------------- redeclared properties


def test_a_redeclared_property_takes_values_of_both_types(build: Build) -> None:
    schemas = {
        "Pet": thing(kind=TEXT, tag=TEXT, weight={"type": "number"}),
        "Cat": {
            "allOf": [
                ref("Pet"),
                thing(kind={**TEXT, "enum": ["cat"]}, tag=NUMBER, weight={**TEXT, "format": "uuid"}),
            ]
        },
    }
    client = build({"/cats": answer(ref("Cat"))}, schemas)
    cat, kind = client.cls("models.cat:Cat"), client.cls("models.cat_kind:Cat_kind")
    for raw in ({"kind": "cat", "tag": 1}, {"kind": "lion", "tag": "one", "weight": 2.5}, {"kind": None}):
        made = cat.from_dict(raw)
        assert made.to_dict() == raw
        assert json.loads(written(made)) == raw
        assert not made.additional_data
    assert cat.from_dict({"kind": "cat"}).kind is kind.Cat
    assert json.loads(written(cat(kind=kind.Cat, tag="one"))) == {"kind": "cat", "tag": "one"}
    assert cat(kind="cat", tag=2).to_dict() == {"kind": "cat", "tag": 2}
    with pytest.raises(TypeError):
        cat(tag=[1])


@pytest.mark.parametrize("schema", [{}, {"type": "array"}, {"oneOf": []}])
def test_a_form_whose_parts_nobody_describes_is_given_whole(build: Build, schema: dict[str, Any]) -> None:
    post = {**DONE, "requestBody": {"content": {"multipart/form-data": {"schema": schema}}}}
    cls = build({"/forms": {"post": post}}).cls("forms.forms_request_builder:FormsRequestBuilder")
    info = cls(cast("Any", object()), {}).to_post_request_information(b"--x\r\n\r\n--x--\r\n")
    assert info.content == b"--x\r\n\r\n--x--\r\n"
    assert info.headers.get("content-type") == {"multipart/form-data; boundary=x"}


# ------------------------------------------------------------------------------------------------------ elsewhere


def test_a_client_works_under_whatever_name_its_folder_is_put(build: Build) -> None:
    """Kiota's clients do, and its own tests copy them."""
    kinds = {"Reef": thing(kind=TEXT, near=ref("Reef")), "Atoll": {"allOf": [ref("Reef"), thing(depth=NUMBER)]}}
    kinds["Reef"]["discriminator"] = {"propertyName": "kind", "mapping": {"atoll": ref("Atoll")["$ref"]}}
    choice = {"oneOf": [ref("Reef"), TEXT]}
    client = build({"/seas/{sea-id}/reefs": answer(thing(reef=ref("Reef"), word=choice))}, kinds)
    moved = client.folder / "elsewhere" / "copied"
    shutil.copytree(client.folder / client.package, moved, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(client.folder / client.package)
    modules = [f"copied.{name}" for name in (*client.modules(), "test_client")]
    script = f"""
import importlib, sys
for name in {modules!r}:
    importlib.import_module(name)
from copied import TestClient
from copied.models.atoll import Atoll
from copied.seas.item.reefs.reefs_get_response import ReefsGetResponse
read = ReefsGetResponse.from_dict({{"reef": {{"kind": "atoll", "depth": 3, "near": {{}}}}, "word": "x"}})
assert type(read.reef) is Atoll and read.word.string == "x"
assert type(TestClient(base_url="http://127.0.0.1").seas.by_sea_id("a").reefs).__module__.startswith("copied.seas.")
assert not [name for name in sys.modules if name.startswith({client.package!r})]
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=moved.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# ------------------------------------------------------------------------------------------------------ odd names

ODD = ["⬅️", "➡️", "1️⃣", "a⬅b", "a➡b", "ﬁ", "fi", "é", "e\u0301", "…", "हिन्दी", "हनद", "x²", "x2"]
ODD += ["\u200b", "a\u200bb", "1.0", "①"]


def test_names_that_differ_only_in_what_no_identifier_holds_stay_apart(build: Build) -> None:
    kinds = {f"S{name}": thing(p=TEXT) for name in ODD}
    odd = {name: TEXT for name in ODD}
    refs = {f"ref{number}": ref(f"S{name}") for number, name in enumerate(ODD)}
    many = {"type": "string", "enum": ODD}
    client = build({"/odd": answer(thing(**odd, **refs, many={"type": "array", "items": many}))}, kinds)
    client.import_all()
    read = client.cls("odd.odd_get_response:OddGetResponse").from_dict({**{name: name for name in ODD}, "many": ODD})
    assert not read.additional_data
    assert [str(one.value) for one in read.many] == ODD
    assert len({type(one) for one in read.many}) == 1
    classes = [client.cls(name) for name in _classes(client) if name.startswith("models.")]
    assert len(classes) == len(ODD)


def _classes(client: Any) -> list[str]:
    return [
        f"{name}:{made}"
        for name in client.modules()
        for made, value in vars(client.module(name)).items()
        if isinstance(value, type) and value.__module__.endswith(f".{name}")
    ]


def test_an_enum_and_an_object_of_one_name_keep_it_in_modules_of_their_own(build: Build) -> None:
    kinds = {"Finish": thing(coats=NUMBER), "finish": {"type": "string", "enum": ["raw"]}}
    kinds["Table"] = thing(top=ref("Finish"), legs={"type": "array", "items": ref("finish")}, edge=ref("finish"))
    client = build({"/tables": answer(ref("Table"))}, kinds)
    client.import_all()
    read = client.cls("models.table:Table").from_dict({"top": {"coats": 2}, "legs": ["raw"], "edge": "raw"})
    assert (read.top.coats, read.edge.value, [one.value for one in read.legs]) == (2, "raw", ["raw"])
    assert [type(one).__name__ for one in (read.top, read.edge)] == ["Finish", "Finish"]
    assert type(read.top) is not type(read.edge)


def test_null_among_the_items_of_a_list_is_none(build: Build) -> None:
    """Descriptions allow it with `anyOf`, and it fails no other item."""
    kinds = {"Reef": thing(near={"type": "array", "items": {"anyOf": [ref("Reef"), NULL]}}, depth=NUMBER)}
    reef = build({"/reefs": answer(ref("Reef"))}, kinds).cls("models.reef:Reef")
    sent = {"near": [None, {"depth": 3}, None]}
    for read in (reef.from_dict(sent), JsonParseNode(cast("Any", sent)).get_object_value(reef)):
        assert [one and one.depth for one in read.near] == [None, 3, None]
        assert read.to_dict() == sent
    made = reef(near=[None, reef(depth=4)])
    assert made.to_dict() == json.loads(written(made)) == {"near": [None, {"depth": 4}]}
    with pytest.raises(ValueError, match=r"near\.1"):
        reef.from_dict({"near": [None, "text"]})


@pytest.mark.parametrize(
    ("other", "value"),
    [
        ({"type": "object", "additionalProperties": TEXT}, {"a": "b"}),
        ({"oneOf": [{"type": "boolean"}, NUMBER]}, True),
        ({"allOf": [thing(a=TEXT)]}, {"a": "b"}),
        ({}, "text"),
    ],
)
@pytest.mark.parametrize("word", ["oneOf", "anyOf"])
def test_an_alternative_that_kiota_overlooks_fails_no_answer(build: Build, word: str, other: Any, value: Any) -> None:
    listed = {"type": "array", "items": {"type": "string", "format": "date"}}
    kinds = {"Tide": thing(days={word: [listed, other]}, depth=NUMBER)}
    tide = build({"/tides": answer(ref("Tide"))}, kinds).cls("models.tide:Tide")
    read = tide.from_dict({"days": value, "depth": 3})
    assert (read.days, read.depth, read.additional_data) == (None, 3, {"days": value})
    assert read.to_dict() == json.loads(written(read)) == {"days": value, "depth": 3}
    assert [day.day for day in tide.from_dict({"days": ["2020-02-29"]}).days] == [29]
