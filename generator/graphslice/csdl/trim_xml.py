"""CSDL XML of chosen parts of a document: one spelling for everything, so that equal content gives equal bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphslice.csdl import edm, vocabulary
from graphslice.csdl.edm import Annotation, Expression, TypeUse
from graphslice.csdl.reader_types import FACETS
from graphslice.csdl.reader_xml import EDM, EDMX

_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)
_TEXT_MEMBERS = frozenset(("Description", "LongDescription"))


@dataclass(slots=True)
class Element:
    """An XML element to be written: attributes in the order given, those without a value left out."""

    tag: str
    attributes: Sequence[tuple[str, str | None]] = ()
    children: list[Element] = field(default_factory=list)

    def lines(self, indent: str = "") -> Iterator[str]:
        """Give the lines of the element and all below it."""
        given = "".join(
            f' {name}="{value.translate(_ESCAPES)}"' for name, value in self.attributes if value is not None
        )
        if not self.children:
            yield f"{indent}<{self.tag}{given} />"
            return
        yield f"{indent}<{self.tag}{given}>"
        for child in self.children:
            yield from child.lines(indent + "  ")
        yield f"{indent}</{self.tag}>"


def document(version: str, schemas: list[Element], comment: str) -> str:
    """Give the text of a whole document; `comment` must be fixed text, nothing from an input."""
    services = Element("edmx:DataServices", (), schemas)
    root = Element("edmx:Edmx", (("Version", version), ("xmlns:edmx", EDMX)), [services])
    return "\n".join(('<?xml version="1.0" encoding="utf-8"?>', f"<!-- {comment} -->", *root.lines(), ""))


def schema(namespace: str, alias: str, children: list[Element]) -> Element:
    """Make the element of a schema."""
    return Element("Schema", (("Namespace", namespace), ("Alias", alias or None), ("xmlns", EDM)), children)


class Writer:
    """Makes elements out of `edm` objects; names of the same document are written with the aliases of its schemas."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        """Take alias by namespace."""
        self._aliases = aliases

    def name(self, full_name: str) -> str:
        """Spell a qualified name with the alias of its namespace, where there is one."""
        namespace, _, simple = full_name.rpartition(".")
        alias = self._aliases.get(namespace)
        return f"{alias}.{simple}" if alias else full_name

    def _use(self, use: TypeUse) -> str:
        return f"Collection({self.name(use.name)})" if use.collection else self.name(use.name)

    # --------------------------------------------------------------------------------------------------- types

    def type(self, declared: edm.SchemaType, keeps: Callable[[str], bool]) -> Element:
        """Make the element of a type with the properties that `keeps` accepts by name."""
        if isinstance(declared, edm.EnumType):
            return self._enum(declared)
        if isinstance(declared, edm.TypeDefinition):
            attributes = (("Name", declared.name), ("UnderlyingType", declared.underlying), *_facets(declared.facets))
            return Element("TypeDefinition", attributes, self._inline(declared))
        return self._structured(declared, keeps)

    def _structured(self, declared: edm.StructuredType, keeps: Callable[[str], bool]) -> Element:
        attributes = (
            ("Name", declared.name),
            ("BaseType", self.name(declared.base) if declared.base else None),
            ("Abstract", _true(declared.abstract)),
            ("OpenType", _true(declared.open)),
            ("HasStream", _true(declared.has_stream)),
        )
        refs = [Element("PropertyRef", (("Name", ref.name), ("Alias", ref.alias or None))) for ref in declared.key]
        children = [
            *([Element("Key", (), refs)] if refs else ()),
            *(self._property(p) for p in declared.properties if keeps(p.name)),
            *(self._navigation(p) for p in declared.navigation if keeps(p.name)),
            *self._inline(declared),
        ]
        return Element("EntityType" if declared.entity else "ComplexType", attributes, children)

    def _property(self, declared: edm.Property) -> Element:
        attributes = (
            ("Name", declared.name),
            ("Type", self._use(declared.type)),
            ("Nullable", None if declared.nullable else "false"),
            ("DefaultValue", declared.default),
            *_facets(declared.facets),
        )
        return Element("Property", attributes, self._inline(declared))

    def _navigation(self, declared: edm.NavigationProperty) -> Element:
        attributes = (
            ("Name", declared.name),
            ("Type", self._use(declared.type)),
            ("Nullable", None if declared.nullable else "false"),
            ("Partner", declared.partner or None),
            ("ContainsTarget", _true(declared.contains_target)),
        )
        return Element("NavigationProperty", attributes, self._inline(declared))

    def _enum(self, declared: edm.EnumType) -> Element:
        underlying = None if declared.underlying == "Edm.Int32" else declared.underlying
        attributes = (("Name", declared.name), ("UnderlyingType", underlying), ("IsFlags", _true(declared.flags)))
        members = [
            Element(
                "Member",
                (("Name", member.name), ("Value", None if member.value is None else str(member.value))),
                self._inline(member),
            )
            for member in declared.members
        ]
        return Element("EnumType", attributes, [*members, *self._inline(declared)])

    # --------------------------------------------------------------------------------- operations and container

    def operation(self, declared: edm.Operation) -> Element:
        """Make the element of one overload."""
        attributes = (
            ("Name", declared.name),
            ("IsBound", _true(declared.bound)),
            ("IsComposable", _true(declared.composable)),
            ("EntitySetPath", declared.entity_set_path or None),
        )
        children = [
            Element(
                "Parameter",
                (
                    ("Name", parameter.name),
                    ("Type", self._use(parameter.type)),
                    ("Nullable", None if parameter.nullable else "false"),
                    *_facets(parameter.facets),
                ),
                self._inline(parameter),
            )
            for parameter in declared.parameters
        ]
        if declared.returns is not None:
            result = declared.returns
            nullable = None if result.nullable else "false"
            attributes_of_result = (("Type", self._use(result.type)), ("Nullable", nullable))
            children.append(Element("ReturnType", attributes_of_result, self._annotations(result.annotations)))
        return Element("Function" if declared.function else "Action", attributes, [*children, *self._inline(declared)])

    def container(self, declared: edm.EntityContainer, keeps: Callable[[str], bool]) -> Element:
        """Make the element of the container with the children that `keeps` accepts by name."""
        children = [
            *(
                Element("EntitySet", (("Name", s.name), ("EntityType", self.name(s.type))), self._inline(s))
                for s in declared.entity_sets
                if keeps(s.name)
            ),
            *(
                Element("Singleton", (("Name", s.name), ("Type", self.name(s.type))), self._inline(s))
                for s in declared.singletons
                if keeps(s.name)
            ),
            *(self._import(i) for i in declared.imports if keeps(i.name)),
        ]
        extends = self.name(declared.extends) if declared.extends else None
        return Element("EntityContainer", (("Name", declared.name), ("Extends", extends)), children)

    def _import(self, declared: edm.OperationImport) -> Element:
        kind = "Function" if declared.function else "Action"
        attributes = (
            ("Name", declared.name),
            (kind, self.name(declared.operation)),
            ("EntitySet", declared.entity_set or None),
        )
        return Element(f"{kind}Import", attributes, self._inline(declared))

    # --------------------------------------------------------------------------------------------- annotations

    def external(self, target: str, annotations: Iterable[Annotation]) -> Element | None:
        """Make the element of an external group; None where no annotation of it is wanted."""
        children = self._annotations(annotations)
        return Element("Annotations", (("Target", target),), children) if children else None

    def _inline(self, element: edm.Element) -> list[Element]:
        return self._annotations(element.annotations)

    def _annotations(self, annotations: Iterable[Annotation]) -> list[Element]:
        return [
            _valued(
                "Annotation",
                [("Term", annotation.term), ("Qualifier", annotation.qualifier or None)],
                annotation.expression,
                prose=annotation.term == vocabulary.REVISIONS,
            )
            for annotation in annotations
            if _is_wanted(annotation)
        ]


def _is_wanted(annotation: Annotation) -> bool:
    """Tell whether an annotation can shape a client; an aliased OptionalParameter must not begin to count."""
    if annotation.aliased and annotation.term == vocabulary.OPTIONAL_PARAMETER:
        return False
    return annotation.term in vocabulary.SHAPING


def _valued(tag: str, attributes: list[tuple[str, str | None]], value: Expression | None, prose: bool) -> Element:
    """Make an element that carries a value: constants and paths as an attribute, the rest as a child.

    Without `prose`, members of records that hold descriptions are left out.
    """
    if isinstance(value, (edm.Constant, edm.PathExpression)):
        return Element(tag, [*attributes, (value.kind, _text(value.value))])
    return Element(tag, attributes, [] if value is None else [_expression(value, prose)])


def _expression(value: Expression, prose: bool) -> Element:
    """Make an element of a value; constants are wrapped in an element of their kind."""
    if isinstance(value, (edm.Constant, edm.PathExpression)):
        return _Text(value.kind, _text(value.value))
    if isinstance(value, edm.Collection):
        return Element("Collection", (), [_expression(item, prose) for item in value.items])
    if isinstance(value, edm.Record):
        members = [
            _valued("PropertyValue", [("Property", member.name)], member.value, prose)
            for member in value.properties
            if prose or member.name not in _TEXT_MEMBERS
        ]
        return Element("Record", (("Type", value.type or None),), members)
    return Element(value.kind, value.attributes, [_expression(item, prose) for item in value.operands])


class _Text(Element):
    """An element with text instead of children."""

    def __init__(self, tag: str, text: str) -> None:
        super().__init__(tag)
        self.text = text

    def lines(self, indent: str = "") -> Iterator[str]:
        yield f"{indent}<{self.tag}>{self.text.translate(_ESCAPES)}</{self.tag}>"


def _text(value: str | bool | int) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _true(flag: bool) -> str | None:
    return "true" if flag else None


def _facets(facets: Mapping[str, str]) -> list[tuple[str, str | None]]:
    return [(name, facets.get(name)) for name in FACETS]
