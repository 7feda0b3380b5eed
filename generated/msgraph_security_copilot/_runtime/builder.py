"""What every request builder is made of: requests, guarded ids, plain keywords, paging.

Only `kiota_abstractions` is imported here, so that a builder costs no HTTP library until something is sent.
"""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import base64
import contextlib
import contextvars
import datetime
import functools
import re
import sys
import threading
import uuid
import warnings
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import TracebackType
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Concatenate,
    Generic,
    Literal,
    ParamSpec,
    Protocol,
    TypeVar,
    cast,
    overload,
)
from urllib.parse import quote, unquote

from kiota_abstractions.api_error import APIError as KiotaAPIError
from kiota_abstractions.base_request_builder import BaseRequestBuilder
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_abstractions.request_option import RequestOption
from stduritemplate import StdUriTemplate

from .model import duration_text, with_zone

if TYPE_CHECKING:
    import asyncio

    import httpx
    from azure.core.credentials import TokenCredential
    from azure.core.credentials_async import AsyncTokenCredential
    from kiota_abstractions.authentication import AuthenticationProvider
    from kiota_abstractions.default_query_parameters import QueryParameters
    from kiota_abstractions.request_adapter import RequestAdapter
    from kiota_abstractions.serialization import Parsable
    from kiota_abstractions.store import BackingStoreFactory
    from typing_extensions import Self

    from .adapter import Retries, Timeouts
    from .model import WireEnum


T = TypeVar("T")
MAX_ID_LENGTH = 1024
MAX_PAGES = 10_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_RESERVED = re.compile(r"\{\+([^}]+)\}")
_QUOTED = re.compile(r"'\{([^}+*]+)\}'")
_CALL = re.compile(r"\([^/]*\)")
_BARE = re.compile(r"=\{([^}+*]+)\}")
_ALIAS = re.compile(r"=@(\w+)")
_ARGUMENT = re.compile(r"[^=]+=(?:@(\w+)|'?\{([^}+*]+)\}'?)")
_EXPRESSION = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"\+?[^+#./;?&=,!@|*:{}]+")
_RESERVED_SIGNS = "~:/?#[]@!$&'()*+,;="
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FORBIDDEN_HEADERS = frozenset({"host", "authorization", "content-length", "transfer-encoding"})
_KINDS = (str, int, float, uuid.UUID, datetime.datetime, datetime.date, datetime.time, datetime.timedelta, Enum)


class Request(RequestInformation):
    """A `RequestInformation` that expands its template once, however often its URL is asked for."""

    _expanded: tuple[tuple[Any, ...], str] | None = None

    @property
    def url(self) -> str:
        raw = self.path_parameters.get(self.RAW_URL_KEY)
        if isinstance(raw, str) and raw:
            return raw
        if self._set_url is not None:
            return self._set_url
        if not self.url_template:
            raise ValueError("A request needs a URL template or a URL.")
        made_of = (self.url_template, dict(self.path_parameters), dict(self.query_parameters))
        if self._expanded is None or self._expanded[0] != made_of:
            self._expanded = (made_of, self._expand(self.url_template))
        return self._expanded[1]

    @url.setter
    def url(self, url: str) -> None:
        if not url:
            raise ValueError("The URL of a request cannot be empty.")
        self._set_url = url
        self.query_parameters.clear()
        self.path_parameters.clear()

    _set_url: str | None = None

    def _expand(self, template: str) -> str:
        given = {**self.query_parameters, **self.path_parameters}
        if "(" in template:
            _spell_arguments(template, given)
            template = _without_absent(template, given)
        data = {key: self._get_sanitized_value(value) for key, value in given.items()}
        # Inside quotes stands an OData string literal, in which a quote is written twice.
        for key in _QUOTED.findall(template) if "'{" in template else ():
            if isinstance(data.get(key), str):
                data[key] = data[key].replace("'", "''")
        for key in _RESERVED.findall(template):
            if key != "baseurl" and any(ch in str(data.get(key, "")) for ch in "?#\\"):
                raise ValueError(f"{key}: '?', '#' and '\\' would change the path of the request.")
        compiled = _compiled(template)
        expanded = None if compiled is None else _filled(compiled, data)
        if expanded is not None:
            return expanded
        # The library drops commas that stand outside the braces.
        pieces = _EXPRESSION.split(template)
        pieces[::2] = [literal.replace(",", "%2C") for literal in pieces[::2]]
        pieces[1::2] = [f"{{{expression}}}" for expression in pieces[1::2]]
        return str(StdUriTemplate.expand("".join(pieces), data))

    def _get_sanitized_value(self, value: Any) -> Any:
        if isinstance(value, (bytes, datetime.timedelta)):
            return plain_text(value)
        # Kiota's older versions make a text of an empty list.
        return value if value == [] else super()._get_sanitized_value(value)


def _spell_arguments(template: str, given: dict[str, Any]) -> None:
    bare, aliases = _arguments(template)
    for key in (*bare, *aliases):
        value = given.get(key)
        if isinstance(value, datetime.timedelta):
            given[key] = f"duration'{plain_text(value)}'"
        elif isinstance(value, bytes):
            given[key] = f"binary'{base64.urlsafe_b64encode(value).decode()}'"
        elif key in aliases and isinstance(value, (str, Enum)):
            # What stands in the path has its quotes in the template, what stands behind an alias brings its own.
            given[key] = "'" + plain_text(value).replace("'", "''") + "'"


