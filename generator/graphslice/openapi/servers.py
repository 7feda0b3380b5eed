"""The base URL of a description, which is text from outside: kept as data, and refused when it is no URL."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from graphslice.diagnostics import error
from graphslice.openapi.documents import Document, Findings

_URL = re.compile(r"[!#$%&()*+,\-./0-9:;=?@A-Z\[\]_a-z{}~|]+\Z")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def base_url(document: Document, findings: Findings) -> str:
    """The first server, or its https twin, without slashes at the end; nothing when there is none."""
    listed = document.root.get("servers") if isinstance(document.root, dict) else None
    urls = [str(one.get("url") or "") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if not urls:
        return ""
    first = urls[0]
    if first.startswith("http://") and "https://" + first.removeprefix("http://") in urls:
        first = "https://" + first.removeprefix("http://")
    url = first.rstrip("/") if first.strip() else ""
    if not url:
        return ""
    scheme = url.partition("://")[0].lower() if "://" in url else ""
    is_url = _URL.match(url.replace("<", "{").replace(">", "}")) is not None
    if not is_url and "://" in url:
        where = findings.place(document, "/servers/0/url")
        hint = "correct it, or give base_url in the slice file"
        raise error("OAS017", f"server URL {first!r} is no http or https URL", where, hint)
    if not is_url or (scheme not in ("", "http", "https") and not scheme.startswith("{")) or "<" in url:
        message = f"server URL {first!r} is no http or https URL and is left out"
        findings.warn("OAS017", message, document, "/servers/0/url", "give base_url in the slice file")
        return ""
    if "{" in url:
        message = f"server {url} has variables, which stay as they are"
        findings.note("OAS020", message, document, "give the whole base_url")
    if url.startswith("http://") and not _is_loopback(url):
        message = f"server {url} is plain http: whatever is sent can be read on the way"
        findings.warn("OAS018", message, document, "/servers/0/url", "give an https base_url")
    return url


def _is_loopback(url: str) -> bool:
    try:
        return urlsplit(url).hostname in _LOOPBACK
    except ValueError:
        return False


def title(root: Any) -> str:
    """The title of the API."""
    info = root.get("info") if isinstance(root, dict) else None
    stated = info.get("title") if isinstance(info, dict) else None
    return stated if isinstance(stated, str) else ""
