"""Connections: one pool for each event loop that uses the client, closed with it.

The transports of httpx are used without its client: redirects, cookies and its log of full URLs are not wanted here.
"""

from __future__ import annotations

import asyncio
import functools
import importlib
import ssl
import threading
import weakref
import zlib
from collections.abc import AsyncGenerator, Callable, Coroutine
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from .auth import LOOPBACK

if TYPE_CHECKING:
    import aiohttp

    from .retry import Timeouts

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
