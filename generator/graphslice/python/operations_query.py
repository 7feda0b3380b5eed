"""Query options: the dataclass of an operation, and the plain keywords that stand for it.

A field has Kiota's name, also where that is odd; its wire name is always the one that the URL template asks for
(Kiota forgets it for Python's reserved words and then sends nothing).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphslice.api.model import (
    EnumType,
    HeaderParameter,
    ListRef,
    NamedRef,
    Primitive,
    PrimitiveRef,
    QueryParameter,
    TypeRef,
)

from . import naming
from .builder_views import QueryClassView
from .builders_templates import encoded
from .docstrings import docstring
from .imports import ImportSet
from .literals import lit
from .models_deprecations import with_deprecation
from .models_fields import Attribute, field_lines
from .models_views import FieldView
from .naming import MemberName
from .types import PRIMITIVES, TypeTable

_TAKEN_BY_OPTIONS = frozenset({"get_query_parameter", "_wire_names"})
_TAKEN_BY_EXECUTORS = frozenset(
    (
        *("self", "request_configuration", "body", "content_type", "info", "changes"),
        *("bool", "bytes", "datetime", "deprecated", "dict", "float", "int", "list", "required", "str", "super"),
    )
)
"""The arguments of executors, and the names that their bodies use."""
_SET_BY_CLIENT = frozenset(
    {"accept", "authorization", "content-type", "content-length", "cookie", "host", "transfer-encoding"}
)
"""Headers that the client writes itself; a description that lists them is describing HTTP."""
_STRING = PrimitiveRef(Primitive.STRING)
_NOTHING = ImportSet("", "")
"""Imports for annotations that need none."""
SYSTEM_OPTIONS = {
    "$count": ("bool", "Whether to count all items."),
    "$expand": ("list[str]", "Related resources to read along."),
    "$filter": ("str", "Condition that items must meet."),
    "$orderby": ("list[str]", "Properties to sort by; `desc` behind one sorts downwards."),
    "$search": ("str", "Words to look for."),
    "$select": ("list[str]", "Properties to read."),
    "$skip": ("int", "Items to leave out at the start."),
    "$top": ("int", "Items on a page at most."),
}
"""Type and meaning of OData's options, where a description does not say more."""
STANDARD_OPTIONS = {
    "CountOptions": ("filter", "search"),
    "ItemOptions": ("expand", "select"),
    "PageOptions": ("filter", "search", "expand", "select", "count", "orderby", "skip", "top"),
}
"""The runtime's own classes of query options with their fields, in order; a description has nothing to add to them."""
_STANDARD = {frozenset(fields): name for name, fields in STANDARD_OPTIONS.items()}


@dataclass(frozen=True, slots=True)
class Option:
    """A query option in Python: `field` of the dataclass, and the template variable that it fills."""

    field: MemberName
    wire: str
    parameter: QueryParameter
    type: TypeRef

    @property
    def description(self) -> str:
        """What documentation says of the option."""
        text = self.parameter.description or SYSTEM_OPTIONS.get(self.parameter.name, ("", ""))[1]
        return with_deprecation(text or f"The query option `{self.parameter.name}`.", self.parameter.deprecation)


@dataclass(frozen=True, slots=True)
class Keyword:
    """A plain keyword of an executor: a query option, a header or a cookie (`setter` of the runtime)."""

    name: MemberName
    key: str
    type: TypeRef
    description: str
    setter: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the query options of an operation come to, in all places; made once for options that are all alike.

    `fields` is None where an annotation needs an import, which depends on the module.
    """

    options: tuple[Option, ...]
    standard: str
    """The runtime's class that has just these options, or empty."""
    keywords: tuple[Keyword, ...]
    fields: tuple[FieldView, ...] | None
    parameters: tuple[str, ...] | None
    """The keywords as parameters; None like `fields`."""
    wire_names: str


