"""The client's own request adapter: Kiota's interface, on the transports of httpx.

Written anew rather than derived from Kiota's, because what it must not do happens inside: following redirects, sending
without a token, reading without a limit, taking any answer for the one that was promised.
"""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import httpx
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from kiota_abstractions.request_adapter import RequestAdapter
from opentelemetry import trace

from .auth import Cloud, CredentialProvider, Send, checked_base_url, cloud_named, default_credential, in_cloud
from .codec import JsonNode, NodeFactory, Unreadable, WriterFactory, decoded, is_json, loaded
from .connections import Pools, sender_of, transport_factory
from .errors import BadResponse, ServiceError, excerpt, hint_for, record
from .props import PRIMITIVES
from .retry import Retries, Timeouts
from .sending import UNSAFE, AdapterOptions, Answer, Sender

if TYPE_CHECKING:
    from kiota_abstractions.authentication import AuthenticationProvider
    from kiota_abstractions.request_information import RequestInformation
    from kiota_abstractions.serialization import SerializationWriterFactory
    from kiota_abstractions.store import BackingStoreFactory

    from .client import ClientSettings

ErrorMap = Mapping[str, type[Any]] | None


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
        self._sender = Sender(authentication_provider, pools, http_client, options or AdapterOptions())
        self._sender.pin(base_url)
        self._nodes = NodeFactory()
        self._writers = WriterFactory()
        self._tracer = trace.get_tracer(__name__.partition(".")[0])

    # ------------------------------------------------------------------------------------------ Kiota's interface

    @property
    def base_url(self) -> str:
        return self._sender.base_url

    @base_url.setter
    def base_url(self, value: str) -> None:
        if value:
            self._sender.pin(checked_base_url(value, signed=False))

    def get_serialization_writer_factory(self) -> SerializationWriterFactory:
        return self._writers

    def enable_backing_store(self, backing_store_factory: BackingStoreFactory | None) -> None:
        """Do nothing: the models know their changes by themselves, and their `backing_store` shows them."""

    async def send_async(self, request_info: RequestInformation, parsable_factory: Any, error_map: Any) -> Any:
        answer, handled = await self._answered(request_info, error_map)
        if handled is not None:
            return handled[0]
        if parsable_factory in PRIMITIVES:
            return self._primitive(answer, PRIMITIVES[parsable_factory])
        if self._nothing(answer):
            return None
        load = getattr(parsable_factory, "_load", None)
        if load is None or not is_json(answer.content_type):
            node = self._node(answer)
            return self._filled(answer, lambda: node.get_object_value(parsable_factory))
        raw = self._json(answer)
        self._check_promise(answer, parsable_factory, raw)
        return self._filled(answer, lambda: load(raw))

    async def send_collection_async(
        self, request_info: RequestInformation, parsable_factory: Any, error_map: Any
    ) -> Any:
        answer, handled = await self._answered(request_info, error_map)
        if handled is not None:
            return handled[0]
        if self._nothing(answer):
            return None
        raw = self._list(answer)
        if parsable_factory in PRIMITIVES:
            kind = PRIMITIVES[parsable_factory]
            return self._filled(answer, lambda: [None if item is None else kind(item) for item in raw])
        node = JsonNode(raw)
        return self._filled(answer, lambda: node.get_collection_of_object_values(parsable_factory))

    async def send_collection_of_primitive_async(
        self, request_info: RequestInformation, response_type: Any, error_map: Any
    ) -> Any:
        return await self.send_collection_async(request_info, response_type, error_map)

    async def send_primitive_async(self, request_info: RequestInformation, response_type: str, error_map: Any) -> Any:
        answer, handled = await self._answered(request_info, error_map)
        if handled is not None:
            return handled[0]
        if response_type == "bytes":
            return answer.content if answer.content else None
        if response_type not in PRIMITIVES:
            raise TypeError(f"{response_type} is no plain value.")
        return self._primitive(answer, PRIMITIVES[response_type])

    async def send_no_response_content_async(self, request_info: RequestInformation, error_map: Any) -> Any:
        _, handled = await self._answered(request_info, error_map)
        return handled[0] if handled is not None else None

    async def convert_to_native_async(self, request_info: RequestInformation) -> httpx.Request:
        return await self._sender.signed(request_info, self._sender.facts(request_info))

    async def aclose(self) -> None:
        await self._sender.aclose()

    # ------------------------------------------------------------------------------------------------ answers

    async def _answered(self, info: RequestInformation, errors: ErrorMap) -> tuple[Answer, list[Any] | None]:
        call = self._sender.facts(info)
        errors = errors or {}
        # Neither the exception nor its text goes into the span: it may quote what the service said.
        with self._tracer.start_as_current_span(
            f"{call.method} {call.path}", record_exception=False, set_status_on_exception=False
        ) as span:
            span.set_attribute("http.request.method", call.method)
            answer = await self._sender.send(info, call)
            span.set_attribute("http.response.status_code", answer.status)
            span.set_attribute("http.request.resend_count", call.attempts - 1)
        record(answer.status, answer.shown_headers)
        inspection: Any = info.request_options.get("HeadersInspectionHandlerOption")
        if inspection is not None and inspection.inspect_response_headers:
            inspection.response_headers.clear()
            for name, value in answer.headers.items():
                inspection.response_headers.add(name, value)
        handler = getattr(info.request_options.get("ResponseHandler"), "response_handler", None)
        if handler is not None:
            headers = {k: v for k, v in answer.headers.items() if k not in ("content-encoding", "content-length")}
            native = httpx.Response(answer.status, headers=headers, content=answer.content, request=answer.request)
            return answer, [await handler.handle_response_async(native, dict(errors))]
        if answer.status >= 400:
            raise self._error(answer, errors)
        if answer.status >= 300 and not self._not_modified(answer):
            unasked = "the service says that nothing changed, though nobody asked"
            why = unasked if answer.status == 304 else "the service redirects, which the client does not follow"
            raise BadResponse(why, call, answer.shown_headers())
        return answer, None

    def _not_modified(self, answer: Answer) -> bool:
        sent = answer.request.headers
        return answer.status == 304 and ("if-none-match" in sent or "if-modified-since" in sent)

    def _nothing(self, answer: Answer) -> bool:
        if answer.status in (204, 205, 304) or answer.call.method == "HEAD":
            return True
        if answer.content:
            return False
        if answer.call.method in UNSAFE:
            return True
        raise self._bad(answer, "the answer is empty")

    def _bad(self, answer: Answer, why: str) -> BadResponse:
        answer.call.maybe_applied = answer.call.method in UNSAFE
        shown = excerpt(answer.content)
        return BadResponse(f"{why}: {shown}" if shown else why, answer.call, answer.shown_headers())

    def _json(self, answer: Answer) -> Any:
        if not is_json(answer.content_type):
            raise self._bad(answer, f"JSON was expected, not {answer.content_type or 'an answer without a type'}")
        return self._filled(answer, lambda: loaded(answer.content))

    def _list(self, answer: Answer) -> list[Any]:
        raw = self._json(answer)
        if type(raw) is not list:
            raise self._bad(answer, "a list was expected")
        return raw

    def _node(self, answer: Answer) -> Any:
        if not answer.content_type:
            raise self._bad(answer, "the answer has no content type")
        return self._filled(answer, lambda: self._nodes.get_root_parse_node(answer.content_type, answer.content))

    def _filled(self, answer: Answer, fill: Any) -> Any:
        try:
            return fill()
        except ValueError as error:
            raise self._bad(answer, str(error) or "another kind of value was expected") from error
        except RecursionError:
            raise self._bad(answer, "the answer is nested too deeply") from None

    def _check_promise(self, answer: Answer, model: Any, raw: Any) -> None:
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

        def read() -> Any:
            json = is_json(answer.content_type)
            value = loaded(answer.content) if json else decoded(answer.content).strip()
            return None if value is None else kind(value)

        return self._filled(answer, read)

    # ------------------------------------------------------------------------------------------------- errors

    def _error(self, answer: Answer, errors: Mapping[str, type[Any]]) -> Exception:
        call, status = answer.call, answer.status
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
            raw = loaded(answer.content) if is_json(answer.content_type) else None
        except Unreadable:
            return None
        try:
            found = mapped._load(raw) if isinstance(raw, dict) else None
        except (ValueError, RecursionError):
            # What the error says in a shape of its own still belongs to the class that callers catch.
            found = mapped()
        return found if isinstance(found, Exception) else None


