"""Reads an OpenAPI description: its files, checked against the published schema of its version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from graphslice.config import Slice
from graphslice.openapi.documents import Document, Library
from graphslice.openapi.validation import validate


@dataclass(frozen=True, slots=True)
class Description:
    """A description that was read; other files are read when a reference leads to them."""

    library: Library

    @property
    def main(self) -> Document:
        """The file that was named."""
        return self.library.main


def read_description(path: Path | str, wanted: Slice) -> Description:
    """Read a description from a file or an https URL.

    What the published schema finds wrong is a warning: descriptions from the field are often slightly off, and a
    client can still be made. What cannot be understood at all raises.
    """
    library = Library(str(path), wanted.allowed_origins)
    validate(library)
    return Description(library)
