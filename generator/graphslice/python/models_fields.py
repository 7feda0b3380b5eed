"""The attribute lines of generated classes, in an order and a spelling that no attribute's name can disturb."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graphslice.api.model import TypeRef, UntypedRef

from .imports import ImportSet
from .models_views import FieldView
from .types import TypeTable

_IDENTIFIER = re.compile(r"(?<![\w.])[^\W\d]\w*")
_BUILTINS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "str"})

RUNTIME_MEMBERS = frozenset({"from_dict", "to_dict"})
"""Public additions of the runtime's base class; a property of the name is Kiota's and takes the name over."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute before it is a line; an empty `default` leaves the assignment out."""

    name: str
    annotation: str
    default: str = "None"
    docstring: str = ""
    remark: str = ""
    """A comment of ours behind the line (a type checker's directive), never text from a description."""


def field_lines(attributes: Iterable[Attribute], imports: ImportSet) -> tuple[FieldView, ...]:
    """Print attributes by name.

    In a class body an attribute called like a type hides that type from the lines below. A hidden builtin is named
    through its module; attributes that hide anything else come last.
    """
    ordered = sorted(attributes, key=lambda attribute: attribute.name)
    names = {attribute.name for attribute in ordered}
    roots = {root for attribute in ordered for root in _roots(attribute)}
    hiding = names & roots
    if hiding:
        hidden = hiding & _BUILTINS
        if hidden:
            imports.module("builtins", runtime=False)
        ordered = [_unhidden(attribute, hidden) for attribute in ordered]
        ordered.sort(key=lambda attribute: attribute.name in hiding)
    return tuple(_line(attribute) for attribute in ordered)


def optional_annotation(type: TypeRef, table: TypeTable, imports: ImportSet) -> str:
    """Spell the annotation of an attribute that may be None."""
    annotation = table.annotation(type, imports)
    # Any takes None as it is, and says so better alone.
    return annotation if isinstance(type, UntypedRef) else f"{annotation} | None"


def _roots(attribute: Attribute) -> list[str]:
    return _IDENTIFIER.findall(attribute.annotation)


def _unhidden(attribute: Attribute, hidden: frozenset[str] | set[str]) -> Attribute:
    annotation = _IDENTIFIER.sub(lambda hit: f"builtins.{hit[0]}" if hit[0] in hidden else hit[0], attribute.annotation)
    return Attribute(attribute.name, annotation, attribute.default, attribute.docstring, attribute.remark)


def _line(attribute: Attribute) -> FieldView:
    default = f" = {attribute.default}" if attribute.default else ""
    remark = f"  # {attribute.remark}" if attribute.remark else ""
    return FieldView(f"{attribute.name}: {attribute.annotation}{default}{remark}", attribute.docstring)
