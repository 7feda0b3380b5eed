"""One book."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sample_client._runtime.model import Parsable, Prop, model
from sample_client.models.entity import Entity

if TYPE_CHECKING:
    from sample_client.models.genre import Genre
    from sample_client.models.size import Size
    from sample_client.models.trait import Trait
    from typing_extensions import TypedDict

    class BookChanges(TypedDict, total=False):
        """What a PATCH of a book can change."""

        title: str | None
        pages: int | None
        genre: Genre | None
        tags: list[str] | None
        size: Size | None


@model
class Book(Entity, Parsable):
    """One book."""

    bought: datetime.date | None = None
    cover: bytes | None = None
    created_date_time: datetime.datetime | None = None
    """When it was entered."""
    edited_date_time: datetime.datetime | None = None
    genre: Genre | None = None
    is_lent: bool | None = None
    marks: list[Genre] | None = None
    notes: Any | None = None
    opens: datetime.time | None = None
    pages: int | None = None
    price: float | None = None
    reading_time: datetime.timedelta | None = None
    serial: UUID | None = None
    shelves: list[Size] | None = None
    size: Size | None = None
    tags: list[str] | None = None
    title: str | None = None
    """What stands on its back."""
    traits: Trait | None = None

    _properties = [
        Prop("bought", "bought", "date"),
        Prop("cover", "cover", "bytes"),
        Prop("created_date_time", "createdDateTime", "datetime", read_only=True),
        Prop("edited_date_time", "editedDateTime", "datetime"),
        Prop("genre", "genre", "enum", "models.genre:Genre"),
        Prop("is_lent", "isLent", "bool"),
        Prop("marks", "marks", "enums", "models.genre:Genre"),
        Prop("notes", "notes", "untyped"),
        Prop("opens", "opens", "time"),
        Prop("pages", "pages", "int"),
        Prop("price", "price", "float"),
        Prop("reading_time", "readingTime", "timedelta"),
        Prop("serial", "serial", "uuid"),
        Prop("shelves", "shelves", "objects", "models.size:Size"),
        Prop("size", "size", "object", "models.size:Size"),
        Prop("tags", "tags", "strs"),
        Prop("title", "title", "str"),
        Prop("traits", "traits", "enum", "models.trait:Trait"),
    ]
