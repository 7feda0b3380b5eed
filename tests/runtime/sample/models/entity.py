"""The base of the sample's entities."""

from __future__ import annotations

from typing import Any

from sample_client._runtime.model import AdditionalDataHolder, BackedModel, Parsable, Prop, field_of, model


@model
class Entity(AdditionalDataHolder, BackedModel, Parsable):
    """What everything in the library has."""

    additional_data: dict[str, Any] = field_of(factory=dict)
    id: str | None = None
    """Unique in the library."""
    odata_type: str | None = None
    """Which class it is."""

    _properties = [
        Prop("id", "id", "str", read_only=True),
        Prop("odata_type", "@odata.type", "str"),
    ]
    _discriminator = (
        "@odata.type",
        {
            "#lib.book": "models.book:Book",
            "#lib.rareBook": "models.rare_book:RareBook",
            "#lib.shelf": "models.shelf:Shelf",
        },
    )
