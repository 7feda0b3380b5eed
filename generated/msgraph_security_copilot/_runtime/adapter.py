"""The client's own request adapter: Kiota's interface, on the transports of httpx.

Written anew rather than derived from Kiota's, because what it must not do happens inside: following redirects, sending
without a token, reading without a limit, taking any answer for the one that was promised.
"""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import asyncio
import base64
import binascii
import email.utils
import functools
import importlib
import inspect
import json
import logging
import random
import re
import ssl
import threading
import time
import uuid
import weakref
import zlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, cast
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from kiota_abstractions.authentication import (
    AnonymousAuthenticationProvider,
    AuthenticationProvider,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.request_adapter import RequestAdapter
from kiota_abstractions.request_option import RequestOption
from kiota_abstractions.serialization import (
    ParseNode,
    ParseNodeFactory,
    ParseNodeFactoryRegistry,
    SerializationWriterFactory,
    SerializationWriterFactoryRegistry,
)
from kiota_serialization_json.json_parse_node import JsonParseNode
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter
from opentelemetry import trace

from .builder import (
    BadResponse,
    CallError,
    CallFacts,
    ClientClosed,
    ConnectionFailed,
    HostRefused,
    RequestRefused,
    ResponseTooLarge,
    ServiceError,
    SignInFailed,
    TimedOut,
    excerpt,
    hint_for,
    printable,
    record,
    template_path,
)
from .model import PRIMITIVES

if TYPE_CHECKING:
    import aiohttp
    from kiota_abstractions.request_information import RequestInformation
    from kiota_abstractions.serialization import SerializationWriter
    from kiota_abstractions.store import BackingStoreFactory

    from .builder import ClientSettings


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


Send = Callable[["httpx.Request"], Coroutine[Any, Any, "httpx.Response"]]
_EARLY = 300
_asker = threading.local()
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Cloud:
    """Where one cloud has its services and its sign-in."""

    host: str
    authority: str


CLOUDS: Mapping[str, Cloud] = {
    "global": Cloud("graph.microsoft.com", "login.microsoftonline.com"),
    "us_gov_l4": Cloud("graph.microsoft.us", "login.microsoftonline.us"),
    "us_gov_l5": Cloud("dod-graph.microsoft.us", "login.microsoftonline.us"),
    "china": Cloud("microsoftgraph.chinacloudapi.cn", "login.chinacloudapi.cn"),
}


def cloud_named(name: str, offered: tuple[str, ...]) -> Cloud:
    if name not in CLOUDS:
        raise ValueError(f"{name!r} is no cloud; there are {', '.join(CLOUDS)}.")
    if offered and name not in offered:
        raise ValueError(f"This API is not offered in {name}, only in: {', '.join(offered)}.")
    return CLOUDS[name]


def in_cloud(base_url: str, cloud: Cloud) -> str:
    parts = urlsplit(base_url)
    known = {other.host for other in CLOUDS.values()}
    return parts._replace(netloc=cloud.host).geturl() if parts.netloc in known else base_url


def default_credential(cloud: Cloud, proxy: str | None, timeouts: Timeouts, send: Send | None = None) -> Any:
    """Make a DefaultAzureCredential for a cloud, whose requests take the client's proxy, timeouts and connections.

    The synchronous one, which runs in a thread and belongs to no event loop.
    """
    from azure.identity import DefaultAzureCredential

    options: dict[str, Any] = {
        "authority": cloud.authority,
        "connection_timeout": timeouts.connect,
        "read_timeout": timeouts.read,
    }
    if proxy is not None:
        options["proxies"] = {"http": proxy, "https": proxy}
    if send is not None:
        options["transport"] = _carrier(send)
    return DefaultAzureCredential(**options)


def _carrier(send: Send) -> Any:
    """Make a transport for azure-core that hands its requests to the loop for which a token is asked."""
    import httpx
    from azure.core.exceptions import ServiceRequestError
    from azure.core.pipeline.transport import HttpResponse, HttpTransport

    class Answer(HttpResponse):
        def __init__(self, request: Any, found: httpx.Response) -> None:
            super().__init__(request, found)
            self.status_code, self.reason = found.status_code, found.reason_phrase
            self.headers: Any = found.headers
            self.content_type = found.headers.get("content-type")

        def body(self) -> bytes:
            content: bytes = self.internal_response.content
            return content

    class Carrier(HttpTransport[Any, Any]):
        def open(self) -> None: ...

        def close(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

        def send(self, request: Any, **_: Any) -> Any:
            body: dict[str, Any] = {"data" if hasattr(request.content, "items") else "content": request.content}
            native = httpx.Request(request.method, request.url, headers=request.headers, **body)
            try:
                return Answer(request, asyncio.run_coroutine_threadsafe(send(native), _asker.loop).result())
            except httpx.TransportError as error:
                raise ServiceRequestError(str(error), error=error) from error

    return Carrier()


class CredentialProvider(AuthenticationProvider):
    """Signs requests with tokens of an azure-identity credential, synchronous or not.

    A token is asked for once, however many calls wait for it; a synchronous credential is asked in a thread.
    """

    def __init__(self, credential: Any, scopes: list[str], *, owned: bool = False) -> None:
        if not scopes:
            raise ValueError("scopes cannot be empty.")
        self._credential = credential
        self._scopes = scopes
        self._owned = owned
        self._token: tuple[str, float] | None = None
        self._asking: weakref.WeakKeyDictionary[Any, asyncio.Task[tuple[str, float]]] = weakref.WeakKeyDictionary()

    async def authenticate_request(
        self, request: RequestInformation, additional_authentication_context: dict[str, Any] | None = None
    ) -> None:
        claims = (additional_authentication_context or {}).get("claims")
        token = await self._fresh(claims_text(claims) if isinstance(claims, str) and claims else None)
        request.headers.remove("Authorization")
        request.headers.add("Authorization", f"Bearer {token}")

    async def aclose(self) -> None:
        if self._owned:
            closed = self._credential.close()
            if inspect.isawaitable(closed):
                await closed

    async def _fresh(self, claims: str | None) -> str:
        if claims is not None:
            return (await self._asked(claims))[0]
        if self._token is not None and self._token[1] - time.time() > _EARLY:
            return self._token[0]
        loop = asyncio.get_running_loop()
        task = self._asking.get(loop)
        if task is None or task.done():
            task = self._asking[loop] = loop.create_task(self._asked(None))
        # Shielded: one caller's deadline is not the others'.
        found: tuple[str, float] = await asyncio.shield(task)
        return found[0]

    async def _asked(self, claims: str | None) -> tuple[str, float]:
        try:
            found = await self._ask(claims)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            # A credential's own text may quote what it was given; its type and first line have to do.
            first = str(error).partition("\n")[0]
            raise SignInFailed(f"{type(error).__name__}: {printable(first, 200)}; the request was not sent") from error
        token = getattr(found, "token", None)
        if not isinstance(token, str) or not token:
            raise SignInFailed("the credential returned no token; the request was not sent")
        if not token.isascii() or not token.isprintable():
            raise SignInFailed("the credential returned a token that no header can carry; the request was not sent")
        # Kept before those who wait are told: a call that begins in between would ask again.
        self._token = token, float(getattr(found, "expires_on", 0) or 0)
        return self._token

    async def _ask(self, claims: str | None) -> Any:
        get_token = getattr(self._credential, "get_token", None)
        options: dict[str, Any] = {"enable_cae": True}
        if claims is not None:
            options["claims"] = claims
        if get_token is None:
            get_token, arguments = self._credential.get_token_info, {"options": options}
        else:
            arguments = options
        if inspect.iscoroutinefunction(get_token):
            return await get_token(*self._scopes, **arguments)
        loop = asyncio.get_running_loop()

        def ask() -> Any:
            _asker.loop = loop
            return get_token(*self._scopes, **arguments)

        found = await loop.run_in_executor(None, ask)
        return await found if inspect.isawaitable(found) else found


def challenged_claims(headers: list[str]) -> str | None:
    """Find the claims that a 401 asks for, in whichever of its challenges they stand."""
    for header in headers:
        if "claims" not in header.lower():
            continue
        for challenge in re.split(r",\s*(?=[A-Za-z][\w-]*\s+[\w-]+=)", header):
            scheme, _, rest = challenge.strip().partition(" ")
            found = re.search(r'\bclaims\s*=\s*"([^"]+)"', rest, re.IGNORECASE)
            if scheme.lower() == "bearer" and found and claims_text(found[1]) is not None:
                return found[1]
    return None


def claims_text(encoded: str) -> str | None:
    text = encoded.strip().translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None


def checked_base_url(url: str, *, signed: bool) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or any(ch in url for ch in "\\\t\r\n "):
        raise ValueError(f"The base URL {printable(url, 100)!r} is no absolute http or https URL.")
    if parts.query or parts.fragment or "?" in url or "#" in url or "@" in parts.netloc:
        raise ValueError("A base URL has no query, no fragment and no user.")
    if signed and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError("Tokens go over https only; http is for this machine.")
    return url.strip().rstrip("/")


def origin(url: str) -> tuple[str, str, int]:
    if any(ch in url for ch in "\\\t\r\n ") or not url.isascii():
        raise ValueError("the URL holds characters that URLs cannot have")
    parts = urlsplit(url)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("the URL is not absolute, or names a user")
    return parts.scheme.lower(), parts.hostname.lower(), parts.port or (443 if parts.scheme.lower() == "https" else 80)


_ZLIB_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_CHUNK = 1 << 16


class TooLong(Exception):
    """An answer beyond the limit."""


class Garbled(Exception):
    """An answer whose encoding is broken or unknown."""


class Pools:
    """Transports by event loop; each stands in an asynchronous generator, which is closed with its loop."""

    def __init__(self, make: Callable[[], httpx.AsyncBaseTransport], *, owned: bool = True) -> None:
        self._make = make
        self._owned = owned
        self._open: weakref.WeakKeyDictionary[Any, tuple[httpx.AsyncBaseTransport, AsyncGenerator[None, None]]]
        self._open = weakref.WeakKeyDictionary()
        self._lock = threading.Lock()
        self.closed = False

    async def transport(self) -> httpx.AsyncBaseTransport:
        loop = asyncio.get_running_loop()
        found = self._open.get(loop)
        if found is None:
            transport = self._make()
            keeper = self._keep(transport)
            with self._lock:
                found = self._open.setdefault(loop, (transport, keeper))
            await found[1].__anext__()
        return found[0]

    async def aclose(self) -> None:
        """Close all pools, those of other loops that still run too."""
        self.closed = True
        here = asyncio.get_running_loop()
        with self._lock:
            pools = list(self._open.items())
            self._open.clear()
        for loop, (_, keeper) in pools:
            if loop is here:
                await keeper.aclose()
            elif loop.is_running():
                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(_closed(keeper), loop))

    async def _keep(self, transport: httpx.AsyncBaseTransport) -> AsyncGenerator[None, None]:
        loop = asyncio.get_running_loop()
        try:
            yield
        finally:
            with self._lock:
                self._open.pop(loop, None)
            if self._owned:
                await transport.aclose()


async def _closed(keeper: AsyncGenerator[None, None]) -> None:
    await keeper.aclose()


def transport_factory(kind: str, base_url: str, proxy: str | None) -> Callable[[], httpx.AsyncBaseTransport]:
    proxy = proxy or _environment_proxy(base_url)
    if kind == "httpx":
        return lambda: _httpx_transport(base_url, proxy)
    if kind != "aiohttp":
        raise ValueError(f"{kind!r} is no transport; there are httpx and aiohttp.")
    try:
        importlib.import_module("aiohttp")
    except ImportError as error:
        raise ValueError("transport='aiohttp' needs the package aiohttp: pip install aiohttp") from error
    plain = base_url.startswith("http:") and proxy is None
    return lambda: AiohttpTransport(_bare_context() if plain else _ssl_context(http2=False), proxy)


def sender_of(
    http_client: httpx.AsyncClient | None, transport: str | httpx.AsyncBaseTransport | None, limits: Timeouts
) -> Callable[[httpx.Request], Coroutine[Any, Any, httpx.Response]] | None:
    if http_client is None and (transport is None or isinstance(transport, str)):
        return None

    async def send(request: httpx.Request) -> httpx.Response:
        seconds = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.total}
        request.extensions["timeout"] = seconds
        if http_client is not None:
            return await http_client.send(request, follow_redirects=False)
        response = await cast("httpx.AsyncBaseTransport", transport).handle_async_request(request)
        await response.aread()
        return response

    return send