def _without_absent(template: str, given: dict[str, Any]) -> str:
    """Leave out of their parentheses the arguments of functions that are not given."""

    def kept(call: re.Match[str]) -> str:
        named = [(part, _ARGUMENT.fullmatch(part)) for part in call[0][1:-1].split(",")]
        there = (p for p, hit in named if not hit or given.get(f"%40{hit[1]}" if hit[1] else hit[2]) is not None)
        return f"({','.join(there)})"

    path, mark, query = template.partition("{?")
    return _CALL.sub(kept, path) + mark + query


@functools.lru_cache(maxsize=2048)
def _arguments(template: str) -> tuple[list[str], list[str]]:
    """Find the arguments of functions that stand in the path without quotes, and those that are sent as aliases."""
    inside = "".join(_CALL.findall(template.partition("{?")[0]))
    return _BARE.findall(inside), [f"%40{name}" for name in _ALIAS.findall(inside)]


_Compiled = tuple[tuple[tuple[str, str, bool], ...], tuple[tuple[str, bool], ...], str]


@functools.lru_cache(maxsize=2048)
def _compiled(template: str) -> _Compiled | None:
    """Take a template apart: (literal, variable, reserved) of the path, (name, exploded) of the query, its sign.

    None where it has more than Kiota usually writes; then the library does it, four times slower.
    """
    pieces = _EXPRESSION.split(template)
    path: list[tuple[str, str, bool]] = []
    query: list[tuple[str, bool]] = []
    sign = ""
    for literal, expression in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if expression[:1] in ("?", "&"):
            if literal or sign:
                path.append((literal, "", False))
            sign = expression[0]
            query = [(name.removesuffix("*"), name.endswith("*")) for name in expression[1:].split(",")]
        elif (expression and not _NAME.fullmatch(expression)) or (sign and (literal or expression)):
            return None
        else:
            path.append((literal, expression.removeprefix("+"), expression.startswith("+")))
    return None if "{" in "".join(pieces[::2]) else (tuple(path), tuple(query), sign)


def _filled(compiled: _Compiled, data: dict[str, Any]) -> str | None:
    path, query, sign = compiled
    out: list[str] = []
    for literal, name, reserved in path:
        out.append(literal)
        value = data.get(name) if name else None
        if value is None:
            continue
        text = _spelled(value)
        if text is None:
            return None
        if not reserved:
            out.append(quote(text, safe="~"))
        else:
            out.append(text if name == "baseurl" else quote(text, safe=_RESERVED_SIGNS))
    for name, exploded in query:
        value = data.get(name)
        if value is None or value == []:
            continue
        texts = [_spelled(item) for item in value] if isinstance(value, (list, tuple)) else [_spelled(value)]
        if None in texts:
            return None
        quoted = [quote(text, safe="~") for text in texts if text is not None]
        for part in quoted if exploded else (",".join(quoted),):
            out.append(f"{sign}{name}={part}")
            sign = "&"
    return "".join(out)


def _spelled(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else None


def guarded(value: object, argument: str, kinds: tuple[type, ...] = (), *, segment: bool = True) -> object:
    """Let a path argument through, or say why it would address another resource."""
    if value is None:
        raise TypeError(f"{argument} cannot be null.")
    if not isinstance(value, (str, *kinds)) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError(f"{argument} has to be text, not {type(value).__name__}.")
    if isinstance(value, str):
        text = str(value.value) if isinstance(value, Enum) else value
        if segment and not text.strip():
            raise ValueError(f"{argument} cannot be empty: the request would go to the collection.")
        if segment and text.strip() in (".", ".."):
            raise ValueError(f"{argument} cannot be {text!r}: the request would go to another resource.")
        if _CONTROLS.search(text):
            raise ValueError(f"{argument} holds a control character or half of a surrogate pair.")
        if len(text) > MAX_ID_LENGTH:
            raise ValueError(f"{argument} is longer than {MAX_ID_LENGTH} characters.")
    return value


def header_text(name: str, value: object) -> str:
    if not _HEADER_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a header name.")
    if name.lower() in _FORBIDDEN_HEADERS:
        raise ValueError(f"The header {name} is set by the client itself.")
    text = plain_text(value)
    if not all(ch == "\t" or " " <= ch <= "~" for ch in text):
        raise ValueError(f"The value of the header {name} holds a character that headers cannot carry.")
    return text


def plain_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime.datetime):
        return str(with_zone(value).isoformat())
    if isinstance(value, datetime.timedelta):
        return duration_text(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, list | tuple):
        return ",".join(plain_text(item) for item in value)
    return str(value)


class Page(Protocol[T]):
    """What one page looks like, whatever its class."""

    value: list[T] | None
    """The items of this page."""
    odata_next_link: str | None
    """Where the next page is; None after the last."""


