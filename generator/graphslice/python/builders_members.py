"""The ways from a builder to its children: properties, indexes, and methods for segments with parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from graphslice.api import naming as dom
from graphslice.api.model import Deprecation, ListRef, PathItem, PathParameter, Primitive, PrimitiveRef, TypeRef
from graphslice.api.tree import Node

from . import naming, operations_text
from .builder_views import NavigationView
from .builders_layout import BuilderPlace, Layout
from .builders_templates import index_key
from .docstrings import docstring
from .literals import lit
from .naming import MemberName
from .operations_scope import Scope, constant_name, deprecation_lines, runtime_type

_TEXT = PrimitiveRef(Primitive.STRING)
_TWIN_MEMBERS = frozenset({"with_url", "wrapped"})
"""What every blocking form has for itself."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a way: `key` is the placeholder's own name; not `declared`: it may be left out."""

    name: MemberName
    key: str
    type: TypeRef
    description: str
    declared: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """A way from a builder to a child."""

    name: str
    node: Node
    place: BuilderPlace
    module: str
    arguments: tuple[Argument, ...]

    @property
    def is_index(self) -> bool:
        """Whether the way is an index."""
        return self.node.is_index

    @property
    def is_property(self) -> bool:
        """Whether the way takes no arguments at all."""
        return not self.node.is_index and not self.node.has_embedded_parameters


def ways_of(layout: Layout, node: Node) -> tuple[Member, ...]:
    """Give the ways from a node to its children, by name."""
    found = []
    for child in node.children:
        place = layout.places[child]
        found.append(Member(place.member, child, place, layout.dotted(child), arguments_of(child)))
    return tuple(sorted(found, key=lambda way: way.name))


def arguments_of(node: Node) -> tuple[Argument, ...]:
    """Give what the way to a node takes."""
    return (_index_argument(node),) if node.is_index else embedded_arguments(node)


# --------------------------------------------------------------------------------------------------- arguments


def _index_argument(node: Node) -> Argument:
    """Find the type of an index: by name, ignoring case, in the node's own path item or else in the first below."""
    name = node.segment[1:-1] if node.segment.endswith("}") else ""
    found = _first(node.nearest_items(), name)
    ref: TypeRef = _TEXT
    if found is not None:
        ref = found.type.item if isinstance(found.type, ListRef) else found.type
    if not isinstance(ref, PrimitiveRef):
        ref = _TEXT
    text = found.description if found is not None else ""
    key = node.segment[1 : node.segment.rindex("}")]
    return Argument(naming.index_argument(node.segment), key, ref, text or "Identifies the item.")


def _first(items: Iterable[PathItem], name: str) -> PathParameter | None:
    lowered = name.lower()
    for item in items:
        for parameter in item.parameters:
            if parameter.name.lower() == lowered and parameter.declared:
                return parameter
    return None


def embedded_arguments(node: Node) -> tuple[Argument, ...]:
    """Give the arguments of a segment with parameters: declared ones by name, then those that may be left out.

    Kiota gives no argument for a placeholder that neither the path nor its direct children declare, which leaves a
    hole in the URL; here it can be filled.
    """
    if not node.has_embedded_parameters:
        return ()
    found: dict[str, Argument] = {}
    names: set[str] = set()
    # The constructor's own arguments, and what it calls.
    spelled = {"request_adapter", "path_parameters", "super", "__class__", "with_parameters", "required"}
    declared = {parameter.name.lower(): parameter for parameter in reversed(list(_declared(node)))}
    for key in dict.fromkeys(dom.placeholders(node.segment)):
        parameter = declared.get(key.lower())
        raw = naming.unique(naming.symbol_of_parameter(key), names)
        names.add(raw.lower())
        name = naming.argument(raw)
        while name in spelled:
            name = MemberName(f"{name}_")
        spelled.add(name)
        if parameter is None:
            found[key] = Argument(name, key, _TEXT, f"Stands for `{{{key}}}`.", declared=False)
        else:
            text = parameter.description or f"Stands for `{{{key}}}`."
            found[key] = Argument(name, key, _argument_type(parameter.type), text)
    return tuple(sorted(found.values(), key=lambda one: (not one.declared, one.name)))


def _declared(node: Node) -> Iterator[PathParameter]:
    items = [node.item] if node.item is not None else [child.item for child in node.children if child.item is not None]
    for item in items:
        yield from (parameter for parameter in item.parameters if parameter.declared)


def _argument_type(ref: TypeRef) -> TypeRef:
    if isinstance(ref, ListRef):
        return ref if isinstance(ref.item, PrimitiveRef) else ListRef(_TEXT)
    return ref if isinstance(ref, PrimitiveRef) else _TEXT


