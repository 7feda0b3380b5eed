from __future__ import annotations

import http.server
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from graphslice import fetch
from graphslice.diagnostics import GraphsliceError
from graphslice.fetch import cached, check_description, fetch_url

CSDL = (
    b'<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>'
    b'<Schema Namespace="a" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
    b'<EntityType Name="t"><Key><PropertyRef Name="id"/></Key>'
    b'<Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>'
    b'<EntityContainer Name="c"><EntitySet Name="ts" EntityType="a.t"/></EntityContainer></Schema>'
    b"</edmx:DataServices></edmx:Edmx>"
)


class Site(http.server.BaseHTTPRequestHandler):
    content = CSDL
    etag = '"1"'
    status = 200
    redirect = ""
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.headers.get("If-None-Match", ""))
        if self.redirect and self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", self.redirect)
            self.end_headers()
            return
        if self.headers.get("If-None-Match") == self.etag:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(self.status)
        self.send_header("ETag", self.etag)
        self.send_header("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[type[Site], str]]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("GRAPHSLICE_CACHE", str(tmp_path / "cache"))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    handler = type("OneSite", (Site,), {"asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield handler, f"https://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_copy_is_kept_with_its_origin(site: tuple[type[Site], str]) -> None:
    got = fetch_url(f"{site[1]}/$metadata", check=check_description)
    assert got.path.read_bytes() == CSDL and got.fresh and got.etag == '"1"' and got.build
    last = cached(f"{site[1]}/$metadata")
    assert last and (last.sha256, last.size) == (got.sha256, len(CSDL))


def test_an_unchanged_description_is_not_sent_again(site: tuple[type[Site], str]) -> None:
    fetch_url(site[1])
    again = fetch_url(site[1])
    assert not again.fresh and site[0].asked == ["", '"1"']
    fetch_url(site[1], force=True)
    assert site[0].asked[-1] == ""


def test_offline_the_last_copy_is_used_and_said(site: tuple[type[Site], str]) -> None:
    fetch_url(site[1])
    site[0].status, site[0].etag = 503, '"2"'
    got = fetch_url(site[1])
    assert "503" in got.offline and got.path.read_bytes() == CSDL
    with pytest.raises(GraphsliceError, match="FETCH002"):
        fetch_url("https://localhost:1/none")


def test_a_redirect_leads_to_no_other_host(site: tuple[type[Site], str]) -> None:
    site[0].redirect = "/here"
    assert fetch_url(f"{site[1]}/moved").size == len(CSDL)
    site[0].redirect = "https://127.0.0.1:1/there"
    with pytest.raises(GraphsliceError, match="FETCH004"):
        fetch_url(f"{site[1]}/moved", force=True)
    site[0].redirect = site[1].replace("https", "http")
    with pytest.raises(GraphsliceError, match="FETCH003"):
        fetch_url(f"{site[1]}/moved", force=True)


def test_only_https_without_a_password() -> None:
    for url in ("http://localhost/x", "ftp://localhost/x", "https://user:secret@localhost/x"):
        with pytest.raises(GraphsliceError, match="FETCH003") as caught:
            fetch_url(url)
        assert "secret" not in str(caught.value)


def test_a_size_limit_and_an_expected_hash(site: tuple[type[Site], str], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GraphsliceError, match="FETCH007"):
        fetch_url(site[1], expect_sha256="0" * 64)
    assert cached(site[1]) is None
    monkeypatch.setattr(fetch, "SIZE_LIMIT", 100)
    with pytest.raises(GraphsliceError, match="FETCH006"):
        fetch_url(site[1])


def test_a_sign_in_page_is_no_description(site: tuple[type[Site], str]) -> None:
    site[0].content = b"<!DOCTYPE html><html><body>Sign in</body></html>"
    with pytest.raises(GraphsliceError):
        fetch_url(site[1], check=check_description)
    site[0].content = b"Sign in, please"
    with pytest.raises(GraphsliceError, match="FETCH009"):
        fetch_url(site[1], check=check_description)
    assert cached(site[1]) is None


@pytest.mark.parametrize("part", [b'{"openapi": "3.0.3", "paths": {"/a": ', b"openapi: 3.0.3\npaths: {", CSDL[:-20]])
def test_half_a_description_is_none(site: tuple[type[Site], str], part: bytes) -> None:
    site[0].content = part
    with pytest.raises(GraphsliceError):
        fetch_url(site[1], check=check_description)
    assert cached(site[1]) is None


def test_a_server_that_answers_letter_by_letter_is_given_up(
    site: tuple[type[Site], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_url(site[1])
    monkeypatch.setattr(fetch, "SECONDS", 0.5)
    gone = threading.Event()

    def trickle(self: Site) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 2000:
            if gone.wait(0.05):
                return
            self.wfile.write(bytes([letter]))
            self.wfile.flush()

    monkeypatch.setattr(site[0], "do_GET", trickle)
    try:
        assert "not done after" in fetch_url(site[1]).offline
    finally:
        gone.set()


def test_a_damaged_copy_is_no_copy(site: tuple[type[Site], str]) -> None:
    got = fetch_url(site[1])
    got.path.write_bytes(b"damaged")
    assert cached(site[1]) is None
    assert fetch_url(site[1]).fresh


def test_a_file_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(CSDL)
    assert fetch_url(str(tmp_path / "a.xml"), check=check_description).path == tmp_path / "a.xml"
    with pytest.raises(GraphsliceError, match="FETCH001"):
        fetch_url(str(tmp_path / "none.xml"))
