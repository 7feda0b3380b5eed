"""Scripted misbehaviour, so that a client's tests meet every fault through its real transport."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from starlette.types import Message, Receive, Scope, Send

Connections = MutableMapping[tuple[str, int], asyncio.Transport]
"""Open connections by the client's address and port; the server keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way in which a request goes wrong, `times` times; then the service behaves again."""

    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """None: an OData error with `code` and `message`."""
    code: str = "serviceNotAvailable"
    message: str = "The service is not available for the moment."
    content_type: str = "application/json"
    delay: float = 0.0
    """Seconds before anything is answered."""
    applied: bool = False
    """The request takes effect first and only its answer is lost."""
    cut: int | None = None
    """The connection ends after that many bytes of the body, although its length promised more."""
    trickle: float = 0.0
    """Seconds between one byte of the body and the next."""
    reset: bool = False
    """No answer: the connection is reset."""
    raw: bytes | None = None
    """These bytes instead of an HTTP response, then the end of the connection."""
    verb: str = "*"
    path: str = "*"
    """Glob over the decoded path."""
    times: int = 1

    @staticmethod
    def throttled(retry_after: str = "1", times: int = 1) -> Fault:
        """Make a 429 with Retry-After."""
        return Fault(
            status=429,
            headers={"Retry-After": retry_after},
            code="TooManyRequests",
            message="Too many requests; try again later.",
            times=times,
        )

    @staticmethod
    def gateway(times: int = 1) -> Fault:
        """Make the 502 of a proxy in front of the service: a page of HTML."""
        page = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"
        return Fault(status=502, body=page, content_type="text/html", times=times)

    def content(self) -> bytes:
        """Give the body of the faulty answer."""
        if self.body is not None:
            return self.body
        return json.dumps({"error": {"code": self.code, "message": self.message}}).encode()


class Faults:
    """The faults that are still to come, in order; safe to fill from another thread."""

    def __init__(self) -> None:
        """Start without faults."""
        self._pending: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, *faults: Fault) -> None:
        """Script faults; each request meets the first one that fits its verb and path."""
        with self._lock:
            self._pending.extend(faults)

    def clear(self) -> None:
        """Forget the faults that nobody met."""
        with self._lock:
            self._pending.clear()

    @property
    def pending(self) -> tuple[Fault, ...]:
        """The faults that nobody met yet."""
        with self._lock:
            return tuple(self._pending)

    def take(self, verb: str, path: str) -> Fault | None:
        """Give the fault that a request meets, if any, and count it."""
        with self._lock:
            for at, fault in enumerate(self._pending):
                if fault.verb in {"*", verb} and fnmatchcase(path, fault.path):
                    if fault.times > 1:
                        self._pending[at] = replace(fault, times=fault.times - 1)
                    else:
                        del self._pending[at]
                    return fault
        return None


async def misbehave(fault: Fault, connections: Connections, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request as its fault says."""
    if fault.delay:
        await asyncio.sleep(fault.delay)
    content = fault.content()
    if fault.reset or fault.raw is not None:
        _end(connections, scope, fault.raw, reset=fault.reset)
        return
    headers = [(b"content-type", fault.content_type.encode()), (b"content-length", str(len(content)).encode())]
    headers += [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fault.headers.items()]
    await send({"type": "http.response.start", "status": fault.status, "headers": headers})
    if fault.trickle:
        for at in range(len(content)):
            await send(_piece(content[at : at + 1], more=True))
            await asyncio.sleep(fault.trickle)
        await send(_piece(b"", more=False))
    elif fault.cut is not None:
        await send(_piece(content[: fault.cut], more=True))
        _end(connections, scope, None, reset=False)
    else:
        await send(_piece(content, more=False))


def _piece(content: bytes, more: bool) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}


def _end(connections: Connections, scope: Scope, raw: bytes | None, reset: bool) -> None:
    transport = connections.get(tuple(scope["client"]))
    if transport is None:
        raise RuntimeError("a fault of the connection needs the emulator's own server")
    if raw is not None:
        transport.write(raw)
    if not reset:
        transport.close()
        return
    plain: socket.socket | None = transport.get_extra_info("socket")
    if plain is not None:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