def _httpx_transport(base_url: str, proxy: str | None) -> httpx.AsyncBaseTransport:
    plain = base_url.startswith("http:") and proxy is None
    return httpx.AsyncHTTPTransport(
        verify=_bare_context() if plain else _ssl_context(http2=True),
        http2=True,
        # As many kept as opened: fewer, and many calls at once would close and open connections between them.
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=100),
        proxy=proxy,
    )


class AiohttpTransport(httpx.AsyncBaseTransport):
    """aiohttp behind the interface of httpx, without its cookies and redirects; URLs go out letter by letter."""

    def __init__(self, verify: ssl.SSLContext, proxy: str | None) -> None:
        self._verify = verify
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        import aiohttp
        from yarl import URL

        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=100, ssl=self._verify),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            )
            # When a request is sent again is decided elsewhere, and counted.
            self._session._retry_connection = False  # pyright: ignore[reportPrivateUsage]
        limits = request.extensions.get("timeout", {})
        timeout = aiohttp.ClientTimeout(
            connect=limits.get("pool"), sock_connect=limits.get("connect"), sock_read=limits.get("read")
        )
        try:
            answer = await self._session.request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=request.headers.multi_items(),
                data=request.content or None,
                allow_redirects=False,
                proxy=self._proxy,
                timeout=timeout,
            )
        except (aiohttp.ClientError, OSError) as error:
            raise _as_httpx(error)(str(error) or type(error).__name__, request=request) from error
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Content(answer), request=request)

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()


