"""What goes over the wire and what comes of the answer, over real HTTP."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import ssl
import struct
import time
import zlib
from typing import Any

import httpx
import pytest
import trustme
from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.headers_collection import HeadersCollection
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_http.httpx_request_adapter import HttpxRequestAdapter
from kiota_http.middleware.options import HeadersInspectionHandlerOption, ResponseHandlerOption, RetryHandlerOption
from sample_client._runtime.connections import _ssl_context
from sample_client._runtime.errors import (
    BadResponse,
    ClientClosed,
    ConnectionFailed,
    HostRefused,
    PagingError,
    RequestRefused,
    ResponseTooLarge,
    ServiceError,
    TimedOut,
)
from sample_client._runtime.retry import Retries, Timeouts, retry_after
from sample_client.library_client import LibraryClient
from sample_client.models.library_error import LibraryError
from sample_client.models.shelf import Shelf
from sample_client.shelves.shelves_request_builder import ShelvesRequestBuilder

SHELF = '{"@odata.context": "c", "id": "1", "displayName": "y"}'
QUICK = Retries(first=0.01)
METHODS = ["get", "patch", "delete", "post", "list"]


@pytest.fixture(params=["httpx", "aiohttp"])
def either(call: Any, request: pytest.FixtureRequest) -> Any:
    """Run a function with a client on either transport."""
    if request.param == "aiohttp":
        pytest.importorskip("aiohttp", reason="the optional transport is not installed")
    return lambda use, **options: call(use, transport=request.param, **options)


async def send(client: Any, method: str) -> Any:
    item = client.shelves.by_shelf_id("1")
    if method == "patch":
        return await item.patch(display_name="y")
    if method == "post":
        return await client.shelves.post(Shelf(display_name="y"))
    if method == "list":
        return await client.shelves.get()
    return await getattr(item, method)()


def changes(method: str) -> bool:
    return method in ("patch", "delete", "post")


# ------------------------------------------------------------------------------------------------------ requests


def test_a_patch_is_one_exact_request(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF)]
    shelf = call(lambda c: c.shelves.by_shelf_id("a/b ?ü'").patch(display_name="y"))
    assert (shelf.id, shelf.display_name) == ("1", "y")
    (seen,) = service.seen
    assert (seen.method, seen.target) == ("PATCH", "/shelves/a%2Fb%20%3F%C3%BC%27")
    assert json.loads(seen.body) == {"displayName": "y"}
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["accept"] == "application/json"
    assert seen.headers["authorization"] == "Bearer canary-token"
    assert seen.headers["user-agent"] == "library/1.0"


def test_body_and_keywords_are_two_ways_of_one(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF)]

    async def use(client: Any) -> None:
        item = client.shelves.by_shelf_id("1")
        shelf = await item.get()
        shelf.display_name = "z"
        await item.patch(shelf)
        with pytest.raises(TypeError, match="not both"):
            await item.patch(Shelf(display_name="q"), display_name="r")
        with pytest.raises(TypeError, match=r"body cannot be null\."):
            await item.patch()
        with pytest.raises(ValueError, match="Nothing in this Shelf"):
            await item.patch(await item.get())

    call(use)
    assert [json.loads(seen.body) for seen in service.seen if seen.method == "PATCH"] == [{"displayName": "z"}]


def test_query_options_as_keywords_and_as_configuration(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body='{"value": []}')]
    query = ShelvesRequestBuilder.ShelvesRequestBuilderGetQueryParameters(top=3, select=["a", "b"])
    headers = HeadersCollection()
    headers.add("ConsistencyLevel", "eventual")

    async def use(client: Any) -> None:
        await client.shelves.get(select=["a", "b"], top=5, filter="name eq 'x&y'")
        await client.shelves.get(RequestConfiguration(query_parameters=query, headers=headers), top=4)

    call(use)
    assert service.seen[0].target == "/shelves?$filter=name%20eq%20%27x%26y%27&$select=a,b&$top=5"
    assert service.seen[1].target == "/shelves?$select=a,b&$top=4"
    assert service.seen[1].headers["consistencylevel"] == "eventual"


@pytest.mark.parametrize("option", [{"top": 0}, {"top": -1}])
def test_options_that_no_service_takes_are_refused(call: Any, option: Any) -> None:
    with pytest.raises(ValueError, match=r"\$top has to be 1 or more"):
        call(lambda c: c.shelves.get(**option))


@pytest.mark.parametrize("name", ["Authorization", "Host", "Content-Length", "Transfer-Encoding", "a b", "x"])
def test_headers_that_would_change_the_request_are_refused(call: Any, service: Any, name: str) -> None:
    headers = HeadersCollection()
    headers.add(name, "a\r\nb" if name == "x" else "v")
    with pytest.raises(ValueError):
        call(lambda c: c.shelves.get(RequestConfiguration(headers=headers)))
    assert service.seen == []


BAD_IDS: list[Any] = ["", " ", "\t", ".", "..", " .. ", "a\nb", "\x00", "a\x7f", "a\x85", "\ud800", "x" * 1025]


@pytest.mark.parametrize("identifier", BAD_IDS)
def test_ids_that_lead_elsewhere_are_refused_before_a_request_exists(identifier: str) -> None:
    client = LibraryClient(authentication_provider=AnonymousAuthenticationProvider())
    with pytest.raises(ValueError, match="shelf_id"):
        client.shelves.by_shelf_id(identifier)


@pytest.mark.parametrize("identifier", [None, True, 1, ["a"], {"k": "v"}, b"x"])
def test_ids_of_another_kind_are_refused(identifier: Any) -> None:
    client = LibraryClient(authentication_provider=AnonymousAuthenticationProvider())
    with pytest.raises(TypeError, match="shelf_id"):
        client.shelves.by_shelf_id(identifier)


@pytest.mark.parametrize("identifier", ["...", "a..b", "../x", "a/../b", "%2e%2e", "..%2f", "a\\b", "ü", "#?&;'\"{}"])
def test_other_ids_arrive_as_they_are(either: Any, service: Any, reply: Any, identifier: str) -> None:
    from urllib.parse import unquote

    service.replies = [reply(body=SHELF)]
    either(lambda c: c.shelves.by_shelf_id(identifier).get())
    assert service.seen[0].target.count("/") == 2
    assert unquote(service.seen[0].target.removeprefix("/shelves/")) == identifier


# ------------------------------------------------------------------------------------------------------- answers


def test_results_of_every_kind(either: Any, service: Any, reply: Any) -> None:
    service.replies = [
        reply(200, b"\xef\xbb\xbf42", "text/plain"),
        reply(204),
        reply(200, gzip.compress(SHELF.encode(), mtime=0), headers={"Content-Encoding": "gzip"}),
        reply(200, zlib.compress(SHELF.encode()), headers={"Content-Encoding": "deflate"}),
        reply(200, b"\xef\xbb\xbf" + SHELF.encode(), "application/vnd.x+json; charset=utf-8"),
        reply(204),
        reply(200, b""),
    ]

    async def use(client: Any) -> None:
        item = client.shelves.by_shelf_id("1")
        assert await client.shelves.count() == 42
        assert await item.delete() is None
        for _ in range(3):
            assert (await item.get()).id == "1"
        assert await item.patch(display_name="x") is None
        assert await item.patch(display_name="x") is None

    either(use)


def test_with_response_gives_status_and_headers(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(201, SHELF, headers={"request-id": "r1", "Set-Cookie": "secret"})]
    response = call(lambda c: c.with_response(c.shelves.post(Shelf(display_name="x"))))
    assert (response.status, response.body.id, response.request_id) == (201, "1", "r1")
    assert "set-cookie" not in response.headers


def test_kiotas_request_options_work(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF, headers={"x-y": "z"}), reply(503), reply(body=SHELF)]
    inspect = HeadersInspectionHandlerOption()
    native: Any = ResponseHandlerOption(NativeResponseHandler())

    async def use(client: Any) -> None:
        item = client.shelves.by_shelf_id("1")
        response = await item.get(RequestConfiguration(options=[native, inspect]))
        assert isinstance(response, httpx.Response) and response.json()["id"] == "1"
        assert inspect.response_headers.get("x-y") == {"z"}
        with pytest.raises(ServiceError):
            await item.get(RequestConfiguration(options=[RetryHandlerOption(max_retries=0)]))

    call(use, retries=QUICK)


BAD_SUCCESS = [
    (200, "null", "application/json"),
    (200, "[]", "application/json"),
    (200, '"text"', "application/json"),
    (200, "{", "application/json"),
    (200, '{"a": NaN}', "application/json"),
    (200, '{"a": 1, "a": 2}', "application/json"),
    (200, '{"a": ' + "9" * 5000 + "}", "application/json"),
    (200, "[" * 100_000, "application/json"),
    (200, b'{"a": "\xff"}', "application/json"),
    (200, SHELF.encode("utf-16"), "application/json"),
    (200, SHELF, ""),
    (200, "<html>signed out</html>", "text/html"),
    (200, '{"error": {"code": "x", "message": "late"}}', "application/json"),
    (200, '{"books": 5}', "application/json"),
    (301, "", "text/html"),
    (304, "", ""),
]


@pytest.mark.parametrize(("status", "body", "kind"), BAD_SUCCESS)
@pytest.mark.parametrize("method", ["get", "patch", "post"])
def test_a_bad_success_is_an_error(
    call: Any, service: Any, reply: Any, status: int, body: Any, kind: str, method: str
) -> None:
    service.replies = [reply(status, body, kind)]
    with pytest.raises(BadResponse) as caught:
        call(lambda c: send(c, method))
    assert caught.value.status == status
    assert caught.value.maybe_applied is (changes(method) and status == 200)
    assert len(str(caught.value)) < 1000 and str(caught.value).isprintable()


@pytest.mark.parametrize("body", ["{}", '{"value": null}', '{"id": "1", "state": "running"}'])
def test_a_page_has_items(call: Any, service: Any, reply: Any, body: str) -> None:
    service.replies = [reply(body=body)]
    with pytest.raises(BadResponse, match="page"):
        call(lambda c: c.shelves.get())


def test_long_answers_are_cut_off(either: Any, service: Any, reply: Any) -> None:
    bomb = gzip.compress(b"[" + b" " * 50_000_000 + b"]")
    service.replies = [reply(body=bomb, headers={"Content-Encoding": "gzip"}), reply(body=b" " * 2_000_000)]

    async def use(client: Any) -> None:
        for _ in range(2):
            with pytest.raises(ResponseTooLarge):
                await client.shelves.get()

    either(use, max_response_bytes=1_000_000)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(SHELF.encode(), mtime=0)[:-10]),
        # All of the content is there, but nobody can know that: the checksum that proves it is not.
        ("gzip", gzip.compress(SHELF.encode(), mtime=0)[:-1]),
        ("deflate", zlib.compress(SHELF.encode())[:-1]),
        ("gzip", b"no gzip"),
        ("gzip", gzip.compress(SHELF.encode(), mtime=0)[:-8] + b"\0" * 8),
        ("br", b"x"),
    ],
)
def test_broken_encodings_are_told(either: Any, service: Any, reply: Any, encoding: str, body: bytes) -> None:
    service.replies = [reply(body=body, headers={"Content-Encoding": encoding})]
    with pytest.raises(BadResponse, match=r"compressed|encoded"):
        either(lambda c: c.shelves.by_shelf_id("1").get())


# -------------------------------------------------------------------------------------------------------- errors


def test_an_error_says_in_one_line_what_support_asks_for(call: Any, service: Any, reply: Any) -> None:
    body = '{"error": {"code": "Forbidden", "message": "no\\r\\n access", "innerError": {"request-id": "inner"}}}'
    service.replies = [reply(403, body, headers={"request-id": "r1", "Date": "Mon, 23 Nov 2026 20:00:00 GMT"})]
    with pytest.raises(LibraryError) as caught:
        call(lambda c: c.shelves.by_shelf_id("secret-id").patch(display_name="secret body"))
    error = caught.value
    assert error.error.code == "Forbidden" and error.response_status_code == 403
    text = str(error)
    assert text.startswith("PATCH /shelves/{shelf-id}: 403 Forbidden: no\\r\\n access (request-id r1, ")
    assert "date Mon, 23 Nov 2026 20:00:00 GMT" in text
    assert text.endswith("It needs the permission Shelves.ReadWrite. The caller needs the role Librarian.")
    for secret in ("secret", "canary"):
        assert secret not in text and secret not in repr(error)


def test_an_undocumented_operation_says_so_when_it_is_refused(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(405, '{"error": {"message": ""}}')]
    with pytest.raises(LibraryError, match="does not document this operation"):
        call(lambda c: send(c, "delete"))


@pytest.mark.parametrize(
    ("body", "kind", "shown"),
    [
        ("<html>\n<b>gone\x1b[31m</b>", "text/html", r"text/html: <html> <b>gone\x1b[31m</b>"),
        ("", "application/json", "empty body"),
        ("{broken", "application/json", "{broken"),
        ("plain", "", "no type: plain"),
        ("[1]", "application/json", "[1]"),
        ("x" * 9000, "text/plain", "xxx..."),
    ],
)
def test_bodies_that_no_error_class_holds_are_shown(
    call: Any, service: Any, reply: Any, body: str, kind: str, shown: str
) -> None:
    service.replies = [reply(500, body, kind)]
    with pytest.raises(APIError) as caught:
        call(lambda c: send(c, "get"))
    assert shown in str(caught.value)
    assert len(str(caught.value)) < 800 and str(caught.value).isprintable()


@pytest.mark.parametrize(
    "body", ['{"error": "text"}', '{"error": ["x"]}', '{"error": {}}', '{"error": {"message": null}}']
)
def test_odd_error_bodies_keep_the_services_words(call: Any, service: Any, reply: Any, body: str) -> None:
    service.replies = [reply(400, body)]
    with pytest.raises(LibraryError) as caught:
        call(lambda c: send(c, "get"))
    assert body in str(caught.value)


# ------------------------------------------------------------------------------------------------- retries, faults


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("status", [400, 404, 408, 409, 412, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("shape", ["json", "html", "empty", "cut"])
def test_which_answers_are_tried_again(
    either: Any, service: Any, reply: Any, method: str, status: int, shape: str
) -> None:
    bodies = {
        "json": '{"error": {"code": "c", "message": "m"}}',
        "html": "<html>",
        "empty": "",
        "cut": '{"error": {"co',
    }
    kind = "text/html" if shape == "html" else "application/json"
    service.replies = [reply(status, bodies[shape], kind)]
    again = status == 429 or (status in (408, 502, 503, 504) and method != "post")
    with pytest.raises(APIError) as caught:
        either(lambda c: send(c, method), retries=Retries(2, first=0.001))
    assert len(service.seen) == (3 if again else 1)
    assert caught.value.response_status_code == status
    told: Any = caught.value
    assert told.call.maybe_applied is (changes(method) and status >= 500)
    assert len({seen.headers["client-request-id"] for seen in service.seen}) == 1
    assert len({seen.body for seen in service.seen}) == 1


def test_a_post_is_repeated_only_when_asked(either: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(503), reply(201, SHELF)]
    option = Retries(first=0.001, post=True)
    shelf = either(lambda c: c.shelves.post(Shelf(display_name="x"), RequestConfiguration(options=[option])))
    assert shelf.id == "1" and len(service.seen) == 2


async def fin(writer: asyncio.StreamWriter) -> None:
    return None


async def rst(writer: asyncio.StreamWriter) -> None:
    import socket

    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def half(then: Any) -> Any:
    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n" + b"{" * 40)
        await writer.drain()
        await then(writer)

    return answer


async def nonsense(writer: asyncio.StreamWriter) -> None:
    writer.write(b"NOT HTTP AT ALL\r\n\r\n")
    await writer.drain()


async def stall(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.8)


async def trickle(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n")
    for _ in range(12):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.1)


BREAKS = {"fin": fin, "rst": rst, "half-fin": half(fin), "half-rst": half(rst), "nonsense": nonsense}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fault", sorted(BREAKS))
def test_broken_connections(either: Any, service: Any, method: str, fault: str) -> None:
    service.replies = [BREAKS[fault]]
    with pytest.raises(ConnectionFailed) as caught:
        either(lambda c: send(c, method), retries=Retries(3, first=0.001))
    assert len(service.seen) == {"get": 4, "list": 4, "patch": 2, "delete": 2, "post": 1}[method]
    assert caught.value.maybe_applied is changes(method)
    assert caught.value.call.attempts == len(service.seen)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("fault", [stall, trickle, half(stall)], ids=["stall", "trickle", "half-stall"])
def test_no_call_is_longer_than_its_deadline(either: Any, service: Any, method: str, fault: Any) -> None:
    service.replies = [fault]
    with pytest.raises(TimedOut) as caught:
        either(lambda c: send(c, method), timeout=0.25)
    assert caught.value.maybe_applied is changes(method)


@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
@pytest.mark.parametrize("method", METHODS)
def test_no_connection_is_tried_again_for_every_method(method: str, credential: Any, transport: str) -> None:
    async def main() -> None:
        server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        options: Any = {
            "base_url": f"http://127.0.0.1:{port}",
            "retries": Retries(2, first=0.001),
            "transport": transport,
        }
        async with LibraryClient(credentials=credential, **options) as client:
            with pytest.raises(ConnectionFailed) as caught:
                await send(client, method)
        assert caught.value.call.attempts == 3
        assert not caught.value.maybe_applied

    asyncio.run(main())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1", 1.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("-5", None),
        ("soon", None),
        ("3x", None),
        ("", None),
        ("1_0", None),
        ("inf", None),
    ],
)
def test_retry_after_is_read(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_dates_are_waits_from_now() -> None:
    from datetime import datetime, timedelta, timezone
    from email.utils import format_datetime

    ahead = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=30), usegmt=True)
    found = retry_after(ahead)
    assert found is not None and 27 < found <= 31
    assert retry_after("Mon, 23 Nov 2020 20:00:00 GMT") == 0.0


def test_waits_are_obeyed_and_visible_but_not_beyond_the_deadline(
    call: Any, service: Any, reply: Any, caplog: pytest.LogCaptureFixture
) -> None:
    service.replies = [
        reply(429, headers={"Retry-After": "0.2"}),
        reply(body=SHELF),
        reply(429, headers={"Retry-After": "170"}),
    ]

    async def use(client: Any) -> Any:
        begun = time.monotonic()
        await client.shelves.by_shelf_id("secret-id").get()
        assert time.monotonic() - begun >= 0.2
        with pytest.raises(ServiceError) as caught:
            await client.shelves.by_shelf_id("secret-id").get()
        return caught.value

    with caplog.at_level(logging.INFO, logger="sample_client"):
        error = call(use, timeout=Timeouts(total=20))
    assert error.retry_after == 170.0
    assert [record.getMessage() for record in caplog.records if record.name == "sample_client"] == [
        "GET /shelves/{shelf-id}: 429, attempt 1; waiting 0.2 s"
    ]


def test_cancelling_leaves_a_usable_client(either: Any, service: Any, reply: Any) -> None:
    service.replies = [stall, reply(body=SHELF)]

    async def use(client: Any) -> None:
        task = asyncio.ensure_future(send(client, "patch"))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await send(client, "get")).id == "1"

    either(use)


# ------------------------------------------------------------------------------------------- hosts, paging, logs


FOREIGN = [
    "https://evil.example/x",
    "http://127.0.0.2:1/x",
    "//evil.example/x",
    "http://u@127.0.0.1:{port}/x",
    "file:///etc",
]


@pytest.mark.parametrize("url", [*FOREIGN, "http://127.0.0.1:{port}\\@evil.example/", "https://127.0.0.1:{port}/x"])
def test_no_request_goes_to_another_host(call: Any, service: Any, reply: Any, url: str) -> None:
    service.replies = [reply(body=SHELF)]
    with pytest.raises(HostRefused, match="not sent"):
        call(lambda c: c.shelves.with_url(url.replace("{port}", str(service.port))).get())
    assert service.seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["get", "patch", "post"])
def test_redirects_are_not_followed(either: Any, service: Any, reply: Any, status: int, method: str) -> None:
    service.replies = [reply(status, headers={"Location": "/elsewhere?id=secret-id"})]
    with pytest.raises(BadResponse, match="redirects") as caught:
        either(lambda c: send(c, method))
    assert len(service.seen) == 1
    assert "secret-id" not in str(caught.value)


def pages(service: Any, reply: Any, *links: Any) -> None:
    service.replies = [
        reply(
            body=json.dumps(
                {"value": [{"id": str(i)}] if i != 1 else [], **({"@odata.nextLink": link} if link is not None else {})}
            )
        )
        for i, link in enumerate(links)
    ]


def test_all_items_of_all_pages_empty_ones_too(call: Any, service: Any, reply: Any) -> None:
    async def use(client: Any) -> list[str]:
        pages(service, reply, f"{service.url}/shelves?$skiptoken=a%2Bb", "/shelves?$skiptoken=c", None)
        return [shelf.id async for shelf in client.shelves.iterate(top=1)]

    assert call(use) == ["0", "2"]
    assert [seen.target for seen in service.seen] == [
        "/shelves?$top=1",
        "/shelves?$skiptoken=a%2Bb",
        "/shelves?$skiptoken=c",
    ]
    assert {seen.headers["authorization"] for seen in service.seen} == {"Bearer canary-token"}


@pytest.mark.parametrize(
    ("link", "kind"),
    [("same", PagingError), (5, PagingError), ("", PagingError), ("https://evil.example/", HostRefused)],
)
def test_next_links_that_lead_nowhere(call: Any, service: Any, reply: Any, link: Any, kind: type[Exception]) -> None:
    async def use(client: Any) -> list[str]:
        target = f"{service.url}/shelves?$skip=1" if link == "same" else link
        pages(service, reply, target, target, target)
        found = []
        with pytest.raises(kind) as caught:
            async for shelf in client.shelves.iterate():
                found.append(shelf.id)
        assert hasattr(caught.value, "resume_link")
        return found

    assert call(use) == ["0"]
    assert len(service.seen) <= 2


def test_a_next_link_is_followed_letter_by_letter(either: Any, service: Any, reply: Any) -> None:
    async def use(client: Any) -> None:
        pages(service, reply, f"{service.url}//shelves/?%24skiptoken=a%2eb&x", None)
        [shelf async for shelf in client.shelves.iterate()]

    either(use)
    assert service.seen[1].target == "//shelves/?%24skiptoken=a%2eb&x"


def test_an_empty_part_of_a_path_is_refused(call: Any, service: Any) -> None:
    async def use(client: Any) -> None:
        item = client.shelves.by_shelf_id("1")
        item.path_parameters["shelf%2Did"] = ""
        item.url_template = "{+baseurl}/shelves/{shelf%2Did}/books"
        with pytest.raises(RequestRefused, match="empty"):
            await item.get()

    call(use)
    assert service.seen == []


def test_an_empty_part_that_the_description_has_is_sent(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF)]

    async def use(client: Any) -> None:
        item = client.shelves.by_shelf_id("1")
        item.url_template = "{+baseurl}/old//shelves/{shelf%2Did}"
        await item.get()
        item.path_parameters["shelf%2Did"] = ""
        item.url_template = "{+baseurl}/old//shelves/{shelf%2Did}/books"
        with pytest.raises(RequestRefused, match="empty"):
            await item.get()

    call(use)
    assert [seen.target for seen in service.seen] == ["/old//shelves/1"]


def test_the_answer_to_head_has_no_body_whatever_it_is_an_answer_of(call: Any, service: Any, reply: Any) -> None:
    service.replies = [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n"]

    async def use(client: Any) -> None:
        builder = client.shelves
        for send in (
            builder._send(builder._request("HEAD", "", None), Shelf, {}),
            builder._send_list(builder._request("HEAD", "", None), Shelf, {}),
            builder._send_primitive(builder._request("HEAD", "", None), "int", {}),
        ):
            assert await send is None

    call(use)


def test_a_page_that_fails_says_where_to_go_on(call: Any, service: Any, reply: Any) -> None:
    async def use(client: Any) -> None:
        link = f"{service.url}/shelves?$skip=1"
        service.replies = [
            reply(body=json.dumps({"value": [{"id": "0"}], "@odata.nextLink": link})),
            reply(400, '{"error": {"code": "c", "message": "m"}}'),
            reply(body='{"value": [{"id": "1"}]}'),
        ]
        with pytest.raises(LibraryError) as caught:
            [shelf async for shelf in client.shelves.iterate()]
        rest = client.shelves.with_url(caught.value.resume_link).iterate()
        assert [shelf.id async for shelf in rest] == ["1"]

    call(use)


def test_no_log_and_no_span_has_ids_tokens_or_bodies(
    call: Any, service: Any, reply: Any, caplog: pytest.LogCaptureFixture
) -> None:
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    service.replies = [reply(503), reply(body=SHELF), reply(404, '{"error": {"message": "secret words"}}')]

    async def use(client: Any) -> None:
        item = client.shelves.by_shelf_id("canary-id")
        await item.patch(display_name="canary-body")
        with pytest.raises(LibraryError):
            await item.get()

    with caplog.at_level(logging.DEBUG):
        call(use, retries=QUICK)
    spans = exporter.get_finished_spans()
    assert {span.name for span in spans} >= {"PATCH /shelves/{shelf-id}", "GET /shelves/{shelf-id}"}
    told = [record.getMessage() for record in caplog.records] + [span.to_json() for span in spans]
    assert told and not [text for text in told if "canary" in text or "secret" in text]


# ------------------------------------------------------------------------------------------------ lives and deaths


@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
def test_one_client_outlives_several_loops(
    service: Any, reply: Any, credential: Any, recwarn: pytest.WarningsRecorder, transport: str
) -> None:
    service.replies = [reply(body=SHELF)]
    client: Any = None

    async def once() -> None:
        nonlocal client
        async with service.running():
            if client is None:
                client = LibraryClient(credentials=credential, base_url=service.url, transport=transport)
            client.request_adapter.base_url = service.url
            assert (await send(client, "get")).id == "1"
            assert (await send(client, "patch")).id == "1"

    for _ in range(3):
        asyncio.run(once())
    assert len(service.seen) == 6
    assert service.connections == 3
    assert not recwarn.list


def test_a_closed_client_says_so(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF)]

    async def use(client: Any) -> None:
        await client.aclose()
        with pytest.raises(ClientClosed):
            await send(client, "get")

    call(use)


def test_many_calls_at_once_share_connections_and_one_token(
    call: Any, service: Any, reply: Any, credential: Any
) -> None:
    service.replies = [reply(body=SHELF)]

    async def use(client: Any) -> None:
        done = await asyncio.gather(*(send(client, "patch") for _ in range(200)))
        assert {shelf.id for shelf in done} == {"1"}

    call(use)
    assert len(credential.asked) == 1
    assert service.connections < 200


def test_an_http_client_of_the_callers_is_used_and_left_open(service: Any, reply: Any, credential: Any) -> None:
    service.replies = [reply(body=SHELF)]

    async def main() -> None:
        async with service.running(), httpx.AsyncClient(headers={"x-mine": "1"}) as http:
            async with LibraryClient(credentials=credential, base_url=service.url, http_client=http) as client:
                await send(client, "get")
            assert not http.is_closed

    asyncio.run(main())
    assert len(service.seen) == 1


def test_a_transport_of_the_callers_is_used(credential: Any) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": str(request.url)})

    async def main() -> str:
        client = LibraryClient(credentials=credential, transport=httpx.MockTransport(handle))
        shelf = await client.shelves.by_shelf_id("1").get()
        assert shelf is not None and shelf.id is not None
        return shelf.id

    assert asyncio.run(main()) == "https://graph.microsoft.com/beta/shelves/1"


@pytest.mark.parametrize("transport", ["httpx", "aiohttp"])
def test_the_proxy_is_used_but_not_for_this_machine_by_environment(
    call: Any, service: Any, reply: Any, monkeypatch: pytest.MonkeyPatch, transport: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    service.replies = [reply(body=SHELF)]
    assert call(lambda c: send(c, "get"), transport=transport).id == "1"

    async def through(client: Any) -> Any:
        return await send(client, "get")

    async def main() -> None:
        async with service.running():
            options: Any = {"base_url": "http://localhost:1/v1", "proxy": service.url, "transport": transport}
            provider = AnonymousAuthenticationProvider()
            async with LibraryClient(authentication_provider=provider, **options) as client:
                assert (await through(client)).id == "1"

    service.seen.clear()
    asyncio.run(main())
    assert service.seen[0].target == "http://localhost:1/v1/shelves/1"


# --------------------------------------------------------------------------------------------- adapters of Kiota's


def test_everything_works_through_kiotas_own_adapter(service: Any, reply: Any) -> None:
    service.replies = [
        reply(body=SHELF),
        reply(404, '{"error": {"code": "NotFound", "message": "gone"}}'),
        reply(body='{"value": [{"id": "1"}]}'),
    ]

    async def main() -> None:
        async with service.running():
            adapter = HttpxRequestAdapter(AnonymousAuthenticationProvider())
            adapter.base_url = service.url
            client = LibraryClient(adapter)
            item = client.shelves.by_shelf_id("1")
            shelf = await item.patch(display_name="y")
            assert shelf is not None and shelf.to_dict() == json.loads(SHELF)
            with pytest.raises(LibraryError, match="gone"):
                await item.get()
            assert [found.id async for found in client.shelves.iterate(top=1)] == ["1"]
            await adapter._http_client.aclose()

    asyncio.run(main())
    assert json.loads(service.seen[0].body) == {"displayName": "y"}


def test_an_adapter_without_an_address_gets_the_clients() -> None:
    adapter = HttpxRequestAdapter(AnonymousAuthenticationProvider())
    LibraryClient(adapter)
    assert adapter.base_url == "https://graph.microsoft.com/beta"


def test_aiohttp_adds_nothing_of_its_own(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF, headers={"Set-Cookie": "a=b"}), reply(body=SHELF)]

    async def use(client: Any) -> None:
        await send(client, "get")
        await send(client, "patch")

    call(use)
    usual = [sorted(seen.headers) for seen in service.seen]
    service.seen.clear()
    service.replies = [reply(body=SHELF, headers={"Set-Cookie": "a=b"}), reply(body=SHELF)]
    call(use, transport="aiohttp")
    assert [sorted(set(seen.headers) - {"connection"}) for seen in service.seen] == usual


# Before Python 3.11 a TLS connection that the other side ends is left to the collector, by asyncio itself.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_no_transport_promises_what_the_other_speaks(monkeypatch: pytest.MonkeyPatch, credential: Any) -> None:
    authority = trustme.CA()
    offered: list[str | None] = []

    def trusting(*_: Any, **__: Any) -> ssl.SSLContext:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        return context

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        offered.append(writer.get_extra_info("ssl_object").selected_alpn_protocol())
        writer.close()

    async def main() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(context)
        context.set_alpn_protocols(["h2", "http/1.1"])
        server = await asyncio.start_server(greet, "localhost", 0, ssl=context)
        url = f"https://localhost:{server.sockets[0].getsockname()[1]}"
        for transport in ("httpx", "aiohttp"):
            async with LibraryClient(credentials=credential, base_url=url, transport=transport, retries=0) as client:
                with pytest.raises(ConnectionFailed):
                    await send(client, "get")
        server.close()

    monkeypatch.setattr(httpx, "create_ssl_context", trusting)
    _ssl_context.cache_clear()
    asyncio.run(main())
    _ssl_context.cache_clear()
    assert offered == ["h2", "http/1.1"]


def test_a_transport_that_is_not_there_names_the_cure() -> None:
    with pytest.raises(ValueError, match="there are httpx and aiohttp"):
        LibraryClient(authentication_provider=AnonymousAuthenticationProvider(), transport="pigeon")
