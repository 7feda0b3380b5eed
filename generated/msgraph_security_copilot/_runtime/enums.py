"""Enum values that a client may not know yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import TypeVar, cast

E = TypeVar("E", bound="WireEnum")
F = TypeVar("F", bound="WireFlags")


class WireEnum(str, Enum):
    """An enum by its wire values, which are also its text.

    A value that the description does not list is kept: `Color("mauve")` is a `Color` whose value is `mauve`, which goes
    back over the wire as it came. `is_known` tells the two apart.
    """

    @classmethod
    def of(cls: type[E], text: str) -> E:
        """Give the member with this wire value, or an unknown one that keeps the text."""
        found = cls._value2member_map_.get(text)
        return found if isinstance(found, cls) else cls._unknown(text)

    @property
    def is_known(self) -> bool:
        """Whether the description lists this value."""
        return self._name_ in type(self)._member_map_

    @classmethod
    def _missing_(cls: type[E], value: object) -> E | None:
        return cls._unknown(value) if isinstance(value, str) else None

    @classmethod
    def _unknown(cls: type[E], text: str) -> E:
        # Not remembered on the class: what a service sends must not make a process grow.
        member = str.__new__(cls, text)
        member._name_ = f"<{text}>"
        member._value_ = text
        return member

    def __str__(self) -> str:
        return str(self._value_)

    def __format__(self, spec: str) -> str:
        return format(str(self._value_), spec)

    def __repr__(self) -> str:
        shown = self._name_ if self.is_known else repr(str(self._value_))
        return f"{type(self).__name__}.{shown}" if self.is_known else f"{type(self).__name__}({shown})"

    def __hash__(self) -> int:
        return hash(str(self._value_))

    def __reduce_ex__(self, protocol: object) -> tuple[object, ...]:
        return (type(self), (str(self._value_),))


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
