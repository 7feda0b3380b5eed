"""How the wire says which class a value has, what a class adds to its base, and what text an error shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from graphslice.api.model import Discriminator, ListRef, NamedRef, Property, TypeRef, UntypedRef
from graphslice.openapi import shape
from graphslice.openapi.schema import Schema

if TYPE_CHECKING:
    from graphslice.openapi.drafts import Draft
    from graphslice.openapi.models import TypeBuilder

Entries = list[tuple[str, Schema]]


def discriminator_of(builder: TypeBuilder, schema: Schema) -> tuple[str, Entries]:
    """The discriminating property of a class, and the schemas that its values name.

    Without a mapping every component that derives from the schema is named by itself. Schemas are also given when
    there is no property: derived classes belong to their base even when nothing on the wire tells them apart.
    """
    holder = _holder(schema)
    if holder is not None:
        name, mapping = _stated(holder)
        if mapping:
            return name, mapped(builder, holder, mapping)
    else:
        name = ""
    if schema.ref is None or not schema.ref.component or schema.ref.origin != builder.schemas.library.main.origin:
        return name, []
    implied = ((child, builder.schemas.component(child)) for child in builder.children.descendants(schema.ref.name))
    return name, [(child, found) for child, found in implied if found is not None]


def _holder(schema: Schema) -> Schema | None:
    """The schema whose words about a discriminator count: the class itself, or the last of its parts."""
    if _stated(schema)[0]:
        return schema
    parts = shape.flattened(schema.all_of)
    spoken = [part for part in parts if not part.ref and _stated(part)[0]]
    if spoken:
        return spoken[-1]
    return parts[-1] if parts and parts[-1].ref and _stated(parts[-1])[0] else None


def _stated(schema: Schema) -> tuple[str, Mapping[str, str]]:
    stated = schema.raw.get("discriminator")
    if isinstance(stated, str):
        return stated, {}
    if not isinstance(stated, dict):
        return "", {}
    name, mapping = stated.get("propertyName"), stated.get("mapping")
    entries = (
        {key: value for key, value in mapping.items() if isinstance(value, str)} if isinstance(mapping, dict) else {}
    )
    return name if isinstance(name, str) else "", entries


def stated_property(schema: Schema) -> str:
    """The discriminating property that the schema itself states."""
    return _stated(schema)[0]


def stated_mapping(builder: TypeBuilder, schema: Schema) -> Entries:
    """The mapping that the schema itself states."""
    return mapped(builder, schema, _stated(schema)[1])


def mapped(builder: TypeBuilder, schema: Schema, mapping: Mapping[str, str]) -> Entries:
    """Follow the values of a mapping; what leads nowhere is left out with a warning."""
    entries: Entries = []
    for value, reference in mapping.items():
        target = builder.schemas.referred(reference, schema.document, schema.pointer + "/discriminator/mapping")
        if target is not None:
            entries.append((value, target))
    return entries


def ancestry(drafts: Mapping[str, Draft], draft: Draft) -> Iterator[Draft]:
    """A class and its ancestors, nearest first."""
    current: Draft | None = draft
    while current is not None:
        yield current
        current = drafts.get(current.base) if current.base else None


def own_properties(drafts: Mapping[str, Draft], draft: Draft) -> tuple[Property, ...]:
    """The properties of a class; where it says no type of one that its base has, that of the base holds."""
    if not any(_is_untyped(prop.type) for prop in draft.properties):
        return tuple(draft.properties)
    above = {prop.name for one in ancestry(drafts, draft) if one is not draft for prop in one.properties}
    return tuple(prop for prop in draft.properties if prop.name not in above or not _is_untyped(prop.type))


def _is_untyped(ref: TypeRef) -> bool:
    return isinstance(ref, UntypedRef) or (isinstance(ref, ListRef) and _is_untyped(ref.item))


def kept_mapping(drafts: Mapping[str, Draft], draft: Draft) -> Discriminator | None:
    """The discriminator with those of its entries that lead to classes deriving from the one that has it."""
    if not draft.discriminator_property:
        return None
    kept = []
    for value, target in draft.mapping:
        found = drafts.get(target)
        if found is not None and target != draft.id and any(one.id == draft.id for one in ancestry(drafts, found)):
            kept.append((value, target))
    return Discriminator(draft.discriminator_property, tuple(kept)) if kept else None


def primary_message(drafts: Mapping[str, Draft], draft: Draft) -> tuple[str, ...]:
    """The path of property names to the text of an error."""
    return _message(drafts, draft, ())


def _message(drafts: Mapping[str, Draft], draft: Draft, trail: tuple[str, ...]) -> tuple[str, ...]:
    if draft.id in trail or len(trail) > 8:
        return ()
    family = list(ancestry(drafts, draft))
    flagged = sorted(name for one in family for name in one.messages)
    if flagged:
        return (flagged[0],)
    for prop in sorted((prop for one in family for prop in one.properties), key=lambda prop: prop.name):
        inner = drafts.get(prop.type.id) if isinstance(prop.type, NamedRef) else None
        below = _message(drafts, inner, (*trail, draft.id)) if inner is not None else ()
        if below:
            return (prop.name, *below)
    return ()
