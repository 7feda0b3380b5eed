"""How an entity looks in a response: declared order, `$select`, `$expand`, context URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from graphslice.api.model import ListRef
from graphslice.diagnostics import printable
from graphslice.serve.options import Options, take_page
from graphslice.serve.refusals import bad_request
from graphslice.serve.routes import Match, Shape
from graphslice.serve.schema import Entity, Json, Schema
from graphslice.serve.store import Address, Store

_NESTED = frozenset({"$select", "$expand", "$filter", "$orderby", "$top", "$skip", "$count", "$search"})
_MAX_EXPAND = 5


@dataclass(frozen=True, slots=True)
class Projection:
    """What `$select` and `$expand` leave of an entity; `select` None: everything structural."""

    select: tuple[str, ...] | None = None
    expand: Mapping[str, tuple[Options, Projection]] = field(default_factory=dict)


def read_projection(schema: Schema, type_id: str, options: Options, depth: int = 0) -> Projection:
    """Read `$select` and `$expand`; refuses what the type does not have."""
    if depth > _MAX_EXPAND:
        raise bad_request(f"$expand is nested more than {_MAX_EXPAND} levels deep.")
    known = schema.properties(type_id)
    select: tuple[str, ...] | None = None
    text = options.get("$select")
    if text is not None:
        select = tuple(part.strip().partition("/")[0] for part in text.split(",") if part.strip())
        for name in select:
            if name != "*" and name not in known and not schema.is_open(type_id):
                raise _unknown(name, type_id)
        select = None if "*" in select else select
    expand: dict[str, tuple[Options, Projection]] = {}
    for name, inner in _expansions(options.get("$expand") or ""):
        names = [prop.name for prop in known.values() if prop.navigation] if name == "*" else [name]
        for each in names:
            prop = known.get(each)
            if prop is None or not prop.navigation:
                raise _unknown(each, type_id)
            expand[each] = (inner, read_projection(schema, schema.element(prop.type), inner, depth + 1))
    return Projection(select, expand)


def _unknown(name: str, type_id: str) -> Exception:
    return bad_request(f"Type '{type_id}' has no property '{printable(name, 80)}' that could stand there.")


def _expansions(text: str) -> list[tuple[str, Options]]:
    found: list[tuple[str, Options]] = []
    for part in _split(text, ","):
        match = re.fullmatch(r"\s*(\*|[\w.]+)\s*(?:\((.*)\))?\s*", part, re.DOTALL)
        if match is None:
            raise bad_request(f"$expand cannot be read at '{printable(part, 80)}'.")
        inner: dict[str, str] = {}
        for option in _split(match.group(2) or "", ";"):
            name, equals, value = option.strip().partition("=")
            if not equals or name not in _NESTED or name in inner:
                raise bad_request(f"$expand cannot be read at '{printable(option, 80)}'.")
            inner[name] = value
        found.append((match.group(1), Options(tuple(inner.items()))))
    return found


def _split(text: str, mark: str) -> list[str]:
    """Split at a mark that stands outside parentheses and strings."""
    parts, depth, start, quoted = [], 0, 0, False
    for at, ch in enumerate(text):
        if ch == "'":
            quoted = not quoted
        elif not quoted and ch in "()":
            depth += 1 if ch == "(" else -1
        elif not quoted and ch == mark and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    if quoted or depth:
        raise bad_request(f"A parenthesis or a quote is left open in '{printable(text, 80)}'.")
    return [part for part in [*parts, text[start:]] if part.strip()]


def shape_entity(
    schema: Schema, store: Store, entity: Entity, type_id: str, address: Address, projection: Projection
) -> Entity:
    """Give the members of an entity that a response shows, in declared order."""
    result: Entity = {}
    tag = entity.get("@odata.type")
    if isinstance(tag, str):
        result["@odata.type"] = tag
        type_id = tag.removeprefix("#")
    declared = schema.properties(type_id)
    names = [prop.name for prop in declared.values() if not prop.navigation]
    names += [name for name in entity if name not in declared and name != "@odata.type"]
    for name in names:
        if name in entity and (projection.select is None or name in projection.select):
            result[name] = entity[name]
    for name, (options, inner) in projection.expand.items():
        prop = declared[name]
        target = schema.element(prop.type)
        below = (*address, name)
        if not isinstance(prop.type, ListRef):
            single = store.single(below)
            result[name] = shape_entity(schema, store, single, target, below, inner) if single is not None else None
            continue
        page = take_page(schema, target, store.items(below), options, 10**9)
        result[name] = [
            shape_entity(schema, store, each, target, (*below, key_text(schema, each, target)), inner)
            for each in page.entities
        ]
        if page.count is not None:
            result[f"{name}@odata.count"] = page.count
    return result


def key_text(schema: Schema, entity: Entity, type_id: str) -> str:
    """Give the key of an entity as it stands in a URL segment."""
    keys = schema.keys(type_id)
    if len(keys) == 1:
        return _literal(entity.get(keys[0]))
    return ",".join(f"{name}={_literal(entity.get(name))}" for name in keys)


def key_segment(schema: Schema, entity: Entity, type_id: str) -> str:
    """Give the key of an entity as a segment of a URL, encoded."""
    keys = schema.keys(type_id)
    if len(keys) == 1:
        return quote(_literal(entity.get(keys[0])), safe="")
    parts = [(name, entity.get(name)) for name in keys]
    shown = [f"{name}='{value}'" if isinstance(value, str) else f"{name}={_literal(value)}" for name, value in parts]
    return quote(",".join(shown), safe="=,'")


def _literal(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def quoted_key(text: str) -> str:
    """Encode a key with names, as it stands between parentheses."""
    return quote(text, safe="=,'")


def context_url(root: str, schema: Schema, match: Match, options: Options) -> str:
    """Give the context URL (OData 4.01 protocol, section 10) of what a path shows."""
    item = match.route.item.path.strip("/").split("/")
    parts: list[str] = []
    segments = match.segments if match.route.shape is not Shape.ITEM else match.segments[:-1]
    for at, (template, text) in enumerate(zip(item, segments, strict=False)):
        key = match.route.keys.get(at)
        if key is not None and not key.collection and parts:
            parts[-1] += f"({quoted_key(text)})"
        elif template.startswith("{") and parts:
            quoted = text.replace("'", "''")
            parts[-1] += f"('{quote(quoted, safe='')}')"
        else:
            parts.append(quote(text, safe="$(),='"))
    select = options.get("$select")
    projected = f"({quote(select, safe=',/')})" if select else ""
    tail = "" if match.route.shape is Shape.COLLECTION else "/$entity"
    return f"{root}/$metadata#{'/'.join(parts)}{projected}{tail}"
