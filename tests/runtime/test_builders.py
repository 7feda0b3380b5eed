"""What request builders are made of, through a small builder with every kind of body and result."""

from __future__ import annotations

import dataclasses
import datetime
import importlib.util
import inspect
import json
import uuid
import warnings
from email import message_from_bytes
from typing import Any
from urllib.parse import unquote

import pytest
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.multipart_body import MultipartBody
from sample_client._runtime import builder as runtime_builder
from sample_client._runtime.builder import (
    PageOptions,
    QueryOptions,
    RequestBuilder,
    deprecated,
    required,
    with_parameters,
)
from sample_client._runtime.values import Timestamp
from sample_client.library_client import LibraryClient
from sample_client.models.book import Book
from sample_client.models.genre import Genre
from sample_client.models.library_error import LibraryError
from sample_client.models.shelf import Shelf
from sample_client.models.size import Size
from sample_client.shelves.shelves_request_builder import ShelvesRequestBuilder

from graphslice.python.operations_query import STANDARD_OPTIONS, SYSTEM_OPTIONS

ERRORS = {"XXX": LibraryError}


class Loans(RequestBuilder):
    """Loans between two dates of one reader."""

    _template = "{+baseurl}/loans(from={from},reader='{reader}')/{+rest}"

    def __init__(self, adapter: Any, parameters: Any, first: Any = None, reader: Any = None, rest: Any = "x") -> None:
        values = {"from": first, "reader": reader, "rest": rest}
        super().__init__(adapter, with_parameters(parameters, values))


@pytest.fixture
def builder() -> Loans:
    client = LibraryClient(authentication_provider=AnonymousAuthenticationProvider())
    return Loans(client.request_adapter, {}, datetime.date(2025, 10, 22), "O'Neil/1")


def url_of(builder: Loans) -> str:
    info = builder._request("GET", "", None)
    info.path_parameters["baseurl"] = "https://library"
    return info.url


def test_text_inside_quotes_stays_inside_quotes(builder: Loans) -> None:
    assert url_of(builder) == "https://library/loans(from=2025-10-22,reader='O%27%27Neil%2F1')/x"


@dataclasses.dataclass
class TotalsOptions(QueryOptions):
    """Arguments behind aliases."""

    of: Any = None
    for_: Any = None

    _wire_names = {"of": "%40of", "for_": "%40for"}


class Totals(RequestBuilder):
    """A function whose arguments stand in the path or behind aliases."""

    _template = (
        "{+baseurl}/totals(at={at},by='{by}',long={long},raw={raw},open={open},of=@of,for=@for){?%40of*,%40for*}"
    )


def test_arguments_of_functions_are_literals_of_odata(builder: Loans) -> None:
    given = {
        "at": uuid.UUID(int=1),
        "by": "it's",
        "long": datetime.timedelta(hours=1),
        "raw": b"\x00\xff?",
        "open": True,
    }
    info = Totals(builder.request_adapter, with_parameters({}, given))._request("GET", "", None)
    info.path_parameters["baseurl"] = ""
    builder._set_query(info, TotalsOptions("O'Neil", Genre.Crime))
    assert unquote(info.url) == (
        "/totals(at=00000000-0000-0000-0000-000000000001,by='it''s',long=duration'PT1H',raw=binary'AP8_',open=true,"
        "of=@of,for=@for)?@of='O''Neil'&@for='crime'"
    )
    builder._set_query(info, TotalsOptions(datetime.timedelta(minutes=1), 5))
    assert unquote(info.url).endswith("?@of=duration'PT1M'&@for=5")


def test_arguments_that_are_not_given_are_left_out_of_the_parentheses(builder: Loans) -> None:
    info = Totals(builder.request_adapter, with_parameters({}, {"open": False, "by": None}))._request("GET", "", None)
    info.path_parameters["baseurl"] = ""
    assert info.url == "/totals(open=false)"
    builder._set_query(info, TotalsOptions(for_=[1, 2]))
    assert unquote(info.url).startswith("/totals(open=false,for=@for)?@for=")
    alone = Totals(builder.request_adapter, {})._request("GET", "", None)
    alone.path_parameters["baseurl"] = ""
    assert alone.url == "/totals()"


