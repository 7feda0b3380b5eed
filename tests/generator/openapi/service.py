"""A service on loopback that answers as an ApiModel says, and keeps what it was sent."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from graphslice.api.model import ApiModel, Operation, Primitive, PrimitiveRef
from graphslice.export.examples import example

BYTES = PrimitiveRef(Primitive.BINARY)
STREAM = b"\x00\x01 bytes"


@dataclass(slots=True)
class Sent:
    """One request as it arrived."""

    verb: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Service:
    """What the server gives next, and what came."""

    url: str = ""
    status: int = 200
    kind: str = "application/json"
    content: bytes = b""
    sent: list[Sent] = field(default_factory=list)

    def answers(self, status: int, kind: str, content: bytes) -> None:
        """Settle the next answer."""
        self.status, self.kind, self.content = status, kind, content


def good_answer(model: ApiModel, operation: Operation) -> tuple[int, str, bytes]:
    """A successful answer of an operation."""
    result = operation.result
    accepted = [part.partition(";q=")[0] for part in operation.accept.split(", ") if part] or ["application/json"]
    kind = accepted[0]
    if result.type is None:
        return 204, "", b""
    status = next((int(code) for code in result.statuses if code.isdecimal() and code != "204"), 200)
    if result.type == BYTES:
        return status, "application/octet-stream", STREAM
    shown = example(model, result.type)
    if kind.startswith("text/") and not isinstance(shown, (dict, list)):
        return status, kind, (shown if isinstance(shown, str) else json.dumps(shown)).encode()
    return status, "application/json", json.dumps({} if shown is None else shown).encode()


def error_status(code: str) -> int:
    """A status for which the client has to raise the error of a mapping."""
    return {"4XX": 418, "5XX": 501, "XXX": 418}.get(code) or int(code)


@contextmanager
def running() -> Iterator[Service]:
    """Serve on a free port of loopback."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length) if length else _chunks(self.rfile, self.headers.get("transfer-encoding", ""))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.sent.append(Sent(self.command, self.path, headers, body))
            self.send_response(service.status)
            if service.kind:
                self.send_header("content-type", service.kind)
            content = b"" if self.command == "HEAD" or service.status == 204 else service.content
            if service.status != 204:
                self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_TRACE = _answer

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _chunks(stream: Any, encoding: str) -> bytes:
    if encoding.lower() != "chunked":
        return b""
    whole = b""
    while size := int(stream.readline().strip() or b"0", 16):
        whole += stream.read(size)
        stream.readline()
    stream.readline()
    return whole


def plain_path(template: str) -> str:
    """The URL path of a template, with the names of its placeholders decoded."""
    path = re.sub(r"\{[?&].*|\?.*", "", template.removeprefix("{+baseurl}"))
    # Kiota encodes the name of a parameter wherever its text stands, outside of braces, too
    return _decoded(path.replace("{+", "{"))


def _decoded(name: str) -> str:
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda hit: chr(int(hit[1], 16)), name)
