"""What the annotations tell a reader: descriptions, links, deprecations, permissions, roles.

Nothing here changes which operations and types there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from graphslice.api.model import Deprecation, Permission
from graphslice.csdl import annotations as read
from graphslice.csdl import edm, vocabulary
from graphslice.csdl.annotations import operation_target
from graphslice.csdl.capabilities import Capabilities, Stack, records, text
from graphslice.csdl.edm import Constant, Expression, Record
from graphslice.csdl.segments import Node, Step


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said about a type, a property or a member."""

    description: str = ""
    deprecation: Deprecation | None = None
    documentation: str = ""
    computed: bool = False
    read_only: bool = False
    immutable: bool = False


_NOTHING = Remark()


class Remarks:
    """Reads remarks; what holds for a declared element is read once."""

    def __init__(self, capabilities: Capabilities) -> None:
        """Take the lookups."""
        self.capabilities, self.annotations = capabilities, capabilities.annotations
        self._steps: dict[int, Deprecation | None] = {}
        self._texts: dict[str, str] = {}
        self._links: dict[str, Expression | None] = {}

    @cached_property
    def targets(self) -> frozenset[str]:
        """Every target that something is said about outside."""
        return frozenset(self.annotations.targets())

    # ------------------------------------------------------------------------------------------------ elements

    def of_type(self, declared: edm.StructuredType | edm.EnumType) -> Remark:
        """Give the remark of a type itself; what its bases say is not its own."""
        return self._remark(declared, declared.full_name)

    def of_property(self, owner: edm.StructuredType, prop: edm.Property) -> Remark:
        """Give the remark of an own structural property."""
        return self._remark(prop, f"{owner.full_name}/{prop.name}")

    def of_navigation(self, prop: edm.NavigationProperty) -> Remark:
        """Give the remark of a navigation property."""
        return self._remark(prop, f"{prop.owner}/{prop.name}")

    def of_member(self, owner: edm.EnumType, member: edm.EnumMember) -> Remark:
        """Give the remark of a member of an enumeration."""
        return self._remark(member, f"{owner.full_name}/{member.name}")

    def description(self, element: edm.Element, target: str) -> str:
        """Give all text that is said about an element: the short one, then the long one as a paragraph."""
        lookup = self.annotations.lookup
        return _joined(
            read.string(lookup(element, target, vocabulary.DESCRIPTION)),
            read.string(lookup(element, target, vocabulary.LONG_DESCRIPTION)),
        )

    def _remark(self, element: edm.Element, target: str) -> Remark:
        outside = self.annotations.outside(target) if target in self.targets else None
        if not element.annotations and outside is None:
            return _NOTHING
        terms = {annotation.term for annotation in element.annotations}
        if outside is not None:
            terms.update(outside.said, outside.laid)

        def said(term: str) -> Expression | None:
            return self.annotations.lookup(element, target, term) if term in terms else None

        return Remark(
            description=_joined(
                read.string(said(vocabulary.DESCRIPTION)), read.string(said(vocabulary.LONG_DESCRIPTION))
            ),
            deprecation=deprecation(said(vocabulary.REVISIONS)),
            documentation=_link(said(vocabulary.LINKS), ()),
            computed=read.boolean(said(vocabulary.COMPUTED)) is True,
            read_only=read.members(said(vocabulary.PERMISSIONS)) == ("Read",),
            immutable=read.boolean(said(vocabulary.IMMUTABLE)) is True,
        )

    # ---------------------------------------------------------------------------------------------- operations

    def of_operation(self, stack: Stack, addressed: str) -> str:
        """Give the description of an operation: that of its records, else of what its path addresses."""
        if not stack:
            return addressed
        return _joined(text(stack, "Description"), text(stack, "LongDescription")) or addressed

    def of_path(self, node: Node) -> str:
        """Give the description of what a path addresses."""
        if self.capabilities.is_annotated(node):
            at = self.capabilities.at
            at_path = _joined(
                read.string(at(node, vocabulary.DESCRIPTION)), read.string(at(node, vocabulary.LONG_DESCRIPTION))
            )
            if at_path:
                return at_path
        if node.step in (Step.COUNT, Step.VALUE):
            return ""
        found = self._described(node)
        return "" if found is None else self._text(*found)

    def _described(self, node: Node) -> tuple[edm.Element, str] | None:
        """Give the element whose description stands for a path, and its target."""
        member = node.member
        if node.step is Step.KEY and node.last_navigation is None and node.type is not None:
            return node.type, node.type.full_name
        if isinstance(member, (edm.EntitySet, edm.Singleton, edm.OperationImport)):
            return member, self.annotations.path(member.name)
        if isinstance(member, edm.NavigationProperty):
            return member, f"{member.owner}/{member.name}"
        if isinstance(member, edm.StructuredType):
            return member, member.full_name
        if isinstance(member, edm.Operation):
            return member, operation_target(member)
        if isinstance(member, edm.Property) and node.parent is not None and node.parent.type is not None:
            owner = self.annotations.index.declares(node.parent.type, member.name)
            return None if owner is None else (member, f"{owner.full_name}/{member.name}")
        return None

    def _text(self, element: edm.Element, target: str) -> str:
        found = self._texts.get(target)
        if found is None:
            found = self._texts[target] = self.description(element, target)
        return found

    def permissions(self, stack: Stack) -> tuple[Permission, ...]:
        """Give the least scopes of each scheme that a stack of records names."""
        return () if not stack else tuple(p for p in _permissions(stack) if p.scheme != vocabulary.ROLE_SCHEME)

    def roles(self, stack: Stack) -> tuple[str, ...]:
        """Give the directory roles one of which the caller needs."""
        return (
            ()
            if not stack
            else tuple(role for p in _permissions(stack) if p.scheme == vocabulary.ROLE_SCHEME for role in p.scopes)
        )

    def clouds(self, container: edm.EntityContainer) -> tuple[str, ...]:
        """Give the clouds that offer the service."""
        return read.strings(self.annotations.lookup(container, container.full_name, vocabulary.CLOUDS))

    def documentation(self, node: Node, relation: str) -> str:
        """Give the vendor's page about an operation: a link at the path, else on what the path addresses."""
        if not relation:
            return ""
        at_path = _link(self.capabilities.at(node, vocabulary.LINKS), (relation,))
        if at_path:
            return at_path
        found = self._described(node)
        if found is None:
            return ""
        element, target = found
        if target not in self._links:
            self._links[target] = self.annotations.lookup(element, target, vocabulary.LINKS)
        said = self._links[target]
        return "" if said is None else _link(said, (relation,))

    # -------------------------------------------------------------------------------------------- deprecations

    def deprecated(self, node: Node) -> Deprecation | None:
        """Give the latest deprecation of everything that a path passes."""
        key = id(node)
        if key not in self._steps:
            above = None if node.parent is None else self.deprecated(node.parent)
            self._steps[key] = _latest(above, self._own(node))
        return self._steps[key]

    def _own(self, node: Node) -> Deprecation | None:
        member, annotations = node.member, self.annotations
        said: list[Expression | None] = []
        if node.step is Step.SOURCE and isinstance(member, (edm.EntitySet, edm.Singleton)):
            said.append(annotations.of_source(member, vocabulary.REVISIONS))
        elif node.step is Step.NAVIGATION and isinstance(member, edm.NavigationProperty):
            said.append(annotations.of_navigation(member, vocabulary.REVISIONS))
        elif node.step is Step.COMPLEX:
            said.append(self.capabilities.of_property(node, vocabulary.REVISIONS))
        elif node.step is Step.OPERATION and isinstance(member, edm.Operation):
            return deprecation(annotations.of_operation(member, vocabulary.REVISIONS))
        elif node.step is Step.IMPORT and isinstance(member, edm.OperationImport):
            return deprecation(annotations.of_import(member, vocabulary.REVISIONS))
        elif node.step is not Step.CAST:
            return None
        if node.type is not None:
            said.append(annotations.of_type(node.type, vocabulary.REVISIONS))
        found = None
        for expression in said:
            found = _latest(found, deprecation(expression))
        return found


