"""Schema children, from nodes to `edm` objects. Nothing is judged here: `reader_checks` has seen every node before.

Every function takes a node and gives the object, so that the reader may call it late, for what a run really asks about.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from graphslice.csdl.edm import (
    Annotations,
    EntityContainer,
    EntitySet,
    EnumMember,
    EnumType,
    NavigationBinding,
    NavigationProperty,
    Operation,
    OperationImport,
    Parameter,
    Property,
    PropertyRef,
    ReferentialConstraint,
    ReturnType,
    SchemaType,
    Singleton,
    StructuredType,
    Term,
    TypeDefinition,
    TypeUse,
)
from graphslice.csdl.reader_expressions import annotation, applied
from graphslice.csdl.reader_names import Scope
from graphslice.csdl.reader_xml import Node

FACETS = ("MaxLength", "Precision", "Scale", "SRID", "Unicode")

_Made = TypeVar("_Made")


def truth(text: str | None, default: bool = False) -> bool:
    """Read a boolean attribute; what is neither true nor false counts as left out."""
    if text is None:
        return default
    lowered = text.strip().lower()
    return True if lowered in ("true", "1") else False if lowered in ("false", "0") else default


def schema_type(node: Node, scope: Scope, namespace: str) -> SchemaType:
    """Build an entity, complex or enumeration type or a type definition."""
    if node[0] == "EnumType":
        return _enum(node, scope, namespace)
    if node[0] == "TypeDefinition":
        return _definition(node, scope, namespace)
    return _structured(node, scope, namespace)


def _structured(node: Node, scope: Scope, namespace: str) -> StructuredType:
    tag, attributes, line, children = node
    name = attributes["Name"]
    full_name = f"{namespace}.{name}"
    base = attributes.get("BaseType")
    return StructuredType(
        name=name,
        location=scope.at(line),
        annotations=applied(children, scope),
        full_name=full_name,
        namespace=namespace,
        entity=tag == "EntityType",
        base=scope.qualified(base) if base else None,
        abstract=truth(attributes.get("Abstract")),
        open=truth(attributes.get("OpenType")),
        has_stream=truth(attributes.get("HasStream")),
        key=tuple(
            PropertyRef(ref[1].get("Name", ""), ref[1].get("Alias", ""))
            for key in children
            if key[0] == "Key"
            for ref in key[3]
            if ref[0] == "PropertyRef"
        ),
        properties=tuple(_property(child, scope) for child in children if child[0] == "Property"),
        navigation=tuple(
            _navigation(child, scope, full_name) for child in children if child[0] == "NavigationProperty"
        ),
    )


def _use(attributes: dict[str, str], scope: Scope) -> TypeUse:
    return scope.type_use(attributes.get("Type", "")) or TypeUse(attributes.get("Type", ""))


def facets(attributes: dict[str, str]) -> dict[str, str]:
    """Pick the type facets out of an element's attributes."""
    return {key: attributes[key] for key in FACETS if key in attributes}


def _property(node: Node, scope: Scope) -> Property:
    _, attributes, line, children = node
    return Property(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope) if children else (),
        type=_use(attributes, scope),
        nullable=truth(attributes.get("Nullable"), default=True),
        default=attributes.get("DefaultValue"),
        facets=facets(attributes),
    )


def _navigation(node: Node, scope: Scope, owner: str) -> NavigationProperty:
    _, attributes, line, children = node
    return NavigationProperty(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope) if children else (),
        owner=owner,
        type=_use(attributes, scope),
        nullable=truth(attributes.get("Nullable"), default=True),
        partner=attributes.get("Partner", ""),
        contains_target=truth(attributes.get("ContainsTarget")),
        constraints=tuple(
            ReferentialConstraint(child[1].get("Property", ""), child[1].get("ReferencedProperty", ""))
            for child in children
            if child[0] == "ReferentialConstraint"
        ),
        on_delete=next((child[1].get("Action", "") for child in children if child[0] == "OnDelete"), ""),
    )


def _enum(node: Node, scope: Scope, namespace: str) -> EnumType:
    _, attributes, line, children = node
    return EnumType(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope),
        full_name=f"{namespace}.{attributes['Name']}",
        namespace=namespace,
        underlying=attributes.get("UnderlyingType", "Edm.Int32"),
        flags=truth(attributes.get("IsFlags")),
        members=tuple(
            EnumMember(
                name=member[1]["Name"],
                location=scope.at(member[2]),
                annotations=applied(member[3], scope) if member[3] else (),
                value=int(member[1]["Value"]) if "Value" in member[1] else None,
            )
            for member in children
            if member[0] == "Member"
        ),
    )


