"""Timestamps with the seven fractional digits that the services of this family send."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

Clock = Callable[[], int]
"""Gives nanoseconds since 1970; tests hand in their own."""

system_clock: Clock = time.time_ns

_TEXT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,12}))?)?(Z|[+-]\d\d:\d\d)\Z", re.ASCII | re.IGNORECASE
)


def stamp(nanoseconds: int) -> str:
    """Write a moment in UTC with seven digits, the last one included."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%dT%H:%M:%S}.{rest // 100:07d}Z"


def parse(text: str) -> tuple[datetime, int] | None:
    """Read an Edm.DateTimeOffset as something that compares: UTC to the second, and picoseconds; None: it is none."""
    match = _TEXT.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
        if offset not in "Zz":
            sign = -1 if offset[0] == "-" else 1
            local -= sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6]))
    except (ValueError, OverflowError):
        return None
    return local, int((fraction or "0").ljust(12, "0"))
