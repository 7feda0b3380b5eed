"""Enums: from declared members to the lines of a class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from graphslice.api import naming as api_naming
from graphslice.api.model import EnumMember, EnumType

from . import naming
from .docstrings import docstring
from .imports import ImportSet
from .literals import LINE_LENGTH, fitted_lit
from .models_deprecations import with_deprecation
from .types import TypeTable
from .views import ModulePlan, ModuleView


@dataclass(frozen=True, slots=True)
class EnumMemberView:
    """One member; an empty docstring is none."""

    name: str
    value: str
    docstring: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumView(ModuleView):
    """An enum class."""

    name: str
    base: str
    class_docstring: str
    members: tuple[EnumMemberView, ...]


def enum_plan(declared: EnumType, table: TypeTable) -> ModulePlan:
    """Plan the module of an enum."""
    path = table.module(declared.id).replace(".", "/") + ".py"
    return ModulePlan(path, "enum", partial(_view, declared, table))


def members(declared: EnumType) -> list[tuple[str, EnumMember]]:
    """Give the members with their Python names.

    Kiota lets members fall together whose names are equal once cleaned; here the later one gets a number. A value
    that is there already is the same member.
    """
    used: set[str] = set()
    values: set[str] = set()
    named: list[tuple[str, EnumMember]] = []
    for member in declared.members:
        if not member.value or member.value in values:
            continue
        values.add(member.value)
        name = api_naming.first_upper(api_naming.clean_symbols(member.name or member.value) or "Member")
        free = naming.unique(name, used)
        escaped = naming.MemberName(naming.escape(free))
        while escaped.lower() in used:
            # told apart only by characters that no identifier may have
            used.add(free.lower())
            free = naming.unique(name, used)
            escaped = naming.MemberName(naming.escape(free))
        # Both spellings are taken: a second `None` would be escaped to the name of the first.
        used.update((free.lower(), escaped.lower()))
        named.append((escaped, member))
    return named


def _view(declared: EnumType, table: TypeTable) -> EnumView:
    name = table.name(declared.id)
    imports = ImportSet(table.package, table.module(declared.id), {name})
    module, name_there = ("flags", "WireFlags") if declared.flags else ("model", "WireEnum")
    base = imports.name(f"{table.package}._runtime.{module}", name_there)
    kind = "flags enum" if declared.flags else "enum"
    return EnumView(
        imports=imports.freeze(),
        name=name,
        base=base,
        class_docstring=docstring(
            with_deprecation(declared.description, declared.deprecation), fallback=f"The {kind} `{declared.id}`."
        ),
        members=tuple(
            EnumMemberView(
                member_name, fitted_lit(member.value, LINE_LENGTH - len(member_name) - 7), _member_docstring(member)
            )
            for member_name, member in members(declared)
        ),
    )


def _member_docstring(member: EnumMember) -> str:
    text = with_deprecation(member.description, member.deprecation)
    return docstring(text, fallback=f"`{member.value}`") if text.strip() else ""