class _Content(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncGenerator[bytes, None]:
        import aiohttp

        try:
            async for chunk in self._answer.content.iter_any():
                yield chunk
        except (aiohttp.ClientError, OSError) as error:
            raise _as_httpx(error)(str(error) or type(error).__name__) from error

    async def aclose(self) -> None:
        self._answer.release()


def _as_httpx(error: Exception) -> type[httpx.TransportError]:
    """Find the error of httpx: above all, whether the request can have arrived."""
    import aiohttp

    if isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError)):
        return httpx.ConnectError
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout
    return httpx.ReadTimeout if isinstance(error, aiohttp.ServerTimeoutError) else httpx.ReadError


@functools.cache
def _ssl_context(*, http2: bool) -> ssl.SSLContext:
    # Reading the certificates takes longer than a request, and they are the same for every client. But not for both
    # transports: that of httpx writes into its context that HTTP/2 is spoken.
    context = httpx.create_ssl_context()
    context.set_alpn_protocols(["http/1.1", "h2"] if http2 else ["http/1.1"])
    return context


@functools.cache
def _bare_context() -> ssl.SSLContext:
    # Trusts nobody: it is there for http to this machine, which uses none.
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _environment_proxy(base_url: str) -> str | None:
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if host in LOOPBACK or host.startswith("127."):
        return None
    found = getproxies()
    proxy = found.get(parts.scheme) or found.get("all")
    if not proxy or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


async def read_bounded(response: httpx.Response, encoding: str, limit: int) -> bytes:
    if response.is_stream_consumed:
        # A transport that answers by itself, as those of tests do, has read and decoded already.
        if len(response.content) > limit:
            raise TooLong
        return response.content
    encoding = encoding.strip().lower()
    if encoding not in ("identity", "", *_ZLIB_BITS):
        raise Garbled(f"the answer is encoded as {encoding!r}, which was not asked for")
    if encoding in _ZLIB_BITS:
        return await _inflated(response, limit, _ZLIB_BITS[encoding])
    parts: list[bytes] = []
    length = 0
    async for chunk in response.aiter_raw():
        length += len(chunk)
        if length > limit:
            raise TooLong
        parts.append(chunk)
    return b"".join(parts)


