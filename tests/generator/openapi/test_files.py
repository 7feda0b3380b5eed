"""References: inside a file, to other files, and to where nothing may be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphslice.api.model import ApiModel, ListRef, NamedRef, ObjectType
from graphslice.config import Slice
from graphslice.diagnostics import GraphsliceError
from graphslice.openapi.reader import read_description
from graphslice.openapi.references import referenced_files
from graphslice.openapi.resolve import resolve

from .conftest import Resolve, answer, ref

MAIN = """
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /boats: {$ref: 'parts/boats.yaml'}
components:
  schemas:
    Name: {type: string}
"""
BOATS = """
get:
  responses:
    '200': {$ref: '#/answer'}
answer:
  description: ok
  content: {application/json: {schema: {type: array, items: {$ref: '../boat.yaml'}}}}
"""
BOAT = """
type: object
properties:
  name: {$ref: 'main.yaml#/components/schemas/Name'}
  crew: {$ref: 'crew.yaml#/components/schemas/Crew'}
"""
CREW = "components: {schemas: {Crew: {type: object, properties: {boat: {$ref: boat.yaml}}}}}\n"


def write(folder: Path, **files: str) -> Path:
    (folder / "parts").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / (name.replace("__", "/") + ".yaml")).write_text(text, encoding="utf-8")
    return folder / "main.yaml"


def read(main: Path, **wanted: Any) -> ApiModel:
    slice_ = Slice(description=str(main), **wanted)
    return resolve(read_description(main, slice_), slice_)


def test_a_description_may_be_in_many_files(tmp_path: Path) -> None:
    main = write(tmp_path, main=MAIN, parts__boats=BOATS, boat=BOAT, crew=CREW)
    model = read(main)
    result = model.paths[0].operations[0].result.type
    assert result == ListRef(NamedRef("boat"))
    crew = next(one for one in model.types.values() if isinstance(one, ObjectType) and one.name == "Crew")
    assert crew.properties[0].type == NamedRef("boat")
    names = [Path(one).name for one in referenced_files(str(main), Slice(description=str(main)))]
    assert names == ["boat.yaml", "crew.yaml", "boats.yaml"]


PARTS = """
swagger: '2.0'
info: {$ref: parts/about.yaml}
produces: [application/json]
paths: {$ref: parts/paths.yaml}
definitions: {$ref: 'boat.yaml#/all'}
"""
PATHS = """
/boats: {$ref: boats.yaml}
/boats/{id}: {$ref: 'boats.yaml#/one'}
"""
OLD_BOATS = """
get:
  parameters: [{name: top, in: query, type: integer}]
  responses:
    200: {description: ok, schema: {$ref: '#/definitions/Boat'}}
one:
  get:
    parameters: [{name: id, in: path, required: true, type: string}]
    responses:
      200: {description: ok, schema: {$ref: '../boat.yaml#/all/Crew'}}
"""
ALL = """
all:
  Boat: {type: object, properties: {crew: {$ref: '#/all/Crew'}}}
  Crew: {type: object, properties: {n: {type: string}}}
