"""The files that make folders of modules cheap to import from.

A folder without `__init__.py` is a namespace package. Python works out its search path anew at every import below it,
and asks the folder above twice for that; a chain of such folders doubles the work with each level, and a client is as
deep as its API. An `__init__.py` ends the chain: one in every few levels keeps imports fast, and adds few files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

LONGEST_CHAIN = 6
"""A folder at a multiple of this depth below the package, with folders below itself, gets an `__init__.py`."""

_TEXT = '"""Modules of the package, each imported where it is needed."""\n'


def folder_files(package: str, paths: Iterable[str], header: str) -> Mapping[str, str]:
    """Give path to text of each `__init__.py` that a client with modules at `paths` needs besides its own."""
    depth = package.count("/") + 1
    found: set[str] = set()
    for path in paths:
        parts = path.split("/")
        for level in range(depth + LONGEST_CHAIN, len(parts) - 1, LONGEST_CHAIN):
            found.add("/".join(parts[:level]))
    text = header + _TEXT
    return {f"{folder}/__init__.py": text for folder in sorted(found)}