async def _inflated(response: httpx.Response, limit: int, bits: int) -> bytes:
    engine = zlib.decompressobj(bits)
    parts: list[bytes] = []
    length = 0
    received = False
    async for chunk in response.aiter_raw():
        received = received or bool(chunk)
        rest = chunk
        while rest and not engine.eof:
            try:
                part = engine.decompress(rest, min(_CHUNK, limit - length + 1))
            except zlib.error as error:
                if bits == 15 and not length:
                    # "deflate" has meant two things since its beginning; both are sent.
                    bits, engine = -15, zlib.decompressobj(-15)
                    continue
                raise Garbled("the compressed answer is broken") from error
            length += len(part)
            if length > limit:
                raise TooLong
            parts.append(part)
            rest = engine.unconsumed_tail
    if received and not engine.eof:
        raise Garbled("the compressed answer was cut off")
    return b"".join(parts)


JSON = "application/json"
_BOM = b"\xef\xbb\xbf"


class Unreadable(ValueError):
    """Content that is not what its type says."""


class JsonNode(JsonParseNode):
    """Kiota's node, but for models of ours, which are filled when they are made."""

    def get_object_value(self, factory: Any) -> Any:
        load = getattr(factory, "_load", None)
        return super().get_object_value(factory) if load is None else load(self._json_node)

    def get_collection_of_object_values(self, factory: Any) -> Any:
        load = getattr(factory, "_load", None)
        if load is None or not isinstance(self._json_node, list):
            return super().get_collection_of_object_values(factory)
        return [load(item) for item in self._json_node]


class JsonWriter(JsonSerializationWriter):
    """Kiota's writer, which refuses what is not JSON."""

    def get_serialized_content(self) -> bytes:
        # Kiota's older writers do not say whether a null is a value at the root.
        has_value = getattr(self, "_has_root_value", self.value is not None)
        if self.writer and has_value:
            raise ValueError("A value and properties were both written at the root.")
        content = self.value if has_value else self.writer
        return json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8")

    def _create_new_writer(self) -> JsonSerializationWriter:
        return JsonWriter()


class NodeFactory(ParseNodeFactory):
    """Parse nodes of one client: JSON and text by our own, others by what Kiota's registry has."""

    def get_valid_content_type(self) -> str:
        return JSON

    def get_root_parse_node(self, content_type: str, content: bytes) -> ParseNode:
        if is_json(content_type):
            return JsonNode(loaded(content))
        if content_type.partition(";")[0].strip().lower() == "text/plain":
            return JsonNode(decoded(content))
        try:
            return ParseNodeFactoryRegistry().get_root_parse_node(content_type, content)
        except Exception as error:
            raise Unreadable(f"{content_type} cannot be read") from error


class WriterFactory(SerializationWriterFactory):
    """Writers of one client: JSON by our own, others by what Kiota's registry has or its packages offer."""

    def get_valid_content_type(self) -> str:
        return JSON

    def get_serialization_writer(self, content_type: str) -> SerializationWriter:
        if is_json(content_type):
            return JsonWriter()
        register_stock_factories()
        try:
            return SerializationWriterFactoryRegistry().get_serialization_writer(content_type)
        except Exception as error:
            package = "form" if content_type == "application/x-www-form-urlencoded" else "text"
            cure = f"pip install microsoft-kiota-serialization-{package}"
            raise ValueError(f"Nothing here writes {content_type}: {cure}") from error


def register_stock_factories() -> None:
    """Put Kiota's own factories into its registries where nobody has put any, as every client of Kiota's does."""
    import importlib

    packages = {"Json": "json", "Text": "text", "Form": "form", "Multipart": "multipart"}
    readers = ParseNodeFactoryRegistry.CONTENT_TYPE_ASSOCIATED_FACTORIES
    writers = SerializationWriterFactoryRegistry.CONTENT_TYPE_ASSOCIATED_FACTORIES
    for name, package in packages.items():
        base = f"kiota_serialization_{package}.{package}"
        for module, cls, registry in (
            (f"{base}_parse_node_factory", f"{name}ParseNodeFactory", readers),
            (f"{base}_serialization_writer_factory", f"{name}SerializationWriterFactory", writers),
        ):
            try:
                made: Any = getattr(importlib.import_module(module), cls)()
            except ImportError:
                continue  # installed apart, needed only where a description uses the type
            registry.setdefault(made.get_valid_content_type(), made)
    readers.setdefault("text/plain", TextNodeFactory())


class TextNodeFactory(NodeFactory):
    """Reads plain text where Kiota's package for it is not installed."""

    def get_valid_content_type(self) -> str:
        return "text/plain"


def is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == JSON or kind.endswith("+json") or kind == "text/json"


