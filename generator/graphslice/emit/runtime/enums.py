"""Enum values that a client may not know yet."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

E = TypeVar("E", bound="WireEnum")


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
        """Give the wire value."""
        return str(self._value_)

    def __format__(self, spec: str) -> str:
        """Format the wire value."""
        return format(str(self._value_), spec)

    def __repr__(self) -> str:
        """Show known members by name, others by their text."""
        shown = self._name_ if self.is_known else repr(str(self._value_))
        return f"{type(self).__name__}.{shown}" if self.is_known else f"{type(self).__name__}({shown})"

    def __hash__(self) -> int:
        """Hash like the text, to which the value is equal."""
        return hash(str(self._value_))

    def __reduce_ex__(self, protocol: object) -> tuple[object, ...]:
        """Pickle by wire value, which unknown ones have too."""
        return (type(self), (str(self._value_),))
