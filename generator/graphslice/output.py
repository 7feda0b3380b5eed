"""The files of a client, in memory. Writing them is the work of `graphslice.writing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileSet:
    """Rendered, formatted and checked files by POSIX path relative to the output folder, sorted by path."""

    contents: Mapping[str, bytes]
    digests: Mapping[str, str]
    """The SHA-256 of each: it is found out where a file is rendered, in several processes."""
    surface: str = ""
    """What the client's own modules offer: one line a class, one a member."""

    @property
    def files(self) -> dict[str, str]:
        """The text of each file."""
        return {path: content.decode("utf-8") for path, content in self.contents.items()}
