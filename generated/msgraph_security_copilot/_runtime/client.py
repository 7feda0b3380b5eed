"""The root of a client: what it is told once, and what it owns."""

from __future__ import annotations

import contextvars
import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast
from urllib.parse import unquote

from kiota_abstractions.api_error import APIError as KiotaAPIError

from .builder import RequestBuilder, Runner, SyncBuilder

if TYPE_CHECKING:
    import httpx
    from azure.core.credentials import TokenCredential
    from azure.core.credentials_async import AsyncTokenCredential
    from kiota_abstractions.authentication import AuthenticationProvider
    from kiota_abstractions.request_adapter import RequestAdapter
    from kiota_abstractions.request_information import RequestInformation
    from kiota_abstractions.store import BackingStoreFactory
    from typing_extensions import Self

    from .adapter import Retries, Timeouts
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
        """Put all of it into one printable line."""
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
    """Note an answer for whoever asked for it."""
    seen = _recorder.get()
    if seen is not None:
        seen.append((status, headers()))


async def recorded(call: Awaitable[T]) -> Response[T]:
    """Await a call and give its result with status and headers."""
    seen: list[tuple[int, Mapping[str, str]]] = []
    token = _recorder.set(seen)
    try:
        body = await call
    finally:
        _recorder.reset(token)
    return _response(body, seen)


def recorded_call(call: Callable[[], T]) -> Response[T]:
    """Make a blocking call and give its result with status and headers."""
    seen: list[tuple[int, Mapping[str, str]]] = []
    token = _recorder.set(seen)
    try:
        body = call()
    finally:
        _recorder.reset(token)
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
    """Say what the description knows that may cure a refusal."""
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
    """Show the beginning of an answer that nobody could read."""
    text = content[: _EXCERPT * 4].decode("utf-8", "replace")
    return printable(" ".join(text.split()), _EXCERPT)


C = TypeVar("C", bound="ClientRoot")
S = TypeVar("S", bound="SyncClientRoot[Any]")


@dataclass(frozen=True)
class ClientSettings:
    """What the description and the slice say about a client."""

    base_url: str = ""
    """Where the requests go when nobody says otherwise."""
    authentication: str = "none"
    """`azure`: the client signs in by itself; `none`: only with an adapter or a provider given."""
    clouds: tuple[str, ...] = ()
    """Clouds that offer the API; empty: the description does not tell."""
    backing_store: bool = False
    """Whether the models are Kiota's `BackedModel`."""
    product: str = ""
    """Name and version for the User-Agent header."""


class ClientRoot(RequestBuilder):
    """Base of the generated clients.

    A client is made once and used for as long as there is work; `async with` or `aclose` gives its connections back.
    It closes what it made itself: an adapter, an `http_client` or a credential that was handed in stays the caller's.
    """

    _settings: ClassVar[ClientSettings] = ClientSettings()

    def __init__(
        self,
        request_adapter: RequestAdapter[Any] | None = None,
        backing_store: BackingStoreFactory | None = None,
        *,
        credentials: TokenCredential | AsyncTokenCredential | None = None,
        scopes: list[str] | None = None,
        authentication_provider: AuthenticationProvider | None = None,
        cloud: str = "global",
        base_url: str | None = None,
        timeout: float | Timeouts | None = None,
        retries: int | Retries | None = None,
        proxy: str | None = None,
        http_client: httpx.AsyncClient | None = None,
        transport: str | httpx.AsyncBaseTransport | None = None,
        max_response_bytes: int = 16 * 1024 * 1024,
        allowed_hosts: Sequence[str] = (),
    ) -> None:
        """Make a client.

        Args:
            request_adapter: Sends the requests; with it, none of the other arguments but `backing_store` may be given.
            backing_store: Kiota's factory, handed on to the adapter.
            credentials: An azure-identity credential, synchronous or not; DefaultAzureCredential when left out.
            scopes: What a token is asked for; the cloud's own scope when left out.
            authentication_provider: Signs the requests instead of a credential.
            cloud: Host and scope by name: `global`, `us_gov_l4`, `us_gov_l5`, `china`.
            base_url: Another address of the service, https or on this machine.
            timeout: Seconds for a call in all, retries included, or `Timeouts`.
            retries: How often a failed request is sent again, or `Retries`.
            proxy: URL of a proxy, for the service and for tokens.
            http_client: Sends the requests instead of a client of our own.
            transport: `httpx` or `aiohttp`, or a transport for httpx.
            max_response_bytes: Longer answers are refused.
            allowed_hosts: Base URLs of further hosts to which requests and tokens may go.
        """
        given: dict[str, Any] = {
            name: value
            for name, value in (
                ("credentials", credentials),
                ("scopes", scopes),
                ("authentication_provider", authentication_provider),
                ("base_url", base_url),
                ("timeout", timeout),
                ("retries", retries),
                ("proxy", proxy),
                ("http_client", http_client),
                ("transport", transport),
            )
            if value is not None
        }
        self._owned: list[Any] = []
        if request_adapter is not None and not hasattr(request_adapter, "send_async"):
            # Microsoft's own root takes credentials and scopes in these places.
            if not hasattr(request_adapter, "get_token") or given:
                raise TypeError("request_adapter has no send_async; give credentials by name.")
            given["credentials"], request_adapter = request_adapter, None
            if isinstance(backing_store, list):
                given["scopes"], backing_store = backing_store, None
        if request_adapter is None:
            from .adapter import own_adapter

            limits = {"max_response_bytes": max_response_bytes, "allowed_hosts": tuple(allowed_hosts)}
            request_adapter, self._owned = own_adapter(self._settings, cloud, given, limits)
        elif given:
            raise TypeError(f"A request adapter brings its own {', '.join(given)}.")
        else:
            self._settle(request_adapter)
        super().__init__(request_adapter, {})
        if backing_store is not None:
            request_adapter.enable_backing_store(backing_store)

    def _settle(self, adapter: RequestAdapter[Any]) -> None:
        """Give an adapter of the caller's what every client of Kiota's gives it: a base URL and the stock factories."""
        from .adapter import register_stock_factories

        register_stock_factories()
        if not adapter.base_url:
            adapter.base_url = self._settings.base_url

    async def aclose(self) -> None:
        """Close the connections that the client opened, and the credential that it made."""
        while self._owned:
            await self._owned.pop().aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @staticmethod
    async def with_response(call: Awaitable[T]) -> Response[T]:
        """Await a call and give its result with status and headers: `await client.with_response(client.me.get())`.

        Args:
            call: What an executor gave, not yet awaited.
        """
        return await recorded(call)

    def _blocking(self, face: type[S]) -> S:
        found = self.__dict__.get("_face")
        if found is None:
            found = self.__dict__["_face"] = face(self, Runner(self._owned))
        return cast("S", found)


class SyncClientRoot(SyncBuilder[C], Generic[C]):
    """The blocking form of a client."""

    def close(self) -> None:
        """Close the client and stop its loop."""
        self._runner.run(self.wrapped.aclose())
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def with_response(self, call: Callable[[], T]) -> Response[T]:
        """Make a call and give its result with status and headers.

        Args:
            call: A function without arguments that makes the call.
        """
        return recorded_call(call)
