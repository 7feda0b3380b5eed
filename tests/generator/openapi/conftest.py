"""Small descriptions as plain data, and what resolve makes of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphslice.api.model import ApiModel
from graphslice.config import Slice
from graphslice.openapi.reader import read_description
from graphslice.openapi.resolve import resolve

Resolve = Callable[..., ApiModel]
REPOSITORY = Path(__file__).resolve().parents[3]


def shared() -> Path:
    """The folder of data beside a checkout; tests that need it are skipped without it."""
    folder = Path(os.environ.get("GRAPHSLICE_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("needs the shared data (GRAPHSLICE_SHARED)")
    return folder


@pytest.fixture
def make(tmp_path: Path) -> Resolve:
    """Resolve a description of some paths and component schemas."""

    def made(
        paths: dict[str, Any],
        schemas: dict[str, Any] | None = None,
        *,
        version: str = "3.1.0",
        root: Any = None,
        **wanted: Any,
    ) -> ApiModel:
        document = {
            "openapi": version,
            "info": {"title": "Test", "version": "1"},
            "paths": paths,
            "components": {"schemas": schemas or {}},
            **(root or {}),
        }
        file = tmp_path / "api.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        slice_ = Slice(description=str(file), **wanted)
        return resolve(read_description(file, slice_), slice_)

    return made


def answer(schema: Any, code: str = "200", kind: str = "application/json") -> dict[str, Any]:
    """A GET with one answer."""
    return {"get": {"responses": {code: {"description": "ok", "content": {kind: {"schema": schema}}}}}}


def ref(name: str) -> dict[str, str]:
    """Refer to a component schema."""
    return {"$ref": f"#/components/schemas/{name}"}
