"""What every request builder is made of: requests, guarded ids, plain keywords, paging.

Only `kiota_abstractions` is imported here, so that a builder costs no HTTP library until something is sent.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, cast, overload

from kiota_abstractions.base_request_builder import BaseRequestBuilder
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_abstractions.request_option import RequestOption

from .request import Page, Pages, Request, guarded, header_text
from .sync import Blocking, BlockingPages, SyncRequestBuilder, Twin

if TYPE_CHECKING:
    import datetime
    import uuid

    from kiota_abstractions.default_query_parameters import QueryParameters
    from kiota_abstractions.request_adapter import RequestAdapter
    from kiota_abstractions.serialization import Parsable
    from typing_extensions import Self

    from .values import WireEnum

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
T = TypeVar("T")
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
            from .props import scalar

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
