"""The lines of models: what they derive from, hold, read and write, and which class a discriminator makes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from graphslice.diff.surface_source import ClassSource, Line, annotation, constant, last_name, text_of
from graphslice.diff.surface_values import spelled

Find = Callable[[str], ClassSource | None]
_SET_BY_ERRORS = ("message", "response_status_code", "response_headers")
"""Attributes that the constructor of an error sets, whatever stands in the class."""
_TYPE_NAME = re.compile(r"#[\w.]+\.\w+\Z")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A property or member as the table of its class has it."""

    attribute: str
    wire: str
    kind: str
    target: str
    keys: tuple[str, ...] = ()

    @property
    def cls(self) -> str:
        return self.target.rpartition(":")[2]

    @property
    def written(self) -> tuple[str, str]:
        """The writer's method, and the key that it is given."""
        many = self.kind.endswith("s") and self.kind != "bytes"
        item = self.kind[:-1] if many else self.kind
        if item == "untyped":
            return ("write_additional_data_value", "") if self.wire else ("write_any_value", "None")
        key = self.wire or "None"
        if not many:
            return f"write_{item}_value", key
        if item in ("object", "enum"):
            return f"write_collection_of_{item}_values", key
        return "write_collection_of_primitive_values", key


class ModelLines:
    """The lines of the models of one client."""

    def __init__(self, find: Find) -> None:
        self._find = find

    def model(self, found: ClassSource) -> Iterator[Line]:
        """Give the lines of a model."""
        label = found.label
        yield Line(label, "", "model", f"bases={','.join(sorted(_base_names(found)))}")
        chain = list(self._chain(found))
        runtime_bases = {name for one in chain for runtime, name in one.bases if runtime}
        yield from _fields(found, _SET_BY_ERRORS if "APIError" in runtime_bases else ())
        type_name = next((text_of(value) for one in chain if (value := one.assigned("odata_type")) is not None), "")
        if type_name:
            yield Line(label, "odata_type", "field", f"odata_type default {type_name}")
        # Where a class has a property of another kind than the one that it inherits, its own counts.
        nearest: dict[str, _Entry] = {}
        for one in chain:
            for entry in _entries(one.assigned("_properties")):
                nearest.setdefault(entry.wire, entry)
        for entry in nearest.values():
            method, key = entry.written
            yield Line(label, entry.wire, "reads", entry.wire)
            yield Line(label, entry.wire, "writes", f"{method} {key}")
        if "AdditionalDataHolder" in runtime_bases:
            yield Line(label, "additional_data", "writes", "write_additional_data_value ")
        yield from _discriminator(found)

    def composed(self, found: ClassSource) -> Iterator[Line]:
        """Give the lines of a composed type."""
        label = found.label
        yield Line(label, "", "model", f"bases={','.join(sorted(_base_names(found)))}")
        yield from _fields(found)
        members = tuple(_entries(found.assigned("_members")))
        both = text_of(found.assigned("_composition")) == "intersection"
        objects = [entry for entry in members if entry.kind == "object"]
        if both and len(objects) > 1 and members[0].kind == "object":
            yield Line(label, "", "writes", "write_object_value None")
        elif members:
            yield Line(label, members[0].attribute, "writes", " ".join(members[0].written))
        name = found.node.name
        if both and objects:
            made = ",".join(sorted(f"{entry.attribute}={entry.cls}" for entry in objects))
            yield Line(label, "", "discriminator", f"(none) -> {name}[{made}]")
        for entry in () if both else objects:
            for key in entry.keys:
                yield Line(label, key, "discriminator", f"{key} -> {name}[{entry.attribute}={entry.cls}]")

    def has(self, found: ClassSource, attribute: str) -> bool:
        """Tell whether a class or one that it derives from declares an attribute."""
        return any(last_name(item.target) == attribute for one in self._chain(found) for item in one.annotated())

    def _chain(self, found: ClassSource) -> Iterator[ClassSource]:
        """Give a class and all that it inherits from, nearest first."""
        seen: set[str] = set()
        pending = [found]
        while pending:
            one = pending.pop(0)
            if one.label not in seen:
                seen.add(one.label)
                yield one
                above = (self._find(name) for runtime, name in one.bases if not runtime)
                pending.extend(base for base in above if base is not None)


def is_type_name(value: str) -> bool:
    """Tell whether a discriminator value is the name of a type, as OData spells it."""
    return _TYPE_NAME.match(value) is not None


def _base_names(found: ClassSource) -> Iterator[str]:
    for runtime, name in found.bases:
        yield name if runtime else name.rpartition(":")[2]


def _fields(found: ClassSource, without_default: Collection[str] = ()) -> Iterator[Line]:
    for item in found.annotated():
        name = last_name(item.target)
        if name.startswith("_") or name == "backing_store":
            continue
        yield Line(found.label, name, "field", f"{name} {annotation(item.annotation)}")
        value = (
            spelled(item.value, found.module.original) if name != "odata_type" and name not in without_default else None
        )
        if value is not None:
            yield Line(found.label, name, "default", f"{name} = {value}")


def _entries(table: ast.expr | None) -> Iterator[_Entry]:
    for entry in table.elts if isinstance(table, (ast.Tuple, ast.List)) else ():
        if isinstance(entry, ast.Call) and entry.args:
            inner = entry.args[0]
            keys = [word.value for word in entry.keywords if word.arg == "keys"] + entry.args[1:2]
            if isinstance(inner, ast.Call):
                yield _entry(inner, keys)
            else:
                yield _entry(entry, [])


def _entry(call: ast.Call, keys: list[ast.expr]) -> _Entry:
    texts = [text_of(argument) for argument in call.args]
    given = keys[0].elts if keys and isinstance(keys[0], ast.Tuple) else []
    target = texts[3] if len(texts) > 3 else ""
    return _Entry(texts[0], texts[1], texts[2], target, tuple(text_of(key) for key in given))


def _discriminator(found: ClassSource) -> Iterator[Line]:
    table = found.assigned("_discriminator")
    entries = table.elts[1] if isinstance(table, ast.Tuple) and len(table.elts) == 2 else None
    if isinstance(entries, ast.Dict):
        for key, target in zip(entries.keys, entries.values, strict=True):
            value, made = str(constant(key)), text_of(target).rpartition(":")[2]
            if made != found.node.name:
                yield Line(found.label, value, "discriminator", f"{value} -> {made}")