def own_adapter(
    settings: ClientSettings, cloud: str, given: Mapping[str, Any], limits: Mapping[str, Any]
) -> tuple[ClientAdapter, list[Any]]:
    """Make the adapter of a client that was given none, and list what the client has to close, the last first."""
    http_client, transport = given.get("http_client"), given.get("transport")
    timeout, retries = given.get("timeout", Timeouts()), given.get("retries", Retries())
    timeouts = timeout if isinstance(timeout, Timeouts) else Timeouts(total=timeout)
    signs = settings.authentication == "azure"
    if not signs and cloud != "global":
        raise ValueError("This API knows no clouds; give its base_url.")
    chosen = cloud_named(cloud, settings.clouds) if signs else None
    address = given.get("base_url") or (in_cloud(settings.base_url, chosen) if chosen else settings.base_url)
    send = sender_of(http_client, transport, timeouts)
    provider, owned = _provider(given, chosen, timeouts, send)
    if address:
        address = checked_base_url(address, signed=not type(provider).__name__.startswith("Anonymous"))
    pools = None
    if send is None:
        pools = Pools(transport_factory(transport or "httpx", address, given.get("proxy")))
    elif http_client is None:
        pools = Pools(lambda: cast("httpx.AsyncBaseTransport", transport), owned=False)
    options = AdapterOptions(
        timeouts=timeouts,
        retries=retries if isinstance(retries, Retries) else Retries(retries),
        user_agent=settings.product,
        request_ids=signs,
        **limits,
    )
    adapter = ClientAdapter(provider, address, pools=pools, http_client=http_client, options=options)
    return adapter, [*owned, adapter]


def _provider(
    given: Mapping[str, Any], cloud: Cloud | None, timeouts: Timeouts, send: Send | None
) -> tuple[AuthenticationProvider, list[Any]]:
    """Give what signs requests, and list it where the client has to close it."""
    provider, credentials = given.get("authentication_provider"), given.get("credentials")
    if provider is not None:
        return provider, []
    if credentials is None and cloud is None:
        return AnonymousAuthenticationProvider(), []
    scopes = given.get("scopes") or ([f"https://{cloud.host}/.default"] if cloud else [])
    if not scopes:
        raise ValueError("credentials need scopes.")
    owned = credentials is None
    if cloud is not None and credentials is None:
        credentials = default_credential(cloud, given.get("proxy"), timeouts, send)
    signer = CredentialProvider(credentials, scopes, owned=owned)
    return signer, [signer]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
