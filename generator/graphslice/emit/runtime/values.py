"""Values that keep their spelling: enum members that a client may not know yet, and moments."""

from __future__ import annotations

import datetime
import re
from enum import Enum
from typing import Any, TypeVar

E = TypeVar("E", bound="WireEnum")
# Compiled when first needed: most of the time nothing but the usual shape of a timestamp is read.
_STAMP = r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:([Zz])|([+-])(\d\d):(\d\d))?"
_UTC = datetime.timezone.utc
_MICROSECOND = datetime.timedelta(microseconds=1)


class Timestamp(datetime.datetime):
    """A date and time that was read; `isoformat()` gives the text that it was read from.

    A `datetime` counts microseconds, services send more digits. Whatever is computed from a timestamp is a plain one.
    """

    _text: str | None = None

    @classmethod
    def parse(cls, text: str) -> Timestamp:
        """Read RFC 3339 text, the same on every Python; without an offset it is UTC."""
        found = re.fullmatch(_STAMP, text, re.ASCII)
        if found is None:
            raise ValueError(f"{text!r} is no date and time")
        year, month, day, hour, minute, second, fraction, _, sign, off_hours, off_minutes = found.groups()
        zone = _UTC if sign is None else _zone(sign, off_hours, off_minutes)
        micro = int(fraction[:6].ljust(6, "0")) if fraction else 0
        made = cls(int(year), int(month), int(day), int(hour), int(minute), int(second), micro, zone)
        made._text = text
        return made

    @property
    def text(self) -> str:
        """The text as it came over the wire, or the usual form of a computed value."""
        return self.isoformat()

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        plain = self._text is None or sep != "T" or timespec != "auto"
        return super().isoformat(sep, timespec) if plain else str(self._text)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return super().__reduce_ex__(protocol) if self._text is None else (Timestamp.parse, (self._text,))


def with_zone(value: Any) -> Any:
    """Give a moment that says nothing of its zone as UTC, which it is when it is read; anything else as it is."""
    if isinstance(value, datetime.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=_UTC)
    return value


def duration_text(value: datetime.timedelta) -> str:
    total = value // _MICROSECOND
    sign, total = ("-", -total) if total < 0 else ("", total)
    seconds, micro = divmod(total, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    fraction = f".{micro:06d}".rstrip("0") if micro else ""
    clock = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "")
    clock += f"{second}{fraction}S" if second or fraction else ""
    text = (f"{day}D" if day else "") + (f"T{clock}" if clock else "")
    return f"{sign}P{text or 'T0S'}"


def _zone(sign: str, hours: str, minutes: str) -> datetime.timezone:
    offset = datetime.timedelta(hours=int(hours), minutes=int(minutes))
    return datetime.timezone(-offset if sign == "-" else offset)


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
