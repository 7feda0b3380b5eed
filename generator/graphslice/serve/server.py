"""Real HTTP on loopback: uvicorn in this thread (`serve`) or in one of its own (`running`)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from graphslice.api.model import ApiModel
from graphslice.diagnostics import Location, error
from graphslice.serve.app import Emulator
from graphslice.serve.calls import Handler
from graphslice.serve.faults import Connections, Faults
from graphslice.serve.options import DEFAULT_PAGE
from graphslice.serve.refusals import TokenCheck
from graphslice.serve.seed import Seed

_HOST = "127.0.0.1"
_IDLE_SECONDS = 30
_START_SECONDS = 20.0
_NO_HANDLERS: Mapping[str, Handler] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files for TLS: certificate chain and private key."""

    chain: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Address:
    """A running emulator."""

    emulator: Emulator
    origin: str
    """``http://127.0.0.1:PORT``"""

    @property
    def base_url(self) -> str:
        """The service root: what a client takes as its base URL."""
        return f"{self.origin}{self.emulator.base_path}"


@contextlib.contextmanager
def running(
    model: ApiModel,
    *,
    base_url: str = "",
    seed: Seed | None = None,
    auth: TokenCheck | None = None,
    faults: Faults | None = None,
    handlers: Mapping[str, Handler] = _NO_HANDLERS,
    page_size: int = DEFAULT_PAGE,
    port: int = 0,
    certificate: Certificate | None = None,
) -> Iterator[Address]:
    """Serve an emulator from a thread for as long as the block lasts; `Emulator` has what the arguments mean."""
    emulator = Emulator(
        model, base_url=base_url, seed=seed, auth=auth, faults=faults, handlers=handlers, page_size=page_size
    )
    with running_app(emulator.app, emulator.connections, port=port, certificate=certificate) as origin:
        yield Address(emulator, origin)


@contextlib.contextmanager
def running_app(
    app: ASGIApp, connections: Connections, *, port: int = 0, certificate: Certificate | None = None
) -> Iterator[str]:
    """Serve any application from a thread; gives its origin (``http://127.0.0.1:PORT``)."""
    with _listener(port) as listener:
        started = threading.Event()
        server = _Server(_config(app, connections, certificate), connections, started.set)
        thread = threading.Thread(target=server.run, args=([listener],), name="graphslice-serve", daemon=True)
        thread.start()
        if not started.wait(_START_SECONDS):
            raise RuntimeError("the server did not start")
        try:
            yield _origin(listener, certificate)
        finally:
            server.stop()
            thread.join(_START_SECONDS)


def serve(
    model: ApiModel,
    *,
    port: int = 0,
    ready: Callable[[str], None],
    base_url: str = "",
    seed: Seed | None = None,
    auth: TokenCheck | None = None,
) -> None:
    """Serve an emulator until it is interrupted; `ready` is told the base URL once requests are taken."""
    emulator = Emulator(model, base_url=base_url, seed=seed, auth=auth)
    with _listener(port) as listener:
        root = f"{_origin(listener, None)}{emulator.base_path}"
        config = _config(emulator.app, emulator.connections, None)
        server = _Server(config, emulator.connections, lambda: ready(root))
        with contextlib.suppress(KeyboardInterrupt):
            server.run([listener])


class _Server(uvicorn.Server):
    """Tells when it takes requests and stops at once, so that nobody has to ask or to wait."""

    def __init__(self, config: uvicorn.Config, connections: Connections, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._connections = connections
        self._ready = ready
        self._wake: Callable[[], object] = lambda: None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def main_loop(self) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(stop.set)
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(stop.wait(), 0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        # Connections that clients keep would outlive the loop and be reported as leaks of whoever runs us.
        for transport in list(self._connections.values()):
            transport.abort()
        while self._connections:
            await asyncio.sleep(0)

    def stop(self) -> None:
        """End the server from another thread, without waiting for connections that clients keep."""
        self.should_exit = self.force_exit = True
        self._wake()


class _Protocol(H11Protocol):
    """Lets faults reach the connection of a request, and ends connections on which nothing happens.

    uvicorn itself watches the time between two requests only, so that half a request would keep its connection.
    """

    open_connections: Connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch = self.loop.call_later(_IDLE_SECONDS, self._expire)
        if self.client is not None:
            self.open_connections[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch.cancel()
        if self.client is not None:
            self.open_connections.pop(self.client, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._watch.cancel()
        self._watch = self.loop.call_later(_IDLE_SECONDS, self._expire)
        super().data_received(data)

    def _expire(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        else:
            self._watch = self.loop.call_later(_IDLE_SECONDS, self._expire)


def _config(app: ASGIApp, connections: Connections, certificate: Certificate | None) -> uvicorn.Config:
    class Protocol(_Protocol):
        """The protocol of this one server."""

        open_connections = connections

    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=64 << 10,
        ssl_certfile=certificate.chain if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
    except (OSError, OverflowError) as fault:
        listener.close()
        reason = getattr(fault, "strerror", None) or str(fault)
        raise error(
            "SERVE010", f"port {port} cannot be used: {reason}", Location(), "choose another, or 0 for any free one"
        ) from None
    return listener


def _origin(listener: socket.socket, certificate: Certificate | None) -> str:
    host, port = listener.getsockname()[:2]
    return f"https://localhost:{port}" if certificate else f"http://{host}:{port}"
