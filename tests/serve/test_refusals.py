"""What the emulator does not let through: bodies against the metadata, unsafe requests, missing tokens."""

from __future__ import annotations

import json
import socket

import httpx
import pytest

from graphslice.api.model import ApiModel
from graphslice.diagnostics import GraphsliceError
from graphslice.serve import Address, Fault, Seed, running

BOOK = "/branch/shelves/a/books/1"


@pytest.mark.parametrize(
    "body",
    [
        {"nope": 1},
        {"made": "2026-01-01T00:00:00Z"},
        {"isbn": "changed"},
        {"title": 5},
        {"pages": "5"},
        {"pages": 2**31},
        {"pages": True},
        {"pages": None},
        {"tags": "x"},
        {"tags": None},
        {"tags": [1]},
        {"genre": "Novel"},
        {"binding": {"nope": 1}},
        {"binding": {"glued": "yes"}},
        {"binding": []},
        {"id": "other"},
        {"@odata.type": "#lib.shelf"},
        {"@odata.type": 5},
        [],
        "text",
        None,
    ],
    ids=lambda body: json.dumps(body),
)
def test_body_that_the_metadata_forbids(http: httpx.Client, body: object) -> None:
    before = http.get(BOOK).json()
    answer = http.patch(BOOK, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")
    assert http.get(BOOK).json() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b'{"title": "x",}', b'{"pages": NaN}', b'{"title": "a", "title": "b"}', b"\xff",
     b'{"title": "\\ud800"}',
     b'{"pages": ' + b"9" * 5000 + b"}", b'{"binding": ' + b"[" * 100 + b"]" * 100 + b"}", b"[" * 100_000],
    ids=["empty", "cut", "comma", "nan", "twice", "not utf-8", "surrogate", "digits", "deep", "deeper"],
)  # fmt: skip
def test_body_that_is_not_json(http: httpx.Client, content: bytes) -> None:
    answer = http.patch(BOOK, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded"])
def test_other_content_types(http: httpx.Client, kind: str) -> None:
    assert http.patch(BOOK, content=b"{}", headers={"Content-Type": kind}).status_code == 415


def test_errors_have_ids_and_no_traceback(http: httpx.Client) -> None:
    answer = http.get("/branch/shelves/zzz", headers={"client-request-id": "mine"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (404, "ResourceNotFound")
    assert error["innerError"]["client-request-id"] == answer.headers["client-request-id"] == "mine"
    assert error["innerError"]["request-id"] == answer.headers["request-id"]
    assert error["innerError"]["date"]


@pytest.mark.parametrize("value", ["", "Basic eDp5", "Bearer"])
def test_bearer_token_is_needed(http: httpx.Client, value: str) -> None:
    answer = http.get(BOOK, headers={"Authorization": value})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_token_is_kept_nowhere(library_service: Address, http: httpx.Client) -> None:
    http.get(BOOK)
    http.patch(BOOK, json={"nope": 1})
    assert "canary" not in repr(list(library_service.emulator.journal))
    assert library_service.emulator.journal.last.header("authorization") == "Bearer [redacted]"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Host": ""}, 421),
        ({"Origin": "https://library.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"X-Long": "x" * 17_000}, 431),
    ],
)
def test_unsafe_requests(http: httpx.Client, headers: dict[str, str], status: int) -> None:
    assert http.get(BOOK, headers=headers).status_code == status


def test_large_bodies(http: httpx.Client) -> None:
    large = b'{"title": "' + b"x" * (1 << 20) + b'"}'
    assert http.patch(BOOK, content=large, headers={"Content-Type": "application/json"}).status_code == 413
    chunks = (large[at : at + 65536] for at in range(0, len(large), 65536))
    assert http.patch(BOOK, content=chunks, headers={"Content-Type": "application/json"}).status_code == 413


@pytest.mark.parametrize(
    "path", ["/branch/shelves/%2e%2e/books", "/branch/shelves//books", "/branch/shelves/%00", "/branch/shelves/%ff"]
)
def test_ids_that_are_no_ids(library_service: Address, path: str) -> None:
    # Written to the socket as it is: a client library would tidy the path first.
    host, _, port = library_service.origin.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as plain:
        head = f"GET /v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\nConnection: close"
        plain.sendall(f"{head}\r\n\r\n".encode())
        assert plain.makefile("rb").readline().split()[1] == b"400"


def test_half_a_request_does_not_keep_its_connection(model: ApiModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphslice.serve.server._IDLE_SECONDS", 0.2)
    with running(model) as address:
        host, _, port = address.origin.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as plain:
            plain.sendall(b"GET /branch HTT")
            assert plain.recv(1) == b""


def test_odd_ids_arrive_as_given(http: httpx.Client) -> None:
    for key in ("a/b", "a%2Fb", "50% + ü", "{x}", "o'clock", "a:b@c"):
        created = http.post("/branch/shelves", json={"id": key})
        assert created.status_code == 201
        assert http.get(created.headers["location"]).json()["id"] == key


def test_ten_thousand_letters_are_no_id(http: httpx.Client) -> None:
    assert http.get(f"/branch/shelves/{'x' * 10_000}").status_code == 414


def test_fault_of_the_emulator_shows_no_traceback(model: ApiModel, connect: object) -> None:
    def broken(call: object) -> object:
        raise ZeroDivisionError("secret detail")

    with running(model, handlers={"GET /branch": broken}) as address:
        answer = connect(address).get("/branch")  # type: ignore[operator]
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "InternalServerError")
    assert "secret detail" not in answer.text


@pytest.mark.parametrize(
    "data",
    [
        {"/nope": []},
        {"/branch/shelves": [{"id": "a", "nope": 1}]},
        {"/branch/shelves": [{"id": "a"}, {"id": "a"}]},
        {"/branch/shelves": "x"},
        {"/branch/shelves/a": {}},
    ],
)
def test_seed_that_does_not_fit(model: ApiModel, data: dict[str, object]) -> None:
    with pytest.raises(GraphsliceError, match="SERVE004"), running(model, seed=Seed(data=data)):
        pass


def test_port_that_is_taken(model: ApiModel, library_service: Address) -> None:
    taken = int(library_service.origin.rpartition(":")[2])
    with pytest.raises(GraphsliceError, match="SERVE010"), running(model, port=taken):
        pass


# ------------------------------------------------------------------------------------------------------ faults


def test_faults_come_in_order_and_end(library_service: Address, http: httpx.Client) -> None:
    library_service.emulator.faults.add(Fault.throttled("7", times=2), Fault.gateway())
    first, second, third, fourth = (http.get(BOOK) for _ in range(4))
    assert [first.status_code, second.status_code, third.status_code, fourth.status_code] == [429, 429, 502, 200]
    assert first.headers["retry-after"] == "7"
    assert third.text.startswith("<html>")
    assert library_service.emulator.faults.pending == ()


def test_fault_for_one_verb_and_path(library_service: Address, http: httpx.Client) -> None:
    library_service.emulator.faults.add(Fault(verb="PATCH", path="*/books/1"))
    assert http.get(BOOK).status_code == 200
    assert http.patch("/branch/shelves/a", json={"label": "x"}).status_code == 200
    assert http.patch(BOOK, json={"title": "x"}).status_code == 503


def test_applied_fault_takes_effect(library_service: Address, http: httpx.Client) -> None:
    library_service.emulator.faults.add(Fault(status=504, applied=True, verb="POST"))
    assert http.post("/branch/shelves", json={"id": "late"}).status_code == 504
    assert http.get("/branch/shelves/late").status_code == 200


@pytest.mark.parametrize(
    "fault",
    [
        Fault(reset=True),
        Fault(status=200, body=b"x" * 100, cut=10),
        Fault(raw=b"HTTX/9 nonsense\r\n\r\n"),
        Fault(raw=b""),
    ],
    ids=["reset", "cut", "nonsense", "closed"],
)
def test_faults_of_the_connection(library_service: Address, http: httpx.Client, fault: Fault) -> None:
    library_service.emulator.faults.add(fault)
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        http.get(BOOK)
    assert http.get(BOOK).status_code == 200


def test_trickle_and_delay(library_service: Address, http: httpx.Client) -> None:
    library_service.emulator.faults.add(Fault(status=200, body=b"{}", trickle=0.01, delay=0.01))
    assert http.get(BOOK).content == b"{}"
