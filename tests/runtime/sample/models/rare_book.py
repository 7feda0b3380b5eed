"""A book that is locked away."""

from __future__ import annotations

from typing import ClassVar

from sample_client._runtime.model import Parsable, Prop, model
from sample_client.models.book import Book


@model
class RareBook(Book, Parsable):
    """A book that is locked away."""

    odata_type: str | None = "#lib.rareBook"
    value: float | None = None

    _properties: ClassVar[tuple[Prop, ...]] = (Prop("value", "value", "float"),)
