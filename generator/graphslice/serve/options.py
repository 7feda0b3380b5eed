"""The query of a request: which options are there, whether the path offers them, and what they do to a collection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from graphslice.diagnostics import printable
from graphslice.serve.filters import parse_filter, parse_order
from graphslice.serve.refusals import bad_request
from graphslice.serve.schema import Entity, Json, Schema

_SYSTEM = frozenset(
    {"$count", "$expand", "$filter", "$format", "$orderby", "$search", "$select", "$skip", "$skiptoken", "$top"}
)
_ALWAYS = frozenset({"$format", "$skiptoken"})
MAX_TOP = 999
DEFAULT_PAGE = 100


@dataclass(frozen=True, slots=True)
class Options:
    """The system query options of a request, still as text; `None` where they were not given."""

    values: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str | None:
        """Give one option by its name."""
        return dict(self.values).get(name)

    def number(self, name: str, low: int, high: int) -> int | None:
        """Give an option that has to be a whole number."""
        text = self.get(name)
        if text is None:
            return None
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not low <= int(text) <= high:
            raise bad_request(f"{name} has to be a whole number from {low} to {high}, not '{printable(text, 40)}'.")
        return int(text)

    def flag(self, name: str) -> bool:
        """Give an option that has to be true or false."""
        text = self.get(name) or "false"
        if text not in {"true", "false"}:
            raise bad_request(f"{name} has to be true or false, not '{printable(text, 40)}'.")
        return text == "true"

    def next_query(self, position: int) -> str:
        """Give the query of the link to the next page: everything as it was, and where to go on."""
        kept = [(name, value) for name, value in self.values if name not in {"$skip", "$skiptoken"}]
        return "&".join(
            f"{quote(name, safe='$')}={quote(value, safe='')}" for name, value in [*kept, ("$skiptoken", str(position))]
        )


def read_options(pairs: list[tuple[str, str]], offered: frozenset[str]) -> Options:
    """Take the system query options from a query; refuse those that the path does not offer.

    Options may be written without the dollar sign, as OData 4.01 allows; names without one that are no system option
    are custom options, which a service is free to ignore.
    """
    found: dict[str, str] = {}
    for name, value in pairs:
        full = name if name.startswith("$") else f"${name}"
        if full.lower() not in _SYSTEM and not name.startswith("$"):
            continue
        full = full.lower()
        if full in found:
            raise bad_request(f"The query option '{printable(name, 60)}' stands twice.")
        if full not in _SYSTEM or (full not in offered and full not in _ALWAYS):
            raise bad_request(f"The query option '{printable(name, 60)}' is not offered here.")
        found[full] = value
    if found.get("$format", "json") not in {"json", "application/json"}:
        raise bad_request("$format has to be json.")
    return Options(tuple(found.items()))


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a collection: `count` only when it was asked for, `following` where more remains."""

    entities: list[Entity]
    count: int | None
    following: int | None


def select_entities(schema: Schema, type_id: str, entities: list[Entity], options: Options) -> list[Entity]:
    """Apply `$filter` and `$search`."""
    text = options.get("$filter")
    if text is not None:
        keep = parse_filter(schema, type_id, text)
        entities = [entity for entity in entities if keep(entity)]
    phrase = options.get("$search")
    if phrase is not None:
        words = [word.casefold() for group in re.findall(r'"([^"]*)"|(\S+)', phrase) for word in group if word]
        entities = [entity for entity in entities if all(_mentions(entity, word) for word in words)]
    return entities


def take_page(schema: Schema, type_id: str, entities: list[Entity], options: Options, page_size: int) -> Page:
    """Apply everything that makes a page: `$filter`, `$search`, `$orderby`, `$skip`, `$top`, `$count`.

    `$top` is the size of a page and not the end of the collection, as in Microsoft Graph: while more remains there
    is a next link.
    """
    entities = select_entities(schema, type_id, entities, options)
    count = len(entities) if options.flag("$count") else None
    order = options.get("$orderby")
    if order is not None:
        entities = parse_order(schema, type_id, order)(entities)
    start = options.number("$skiptoken", 0, 10**9)
    if start is None:
        start = options.number("$skip", 0, 10**9) or 0
    size = options.number("$top", 1, MAX_TOP) or page_size
    end = start + size
    return Page(entities[start:end], count, end if end < len(entities) else None)


def _mentions(value: Json, word: str) -> bool:
    if isinstance(value, str):
        return word in value.casefold()
    if isinstance(value, dict):
        return any(_mentions(inner, word) for inner in value.values())
    return isinstance(value, list) and any(_mentions(inner, word) for inner in value)
