"""One shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_client._runtime.model import Parsable, Prop, model
from sample_client.models.entity import Entity

if TYPE_CHECKING:
    from sample_client.models.book import Book
    from typing_extensions import TypedDict

    class ShelfChanges(TypedDict, total=False):
        """What a PATCH of a shelf can change."""

        display_name: str | None


@model
class Shelf(Entity, Parsable):
    """One shelf."""

    books: list[Book] | None = None
    display_name: str | None = None

    _properties = [
        Prop("books", "books", "objects", "models.book:Book"),
        Prop("display_name", "displayName", "str"),
    ]
