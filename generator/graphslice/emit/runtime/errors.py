"""What can go wrong between a call and its result, in words that support can use.

Everything here derives from Kiota's `APIError`, as the errors that a description declares do: one `except` catches
both. No text holds a token, a header that was sent, or a request body.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
from collections.abc import Awaitable, Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import unquote

from kiota_abstractions.api_error import APIError as KiotaAPIError

if TYPE_CHECKING:
    from kiota_abstractions.request_information import RequestInformation

    from .builder import OperationFacts

T = TypeVar("T")
_EXCERPT = 300
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x61C, 0x200E, 0x200F}


@dataclass
class CallFacts:
    """What is known of one call; errors carry it."""

    method: str = ""
    path: str = ""
    """The URL template's path, without the ids."""
    status: int | None = None
    code: str = ""
    request_id: str = ""
    client_request_id: str = ""
    date: str = ""
    attempts: int = 0
    maybe_applied: bool = False
    """Whether the service may have done what was asked although the call failed."""
    retry_after: float | None = None
    hint: str = ""
    facts: OperationFacts | None = field(default=None, repr=False)

    def line(self, message: str) -> str:
        what = " ".join(part for part in (str(self.status or ""), self.code) if part)
        ids = [("request-id", self.request_id), ("client-request-id", self.client_request_id), ("date", self.date)]
        known = ", ".join(f"{name} {printable(value, 100)}" for name, value in ids if value)
        tried = f", {self.attempts} attempts" if self.attempts > 1 else ""
        text = ": ".join(part for part in (f"{self.method} {self.path}".strip(), what, printable(message)) if part)
        text += f" ({known}{tried})" if known else f" ({tried[2:]})" if tried else ""
        if self.maybe_applied:
            text += " The change may have been made all the same."
        return f"{text} {self.hint}".rstrip()


class CallError(KiotaAPIError):
    """A call that failed before, beside or instead of the service's own error."""

    def __init__(self, message: str, call: CallFacts | None = None, headers: Mapping[str, str] | None = None) -> None:
        self.call = call or CallFacts()
        super().__init__(message, self.call.status, dict(headers or {}))
        self.args = (message,)

    def __str__(self) -> str:
        return self.call.line(self.message or type(self).__name__)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.message, self.call, self.response_headers), {"__cause__": None})

    def __setstate__(self, state: Any) -> None:
        """Everything is in the constructor's arguments."""

    @property
    def status(self) -> int | None:
        """The HTTP status, where there was an answer."""
        return self.call.status

    @property
    def request_id(self) -> str:
        """The service's id of the request."""
        return self.call.request_id

    @property
    def maybe_applied(self) -> bool:
        """Whether the service may have done what was asked all the same."""
        return self.call.maybe_applied

    @property
    def retry_after(self) -> float | None:
        """Seconds that the service asked to wait."""
        return self.call.retry_after

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return object.__hash__(self)


class ServiceError(CallError):
    """The service answered with an error that no error class can hold: HTML, nothing, or an unknown status."""


class BadResponse(CallError):
    """The service answered with success, but not with what was promised."""


class ResponseTooLarge(BadResponse):
    """The answer is longer than the client takes."""


class PagingError(BadResponse):
    """A next link that cannot be followed; `resume_link` says where the run broke off."""

    def __init__(self, message: str, resume_link: object = None, call: CallFacts | None = None) -> None:
        super().__init__(message, call)
        self.resume_link = resume_link


class ConnectionFailed(CallError):
    """No connection was made, or it broke."""


class TimedOut(ConnectionFailed):
    """The call did not end in its time."""


class HostRefused(CallError):
    """The request would have gone to a host that is not the service's; it was not sent."""


class RequestRefused(CallError, ValueError):
    """The request would have done something else than its arguments say; it was not sent."""


class SignInFailed(CallError):
    """No token could be had; the request was not sent."""


class ClientClosed(CallError, RuntimeError):
    """The client was closed before the call."""


@dataclass(frozen=True)
class Response(Generic[T]):
    """The result of a call with what came along."""

    body: T
    status: int
    headers: Mapping[str, str]

    @property
    def request_id(self) -> str:
        """The service's id of the request."""
        return self.headers.get("request-id", "")


_recorder: contextvars.ContextVar[list[tuple[int, Mapping[str, str]]] | None] = contextvars.ContextVar(
    "recorder", default=None
)


def record(status: int, headers: Callable[[], Mapping[str, str]]) -> None:
    seen = _recorder.get()
    if seen is not None:
        seen.append((status, headers()))


@contextlib.contextmanager
def _recording() -> Generator[list[tuple[int, Mapping[str, str]]], None, None]:
    seen: list[tuple[int, Mapping[str, str]]] = []
    token = _recorder.set(seen)
    try:
        yield seen
    finally:
        _recorder.reset(token)


async def recorded(call: Awaitable[T]) -> Response[T]:
    with _recording() as seen:
        body = await call
    return _response(body, seen)


def recorded_call(call: Callable[[], T]) -> Response[T]:
    with _recording() as seen:
        body = call()
    return _response(body, seen)


def _response(body: T, seen: list[tuple[int, Mapping[str, str]]]) -> Response[T]:
    if not seen:
        raise RuntimeError("with_response needs a call through the client's own request adapter.")
    status, headers = seen[-1]
    return Response(body, status, headers)


def template_path(info: RequestInformation) -> str:
    """Give the path of a request as its template has it: without the ids, which logs and spans must not show."""
    return _path_of(info.url_template or "")


@functools.lru_cache(maxsize=2048)
def _path_of(template: str) -> str:
    path = template.partition("{?")[0].partition("{&")[0].partition("?")[0].replace("{+baseurl}", "")
    return unquote(path) or "/"


def hint_for(status: int | None, facts: OperationFacts | None) -> str:
    if facts is None or status is None:
        return ""
    hints: list[str] = []
    if status in (401, 403):
        if facts.scopes:
            hints.append(f"It needs the permission {' or '.join(facts.scopes)}.")
        if facts.roles:
            hints.append(f"The caller needs the role {' or '.join(facts.roles)}.")
    if status in (403, 404) and facts.clouds:
        hints.append(f"It is offered in these clouds only: {', '.join(facts.clouds)}.")
    if status in (400, 403, 404, 405, 501) and facts.documented is False:
        hints.append("The vendor does not document this operation; the service may not offer it.")
    if hints and facts.documentation:
        hints.append(f"See {facts.documentation}")
    return " ".join(hints)


def printable(text: str, limit: int = 600) -> str:
    """Make text of a service safe for terminals and logs: controls and bidirectional marks escaped, long text cut."""
    shown = text if len(text) <= limit else text[: limit - 3] + "..."
    return "".join(
        ch if ch.isprintable() and ord(ch) not in _BIDI else ch.encode("unicode_escape").decode("ascii") for ch in shown
    )


def excerpt(content: bytes) -> str:
    text = content[: _EXCERPT * 4].decode("utf-8", "replace")
    return printable(" ".join(text.split()), _EXCERPT)