class Pages(Generic[T]):
    """The items of a collection, over all its pages, read as they are asked for.

    `async for item in pages` gives items, `async for page in pages.pages()` whole pages. Next links are followed
    exactly as the service wrote them; one that was met before ends the run with an error, as does one to another host.
    """

    def __init__(self, fetch: Callable[[str | None], Awaitable[Page[T] | None]]) -> None:
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.value or ():
                yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Give one page after the other, empty ones too."""
        link: str | None = None
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            try:
                page = await self._fetch(link)
            except Exception as error:
                # Whoever reads on later needs the place at which this run broke off.
                error.__dict__["resume_link"] = link
                raise
            if page is None:
                return
            yield page
            link = _link(page)
            if link is None:
                return
            if not link.strip():
                raise PagingError("The service sent a next link that is no URL.", link)
            if link in seen:
                raise PagingError("The service sent the same next link twice; reading on would never end.", link)
            seen.add(link)
        raise PagingError(f"More than {MAX_PAGES} pages.", link)


def _link(page: Page[T]) -> str | None:
    """Give a page's next link; what is no text was kept aside when the page was read, and must not end the run."""
    kept = getattr(page, "additional_data", {}).get("@odata.nextLink")
    return page.odata_next_link if kept is None else ""


P = ParamSpec("P")
R = TypeVar("R")
B = TypeVar("B", bound="BaseRequestBuilder")
S = TypeVar("S", bound="SyncBuilder[Any]")
S_co = TypeVar("S_co", bound="SyncBuilder[Any]", covariant=True)


