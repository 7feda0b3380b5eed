"""Requests before they are sent: URLs expanded once, ids that cannot leave their place, and runs over pages."""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import base64
import datetime
import functools
import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import quote

from kiota_abstractions.request_information import RequestInformation
from stduritemplate import StdUriTemplate

from .errors import PagingError
from .values import duration_text, with_zone

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
