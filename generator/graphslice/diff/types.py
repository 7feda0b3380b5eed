"""Compares declared types: classes, enums, composed types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphslice.api.model import (
    ApiModel,
    ComposedType,
    EnumMember,
    EnumType,
    ListRef,
    NamedRef,
    ObjectType,
    Origin,
    Property,
    TypeDecl,
    TypeRef,
)
from graphslice.diff.changes import Change
from graphslice.diff.lineage import ancestors, inherited
from graphslice.diff.operations import deprecation
from graphslice.diff.spelling import flag, same_in_python, short, type_text


def compare_types(old: ApiModel, new: ApiModel) -> Iterator[Change]:
    """Give every change of types, properties, members and discriminators."""
    sent = _sent_types(new)
    for id, declared in old.types.items():
        if id not in new.types:
            yield Change(rule="type-removed", area="type", subject=id, old=_kind(declared))
    for id, declared in new.types.items():
        known = old.types.get(id)
        if known is None:
            yield Change(rule="type-added", area="type", subject=id, new=_kind(declared))
        elif known != declared:
            yield from _type(_At(id), known, declared, old, new, id in sent)


def _kind(declared: TypeDecl) -> str:
    if isinstance(declared, EnumType):
        return "enum"
    return "composed type" if isinstance(declared, ComposedType) else "object"


class _At:
    """A type at which changes are found."""

    def __init__(self, id: str, member: str = "") -> None:
        self.id = id
        self.member = member

    def change(self, rule: str, old: str = "", new: str = "") -> Change:
        return Change(rule=rule, area="type", subject=self.id, member=self.member, old=old, new=new)

    def text(self, rule: str, old: str, new: str) -> Iterator[Change]:
        if old != new:
            yield self.change(rule, short(old), short(new))


def _type(at: _At, old: TypeDecl, new: TypeDecl, before: ApiModel, after: ApiModel, sent: bool) -> Iterator[Change]:
    if type(old) is not type(new):
        yield at.change("type-kind", _kind(old), _kind(new))
        return
    if (old.name, old.place) != (new.name, new.place):
        rule = "type-renamed" if old.name != new.name else "type-moved"
        yield at.change(rule, _place(old), _place(new))
    yield from at.text("type-description", old.description, new.description)
    yield from at.text("type-description", old.documentation, new.documentation)
    yield from deprecation(at.change, "type", old.deprecation, new.deprecation)
    if isinstance(old, ObjectType) and isinstance(new, ObjectType):
        yield from _object(at, old, new, before, after, sent)
    elif isinstance(old, EnumType) and isinstance(new, EnumType):
        yield from _enum(at, old, new)
    elif isinstance(old, ComposedType) and isinstance(new, ComposedType):
        yield from _composed(at, old, new)


def _place(declared: TypeDecl) -> str:
    return "/".join((*declared.place.namespace, declared.place.path or "", declared.name)).replace("//", "/")


def _object(
    at: _At, old: ObjectType, new: ObjectType, before: ApiModel, after: ApiModel, sent: bool
) -> Iterator[Change]:
    # Exceptions derive from no model: they have the properties of their bases themselves.
    if old.base != new.base and not (old.error and new.error):
        kept = set(ancestors(old, before)) <= set(ancestors(new, after))
        yield at.change("base-inserted" if kept else "base-changed", old.base or "nothing", new.base or "nothing")
    yield from _properties(at, old, new, before, after, sent)
    yield from _discriminator(at, old, new)
    if old.additional_data != new.additional_data:
        yield at.change("additional-data-added" if new.additional_data else "additional-data-removed")
    if old.keys != new.keys:
        yield at.change("key-changed", ", ".join(old.keys), ", ".join(new.keys))
    for rule, was, now in (
        ("stream", old.has_stream, new.has_stream),
        ("abstract", old.abstract, new.abstract),
        ("open", old.open, new.open),
        ("error-model", old.error, new.error),
    ):
        if was != now:
            yield at.change(rule, flag(was), flag(now))
    if old.primary_message != new.primary_message:
        yield at.change("error-message", ".".join(old.primary_message), ".".join(new.primary_message))


def _properties(
    at: _At, old: ObjectType, new: ObjectType, before: ApiModel, after: ApiModel, sent: bool
) -> Iterator[Change]:
    was = {prop.name: prop for prop in old.properties}
    now = {prop.name: prop for prop in new.properties}
    above_old, above_new = inherited(old, before), inherited(new, after)
    for name, prop in was.items():
        if name not in now:
            yield from _handed(_At(at.id, name), prop, above_new.get(name), "property-removed", "property-inherited")
    for name, prop in now.items():
        known = was.get(name)
        if known is not None:
            yield from _property(_At(at.id, name), known, prop, sent, _is_argument(new, prop))
        elif name in above_old:
            yield from _handed(_At(at.id, name), above_old[name], prop, "", "property-declared-anew")
        else:
            needed = prop.required or (_is_argument(new, prop) and prop.default is None)
            rule = "property-added-required" if needed and sent else "property-added"
            yield _At(at.id, name).change(rule, new=type_text(prop.type))


def _handed(at: _At, old: Property, new: Property | None, gone: str, moved: str) -> Iterator[Change]:
    """Judge a property that a class had itself and inherits now, or the other way round."""
    if new is None:
        yield at.change(gone, type_text(old.type))
        return
    yield at.change(moved, new=type_text(new.type))
    if not same_in_python(old.type, new.type):
        yield at.change("property-type", type_text(old.type), type_text(new.type))


def _is_argument(owner: ObjectType, prop: Property) -> bool:
    """Tell whether a property is an argument of an action that has to be given: there is no stored value to fall to."""
    return owner.origin is Origin.INLINE and not prop.nullable


def _property(at: _At, old: Property, new: Property, sent: bool, argument: bool) -> Iterator[Change]:
    if old == new:
        return
    if old.type != new.type:
        rule = "same-in-python" if same_in_python(old.type, new.type) else "property-type"
        yield at.change(rule, type_text(old.type), type_text(new.type))
    if old.nullable != new.nullable and argument and sent:
        yield at.change("property-required")
    elif old.nullable != new.nullable:
        yield at.change("property-nullable" if new.nullable else "property-not-nullable")
    if old.required != new.required and sent:
        yield at.change("property-required" if new.required else "property-optional")
    if (old.read_only or old.computed) != (new.read_only or new.computed):
        yield at.change("property-read-only" if new.read_only or new.computed else "property-writable")
    if old.default != new.default:
        yield at.change("property-default", _value(old.default), _value(new.default))
    if (old.navigation, old.contained) != (new.navigation, new.contained):
        yield at.change("property-navigation", *(_relation(prop) for prop in (old, new)))
    yield from deprecation(at.change, "property", old.deprecation, new.deprecation)
    yield from at.text("property-description", old.description, new.description)


def _value(value: object) -> str:
    return "none" if value is None else str(value)


def _relation(prop: Property) -> str:
    return "contained" if prop.contained else "related" if prop.navigation else "structural"


def _discriminator(at: _At, old: ObjectType, new: ObjectType) -> Iterator[Change]:
    was, now = (
        # Clients do not tell upper from lower case here.
        {value.casefold(): (value, made) for value, made in (one.discriminator.mapping if one.discriminator else ())}
        for one in (old, new)
    )
    for folded in sorted({*was, *now}):
        value = (now.get(folded) or was[folded])[0]
        before, after = was.get(folded, ("", None))[1], now.get(folded, ("", None))[1]
        entry = _At(at.id, value)
        if before is None:
            yield entry.change("discriminator-added", new=after or "")
        elif after is None:
            yield entry.change("discriminator-removed", before)
        elif before != after:
            yield entry.change("discriminator-changed", before, after)


def _enum(at: _At, old: EnumType, new: EnumType) -> Iterator[Change]:
    if old.flags != new.flags:
        yield at.change("flags-added" if new.flags else "flags-removed")
    was = {member.value: member for member in old.members}
    now = {member.value: member for member in new.members}
    names = {member.name: member for member in old.members if member.value not in now}
    for value, member in now.items():
        entry = _At(at.id, member.name)
        if value in was:
            yield from _member(entry, was[value], member)
        elif member.name in names:
            yield entry.change("member-value", names.pop(member.name).value, value)
        else:
            yield entry.change("member-added", new=value)
    for member in names.values():
        yield _At(at.id, member.name).change("member-removed", member.value)


def _member(at: _At, old: EnumMember, new: EnumMember) -> Iterator[Change]:
    if old.name != new.name:
        yield at.change("member-renamed", old.name, new.name)
    if old.number != new.number:
        yield at.change("member-number", str(old.number), str(new.number))
    yield from deprecation(at.change, "member", old.deprecation, new.deprecation)
    yield from at.text("member-description", old.description, new.description)


def _composed(at: _At, old: ComposedType, new: ComposedType) -> Iterator[Change]:
    if old.composition != new.composition:
        yield at.change("composition", old.composition.value, new.composition.value)
    was = {member.name: member for member in old.members}
    now = {member.name: member for member in new.members}
    for name in sorted({*was, *now}):
        entry = _At(at.id, name)
        if name not in was:
            yield entry.change("alternative-added", new=type_text(now[name].type))
        elif name not in now:
            yield entry.change("alternative-removed", type_text(was[name].type))
        elif was[name].type != now[name].type:
            rule = "same-in-python" if same_in_python(was[name].type, now[name].type) else "alternative-type"
            yield entry.change(rule, type_text(was[name].type), type_text(now[name].type))
        elif {key.casefold() for key in was[name].keys} != {key.casefold() for key in now[name].keys}:
            yield entry.change("discriminator-changed", ", ".join(was[name].keys), ", ".join(now[name].keys))


def _sent_types(model: ApiModel) -> frozenset[str]:
    """Give the types that some request body can hold: only there a required property binds the caller."""
    pending: list[TypeRef] = [
        operation.body.type
        for item in model.paths
        for operation in item.operations
        if operation.body and operation.body.type
    ]
    found: set[str] = set()
    below = _derived(model.types)
    while pending:
        ref = pending.pop()
        while isinstance(ref, ListRef):
            ref = ref.item
        if not isinstance(ref, NamedRef) or ref.id in found:
            continue
        found.add(ref.id)
        declared = model.types.get(ref.id)
        if isinstance(declared, ObjectType):
            pending.extend(prop.type for prop in declared.properties if not prop.navigation)
            pending.extend(NamedRef(id) for id in below.get(ref.id, ()))
            pending.extend([NamedRef(declared.base)] if declared.base else [])
        elif isinstance(declared, ComposedType):
            pending.extend(member.type for member in declared.members)
    return frozenset(found)


def _derived(types: Mapping[str, TypeDecl]) -> dict[str, list[str]]:
    below: dict[str, list[str]] = {}
    for id, declared in types.items():
        if isinstance(declared, ObjectType) and declared.base:
            below.setdefault(declared.base, []).append(id)
    return below
