"""PATCH and round trips over every model of the generated client, with values made from its own property tables."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from kiota_serialization_json.json_serialization_writer_factory import JsonSerializationWriterFactory

PACKAGE = "msgraph_security_copilot"
client = pytest.importorskip(PACKAGE, reason="the generated client is not installed")
codec = importlib.import_module(f"{PACKAGE}._runtime.adapter")
runtime = importlib.import_module(f"{PACKAGE}._runtime.model")

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "str": TEXT,
    "bool": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "uuid": st.uuids().map(str),
    "datetime": st.sampled_from(["2025-10-22T20:10:54.4940649Z", "0001-01-01T00:00:00Z", "2025-10-22T20:10:14.07343Z"]),
    "date": st.dates().map(str),
    "time": st.sampled_from(["08:00:00", "23:59:59.9999999"]),
    "timedelta": st.sampled_from(["P1D", "PT1.5S", "-PT2H"]),
    "bytes": st.binary(max_size=6).map(lambda data: __import__("base64").b64encode(data).decode()),
    "untyped": st.none() | TEXT | st.lists(st.integers() | st.dictionaries(TEXT, TEXT, max_size=2), max_size=2),
    "enum": TEXT,
}


def modules() -> list[ModuleType]:
    folder = Path(client.__path__[0])
    found = sorted(path.relative_to(folder).with_suffix("") for path in folder.rglob("*.py"))
    dotted = [".".join((PACKAGE, *path.parts)) for path in found if path.parts[0] != "_runtime"]
    return [importlib.import_module(name.removesuffix(".__init__")) for name in dotted]


MODELS = sorted(
    {
        value
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, runtime.Parsable) and value.__module__ == module.__name__
    },
    key=lambda model: (model.__module__, model.__name__),
)
each_model = pytest.mark.parametrize("model", MODELS, ids=[model.__name__ for model in MODELS])


def wire(model: Any, depth: int = 2) -> st.SearchStrategy[dict[str, Any]]:
    """Make JSON objects that a model can hold; the discriminator stays out, it would make another class of it."""
    optional: dict[str, st.SearchStrategy[Any]] = {"unknownProperty": PLAIN["untyped"]}
    for prop in model._own_props():
        if (prop.item == "object" and depth == 0) or prop.wire == "@odata.type":
            continue
        item = wire(prop.cls, depth - 1) if prop.item == "object" else PLAIN[prop.item]
        optional[prop.wire] = st.none() | (st.lists(item, max_size=2) if prop.many else item)
    return st.fixed_dictionaries({}, optional=optional)


@each_model
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_round_trips_and_patches(model: Any, data: st.DataObject) -> None:
    raw = data.draw(wire(model))
    props = {prop.wire: prop for prop in model._own_props()}
    changed = data.draw(st.sets(st.sampled_from(sorted(props)), min_size=1)) if props else set()
    text = json.dumps(raw)
    for nodes, writers in (
        (JsonParseNodeFactory(), JsonSerializationWriterFactory()),
        (codec.NodeFactory(), codec.WriterFactory()),
    ):
        obj = nodes.get_root_parse_node("application/json", text.encode()).get_object_value(model)
        assert json.dumps(obj.to_dict()) == text
        assert model.from_dict(obj.to_dict()) == obj or issubclass(model, Exception)
        with pytest.raises(runtime.NothingToSend):
            runtime.changes_of(obj)
        for name in changed:
            setattr(obj, props[name].attribute, None)
        if changed:
            writer = writers.get_serialization_writer("application/json")
            writer.write_object_value(None, runtime.changes_of(obj))
            assert json.loads(writer.get_serialized_content()) == dict.fromkeys(changed)
