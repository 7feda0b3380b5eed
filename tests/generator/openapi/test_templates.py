"""Generic schemas: `$dynamicRef`, what binds it, and the classes of each binding."""

from __future__ import annotations

from typing import Any

import pytest

from graphslice.api.model import ApiModel, ComposedType, ListRef, NamedRef, ObjectType

from .conftest import Build, Resolve, answer, ref

TEXT = {"type": "string"}


def thing(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def bound(template: str, **anchors: Any) -> dict[str, Any]:
    """Refer to a template and say what its anchors mean."""
    return {**ref(template), "$defs": {name: {"$dynamicAnchor": name, **one} for name, one in anchors.items()}}


def means(anchor: str) -> dict[str, str]:
    return {"$dynamicRef": f"#{anchor}"}


def shape(model: ApiModel, name: str) -> dict[str, str]:
    """The properties of a class, with the classes that they hold."""
    found = next(one for one in model.types.values() if one.name == name)
    assert isinstance(found, ObjectType)
    return {one.name: spelled(model, one.type) for one in found.properties}


def spelled(model: ApiModel, kind: Any) -> str:
    if isinstance(kind, ListRef):
        return f"[{spelled(model, kind.item)}]"
    return model.types[kind.id].name if isinstance(kind, NamedRef) else "plain"


def classes(model: ApiModel) -> list[str]:
    return sorted(one.name for one in model.types.values())


BEDS = {"Herb": thing(name=TEXT), "Shrub": thing(height=TEXT)}
TRAY = {"$dynamicAnchor": "plant", **thing(rows={"type": "array", "items": means("plant")})}


def trays(tray: dict[str, Any], **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two paths that bind one template."""
    paths = {"/herbs": answer(bound("Tray", plant=ref("Herb"))), "/shrubs": answer(bound("Tray", plant=ref("Shrub")))}
    return paths, {**BEDS, "Tray": tray, **more}


@pytest.mark.parametrize(
    "tray",
    [
        pytest.param(TRAY, id="anchor at the root"),
        pytest.param({**TRAY, "$dynamicAnchor": "other"}, id="another anchor at the root"),
        pytest.param({key: value for key, value in TRAY.items() if key != "$dynamicAnchor"}, id="no anchor"),
        pytest.param(
            {**TRAY, "$dynamicAnchor": "x", "$defs": {"plant": {"$dynamicAnchor": "plant", "type": "object"}}},
            id="anchor among the definitions",
        ),
    ],
)
def test_each_binding_of_a_template_is_a_class(make: Resolve, tray: dict[str, Any]) -> None:
    model = make(*trays(tray))
    assert classes(model) == ["Herb", "Shrub", "TrayHerb", "TrayShrub"]
    assert shape(model, "TrayHerb") == {"rows": "[Herb]"}
    assert shape(model, "TrayShrub") == {"rows": "[Shrub]"}


def test_a_template_that_nobody_binds_holds_itself(make: Resolve) -> None:
    assert shape(make({"/trays": answer(ref("Tray"))}, {"Tray": TRAY}), "Tray") == {"rows": "[Tray]"}


def test_what_a_template_is_made_of_is_made_for_each_binding(make: Resolve) -> None:
    tray = {
        "allOf": [ref("Base"), thing(label=thing(text=TEXT, first=means("plant")), size=thing(width=TEXT))],
    }
    model = make(*trays(tray, Base=TRAY))
    assert shape(model, "TrayHerb") == {"label": "TrayHerb_labelHerb", "size": "TrayHerb_size"}
    assert shape(model, "TrayHerb_labelHerb") == {"text": "plain", "first": "Herb"}
    assert shape(model, "BaseShrub") == {"rows": "[Shrub]"}
    child = next(one for one in model.types.values() if one.name == "TrayHerb")
    assert isinstance(child, ObjectType)
    assert child.base is not None
    assert model.types[child.base].name == "BaseHerb"


def test_a_class_that_no_binding_touches_is_made_once(make: Resolve) -> None:
    tray = {**TRAY, "properties": {**TRAY["properties"], "keeper": ref("Keeper")}}
    assert "Keeper" in classes(make(*trays(tray, Keeper=thing(name=TEXT))))


def test_several_anchors_name_a_class_in_their_order(make: Resolve) -> None:
    pair = thing(left=means("left"), right=means("right"))
    model = make({"/pairs": answer(bound("Pair", right=ref("Herb"), left=ref("Shrub")))}, {**BEDS, "Pair": pair})
    assert shape(model, "PairShrubHerb") == {"left": "Shrub", "right": "Herb"}


def test_what_has_no_name_is_named_after_where_it_is_bound(make: Resolve) -> None:
    found = answer(bound("Tray", plant=thing(a=TEXT)))
    found["get"]["operationId"] = "listRows"
    found["get"]["requestBody"] = {"content": {"application/json": {"schema": bound("Tray", plant=thing(b=TEXT))}}}
    found["get"]["responses"]["404"] = {
        "description": "no",
        "content": {"application/json": {"schema": bound("Tray", plant=thing(c=TEXT))}},
    }
    model = make({"/beds/rows": found}, {"Tray": TRAY})
    rows = {
        name: shape(model, name[1:-1])
        for one in classes(model)
        for name in shape(model, one).values()
        if "rows" in shape(model, one)
    }
    assert sorted(tuple(one) for one in rows.values()) == [("a",), ("b",), ("c",)]
    assert "TrayBedsRowsListRows" in classes(model)


def test_bindings_of_one_short_name_say_their_namespace(make: Resolve) -> None:
    paths = {
        "/old": answer(bound("Tray", plant=ref("old.Herb"))),
        "/new": answer(bound("Tray", plant=ref("new.Herb"))),
    }
    model = make(paths, {"old.Herb": thing(a=TEXT), "new.Herb": thing(b=TEXT), "Tray": TRAY})
    assert {"TrayOldHerb", "TrayNewHerb"} <= set(classes(model))


def test_a_list_binds_what_it_holds(make: Resolve) -> None:
    listed = {
        "type": "array",
        "$defs": {"plant": {"$dynamicAnchor": "plant", **ref("Herb")}},
        "items": means("plant"),
    }
    model = make({"/herbs": answer(listed), "/trays": answer({**listed, "items": ref("Tray")})}, {**BEDS, "Tray": TRAY})
    assert classes(model) == ["Herb", "TrayHerb"]


def test_a_class_that_derives_is_what_its_base_refers_to(make: Resolve) -> None:
    base = {"$dynamicAnchor": "node", **thing(nodes={"type": "array", "items": means("node")})}
    child = {"$dynamicAnchor": "node", "allOf": [ref("Base"), thing(name=TEXT)]}
    assert shape(make({"/nodes": answer(ref("Child"))}, {"Base": base, "Child": child}), "Base") == {"nodes": "[Child]"}


def test_a_class_that_holds_another_is_not_what_that_one_refers_to(make: Resolve) -> None:
    inner = {"$dynamicAnchor": "node", **thing(next=means("node"))}
    outer = {"$dynamicAnchor": "node", **thing(inner=ref("Inner"))}
    assert shape(make({"/nodes": answer(ref("Outer"))}, {"Inner": inner, "Outer": outer}), "Inner") == {"next": "Inner"}


def test_a_choice_names_a_member_after_its_anchor(make: Resolve) -> None:
    tray = thing(either={"oneOf": [means("plant"), ref("Shrub")]})
    paths = {"/herbs": answer(bound("Tray", plant=ref("Herb")))}
    model = make(paths, {**BEDS, "Tray": tray})
    choice = next(one for one in model.types.values() if isinstance(one, ComposedType))
    assert sorted(member.name for member in choice.members) == ["Plant", "Shrub"]
    assert shape(model, "Plant") == {"name": "plain"}


def test_a_part_of_a_template_may_be_what_is_bound(make: Resolve) -> None:
    tray = {"allOf": [means("plant"), thing(row=TEXT)]}
    paths = {"/herbs": answer(bound("Tray", plant=ref("Herb")))}
    assert set(shape(make(paths, {**BEDS, "Tray": tray}), "TrayHerb")) == {"name", "row"}


def test_a_named_list_of_a_template_binds_too(make: Resolve) -> None:
    schemas = {**BEDS, "Tray": TRAY, "Herbs": {"allOf": [bound("Tray", plant=ref("Herb"))]}, "Shrubs": {}}
    schemas["Shrubs"] = bound("Tray", plant=ref("Shrub"))
    model = make({"/beds": answer(thing(a=ref("Herbs"), b=ref("Shrubs"), c=ref("Shrubs")))}, schemas)
    found = shape(model, "BedsGetResponse")
    assert shape(model, found["b"]) == {"rows": "[Shrub]"}
    assert found["b"] == found["c"] == "ShrubsShrub"


def test_answers_of_templates_are_read_as_what_is_bound(build: Build) -> None:
    client = build(*trays({**TRAY, "properties": {**TRAY["properties"], "best": means("plant")}}))
    client.import_all()
    herbs = client.cls("models.tray_herb:TrayHerb").from_dict({"rows": [{"name": "sage"}], "best": {"name": "thyme"}})
    assert (herbs.rows[0].name, herbs.best.name) == ("sage", "thyme")
    assert type(herbs.best) is client.cls("models.herb:Herb")
