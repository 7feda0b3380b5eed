"""Cuts a slice's metadata out of the full document and puts it where the slice reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from graphslice.config import Slice
from graphslice.diagnostics import Location, error
from graphslice.fetch import Fetched, cached, fetch_url
from graphslice.fetch_provenance import PROVENANCE, is_recorded, provenance_text
from graphslice.writing import replace_file

if TYPE_CHECKING:
    from graphslice.csdl.trim import Trimmed


@dataclass(frozen=True, slots=True)
class Cut:
    """Trimmed metadata, where it goes, and what it was cut from; `trimmed` is None where it was taken whole."""

    data: bytes
    trimmed: Trimmed | None
    target: Path
    source: Fetched


def trim_slice(wanted: Slice, source: str, folder: Path, is_csdl: Callable[[str], bool]) -> Cut:
    """Cut in memory.

    Args:
        wanted: The slice; its own description is what is made.
        source: The full document: a file or a URL that was fetched; empty for what the slice names.
        folder: Where relative sources of the slice file are looked for.
        is_csdl: Tells CSDL from OpenAPI by the file.
    """
    whole = _source(wanted, source, folder)
    target = Path(wanted.description)
    if whole.path.resolve() == target.resolve():
        raise error("TRIM001", "the full document is the slice's own metadata", Location(str(target)), "give --from")
    if not is_csdl(str(whole.path)):
        # References of an OpenAPI description reach everywhere: it is taken as it is.
        return Cut(whole.path.read_bytes(), None, target, whole)
    trimmed = trim_document(replace(wanted, description=str(whole.path)))
    return Cut(trimmed.text.encode("utf-8"), trimmed, target, whole)


def trim_document(wanted: Slice) -> Trimmed:
    """Cut what a slice reaches out of its description."""
    from graphslice.csdl.index import Index
    from graphslice.csdl.reader import read_document
    from graphslice.csdl.resolve import resolve
    from graphslice.csdl.trim import trim

    document = read_document(wanted.description, tuple(name for name in wanted.annotations if Path(name).is_file()))
    return trim(Index(document), resolve(document, wanted))


def write_trimmed(cut: Cut) -> bool:
    """Put the metadata in place, and its record; nothing is touched when the text is the same."""
    data = cut.data
    same = cut.target.is_file() and cut.target.read_bytes() == data
    if same and is_recorded(cut.target.parent, cut.target.name):
        return False
    record = provenance_text(cut.target.parent, cut.target.name, cut.source)
    if record is not None:
        # Before the metadata: a run that is killed in between leaves something for the next one to do.
        replace_file(cut.target.parent / PROVENANCE, record.encode("utf-8"))
    if not same:
        replace_file(cut.target, data)
    return not same


def _source(wanted: Slice, source: str, folder: Path) -> Fetched:
    if source and "://" not in source:
        return fetch_url(source)
    url = source or wanted.source_url
    if not url:
        raise error("TRIM002", "the slice names no source", Location(wanted.name), "write [source] url, or give --from")
    if "://" not in url:
        return fetch_url(str(folder / url))
    found = cached(url)
    if found is None:
        raise error(
            "TRIM003", "nothing was fetched yet", Location(url), "run graphslice fetch first, or give --from FILE"
        )
    return found
