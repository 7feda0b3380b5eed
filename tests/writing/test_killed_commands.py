"""SIGKILL at moments of real runs of the commands: the tree is the old one or the new one, or `check` says so."""

from __future__ import annotations

import hashlib
import http.server
import os
import random
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

BASE = Path(__file__).resolve().parents[1] / "cli" / "diff" / "base.csdl.xml"
SLICE = """
[source]
file = "shop.csdl.xml"
[client]
package = "shop"
class_name = "Shop"
[brake]
max_loss = 1.0
"""
MOMENTS = int(os.environ.get("GRAPHSLICE_KILLS", "6"))
SEED = int(os.environ.get("GRAPHSLICE_KILL_SEED", "6"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL"),
]


def start(*arguments: str, cwd: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "graphslice", *arguments]
    environment = {**os.environ, "GRAPHSLICE_CACHE": str(cwd / "cache")}
    return subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run(*arguments: str, cwd: Path) -> tuple[int, str]:
    with start(*arguments, cwd=cwd) as process:
        output = process.communicate()[0].decode()
        return process.returncode, output


def tree(folder: Path) -> dict[str, bytes]:
    """Give the generated files; the lock remembers what was accepted before, so it differs on purpose."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {path: data for path, data in found.items() if not path.startswith((".gen-", "shop.lock"))}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "metadata").mkdir()
    text = BASE.read_text(encoding="utf-8")
    (tmp_path / "old.xml").write_text(text, encoding="utf-8")
    changed = text.replace('Name="theme"', 'Name="colour"').replace('Name="archives"', 'Name="vault"')
    (tmp_path / "new.xml").write_text(changed, encoding="utf-8")
    (tmp_path / "metadata" / "shop.toml").write_text(SLICE, encoding="utf-8")
    return tmp_path


def test_generate(project: Path) -> None:
    description, generated = project / "metadata" / "shop.csdl.xml", project / "generated"
    states = []
    began = time.monotonic()
    for name in ("old.xml", "new.xml"):
        shutil.copy(project / name, description)
        began = time.monotonic()
        assert run("generate", "metadata/shop.toml", cwd=project)[0] == 0
        states.append(tree(generated))
    lasts = time.monotonic() - began
    moments = random.Random(SEED)
    for number in range(MOMENTS):
        name, wanted = [("old.xml", states[0]), ("new.xml", states[1])][number % 2]
        shutil.copy(project / name, description)
        with start("generate", "metadata/shop.toml", cwd=project) as process:
            time.sleep(moments.uniform(0.3, 1.1) * lasts)
            process.kill()
        code, said = run("check", "metadata/shop.toml", cwd=project)
        found = tree(generated)
        assert found in states or (code == 1 and "interrupted" in said)
        assert (code == 0) == (found == wanted and "interrupted" not in said)
        assert run("generate", "metadata/shop.toml", cwd=project)[0] == 0
        assert tree(generated) == wanted
        assert not [p.name for p in generated.iterdir() if p.name.startswith(".gen-")]


def test_trim(project: Path) -> None:
    description = project / "metadata" / "shop.csdl.xml"
    states = []
    began = time.monotonic()
    for name in ("old.xml", "new.xml"):
        began = time.monotonic()
        assert run("trim", "metadata/shop.toml", "--from", name, cwd=project)[0] == 0
        states.append(description.read_bytes())
    lasts = time.monotonic() - began
    moments = random.Random(SEED)
    for number in range(MOMENTS):
        name = ("old.xml", "new.xml")[number % 2]
        with start("trim", "metadata/shop.toml", "--from", name, cwd=project) as process:
            time.sleep(moments.uniform(0.3, 1.1) * lasts)
            process.kill()
        assert description.read_bytes() in states
        assert run("trim", "metadata/shop.toml", "--from", name, cwd=project)[0] == 0
        assert description.read_bytes() == states[number % 2]
        record = (project / "metadata" / "PROVENANCE.toml").read_text(encoding="utf-8")
        assert hashlib.sha256((project / name).read_bytes()).hexdigest() in record


class Site(http.server.BaseHTTPRequestHandler):
    """Answers in pieces, so that a fetch takes as long as on a real network; says when nothing has changed."""

    content = b""

    def do_GET(self) -> None:
        tag = f'"{hash(self.content)}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        try:
            for start in range(0, len(self.content), 2000):
                self.wfile.write(self.content[start : start + 2000])
                self.wfile.flush()
                time.sleep(0.01)
        except OSError:
            # The client was killed: that is what this is about.
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(project / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(project / "ca.pem"))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Site)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"https://localhost:{server.server_port}/$metadata"
    server.shutdown()
    server.server_close()
    thread.join()


def test_fetch(project: Path, site: str) -> None:
    """The copy is the last one or the new one, never a part; `trim` takes it, and the next fetch finishes the work."""
    slice_file = project / "metadata" / "shop.toml"
    slice_file.write_text(SLICE.replace("[source]", f'[source]\nurl = "{site}"'), encoding="utf-8")
    description = project / "metadata" / "shop.csdl.xml"
    contents = [(project / name).read_bytes() for name in ("old.xml", "new.xml")]
    cut: list[bytes] = []
    began = time.monotonic()
    for content in contents:
        Site.content = content
        began = time.monotonic()
        assert run("fetch", "metadata/shop.toml", cwd=project)[0] == 0
        assert run("trim", "metadata/shop.toml", cwd=project)[0] == 0
        cut.append(description.read_bytes())
    lasts = time.monotonic() - began
    moments = random.Random(SEED)
    for number in range(MOMENTS):
        Site.content = contents[number % 2]
        with start("fetch", "metadata/shop.toml", cwd=project) as process:
            time.sleep(moments.uniform(0.1, 1.0) * lasts)
            process.kill()
        assert run("trim", "metadata/shop.toml", cwd=project)[0] == 0
        assert description.read_bytes() in cut
        code, said = run("fetch", "metadata/shop.toml", cwd=project)
        assert code == 0, said
        assert run("trim", "metadata/shop.toml", cwd=project)[0] == 0
        assert description.read_bytes() == cut[number % 2]
        copies = [path.read_bytes() for path in (project / "cache").rglob("*.data")]
        assert sorted(copies) == sorted(contents)


def test_litter_of_a_run_that_was_done_goes_with_the_next(project: Path) -> None:
    """A kill between the last step and the cleaning leaves a guard and a staging folder, and nothing else to do."""
    shutil.copy(project / "old.xml", project / "metadata" / "shop.csdl.xml")
    assert run("generate", "metadata/shop.toml", cwd=project)[0] == 0
    generated = project / "generated"
    (generated / ".gen-0123456789abcdef").mkdir()
    (generated / ".gen-0123456789abcdef" / "1").write_text("x")
    (generated / ".gen-lock").touch()
    assert "unchanged" in run("generate", "metadata/shop.toml", cwd=project)[1]
    assert not [p.name for p in generated.iterdir() if p.name.startswith(".gen-")]


def test_litter_of_a_trim_goes_once_it_is_old(project: Path) -> None:
    old, fresh = (project / "metadata" / f".gen-shop.csdl.xml.{name}" for name in ("00000000", "11111111"))
    for path in (old, fresh):
        path.touch()
    os.utime(old, (0, 0))
    assert run("trim", "metadata/shop.toml", "--from", "old.xml", cwd=project)[0] == 0
    assert not old.exists() and fresh.exists()