class Runner:
    """An event loop in a thread, started by the first call."""

    def __init__(self, owned: list[Any]) -> None:
        self._owned = owned
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._finalizer: weakref.finalize[..., Runner] | None = None

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        import concurrent.futures

        loop = self._started()
        if threading.current_thread() is self._thread:
            coroutine.close()
            raise RuntimeError("A blocking call inside the client's own loop would wait for itself.")
        result: concurrent.futures.Future[R] = concurrent.futures.Future()
        context = contextvars.copy_context()
        tasks: list[asyncio.Task[None]] = []

        async def settle() -> None:
            try:
                result.set_result(await coroutine)
            except BaseException as error:
                result.set_exception(error)

        loop.call_soon_threadsafe(lambda: tasks.append(context.run(loop.create_task, settle())))
        try:
            return result.result()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(lambda: [task.cancel() for task in tasks])
            raise

    def close(self) -> None:
        with self._lock:
            finalizer, self._finalizer = self._finalizer, None
            self._loop = self._thread = None
        if finalizer is not None:
            finalizer()

    def _started(self) -> asyncio.AbstractEventLoop:
        import asyncio

        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="blocking-client", daemon=True)
                self._thread.start()
                # A client that nobody closes is closed with the process, or when it is forgotten.
                self._finalizer = weakref.finalize(self, _stop, self._loop, self._thread, self._owned)
            return self._loop


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread, owned: list[Any]) -> None:
    import asyncio

    async def finish() -> None:
        # The loop cannot find the pools of a client that is being collected: its references to them are gone.
        while owned:
            with contextlib.suppress(Exception):
                await owned.pop().aclose()
        await loop.shutdown_asyncgens()

    if threading.current_thread() is thread:
        loop.stop()  # forgotten by the loop itself; it cannot wait for its own end
        return
    asyncio.run_coroutine_threadsafe(finish(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


class SyncBuilder(Generic[B]):
    """The blocking form of a request builder or of a client."""

    def __init__(self, wrapped: B, runner: Runner) -> None:
        self.wrapped = wrapped
        self._runner = runner

    def _twin(self, builder: BaseRequestBuilder) -> S:  # type: ignore[type-var]  # the caller says which
        """Make the blocking form of another builder, on the same loop; it stands in the builder's own module."""
        kind = type(builder)
        twin: type[S] = getattr(sys.modules[kind.__module__], f"{kind.__name__}Sync")
        return twin(builder, self._runner)


class SyncRequestBuilder(SyncBuilder[B], Generic[B]):
    """The blocking form of a request builder."""

    def with_url(self, raw_url: str) -> Self:
        """Use a URL as it is."""
        wrapped: Any = self.wrapped
        return type(self)(wrapped._at(raw_url), self._runner)


class Twin(Generic[S_co]):
    """The blocking form of a property that leads to another builder; `name` is the property's, where it differs."""

    def __init__(self, name: str = "") -> None:
        self._name = name

    def __set_name__(self, owner: type[object], name: str) -> None:
        self._name = self._name or name

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Self: ...

    @overload
    def __get__(self, instance: SyncBuilder[Any], owner: type[object]) -> S_co: ...

    def __get__(self, instance: SyncBuilder[Any] | None, owner: type[object]) -> Self | S_co:
        if instance is None:
            return self
        found: S_co = instance._twin(getattr(instance.wrapped, self._name))
        return found


class Blocking(Generic[P, R]):
    """The blocking form of an asynchronous method, with the same arguments and result."""

    def __init__(self, method: Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type[object]) -> Blocking[P, R]: ...

    @overload
    def __get__(self, instance: SyncBuilder[Any], owner: type[object]) -> Callable[P, R]: ...

    def __get__(self, instance: SyncBuilder[Any] | None, owner: type[object]) -> Blocking[P, R] | Callable[P, R]:
        if instance is None:
            return self

        @functools.wraps(self._method)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            return instance._runner.run(self._method(instance.wrapped, *args, **kwargs))

        return call


class SyncPages(Generic[T]):
    """The items of a collection over all its pages, for a plain `for`."""

    def __init__(self, pages: Pages[T], runner: Runner) -> None:
        self._pages = pages
        self._runner = runner

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.value or ()

    def pages(self) -> Iterator[Page[T]]:
        """Give one page after the other."""
        source = self._pages.pages()
        try:
            while True:
                try:
                    yield self._runner.run(cast("Coroutine[Any, Any, Page[T]]", source.__anext__()))
                except StopAsyncIteration:
                    return
        finally:
            self._runner.run(cast("Any", source).aclose())


class BlockingPages(Generic[P, T]):
    """The blocking form of a builder's `iterate`."""

    def __init__(self, method: Callable[Concatenate[Any, P], Pages[T]]) -> None:
        self._method = method
        self.__doc__ = method.__doc__

    @overload
    def __get__(self, instance: None, owner: type[object]) -> BlockingPages[P, T]: ...

    @overload
    def __get__(self, instance: SyncBuilder[Any], owner: type[object]) -> Callable[P, SyncPages[T]]: ...

    def __get__(
        self, instance: SyncBuilder[Any] | None, owner: type[object]
    ) -> BlockingPages[P, T] | Callable[P, SyncPages[T]]:
        if instance is None:
            return self

        @functools.wraps(self._method)
        def call(*args: P.args, **kwargs: P.kwargs) -> SyncPages[T]:
            return SyncPages(self._method(instance.wrapped, *args, **kwargs), instance._runner)

        return call


if not TYPE_CHECKING:
    # Kiota's own module warns whoever imports it of another class that it has; annotations are all that needs this one.
    QueryParameters = object

__all__ = [
    "Blocking",
    "BlockingPages",
    "CountOptions",
    "DeprecatedConfiguration",
    "ItemOptions",
    "OperationFacts",
    "PageOptions",
    "Pages",
    "QueryOptions",
    "QueryParameters",
    "RequestBuilder",
    "RequestConfiguration",
    "RequestInformation",
    "SyncRequestBuilder",
    "Twin",
    "deprecated",
    "required",
    "with_parameters",
]

Errors = dict[str, type[Any]]
Content = Callable[[RequestInformation, bool], None]
Q = TypeVar("Q")
M = TypeVar("M", bound="Parsable")
E = TypeVar("E", bound="WireEnum")
PathParameters = dict[str, Any] | str
_SYSTEM_NAMES = {
    name: f"%24{name}" for name in ("count", "expand", "filter", "orderby", "search", "select", "skip", "top")
}
_BOUNDARY = re.compile(rb"--([^\s\"][^\r\n\"]{0,69})\r?\n")


@dataclass(frozen=True)
class OperationFacts(RequestOption):
    """What the description knows about an operation; it travels with the request, and errors quote it."""

    scopes: tuple[str, ...] = ()
    """Least privileged permissions, one of which the caller needs."""
    roles: tuple[str, ...] = ()
    """Directory roles, one of which the caller needs besides."""
    documented: bool | None = None
    """Whether the vendor documents the operation; None: not known."""
    documentation: str = ""
    """Link to the vendor's page."""
    clouds: tuple[str, ...] = ()
    """Clouds that offer the operation; empty: not known."""

    @staticmethod
    def get_key() -> str:
        return "OperationFacts"


class QueryOptions:
    """Base of the query dataclasses: field names to wire names."""

    _wire_names: ClassVar[Mapping[str, str]] = {}

    def get_query_parameter(self, original_name: str) -> str:
        if not original_name:
            raise TypeError("original_name cannot be null.")
        return self._wire_names.get(original_name, original_name)


@dataclass
class ItemOptions(QueryOptions):
    """OData's query options for one resource."""

    expand: list[str] | None = None
    """Related resources to read along."""
    select: list[str] | None = None
    """Properties to read."""

    _wire_names = _SYSTEM_NAMES


@dataclass
class CountOptions(QueryOptions):
    """OData's query options for the number of items."""

    filter: str | None = None
    """Condition that items must meet."""
    search: str | None = None
    """Words to look for."""

    _wire_names = _SYSTEM_NAMES


@dataclass
class PageOptions(ItemOptions, CountOptions):
    """OData's query options for a collection."""

    count: bool | None = None
    """Whether to count all items."""
    orderby: list[str] | None = None
    """Properties to sort by; `desc` behind one sorts downwards."""
    skip: int | None = None
    """Items to leave out at the start."""
    top: int | None = None
    """Items on a page at most."""


@dataclass
class DeprecatedConfiguration(RequestConfiguration[Q], Generic[Q]):
    """`RequestConfiguration` under its old name, of which each operation has its own; warns when constructed."""

    def __post_init__(self) -> None:
        message = "The configuration class of a single operation is deprecated, use RequestConfiguration."
        # Above this: the dataclass's constructor and that of the generic alias.
        warnings.warn(message, DeprecationWarning, stacklevel=4)


def deprecated(message: str) -> None:
    """Warn the caller of the method that calls this first."""
    warnings.warn(message, DeprecationWarning, stacklevel=3)


def required(**arguments: object) -> None:
    for name, value in arguments.items():
        if value is None:
            raise TypeError(f"{name} cannot be null.")


def with_parameters(path_parameters: PathParameters, values: Mapping[str, object]) -> PathParameters:
    """Copy path parameters and add a segment's own arguments; None is left out."""
    if isinstance(path_parameters, str):
        return path_parameters
    given = {
        key: guarded(value, key, (object, bool), segment=False) for key, value in values.items() if value is not None
    }
    return {**path_parameters, **given}


class RequestBuilder(BaseRequestBuilder):
    """Base of the generated request builders."""

    _template: ClassVar[str] = "{+baseurl}"
    _facts: ClassVar[Mapping[str, OperationFacts]] = {}

    def __init__(self, request_adapter: RequestAdapter[Any], path_parameters: PathParameters | None) -> None:
        super().__init__(request_adapter, self._template, path_parameters)

    # ------------------------------------------------------------------------------------- building a request

    def _request(
        self,
        verb: str,
        accept: str,
        configuration: RequestConfiguration[Any] | None,
        *,
        content: Content | None = None,
        template: str | None = None,
    ) -> RequestInformation:
        info = Request(Method(verb), template or self.url_template, dict(self.path_parameters))
        facts = self._facts.get(verb)
        if facts is not None:
            info.add_request_options([facts])
        if configuration is not None:
            info.configure(configuration)
            for name, values in info.headers.get_all().items():
                for value in values:
                    header_text(name, value)
            for wire, value in info.query_parameters.items():
                _check_option(wire, value)
        if accept:
            info.headers.try_add("Accept", accept)
        if content is not None:
            content(info, verb == "PATCH")
        return info

    def _model(self, body: object, content_type: str = "application/json") -> Content:
        """Content that is a model or a list of models; a PATCH writes only what was set."""
        _need_body(body)

        def write(info: RequestInformation, patch: bool) -> None:
            from .model import changes_of

            if content_type.startswith("multipart/") and hasattr(body, "serialize"):
                self._parts(info, body, content_type)
                return
            content = changes_of(body) if patch else body
            info.set_content_from_parsable(self.request_adapter, content_type, cast("Any", content))

        return write

    def _parts(self, info: RequestInformation, body: object, content_type: str) -> None:
        from importlib import import_module

        # Only the clients that send such bodies carry the module.
        multipart = import_module(".forms", __package__).multipart
        info.set_stream_content(*multipart(body, self.request_adapter, content_type))

    def _scalar(self, body: object, content_type: str) -> Content:
        _need_body(body)

        def write(info: RequestInformation, _: bool) -> None:
            from .model import scalar

            if content_type.startswith("multipart/"):
                raise ValueError(f"{content_type}: its parts need names, and a plain value has none.")
            # Kiota asks for the exact type of a value, and spells durations the Python way.
            items = cast("list[Any]", body)
            plain: Any = [scalar(item) for item in items] if isinstance(body, list) else scalar(body)
            info.set_content_from_scalar(self.request_adapter, content_type, plain)

        return write

    def _stream(self, body: object, content_type: str) -> Content:
        _need_body(body)
        opened = _BOUNDARY.match(body) if content_type.startswith("multipart/") and isinstance(body, bytes) else None
        text = opened[1].decode("latin-1") if opened else ""
        quoted = text if re.fullmatch(r"[\w.+-]*", text) else f'"{text}"'
        kind = f"{content_type}; boundary={quoted}" if opened else content_type
        return lambda info, _: info.set_stream_content(cast("bytes", body), kind)

    def _untyped(self, body: object, content_type: str) -> Content:
        """Content that is any JSON value, or the parts of a form."""
        if isinstance(body, bytes):
            return self._stream(body, content_type)
        _need_body(body)

        def write(info: RequestInformation, _: bool) -> None:
            from .model import untyped_content

            if content_type.startswith("multipart/"):
                self._parts(info, body, content_type)
            else:
                info.set_stream_content(untyped_content(body), content_type)

        return write

    def _set_query(self, info: RequestInformation, options: QueryOptions) -> None:
        for name, value in vars(options).items():
            if value is None or value == []:
                continue
            wire = options.get_query_parameter(name)
            if info.RAW_URL_KEY in info.path_parameters:
                raise ValueError(f"A raw URL is sent as it is; it takes no {_shown(wire)}.")
            _check_option(wire, value)
            info.query_parameters[wire] = value

    def _set_headers(self, info: RequestInformation, headers: Mapping[str, object]) -> None:
        for name, value in headers.items():
            if value is not None:
                info.headers.remove(name)
                info.headers.add(name, header_text(name, value))

    def _set_cookies(self, info: RequestInformation, cookies: Mapping[str, object]) -> None:
        pairs = [f"{name}={_cookie_text(name, value)}" for name, value in cookies.items() if value is not None]
        if pairs:
            info.headers.remove("Cookie")
            info.headers.add("Cookie", "; ".join(pairs))

    def _changed(self, model: type[M], body: M | None, changes: Mapping[str, Any]) -> M:
        if not changes:
            _need_body(body)
            return cast("M", body)
        if body is not None:
            raise TypeError("Give either a body or keywords, not both.")
        return model(**changes)

    # ------------------------------------------------------------------------------------------------ sending

    async def _send(self, info: RequestInformation, model: type[M], errors: Errors) -> M | None:
        factory: Any = model
        found: Any = await self.request_adapter.send_async(info, factory, errors)
        return found  # type: ignore[no-any-return]

    async def _send_list(self, info: RequestInformation, model: type[T], errors: Errors) -> list[T] | None:
        factory: Any = model
        found: Any = await self.request_adapter.send_collection_async(info, factory, errors)
        return found  # type: ignore[no-any-return]

    @overload
    async def _send_primitive(self, info: RequestInformation, kind: Literal["str"], errors: Errors) -> str | None: ...
    @overload
    async def _send_primitive(self, info: RequestInformation, kind: Literal["int"], errors: Errors) -> int | None: ...
    @overload
    async def _send_primitive(
        self, info: RequestInformation, kind: Literal["float"], errors: Errors
    ) -> float | None: ...
    @overload
    async def _send_primitive(self, info: RequestInformation, kind: Literal["bool"], errors: Errors) -> bool | None: ...
    @overload
    async def _send_primitive(
        self, info: RequestInformation, kind: Literal["bytes"], errors: Errors
    ) -> bytes | None: ...
    @overload
    async def _send_primitive(
        self, info: RequestInformation, kind: Literal["datetime.datetime"], errors: Errors
    ) -> datetime.datetime | None: ...
    @overload
    async def _send_primitive(
        self, info: RequestInformation, kind: Literal["datetime.date"], errors: Errors
    ) -> datetime.date | None: ...
    @overload
    async def _send_primitive(
        self, info: RequestInformation, kind: Literal["datetime.time"], errors: Errors
    ) -> datetime.time | None: ...
    @overload
    async def _send_primitive(
        self, info: RequestInformation, kind: Literal["datetime.timedelta"], errors: Errors
    ) -> datetime.timedelta | None: ...
    @overload
    async def _send_primitive(
        self, info: RequestInformation, kind: Literal["UUID"], errors: Errors
    ) -> uuid.UUID | None: ...

    async def _send_primitive(self, info: RequestInformation, kind: str, errors: Errors) -> Any:
        found: Any = await self.request_adapter.send_primitive_async(info, kind, errors)
        return found

    async def _send_primitive_list(self, info: RequestInformation, kind: type[T], errors: Errors) -> list[T] | None:
        asked: Any = kind
        found: Any = await self.request_adapter.send_collection_of_primitive_async(info, asked, errors)
        return found  # type: ignore[no-any-return]

    async def _send_enum(self, info: RequestInformation, enum: type[E], errors: Errors) -> E | None:
        text: Any = await self.request_adapter.send_primitive_async(info, "str", errors)
        return None if text is None else enum(text)

    async def _send_enum_list(self, info: RequestInformation, enum: type[E], errors: Errors) -> list[E] | None:
        texts = await self._send_primitive_list(info, str, errors)
        return None if texts is None else [enum(text) for text in texts]

    async def _send_nothing(self, info: RequestInformation, errors: Errors) -> None:
        await self.request_adapter.send_no_response_content_async(info, errors)

    def _pages(self, info: RequestInformation, page: type[Page[T]], errors: Errors) -> Pages[T]:

        async def fetch(link: str | None) -> Page[T] | None:
            request = info if link is None else self._linked(info, link)
            found: Any = await self.request_adapter.send_async(request, cast("Any", page), errors)
            return cast("Page[T] | None", found)

        return Pages(fetch)

    def _linked(self, first: RequestInformation, link: str) -> RequestInformation:
        """Build the request of a next link: the link as it is, the first request's headers and options."""
        info = Request(first.http_method, self.url_template, {first.RAW_URL_KEY: link})
        for name, values in first.headers.get_all().items():
            if name != "authorization":
                info.headers.add(name, sorted(values))
        info.add_request_options([*first.request_options.values(), NextLink()])
        return info

    # ------------------------------------------------------------------------------------------------- moving

    def _with_id(self, key: str, value: object, argument: str, *kinds: type) -> dict[str, Any]:
        return {**self.path_parameters, key: guarded(value, argument, kinds)}

    def _at(self, raw_url: str) -> Self:
        """Give a builder of the same kind for a raw URL."""
        required(raw_url=raw_url)
        return type(self)(self.request_adapter, raw_url)


class NextLink(RequestOption):
    """Marks a request whose URL the service wrote; it may go to the client's own host only."""

    @staticmethod
    def get_key() -> str:
        return "NextLink"


def _need_body(body: object) -> None:
    if body is None:
        raise TypeError("body cannot be null.")


def _shown(wire: str) -> str:
    return wire.replace("%24", "$")


def _check_option(wire: str, value: object) -> None:
    lowest = {"%24top": 1, "%24skip": 0}.get(wire)
    if lowest is not None and isinstance(value, int) and value < lowest:
        raise ValueError(f"{_shown(wire)} has to be {lowest} or more, not {value}.")


def _cookie_text(name: str, value: object) -> str:
    text = header_text(name, value)
    if any(ch in text for ch in ' ",;\\'):
        raise ValueError(f"The value of the cookie {name} holds a character that cookies cannot carry.")
    return text


_EXCERPT = 300
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x61C, 0x200E, 0x200F}


@dataclass
class CallFacts:
    """What is known of one call; errors carry it."""

    method: str = ""
    path: str = ""
    """The URL template's path, without the ids."""
    status: int | None = None
    code: str = ""
    request_id: str = ""
    client_request_id: str = ""
    date: str = ""
    attempts: int = 0
    maybe_applied: bool = False
    """Whether the service may have done what was asked although the call failed."""
    retry_after: float | None = None
    hint: str = ""
    facts: OperationFacts | None = field(default=None, repr=False)

    def line(self, message: str) -> str:
        what = " ".join(part for part in (str(self.status or ""), self.code) if part)
        ids = [("request-id", self.request_id), ("client-request-id", self.client_request_id), ("date", self.date)]
        known = ", ".join(f"{name} {printable(value, 100)}" for name, value in ids if value)
        tried = f", {self.attempts} attempts" if self.attempts > 1 else ""
        text = ": ".join(part for part in (f"{self.method} {self.path}".strip(), what, printable(message)) if part)
        text += f" ({known}{tried})" if known else f" ({tried[2:]})" if tried else ""
        if self.maybe_applied:
            text += " The change may have been made all the same."
        return f"{text} {self.hint}".rstrip()


class CallError(KiotaAPIError):
    """A call that failed before, beside or instead of the service's own error."""

    def __init__(self, message: str, call: CallFacts | None = None, headers: Mapping[str, str] | None = None) -> None:
        self.call = call or CallFacts()
        super().__init__(message, self.call.status, dict(headers or {}))
        self.args = (message,)

    def __str__(self) -> str:
        return self.call.line(self.message or type(self).__name__)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.message, self.call, self.response_headers), {"__cause__": None})

    def __setstate__(self, state: Any) -> None:
        """Everything is in the constructor's arguments."""

    @property
    def status(self) -> int | None:
        """The HTTP status, where there was an answer."""
        return self.call.status

    @property
    def request_id(self) -> str:
        """The service's id of the request."""
        return self.call.request_id

    @property
    def maybe_applied(self) -> bool:
        """Whether the service may have done what was asked all the same."""
        return self.call.maybe_applied

    @property
    def retry_after(self) -> float | None:
        """Seconds that the service asked to wait."""
        return self.call.retry_after

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return object.__hash__(self)


