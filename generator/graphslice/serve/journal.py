"""What went over the wire, as the emulator saw it. Bearer tokens never get here."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graphslice.serve.schema import Json

_SECRET = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie", "x-identity-header"})
REDACTED = "[redacted]"

Headers = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Exchange:
    """One request and its answer; `status` is 0 until, or unless, there is one."""

    verb: str
    target: str
    """Path and query exactly as they stood in the request line."""
    headers: Headers
    content: bytes = b""
    status: int = 0
    reply_headers: Headers = field(default=())
    reply: bytes = b""

    def header(self, name: str) -> str:
        """Give a request header by its name, empty when it was not sent."""
        return next((value for known, value in self.headers if known == name.lower()), "")

    def json(self) -> Json:
        """Give the request's body as JSON."""
        return json.loads(self.content)


class Journal:
    """The last exchanges, oldest first."""

    def __init__(self, limit: int = 1000) -> None:
        """Keep at most `limit` exchanges."""
        self._exchanges: deque[Exchange] = deque(maxlen=limit)

    def add(self, exchange: Exchange) -> None:
        """Take a new exchange."""
        self._exchanges.append(exchange)

    def clear(self) -> None:
        """Forget everything so far."""
        self._exchanges.clear()

    @property
    def last(self) -> Exchange:
        """The newest exchange."""
        return self._exchanges[-1]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(tuple(self._exchanges))

    def __len__(self) -> int:
        return len(self._exchanges)


def redacted(headers: Iterable[tuple[str, str]]) -> Headers:
    """Give headers in lower case, without what must not be kept or shown; the scheme of a token stays."""
    shown = []
    for name, value in headers:
        name = name.lower()
        if name in _SECRET:
            scheme, blank, _ = value.partition(" ")
            value = f"{scheme} {REDACTED}" if blank and name == "authorization" else REDACTED
        shown.append((name, value))
    return tuple(shown)
