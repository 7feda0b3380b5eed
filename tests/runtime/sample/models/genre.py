"""What a book is about."""

from __future__ import annotations

from sample_client._runtime.model import WireEnum


class Genre(WireEnum):
    """What a book is about."""

    Crime = "crime"
    """Somebody did it."""
    Global_ = "global"
    """Everything."""
    None_ = "none"
    """Nothing."""