class Queries:
    """The query options of a client's operations, most of which are a few sets over and over."""

    def __init__(self, table: TypeTable) -> None:
        """Start with nothing prepared."""
        self._table = table
        self._prepared: dict[tuple[QueryParameter, ...], Prepared] = {}

    def prepare(self, parameters: tuple[QueryParameter, ...]) -> Prepared:
        """Name the options and spell what can be spelled without knowing the module."""
        found = self._prepared.get(parameters)
        if found is None:
            options = self._options(parameters)
            named = keywords(options, (), ())
            fields = self._fields(options, _NOTHING) if all(_is_builtin(one.type) for one in options) else None
            if fields is not None and any("builtins." in field.declaration for field in fields):
                fields = None
            spelled = None
            if fields is not None:
                spelled = tuple(keyword_parameter(one, self._table.annotation(one.type, _NOTHING)) for one in named)
            found = Prepared(options, self._standard(options), named, fields, spelled, _wire_names(options))
            self._prepared[parameters] = found
        return found

    def _options(self, parameters: Sequence[QueryParameter]) -> tuple[Option, ...]:
        names: list[str] = []
        taken: set[str] = set()
        for parameter in parameters:
            name = naming.unique(naming.symbol_of_parameter(parameter.name), taken)
            taken.add(name.lower())
            names.append(naming.query_field(name))
        return tuple(
            Option(field, encoded(parameter.name), parameter, sendable(parameter.type, self._table))
            for field, parameter in zip(_snake_apart(names), parameters, strict=True)
        )

    def _standard(self, options: Sequence[Option]) -> str:
        """Give the runtime's class that has just these options: by name, type and description."""
        name = _STANDARD.get(frozenset(option.field for option in options), "")
        return name if name and all(self._is_plain(option) for option in options) else ""

    def _is_plain(self, option: Option) -> bool:
        """Tell whether nothing is said of a system option that is not said of it everywhere."""
        known = SYSTEM_OPTIONS.get(option.parameter.name)
        return known == (self._table.annotation(option.type, _NOTHING), option.description)

    def _fields(self, options: Sequence[Option], imports: ImportSet) -> tuple[FieldView, ...]:
        return field_lines([_attribute(one, self._table, imports) for one in options], imports)

    def query_class(self, name: str, base: str, verb: str, prepared: Prepared, imports: ImportSet) -> QueryClassView:
        """Build the class of query options; importing `dataclass` and the base (as spelled) is left to the caller."""
        text = docstring(f"Query options of `{verb}`.", indent=8)
        if prepared.standard:
            return QueryClassView(name, base, text)
        fields = prepared.fields
        if fields is None:
            fields = self._fields(prepared.options, imports)
        return QueryClassView(name, base, text, fields, prepared.wire_names)


def _is_builtin(ref: TypeRef) -> bool:
    if isinstance(ref, ListRef):
        return _is_builtin(ref.item)
    return isinstance(ref, PrimitiveRef) and not PRIMITIVES[ref.kind].module


def _wire_names(options: Sequence[Option]) -> str:
    wires = ", ".join(
        f"{lit(option.field)}: {lit(option.wire)}"
        for option in sorted(options, key=lambda option: option.field)
        if option.field != option.wire
    )
    return f"{{{wires}}}" if wires else ""


def _snake_apart(names: Sequence[str]) -> list[MemberName]:
    """Spell names in snake case; one whose spelling another one has already keeps its own, as in Kiota."""
    present = set(names)
    fields: list[MemberName] = []
    for name in names:
        spelled = naming.snake(name)
        if spelled != name and spelled in present:
            spelled = name
        present.add(spelled)
        # Two underscores in front would be mangled in a class body.
        spelled = "_" + spelled.lstrip("_") if spelled.startswith("__") else spelled
        field = MemberName(f"{spelled}_" if spelled in _TAKEN_BY_OPTIONS else spelled)
        while field in fields:
            field = MemberName(f"{field}_")
        fields.append(field)
    return fields


