"""Annotations and their expressions, from nodes to `edm` objects, kind by kind as CSDL XML spells them [14.2-14.4]."""

from __future__ import annotations

import re

from graphslice.csdl.edm import (
    Annotation,
    Collection,
    Computation,
    Constant,
    Expression,
    PathExpression,
    PropertyValue,
    Record,
)
from graphslice.csdl.reader_names import Scope
from graphslice.csdl.reader_xml import Node

_PATHS = frozenset(
    ("Path", "PropertyPath", "NavigationPropertyPath", "AnnotationPath", "ModelElementPath", "AnyPropertyPath")
)
_CONSTANTS = frozenset(
    ("Binary", "Bool", "Date", "DateTimeOffset", "Decimal", "Duration", "EnumMember", "Float", "Guid", "Int", "String")
) | {"TimeOfDay"}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_INTEGER = re.compile(r"[+-]?[0-9]{1,40}").fullmatch


def applied(nodes: list[Node], scope: Scope) -> tuple[Annotation, ...]:
    """Build the annotations among the children of an element."""
    return tuple(annotation(node, scope) for node in nodes if node[0] == "Annotation")


def annotation(node: Node, scope: Scope) -> Annotation:
    """Build one annotation with those that annotate it."""
    _, attributes, line, children = node
    term = attributes.get("Term", "")
    full = scope.qualified(term)
    return Annotation(
        term=full,
        qualifier=attributes.get("Qualifier", ""),
        expression=_carried(attributes, children, scope),
        location=scope.at(line),
        annotations=applied(children, scope) if children else (),
        aliased=full != term,
    )


def _carried(attributes: dict[str, str], children: list[Node], scope: Scope) -> Expression | None:
    """Give the value of an annotation or property value: its attribute form, else its first child element."""
    for kind, text in attributes.items():
        if kind in _CONSTANTS:
            return _constant(kind, text)
        if kind in _PATHS:
            return PathExpression(kind, text)
        if kind == "UrlRef":
            return Computation("UrlRef", (), (Constant("String", text),))
    for child in children:
        if child[0] != "Annotation" and " " not in child[0]:
            return _expression(child, scope)
    return None


def _expression(node: Node, scope: Scope) -> Expression:
    kind, attributes, _, children = node
    if kind in _CONSTANTS:
        return _constant(kind, attributes.get("", ""))
    if kind in _PATHS:
        return PathExpression(kind, attributes.get("", "").strip())
    if kind == "Record":
        values = tuple(_property_value(child, scope) for child in children if child[0] == "PropertyValue")
        return Record(scope.qualified(attributes.get("Type", "")), values)
    operands = tuple(
        _expression(child, scope) for child in children if child[0] != "Annotation" and " " not in child[0]
    )
    if kind == "Collection":
        return Collection(operands)
    return Computation(kind, tuple(sorted(attributes.items())), operands)


def _property_value(node: Node, scope: Scope) -> PropertyValue:
    _, attributes, _, children = node
    value = _carried(attributes, children, scope)
    return PropertyValue(
        name=attributes.get("Property", ""),
        value=Constant("Bool", True) if value is None else value,
        annotations=applied(children, scope) if children else (),
    )


def _constant(kind: str, text: str) -> Constant:
    if kind == "String":
        return Constant(kind, text)
    text = text.strip()
    if kind == "Bool":
        return Constant(kind, _BOOLEANS.get(text.lower(), text))
    if kind == "Int" and _INTEGER(text):
        return Constant(kind, int(text))
    return Constant(kind, text)