class ServiceError(CallError):
    """The service answered with an error that no error class can hold: HTML, nothing, or an unknown status."""


class BadResponse(CallError):
    """The service answered with success, but not with what was promised."""


class ResponseTooLarge(BadResponse):
    """The answer is longer than the client takes."""


class PagingError(BadResponse):
    """A next link that cannot be followed; `resume_link` says where the run broke off."""

    def __init__(self, message: str, resume_link: object = None, call: CallFacts | None = None) -> None:
        super().__init__(message, call)
        self.resume_link = resume_link


class ConnectionFailed(CallError):
    """No connection was made, or it broke."""


class TimedOut(ConnectionFailed):
    """The call did not end in its time."""


class HostRefused(CallError):
    """The request would have gone to a host that is not the service's; it was not sent."""


class RequestRefused(CallError, ValueError):
    """The request would have done something else than its arguments say; it was not sent."""


class SignInFailed(CallError):
    """No token could be had; the request was not sent."""


class ClientClosed(CallError, RuntimeError):
    """The client was closed before the call."""


@dataclass(frozen=True)
class Response(Generic[T]):
    """The result of a call with what came along."""

    body: T
    status: int
    headers: Mapping[str, str]

    @property
    def request_id(self) -> str:
        """The service's id of the request."""
        return self.headers.get("request-id", "")