def sendable(ref: TypeRef, table: TypeTable) -> TypeRef:
    """Give the type that a URL can carry: primitives, enums, and lists of those; anything else is text."""
    if isinstance(ref, ListRef):
        item = sendable(ref.item, table) if not isinstance(ref.item, ListRef) else _STRING
        return ListRef(item)
    if isinstance(ref, PrimitiveRef):
        return ref
    if isinstance(ref, NamedRef) and isinstance(table.declared.get(ref.id), EnumType):
        return ref
    return _STRING


def _attribute(option: Option, table: TypeTable, imports: ImportSet) -> Attribute:
    annotation = table.annotation(option.type, imports)
    text = docstring(option.description, fallback=f"The query option `{option.wire}`.", indent=8)
    if isinstance(option.type, ListRef) and isinstance(option.type.item, NamedRef):
        imports.name("dataclasses", "field")
        return Attribute(option.field, annotation, "field(default_factory=list)", text)
    return Attribute(option.field, f"{annotation} | None", "None", text)


# ---------------------------------------------------------------------------------------------------- keywords


def keywords(
    options: Sequence[Option], headers: Sequence[HeaderParameter], taken: Iterable[str]
) -> tuple[Keyword, ...]:
    """Give the plain keywords of an executor, by name.

    `taken` are names that the executor's ``**changes`` have; an option of such a name is left to the configuration.
    """
    found = [
        Keyword(_keyword_name(option.field), option.wire, option.type, option.description, "_set_query")
        for option in options
    ]
    names = {keyword.name for keyword in found}
    for header in headers:
        if header.name.lower() in _SET_BY_CLIENT and not header.cookie:
            continue
        kind = "cookie" if header.cookie else "header"
        name = _keyword_name(naming.embedded_argument(header.name))
        if name in names:
            name = MemberName(f"{name}_{kind}")
        if name in names:
            continue
        names.add(name)
        setter = "_set_cookies" if header.cookie else "_set_headers"
        text = header.description or f"The {kind} `{header.name}`."
        found.append(Keyword(name, header.name, header.type, text, setter))
    refused = frozenset(taken)
    return tuple(sorted((k for k in found if k.name not in refused), key=lambda keyword: keyword.name))


def keyword_parameter(keyword: Keyword, annotation: str) -> str:
    """Spell a keyword as a parameter."""
    return f"{keyword.name}: {annotation} | None = None"


def _keyword_name(name: str) -> MemberName:
    return MemberName(f"{name}_" if name in _TAKEN_BY_EXECUTORS else name)


def keyword_lines(prepared: Prepared, found: Sequence[Keyword], standard: str, query_class: str) -> tuple[str, ...]:
    """Give the statements that put the keywords of an executor into its request.

    `standard` is how the runtime's class is spelled, `query_class` the name of the operation's own.
    """
    lines = []
    names = {one.key: one.name for one in found if one.setter == "_set_query"}
    if names:
        if prepared.standard and len(names) == len(prepared.options):
            made = f"{standard}({', '.join(STANDARD_OPTIONS[prepared.standard])})"
        else:
            given = [_given(one, names[one.wire]) for one in prepared.options if one.wire in names]
            made = f"self.{query_class}({', '.join(given)})"
        lines.append(f"self._set_query(info, {made})")
    for setter in ("_set_headers", "_set_cookies"):
        pairs = ", ".join(f"{lit(one.key)}: {one.name}" for one in found if one.setter == setter)
        if pairs:
            lines.append(f"self.{setter}(info, {{{pairs}}})")
    return tuple(lines)


def _given(option: Option, keyword: str) -> str:
    # A list of enum members is never None in Kiota's classes.
    is_list = isinstance(option.type, ListRef) and isinstance(option.type.item, NamedRef)
    return f"{option.field}={keyword}{' or []' if is_list else ''}"
