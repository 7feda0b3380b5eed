"""A page of shelves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sample_client._runtime.model import AdditionalDataHolder, BackedModel, Parsable, Prop, field_of, model

if TYPE_CHECKING:
    from sample_client.models.shelf import Shelf


@model
class ShelfCollectionResponse(AdditionalDataHolder, BackedModel, Parsable):
    """A page of shelves."""

    additional_data: dict[str, Any] = field_of(factory=dict)
    odata_count: int | None = None
    odata_next_link: str | None = None
    value: list[Shelf] | None = None

    _properties = [
        Prop("odata_count", "@odata.count", "int"),
        Prop("odata_next_link", "@odata.nextLink", "str"),
        Prop("value", "value", "objects", "models.shelf:Shelf"),
    ]
