"""The files of a client, in memory. Writing them is the work of `graphslice.writing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileSet:
    """Rendered, formatted and checked text by POSIX path relative to the output folder, sorted by path."""

    files: Mapping[str, str]
    surface: str = ""
    """What the client's own modules offer: one line a class, one a member."""
