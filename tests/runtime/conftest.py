"""The sample client, put together as the generator does it, and a loopback service that does what a test tells it."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
RUNTIME = HERE.parents[1] / "generator" / "graphslice" / "emit" / "runtime"


def _assemble() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="sample-client-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    package = folder / "sample_client"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(HERE / "sample", package, ignore=ignore)
    shutil.copytree(RUNTIME, package / "_runtime", ignore=ignore)
    return folder


SITE = _assemble()
sys.path.insert(0, str(SITE))


@dataclass
class Seen:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Reply = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Service:
    """A service on loopback; `replies` are used up one by one, the last one for good."""

    replies: list[Reply] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.ensure_future(self.connection(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, target, _ = head[0].split(" ")
                headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head[1:] if line)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                self.seen.append(Seen(method, target, headers, body))
                reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
                if isinstance(reply, bytes):
                    writer.write(reply)
                    await writer.drain()
                else:
                    await reply(writer)
                    break

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Service]:
        server = await asyncio.start_server(self.accepted, "127.0.0.1", 0, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in list(self.tasks):
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)


def answer(
    status: int = 200,
    body: bytes | str = b"",
    content_type: str = "application/json",
    headers: dict[str, str] | None = None,
) -> bytes:
    """Spell an HTTP answer."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Any", f"Content-Length: {len(data)}"]
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


class Credential:
    """A synchronous credential that counts."""

    def __init__(self, token: Any = "canary-token") -> None:
        self.token = token
        self.asked: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def get_token(self, *scopes: str, **options: Any) -> Any:
        self.asked.append((scopes, options))
        return type("Token", (), {"token": self.token, "expires_on": 9_999_999_999})()


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def reply() -> Callable[..., bytes]:
    return answer


@pytest.fixture
def credential() -> Credential:
    return Credential()


@pytest.fixture
def make_credential() -> type[Credential]:
    return Credential


@pytest.fixture
def call(service: Service, credential: Credential) -> Callable[..., Any]:
    """Run a function with a client of the loopback service, on a loop of its own."""
    from sample_client.library_client import LibraryClient

    def run(use: Callable[[Any], Awaitable[Any]], **options: Any) -> Any:
        async def main() -> Any:
            async with service.running():
                given: dict[str, Any] = {"credentials": credential, "base_url": service.url, **options}
                async with LibraryClient(**given) as client:
                    return await use(client)

        return asyncio.run(main())

    return run


@pytest.fixture
def site() -> Path:
    """The folder that holds the sample client."""
    return SITE
