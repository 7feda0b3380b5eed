"""The surface of a client, taken from its source: every fact that code which uses the client can rely on.

A line says one fact, in the words that running the client would give: what a builder asks for, what a method takes,
gives and sends, what a model holds, reads and writes. Only modules that are asked for are read, so that two whole APIs
are compared in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graphslice.diff.surface_builders import builder_lines, client_lines
from graphslice.diff.surface_models import ModelLines
from graphslice.diff.surface_source import ClassSource, Kind, Line, read_module

Sources = Callable[[str], str | None]
"""Gives the source of a module by its dotted name below the package, or None where there is none."""


class Surface:
    """The surface of one client, module by module."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._read: dict[str, dict[str, ClassSource]] = {}
        self._models = ModelLines(self.find)

    def lines(self, module: str) -> frozenset[Line]:
        """Give every line of a module."""
        return frozenset(line for found in self._classes(module).values() for line in self._of(found))

    def find(self, label: str) -> ClassSource | None:
        """Give a class by its label, ``module:Class``."""
        module, _, name = label.partition(":")
        return self._classes(module).get(name)

    def has(self, label: str, attribute: str) -> bool:
        """Tell whether a model has an attribute of its own or from a base class."""
        found = self.find(label)
        return found is not None and self._models.has(found, attribute)

    def _classes(self, module: str) -> dict[str, ClassSource]:
        if module not in self._read:
            text = self._sources(module)
            self._read[module] = read_module(module, text) if text is not None else {}
        return self._read[module]

    def _of(self, found: ClassSource) -> Iterator[Line]:
        kind = found.kind
        if kind is Kind.BUILDER:
            yield from builder_lines(found, self.find)
        elif kind is Kind.CLIENT:
            yield from client_lines(found, self.find)
        elif kind is Kind.ENUM:
            yield from _enum(found)
        elif kind is Kind.MODEL:
            yield from self._models.model(found)
        elif kind is Kind.COMPOSED:
            yield from self._models.composed(found)


def _enum(found: ClassSource) -> Iterator[Line]:
    seen: set[object] = set()
    for name, value in found.constants():
        if value not in seen:
            seen.add(value)
            yield Line(found.label, name, "enum", f"{name} = {value}")
