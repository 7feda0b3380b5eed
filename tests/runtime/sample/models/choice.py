"""Values that are one of several types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sample_client._runtime.composed import ComposedTypeWrapper, Member
from sample_client._runtime.model import Parsable, Prop, model

if TYPE_CHECKING:
    from sample_client.models.book import Book
    from sample_client.models.shelf import Shelf
    from sample_client.models.size import Size


@model
class Choice(ComposedTypeWrapper, Parsable):
    """A book, a shelf, text or a list of numbers."""

    book: Book | None = None
    integer: list[int] | None = None
    shelf: Shelf | None = None
    string: str | None = None

    _members = (
        Member(Prop("book", "", "object", "models.book:Book"), keys=("Book",)),
        Member(Prop("integer", "", "ints")),
        Member(Prop("shelf", "", "object", "models.shelf:Shelf"), keys=("Shelf",)),
        Member(Prop("string", "", "str")),
    )
    _composition = "union"
    _discriminator_property = "kind"


@model
class Mixture(ComposedTypeWrapper, Parsable):
    """A size and a shelf at once, or a number."""

    double: float | None = None
    shelf: Shelf | None = None
    size: Size | None = None

    _members = (
        Member(Prop("double", "", "float")),
        Member(Prop("shelf", "", "object", "models.shelf:Shelf"), keys=("Shelf",)),
        Member(Prop("size", "", "object", "models.size:Size")),
    )
    _composition = "intersection"