def test_a_model_goes_out_as_the_parts_of_a_form(builder: Loans) -> None:
    book = Book(title='A "b"', cover=b"\x89PNG", pages=3, tags=["x", "y"], size=Size(width=1))
    book.additional_data['odd"name'] = {"a": None}
    info = builder._request("POST", "", None, content=builder._model(book, "multipart/form-data"))
    (kind,) = info.headers.get("content-type")
    assert kind.startswith("multipart/form-data; boundary=")
    read = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + info.content)
    parts = [
        (part.get_param("name", header="content-disposition"), part.get_content_type(), part.get_payload(decode=True))
        for part in list(read.walk())[1:]
    ]
    assert sorted(parts) == [
        ("cover", "application/octet-stream", b"\x89PNG"),
        ("odd%22name", "application/json", b'{"a": null}'),
        ("pages", "text/plain", b"3"),
        ("size", "application/json", b'{"unit": "cm", "width": 1}'),
        ("tags", "text/plain", b"x"),
        ("tags", "text/plain", b"y"),
        ("title", "text/plain", b'A "b"'),
    ]


@pytest.mark.parametrize("rest", ["a?b", "a#b", "a\\b"])
def test_reserved_parameters_cannot_end_the_path(builder: Loans, rest: str) -> None:
    with pytest.raises(ValueError, match="rest"):
        url_of(Loans(builder.request_adapter, {}, "1", "2", rest))


def test_reserved_parameters_may_have_parts(builder: Loans) -> None:
    assert url_of(Loans(builder.request_adapter, {}, "1", "2", "a/b")).endswith("/a/b")


def test_embedded_parameters_do_not_leak_into_the_parent(builder: Loans) -> None:
    parent = {"library": "l"}
    Loans(builder.request_adapter, parent, "1", "2")
    assert parent == {"library": "l"}
    raw = Loans(builder.request_adapter, "https://library/raw", "1", "2")
    assert raw.path_parameters == {"request-raw-url": "https://library/raw"}


def test_required_arguments_are_named() -> None:
    required(a=1, b="")
    with pytest.raises(TypeError, match=r"^b cannot be null\.$"):
        required(a=1, b=None)


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ("text", "text"),
        (5, 5),
        (True, True),
        (1.5, 1.5),
        (Genre.Global_, "global"),
        (Genre.of("new"), "new"),
        ([Genre.Crime, Genre.of("new")], ["crime", "new"]),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Timestamp.parse("2025-10-22T20:10:54.4940649Z"), "2025-10-22T20:10:54.4940649Z"),
        (datetime.timedelta(hours=-1), "-PT1H"),
        ([datetime.timedelta(days=1)], ["P1D"]),
        (datetime.date(2025, 10, 22), "2025-10-22"),
    ],
)
def test_plain_values_as_bodies(builder: Loans, body: Any, sent: Any) -> None:
    info = builder._request("POST", "", None, content=builder._scalar(body, "application/json"))
    assert info.content is not None and json.loads(info.content) == sent
    assert info.headers.get("content-type") == {"application/json"}


def test_streams_untyped_values_and_lists_of_models(builder: Loans) -> None:
    assert builder._request("PUT", "", None, content=builder._stream(b"\x00", "image/png")).content == b"\x00"


def test_untyped_parts_are_a_form(builder: Loans) -> None:
    info = builder._request("POST", "", None, content=builder._untyped({"a": 1, "b": ["x"]}, "multipart/form-data"))
    (kind,) = info.headers.get("content-type")
    assert kind.startswith("multipart/form-data; boundary=")
    assert info.content.startswith(b"--" + kind.partition("=")[2].encode())
    assert b'name="a"' in info.content and b'name="b"' in info.content


def test_a_multipart_body_that_is_given_whole_names_its_own_boundary(builder: Loans) -> None:
    parts = b'--a b?\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--a b?--\r\n'
    for body, kind, wanted in [
        (parts, "multipart/form-data", 'multipart/form-data; boundary="a b?"'),
        (parts.replace(b"a b?", b"a-b_1"), "multipart/form-data", "multipart/form-data; boundary=a-b_1"),
        (parts, "application/octet-stream", "application/octet-stream"),
        (b"no parts", "multipart/form-data", "multipart/form-data"),
        (b'--"\r\nX: y\r\n', "multipart/form-data", "multipart/form-data"),
    ]:
        info = builder._request("POST", "", None, content=builder._stream(body, kind))
        assert info.headers.get("content-type") == {wanted}
    untyped = {"a": [Genre.Crime, datetime.date(2025, 10, 22), None, Book(title="t")]}
    info = builder._request("PUT", "", None, content=builder._untyped(untyped, "application/json"))
    assert info.content is not None
    assert json.loads(info.content) == {"a": ["crime", "2025-10-22", None, {"title": "t"}]}
    shelves = [Shelf(display_name="x"), Shelf(display_name=None)]
    info = builder._request("PUT", "", None, content=builder._model(shelves, "application/json"))
    assert info.content is not None and json.loads(info.content) == [{"displayName": "x"}, {"displayName": None}]
    for content in (builder._model, builder._scalar, builder._stream, builder._untyped):
        with pytest.raises(TypeError, match=r"^body cannot be null\.$"):
            content(None, "application/json")


