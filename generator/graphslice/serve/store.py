"""What the emulator remembers: entities by the place that addresses them, in the order of their creation."""

from __future__ import annotations

from collections.abc import Iterator

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

    def items(self, address: Address) -> list[Entity]:
        """Give the entities of a collection, none where nothing was ever created."""
        return list(self._collections.get(address, {}).values())

    def item(self, address: Address) -> Entity | None:
        """Give the entity that the last segment names in the collection before it."""
        return self._collections.get(address[:-1], {}).get(address[-1])

    def add(self, collection: Address, key: str, entity: Entity) -> None:
        """Put an entity into a collection."""
        self._collections.setdefault(collection, {})[key] = entity

    def single(self, address: Address) -> Entity | None:
        """Give the entity that stands at a place of its own."""
        return self._singles.get(address)

    def place(self, address: Address, entity: Entity) -> None:
        """Put an entity at a place of its own."""
        self._singles[address] = entity

    def remove(self, address: Address) -> bool:
        """Remove an entity and everything below it; tell whether there was one."""
        found = self._singles.pop(address, None) is not None
        found = self._collections.get(address[:-1], {}).pop(address[-1], None) is not None or found
        for state in (self._collections, self._singles, self._media, self._turns):
            for below in [place for place in state if place[: len(address)] == address]:
                del state[below]
        return found

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
