"""Dates, times and durations that go back over the wire exactly as they came."""

# A function is faster than a class method, and is as much a part of the class.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import datetime
import re
import sys
from typing import Any

# Compiled when first needed: most of the time nothing but the usual shape of a timestamp is read.
_STAMP = r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:([Zz])|([+-])(\d\d):(\d\d))?"
_DATE = r"(\d{4})-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?"
_NUMBER = r"\d+(?:[.,]\d+)?"
_DURATION = (
    rf"([+-])?P(?=.)(?:({_NUMBER})W)?(?:({_NUMBER})Y)?(?:({_NUMBER})M)?(?:({_NUMBER})D)?"
    rf"(?:T(?=.)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?"
)
_UTC = datetime.timezone.utc
_MICROSECOND = datetime.timedelta(microseconds=1)


class Timestamp(datetime.datetime):
    """A date and time that was read; `isoformat()` gives the text that it was read from.

    A `datetime` counts microseconds, services send more digits. Whatever is computed from a timestamp is a plain one.
    """

    __slots__ = ("_text",)
    _text: str

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
        """Give the text that was read; with arguments, or for a computed value, the usual form."""
        kept: str | None = getattr(self, "_text", None)
        return super().isoformat(sep, timespec) if kept is None or sep != "T" or timespec != "auto" else kept

    def __reduce_ex__(self, protocol: Any) -> Any:
        kept: str | None = getattr(self, "_text", None)
        return super().__reduce_ex__(protocol) if kept is None else (Timestamp.parse, (kept,))


def is_usual_timestamp(text: str) -> bool:
    """Whether text has the usual shape and is a moment: left to the interpreter where it knows `Z` and any fraction."""
    return len(text) in _LENGTHS and text[4:20:3] in _SHAPES and text[-1] == "Z" and bool(_moment(text))


# What stands at every third place of the usual shape from the fifth on; nothing where the interpreter is too old to
# know it, or so new that it takes 24:00 for a moment.
_SHAPES = frozenset({"--T::.", "--T::Z"} if (3, 11) <= sys.version_info < (3, 14) else ())
# Without a fraction, and with one of up to eleven digits.
_LENGTHS = frozenset({20, *range(22, 33)})


def read_timestamp(text: str) -> Timestamp:
    """Read RFC 3339 text, as `Timestamp.parse` does, but three times as fast where it has the usual shape."""
    if not is_usual_timestamp(text):
        return Timestamp.parse(text)
    made = Timestamp.fromisoformat(text)
    made._text = text
    return made


_moment = datetime.datetime.fromisoformat


class WireTime(datetime.time):
    """A time of day that was read; its text is what it was read from."""

    __slots__ = ("_text",)
    _text: str

    @classmethod
    def parse(cls, text: str) -> WireTime:
        """Read `hh:mm`, `hh:mm:ss` or with a fraction."""
        found = re.fullmatch(_TIME, text, re.ASCII)
        if found is None:
            raise ValueError(f"{text!r} is no time of day")
        hour, minute, second, fraction = found.groups()
        micro = int(fraction[:6].ljust(6, "0")) if fraction else 0
        made = cls(int(hour), int(minute), int(second or 0), micro)
        made._text = text
        return made

    def isoformat(self, timespec: str = "auto") -> str:
        """Give the text that was read; with an argument, or for a computed value, the usual form."""
        kept: str | None = getattr(self, "_text", None)
        return super().isoformat(timespec) if kept is None or timespec != "auto" else kept

    __str__ = isoformat

    def __reduce_ex__(self, protocol: Any) -> Any:
        kept: str | None = getattr(self, "_text", None)
        return super().__reduce_ex__(protocol) if kept is None else (WireTime.parse, (kept,))


class SpelledDuration(datetime.timedelta):
    """A duration whose text is ISO 8601, for writers that ask for `str`: Kiota's would send Python's own spelling."""

    __slots__ = ("_text",)
    _text: str

    @classmethod
    def of(cls, value: datetime.timedelta | str) -> SpelledDuration:
        """Take a duration, or the text of one as it is."""
        length = parse_duration(value) if isinstance(value, str) else value
        made = cls(length.days, length.seconds, length.microseconds)
        made._text = value if isinstance(value, str) else duration_text(length)
        return made

    def __str__(self) -> str:
        return self._text


def with_zone(value: Any) -> Any:
    """Give a moment that says nothing of its zone as UTC, which it is when it is read; anything else as it is."""
    if isinstance(value, datetime.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=_UTC)
    return value


def parse_date(text: str) -> datetime.date:
    """Read `yyyy-mm-dd` and nothing else."""
    found = re.fullmatch(_DATE, text, re.ASCII)
    if found is None:
        raise ValueError(f"{text!r} is no date")
    year, month, day = found.groups()
    return datetime.date(int(year), int(month), int(day))


def parse_duration(text: str) -> datetime.timedelta:
    """Read an ISO 8601 duration, negative ones too; a year counts 365 days and a month 30."""
    found = re.fullmatch(_DURATION, text, re.ASCII)
    if found is None:
        raise ValueError(f"{text!r} is no duration")
    sign, *parts = found.groups()
    weeks, years, months, days, hours, minutes, seconds = (float(p.replace(",", ".")) if p else 0.0 for p in parts)
    try:
        length = datetime.timedelta(
            weeks=weeks, days=years * 365 + months * 30 + days, hours=hours, minutes=minutes, seconds=seconds
        )
    except OverflowError as error:
        raise ValueError(f"{text!r} is too long a duration") from error
    return -length if sign == "-" else length


def duration_text(value: datetime.timedelta) -> str:
    """Spell a duration in ISO 8601."""
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
