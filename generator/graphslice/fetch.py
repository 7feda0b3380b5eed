"""Gets a description: the only part of graphslice that talks to the network, and only when it is told to.

https only, no redirect to another host, a limit for size and time. A copy is kept in a cache outside of the tree,
with its origin and hash; without a network the last copy is used, and that is said.
"""

from __future__ import annotations

import datetime
import json
import os
import secrets
import shutil
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from graphslice.diagnostics import Location, error
from graphslice.lock import digest

if TYPE_CHECKING:
    import httpx

SIZE_LIMIT = 64 * 1024 * 1024
SECONDS = 120.0
_STEP_SECONDS = 30.0
_REDIRECTS = 3
_KEPT = 5

Progress = Callable[[int, int], None]
Downloaded = tuple[bytes | None, dict[str, str]]
"""What came (None: nothing has changed), and with which headers."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A description in the cache, and where it came from."""

    path: Path
    url: str
    sha256: str
    size: int
    date: str
    etag: str = ""
    build: str = ""
    """What the server calls this version: its Last-Modified, or nothing."""
    fresh: bool = True
    """Whether the bytes differ from those of the last time."""
    offline: str = ""
    """Why the last copy was taken instead of asking; empty when the server answered."""


def cache_folder() -> Path:
    """Give the folder for copies: GRAPHSLICE_CACHE, or where the system keeps caches."""
    named = os.environ.get("GRAPHSLICE_CACHE")
    if named:
        return Path(named)
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "graphslice" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "graphslice"


def cached(url: str) -> Fetched | None:
    """Give the last copy of a URL, if there is one and its hash is right."""
    folder = _folder(url)
    try:
        record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
        path = folder / f"{record['sha256']}.data"
        if record["url"] != url or digest(path.read_bytes()) != record["sha256"]:
            return None
        return Fetched(path=path, fresh=False, **{name: record[name] for name in _RECORDED})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def fetch_url(
    url: str,
    *,
    expect_sha256: str = "",
    force: bool = False,
    check: Callable[[bytes, str], None] | None = None,
    progress: Progress | None = None,
) -> Fetched:
    """Get a URL into the cache, or a file as if it were one.

    Args:
        url: https URL, ``file:`` URL or path.
        expect_sha256: Refuse any other content.
        force: Ask for the bytes even if the server says that they are the same.
        check: Raises if the bytes are not what they should be; nothing is kept then.
        progress: Told the bytes so far and in all (0: not known).

    Raises:
        GraphsliceError: Not allowed, not to be had and no copy, too big, or not what it should be.
    """
    if "://" not in url or url.startswith("file://"):
        return _keep_file(url, expect_sha256, check)
    last = cached(url)
    _check_url(url, url)
    try:
        data, headers = _within(SECONDS, lambda: _download(url, "" if force or not last else last.etag, progress))
    except _Unreachable as fault:
        if last is None:
            hint = "connect, or give a file"
            raise error("FETCH002", f"cannot be reached: {fault}", Location(url), hint) from None
        _check_hash(last.sha256, expect_sha256, url)
        return replace(last, offline=str(fault))
    if data is None:
        assert last is not None
        _check_hash(last.sha256, expect_sha256, url)
        return last
    sha256 = digest(data)
    _check_hash(sha256, expect_sha256, url)
    if check:
        check(data, url)
    fetched = Fetched(
        path=_folder(url) / f"{sha256}.data",
        url=url,
        sha256=sha256,
        size=len(data),
        date=datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        etag=headers.get("etag", ""),
        build=headers.get("last-modified", ""),
        fresh=last is None or last.sha256 != sha256,
    )
    _store(fetched, data)
    return fetched


_RECORDED = ("url", "sha256", "size", "date", "etag", "build")


class _Unreachable(Exception):
    """The server gave no answer that could be used."""


def _keep_file(url: str, expect_sha256: str, check: Callable[[bytes, str], None] | None) -> Fetched:
    path = Path(url.removeprefix("file://"))
    try:
        data = path.read_bytes()
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise error("FETCH001", f"cannot read: {reason}", Location(url), "check the path") from None
    sha256 = digest(data)
    _check_hash(sha256, expect_sha256, url)
    if check:
        check(data, url)
    return Fetched(path=path, url=url, sha256=sha256, size=len(data), date="", fresh=True)


def _check_url(url: str, first: str) -> None:
    parts, origin = urlsplit(url), urlsplit(first)
    if parts.scheme != "https" or not parts.hostname:
        raise error("FETCH003", "only https is fetched", Location(url), "give an https URL or a file")
    if parts.username or parts.password:
        raise error("FETCH003", "a URL with a password is not fetched", Location(parts.hostname), "leave it out")
    if (parts.hostname, parts.port) != (origin.hostname, origin.port):
        hint = "name that URL in the slice if you trust it"
        raise error("FETCH004", f"redirected to another host: {parts.hostname}", Location(first), hint)


