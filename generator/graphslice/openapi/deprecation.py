"""`deprecated` and what x-ms-deprecation adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphslice.api.model import Deprecation


def deprecation_of(raw: Mapping[str, Any]) -> Deprecation | None:
    """The deprecation of an operation, parameter or schema."""
    if raw.get("deprecated") is not True:
        return None
    told = raw.get("x-ms-deprecation")
    told = told if isinstance(told, dict) else {}

    def text(key: str) -> str:
        value = told.get(key)
        return value if isinstance(value, str) else ""

    return Deprecation(text("description"), text("version"), text("date")[:10], text("removalDate")[:10])