def loaded(content: bytes) -> Any:
    """Parse JSON; a byte-order mark is allowed, what JSON does not have is not."""
    try:
        return json.loads(decoded(content), object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise Unreadable("the JSON is nested too deeply") from None
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(f"no JSON: {error}") from None


def decoded(content: bytes) -> str:
    try:
        return (content[3:] if content.startswith(_BOM) else content).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("no UTF-8") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Unreadable("a name stands twice in one object")
    return made


def _no_constant(text: str) -> NoReturn:
    raise Unreadable(f"JSON has no {text}")


_log = logging.getLogger(__name__.partition(".")[0])
_LATE = (httpx.ReadTimeout, httpx.WriteTimeout)
_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_KEPT_TOKEN_SECONDS = 60.0
_HIDDEN = frozenset({"set-cookie", "authorization", "www-authenticate", "proxy-authenticate"})
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class AdapterOptions:
    """How an adapter works; see `ClientRoot` for what each means."""

    timeouts: Timeouts = field(default_factory=Timeouts)
    retries: Retries = field(default_factory=Retries)
    max_response_bytes: int = 16 * 1024 * 1024
    user_agent: str = ""
    allowed_hosts: tuple[str, ...] = ()
    request_ids: bool = False


@dataclass
class Answer:
    """An answer that has been read; its header names are lower-case."""

    status: int
    headers: dict[str, str]
    challenges: list[str]
    content: bytes
    request: httpx.Request
    call: CallFacts

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    def shown_headers(self) -> dict[str, str]:
        return {name: value for name, value in self.headers.items() if name not in _HIDDEN}


class Sender:
    """Sends requests to one service and gives the answers, whatever their status."""

    def __init__(
        self,
        provider: AuthenticationProvider,
        pools: Pools | None,
        http_client: httpx.AsyncClient | None,
        options: AdapterOptions,
    ) -> None:
        self.base_url = ""
        self.options = options
        self._provider = provider
        self._pools = pools
        self._http_client = http_client
        self._origins: set[tuple[str, str, int]] = set()
        self._closed = False

    def pin(self, base_url: str) -> None:
        self.base_url = base_url
        self._origins = {origin(url) for url in (base_url, *self.options.allowed_hosts) if url}

    async def aclose(self) -> None:
        self._closed = True
        if self._pools is not None:
            await self._pools.aclose()

    def facts(self, info: RequestInformation) -> CallFacts:
        own = info.headers.get("client-request-id")
        known = next(iter(own), "") if own else str(uuid.uuid4()) if self.options.request_ids else ""
        facts: Any = info.request_options.get("OperationFacts")
        method: str = info.http_method.value if info.http_method else ""
        return CallFacts(method=method, path=template_path(info), client_request_id=known, facts=facts)

    async def signed(self, info: RequestInformation, call: CallFacts) -> httpx.Request:
        self._checked_url(info, call)
        await self._sign(info, call, None)
        return self._native(info, call)

    async def send(self, info: RequestInformation, call: CallFacts) -> Answer:
        limit = self.options.timeouts.total
        deadline = asyncio.get_running_loop().time() + limit
        try:
            with Deadline(limit):
                return await self._attempts(info, call, deadline)
        except TimeoutError:
            call.maybe_applied = call.attempts > 0 and call.method in UNSAFE
            raise TimedOut(f"no answer within {limit:g} seconds", call) from None

    # ----------------------------------------------------------------------------------------------- attempts

    async def _attempts(self, info: RequestInformation, call: CallFacts, deadline: float) -> Answer:
        self._checked_url(info, call)
        await self._sign(info, call, None)
        retries = _retries(info, self.options.retries)
        claimed = False
        while True:
            call.attempts += 1
            call.status = None
            try:
                answer = await self._once(self._native(info, call), call)
            except httpx.TransportError as error:
                wait = self._after_break(error, call, retries)
                why = type(error).__name__
            else:
                claims = None if claimed or answer.status != 401 else challenged_claims(answer.challenges)
                if claims is not None:
                    claimed = True
                    await self._sign(info, call, claims)
                    continue
                left = deadline - asyncio.get_running_loop().time()
                found = self._after_answer(answer, call, retries, left)
                if found is None:
                    return answer
                wait, why = found, str(answer.status)
            _log.info("%s %s: %s, attempt %d; waiting %.1f s", call.method, call.path, why, call.attempts, wait)
            await asyncio.sleep(wait)
            if wait > _KEPT_TOKEN_SECONDS:
                await self._sign(info, call, None)

    def _after_break(self, error: Exception, call: CallFacts, retries: Retries) -> float:
        """Give the wait before the next attempt after a connection that failed, or raise."""
        if isinstance(error, (httpx.LocalProtocolError, httpx.UnsupportedProtocol)):
            raise RequestRefused(f"{type(error).__name__}: {printable(str(error), 200)}", call) from error
        sent = call.status is not None or not isinstance(error, _NO_CONNECTION)
        call.maybe_applied = call.maybe_applied or (sent and call.method in UNSAFE)
        if retries.for_break(call.method, call.attempts, sent=sent):
            return retries.wait(call.attempts)
        name = type(error).__name__
        late = isinstance(error, (httpx.ConnectTimeout, *_LATE))
        raise (TimedOut if late else ConnectionFailed)(f"{name}: {error}" if str(error) else name, call) from error

    def _after_answer(self, answer: Answer, call: CallFacts, retries: Retries, left: float) -> float | None:
        """Give the wait before the next attempt after an answer; None: it is the one to keep."""
        call.maybe_applied = call.maybe_applied or (answer.status >= 500 and call.method in UNSAFE)
        call.retry_after = retry_after(answer.headers.get("retry-after"))
        if not retries.for_status(call.method, answer.status, call.attempts):
            return None
        wait = retries.wait(call.attempts) if call.retry_after is None else call.retry_after
        return None if wait >= left else wait

    async def _sign(self, info: RequestInformation, call: CallFacts, claims: str | None) -> None:
        info.headers.remove("Authorization")
        try:
            await self._provider.authenticate_request(info, {"claims": claims} if claims else {})
        except CallError as error:
            error.call = call
            raise
        except Exception as error:
            first = str(error).partition("\n")[0]
            text = f"{type(error).__name__}: {printable(first, 200)}; the request was not sent"
            raise SignInFailed(text, call) from error
        signed = info.headers.contains("Authorization")
        if isinstance(self._provider, BaseBearerTokenAuthenticationProvider) and not signed:
            # Kiota's own provider gives no token for a host that it does not trust, and would let the request go.
            raise SignInFailed("the provider gave no token; the request was not sent", call)

    async def _once(self, request: httpx.Request, call: CallFacts) -> Answer:
        if self._http_client is not None:
            response = await self._http_client.send(request, stream=True, follow_redirects=False)
        elif self._pools is not None:
            response = await (await self._pools.transport()).handle_async_request(request)
        else:
            raise ClientClosed("the client has no connections", call)
        raw = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers.raw]
        headers = dict(raw)
        limit = self.options.max_response_bytes
        try:
            call.status = response.status_code
            call.request_id = headers.get("request-id") or headers.get("x-request-id", "")
            call.date = headers.get("date", "")
            content = await read_bounded(response, headers.get("content-encoding", "identity"), limit)
        except TooLong:
            call.maybe_applied = call.method in UNSAFE
            text = f"the answer is longer than max_response_bytes, which is {limit}"
            raise ResponseTooLarge(text, call) from None
        except Garbled as error:
            call.maybe_applied = call.method in UNSAFE
            raise BadResponse(str(error), call) from error
        finally:
            await response.aclose()
        challenges = [value for name, value in raw if name == "www-authenticate"]
        return Answer(response.status_code, headers, challenges, content, request, call)

    # ------------------------------------------------------------------------------------------------ requests

    def _checked_url(self, info: RequestInformation, call: CallFacts) -> str:
        if self._closed:
            raise ClientClosed("the client is closed", call)
        if not self.base_url:
            raise RequestRefused("the client has no base URL", call)
        raw = info.path_parameters.get(info.RAW_URL_KEY)
        if raw is None:
            info.path_parameters["baseurl"] = self.base_url
        url = info.url
        if isinstance(raw, str):
            url = urljoin(f"{self.base_url}/", url)
        inside = url.startswith(f"{self.base_url}/")
        if not inside or "\\" in url or not url.isascii():
            self._check_host(url, call)
        path, mark, query = url.partition("?")
        segments = (path[len(self.base_url) :] if inside else path.partition("://")[2]).split("/")[1:]
        if ("/." in path or "%2e" in path.lower()) and any(unquote(part) in (".", "..") for part in segments):
            raise RequestRefused("the path would lead to another resource; the request was not sent", call)
        if raw is not None:
            return url  # as the caller or the service wrote it
        if segments[:-1].count("") > call.path.split("/")[1:-1].count(""):
            raise RequestRefused("a part of the path is empty; the request was not sent", call)
        return f"{path}?{_query(query)}" if mark else path

    def _check_host(self, url: str, call: CallFacts) -> None:
        try:
            target = origin(url)
        except ValueError as error:
            raise HostRefused(f"{error}; the request was not sent", call) from None
        if target not in self._origins:
            place = f"{target[0]}://{target[1]}:{target[2]}"
            raise HostRefused(f"{place} is not the service; the request was not sent", call)

    def _native(self, info: RequestInformation, call: CallFacts) -> httpx.Request:
        url = self._checked_url(info, call)
        headers = [(name, ", ".join(sorted(values))) for name, values in info.headers.get_all().items()]
        present = {name for name, _ in headers}
        own = (
            ("accept-encoding", "gzip, deflate"),
            ("user-agent", self.options.user_agent),
            ("client-request-id", call.client_request_id),
        )
        headers += [(name, value) for name, value in own if value and name not in present]
        limits = self.options.timeouts
        timeout = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.total}
        extensions = {"timeout": timeout, "kiota_request_options": dict(info.request_options)}
        try:
            return httpx.Request(call.method, url, headers=headers, content=info.content, extensions=extensions)
        except (ValueError, httpx.InvalidURL) as error:
            raise RequestRefused(f"{type(error).__name__}; the request was not sent", call) from error