"""


def test_whole_parts_may_be_in_files_of_their_own(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        main=PARTS,
        parts__paths=PATHS,
        parts__boats=OLD_BOATS,
        boat=ALL,
        parts__about="{title: T, version: '1'}",
    )
    model = read(main)
    assert [item.path for item in model.paths] == ["/boats", "/boats/{id}"]
    assert [item.operations[0].result.type for item in model.paths] == [NamedRef("Boat"), NamedRef("Crew")]
    assert [one.name for one in model.paths[0].operations[0].query] == ["top"]
    assert (model.title, sorted(model.types)) == ("T", ["Boat", "Crew"])


@pytest.mark.parametrize(
    "target", ["../outside.yaml", "/etc/hostname", "http://127.0.0.1:9/x.yaml", "https://example.test/x"]
)
def test_other_places_are_refused(tmp_path: Path, target: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "outside.yaml").write_text("type: object\n", encoding="utf-8")
    main = write(inside, main=MAIN.replace("parts/boats.yaml", target))
    with pytest.raises(GraphsliceError) as caught:
        read(main)
    assert caught.value.diagnostics[0].code == "OAS102"
    assert caught.value.diagnostics[0].location.line == 5


def test_an_allowed_folder_is_read(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "boats.yaml").write_text(BOATS.replace("../boat.yaml", "boat.yaml"), encoding="utf-8")
    (tmp_path / "common" / "boat.yaml").write_text("type: object\nproperties: {n: {type: string}}\n", encoding="utf-8")
    main = write(inside, main=MAIN.replace("parts/boats.yaml", "../common/boats.yaml"))
    model = read(main, allowed_origins=(str(tmp_path / "common"),))
    assert model.paths[0].operations[0].result.type == ListRef(NamedRef("boat"))


def test_a_missing_file_is_an_error_and_a_missing_target_a_warning(tmp_path: Path, make: Resolve) -> None:
    with pytest.raises(GraphsliceError) as caught:
        read(write(tmp_path, main=MAIN))
    assert caught.value.diagnostics[0].code == "OAS103"
    model = make(
        {"/a": answer(ref("A"))},
        {"A": {"type": "object", "properties": {"b": ref("Nowhere"), "c": {"type": "string"}}}},
    )
    found = [one for one in model.diagnostics if one.code == "OAS101"]
    assert [str(one.location) for one in found] == ["api.json:1#/components/schemas/A/properties/b"]
    assert [one.name for one in model.types["A"].properties] == ["b", "c"]  # type: ignore[union-attr]


@pytest.mark.parametrize("gone", ["models/oak.yaml#/Oak", "../oak.yaml", "https://example.test/oak", "Ash"])
def test_a_mapping_that_leads_to_no_file_is_left_out(make: Resolve, gone: str) -> None:
    mapping = {"o": gone, "e": "#/components/schemas/Elm"}
    tree = {"type": "object", "discriminator": {"propertyName": "kind", "mapping": mapping}}
    elm = {"allOf": [ref("Tree"), {"type": "object", "properties": {"height": {"type": "number"}}}]}
    model = make({"/a": answer(ref("Tree"))}, {"Tree": tree, "Elm": elm})
    assert [one.code for one in model.diagnostics] == ["OAS101"]
    found = model.types["Tree"].discriminator  # type: ignore[union-attr]
    assert found is not None and found.mapping == (("e", "Elm"),)


def test_a_bare_name_in_another_file_is_the_component_of_that_name(tmp_path: Path) -> None:
    boats = BOATS.replace(
        "{$ref: '../boat.yaml'}", "{discriminator: {propertyName: kind, mapping: {e: Elm}}, oneOf: [{$ref: '#/oak'}]}"
    )
    elm = "    Elm: {type: object, properties: {height: {type: number}}}\n"
    model = read(write(tmp_path, main=MAIN + elm, parts__boats=boats + "oak: {type: object}\n"))
    assert [one.code for one in model.diagnostics] == []


def test_references_in_a_circle_end(make: Resolve) -> None:
    model = make({"/a": answer(ref("A"))}, {"A": ref("B"), "B": ref("A")})
    assert "OAS104" in {one.code for one in model.diagnostics}


def test_what_the_published_schema_finds_is_a_warning(make: Resolve) -> None:
    model = make({"/a": {"get": {"responses": {"200": {"description": 5}}}}}, root={"tags": "none"})
    assert {one.code for one in model.diagnostics} == {"OAS016"}
    assert model.paths[0].operations[0].verb == "GET"


def test_a_description_with_decimals_is_checked_like_others(make: Resolve) -> None:
    schema = {"type": "number", "minimum": 0.5, "multipleOf": 0.25, "example": 1.75}
    right = make({"/a": answer(schema)}, version="3.0.3")
    assert right.diagnostics == ()
    wrong = make({"/a": answer({**schema, "exclusiveMinimum": 0.5})}, version="3.0.3")
    assert [(one.code, "could not be checked" in one.message) for one in wrong.diagnostics] == [("OAS016", False)]


ADDRESS = "https://shops.example.test/schemas/"
ADDRESSED = {
    "Shop": {
        "$id": f"{ADDRESS}Shop",
        "type": "object",
        "$defs": {"till": {"type": "object", "properties": {"coins": {"type": "integer"}}}},
        "properties": {"till": {"$ref": "#/$defs/till"}, "clerk": {"$ref": "Clerk"}, "own": {"$ref": "#clerk"}},
    },
    "Clerk": {"$id": f"{ADDRESS}Clerk", "$anchor": "clerk", "type": "object", "properties": {"n": {"type": "string"}}},
}


@pytest.mark.parametrize(
    "reference",
    [
        {"$ref": f"{ADDRESS}Shop"},
        {"$dynamicRef": "#/components/schemas/Shop"},
        {"allOf": [{"$ref": f"{ADDRESS}Shop#"}]},
        {
            "type": "object",
            "properties": {"s": {"$ref": f"{ADDRESS}Shop"}, "t": {"$ref": f"{ADDRESS}Shop#/$defs/till"}},
        },
    ],
)
def test_a_schema_is_found_by_the_address_that_it_says(make: Resolve, reference: dict[str, Any]) -> None:
    model = make({"/shops": answer(reference)}, ADDRESSED)
    made = [one for one in model.types.values() if isinstance(one, ObjectType)]
    held = {one.name: {prop.name: prop.type for prop in one.properties} for one in made}
    assert held["Shop"] == {"till": NamedRef("till"), "clerk": NamedRef("Clerk"), "own": NamedRef("Clerk")}
    assert set(held["till"]) == {"coins"}


def test_an_address_that_nobody_has_is_refused_as_before(make: Resolve) -> None:
    with pytest.raises(GraphsliceError, match="OAS102"):
        make({"/shops": answer({"$ref": f"{ADDRESS}Nobody"})}, ADDRESSED)
