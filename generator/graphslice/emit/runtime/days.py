"""Days, times of day and durations, which go back over the wire exactly as they came."""

from __future__ import annotations

import datetime
import re
from typing import Any

from .values import duration_text

_DATE = r"(\d{4})-(\d\d)-(\d\d)"
_TIME = r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?"
_NUMBER = r"\d+(?:[.,]\d+)?"
_DURATION = (
    rf"([+-])?P(?=.)(?:({_NUMBER})W)?(?:({_NUMBER})Y)?(?:({_NUMBER})M)?(?:({_NUMBER})D)?"
    rf"(?:T(?=.)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?"
)


class WireTime(datetime.time):
    """A time of day that was read; its text is what it was read from."""

    _text: str | None = None

    def isoformat(self, timespec: str = "auto") -> str:
        return super().isoformat(timespec) if self._text is None or timespec != "auto" else self._text

    __str__ = isoformat

    def __reduce_ex__(self, protocol: Any) -> Any:
        return super().__reduce_ex__(protocol) if self._text is None else (parse_time, (self._text,))


class SpelledDuration(datetime.timedelta):
    """A duration whose text is ISO 8601, for writers that ask for `str`: Kiota's would send Python's own spelling."""

    __slots__ = ("_text",)
    _text: str

    def __new__(cls, value: datetime.timedelta | str) -> SpelledDuration:
        length = parse_duration(value) if isinstance(value, str) else value
        made = super().__new__(cls, length.days, length.seconds, length.microseconds)
        made._text = value if isinstance(value, str) else duration_text(length)
        return made

    def __str__(self) -> str:
        return self._text


def parse_date(text: str) -> datetime.date:
    found = re.fullmatch(_DATE, text, re.ASCII)
    if found is None:
        raise ValueError(f"{text!r} is no date")
    year, month, day = found.groups()
    return datetime.date(int(year), int(month), int(day))


def parse_time(text: str) -> WireTime:
    found = re.fullmatch(_TIME, text, re.ASCII)
    if found is None:
        raise ValueError(f"{text!r} is no time of day")
    hour, minute, second, fraction = found.groups()
    micro = int(fraction[:6].ljust(6, "0")) if fraction else 0
    made = WireTime(int(hour), int(minute), int(second or 0), micro)
    made._text = text
    return made


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