def _definition(node: Node, scope: Scope, namespace: str) -> TypeDefinition:
    _, attributes, line, children = node
    return TypeDefinition(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope),
        full_name=f"{namespace}.{attributes['Name']}",
        namespace=namespace,
        underlying=attributes.get("UnderlyingType", ""),
        facets=facets(attributes),
    )


def operation(node: Node, scope: Scope, namespace: str) -> Operation:
    """Build one overload of an action or a function."""
    tag, attributes, line, children = node
    result = next((child for child in children if child[0] == "ReturnType"), None)
    return Operation(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope),
        full_name=f"{namespace}.{attributes['Name']}",
        namespace=namespace,
        function=tag == "Function",
        bound=truth(attributes.get("IsBound")),
        composable=truth(attributes.get("IsComposable")),
        entity_set_path=attributes.get("EntitySetPath", ""),
        parameters=tuple(_parameter(child, scope) for child in children if child[0] == "Parameter"),
        returns=None
        if result is None
        else ReturnType(
            type=_use(result[1], scope),
            nullable=truth(result[1].get("Nullable"), default=True),
            annotations=applied(result[3], scope),
        ),
    )


def _parameter(node: Node, scope: Scope) -> Parameter:
    _, attributes, line, children = node
    return Parameter(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope) if children else (),
        type=_use(attributes, scope),
        nullable=truth(attributes.get("Nullable"), default=True),
        facets=facets(attributes),
    )


def term(node: Node, scope: Scope, namespace: str) -> Term:
    """Build the declaration of a term."""
    _, attributes, line, children = node
    return Term(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope),
        full_name=f"{namespace}.{attributes['Name']}",
        type=scope.type_use(attributes.get("Type", "Edm.String")) or TypeUse("Edm.String"),
        default=attributes.get("DefaultValue"),
    )


def external(node: Node, scope: Scope) -> Annotations:
    """Build an external targeting group."""
    _, attributes, line, children = node
    return Annotations(
        target=target(attributes.get("Target", ""), scope),
        qualifier=attributes.get("Qualifier", ""),
        annotations=tuple(annotation(child, scope) for child in children if child[0] == "Annotation"),
        location=scope.at(line),
    )


def target(text: str, scope: Scope) -> str:
    """Give a target path with the alias of its first step resolved; what stands in parentheses stays as written."""
    first = text.partition("/")[0].partition("(")[0]
    return scope.qualified(first) + text[len(first) :]


def container(node: Node, scope: Scope, namespace: str) -> EntityContainer:
    """Build the entity container with its children."""
    _, attributes, line, children = node

    def each(make: Callable[[Node, Scope], _Made], *tags: str) -> tuple[_Made, ...]:
        return tuple(make(child, scope) for child in children if child[0] in tags)

    return EntityContainer(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope),
        full_name=f"{namespace}.{attributes['Name']}",
        namespace=namespace,
        extends=scope.qualified(attributes.get("Extends", "")),
        entity_sets=each(_entity_set, "EntitySet"),
        singletons=each(_singleton, "Singleton"),
        imports=each(_import, "ActionImport", "FunctionImport"),
    )


def _bindings(children: list[Node]) -> tuple[NavigationBinding, ...]:
    return tuple(
        NavigationBinding(child[1].get("Path", ""), child[1].get("Target", ""))
        for child in children
        if child[0] == "NavigationPropertyBinding"
    )


def _entity_set(node: Node, scope: Scope) -> EntitySet:
    _, attributes, line, children = node
    return EntitySet(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope),
        type=scope.qualified(attributes["EntityType"]),
        include_in_service_document=truth(attributes.get("IncludeInServiceDocument"), default=True),
        bindings=_bindings(children),
    )


def _singleton(node: Node, scope: Scope) -> Singleton:
    _, attributes, line, children = node
    return Singleton(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope),
        type=scope.qualified(attributes["Type"]),
        bindings=_bindings(children),
    )


def _import(node: Node, scope: Scope) -> OperationImport:
    tag, attributes, line, children = node
    function = tag == "FunctionImport"
    return OperationImport(
        name=attributes["Name"],
        location=scope.at(line),
        annotations=applied(children, scope),
        operation=scope.qualified(attributes["Function" if function else "Action"]),
        function=function,
        entity_set=attributes.get("EntitySet", ""),
        include_in_service_document=truth(attributes.get("IncludeInServiceDocument")),
    )
