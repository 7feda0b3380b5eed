"""Corrections that an overlay file asks for, made on the parsed document before anything is checked or built of it.

Vendors publish metadata that says less or other than the service does. What an annotation can say right, an overlay
says with standard terms; for the rest there are the few terms of this vocabulary, applied like any other annotation:

| term | on | value |
| --- | --- | --- |
| `Removed` | type, member, overload, parameter, child of the container | a tag |
| `ContainsTarget`, `HasStream` | navigation property; entity type | true or false |
| `BaseType`, `Type`, `ReturnType` | type; property or parameter; overload | a type name |
| `Without` | anything | terms that no longer hold there; ``ns.*`` for all of a vocabulary |
| `Uses` | type | records `Becomes`, `In` (Property, Parameter, ReturnType) and `Named` (a pattern): uses of the type |

A target that the document does not have is passed over: one overlay serves many builds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import cached_property

from graphslice.csdl.edm import Annotation, Collection, Constant, Expression, Record
from graphslice.csdl.reader_expressions import annotation
from graphslice.csdl.reader_names import Scope
from graphslice.csdl.reader_types import target as canonical
from graphslice.csdl.reader_xml import Node
from graphslice.diagnostics import GraphsliceError

NAMESPACE = "Graphslice.Corrections.V1"

_TYPES = frozenset(("EntityType", "ComplexType", "EnumType", "TypeDefinition"))
_OPERATIONS = frozenset(("Action", "Function"))
_USERS = ("Property", "Parameter", "ReturnType")


def correct(document: list[Node], scope: Scope, overlay: list[Node], overlay_scope: Scope) -> None:
    """Change the schemas of a document as the overlay's schemas say."""
    edits = [
        (canonical(group[1].get("Target", ""), overlay_scope), annotation(node, overlay_scope))
        for schema in overlay
        for group in schema[3]
        if group[0] == "Annotations"
        for node in group[3]
        if node[0] == "Annotation" and overlay_scope.qualified(node[1].get("Term", "")).startswith(f"{NAMESPACE}.")
    ]
    if edits:
        corrector = _Corrector(document, scope, overlay_scope)
        for target, edit in edits:
            corrector.apply(target, edit)


