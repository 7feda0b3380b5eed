"""Checks a document against the published JSON schema of its version, as warnings."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from graphslice.openapi.documents import Library
from graphslice.openapi.places import escape
from graphslice.openapi.text import plain_numbers

_LISTED = 100
_CURE = "correct it; it is read as far as it goes"


@cache
def _validator(version: str) -> Any:
    """The validator of one version, or None where it is not installed.

    The schemas come with openapi-spec-validator, which itself is not imported: it would cost more than the check.
    """
    spec = importlib.util.find_spec("openapi_spec_validator")
    if spec is None or not spec.submodule_search_locations or importlib.util.find_spec("jsonschema_rs") is None:
        return None
    import jsonschema_rs

    folder = Path(spec.submodule_search_locations[0])
    schema = folder / "resources" / "schemas" / f"v{version}" / "schema.json"
    return jsonschema_rs.validator_for(json.loads(schema.read_text(encoding="utf-8")))


def validate(library: Library) -> None:
    """Note what is wrong with the main file."""
    document = library.main
    version = "3.0" if document.version == "2.0" else document.version
    validator = _validator(version)
    if validator is None:
        message = "the description was not checked: jsonschema-rs or openapi-spec-validator is not installed"
        library.findings.note("OAS019", message, document, "install graphslice with its dependencies")
        return
    try:
        for fault in islice(validator.iter_errors(plain_numbers(document.root)), _LISTED):
            pointer = "".join("/" + escape(str(part)) for part in fault.instance_path)
            library.findings.warn("OAS016", _reason(fault, version), document, pointer, _CURE)
    except ValueError as fault:
        library.findings.warn("OAS016", f"the description could not be checked: {fault}", document, "", "")


def _reason(fault: Any, version: str) -> str:
    text = str(fault.message)
    if "not valid under any" in text or "more than one of the schemas" in text:
        return f"this does not have the shape that OpenAPI {version} asks for here"
    return text if len(text) <= 200 else f"{text[:80]} ... {text[-100:]}"
