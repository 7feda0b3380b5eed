"""When a request is sent again, and how long a call may take in all."""

from __future__ import annotations

import asyncio
import email.utils
import random
import time
from dataclasses import dataclass
from types import TracebackType

from kiota_abstractions.request_option import RequestOption

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_REPEATABLE = _SAFE | {"PUT", "PATCH", "DELETE"}
_BUSY = frozenset({408, 502, 503, 504})


@dataclass(frozen=True)
class Timeouts:
    """Seconds that the parts of a call may take."""

    connect: float = 10.0
    read: float = 30.0
    """Between two pieces of an answer."""
    total: float = 100.0
    """For the call in all, with retries and waits."""


@dataclass(frozen=True)
class Retries(RequestOption):
    """When a request is sent again; for a client, or as an option of one request.

    429 is obeyed for every method: the service did nothing. 408, 502, 503, 504 and broken connections are repeated for
    methods that may be repeated; a POST is not among them, since the service may have done its work before it failed,
    unless `post` says so.
    """

    count: int = 3
    post: bool = False
    longest: float = 30.0
    """Of the waits that the client chooses itself; the call's deadline bounds those that the service asks for."""
    first: float = 0.5

    @staticmethod
    def get_key() -> str:
        return "Retries"

    def __post_init__(self) -> None:
        if not 0 <= self.count <= 10:
            raise ValueError("retries has to be between 0 and 10.")

    def for_status(self, method: str, status: int, attempt: int) -> bool:
        """Whether a request is sent again after an answer; `attempt` counts from 1."""
        if attempt > self.count:
            return False
        return status == 429 or (status in _BUSY and (method in _REPEATABLE or self.post))

    def for_break(self, method: str, attempt: int, *, sent: bool) -> bool:
        """Whether a request is sent again after a connection that failed; `sent`: it may have arrived."""
        if attempt > self.count:
            return False
        if not sent or method in _SAFE:
            return True
        # A change that may have been made is repeated once: a second time the connection is the fault, not chance.
        return attempt == 1 and (method in _REPEATABLE or self.post)

    def wait(self, attempt: int) -> float:
        """Give a wait that grows, with full jitter, so that many clients do not come back together."""
        return random.uniform(0, min(self.longest, self.first * 2 ** (attempt - 1)))


def retry_after(value: str | None) -> float | None:
    """Read a Retry-After header: seconds, decimals too, or a date; None for anything else."""
    if not value:
        return None
    text = value.strip()
    try:
        seconds = float(text) if text.isascii() and text[0] in "0123456789." and "_" not in text else -1.0
    except ValueError:
        seconds = -1.0
    if 0 <= seconds < float("inf"):
        return seconds
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return max(0.0, moment.timestamp() - time.time()) if moment.tzinfo is not None else None


class Deadline:
    """Bounds what happens inside `with`, as `asyncio.timeout` does from Python 3.11 on."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.expired = False

    def __enter__(self) -> Deadline:
        self._task = asyncio.current_task()
        self._alarm = asyncio.get_running_loop().call_later(max(0.0, self._seconds), self._ring)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._alarm.cancel()
        if not self.expired or not isinstance(error, asyncio.CancelledError):
            return
        uncancel = getattr(self._task, "uncancel", None)
        if uncancel is None or uncancel() == 0:
            raise TimeoutError from error

    def _ring(self) -> None:
        self.expired = True
        if self._task is not None:
            self._task.cancel()