_recorder: contextvars.ContextVar[list[tuple[int, Mapping[str, str]]] | None] = contextvars.ContextVar(
    "recorder", default=None
)


def record(status: int, headers: Callable[[], Mapping[str, str]]) -> None:
    seen = _recorder.get()
    if seen is not None:
        seen.append((status, headers()))


@contextlib.contextmanager
def _recording() -> Generator[list[tuple[int, Mapping[str, str]]], None, None]:
    seen: list[tuple[int, Mapping[str, str]]] = []
    token = _recorder.set(seen)
    try:
        yield seen
    finally:
        _recorder.reset(token)


async def recorded(call: Awaitable[T]) -> Response[T]:
    with _recording() as seen:
        body = await call
    return _response(body, seen)


def recorded_call(call: Callable[[], T]) -> Response[T]:
    with _recording() as seen:
        body = call()
    return _response(body, seen)


def _response(body: T, seen: list[tuple[int, Mapping[str, str]]]) -> Response[T]:
    if not seen:
        raise RuntimeError("with_response needs a call through the client's own request adapter.")
    status, headers = seen[-1]
    return Response(body, status, headers)


def template_path(info: RequestInformation) -> str:
    """Give the path of a request as its template has it: without the ids, which logs and spans must not show."""
    return _path_of(info.url_template or "")


