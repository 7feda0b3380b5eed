"""Makes pages of one file each: style, script and data inside, nothing fetched, nothing of the data trusted."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

_PAGES = Path(__file__).parent / "pages"


def page(name: str, title: str, data: object) -> str:
    """Fill a page with data; the data is JSON that no script or markup can break out of."""
    frame = (_PAGES / "frame.html").read_text(encoding="utf-8")
    parts = {
        "title": escape(title),
        "style": (_PAGES / "style.css").read_text(encoding="utf-8"),
        "body": (_PAGES / f"{name}.html").read_text(encoding="utf-8"),
        "common": (_PAGES / "common.js").read_text(encoding="utf-8"),
        "script": (_PAGES / f"{name}.js").read_text(encoding="utf-8"),
        "data": _json(data),
    }
    # One pass over the frame: a mark that stands in the data is data.
    pieces = frame.split("@@")
    return "".join(parts[piece] if number % 2 else piece for number, piece in enumerate(pieces))


def _json(data: object) -> str:
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
