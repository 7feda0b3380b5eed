"""Composed types: wrappers for values that are one of several types, or several at once."""

from __future__ import annotations

from functools import partial

from graphslice.api.model import ComposedMember, ComposedType, NamedRef

from .docstrings import docstring
from .imports import ImportSet
from .literals import lit
from .models_deprecations import with_deprecation
from .models_fields import Attribute, field_lines
from .models_names import member_names
from .models_views import ComposedView
from .types import TypeTable, named_id
from .views import ModulePlan


def composed_plan(declared: ComposedType, table: TypeTable, *, backing_store: bool) -> ModulePlan:
    """Plan the module of a composed type."""
    path = table.module(declared.id).replace(".", "/") + ".py"
    return ModulePlan(path, "composed", partial(_view, declared, table, backing_store))


def _view(declared: ComposedType, table: TypeTable, backing_store: bool) -> ComposedView:
    name = table.name(declared.id)
    runtime = f"{table.package}._runtime.model"
    imports = ImportSet(table.package, table.module(declared.id), {name})
    imports.name("__future__", "annotations")
    bases = ["BackedModel", "ComposedTypeWrapper", "Parsable"] if backing_store else ["ComposedTypeWrapper", "Parsable"]
    names = member_names(declared, name)
    attributes = [
        Attribute(attribute, _optional(table, member, imports))
        for attribute, member in zip(names, declared.members, strict=True)
    ]
    mapping = _mapping(declared, table)
    return ComposedView(
        docstring=docstring(f"The composed type `{name}`.", indent=0),
        decorator=imports.name(runtime, "model"),
        bases=", ".join(imports.name(runtime, base) for base in bases),
        name=name,
        class_docstring=docstring(
            with_deprecation(declared.description, declared.deprecation),
            fallback=f"A value of `{declared.id}`: {_alternatives(names)}.",
        ),
        fields=field_lines(attributes, imports),
        members=tuple(
            _member(attribute, member, table, imports)
            for attribute, member in zip(names, declared.members, strict=True)
        ),
        composition=lit(declared.composition.value),
        discriminator=lit(declared.discriminator.property_name if declared.discriminator else "") if mapping else "",
        mapping=mapping,
        imports=imports.freeze(),
    )


def _optional(table: TypeTable, member: ComposedMember, imports: ImportSet) -> str:
    annotation = table.annotation(member.type, imports)
    return annotation if annotation == "Any" else f"{annotation} | None"


def _member(attribute: str, member: ComposedMember, table: TypeTable, imports: ImportSet) -> str:
    constructor = imports.name(f"{table.package}._runtime.model", "Prop")
    kind = table.kind(member.type)
    id = named_id(member.type)
    target = f", {lit(table.target(id))}" if id is not None and kind.startswith(("object", "enum")) else ""
    return f'{constructor}({lit(attribute)}, "", {lit(kind)}{target})'


def _mapping(declared: ComposedType, table: TypeTable) -> tuple[str, ...]:
    """Give the discriminator's values: those of the members, and those that the mapping has for their types."""
    members = [member for member in declared.members if isinstance(member.type, NamedRef)]
    ids = {member.type.id for member in members if isinstance(member.type, NamedRef)}
    entries = {key: named_id(member.type) for member in members for key in member.keys}
    for key, id in declared.discriminator.mapping if declared.discriminator else ():
        if id in ids:
            entries.setdefault(key, id)
    return tuple(f"{lit(key)}: {lit(table.target(id))}" for key, id in sorted(entries.items()) if id is not None)


def _alternatives(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"
