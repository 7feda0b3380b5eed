"""Enums of which several members hold at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar, cast

from .values import WireEnum

F = TypeVar("F", bound="WireFlags")


class WireFlags(WireEnum):
    """An enum of which several members can hold at once: one value, comma-joined on the wire.

    `Ink.Black | Ink.Red` joins members, `in` and iteration look inside, a list of members is equal to their join.
    """

    @classmethod
    def joined(cls: type[F], parts: Iterable[WireEnum | str]) -> F:
        """Join members, in the order of the class; unknown ones come last, as given."""
        texts = dict.fromkeys(text for part in parts for text in _split(str(part)))
        if not texts:
            raise ValueError(f"No member of {cls.__name__}: None says that there is none.")
        known = [value for value in map(str, cls) if value in texts]
        return cls.of(",".join([*known, *(text for text in texts if text not in known)]))

    def __or__(self: F, other: WireEnum | str) -> F:
        return type(self).joined((self, other))

    def __contains__(self, part: object) -> bool:
        if not isinstance(part, str):
            return False
        inside = _split(str(part))
        own = _split(str(self))
        return bool(inside) and all(text in own for text in inside)

    def __iter__(self: F) -> Iterator[F]:
        return iter([type(self).of(text) for text in _split(str(self))])

    def __len__(self) -> int:
        return len(_split(str(self)))

    def __bool__(self) -> bool:
        """A value is true, whatever is in it: Kiota's writers skip what is not."""
        return True

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (list, tuple)):
            parts: list[object] = list(cast("list[object]", other))
            return _split(str(self)) == [str(part) for part in parts]
        return isinstance(other, str) and _split(str(self)) == _split(str(other))

    def __hash__(self) -> int:
        return hash(",".join(_split(str(self))))


def _split(text: str) -> list[str]:
    return [part for part in (piece.strip() for piece in text.split(",")) if part]
