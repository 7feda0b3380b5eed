"""A book that is locked away."""

from __future__ import annotations

from sample_client._runtime.model import Parsable, Prop, model
from sample_client.models.book import Book


@model
class RareBook(Book, Parsable):
    """A book that is locked away."""

    odata_type: str | None = "#lib.rareBook"
    value: float | None = None

    _properties = [Prop("value", "value", "float")]