def _query(query: str) -> str:
    """Spell the names of query options as services list them: Kiota's templates encode their `$`."""
    if "%" not in query:
        return query
    parts: list[str] = []
    for part in query.split("&"):
        name, mark, value = part.partition("=")
        for code, sign in (("%24", "$"), ("%2E", "."), ("%2D", "-"), ("%7E", "~")):
            name = name.replace(code, sign)
        parts.append(f"{name}{mark}{value}")
    return "&".join(parts)


def _retries(info: RequestInformation, usual: Retries) -> Retries:
    """Take what a request says for itself: our own option, or Kiota's for its retry handler."""
    option: Any = info.request_options.get("Retries")
    if isinstance(option, Retries):
        return option
    kiota: Any = info.request_options.get("RetryHandlerOption")
    if kiota is not None:
        count = int(getattr(kiota, "max_retry", usual.count)) if getattr(kiota, "should_retry", True) else 0
        return Retries(min(count, 10), usual.post, usual.longest, usual.first)
    return usual


ErrorMap = Mapping[str, type[Any]] | None


class ClientAdapter(RequestAdapter[httpx.Request]):
    """Sends the requests of one client to one host."""

    def __init__(
        self,
        authentication_provider: AuthenticationProvider,
        base_url: str,
        *,
        pools: Pools | None = None,
        http_client: httpx.AsyncClient | None = None,
        options: AdapterOptions | None = None,
    ) -> None:
        self._sender = Sender(authentication_provider, pools, http_client, options or AdapterOptions())
        self._sender.pin(base_url)
        self._nodes = NodeFactory()
        self._writers = WriterFactory()
        self._tracer = trace.get_tracer(__name__.partition(".")[0])

    # ------------------------------------------------------------------------------------------ Kiota's interface

    @property
    def base_url(self) -> str:
        return self._sender.base_url

    @base_url.setter
    def base_url(self, value: str) -> None:
        if value:
            self._sender.pin(checked_base_url(value, signed=False))

    def get_serialization_writer_factory(self) -> SerializationWriterFactory:
        return self._writers

    def enable_backing_store(self, backing_store_factory: BackingStoreFactory | None) -> None:
        """Do nothing: the models know their changes by themselves, and their `backing_store` shows them."""

    async def send_async(self, request_info: RequestInformation, parsable_factory: Any, error_map: Any) -> Any:
        answer, handled = await self._answered(request_info, error_map)
        if handled is not None:
            return handled[0]
        if parsable_factory in PRIMITIVES:
            return self._primitive(answer, PRIMITIVES[parsable_factory])
        if self._nothing(answer):
            return None
        load = getattr(parsable_factory, "_load", None)
        if load is None or not is_json(answer.content_type):
            node = self._node(answer)
            return self._filled(answer, lambda: node.get_object_value(parsable_factory))
        raw = self._json(answer)
        self._check_promise(answer, parsable_factory, raw)
        return self._filled(answer, lambda: load(raw))

    async def send_collection_async(
        self, request_info: RequestInformation, parsable_factory: Any, error_map: Any
    ) -> Any:
        answer, handled = await self._answered(request_info, error_map)
        if handled is not None:
            return handled[0]
        if self._nothing(answer):
            return None
        raw = self._list(answer)
        if parsable_factory in PRIMITIVES:
            kind = PRIMITIVES[parsable_factory]
            return self._filled(answer, lambda: [None if item is None else kind(item) for item in raw])
        node = JsonNode(raw)
        return self._filled(answer, lambda: node.get_collection_of_object_values(parsable_factory))

    async def send_collection_of_primitive_async(
        self, request_info: RequestInformation, response_type: Any, error_map: Any
    ) -> Any:
        return await self.send_collection_async(request_info, response_type, error_map)

    async def send_primitive_async(self, request_info: RequestInformation, response_type: str, error_map: Any) -> Any:
        answer, handled = await self._answered(request_info, error_map)
        if handled is not None:
            return handled[0]
        if response_type == "bytes":
            return answer.content if answer.content else None
        if response_type not in PRIMITIVES:
            raise TypeError(f"{response_type} is no plain value.")
        return self._primitive(answer, PRIMITIVES[response_type])

    async def send_no_response_content_async(self, request_info: RequestInformation, error_map: Any) -> Any:
        _, handled = await self._answered(request_info, error_map)
        return handled[0] if handled is not None else None

    async def convert_to_native_async(self, request_info: RequestInformation) -> httpx.Request:
        return await self._sender.signed(request_info, self._sender.facts(request_info))

    async def aclose(self) -> None:
        await self._sender.aclose()

    # ------------------------------------------------------------------------------------------------ answers

    async def _answered(self, info: RequestInformation, errors: ErrorMap) -> tuple[Answer, list[Any] | None]:
        call = self._sender.facts(info)
        errors = errors or {}
        # Neither the exception nor its text goes into the span: it may quote what the service said.
        with self._tracer.start_as_current_span(
            f"{call.method} {call.path}", record_exception=False, set_status_on_exception=False
        ) as span:
            span.set_attribute("http.request.method", call.method)
            answer = await self._sender.send(info, call)
            span.set_attribute("http.response.status_code", answer.status)
            span.set_attribute("http.request.resend_count", call.attempts - 1)
        record(answer.status, answer.shown_headers)
        inspection: Any = info.request_options.get("HeadersInspectionHandlerOption")
        if inspection is not None and inspection.inspect_response_headers:
            inspection.response_headers.clear()
            for name, value in answer.headers.items():
                inspection.response_headers.add(name, value)
        handler = getattr(info.request_options.get("ResponseHandler"), "response_handler", None)
        if handler is not None:
            headers = {k: v for k, v in answer.headers.items() if k not in ("content-encoding", "content-length")}
            native = httpx.Response(answer.status, headers=headers, content=answer.content, request=answer.request)
            return answer, [await handler.handle_response_async(native, dict(errors))]
        if answer.status >= 400:
            raise self._error(answer, errors)
        if answer.status >= 300 and not self._not_modified(answer):
            unasked = "the service says that nothing changed, though nobody asked"
            why = unasked if answer.status == 304 else "the service redirects, which the client does not follow"
            raise BadResponse(why, call, answer.shown_headers())
        return answer, None

    def _not_modified(self, answer: Answer) -> bool:
        sent = answer.request.headers
        return answer.status == 304 and ("if-none-match" in sent or "if-modified-since" in sent)

    def _nothing(self, answer: Answer) -> bool:
        if answer.status in (204, 205, 304) or answer.call.method == "HEAD":
            return True
        if answer.content:
            return False
        if answer.call.method in UNSAFE:
            return True
        raise self._bad(answer, "the answer is empty")

    def _bad(self, answer: Answer, why: str) -> BadResponse:
        answer.call.maybe_applied = answer.call.method in UNSAFE
        shown = excerpt(answer.content)
        return BadResponse(f"{why}: {shown}" if shown else why, answer.call, answer.shown_headers())

    def _json(self, answer: Answer) -> Any:
        if not is_json(answer.content_type):
            raise self._bad(answer, f"JSON was expected, not {answer.content_type or 'an answer without a type'}")
        return self._filled(answer, lambda: loaded(answer.content))

    def _list(self, answer: Answer) -> list[Any]:
        raw = self._json(answer)
        if type(raw) is not list:
            raise self._bad(answer, "a list was expected")
        return raw

    def _node(self, answer: Answer) -> Any:
        if not answer.content_type:
            raise self._bad(answer, "the answer has no content type")
        return self._filled(answer, lambda: self._nodes.get_root_parse_node(answer.content_type, answer.content))

    def _filled(self, answer: Answer, fill: Any) -> Any:
        try:
            return fill()
        except ValueError as error:
            raise self._bad(answer, str(error) or "another kind of value was expected") from error
        except RecursionError:
            raise self._bad(answer, "the answer is nested too deeply") from None

    def _check_promise(self, answer: Answer, model: Any, raw: Any) -> None:
        if not isinstance(raw, dict):
            if getattr(model, "_partial", True):
                raise self._bad(answer, "an object was expected")
            return
        known = model._known()
        if "error" in raw and "error" not in known and isinstance(raw["error"], dict) and len(raw) == 1:
            raise self._bad(answer, "the service reports an error with a status of success")
        if "@odata.nextLink" in known and "value" in known and raw.get("value") is None:
            raise self._bad(answer, "a page was expected, but there are no items in it")

    def _primitive(self, answer: Answer, kind: Any) -> Any:
        if self._nothing(answer):
            return None

        def read() -> Any:
            json = is_json(answer.content_type)
            value = loaded(answer.content) if json else decoded(answer.content).strip()
            return None if value is None else kind(value)

        return self._filled(answer, read)

    # ------------------------------------------------------------------------------------------------- errors

    def _error(self, answer: Answer, errors: Mapping[str, type[Any]]) -> Exception:
        call, status = answer.call, answer.status
        call.hint = hint_for(status, call.facts)
        mapped = errors.get(str(status)) or errors.get(f"{status // 100}XX") or errors.get("XXX")
        found = self._mapped(answer, mapped) if mapped is not None else None
        if found is None:
            shown = excerpt(answer.content)
            what = answer.content_type.partition(";")[0] or "no type"
            return ServiceError(f"{what}: {shown}" if shown else "empty body", call, answer.shown_headers())
        found.__dict__.update(response_status_code=status, response_headers=answer.shown_headers(), call=call)
        main = getattr(found, "error", None)
        call.code = _text(getattr(main, "code", None)) or _text(getattr(found, "code", None))
        inner = getattr(main, "inner_error", None)
        call.request_id = call.request_id or _text(getattr(inner, "request_id", None))
        message = _text(found.primary_message) or excerpt(answer.content)
        found.__dict__["_told"] = call.line(message)
        error: Exception = found
        return error

    def _mapped(self, answer: Answer, mapped: Any) -> Any:
        try:
            raw = loaded(answer.content) if is_json(answer.content_type) else None
        except Unreadable:
            return None
        try:
            found = mapped._load(raw) if isinstance(raw, dict) else None
        except (ValueError, RecursionError):
            # What the error says in a shape of its own still belongs to the class that callers catch.
            found = mapped()
        return found if isinstance(found, Exception) else None