def deprecation_of(node: Node) -> Deprecation | None:
    """Give the deprecation of a builder: that of its first operation, where all of them are deprecated."""
    operations = node.item.operations if node.item is not None else ()
    if not operations or any(operation.deprecation is None for operation in operations):
        return None
    return operations[0].deprecation


# -------------------------------------------------------------------------------------------------------- views


def navigation(scope: Scope, way: Member) -> NavigationView:
    """Build the view of a way."""
    child = scope.imports.typing(way.module, way.place.class_name)
    local = local_import(scope, way.module, way.place.class_name)
    made = f"return {way.place.class_name}(self.request_adapter, "
    if way.is_property:
        return NavigationView(
            way.name,
            "self",
            child,
            operations_text.child_docstring(way.node),
            (local, "", f"{made}self.path_parameters)"),
        )
    lines = list(deprecation_lines(scope, deprecation_of(way.node)))
    if way.is_index:
        (argument,) = way.arguments
        parts = [lit(index_key(way.node.segment)), argument.name, lit(argument.name)]
        kind = runtime_type(scope, argument.type) if isinstance(argument.type, PrimitiveRef) else "str"
        if kind.partition(".")[0] == argument.name:
            # The argument hides the type inside of the method.
            kind = constant_name(scope, kind, "_KIND")
        parts += [kind] if kind != "str" else []
        lines += [local, "", f"{made}self._with_id({', '.join(parts)}))"]
    else:
        needed = [argument.name for argument in way.arguments if argument.declared]
        if needed:
            lines.append(f"{scope.helper('required')}({', '.join(f'{name}={name}' for name in needed)})")
        given = ["self.path_parameters", *(f"{argument.name}={argument.name}" for argument in way.arguments)]
        lines += [local, "", f"{made}{', '.join(given)})"]
    return NavigationView(way.name, _parameters(scope, way), child, _docstring(way), tuple(lines))


def _parameters(scope: Scope, way: Member) -> str:
    parts = ["self"]
    for argument in way.arguments:
        annotation = scope.annotation(argument.type)
        parts.append(f"{argument.name}: {annotation}" + ("" if argument.declared else " | None = None"))
    return ", ".join(parts)


def _docstring(way: Member) -> str:
    return operations_text.child_docstring(way.node, [(one.name, one.description) for one in way.arguments])


def local_import(scope: Scope, module: str, name: str) -> str:
    """Spell the import of a child inside of a method, which keeps importing a builder cheap."""
    return f"from {scope.relative(module)} import {name}"


def additions(ways: Sequence[Member]) -> tuple[tuple[str, str], ...]:
    """Give what we add to Kiota's members, as (name, the member that it stands for).

    That is `by_id` where a collection has one key and nothing else has the name.
    """
    index = _plain_index(ways)
    return (("by_id", index.name),) if index is not None else ()


def _plain_index(ways: Sequence[Member]) -> Member | None:
    """Give the index that `by_id` may stand for."""
    if any(way.name == "by_id" for way in ways):
        return None
    return next((way for way in ways if way.is_index), None)


def twin_property(scope: Scope, name: str, module: str, class_name: str, remark: str = "") -> tuple[str, str]:
    """Give the blocking form of a property that leads to a builder, as (target, expression).

    `class_name` is that of the builder's twin, `remark` a directive for type checkers.
    """
    annotation = f"{scope.helper('Twin')}[{scope.imports.typing(module, class_name)}]"
    if name in _TWIN_MEMBERS:
        return f"{name}_property: {annotation}", f"{scope.helper('Twin')}({lit(name)})"
    return f"{name}: {annotation}", f"{scope.helper('Twin')}(){remark}"


def twin_method(scope: Scope, way: Member, class_name: str) -> NavigationView:
    """Build the blocking form of a way that takes arguments."""
    child = scope.imports.typing(way.module, class_name)
    call = f"self.wrapped.{way.name}({', '.join(argument.name for argument in way.arguments)})"
    text = docstring(f"The blocking form of `{way.name}`.", indent=8)
    return NavigationView(way.name, _parameters(scope, way), child, text, (f"return self._twin({call})",))


# ---------------------------------------------------------------------------------------------------- shortcuts


def shortcut(scope: Scope, name: str, node: Node, way: Member, chain: str) -> NavigationView:
    """Build a property of the client that leads further down at once."""
    child = scope.imports.typing(way.module, way.place.class_name)
    text = operations_text.child_docstring(node)
    return NavigationView(name, "self", child, text, (f"return self.{chain}",))
