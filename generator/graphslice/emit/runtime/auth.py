"""Sign-in: clouds, tokens, and the one host that they go to.

azure-identity is imported only when nobody brought a credential.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import inspect
import re
import threading
import time
import weakref
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kiota_abstractions.authentication import AuthenticationProvider

from .errors import SignInFailed, printable

if TYPE_CHECKING:
    import httpx
    from kiota_abstractions.request_information import RequestInformation

    from .retry import Timeouts

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