def _permissions(stack: Stack) -> list[Permission]:
    found = []
    for record in records(stack, "Permissions"):
        scopes = tuple(s for s in (read.string(r.get("Scope")) for r in read.records(record.get("Scopes"))) if s)
        if scopes:
            found.append(Permission(read.string(record.get("SchemeName")) or "", scopes))
    return found


def _joined(short: str | None, long: str | None) -> str:
    return "\n\n".join(part for part in (short, long) if part)


def deprecation(expression: Expression | None) -> Deprecation | None:
    """Give the latest deprecation of a list of revisions."""
    found = None
    for record in read.records(expression):
        if "Deprecated" in read.members(record.get("Kind")):
            made = Deprecation(
                _plain(record, "Description"),
                _plain(record, "Version"),
                _plain(record, "Date")[:10],
                _plain(record, "RemovalDate")[:10],
            )
            found = _latest(found, made)
    return found


def _plain(record: Record, name: str) -> str:
    value = record.get(name)
    return str(value.value) if isinstance(value, Constant) else ""


def _latest(one: Deprecation | None, other: Deprecation | None) -> Deprecation | None:
    if one is None or other is None:
        return one or other
    return other if (other.date, other.removal_date) > (one.date, one.removal_date) else one


def _link(expression: Expression | None, relations: tuple[str, ...]) -> str:
    """Give the address of the first link of a relation (its last step counts), of any if none is asked for."""
    for record in read.records(expression):
        relation = (read.string(record.get("rel")) or "").rpartition("/")[2]
        address = _plain(record, "href")
        if address.startswith("https://") and (not relations or relation in relations):
            return address
    return ""
