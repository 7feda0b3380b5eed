"""References (`/$ref`): the same entity at a second place."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from graphslice.api.model import ListRef
from graphslice.serve.calls import Call, Reply
from graphslice.serve.refusals import bad_request, not_found
from graphslice.serve.schema import Entity, Json
from graphslice.serve.shaping import key_text
from graphslice.serve.store import Address

if TYPE_CHECKING:
    from graphslice.serve.resources import Resources


def show_links(resources: Resources, call: Call) -> Reply:
    """GET of references."""
    address, store = call.address, resources.store
    if _many(call):
        links: list[Json] = [{"@odata.id": _url(call, store.origin(entity))} for entity in store.items(address)]
        return Reply(200, {"@odata.context": f"{call.root}/$metadata#Collection($ref)", "value": links})
    entity = store.item(address) or store.single(address)
    if entity is None:
        raise not_found("There is no reference.")
    link = _url(call, store.origin(entity))
    return Reply(200, {"@odata.context": f"{call.root}/$metadata#$ref", "@odata.id": link})


def add_link(resources: Resources, call: Call) -> Reply:
    """POST of a reference to a collection, PUT of the one of a single property."""
    target = call.body.get("@odata.id") if isinstance(call.body, dict) else None
    if not isinstance(target, str):
        raise bad_request("The body has to name an entity in '@odata.id'.")
    entity = _entity(resources, call, target)
    if _many(call):
        key = key_text(resources.schema, entity, call.match.route.type_id)
        if resources.store.item((*call.address, key)) is not None:
            raise bad_request("There is a reference to that entity already.")
        resources.store.add(call.address, key, entity)
    else:
        resources.store.place(call.address, entity)
    return Reply(204)


def drop_link(resources: Resources, call: Call) -> Reply:
    """DELETE of a reference; of one in a collection the query says which (`@id`), or the path does."""
    address = call.address
    if _many(call):
        named = next((value for name, value in call.query if name in {"@id", "$id"}), None)
        if named is None:
            raise bad_request("The query has to name the reference: @id=...")
        address = (*address, key_text(resources.schema, _entity(resources, call, named), call.match.route.type_id))
    if not resources.store.remove(address):
        raise not_found("There is no such reference.")
    return Reply(204)


def _many(call: Call) -> bool:
    owner = call.match.route.item.path.rsplit("/", 2)[-2]
    return isinstance(call.match.route.item.target, ListRef) and "{" not in owner


def _url(call: Call, address: Address) -> str:
    return f"{call.root}/{'/'.join(quote(part, safe='') for part in address)}"


def _entity(resources: Resources, call: Call, url: str) -> Entity:
    """Find what a URL names: by its path, else by its last segment, since it may lie outside of the slice."""
    path = urlsplit(url).path
    base = urlsplit(call.root).path
    match = resources.routes.find(path[len(base) :]) if path.startswith(base) else None
    if match is not None:
        address = match.address(resources.store)
        entity = resources.store.item(address) or resources.store.single(address)
        if entity is not None:
            return entity
    key = unquote(path.rstrip("/").rpartition("/")[2])
    for place, entity in resources.store.everything():
        if place[-1] == key:
            return entity
    raise not_found("'@odata.id' names an entity that does not exist.")
