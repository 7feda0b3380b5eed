"""The client's own request adapter: Kiota's interface, on the transports of httpx.

Written anew rather than derived from Kiota's, because what it must not do happens inside: following redirects, sending
without a token, reading without a limit, taking any answer for the one that was promised.
"""

# Raw JSON has no types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

import httpx
from kiota_abstractions.request_adapter import RequestAdapter
from opentelemetry import trace

from . import codec
from .auth import challenged_claims, checked_base_url, origin
from .connections import Garbled, Pools, TooLong, read_bounded
from .errors import (
    BadResponse,
    CallError,
    CallFacts,
    ClientClosed,
    ConnectionFailed,
    HostRefused,
    RequestRefused,
    ResponseTooLarge,
    ServiceError,
    TimedOut,
    excerpt,
    hint_for,
    record,
    template_path,
)
from .props import PRIMITIVES, UnexpectedValue
from .retry import Deadline, Retries, Timeouts, retry_after

if TYPE_CHECKING:
    from kiota_abstractions.authentication import AuthenticationProvider
    from kiota_abstractions.request_information import RequestInformation
    from kiota_abstractions.serialization import SerializationWriterFactory
    from kiota_abstractions.store import BackingStoreFactory

ErrorMap = Mapping[str, type[Any]] | None
_log = logging.getLogger(__name__.partition(".")[0])
_NO_ANSWER = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError, httpx.ReadTimeout, httpx.WriteTimeout)
_NO_CONNECTION = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_KEPT_TOKEN_SECONDS = 60.0
_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


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
    """An answer that has been read."""

    status: int
    headers: dict[str, str]
    challenges: list[str]
    content: bytes
    request: httpx.Request
    call: CallFacts

    @property
    def content_type(self) -> str:
        """Its content type, or nothing."""
        return self.headers.get("content-type", "")

    def shown_headers(self) -> dict[str, str]:
        """Its headers, without those that hold secrets."""
        hidden = ("set-cookie", "authorization", "www-authenticate", "proxy-authenticate")
        return {name: value for name, value in self.headers.items() if name not in hidden}


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
        """Make an adapter.

        Args:
            authentication_provider: Signs the requests.
            base_url: Where they go; another host is refused.
            pools: Connections by event loop.
            http_client: Sends the requests instead; it stays the caller's.
            options: How it works.
        """
        self._provider = authentication_provider
        self._base_url = base_url
        self._pools = pools
        self._http_client = http_client
        self._options = options or AdapterOptions()
        self._nodes = codec.NodeFactory()
        self._writers = codec.WriterFactory()
        self._tracer = trace.get_tracer(__name__.partition(".")[0])
        self._closed = False
        self._pin()

    # ------------------------------------------------------------------------------------------ Kiota's interface

    @property
    def base_url(self) -> str:
        """Where the requests go."""
        return self._base_url

    @base_url.setter
    def base_url(self, value: str) -> None:
        if value:
            self._base_url = checked_base_url(value, signed=False)
            self._pin()

    def get_serialization_writer_factory(self) -> SerializationWriterFactory:
        """Give what writes the bodies."""
        return self._writers

    def enable_backing_store(self, backing_store_factory: BackingStoreFactory | None) -> None:
        """Do nothing: the models know their changes by themselves, and their `backing_store` shows them."""

    async def send_async(self, request_info: RequestInformation, parsable_factory: Any, error_map: Any) -> Any:
        """Send a request that answers with one object."""
        answer, handled = await self._answered(request_info, error_map)
        if handled is not None:
            return handled[0]
        if parsable_factory in PRIMITIVES:
            return self._primitive(answer, PRIMITIVES[parsable_factory])
        if self._nothing(answer):
            return None
        load = getattr(parsable_factory, "_load", None)
        if load is None or not codec.is_json(answer.content_type):
            node = self._node(answer)
            return self._filled(answer, lambda: node.get_object_value(parsable_factory))
        raw = self._json(answer)
        self._check_promise(answer, parsable_factory, raw)
        return self._filled(answer, lambda: load(raw))

    async def send_collection_async(
        self, request_info: RequestInformation, parsable_factory: Any, error_map: Any
    ) -> Any:
        """Send a request that answers with a list of objects."""
        answer, handled = await self._answered(request_info, error_map)
        if handled is not None:
            return handled[0]
        if self._nothing(answer):
            return None
        raw = self._list(answer)
        if parsable_factory in PRIMITIVES:
            kind = PRIMITIVES[parsable_factory]
            return self._filled(answer, lambda: [None if item is None else kind(item) for item in raw])
        node = codec.JsonNode(raw)
        return self._filled(answer, lambda: node.get_collection_of_object_values(parsable_factory))

    async def send_collection_of_primitive_async(
        self, request_info: RequestInformation, response_type: Any, error_map: Any
    ) -> Any:
        """Send a request that answers with a list of plain values."""
        return await self.send_collection_async(request_info, response_type, error_map)

    async def send_primitive_async(self, request_info: RequestInformation, response_type: str, error_map: Any) -> Any:
        """Send a request that answers with one plain value."""
        answer, handled = await self._answered(request_info, error_map)
        if handled is not None:
            return handled[0]
        if response_type == "bytes":
            return answer.content if answer.content else None
        if response_type not in PRIMITIVES:
            raise TypeError(f"{response_type} is no plain value.")
        return self._primitive(answer, PRIMITIVES[response_type])

    async def send_no_response_content_async(self, request_info: RequestInformation, error_map: Any) -> Any:
        """Send a request whose answer has no content that counts."""
        _, handled = await self._answered(request_info, error_map)
        return handled[0] if handled is not None else None

    async def convert_to_native_async(self, request_info: RequestInformation) -> httpx.Request:
        """Give a signed request for httpx instead of sending it."""
        call = self._facts(request_info)
        url = self._checked_url(request_info, call)
        await self._provider.authenticate_request(request_info, {})
        return self._native(request_info, url, call)

    async def aclose(self) -> None:
        """Close the connections that are the adapter's own."""
        self._closed = True
        if self._pools is not None:
            await self._pools.aclose()

    # --------------------------------------------------------------------------------------------- one request

    def _pin(self) -> None:
        self._origins = {origin(url) for url in (self._base_url, *self._options.allowed_hosts) if url}

    def _facts(self, info: RequestInformation) -> CallFacts:
        method: str = info.http_method.value if info.http_method else ""
        facts: Any = info.request_options.get("OperationFacts")
        return CallFacts(method=method, path=template_path(info), client_request_id=str(uuid.uuid4()), facts=facts)

    def _checked_url(self, info: RequestInformation, call: CallFacts) -> str:
        """Expand the URL once, and refuse what would leave the service or the resource."""
        if self._closed:
            raise ClientClosed("the client is closed", call)
        if not self._base_url:
            raise RequestRefused("the client has no base URL", call)
        raw = info.path_parameters.get(info.RAW_URL_KEY)
        if raw is None:
            info.path_parameters["baseurl"] = self._base_url
        url = info.url
        if isinstance(raw, str):
            url = urljoin(f"{self._base_url}/", url)
        if not url.startswith(f"{self._base_url}/") or "\\" in url or not url.isascii():
            self._check_host(url, call)
        path, mark, query = url.partition("?")
        segments = path.partition("://")[2].split("/")[1:]
        if ("/." in path or "%2e" in path.lower()) and any(unquote(part) in (".", "..") for part in segments):
            raise RequestRefused("the path would lead to another resource; the request was not sent", call)
        if raw is None and "" in segments[:-1]:
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

    def _native(self, info: RequestInformation, url: str, call: CallFacts) -> httpx.Request:
        headers = [(name, ", ".join(sorted(values))) for name, values in info.headers.get_all().items()]
        present = {name for name, _ in headers}
        if "accept-encoding" not in present:
            headers.append(("accept-encoding", "gzip, deflate"))
        if self._options.user_agent and "user-agent" not in present:
            headers.append(("user-agent", self._options.user_agent))
        if self._options.request_ids and "client-request-id" not in present:
            headers.append(("client-request-id", call.client_request_id))
        limits = self._options.timeouts
        timeout = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.total}
        extensions = {"timeout": timeout, "kiota_request_options": dict(info.request_options)}
        try:
            return httpx.Request(call.method, url, headers=headers, content=info.content, extensions=extensions)
        except (ValueError, httpx.InvalidURL) as error:
            raise RequestRefused(f"{type(error).__name__}; the request was not sent", call) from error

    async def _answered(self, info: RequestInformation, errors: ErrorMap) -> tuple[Answer, list[Any] | None]:
        """Give an answer that is no error, and what a response handler of the caller's made of it."""
        call = self._facts(info)
        if not isinstance(errors, Mapping):
            errors = {}
        with self._tracer.start_as_current_span(f"{call.method} {call.path}", record_exception=False) as span:
            span.set_attribute("http.request.method", call.method)
            answer = await self._sent(info, call)
            span.set_attribute("http.response.status_code", answer.status)
            span.set_attribute("http.request.resend_count", call.attempts - 1)
        record(answer.status, answer.shown_headers)
        inspection: Any = info.request_options.get("HeadersInspectionHandlerOption")
        if inspection is not None and inspection.inspect_response_headers:
            inspection.response_headers.clear()
            inspection.response_headers.add_all(answer.headers)
        handler = getattr(info.request_options.get("ResponseHandler"), "response_handler", None)
        if handler is not None:
            headers = {k: v for k, v in answer.headers.items() if k not in ("content-encoding", "content-length")}
            native = httpx.Response(answer.status, headers=headers, content=answer.content, request=answer.request)
            return answer, [await handler.handle_response_async(native, dict(errors))]
        if answer.status >= 400:
            raise self._error(answer, errors)
        if answer.status >= 300 and not self._not_modified(answer):
            raise BadResponse("the service redirects, which the client does not follow", call, answer.shown_headers())
        return answer, None

    async def _sent(self, info: RequestInformation, call: CallFacts) -> Answer:
        """Send a request until there is an answer to keep, within the call's deadline."""
        limit = self._options.timeouts.total
        deadline = asyncio.get_running_loop().time() + limit
        try:
            with Deadline(limit):
                return await self._attempts(info, call, deadline)
        except TimeoutError:
            call.maybe_applied = call.attempts > 0 and call.method in _UNSAFE
            raise TimedOut(f"no answer within {limit:g} seconds", call) from None

    async def _attempts(self, info: RequestInformation, call: CallFacts, deadline: float) -> Answer:
        url = self._checked_url(info, call)
        retries = _retries(info, self._options.retries)
        await self._sign(info, call, None)
        claimed = False
        while True:
            request = self._native(info, url, call)
            call.attempts += 1
            try:
                answer = await self._once(request, call)
            except (*_NO_ANSWER, *_NO_CONNECTION) as error:
                sent = not isinstance(error, _NO_CONNECTION)
                call.maybe_applied = sent and call.method in _UNSAFE
                if not retries.for_break(call.method, call.attempts, sent=sent):
                    raise _broken(error, call) from error
                wait: float = retries.wait(call.attempts)
                why = type(error).__name__
            else:
                claims = None if claimed or answer.status != 401 else challenged_claims(answer.challenges)
                if claims is not None:
                    claimed = True
                    await self._sign(info, call, claims)
                    continue
                asked = retry_after(answer.headers.get("retry-after"))
                call.retry_after = asked
                if not retries.for_status(call.method, answer.status, call.attempts):
                    return answer
                wait = retries.wait(call.attempts) if asked is None else asked
                why = str(answer.status)
                if asyncio.get_running_loop().time() + wait >= deadline:
                    return answer
            _log.info("%s %s: %s, attempt %d; waiting %.1f s", call.method, call.path, why, call.attempts, wait)
            await asyncio.sleep(wait)
            if wait > _KEPT_TOKEN_SECONDS:
                await self._sign(info, call, None)

    async def _sign(self, info: RequestInformation, call: CallFacts, claims: str | None) -> None:
        try:
            await self._provider.authenticate_request(info, {"claims": claims} if claims else {})
        except CallError as error:
            error.call = call
            raise

    async def _once(self, request: httpx.Request, call: CallFacts) -> Answer:
        """Send a request once and read its answer."""
        if self._http_client is not None:
            response = await self._http_client.send(request, stream=True, follow_redirects=False)
        elif self._pools is not None:
            response = await (await self._pools.transport()).handle_async_request(request)
        else:
            raise ClientClosed("the client has no connections", call)
        raw = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers.raw]
        headers = dict(raw)
        try:
            call.status = response.status_code
            call.request_id = headers.get("request-id") or headers.get("x-request-id", "")
            call.date = headers.get("date", "")
            encoding = headers.get("content-encoding", "identity")
            content = await read_bounded(response, encoding, self._options.max_response_bytes)
        except TooLong:
            call.maybe_applied = call.method in _UNSAFE
            limit = self._options.max_response_bytes
            raise ResponseTooLarge(f"the answer is longer than {limit} bytes", call) from None
        except Garbled as error:
            call.maybe_applied = call.method in _UNSAFE
            raise BadResponse(str(error), call) from error
        finally:
            await response.aclose()
        challenges = [value for name, value in raw if name == "www-authenticate"]
        return Answer(response.status_code, headers, challenges, content, request, call)

    # ------------------------------------------------------------------------------------------------ answers

    def _not_modified(self, answer: Answer) -> bool:
        sent = answer.request.headers
        return answer.status == 304 and ("if-none-match" in sent or "if-modified-since" in sent)

    def _nothing(self, answer: Answer) -> bool:
        """Whether an answer rightly has no content."""
        if answer.status in (204, 205, 304):
            return True
        if answer.content:
            return False
        if answer.call.method in _UNSAFE:
            return True
        raise self._bad(answer, "the answer is empty")

    def _bad(self, answer: Answer, why: str) -> BadResponse:
        answer.call.maybe_applied = answer.call.method in _UNSAFE
        shown = excerpt(answer.content)
        return BadResponse(f"{why}: {shown}" if shown else why, answer.call, answer.shown_headers())

    def _json(self, answer: Answer) -> Any:
        if not codec.is_json(answer.content_type):
            raise self._bad(answer, f"JSON was expected, not {answer.content_type or 'an answer without a type'}")
        try:
            return codec.loaded(answer.content)
        except codec.Unreadable as error:
            raise self._bad(answer, str(error)) from error

    def _list(self, answer: Answer) -> list[Any]:
        raw = self._json(answer)
        if type(raw) is not list:
            raise self._bad(answer, "a list was expected")
        return raw

    def _node(self, answer: Answer) -> Any:
        if not answer.content_type:
            raise self._bad(answer, "the answer has no content type")
        try:
            return self._nodes.get_root_parse_node(answer.content_type, answer.content)
        except codec.Unreadable as error:
            raise self._bad(answer, str(error)) from error

    def _filled(self, answer: Answer, fill: Any) -> Any:
        try:
            return fill()
        except (UnexpectedValue, ValueError) as error:
            raise self._bad(answer, str(error)) from error
        except RecursionError:
            raise self._bad(answer, "the answer is nested too deeply") from None

    def _check_promise(self, answer: Answer, model: Any, raw: Any) -> None:
        """Refuse a success that is an error, or a page without its items."""
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
        try:
            value: Any = codec.decoded(answer.content).strip()
            if codec.is_json(answer.content_type):
                value = codec.loaded(answer.content)
            return None if value is None else kind(value)
        except ValueError as error:
            raise self._bad(answer, str(error) or "another kind of value was expected") from error

    # ------------------------------------------------------------------------------------------------- errors

    def _error(self, answer: Answer, errors: Mapping[str, type[Any]]) -> Exception:
        """Make the exception of an error status."""
        call, status = answer.call, answer.status
        call.maybe_applied = status >= 500 and call.method in _UNSAFE
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
            raw = codec.loaded(answer.content) if codec.is_json(answer.content_type) else None
        except codec.Unreadable:
            return None
        try:
            found = mapped._load(raw) if isinstance(raw, dict) else None
        except (ValueError, RecursionError):
            # What the error says in a shape of its own still belongs to the class that callers catch.
            found = mapped()
        return found if isinstance(found, Exception) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


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


def _broken(error: Exception, call: CallFacts) -> CallError:
    name = type(error).__name__
    text = f"{name}: {error}" if str(error) else name
    kind = (
        TimedOut
        if isinstance(error, (httpx.ConnectTimeout, httpx.ReadTimeout, httpx.WriteTimeout))
        else ConnectionFailed
    )
    return kind(text, call)