@functools.lru_cache(maxsize=2048)
def _path_of(template: str) -> str:
    path = template.partition("{?")[0].partition("{&")[0].partition("?")[0].replace("{+baseurl}", "")
    return unquote(path) or "/"


def hint_for(status: int | None, facts: OperationFacts | None) -> str:
    if facts is None or status is None:
        return ""
    hints: list[str] = []
    if status in (401, 403):
        if facts.scopes:
            hints.append(f"It needs the permission {' or '.join(facts.scopes)}.")
        if facts.roles:
            hints.append(f"The caller needs the role {' or '.join(facts.roles)}.")
    if status in (403, 404) and facts.clouds:
        hints.append(f"It is offered in these clouds only: {', '.join(facts.clouds)}.")
    if status in (400, 403, 404, 405, 501) and facts.documented is False:
        hints.append("The vendor does not document this operation; the service may not offer it.")
    if hints and facts.documentation:
        hints.append(f"See {facts.documentation}")
    return " ".join(hints)


def printable(text: str, limit: int = 600) -> str:
    """Make text of a service safe for terminals and logs: controls and bidirectional marks escaped, long text cut."""
    shown = text if len(text) <= limit else text[: limit - 3] + "..."
    return "".join(
        ch if ch.isprintable() and ord(ch) not in _BIDI else ch.encode("unicode_escape").decode("ascii") for ch in shown
    )