def own_adapter(
    settings: ClientSettings, cloud: str, given: Mapping[str, Any], limits: Mapping[str, Any]
) -> tuple[ClientAdapter, list[Any]]:
    """Make the adapter of a client that was given none, and list what the client has to close, the last first."""
    http_client, transport = given.get("http_client"), given.get("transport")
    timeout, retries = given.get("timeout", Timeouts()), given.get("retries", Retries())
    timeouts = timeout if isinstance(timeout, Timeouts) else Timeouts(total=timeout)
    signs = settings.authentication == "azure"
    if not signs and cloud != "global":
        raise ValueError("This API knows no clouds; give its base_url.")
    chosen = cloud_named(cloud, settings.clouds) if signs else None
    address = given.get("base_url") or (in_cloud(settings.base_url, chosen) if chosen else settings.base_url)
    send = sender_of(http_client, transport, timeouts)
    provider, owned = _provider(given, chosen, timeouts, send)
    if address:
        address = checked_base_url(address, signed=not type(provider).__name__.startswith("Anonymous"))
    pools = None
    if send is None:
        pools = Pools(transport_factory(transport or "httpx", address, given.get("proxy")))
    elif http_client is None:
        pools = Pools(lambda: cast("httpx.AsyncBaseTransport", transport), owned=False)
    options = AdapterOptions(
        timeouts=timeouts,
        retries=retries if isinstance(retries, Retries) else Retries(retries),
        user_agent=settings.product,
        request_ids=signs,
        **limits,
    )
    adapter = ClientAdapter(provider, address, pools=pools, http_client=http_client, options=options)
    return adapter, [*owned, adapter]


def _provider(
    given: Mapping[str, Any], cloud: Cloud | None, timeouts: Timeouts, send: Send | None
) -> tuple[AuthenticationProvider, list[Any]]:
    """Give what signs requests, and list it where the client has to close it."""
    provider, credentials = given.get("authentication_provider"), given.get("credentials")
    if provider is not None:
        return provider, []
    if credentials is None and cloud is None:
        return AnonymousAuthenticationProvider(), []
    scopes = given.get("scopes") or ([f"https://{cloud.host}/.default"] if cloud else [])
    if not scopes:
        raise ValueError("credentials need scopes.")
    owned = credentials is None
    if cloud is not None and credentials is None:
        credentials = default_credential(cloud, given.get("proxy"), timeouts, send)
    signer = CredentialProvider(credentials, scopes, owned=owned)
    return signer, [signer]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
