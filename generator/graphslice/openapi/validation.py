"""Checks a document against the published JSON schema of its version, as warnings."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from graphslice.openapi.documents import Library
from graphslice.openapi.places import escape

_LISTED = 100


@cache
def _validator(version: str) -> Any:
    """The validator of one version; the schemas come with openapi-spec-validator, which itself is not imported."""
    spec = importlib.util.find_spec("openapi_spec_validator")
    folder = spec.submodule_search_locations[0] if spec and spec.submodule_search_locations else ""
    schema = Path(folder) / "resources" / "schemas" / f"v{version}" / "schema.json"
    return jsonschema_rs.validator_for(json.loads(schema.read_text(encoding="utf-8")))


def validate(library: Library) -> None:
    """Note what is wrong with the main file."""
    document = library.main
    version = "3.0" if document.version == "2.0" else document.version
    try:
        found = _validator(version).iter_errors(document.root)
        for number, fault in enumerate(found):
            if number == _LISTED:
                break
            pointer = "".join("/" + escape(str(part)) for part in fault.instance_path)
            library.findings.warn("OAS016", _reason(fault, version), document, pointer, "correct it; it is read as far as it goes")
    except ValueError as fault:
        library.findings.warn("OAS016", f"the description could not be checked: {fault}", document, "", "")


def _reason(fault: Any, version: str) -> str:
    kind = type(fault.kind).__name__
    if kind.endswith(("OneOfNotValid", "AnyOf")) or "not valid under any" in fault.message:
        return f"this does not have the shape that OpenAPI {version} asks for here"
    text = str(fault.message)
    return text if len(text) <= 200 else f"{text[:80]} ... {text[-100:]}"
