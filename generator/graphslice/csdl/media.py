"""Content types: which of them carry structure, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterable

from graphslice.config import Slice

JSON = "application/json"
STREAM = "application/octet-stream"
TEXT = "text/plain"

_DEFAULTS = (JSON, f"{TEXT};q=0.9", "application/x-www-form-urlencoded;q=0.2", "multipart/form-data;q=0.1")


class Media:
    """The structured content types of one slice with their weights."""

    def __init__(self, wanted: Slice) -> None:
        """Take the slice's own list, or the usual one."""
        self._weights: dict[str, float] = {}
        for entry in wanted.structured_mime_types or _DEFAULTS:
            name, _, weight = entry.partition(";q=")
            self._weights[name.strip().lower()] = float(weight) if weight.replace(".", "", 1).isdigit() else 1.0

    def weight(self, content_type: str) -> float | None:
        """Give the weight of a structured content type, None for one without structure.

        A vendor's type (``application/vnd.x+json``) counts like what stands behind its plus.
        """
        plain = content_type.split(";")[0].strip().lower()
        found = self._weights.get(plain)
        if found is not None:
            return found
        kind, _, name = plain.partition("/")
        return self._weights.get(f"{kind}/{name.rpartition('+')[2]}") if "+" in name else None

    def body(self, content_types: Iterable[str]) -> str | None:
        """Give the structured type in which a body is written: the heaviest, then the last by text."""
        found = [(weight, kind) for kind in content_types if (weight := self.weight(kind)) is not None]
        return max(found)[1] if found else None

    def accept(self, content_types: Iterable[str]) -> str:
        """Give the Accept header for a structured answer in any of these types."""
        return ", ".join(sorted(self._weighted(kind) for kind in content_types if self.weight(kind) is not None))

    def accept_stream(self, content_types: Iterable[str]) -> str:
        """Give the Accept header for a stream: its types as written, then the one in which errors come."""
        return ", ".join((*content_types, JSON))

    def _weighted(self, kind: str) -> str:
        weight = self.weight(kind)
        return kind if weight is None or weight >= 1 else f"{kind};q={weight:g}"
