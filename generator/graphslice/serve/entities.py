"""Entities coming into being and changing: keys, first values, and the moments that the service sets."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from graphslice.api.model import ApiModel, ListRef, Primitive, PrimitiveRef, Property
from graphslice.diagnostics import GraphsliceError, Location, error
from graphslice.serve import moments
from graphslice.serve.bodies import Purpose, check_object
from graphslice.serve.moments import Clock, stamp
from graphslice.serve.refusals import Refused, bad_request
from graphslice.serve.routes import Routes, Shape
from graphslice.serve.schema import Entity, Json, Schema
from graphslice.serve.seed import Seed
from graphslice.serve.shaping import key_text
from graphslice.serve.store import Address, Store

_GENERATED_KEY = "id"
"""The one key that services of this family make themselves even where the metadata does not say computed."""


@dataclass(slots=True)
class Nursery:
    """Makes and changes entities by what the metadata says.

    Core.Computed means by its own definition "generated on both insert and update", and Core.Immutable "unchanged on
    update". So a computed moment is set when the entity is created and again at each change; computed and immutable
    together, when it is created only. A moment that neither creation nor change tells (work that ends some time) has
    its first value in the seed's defaults, and is then left alone.
    """

    schema: Schema
    store: Store
    seed: Seed
    clock: Clock = moments.system_clock
    make_id: Callable[[], str] = lambda: str(uuid.uuid4())

    def create(self, collection: Address, type_id: str, body: Entity) -> tuple[str, Entity]:
        """Make an entity from checked members and put it into a collection; gives its key as URL text."""
        actual = _actual(body, type_id)
        entity = self._new(actual, body)
        for name in self.schema.keys(actual):
            if entity.get(name) in (None, "") or name not in body:
                entity[name] = self._key(self.schema.properties(actual)[name], collection, name in body)
        key = key_text(self.schema, entity, actual)
        if self.store.item((*collection, key)) is not None:
            raise Refused(409, "Conflict", "There is an entity with that key already.")
        own, below = self._split(actual, entity)
        self.store.add(collection, key, own)
        self._plant(actual, (*collection, key), below)
        return key, own

    def place(self, address: Address, type_id: str, body: Entity) -> Entity:
        """Make the entity of a place of its own."""
        actual = _actual(body, type_id)
        entity = self._new(actual, body)
        for name in self.schema.keys(actual):
            if not entity.get(name):
                entity[name] = self._made_up(self.schema.properties(actual)[name], address)
        own, below = self._split(actual, entity)
        self.store.place(address, own)
        self._plant(actual, address, below)
        return own

    def change(self, entity: Entity, type_id: str, body: Entity) -> None:
        """Apply checked members; objects are merged, lists replaced (OData 4.01 protocol, section 11.4.3)."""
        actual = _actual(entity, type_id)
        _merge(entity, {name: value for name, value in body.items() if name != "@odata.type"})
        self.schema.complete(actual, entity)
        now = stamp(self.clock())
        for prop in self._moments(actual):
            if not prop.immutable:
                entity[prop.name] = now

    def step(self, address: Address, entity: Entity, type_id: str) -> None:
        """Let scripted work proceed by one step."""
        steps = self.seed.steps.get(_actual(entity, type_id), ())
        if steps:
            turn = self.store.turn(address)
            if turn < len(steps):
                entity.update(_present(steps[turn], stamp(self.clock())))

    def _new(self, type_id: str, body: Entity) -> Entity:
        now = stamp(self.clock())
        entity: Entity = {"@odata.type": body["@odata.type"]} if "@odata.type" in body else {}
        for prop in self.schema.structural(type_id):
            entity[prop.name] = self.schema.zero(prop)
        entity.update({prop.name: now for prop in self._moments(type_id)})
        for owner in self.schema.lineage(type_id):
            entity.update(_present(self.seed.defaults.get(owner.id, {}), now))
        entity.update(body)
        self.schema.complete(type_id, entity)
        return entity

    def _moments(self, type_id: str) -> Iterator[Property]:
        told = {name for owner in self.schema.lineage(type_id) for name in self.seed.defaults.get(owner.id, {})}
        for prop in self.schema.structural(type_id):
            if prop.computed and prop.type == PrimitiveRef(Primitive.DATE_TIME) and prop.name not in told:
                yield prop

    def _key(self, prop: Property, collection: Address, given: bool) -> Json:
        if given or not (prop.computed or prop.name == _GENERATED_KEY):
            raise bad_request(f"Property '{prop.name}' is the key and has to be given.")
        return self._made_up(prop, collection)

    def _made_up(self, prop: Property, collection: Address) -> Json:
        kind = prop.type.kind if isinstance(prop.type, PrimitiveRef) else None
        if kind in {Primitive.INT16, Primitive.INT32, Primitive.INT64}:
            taken = [entity.get(prop.name) for entity in self.store.items(collection)]
            return max((value for value in taken if isinstance(value, int)), default=0) + 1
        return self.make_id() if kind in {Primitive.STRING, Primitive.UUID} else self.schema.zero(prop)

    def _split(self, type_id: str, entity: Entity) -> tuple[Entity, dict[str, Json]]:
        """Part what belongs to the entity from the entities that came inside it."""
        inner = {name for name, prop in self.schema.properties(type_id).items() if prop.navigation}
        own = {name: value for name, value in entity.items() if name not in inner}
        return own, {name: value for name, value in entity.items() if name in inner and value is not None}

    def _plant(self, type_id: str, address: Address, below: Mapping[str, Json]) -> None:
        for name, value in below.items():
            prop = self.schema.properties(type_id)[name]
            target = self.schema.element(prop.type)
            if isinstance(prop.type, ListRef):
                for item in value:
                    self.create((*address, name), target, item)
            else:
                self.place((*address, name), target, value)


def plant_seed(nursery: Nursery, routes: Routes, model: ApiModel) -> None:
    """Put a seed's data into the store and make every singleton of the model that has no place yet."""
    where = Location("seed")
    for path, value in nursery.seed.data.items():
        try:
            match = routes.match(path)
            route = match.route
            if route.shape not in {Shape.COLLECTION, Shape.SINGLE}:
                raise bad_request("the path is neither a collection nor a singleton")
            several = route.shape is Shape.COLLECTION
            for each in value if several and isinstance(value, list) else [value]:
                body = check_object(nursery.schema, each, route.type_id, Purpose.SEED)
                if several:
                    nursery.create(match.address(nursery.store), route.type_id, body)
                else:
                    nursery.place(match.address(nursery.store), route.type_id, body)
        except Refused as fault:
            raise _seed_error(path, fault.message, where) from None
    for item in model.paths:
        if "{" not in item.path and nursery.store.single(tuple(item.path.strip("/").split("/"))) is None:
            match = routes.match(item.path)
            if match.route.shape is Shape.SINGLE and match.route.type_id:
                nursery.place(match.address(nursery.store), match.route.type_id, {})


def _seed_error(path: str, message: str, where: Location) -> GraphsliceError:
    return error("SERVE004", f"the seed does not fit at {path}: {message}", where, "correct the seed's data")


def _actual(entity: Entity, type_id: str) -> str:
    tag = entity.get("@odata.type")
    return tag.removeprefix("#") if isinstance(tag, str) else type_id


def _present(value: Json, now: str) -> Json:
    """Copy a seed's value, with the present moment where it asks for it."""
    if isinstance(value, Mapping):
        return {name: _present(inner, now) for name, inner in value.items()}
    if isinstance(value, list):
        return [_present(item, now) for item in value]
    return now if value == "@now" else value


def _merge(target: Entity, changes: Entity) -> None:
    for name, value in changes.items():
        current = target.get(name)
        if isinstance(value, dict) and isinstance(current, dict) and "@odata.type" not in value:
            _merge(current, value)
        else:
            target[name] = value
