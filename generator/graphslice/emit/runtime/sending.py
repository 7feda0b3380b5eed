"""One call from request to answer: where it may go, who signs it, how often it is tried and how long it may take."""

from __future__ import annotations

import asyncio
import logging
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin

import httpx
from kiota_abstractions.authentication import BaseBearerTokenAuthenticationProvider

from .auth import challenged_claims, origin
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
    SignInFailed,
    TimedOut,
    printable,
    template_path,
)
from .retry import Deadline, Retries, Timeouts, retry_after

if TYPE_CHECKING:
    from kiota_abstractions.authentication import AuthenticationProvider
    from kiota_abstractions.request_information import RequestInformation

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
