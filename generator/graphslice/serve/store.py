"""What the emulator remembers: entities by the place that addresses them, in the order of their creation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphslice.serve.schema import Entity

Address = tuple[str, ...]
"""The decoded segments of a URL path, without type casts."""


class Store:
    """The state of one service.

    A collection is a dict of entities by the text of their key as it stands in the URL. Everything is changed within
    one event loop turn, so two requests never see each other half done.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._collections: dict[Address, dict[str, Entity]] = {}
        self._singles: dict[Address, Entity] = {}
        self._media: dict[Address, tuple[str, bytes]] = {}
        self._turns: dict[Address, int] = {}
        self._origins: dict[int, Address] = {}

    def items(self, address: Address) -> list[Entity]:
        """Give the entities of a collection, none where nothing was ever created."""
        return list(self._collections.get(address, {}).values())

    def item(self, address: Address) -> Entity | None:
        """Give the entity that the last segment names in the collection before it."""
        return self._collections.get(address[:-1], {}).get(address[-1])

    def add(self, collection: Address, key: str, entity: Entity) -> None:
        """Put an entity into a collection."""
        self._collections.setdefault(collection, {})[key] = entity
        self._origins.setdefault(id(entity), (*collection, key))

    def find(self, collection: Address, values: Mapping[str, str]) -> str:
        """Give the key of the entity with these property values; empty, which is no key, where there is none."""
        for key, entity in self._collections.get(collection, {}).items():
            if all(str(entity.get(name)) == value for name, value in values.items()):
                return key
        return ""

    def origin(self, entity: Entity) -> Address:
        """Give the place where an entity was created; where it is referred to are other places."""
        return self._origins[id(entity)]

    def single(self, address: Address) -> Entity | None:
        """Give the entity that stands at a place of its own."""
        return self._singles.get(address)

    def place(self, address: Address, entity: Entity) -> None:
        """Put an entity at a place of its own."""
        self._singles[address] = entity
        self._origins.setdefault(id(entity), address)

    def remove(self, address: Address) -> bool:
        """Remove an entity and everything below it; tell whether there was one."""
        gone = self._singles.pop(address, None) or self._collections.get(address[:-1], {}).pop(address[-1], None)
        if gone is None:
            return False
        if self._origins[id(gone)] == address:
            self._forget(gone)
            for place, entity in [*self.everything()]:
                if place[: len(address)] == address and self._origins[id(entity)] == place:
                    self._forget(entity)
        for state in (self._collections, self._singles, self._media, self._turns):
            for below in [place for place in state if place[: len(address)] == address]:
                del state[below]
        return True

    def _forget(self, gone: Entity) -> None:
        """Take an entity and all references to it away."""
        del self._origins[id(gone)]
        for entities in self._collections.values():
            for key in [key for key, entity in entities.items() if entity is gone]:
                del entities[key]
        for place in [place for place, entity in self._singles.items() if entity is gone]:
            del self._singles[place]

    def media(self, address: Address) -> tuple[str, bytes] | None:
        """Give the content type and the bytes of a stream."""
        return self._media.get(address)

    def put_media(self, address: Address, content_type: str, content: bytes) -> None:
        """Replace the bytes of a stream."""
        self._media[address] = (content_type, content)

    def drop_media(self, address: Address) -> bool:
        """Remove a stream; tell whether there was one."""
        return self._media.pop(address, None) is not None

    def turn(self, address: Address) -> int:
        """Count how often an entity was asked for, from 0."""
        seen = self._turns.get(address, 0)
        self._turns[address] = seen + 1
        return seen

    def everything(self) -> Iterator[tuple[Address, Entity]]:
        """Give every entity with its place, for tests and for looking at what is there."""
        yield from self._singles.items()
        for place, entities in self._collections.items():
            for key, entity in entities.items():
                yield (*place, key), entity
