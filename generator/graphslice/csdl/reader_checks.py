"""What makes a document well-formed, looked at once for every node, before anything is made of it.

The first fault stops the run with its line and a cure: whatever comes later may rely on names being identifiers, types
being known, lines of descent ending, and defaults being values of their type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from graphslice.csdl.reader_names import EDM_TYPES, Scope, is_member
from graphslice.csdl.reader_types import truth
from graphslice.csdl.reader_xml import Node
from graphslice.diagnostics import GraphsliceError

MAX_MEMBERS = 5_000
MAX_DESCENT = 64

_INTEGERS = {
    "Edm.SByte": (-(2**7), 2**7 - 1),
    "Edm.Byte": (0, 2**8 - 1),
    "Edm.Int16": (-(2**15), 2**15 - 1),
    "Edm.Int32": (-(2**31), 2**31 - 1),
    "Edm.Int64": (-(2**63), 2**63 - 1),
}
_WHOLE = re.compile(r"[+-]?[0-9]{1,20}").fullmatch
_NUMBER = re.compile(r"[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})([eE][+-]?[0-9]{1,4})?|-?INF|NaN").fullmatch
_WORDS = {
    "EntitySet": "entity set",
    "Singleton": "singleton",
    "ActionImport": "action import",
    "FunctionImport": "function import",
}
_ROOT_TYPE = "entity"
_SPATIAL = "Edm.Geo"
_TYPED = frozenset(("Property", "NavigationProperty"))
_STRUCTURED = frozenset(("EntityType", "ComplexType"))


@dataclass(slots=True)
class Declared:
    """What all files together declare: schema children by full name, with the scope of their file."""

    types: dict[str, tuple[Node, Scope]] = field(default_factory=dict)
    operations: set[str] = field(default_factory=set)


class Checks:
    """The checks of one file against everything that is declared."""

    def __init__(self, scope: Scope, declared: Declared) -> None:
        """Take the scope of the file; known strings are remembered, since most of them recur thousands of times."""
        self.scope = scope
        self.declared = declared
        self._simple: set[str | None] = set()
        self._members: set[str | None] = set()
        self._types: set[str | None] = set()
        self._depths: dict[str, int] = {}
        self.uses: set[str] = set()
        """The texts of the types that `Document.uses` is about."""

    def child(self, node: Node, namespace: str) -> None:
        """Check a child of a schema; elements that this module does not know are ignored, as the standard asks."""
        check = _BY_TAG.get(node[0])
        if check is not None:
            check(self, node, namespace)

    # --------------------------------------------------------------------------------------------------- types

    def structured(self, node: Node, namespace: str) -> None:
        """Check an entity or complex type: its members, its line of descent, its key."""
        _, attributes, line, children = node
        self._limit(children, f"type {attributes['Name']!r}", line)
        seen: set[str | None] = set()
        names, types = self._members, self._types
        counts = attributes["Name"].lower() != _ROOT_TYPE
        for tag, values, at, _ in children:
            if tag in _TYPED:
                name = values.get("Name")
                if name not in names:
                    name = self._member(values, "property", at)
                if name in seen:
                    hint = "every property of a type needs a name of its own"
                    raise self.scope.fault("CSDL024", f"property {name!r} is declared twice", at, hint)
                seen.add(name)
                text = values.get("Type")
                if text not in types:
                    text = self._type(values, f"property {name!r}", at)
                if text and (counts or _SPATIAL in text):
                    self.uses.add(text)
                if "DefaultValue" in values:
                    self._default(values, values["Name"], at)
        if "BaseType" in attributes:
            self._descent(f"{namespace}.{attributes['Name']}", line)
        for key in children:
            if key[0] == "Key":
                self._key(node, key)

    def _descent(self, full_name: str, line: int) -> None:
        """Follow the base types up to one whose own line is known to end."""
        depths = self._depths
        passed = [full_name]
        depth = 0
        while True:
            node, scope = self.declared.types[passed[-1]]
            text = node[1].get("BaseType")
            if not text:
                break
            base = scope.qualified(text)
            if base in depths:
                depth = depths[base] + 1
                break
            found = self.declared.types.get(base)
            if found is None or found[0][0] not in _STRUCTURED:
                raise scope.fault("CSDL030", f"base type {text[:80]!r} is not known", node[2], self._cure(base))
            if base in passed:
                loop = " > ".join([*passed[passed.index(base) :], base])
                raise scope.fault(
                    "CSDL031", f"a type derives from itself: {loop}", node[2], "break the loop of BaseType"
                )
            passed.append(base)
        for place, name in enumerate(reversed(passed)):
            depths[name] = depth + place
        if depths[full_name] > MAX_DESCENT:
            raise self.scope.fault(
                "CSDL032",
                f"type {full_name!r} has more than {MAX_DESCENT} base types above it",
                line,
                "is this really metadata?",
            )

    def _key(self, owner: Node, key: Node) -> None:
        known: set[str] = set()
        node, scope = owner, self.scope
        while True:
            known.update(child[1].get("Name", "") for child in node[3] if child[0] == "Property")
            base = self.declared.types.get(scope.qualified(node[1].get("BaseType", "")))
            if base is None or base[0][0] not in _STRUCTURED:
                break
            node, scope = base
        for tag, attributes, line, _ in key[3]:
            name = attributes.get("Name", "")
            if tag == "PropertyRef" and name.partition("/")[0] not in known:
                shown = name if len(name) <= 60 else f"{name[:57]}..."
                raise self.scope.fault(
                    "CSDL033",
                    f"key property {shown!r} is not a property of {owner[1]['Name']!r}",
                    line,
                    "name a structural property of the type or of its bases",
                )
            if tag == "PropertyRef" and not all(map(is_member, [*name.split("/"), attributes.get("Alias", "a")])):
                raise self.scope.fault("CSDL021", f"key {name!r} is not a path of identifiers", line, "correct the key")

    def _default(self, attributes: dict[str, str], name: str, line: int) -> None:
        """Check that a default is a value of its type, where the value decides what code is written."""
        use = self.scope.type_use(attributes["Type"])
        text = attributes["DefaultValue"]
        if use is None or use.collection or not text:
            return
        bounds = _INTEGERS.get(use.name)
        fits = True
        if bounds is not None:
            fits = _WHOLE(text) is not None and bounds[0] <= int(text) <= bounds[1]
        elif use.name == "Edm.Boolean":
            fits = text.lower() in ("true", "false")
        elif use.name in ("Edm.Decimal", "Edm.Double", "Edm.Single"):
            fits = _NUMBER(text) is not None
        if not fits:
            shown = text if len(text) <= 60 else f"{text[:57]}..."
            raise self.scope.fault(
                "CSDL040",
                f"default {shown!r} of property {name!r} is not a value of {use.name}",
                line,
                "correct or remove the DefaultValue",
            )

    def enum(self, node: Node, namespace: str) -> None:
        """Check an enumeration: names once each, whole numbers, an integer type below."""
        _, attributes, line, children = node
        self._limit(children, f"enumeration {attributes['Name']!r}", line)
        underlying = attributes.get("UnderlyingType", "Edm.Int32")
        bounds = _INTEGERS.get(underlying)
        if bounds is None:
            raise self.scope.fault(
                "CSDL041", f"{underlying!r} cannot be the type of an enumeration", line, "use Edm.Int32"
            )
        seen: set[str | None] = set()
        for tag, values, at, _ in children:
            if tag != "Member":
                continue
            name = values.get("Name")
            if name not in self._simple:
                name = self._name(values, "member", at)
            if name in seen:
                hint = "every member of an enumeration needs a name of its own"
                raise self.scope.fault("CSDL025", f"member {name!r} is declared twice", at, hint)
            seen.add(name)
            value = values.get("Value")
            if value is not None and not (_WHOLE(value) and -(2**63) <= int(value) < 2**63):
                raise self.scope.fault(
                    "CSDL042",
                    f"value {value[:40]!r} of member {name!r} is not a whole number of 64 bits",
                    at,
                    "correct or remove the Value",
                )

    def definition(self, node: Node, namespace: str) -> None:
        """Check that a type definition stands for a primitive type."""
        _, attributes, line, _ = node
        underlying = attributes.get("UnderlyingType", "")
        if underlying not in EDM_TYPES or underlying in ("Edm.Untyped", "Edm.ComplexType", "Edm.EntityType"):
            name = attributes["Name"]
            raise self.scope.fault(
                "CSDL034",
                f"type definition {name!r} stands for {underlying[:80]!r}, which is no primitive type",
                line,
                "set UnderlyingType to a primitive type such as Edm.String",
            )

    # ------------------------------------------------------------------------------------------- the other kinds

    def operation(self, node: Node, namespace: str) -> None:
        """Check an action or function: name, parameters, result."""
        tag, attributes, line, children = node
        name = self._name(attributes, tag.lower(), line)
        parameters = [child for child in children if child[0] == "Parameter"]
        if truth(attributes.get("IsBound")) and not parameters:
            raise self.scope.fault(
                "CSDL043",
                f"{tag.lower()} {name!r} is bound but has no binding parameter",
                line,
                "give it a first parameter, or remove IsBound",
            )
        seen: set[str | None] = set()
        for _, values, at, _ in parameters:
            parameter = values.get("Name")
            if parameter not in self._members:
                parameter = self._member(values, "parameter", at)
            if parameter in seen:
                raise self.scope.fault(
                    "CSDL026", f"parameter {parameter!r} is declared twice", at, "rename one of them"
                )
            seen.add(parameter)
            text = self._type(values, f"parameter {parameter!r} of {name!r}", at)
            if tag == "Action" or _SPATIAL in text:
                self.uses.add(text)
        for child in children:
            if child[0] == "ReturnType":
                text = self._type(child[1], f"the result of {name!r}", child[2])
                if _SPATIAL in text:
                    self.uses.add(text)

    def container(self, node: Node, namespace: str) -> None:
        """Check the entity container and its children."""
        _, attributes, line, children = node
        self._name(attributes, "container", line)
        self._unique(children)
        for tag, values, at, _ in children:
            if tag in ("EntitySet", "Singleton"):
                self._entity(values, "EntityType" if tag == "EntitySet" else "Type", at)
            elif tag in ("ActionImport", "FunctionImport"):
                wanted = values.get(tag.removesuffix("Import"), "")
                if self.scope.qualified(wanted) not in self.declared.operations:
                    raise self.scope.fault(
                        "CSDL035",
                        f"import {values['Name']!r} names the unknown operation {wanted[:80]!r}",
                        at,
                        "declare the operation or remove the import",
                    )

    def _entity(self, attributes: dict[str, str], key: str, line: int) -> None:
        wanted = attributes.get(key, "")
        full_name = self.scope.qualified(wanted)
        found = self.declared.types.get(full_name)
        if full_name != "Edm.EntityType" and (found is None or found[0][0] != "EntityType"):
            raise self.scope.fault(
                "CSDL030",
                f"{attributes['Name']!r} is of {wanted[:80]!r}, which is not a known entity type",
                line,
                self._cure(full_name),
            )

    def term(self, node: Node, namespace: str) -> None:
        """Check the name of a term; its type may well stand in a vocabulary that is not at hand."""
        self._name(node[1], "term", node[2])

    # -------------------------------------------------------------------------------------------------- details

    def _name(self, attributes: dict[str, str], what: str, line: int) -> str:
        name = self.scope.name(attributes, what, line)
        self._simple.add(name)
        return name

    def _member(self, attributes: dict[str, str], what: str, line: int) -> str:
        name = self.scope.name(attributes, what, line, is_member)
        self._members.add(name)
        return name

    def _unique(self, nodes: Iterable[Node]) -> None:
        lines: dict[str, int] = {}
        for tag, attributes, line, _ in nodes:
            if tag in _WORDS:
                name = self._name(attributes, _WORDS[tag], line)
                if name in lines:
                    raise self.scope.fault(
                        "CSDL027",
                        f"{name!r} stands twice in the container, first in line {lines[name]}",
                        line,
                        "rename or remove one of them",
                    )
                lines[name] = line

    def _type(self, attributes: dict[str, str], what: str, line: int) -> str:
        """Check the type that an element names; give the text."""
        text = attributes.get("Type", "")
        if text in self._types:
            return text
        if not text:
            raise self.scope.fault("CSDL028", f"{what} has no type", line, "give it a Type")
        use = self.scope.type_use(text)
        if use is None:
            shown = text if len(text) <= 80 else f"{text[:77]}..."
            hint = "write ns.Name or Collection(ns.Name); collections do not nest"
            raise self.scope.fault("CSDL029", f"{shown!r} cannot be the type of {what}", line, hint)
        if use.name not in EDM_TYPES and use.name not in self.declared.types:
            raise self._unknown(use.name, text, what, line)
        self._types.add(text)
        return text

    def _unknown(self, full_name: str, text: str, what: str, line: int) -> GraphsliceError:
        shown = text if len(text) <= 80 else f"{text[:77]}..."
        return self.scope.fault("CSDL030", f"the type {shown!r} of {what} is not known", line, self._cure(full_name))

    def _cure(self, full_name: str) -> str:
        """Say what might have been meant; a fault is rare enough to search every name for it."""
        from difflib import get_close_matches

        near = get_close_matches(full_name[:200], self.declared.types, n=1)
        return f"did you mean {near[0]!r}?" if near else "declare it, or add the document that does; none is fetched"

    def _limit(self, children: list[Node], what: str, line: int) -> None:
        if len(children) > MAX_MEMBERS:
            raise self.scope.fault(
                "CSDL009", f"{what} has more than {MAX_MEMBERS:,} members", line, "is this really metadata?"
            )


_BY_TAG: Mapping[str, Callable[[Checks, Node, str], None]] = {
    "EntityType": Checks.structured,
    "ComplexType": Checks.structured,
    "EnumType": Checks.enum,
    "TypeDefinition": Checks.definition,
    "Action": Checks.operation,
    "Function": Checks.operation,
    "EntityContainer": Checks.container,
    "Term": Checks.term,
}
