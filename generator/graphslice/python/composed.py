"""Composed types: wrappers for values that are one of several types, or several at once."""

from __future__ import annotations

from functools import partial

from graphslice.api.model import ComposedMember, ComposedType, Composition, ListRef, NamedRef

from .docstrings import docstring
from .imports import ImportSet
from .literals import LINE_LENGTH, fitted_lit, lit, tuple_expression
from .models_deprecations import with_deprecation
from .models_fields import RUNTIME_MEMBERS, Attribute, field_lines, optional_annotation
from .models_names import member_names
from .models_views import ComposedView
from .types import TypeTable, named_id
from .views import ModulePlan


def composed_plan(
    declared: ComposedType, table: TypeTable, *, backing_store: bool, additional_data: bool
) -> ModulePlan:
    """Plan the module of a composed type; only a plain one can have additional data."""
    path = table.module(declared.id).replace(".", "/") + ".py"
    return ModulePlan(
        path, "composed", partial(_view, declared, table, backing_store, additional_data and declared.plain)
    )


def _view(declared: ComposedType, table: TypeTable, backing_store: bool, additional_data: bool) -> ComposedView:
    name = table.name(declared.id)
    runtime = f"{table.package}._runtime.model"
    imports = ImportSet(table.package, table.module(declared.id), {name})
    imports.name("__future__", "annotations")
    names = member_names(declared, name)
    members = sorted(zip(names, declared.members, strict=True), key=lambda entry: _rank(declared, table, *entry))
    attributes = [
        Attribute(
            attribute,
            optional_annotation(member.type, table, imports),
            remark="type: ignore[assignment]" if attribute in RUNTIME_MEMBERS else "",
        )
        for attribute, member in members
    ]
    if additional_data:
        any_, factory = imports.typing("typing", "Any"), imports.name(runtime, "field_of")
        attributes.append(Attribute("additional_data", f"dict[str, {any_}]", f"{factory}(factory=dict)"))
    discriminator = declared.discriminator.property_name if declared.discriminator else ""
    return ComposedView(
        decorator=imports.name(runtime, "model"),
        bases=_bases(declared, imports, runtime, backing_store, additional_data),
        name=name,
        class_docstring=docstring(
            with_deprecation(declared.description, declared.deprecation),
            fallback=f"A value of `{declared.name}`: {_alternatives(names)}.",
        ),
        fields=field_lines(attributes, imports),
        members=tuple_expression(_member(declared, attribute, member, table, imports) for attribute, member in members),
        composition=lit(declared.composition.value),
        discriminator=lit(discriminator) if discriminator else "",
        imports=imports.freeze(),
    )


def _bases(declared: ComposedType, imports: ImportSet, runtime: str, backing_store: bool, additional_data: bool) -> str:
    """Spell the bases; those of a plain value are a model's, and its `Parsable` is one that holds the value."""
    names = ["AdditionalDataHolder"] if additional_data else []
    names += ["BackedModel"] if backing_store else []
    spelled = [imports.name(runtime, base) for base in names]
    composed = runtime.removesuffix("model") + "composed"
    if not declared.plain:
        spelled.append(imports.name(composed, "ComposedTypeWrapper"))
    spelled.append(imports.name(composed if declared.plain else runtime, "Parsable"))
    return ", ".join(spelled)


def _rank(declared: ComposedType, table: TypeTable, name: str, member: ComposedMember) -> tuple[int, str]:
    """Order members as Kiota does: where several are set, the first of them is what is written.

    In a union objects come first, in an intersection (whose objects are written together) last; lists follow scalars.
    """
    kind = table.kind(member.type)
    is_list = isinstance(member.type, ListRef)
    if kind == "object":
        return (0 if declared.composition is Composition.UNION else 4), name
    if kind.startswith("untyped"):
        # Kiota has no such member.
        return 5, name
    return (3 if kind == "objects" else 2 if is_list else 1), name


def _member(
    declared: ComposedType, attribute: str, member: ComposedMember, table: TypeTable, imports: ImportSet
) -> str:
    runtime = f"{table.package}._runtime.model"
    kind = table.kind(member.type)
    id = named_id(member.type)
    target = (
        f", {fitted_lit(table.target(id), LINE_LENGTH - 17)}"
        if id is not None and kind.startswith(("object", "enum"))
        else ""
    )
    prop = f'{imports.name(runtime, "Prop")}({lit(attribute)}, "", {lit(kind)}{target})'
    keys = _keys(declared, member)
    spelled = f", keys={tuple_expression(map(lit, keys))}" if keys else ""
    return f"{imports.name(f'{table.package}._runtime.composed', 'Member')}({prop}{spelled})"


def _keys(declared: ComposedType, member: ComposedMember) -> tuple[str, ...]:
    """Give the discriminator values of a member: its own, and those that the mapping has for its type."""
    keys = list(member.keys)
    if declared.discriminator is not None and isinstance(member.type, NamedRef):
        keys += [wire for wire, id in declared.discriminator.mapping if id == member.type.id]
    return tuple(dict.fromkeys(keys))


def _alternatives(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"
