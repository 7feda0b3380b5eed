"""Small services, written as the inside of one schema, and what resolve makes of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from graphslice.api.model import ApiModel
from graphslice.config import Slice
from graphslice.csdl.reader import parse_document
from graphslice.csdl.resolve import resolve

Resolve = Callable[..., ApiModel]

_FRAME = """<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:Reference Uri="x"><edmx:Include Namespace="Org.OData.Capabilities.V1" Alias="Cap"/></edmx:Reference>
<edmx:Reference Uri="y"><edmx:Include Namespace="Org.OData.Core.V1" Alias="Core"/></edmx:Reference>
<edmx:Reference Uri="z"><edmx:Include Namespace="Org.OData.Validation.V1" Alias="Val"/></edmx:Reference>
<edmx:DataServices>{schemas}</edmx:DataServices></edmx:Edmx>"""
_SCHEMA = '<Schema Namespace="{name}" Alias="{alias}" xmlns="http://docs.oasis-open.org/odata/ns/edm">{body}</Schema>'

ENTITY = (
    '<EntityType Name="entity" Abstract="true"><Key><PropertyRef Name="id"/></Key>'
    '<Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>'
)


@pytest.fixture
def make() -> Resolve:
    """Resolve the inside of a schema ``microsoft.graph`` (alias ``g``); an `entity` with an id is there already."""

    def made(body: str, *, more: str = "", namespace: str = "microsoft.graph", **wanted: object) -> ApiModel:
        schemas = _SCHEMA.format(name=namespace, alias="g", body=ENTITY + body) + more
        document = parse_document(_FRAME.format(schemas=schemas).encode(), "service.xml")
        return resolve(document, Slice(description="service.xml", **wanted))  # type: ignore[arg-type]

    return made


@pytest.fixture
def shared() -> Path:
    """The folder of recorded surfaces and metadata that stands beside a checkout."""
    beside = Path(__file__).resolve().parents[3].parent / "shared"
    folder = Path(os.environ.get("GRAPHSLICE_SHARED", beside))
    if not (folder / "surfaces").is_dir():
        pytest.skip("the shared folder of recorded surfaces is not here")
    return folder