def _within(seconds: float, work: Callable[[], Downloaded]) -> Downloaded:
    """Wait for work, but no longer: a server that sends its headers letter by letter keeps within every other limit."""
    done: list[Downloaded] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as fault:
            failed.append(fault)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise _Unreachable(f"not done after {seconds:.0f} seconds")
    return done[0]


def _download(url: str, etag: str, progress: Progress | None) -> Downloaded:
    """Read a URL within the limits; None when the server says that nothing has changed."""
    import httpx

    deadline = time.monotonic() + SECONDS
    asked = {"Accept": "application/xml, application/yaml, application/json;q=0.9, */*;q=0.1"}
    if etag:
        asked["If-None-Match"] = etag
    here = url
    try:
        with httpx.Client(timeout=_STEP_SECONDS, follow_redirects=False, headers=asked) as client:
            for _ in range(_REDIRECTS + 1):
                with client.stream("GET", here) as response:
                    if response.has_redirect_location:
                        here = urljoin(here, response.headers.get("location", ""))
                        _check_url(here, url)
                        continue
                    return _body(response, url, deadline, progress, etag)
    except (httpx.HTTPError, ssl.SSLError, httpx.InvalidURL) as fault:
        raise _Unreachable(_reason(fault)) from None
    raise error("FETCH004", f"more than {_REDIRECTS} redirects", Location(url), "give the last URL")


def _body(response: httpx.Response, url: str, deadline: float, progress: Progress | None, etag: str) -> Downloaded:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status_code == 304 and etag:
        return None, headers
    if response.status_code >= 500 or response.status_code == 429:
        raise _Unreachable(f"status {response.status_code}")
    if response.status_code != 200:
        raise error("FETCH005", f"status {response.status_code}", Location(url), "check the URL")
    total = int(headers["content-length"]) if headers.get("content-length", "").isdigit() else 0
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > SIZE_LIMIT:
            hint = "cut it down first, and give the file"
            raise error("FETCH006", f"larger than {SIZE_LIMIT // 2**20} MB", Location(url), hint)
        if time.monotonic() > deadline:
            raise _Unreachable(f"not done after {SECONDS:.0f} seconds")
        if progress:
            progress(len(data), total)
    return bytes(data), headers


def _reason(fault: Exception) -> str:
    text = str(fault).strip() or type(fault).__name__
    return text.splitlines()[0][:200]


def _check_hash(found: str, expected: str, url: str) -> None:
    if expected and found != expected.lower():
        hint = "find out who changed it, then give the new hash"
        raise error("FETCH007", f"its SHA-256 is {found}, not the expected one", Location(url), hint)


def _folder(url: str) -> Path:
    return cache_folder() / digest(url.encode())[:20]


def _store(fetched: Fetched, data: bytes) -> None:
    """Keep the bytes, then the record that names them: a kill in between leaves the last copy in force."""
    folder = fetched.path.parent
    record: dict[str, Any] = {name: value for name, value in asdict(fetched).items() if name in _RECORDED}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(fetched.path, data)
        _replace(folder / "record.json", json.dumps(record, sort_keys=True, indent=1).encode())
        _forget_old(folder, fetched.path)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        hint = "make room, or name another folder in GRAPHSLICE_CACHE"
        raise error("FETCH008", f"the cache cannot be written: {reason}", Location(str(folder)), hint) from None


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _forget_old(folder: Path, present: Path) -> None:
    """Keep the last few copies; parts of runs that were killed go, too."""
    copies = sorted((p for p in folder.glob("*.data") if p != present), key=lambda p: p.stat().st_mtime_ns)
    for stale in [*copies[: -(_KEPT - 1)], *(p for p in folder.glob("*.part") if _is_old(p))]:
        stale.unlink(missing_ok=True)


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > 3600
    except OSError:
        return False


def clear_cache() -> None:
    """Forget every copy."""
    shutil.rmtree(cache_folder(), ignore_errors=True)


def check_description(data: bytes, name: str) -> None:
    """Raise unless the bytes are a whole CSDL or OpenAPI description: a sign-in page is neither."""
    head = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if head == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        from graphslice.csdl.reader import parse_document

        parse_document(data, name)
        return
    from graphslice.openapi.text import parse

    read = parse(data, name)
    if not isinstance(read, dict) or not {"openapi", "swagger"} & read.keys():
        raise error(
            "FETCH009", "neither CSDL nor OpenAPI", Location(name), "check the URL, or whether it wants a sign-in"
        )


__all__ = ["Fetched", "cache_folder", "cached", "check_description", "clear_cache", "fetch_url"]
