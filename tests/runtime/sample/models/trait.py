"""What can be said of a book."""

from __future__ import annotations

from sample_client._runtime.flags import WireFlags


class Trait(WireFlags):
    """What can be said of a book."""

    None_ = "none"
    """Nothing."""
    Large = "large"
    """It is large."""
    Old = "old"
    """It is old."""