class _Corrector:
    """Finds the nodes that targets mean, and edits them in place."""

    def __init__(self, document: list[Node], scope: Scope, overlay_scope: Scope) -> None:
        self.document = document
        self.scope = scope
        self.overlay_scope = overlay_scope

    def apply(self, target: str, edit: Annotation) -> None:
        """Make one correction."""
        make = _EDITS.get(edit.term.removeprefix(f"{NAMESPACE}."))
        if make is None:
            raise self._fault(edit, f"unknown correction {edit.term!r}", f"known are {', '.join(sorted(_EDITS))}")
        found = self._find(target)
        if found is not None:
            make(self, edit, target, *found)

    def _fault(self, edit: Annotation, message: str, hint: str) -> GraphsliceError:
        return self.overlay_scope.fault("CSDL060", message, edit.location.line, hint)

    # ------------------------------------------------------------------------------------------------ targets

    def _find(self, target: str) -> tuple[list[Node], Node] | None:
        """Give the node of a target and the list in which it stands; None if the document has no such element."""
        if "(" in target:
            overload, _, parameter = target.rpartition(")")
            found = self._overloads.get(f"{overload})")
            wanted = parameter.lstrip("/")
        else:
            owner, _, wanted = target.partition("/")
            found = self._elements.get(owner)
        if found is None or not wanted:
            return found
        children = found[1][3]
        return next(((children, child) for child in children if child[1].get("Name") == wanted), None)

    @cached_property
    def _elements(self) -> dict[str, tuple[list[Node], Node]]:
        """Types and containers by full name."""
        return {
            f"{schema[1].get('Namespace')}.{node[1].get('Name')}": (schema[3], node)
            for schema in self.document
            for node in schema[3]
            if node[0] in _TYPES or node[0] == "EntityContainer"
        }

    @cached_property
    def _overloads(self) -> dict[str, tuple[list[Node], Node]]:
        """Operations by the spelling of external targets, as the document had them before any correction."""
        return {
            self._overload(f"{schema[1].get('Namespace')}.{node[1].get('Name')}", node): (schema[3], node)
            for schema in self.document
            for node in schema[3]
            if node[0] in _OPERATIONS
        }

    def _overload(self, full_name: str, node: Node) -> str:
        kinds = [_qualified(child[1].get("Type", ""), self.scope) for child in node[3] if child[0] == "Parameter"]
        return f"{full_name}({', '.join(kinds)})"

    # -------------------------------------------------------------------------------------------------- edits

    def remove(self, edit: Annotation, target: str, siblings: list[Node], node: Node) -> None:
        """Take the element away."""
        if self._boolean(edit):
            siblings[:] = [sibling for sibling in siblings if sibling is not node]

    def set_flag(self, edit: Annotation, target: str, siblings: list[Node], node: Node) -> None:
        """Set the attribute that has the name of the term."""
        node[1][edit.term.rpartition(".")[2]] = "true" if self._boolean(edit) else "false"

    def set_type(self, edit: Annotation, target: str, siblings: list[Node], node: Node) -> None:
        """Set the attribute that has the name of the term to a type name."""
        node[1][edit.term.rpartition(".")[2]] = self._type(edit, edit.expression)

    def set_result(self, edit: Annotation, target: str, siblings: list[Node], node: Node) -> None:
        """Set the type of an operation's result."""
        for child in node[3]:
            if child[0] == "ReturnType":
                child[1]["Type"] = self._type(edit, edit.expression)

    def without(self, edit: Annotation, target: str, siblings: list[Node], node: Node) -> None:
        """Drop annotations of some terms, inside and outside."""
        terms = [self._text(edit, item) for item in self._items(edit)]
        self._drop(node[3], terms)
        for schema in self.document:
            for group in schema[3]:
                if group[0] == "Annotations" and canonical(group[1].get("Target", ""), self.scope) == target:
                    self._drop(group[3], terms)

    def _drop(self, nodes: list[Node], terms: list[str]) -> None:
        def holds(node: Node) -> bool:
            full = self.scope.qualified(node[1].get("Term", "")) if node[0] == "Annotation" else ""
            return not any(full == term or (term.endswith(".*") and full.startswith(term[:-1])) for term in terms)

        nodes[:] = filter(holds, nodes)

    def retype_uses(self, edit: Annotation, target: str, siblings: list[Node], node: Node) -> None:
        """Give another type to single uses of a type, where the element (for a result: the operation) has the name."""
        for item in self._items(edit):
            if not isinstance(item, Record):
                raise self._fault(edit, "Uses takes a collection of records", "give each Becomes and In")
            becomes = self._type(edit, item.get("Becomes"))
            listed = item.get("In")
            kinds = [self._text(edit, kind) for kind in (listed.items if isinstance(listed, Collection) else ())]
            if not kinds or not set(kinds) <= set(_USERS):
                raise self._fault(edit, "Uses needs In", f"a collection of {', '.join(_USERS)}")
            pattern = self._text(edit, item.get("Named") or Constant("String", "*"))
            for user, name in self._users(target):
                if user[0] in kinds and fnmatchcase(name, pattern):
                    user[1]["Type"] = becomes

    def _users(self, full_name: str) -> Iterator[tuple[Node, str]]:
        """Give every element that holds one value of a type, with the name that patterns are compared with."""
        for schema in self.document:
            for holder in schema[3]:
                for child in holder[3]:
                    if child[0] in _USERS and self.scope.qualified(child[1].get("Type", "")) == full_name:
                        yield child, child[1].get("Name") or holder[1].get("Name", "")

    # ------------------------------------------------------------------------------------------------- values

    def _boolean(self, edit: Annotation) -> bool:
        value = edit.expression
        if value is None:
            return True
        if isinstance(value, Constant) and isinstance(value.value, bool):
            return value.value
        raise self._fault(edit, f"{edit.term} takes true or false", 'write Bool="true"')

    def _items(self, edit: Annotation) -> tuple[Expression, ...]:
        if isinstance(edit.expression, Collection):
            return edit.expression.items
        raise self._fault(edit, f"{edit.term} takes a collection", "write a <Collection>")

    def _text(self, edit: Annotation, value: Expression | None) -> str:
        if isinstance(value, Constant) and value.kind == "String" and value.value:
            return str(value.value)
        raise self._fault(edit, f"{edit.term} takes a text here", 'write String="..."')

    def _type(self, edit: Annotation, value: Expression | None) -> str:
        return _qualified(self._text(edit, value), self.overlay_scope)


def _qualified(text: str, scope: Scope) -> str:
    """Spell a type name in full, inside a collection too."""
    if text.startswith("Collection(") and text.endswith(")"):
        return f"Collection({scope.qualified(text[len('Collection(') : -1])})"
    return scope.qualified(text)


_EDITS: dict[str, Callable[[_Corrector, Annotation, str, list[Node], Node], None]] = {
    "Removed": _Corrector.remove,
    "ContainsTarget": _Corrector.set_flag,
    "HasStream": _Corrector.set_flag,
    "BaseType": _Corrector.set_type,
    "Type": _Corrector.set_type,
    "ReturnType": _Corrector.set_result,
    "Without": _Corrector.without,
    "Uses": _Corrector.retype_uses,
}
