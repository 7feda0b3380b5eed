"""Doors into the room for its tests: small documents from text, and the shared inputs where they are at hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from graphslice.csdl.edm import Document
from graphslice.csdl.index import Index
from graphslice.csdl.reader import parse_document

REPOSITORY = Path(__file__).resolve().parents[3]

ENTITY = """
<EntityType Name="entity" Abstract="true">
  <Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/>
</EntityType>
"""


def edmx(*schemas: str, version: str = "4.0", references: str = "") -> str:
    """Wrap schema children into a document; plain texts become the schema shop with the alias s, first of all."""
    own = "".join(s for s in schemas if not s.lstrip().startswith("<Schema"))
    others = "".join(s for s in schemas if s.lstrip().startswith("<Schema"))
    wrapped = (
        f'<Schema Namespace="shop" Alias="s" xmlns="http://docs.oasis-open.org/odata/ns/edm">{own}</Schema>{others}'
    )
    return (
        f'<edmx:Edmx Version="{version}" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">{references}'
        f"<edmx:DataServices>{wrapped}</edmx:DataServices></edmx:Edmx>"
    )


@pytest.fixture
def document() -> Callable[..., Document]:
    def make(*schemas: str, overlays: tuple[str, ...] = (), **options: str) -> Document:
        laid = [(edmx(overlay).encode(), f"overlay{place}.xml") for place, overlay in enumerate(overlays)]
        return parse_document(edmx(*schemas, **options).encode(), "shop.xml", laid)

    return make


@pytest.fixture
def index(document: Callable[..., Document]) -> Callable[..., Index]:
    def make(*schemas: str, overlays: tuple[str, ...] = (), **options: str) -> Index:
        return Index(document(*schemas, overlays=overlays, **options))

    return make


@pytest.fixture
def shared() -> Path:
    folder = Path(os.environ.get("GRAPHSLICE_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "hostile").is_dir():
        pytest.skip("the shared inputs are not beside the repository (GRAPHSLICE_SHARED)")
    return folder
