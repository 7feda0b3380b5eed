"""A slice as OpenAPI: other tools take it, and read again it gives the same client."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from graphslice.config import Authentication, Slice
from graphslice.csdl.reader import parse_document
from graphslice.csdl.resolve import resolve as resolve_csdl
from graphslice.emit.render import render
from graphslice.export.openapi import export_openapi, to_json, to_yaml
from graphslice.openapi.reader import read_description
from graphslice.openapi.resolve import resolve
from graphslice.python.lower import lower

SERVICE = """<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="acme.yard" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EnumType Name="state"><Member Name="afloat" Value="0"/><Member Name="sunk" Value="1"/></EnumType>
<EnumType Name="rights" IsFlags="true"><Member Name="read" Value="1"/><Member Name="write" Value="2"/></EnumType>
<ComplexType Name="size"><Property Name="length" Type="Edm.Double"/>
<Property Name="beam" Type="Edm.Int16"/></ComplexType>
<EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id"/></Key>
<Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>
<EntityType Name="boat" BaseType="acme.yard.entity"><Property Name="state" Type="acme.yard.state"/>
<Property Name="rights" Type="acme.yard.rights"/><Property Name="size" Type="acme.yard.size"/>
<Property Name="built" Type="Edm.Date"/><Property Name="photo" Type="Edm.Binary"/>
<Property Name="tags" Type="Collection(Edm.String)"/><Property Name="anything" Type="Edm.Untyped"/>
<NavigationProperty Name="crew" Type="Collection(acme.yard.sailor)" ContainsTarget="true"/></EntityType>
<EntityType Name="yacht" BaseType="acme.yard.boat"><Property Name="owner" Type="Edm.String"/></EntityType>
<EntityType Name="sailor" BaseType="acme.yard.entity"><Property Name="rank" Type="Edm.Int32"/></EntityType>
<Action Name="launch" IsBound="true"><Parameter Name="bindingParameter" Type="acme.yard.boat"/>
<Parameter Name="when" Type="Edm.DateTimeOffset"/><ReturnType Type="Edm.Boolean"/></Action>
<Function Name="near" IsBound="true"><Parameter Name="bindingParameter" Type="Collection(acme.yard.boat)"/>
<Parameter Name="lat" Type="Edm.Double" Nullable="false"/><ReturnType Type="Collection(acme.yard.boat)"/></Function>
<Function Name="by" IsBound="true"><Parameter Name="bindingParameter" Type="Collection(acme.yard.boat)"/>
<Parameter Name="who" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.OptionalParameter"/></Parameter>
<ReturnType Type="Edm.Boolean"/></Function>
<EntityContainer Name="yard"><EntitySet Name="boats" EntityType="acme.yard.boat"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""
WANTED = Slice(
    description="yard.xml",
    class_name="YardClient",
    package="yard",
    backing_store=True,
    authentication=Authentication.NONE,
    base_url="https://yard.test/v1",
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return export_openapi(resolve_csdl(parse_document(SERVICE.encode(), "yard.xml"), WANTED), "https://yard.test/v1")


def code(model: Any, wanted: Slice) -> dict[str, str]:
    """The modules without their docstrings, which may quote what an export leaves out."""
    return {
        path: _bare(text)
        for path, text in render(lower(model, wanted)).files.items()
        if path.endswith(".py") and "_runtime" not in path
    }


def _bare(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            kept = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
            node.body = kept or [ast.Pass()]
    return ast.unparse(tree)


@pytest.mark.parametrize(("printed", "ending"), [(to_json, "json"), (to_yaml, "yaml")])
def test_both_routes_give_the_same_client(document: dict[str, Any], tmp_path: Path, printed: Any, ending: str) -> None:
    direct = code(resolve_csdl(parse_document(SERVICE.encode(), "yard.xml"), WANTED), WANTED)
    file = tmp_path / f"yard.{ending}"
    file.write_text(printed(document), encoding="utf-8")
    again = replace(WANTED, description=str(file))
    model = resolve(read_description(file, again), again)
    assert model.diagnostics == ()
    through = code(model, again)
    assert sorted(through) == sorted(direct)
    assert [path for path in direct if through[path] != direct[path]] == []


def test_json_and_yaml_say_the_same(document: dict[str, Any]) -> None:
    assert json.loads(to_json(document)) == yaml.safe_load(to_yaml(document)) == json.loads(json.dumps(document))


def test_operations_can_be_told_apart_and_shown(document: dict[str, Any]) -> None:
    operations = [
        one
        for item in document["paths"].values()
        for verb, one in item.items()
        if verb in ("get", "post", "patch", "delete")
    ]
    assert len({one["operationId"] for one in operations}) == len(operations) > 5
    assert all(one["summary"] and one["responses"] and one["tags"] for one in operations)
    boats = document["paths"]["/boats"]["get"]["responses"]["2XX"]["content"]["application/json"]
    assert boats["example"]["value"][0]["state"] == "afloat"
    assert "@odata.nextLink" not in boats["example"]


@pytest.mark.parametrize("tool", ["spectral", "redocly"])
def test_linters_find_no_error(document: dict[str, Any], tmp_path: Path, tool: str) -> None:
    found = shutil.which(tool)
    if found is None:
        pytest.skip(f"{tool} is not installed (npm: @stoplight/spectral-cli, @redocly/cli)")
    (tmp_path / "yard.yaml").write_text(to_yaml(document), encoding="utf-8")
    (tmp_path / ".spectral.yaml").write_text('extends: ["spectral:oas"]\n', encoding="utf-8")
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    done = subprocess.run(
        [found, "lint", "yard.yaml"], cwd=tmp_path, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