def excerpt(content: bytes) -> str:
    text = content[: _EXCERPT * 4].decode("utf-8", "replace")
    return printable(" ".join(text.split()), _EXCERPT)


C = TypeVar("C", bound="ClientRoot")
F = TypeVar("F", bound="SyncClientRoot[Any]")


@dataclass(frozen=True)
class ClientSettings:
    """What the description and the slice say about a client."""

    base_url: str = ""
    authentication: str = "none"
    """`azure`: the client signs in by itself; `none`: only with an adapter or a provider given."""
    clouds: tuple[str, ...] = ()
    """Clouds that offer the API; empty: the description does not tell."""
    product: str = ""
    """Name and version for the User-Agent header."""


class ClientRoot(RequestBuilder):
    """Base of the generated clients.

    A client is made once and used for as long as there is work; `async with` or `aclose` gives its connections back.
    It closes what it made itself: an adapter, an `http_client` or a credential that was handed in stays the caller's.
    """

    _settings: ClassVar[ClientSettings] = ClientSettings()

    def __init__(
        self,
        request_adapter: RequestAdapter[Any] | None = None,
        backing_store: BackingStoreFactory | None = None,
        *,
        credentials: TokenCredential | AsyncTokenCredential | None = None,
        scopes: list[str] | None = None,
        authentication_provider: AuthenticationProvider | None = None,
        cloud: str = "global",
        base_url: str | None = None,
        timeout: float | Timeouts | None = None,
        retries: int | Retries | None = None,
        proxy: str | None = None,
        http_client: httpx.AsyncClient | None = None,
        transport: str | httpx.AsyncBaseTransport | None = None,
        max_response_bytes: int = 16 * 1024 * 1024,
        allowed_hosts: Sequence[str] = (),
    ) -> None:
        """Make a client.

        Args:
            request_adapter: Sends the requests; with it, none of the other arguments but `backing_store` may be given.
            backing_store: Kiota's factory, handed on to the adapter.
            credentials: An azure-identity credential, synchronous or not; DefaultAzureCredential when left out.
            scopes: What a token is asked for; the cloud's own scope when left out.
            authentication_provider: Signs the requests instead of a credential.
            cloud: Host and scope by name: `global`, `us_gov_l4`, `us_gov_l5`, `china`.
            base_url: Another address of the service, https or on this machine.
            timeout: Seconds for a call in all, retries included, or `Timeouts`.
            retries: How often a failed request is sent again, or `Retries`.
            proxy: URL of a proxy, for the service and for tokens.
            http_client: Sends the requests instead of a client of our own.
            transport: `httpx` or `aiohttp`, or a transport for httpx.
            max_response_bytes: Longer answers are refused.
            allowed_hosts: Base URLs of further hosts to which requests and tokens may go.
        """
        options: dict[str, Any] = {
            "credentials": credentials,
            "scopes": scopes,
            "authentication_provider": authentication_provider,
            "base_url": base_url,
            "timeout": timeout,
            "retries": retries,
            "proxy": proxy,
            "http_client": http_client,
            "transport": transport,
        }
        given = {name: value for name, value in options.items() if value is not None}
        self._owned: list[Any] = []
        if request_adapter is not None and not hasattr(request_adapter, "send_async"):
            # Microsoft's own root takes credentials and scopes in these places.
            if not hasattr(request_adapter, "get_token") or given:
                raise TypeError("request_adapter has no send_async; give credentials by name.")
            given["credentials"], request_adapter = request_adapter, None
            if isinstance(backing_store, list):
                given["scopes"], backing_store = backing_store, None
        if request_adapter is None:
            from .adapter import own_adapter

            limits = {"max_response_bytes": max_response_bytes, "allowed_hosts": tuple(allowed_hosts)}
            request_adapter, self._owned = own_adapter(self._settings, cloud, given, limits)
        elif given:
            raise TypeError(f"A request adapter brings its own {', '.join(given)}.")
        else:
            self._settle(request_adapter)
        super().__init__(request_adapter, {})
        if backing_store is not None:
            request_adapter.enable_backing_store(backing_store)

    def _settle(self, adapter: RequestAdapter[Any]) -> None:
        """Give an adapter of the caller's what every client of Kiota's gives it: a base URL and the stock factories."""
        from .adapter import register_stock_factories

        register_stock_factories()
        if not adapter.base_url:
            adapter.base_url = self._settings.base_url

    async def aclose(self) -> None:
        """Close the connections that the client opened, and the credential that it made."""
        while self._owned:
            await self._owned.pop().aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @staticmethod
    async def with_response(call: Awaitable[T]) -> Response[T]:
        """Await a call and give its result with status and headers: `await client.with_response(client.me.get())`.

        Args:
            call: What an executor gave, not yet awaited.
        """
        return await recorded(call)

    def _blocking(self, face: type[F]) -> F:
        found = self.__dict__.get("_face")
        if found is None:
            found = self.__dict__["_face"] = face(self, Runner(self._owned))
        return cast("F", found)


class SyncClientRoot(SyncBuilder[C], Generic[C]):
    """The blocking form of a client."""

    def close(self) -> None:
        """Close the client and stop its loop."""
        self._runner.run(self.wrapped.aclose())
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def with_response(self, call: Callable[[], T]) -> Response[T]:
        """Make a call and give its result with status and headers.

        Args:
            call: A function without arguments that makes the call.
        """
        return recorded_call(call)
