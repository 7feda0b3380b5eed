"""Corrections that an overlay file asks for, made on the parsed document before anything is built of it."""

from __future__ import annotations

from graphslice.csdl.reader_names import Scope
from graphslice.csdl.reader_xml import Node


def correct(document: list[Node], scope: Scope, overlay: list[Node], overlay_scope: Scope) -> None:
    """Change the schemas of a document as the overlay's schemas say."""
