"""How large a book is."""

from __future__ import annotations

from typing import Any

from sample_client._runtime.model import AdditionalDataHolder, BackedModel, Parsable, Prop, field_of, model


@model
class Size(AdditionalDataHolder, BackedModel, Parsable):
    """How large a book is."""

    additional_data: dict[str, Any] = field_of(factory=dict)
    height: int | None = None
    unit: str | None = "cm"
    width: int | None = None

    _properties = [
        Prop("height", "height", "int"),
        Prop("unit", "unit", "str"),
        Prop("width", "width", "int"),
    ]
