"""What each kind of path answers to each verb."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from graphslice.serve.bodies import Purpose, check_object, check_value
from graphslice.serve.calls import Call, Handler, Reply
from graphslice.serve.entities import Nursery
from graphslice.serve.links import add_link, drop_link, show_links
from graphslice.serve.options import DEFAULT_PAGE, select_entities, take_page
from graphslice.serve.refusals import Refused, bad_request, not_found
from graphslice.serve.routes import Routes, Shape
from graphslice.serve.schema import Entity, Schema
from graphslice.serve.shaping import context_url, key_segment, key_text, read_projection, shape_entity
from graphslice.serve.store import Store

_PREFER_MINIMAL = "return=minimal"


@dataclass(slots=True)
class Resources:
    """Answers calls from the store."""

    schema: Schema
    store: Store
    nursery: Nursery
    routes: Routes
    handlers: Mapping[str, Handler]
    """By ``VERB path`` of the model."""
    page_size: int = DEFAULT_PAGE

    def answer(self, call: Call) -> Reply:
        """Do what a call asks; raises `Refused` when it cannot be done."""
        self._need_ancestors(call)
        handler = self.handlers.get(f"{call.verb} {call.match.route.item.path}")
        if handler is not None:
            result = handler(call)
            return Reply(204) if result is None else Reply(200, result)
        action = _ACTIONS.get((call.match.route.shape, call.verb))
        if action is None:
            raise Refused(501, "NotImplemented", f"The emulator has no behaviour for {_name(call)}.")
        return action(self, call)

    def _need_ancestors(self, call: Call) -> None:
        route = call.match.route
        for length in route.ancestors:
            address = call.match.address(self.store, length)
            if self.store.item(address) is None:
                raise not_found(f"Resource '{address[-1][:200]}' does not exist.")

    # ------------------------------------------------------------------------------------------- collections

    def show_page(self, call: Call) -> Reply:
        """GET of a collection."""
        route = call.match.route
        shown = route.cast or route.type_id
        projection = read_projection(self.schema, shown, call.options)
        page = take_page(self.schema, shown, self._entities(call), call.options, self.page_size)
        body: Entity = {"@odata.context": context_url(call.root, self.schema, call.match, call.options)}
        if page.count is not None:
            body["@odata.count"] = page.count
        if page.following is not None:
            body["@odata.nextLink"] = f"{call.url}?{call.options.next_query(page.following)}"
        body["value"] = [
            shape_entity(self.schema, self.store, entity, route.type_id, self._place(call, entity), projection)
            for entity in page.entities
        ]
        return Reply(200, body)

    def count(self, call: Call) -> Reply:
        """GET of `$count`."""
        route = call.match.route
        entities = select_entities(self.schema, route.cast or route.type_id, self._entities(call), call.options)
        return Reply(200, content=str(len(entities)).encode(), content_type="text/plain")

    def create(self, call: Call) -> Reply:
        """POST to a collection."""
        route = call.match.route
        body = check_object(self.schema, call.body, route.cast or route.type_id, Purpose.CREATE)
        if route.cast and "@odata.type" not in body:
            body["@odata.type"] = f"#{route.cast}"
        key, entity = self.nursery.create(call.address, route.type_id, body)
        location = ("Location", f"{call.url}/{key_segment(self.schema, entity, route.type_id)}")
        if call.operation.result.type is None or _PREFER_MINIMAL in call.headers.get("prefer", ""):
            return Reply(204, headers=(location,))
        shown = self._shown(call, entity, (*call.address, key))
        context = context_url(call.root, self.schema, call.match, call.options)
        return Reply(201, {"@odata.context": f"{context.removesuffix('/$entity')}/$entity", **shown}, (location,))

    def _entities(self, call: Call) -> list[Entity]:
        route = call.match.route
        found = self.store.items(call.address)
        if not route.cast:
            return found
        return [entity for entity in found if self.schema.is_a(self._type(entity, route.type_id), route.cast)]

    def _place(self, call: Call, entity: Entity) -> tuple[str, ...]:
        return (*call.address, key_text(self.schema, entity, call.match.route.type_id))

    def _type(self, entity: Entity, declared: str) -> str:
        tag = entity.get("@odata.type")
        return tag.removeprefix("#") if isinstance(tag, str) else declared

    # ----------------------------------------------------------------------------------------- single entities

    def show(self, call: Call) -> Reply:
        """GET of an item or a singleton."""
        entity = self._find(call)
        self.nursery.step(call.address, entity, call.match.route.type_id)
        return Reply(200, self._with_context(call, entity))

    def update(self, call: Call) -> Reply:
        """PATCH of an item or a singleton."""
        entity = self._find(call)
        actual = self._type(entity, call.match.route.type_id)
        self._merge_body(call, entity, actual)
        return self._changed(call, entity)

    def replace(self, call: Call) -> Reply:
        """PUT of an item or a singleton: what the body leaves out goes back to its first value."""
        entity = self._find(call)
        actual = self._type(entity, call.match.route.type_id)
        for prop in self.schema.structural(actual):
            if not (prop.computed or prop.read_only or prop.immutable or prop.name in self.schema.keys(actual)):
                entity[prop.name] = self.schema.zero(prop)
        self._merge_body(call, entity, actual)
        return self._changed(call, entity)

    def delete(self, call: Call) -> Reply:
        """DELETE of an item or a singleton."""
        self._find(call)
        self.store.remove(call.address)
        return Reply(204)

    def _merge_body(self, call: Call, entity: Entity, actual: str) -> None:
        body = call.body
        if isinstance(body, dict):
            # The key may be repeated, as long as it stays what it is (OData 4.01 protocol, section 11.4.3).
            for name in self.schema.keys(actual):
                if name in body and body[name] != entity.get(name):
                    raise bad_request(f"Property '{name}' is the key and cannot be changed.")
            body = {name: value for name, value in body.items() if name not in self.schema.keys(actual)}
        self.nursery.change(entity, actual, check_object(self.schema, body, actual, Purpose.UPDATE))

    def _changed(self, call: Call, entity: Entity) -> Reply:
        if call.operation.result.type is None or _PREFER_MINIMAL in call.headers.get("prefer", ""):
            return Reply(204)
        return Reply(200, self._with_context(call, entity))

    def _find(self, call: Call) -> Entity:
        route = call.match.route
        address = call.address
        entity = self.store.item(address) if route.shape is Shape.ITEM else self.store.single(address)
        if entity is None or (route.cast and not self.schema.is_a(self._type(entity, route.type_id), route.cast)):
            raise not_found(f"Resource '{address[-1][:200]}' does not exist.")
        return entity

    def _shown(self, call: Call, entity: Entity, address: tuple[str, ...]) -> Entity:
        projection = read_projection(self.schema, self._type(entity, call.match.route.type_id), call.options)
        return shape_entity(self.schema, self.store, entity, call.match.route.type_id, address, projection)

    def _with_context(self, call: Call, entity: Entity) -> Entity:
        context = context_url(call.root, self.schema, call.match, call.options)
        return {"@odata.context": context, **self._shown(call, entity, call.address)}

    # ------------------------------------------------------------------------------------- complex properties

    def show_property(self, call: Call) -> Reply:
        """GET of a complex property by its own path."""
        owner, name = self._owner(call)
        value = owner.get(name)
        if value is None:
            return Reply(204)
        context = f"{call.root}/$metadata#{'/'.join(quote(part) for part in call.match.segments)}"
        return Reply(200, {"@odata.context": context, **(value if isinstance(value, dict) else {"value": value})})

    def update_property(self, call: Call) -> Reply:
        """PATCH or PUT of a complex property by its own path."""
        owner, name = self._owner(call)
        actual = self._type(owner, call.match.route.type_id)
        prop = self.schema.properties(actual).get(name)
        if prop is None or prop.computed or prop.read_only:
            raise bad_request(f"Property '{name}' cannot be written.")
        checked = check_value(self.schema, call.body, prop.type, Purpose.UPDATE, name, prop.nullable)
        self.nursery.change(owner, actual, {name: checked})
        return Reply(204) if call.operation.result.type is None else self.show_property(call)

    def clear_property(self, call: Call) -> Reply:
        """DELETE of a complex property: it becomes null."""
        owner, name = self._owner(call)
        actual = self._type(owner, call.match.route.type_id)
        prop = self.schema.properties(actual).get(name)
        if prop is None or not prop.nullable or prop.computed or prop.read_only:
            raise bad_request(f"Property '{name}' cannot be null.")
        self.nursery.change(owner, actual, {name: None})
        return Reply(204)

    def _owner(self, call: Call) -> tuple[Entity, str]:
        *place, name = call.address
        owner = self.store.item(tuple(place)) if len(place) > 1 else None
        if owner is None:
            owner = self.store.single(tuple(place))
        if owner is None:
            raise not_found(f"Resource '{place[-1][:200]}' does not exist.")
        return owner, name

    # ------------------------------------------------------------------------------------------------- streams

    def read_media(self, call: Call) -> Reply:
        """GET of a stream."""
        found = self.store.media(call.address)
        if found is None:
            raise not_found("The stream is empty.")
        digest = base64.urlsafe_b64encode(hashlib.sha256(found[1]).digest()[:9]).decode()
        return Reply(200, headers=(("ETag", f'"{digest}"'),), content=found[1], content_type=found[0])

    def write_media(self, call: Call) -> Reply:
        """PUT (or PATCH) of a stream."""
        kind = call.headers.get("content-type", "application/octet-stream")
        self.store.put_media(call.address, kind, call.content)
        return Reply(204)

    def delete_media(self, call: Call) -> Reply:
        """DELETE of a stream."""
        if not self.store.drop_media(call.address):
            raise not_found("The stream is empty.")
        return Reply(204)


def _name(call: Call) -> str:
    return f"{call.verb} {call.match.route.item.path}"


_ACTIONS: Mapping[tuple[Shape, str], Callable[[Resources, Call], Reply]] = {
    (Shape.COLLECTION, "GET"): Resources.show_page,
    (Shape.COLLECTION, "POST"): Resources.create,
    (Shape.COUNT, "GET"): Resources.count,
    (Shape.ITEM, "GET"): Resources.show,
    (Shape.ITEM, "PATCH"): Resources.update,
    (Shape.ITEM, "PUT"): Resources.replace,
    (Shape.ITEM, "DELETE"): Resources.delete,
    (Shape.SINGLE, "GET"): Resources.show,
    (Shape.SINGLE, "PATCH"): Resources.update,
    (Shape.SINGLE, "PUT"): Resources.replace,
    (Shape.SINGLE, "DELETE"): Resources.delete,
    (Shape.COMPLEX, "GET"): Resources.show_property,
    (Shape.COMPLEX, "PATCH"): Resources.update_property,
    (Shape.COMPLEX, "PUT"): Resources.update_property,
    (Shape.COMPLEX, "DELETE"): Resources.clear_property,
    (Shape.MEDIA, "GET"): Resources.read_media,
    (Shape.MEDIA, "PUT"): Resources.write_media,
    (Shape.MEDIA, "PATCH"): Resources.write_media,
    (Shape.REF, "GET"): show_links,
    (Shape.REF, "POST"): add_link,
    (Shape.REF, "PUT"): add_link,
    (Shape.REF, "DELETE"): drop_link,
    (Shape.MEDIA, "DELETE"): Resources.delete_media,
}
