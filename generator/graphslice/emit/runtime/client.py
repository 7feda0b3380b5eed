"""The root of a client: what it is told once, and what it owns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from .builder import RequestBuilder
from .errors import Response, recorded, recorded_call
from .sync import Runner, SyncBuilder

if TYPE_CHECKING:
    import httpx
    from azure.core.credentials import TokenCredential
    from azure.core.credentials_async import AsyncTokenCredential
    from kiota_abstractions.authentication import AuthenticationProvider
    from kiota_abstractions.request_adapter import RequestAdapter
    from kiota_abstractions.store import BackingStoreFactory
    from typing_extensions import Self

    from .retry import Retries, Timeouts

T = TypeVar("T")
C = TypeVar("C", bound="ClientRoot")
F = TypeVar("F", bound="SyncClientRoot[Any]")


@dataclass(frozen=True)
class ClientSettings:
    """What the description and the slice say about a client."""

    base_url: str = ""
    authentication: str = "none"
    """`azure`: the client signs in by itself; `none`: only with an adapter or a provider given."""
    clouds: tuple[str, ...] = ()
    """Clouds that offer the API; empty: the description does not tell."""
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
        options: dict[str, Any] = {
            "credentials": credentials,
            "scopes": scopes,
            "authentication_provider": authentication_provider,
            "base_url": base_url,
            "timeout": timeout,
            "retries": retries,
            "proxy": proxy,
            "http_client": http_client,
            "transport": transport,
        }
        given = {name: value for name, value in options.items() if value is not None}
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
        from .codec import register_stock_factories

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

    def _blocking(self, face: type[F]) -> F:
        found = self.__dict__.get("_face")
        if found is None:
            found = self.__dict__["_face"] = face(self, Runner(self._owned))
        return cast("F", found)


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
