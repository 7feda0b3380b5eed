"""Reads a file from an allowed https origin."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

from graphslice.diagnostics import Location, error
from graphslice.openapi.text import MAX_BYTES


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could leave the allowed origin, so none is followed."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def fetch(url: str, name: str) -> bytes:
    """Get one file; redirects are not followed, and only so many bytes are read."""
    if not url.startswith("https://"):
        raise error("OAS015", f"{url!r} is not https", Location(name), "use https, or a copy on disk")
    opener = urllib.request.build_opener(_NoRedirect())
    try:
        with opener.open(url, timeout=30) as answer:
            data: bytes = answer.read(MAX_BYTES + 1)
            return data
    except (urllib.error.URLError, OSError, ValueError) as fault:
        raise error(
            "OAS015", f"the description cannot be fetched: {fault}", Location(name), "fetch it to a file first"
        ) from None