def test_plain_values_are_no_parts_of_a_form(builder: Loans) -> None:
    for body in ("text", ["a", "b"]):
        with pytest.raises(ValueError, match="its parts need names"):
            builder._request("PUT", "", None, content=builder._scalar(body, "multipart/form-data"))


def test_the_parts_of_a_caller_are_sent_as_they_are(builder: Loans) -> None:
    body: MultipartBody[Any] = MultipartBody()
    body.add_or_replace_part("note", "text/plain", "ü")
    body.add_or_replace_part("scan", "image/png", b"\x89", "scan.png")
    body.add_or_replace_part("size", "application/json", Size(unit=None, width=1))
    info = builder._request("POST", "", None, content=builder._model(body, "multipart/form-data"))
    boundary = next(iter(info.headers.get("content-type"))).partition("boundary=")[2]
    assert (
        info.content
        == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="note"\r\nContent-Type: text/plain\r\n\r\nü\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="scan"; filename="scan.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        ).encode()
        + b"\x89\r\n"
        + (
            f'--{boundary}\r\nContent-Disposition: form-data; name="size"\r\nContent-Type: application/json\r\n\r\n'
            f'{{"unit": null, "width": 1}}\r\n--{boundary}--\r\n'
        ).encode()
    )


def test_a_body_that_nothing_here_writes_names_the_cure(builder: Loans) -> None:
    if importlib.util.find_spec("kiota_serialization_form"):
        pytest.skip("the package that writes forms is installed")
    with pytest.raises(ValueError, match="pip install microsoft-kiota-serialization-form"):
        builder._request("POST", "", None, content=builder._model(Size(), "application/x-www-form-urlencoded"))


def test_headers_and_cookies_as_keywords(builder: Loans) -> None:
    info = builder._request("GET", "application/json", None)
    builder._set_headers(info, {"If-Match": "*", "x-count": 5, "x-on": True, "x-off": None, "x-many": ["a", "b"]})
    builder._set_cookies(info, {"mood": "calm", "size": 5, "none": None})
    headers = {name: sorted(values) for name, values in info.headers.get_all().items()}
    assert headers == {
        "accept": ["application/json"],
        "if-match": ["*"],
        "x-count": ["5"],
        "x-on": ["true"],
        "x-many": ["a,b"],
        "cookie": ["mood=calm; size=5"],
    }
    for name, value in (("x", "a\nb"), ("x y", "v"), ("Authorization", "v"), ("x", "ü")):
        with pytest.raises(ValueError):
            builder._set_headers(info, {name: value})
    with pytest.raises(ValueError, match="cookie"):
        builder._set_cookies(info, {"a": "b; c=d"})


def test_a_raw_url_takes_no_options(builder: Loans) -> None:
    info = Loans(builder.request_adapter, "https://library/raw")._request("GET", "", None)
    with pytest.raises(ValueError, match=r"\$top"):
        builder._set_query(info, PageOptions(top=5))


