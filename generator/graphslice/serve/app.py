"""The ASGI application: security first, then faults, sign-in, routing, body, and what the resources answer."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from graphslice.api.model import ApiModel, Operation
from graphslice.serve.bodies import parse_json
from graphslice.serve.calls import Call, Handler, Reply
from graphslice.serve.entities import Nursery, plant_seed
from graphslice.serve.faults import Connections, Faults, misbehave
from graphslice.serve.journal import Exchange, Journal, redacted
from graphslice.serve.moments import Clock, system_clock
from graphslice.serve.options import DEFAULT_PAGE, read_options
from graphslice.serve.refusals import Refused, TokenCheck, error_response
from graphslice.serve.resources import Resources
from graphslice.serve.routes import Match, Routes, Shape
from graphslice.serve.schema import Json, Schema
from graphslice.serve.seed import Seed
from graphslice.serve.store import Store

MAX_BODY = 1 << 20
MAX_HEADERS = 16 << 10
BODY_SECONDS = 30.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_WRITING = frozenset({"POST", "PATCH", "PUT"})
_NO_HANDLERS: Mapping[str, Handler] = MappingProxyType({})
_log = logging.getLogger(__name__)


class Emulator:
    """One service: its state, its journal and its faults; `app` is what a server runs."""

    def __init__(
        self,
        model: ApiModel,
        *,
        base_url: str = "",
        seed: Seed | None = None,
        auth: TokenCheck | None = None,
        faults: Faults | None = None,
        handlers: Mapping[str, Handler] = _NO_HANDLERS,
        page_size: int = DEFAULT_PAGE,
        clock: Clock = system_clock,
    ) -> None:
        """Set up the service.

        Args:
            model: The API.
            base_url: The service root of the real API. Its path is where the emulator answers as well; a request that
                names its host gets links below it, every other one links that lead back to the emulator.
            seed: What is there at the start.
            auth: Judges bearer tokens; without it any token will do, but there has to be one.
            faults: Scripted misbehaviour.
            handlers: Behaviour of actions and functions, by ``VERB path``.
            page_size: Entities in a page when the request names no size.
            clock: Where moments come from.
        """
        self._public = urlsplit(base_url or model.base_url)
        self.base_path = self._public.path.rstrip("/")
        self.store = Store()
        self.journal = Journal()
        self.faults = faults if faults is not None else Faults()
        self.connections: Connections = {}
        self._auth = auth
        self._routes = Routes(model)
        schema = Schema(model)
        nursery = Nursery(schema, self.store, seed or Seed(), clock)
        self._resources = Resources(schema, self.store, nursery, self._routes, handlers, page_size)
        plant_seed(nursery, self._routes, model)
        self.app = Starlette(routes=[Mount("/", app=self)])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        target = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        headers = request.headers.items()
        exchange = Exchange(request.method, f"{target}?{query}" if query else target, redacted(headers))
        self.journal.add(exchange)
        fault = self.faults.take(request.method, request.url.path) if self._at_home(request) else None
        if fault is not None and not fault.applied:
            exchange.status = 0 if fault.reset or fault.raw is not None else fault.status
            await misbehave(fault, self.connections, scope, receive, send)
            return
        response = await self._respond(request, target, exchange)
        if fault is not None:
            exchange.status = 0
            await misbehave(fault, self.connections, scope, receive, send)
            return
        exchange.status, exchange.reply = response.status_code, bytes(response.body)
        exchange.reply_headers = redacted(response.headers.items())
        await response(scope, receive, send)

    async def _respond(self, request: Request, target: str, exchange: Exchange) -> Response:
        ids = (str(uuid.uuid4()), request.headers.get("client-request-id") or str(uuid.uuid4()))
        try:
            reply = await self._reply(request, target, exchange)
            response = _rendered(reply)
        except Refused as refused:
            response = error_response(refused, *ids)
        except ClientDisconnect:
            response = Response(status_code=400)
        except Exception:
            # A fault of the emulator itself: the log has the traceback, the client must not.
            _log.exception("the emulator failed")
            response = error_response(Refused(500, "InternalServerError", "The emulator failed."), *ids)
        response.headers["request-id"] = ids[0]
        # An id that a client sends is shown in logs of all kinds: only the harmless part of it goes back.
        response.headers["client-request-id"] = "".join(ch for ch in ids[1][:100] if ch.isascii() and ch.isprintable())
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    async def _reply(self, request: Request, target: str, exchange: Exchange) -> Reply:
        self._need_safe(request)
        content = await _content(request)
        exchange.content = content
        token = _bearer(request)
        if not target.startswith(f"{self.base_path}/"):
            raise Refused(404, "ResourceNotFound", f"The service root is '{self.base_path or '/'}'.")
        match = self._routes.match(target[len(self.base_path) :])
        operation = _operation(match, request.method)
        if operation is None:
            return Reply(204, headers=(("Allow", match.route.allow),))
        if self._auth is not None:
            self._auth(token, operation)
        query = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=100)
        root = self._root(request)
        return self._resources.answer(
            Call(
                verb=operation.verb,
                match=match,
                operation=operation,
                options=read_options(query, match.route.options),
                query=tuple(query),
                headers=request.headers,
                content=content,
                body=_body(match, operation.verb, request, content),
                root=root,
                url=f"{root}{target[len(self.base_path) :]}",
                store=self.store,
            )
        )

    def _need_safe(self, request: Request) -> None:
        """Refuse what a browser page could send: a foreign host (DNS rebinding), any origin; and oversized heads."""
        if not self._at_home(request):
            raise Refused(421, "MisdirectedRequest", "The Host header names another service.")
        if "origin" in request.headers:
            raise Refused(403, "OriginRefused", "Requests from web pages are refused.")
        if sum(len(name) + len(value) + 4 for name, value in request.headers.raw) > MAX_HEADERS:
            raise Refused(431, "RequestHeaderFieldsTooLarge", "The headers are too large.")

    def _at_home(self, request: Request) -> bool:
        host = request.headers.get("host", "").lower()
        name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
        return name in LOOPBACK or (bool(self._public.hostname) and name == self._public.hostname)

    def _root(self, request: Request) -> str:
        host = request.headers["host"].lower()
        if self._public.hostname and host == self._public.netloc.lower():
            return f"{self._public.scheme}://{self._public.netloc}{self.base_path}"
        return f"{request.url.scheme}://{host}{self.base_path}"


def build_app(
    model: ApiModel,
    *,
    base_url: str = "",
    seed: Seed | None = None,
    auth: TokenCheck | None = None,
    faults: Faults | None = None,
    handlers: Mapping[str, Handler] = _NO_HANDLERS,
) -> Starlette:
    """Make the application of an emulator; `Emulator` has what the arguments mean."""
    return Emulator(model, base_url=base_url, seed=seed, auth=auth, faults=faults, handlers=handlers).app


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(
            401,
            "InvalidAuthenticationToken",
            "There is no bearer token.",
            {"WWW-Authenticate": 'Bearer realm=""'},
        )
    return token.strip()


def _operation(match: Match, verb: str) -> Operation | None:
    """Give the operation of a verb, None for OPTIONS; HEAD is a GET whose body stays here."""
    found = match.route.operations.get("GET" if verb == "HEAD" else verb)
    if found is None and verb != "OPTIONS":
        raise Refused(405, "MethodNotAllowed", f"{verb} is not offered here.", {"Allow": match.route.allow})
    return found


async def _content(request: Request) -> bytes:
    if int(request.headers.get("content-length", "0") or 0) > MAX_BODY:
        raise _too_large()
    try:
        return await asyncio.wait_for(_received(request), BODY_SECONDS)
    except (asyncio.TimeoutError, TimeoutError):
        raise Refused(408, "RequestTimeout", "The body did not arrive in time.", {"Connection": "close"}) from None


async def _received(request: Request) -> bytes:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > MAX_BODY:
            raise _too_large()
    return bytes(received)


def _too_large() -> Refused:
    return Refused(413, "RequestEntityTooLarge", f"The body is larger than {MAX_BODY} bytes.", {"Connection": "close"})


def _body(match: Match, verb: str, request: Request, content: bytes) -> Json:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    raw = match.route.shape is Shape.MEDIA or (match.route.shape is Shape.OPAQUE and not is_json)
    if verb not in _WRITING or raw:
        return None
    if not is_json:
        raise Refused(415, "UnsupportedMediaType", "The body has to be application/json.")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused(415, "UnsupportedMediaType", "The body has to be sent without content coding.")
    if not content.strip():
        raise Refused(400, "BadRequest", "The body is empty.")
    return parse_json(content)


def _rendered(reply: Reply) -> Response:
    headers = {"OData-Version": "4.0", **dict(reply.headers)}
    if reply.content is not None:
        response = Response(reply.content, reply.status, headers=headers)
        response.headers["Content-Type"] = reply.content_type
        return response
    if reply.status == 204:
        return Response(status_code=204, headers=headers)
    text = json.dumps(reply.body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(text.encode(), reply.status, headers=headers, media_type=reply.content_type)
