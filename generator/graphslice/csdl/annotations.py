"""Where an annotation may stand, and which one holds.

Inline annotations and external ones (by `Target`) are brought together here; of several for the same element and term
the first holds whole: inline ones first, then external ones in document order. Qualifiers are not looked at. An overlay
file is laid over what holds then: members of its records replace or join those of the document's, other values replace.
What a record *means* for the API is the question of `csdl.capabilities`; this module finds it and reads its values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from graphslice.csdl import edm, vocabulary
from graphslice.csdl.edm import (
    Annotation,
    Collection,
    Constant,
    Expression,
    PathExpression,
    PropertyValue,
    Record,
    StructuredType,
)
from graphslice.csdl.index import Index


@dataclass(frozen=True, slots=True)
class Outside:
    """What stands outside on one target, by term: said by the document (the first of a term), laid over by overlays."""

    said: dict[str, Annotation]
    laid: dict[str, Expression]

    def __bool__(self) -> bool:
        """Tell whether anything stands on the target."""
        return bool(self.said or self.laid)


class Annotations:
    """Lookups of terms over one index; all answers are expressions (`None`: not annotated).

    A term applied without a value answers with its default (a tag is true).
    """

    def __init__(self, index: Index) -> None:
        """Take the index; external targets are sorted when first asked for."""
        self.index = index
        self._outside: dict[str, Outside] = {}

    # ------------------------------------------------------------------------------------------- by target text

    @cached_property
    def _groups(self) -> dict[str, list[tuple[edm.Schema, int]]]:
        """External groups by target, in document order; the targets have no alias in front, the reader resolved it."""
        found: dict[str, list[tuple[edm.Schema, int]]] = {}
        for schema in self.index.schemas:
            for place, (target,) in enumerate(external_heads(schema)):
                found.setdefault(target, []).append((schema, place))
        return found

    @cached_property
    def _overlays(self) -> tuple[str, ...]:
        return self.index.document.files[1:]

    def outside(self, target: str) -> Outside:
        """Give the annotations that stand outside on a target, by term."""
        found = self._outside.get(target)
        if found is None:
            found = self._outside[target] = self._gather(target)
        return found

    def _gather(self, target: str) -> Outside:
        said: dict[str, Annotation] = {}
        laid: dict[str, dict[str, Annotation]] = {}
        for schema, place in self._groups.get(target, ()):
            file = schema.location.file
            into = laid.setdefault(file, {}) if file in self._overlays else said
            for annotation in schema.external[place].annotations:
                into.setdefault(annotation.term, annotation)
        over: dict[str, Expression] = {}
        for file in self._overlays:
            for term, annotation in laid.get(file, {}).items():
                value = _laid_over(_value(annotation), over.get(term))
                if value is not None:
                    over[term] = value
        return Outside(said, over)

    def at(self, target: str, term: str) -> Expression | None:
        """Give what is said outside, on exactly this target (a URL path's target path too, full names only)."""
        outside = self.outside(target)
        return _laid_over(outside.laid.get(term), _value(outside.said.get(term)))

    def targets(self) -> Iterator[str]:
        """Give every external target, aliases resolved, in document order."""
        return iter(self._groups)

    # ------------------------------------------------------------------------------------------------ by element

    def lookup(self, element: edm.Element, target: str, term: str) -> Expression | None:
        """Give what holds for an element: its inline annotation, else the first external one on `target`."""
        if target not in self._groups:
            for annotation in element.annotations:
                if annotation.term == term:
                    return _value(annotation)
            return None
        return _laid_over(self.outside(target).laid.get(term), self._said(element, target, term))

    def _said(self, element: edm.Element, target: str, term: str) -> Expression | None:
        """Give what the document itself says, without the overlays."""
        for annotation in element.annotations:
            if annotation.term == term:
                return _value(annotation)
        return _value(self.outside(target).said.get(term))

    def of_type(self, declared: edm.SchemaType, term: str) -> Expression | None:
        """Give what holds for a type; a structured type inherits from its bases, nearest first."""
        chain = (declared, *self.index.bases(declared)) if isinstance(declared, StructuredType) else (declared,)
        laid: list[Expression] = []
        found: Expression | None = None
        for holder in chain:
            if not holder.annotations and holder.full_name not in self._groups:
                continue
            over = self.outside(holder.full_name).laid.get(term)
            if over is not None:
                laid.append(over)
            found = self._said(holder, holder.full_name, term)
            if found is not None:
                break
        for over in reversed(laid):
            found = _laid_over(over, found)
        return found

    def of_navigation(self, property: edm.NavigationProperty, term: str) -> Expression | None:
        """Give what holds for a navigation property (it never falls back to its target type)."""
        return self.lookup(property, f"{property.owner}/{property.name}", term)

    def of_property(self, owner: StructuredType, property: edm.Property, term: str) -> Expression | None:
        """Give what holds for a structural property; `owner` may be a type that inherits it."""
        declaring = self.index.declares(owner, property.name) or owner
        return self.lookup(property, f"{declaring.full_name}/{property.name}", term)

    def of_member(self, owner: edm.EnumType, member: edm.EnumMember, term: str) -> Expression | None:
        """Give what holds for a member of an enumeration."""
        return self.lookup(member, f"{owner.full_name}/{member.name}", term)

    def of_source(self, source: edm.EntitySet | edm.Singleton, term: str) -> Expression | None:
        """Give what holds for a set or singleton itself: outside first (it is the target path), then inline, no type.

        The outside record does not hide the inline one's other members: resolve merges `at(...)` with this.
        """
        return self.lookup(source, self.path(source.name), term)

    def of_source_or_type(self, source: edm.EntitySet | edm.Singleton, term: str) -> Expression | None:
        """Give what holds for a set or singleton, else for its entity type and the bases of that.

        A value of a kind that the term does not have counts as absent.
        """
        found = self.of_source(source, term)
        declared = None if _fits(term, found) else self.index.structured(source.type)
        return found if declared is None else self.of_type(declared, term)

    def of_operation(self, operation: edm.Operation, term: str) -> Expression | None:
        """Give what holds for one overload of an operation."""
        return self.lookup(operation, operation_target(operation), term)

    def of_parameter(self, operation: edm.Operation, parameter: edm.Parameter, term: str) -> Expression | None:
        """Give what holds for a parameter of an overload."""
        return self.lookup(parameter, f"{operation_target(operation)}/{parameter.name}", term)

    def of_import(self, imported: edm.OperationImport, term: str) -> Expression | None:
        """Give what holds for an action or function import."""
        return self.lookup(imported, self.path(imported.name), term)

    def path(self, *segments: str) -> str:
        """Give the target path of a URL path: the container's full name and the identifiers after it."""
        container = self.index.container
        return "/".join((container.full_name if container else "", *segments))


def operation_target(operation: edm.Operation) -> str:
    """Spell an overload the way an external Target does: ``ns.name(ns.type, Collection(Edm.String))``."""
    kinds = (f"Collection({p.type.name})" if p.type.collection else p.type.name for p in operation.parameters)
    return f"{operation.full_name}({', '.join(kinds)})"


def external_heads(schema: edm.Schema) -> Sequence[tuple[str, ...]]:
    """Give the target of each external group, without making any that is deferred."""
    if isinstance(schema.external, edm.Deferred):
        return schema.external.heads
    return [(group.target,) for group in schema.external]


# ---------------------------------------------------------------------------------------------- reading values

_TRUE = Constant("Bool", True)


def _value(annotation: Annotation | None) -> Expression | None:
    if annotation is None:
        return None
    return _TRUE if annotation.expression is None else annotation.expression


def _fits(term: str, value: Expression | None) -> bool:
    """Tell whether a value is of the kind that its term has."""
    if term in vocabulary.TAGS:
        return boolean(value) is not None
    return isinstance(value, Collection if term in vocabulary.LISTS else Record)


def _laid_over(laid: Expression | None, below: Expression | None) -> Expression | None:
    """Lay an overlay's value over what is below: records member by member, at any depth, everything else whole."""
    if laid is None or below is None:
        return below if laid is None else laid
    if not isinstance(laid, Record) or not isinstance(below, Record):
        return laid
    members: dict[str, PropertyValue] = {}
    for member in below.properties:
        members.setdefault(member.name, member)
    stated = set()
    for member in laid.properties:
        if member.name not in stated:
            stated.add(member.name)
            old = members.get(member.name)
            value = _laid_over(member.value, old.value if old is not None else None) or member.value
            members[member.name] = PropertyValue(member.name, value, member.annotations)
    return Record(laid.type or below.type, tuple(members.values()))


def boolean(expression: Expression | None) -> bool | None:
    """Give a constant boolean; every other kind of value counts as absent."""
    if isinstance(expression, Constant) and isinstance(expression.value, bool):
        return expression.value
    return None


def string(expression: Expression | None) -> str | None:
    """Give a constant string; every other kind of value counts as absent."""
    if isinstance(expression, Constant) and expression.kind == "String":
        return str(expression.value)
    return None


def record(expression: Expression | None) -> Record | None:
    """Give a record; every other kind of value counts as absent."""
    return expression if isinstance(expression, Record) else None


def records(expression: Expression | None) -> tuple[Record, ...]:
    """Give the records of a collection, leaving out whatever else it holds."""
    if not isinstance(expression, Collection):
        return ()
    return tuple(item for item in expression.items if isinstance(item, Record))


def strings(expression: Expression | None) -> tuple[str, ...]:
    """Give the constant strings of a collection, leaving out whatever else it holds."""
    if not isinstance(expression, Collection):
        return ()
    return tuple(text for text in map(string, expression.items) if text is not None)


def path(expression: Expression | None) -> str | None:
    """Give a path of any kind, as written; a string counts as one (documents use both)."""
    return expression.value if isinstance(expression, PathExpression) else string(expression)


def members(expression: Expression | None) -> tuple[str, ...]:
    """Give the simple names of an enumeration value (``ns.Type/A ns.Type/B`` gives A and B)."""
    if not isinstance(expression, Constant) or expression.kind != "EnumMember":
        return ()
    return tuple(part.rpartition("/")[2] for part in str(expression.value).split())


def member(holder: Record | None, name: str) -> Expression | None:
    """Give a member of a record that may be missing itself."""
    return None if holder is None else holder.get(name)