RESULTS: list[tuple[str, Any, bytes, str, Any]] = [
    ("_send_primitive", "int", b"42", "text/plain", 42),
    ("_send_primitive", "int", b"42", "application/json", 42),
    ("_send_primitive", "str", b'"x"', "application/json", "x"),
    ("_send_primitive", "str", b"x", "text/plain", "x"),
    ("_send_primitive", "bool", b"True", "text/plain", True),
    ("_send_primitive", "float", b"1.5", "application/json", 1.5),
    ("_send_primitive", "bytes", b"\x00\x01", "application/octet-stream", b"\x00\x01"),
    ("_send_primitive", "datetime.date", b'"2025-10-22"', "application/json", datetime.date(2025, 10, 22)),
    ("_send_primitive", "datetime.timedelta", b'"PT1H"', "application/json", datetime.timedelta(hours=1)),
    ("_send_primitive", "datetime.datetime", b'"0001-01-01T00:00:00Z"', "application/json", "0001-01-01T00:00:00Z"),
    ("_send_enum", Genre, b'"global"', "application/json", Genre.Global_),
    ("_send_enum", Genre, b"global", "text/plain", Genre.Global_),
    ("_send_enum_list", Genre, b'["crime", "new"]', "application/json", [Genre.Crime, Genre.of("new")]),
    ("_send_primitive_list", int, b"[1, null]", "application/json", [1, None]),
    (
        "_send_primitive_list",
        uuid.UUID,
        b'["00000000-0000-0000-0000-000000000001"]',
        "application/json",
        [uuid.UUID(int=1)],
    ),
    ("_send_list", Shelf, b'[{"id": "1"}]', "application/json", [Shelf.from_dict({"id": "1"})]),
    ("_send", Shelf, b'{"id": "1"}', "application/json", Shelf.from_dict({"id": "1"})),
]


@pytest.mark.parametrize(("method", "kind", "body", "content_type", "expected"), RESULTS)
def test_results(
    call: Any, service: Any, reply: Any, method: str, kind: Any, body: bytes, content_type: str, expected: Any
) -> None:
    service.replies = [reply(200, body, content_type)]

    async def use(client: Any) -> Any:
        shelves = client.shelves
        return await getattr(shelves, method)(shelves._request("GET", "*/*", None), kind, ERRORS)

    found = call(use)
    assert (found.isoformat() if isinstance(found, Timestamp) else found) == expected


@pytest.mark.parametrize(
    ("kind", "body"), [("int", b"many"), ("int", b"1.5"), ("datetime.date", b'"soon"'), ("bool", b"maybe")]
)
def test_a_plain_value_of_another_kind_is_an_error(call: Any, service: Any, reply: Any, kind: str, body: bytes) -> None:
    from sample_client._runtime.errors import BadResponse

    service.replies = [reply(200, body, "text/plain")]

    async def use(client: Any) -> Any:
        return await client.shelves._send_primitive(client.shelves._request("GET", "*/*", None), kind, ERRORS)

    with pytest.raises(BadResponse):
        call(use)


def test_deprecated_names_warn_the_line_that_uses_them() -> None:
    def old() -> None:
        deprecated("old is deprecated")

    with pytest.warns(DeprecationWarning, match="old is deprecated") as caught:
        old()
    assert caught[0].filename == __file__
    with pytest.warns(DeprecationWarning, match="use RequestConfiguration") as caught:
        made = ShelvesRequestBuilder.ShelvesRequestBuilderGetRequestConfiguration()
    assert isinstance(made, RequestConfiguration)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ShelvesRequestBuilder.ShelvesRequestBuilderGetQueryParameters(top=1)


def test_options_that_were_left_out_are_not_sent(builder: Loans) -> None:
    info = builder._request("GET", "", None)
    builder._set_query(info, PageOptions(filter="", top=1, skip=0, count=False, orderby=[]))
    assert info.query_parameters == {"%24filter": "", "%24count": False, "%24skip": 0, "%24top": 1}


@pytest.mark.parametrize("name", STANDARD_OPTIONS)
def test_the_standard_options_are_what_the_generator_takes_them_for(name: str) -> None:
    options = getattr(runtime_builder, name)
    fields = {field.name: field.type for field in dataclasses.fields(options)}
    assert tuple(fields) == STANDARD_OPTIONS[name]
    source = inspect.getsource(runtime_builder)
    for field, annotation in fields.items():
        kind, text = SYSTEM_OPTIONS[f"${field}"]
        assert annotation == f"{kind} | None"
        assert f'    {field}: {annotation} = None\n    """{text}"""\n' in source
        assert options().get_query_parameter(field) == f"%24{field}"


def test_query_dataclasses_know_their_wire_names() -> None:
    query = ShelvesRequestBuilder.ShelvesRequestBuilderGetQueryParameters()
    assert query.get_query_parameter("top") == "%24top"
    assert query.get_query_parameter("other") == "other"
    with pytest.raises(TypeError):
        query.get_query_parameter("")
