"""The root of a client: what it is told once, and what it owns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from .builder import RequestBuilder
from .sync import Runner, SyncRequestBuilder

if TYPE_CHECKING:
    import httpx
    from azure.core.credentials import TokenCredential
    from azure.core.credentials_async import AsyncTokenCredential
    from kiota_abstractions.authentication import AuthenticationProvider
    from kiota_abstractions.request_adapter import RequestAdapter
    from kiota_abstractions.store import BackingStoreFactory
    from typing_extensions import Self

    from .errors import Response
    from .retry import Retries, Timeouts

T = TypeVar("T")
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
        """
        super().__init__(cast("Any", request_adapter), {})

    async def aclose(self) -> None:
        """Close the connections that the client opened, and the credential that it made."""

    async def __aenter__(self) -> Self:
        """Use the client in `async with`."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client."""
        await self.aclose()

    @staticmethod
    async def with_response(call: Awaitable[T]) -> Response[T]:
        """Await a call and give its result with status and headers: `await client.with_response(client.me.get())`.

        Args:
            call: What an executor gave, not yet awaited.
        """
        from .errors import recorded

        return await recorded(call)

    def _blocking(self, face: type[S]) -> S:
        """Give the blocking form of the client, always the same."""
        found = self.__dict__.get("_face")
        if found is None:
            found = self.__dict__["_face"] = face(self, Runner())
        return cast("S", found)


class SyncClientRoot(SyncRequestBuilder[C], Generic[C]):
    """The blocking form of a client."""

    def close(self) -> None:
        """Close the client and stop its loop."""
        self._runner.run(self.wrapped.aclose())
        self._runner.close()

    def __enter__(self) -> Self:
        """Use the client in `with`."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client."""
        self.close()

    def with_response(self, call: Callable[[], T]) -> Response[T]:
        """Make a call and give its result with status and headers.

        Args:
            call: A function without arguments that makes the call.
        """
        from .errors import recorded_call

        return recorded_call(call)
