"""How often a call succeeds in a second."""

import asyncio
import time
from collections.abc import Awaitable, Callable

AT_ONCE = 50


async def rates(call: Callable[[], Awaitable[None]], seconds: float = 1.0) -> dict[str, float]:
    """Call for a while one at a time, then `AT_ONCE` at once; both after a warm-up."""
    for _ in range(3):
        await call()
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        await call()
        count += 1
    one = count / (time.perf_counter() - started)
    await asyncio.gather(*(call() for _ in range(AT_ONCE)))
    stop = time.perf_counter() + seconds
    started = time.perf_counter()

    async def worker() -> int:
        done = 0
        while time.perf_counter() < stop:
            await call()
            done += 1
        return done

    total = sum(await asyncio.gather(*(worker() for _ in range(AT_ONCE))))
    return {"one": one, "many": total / (time.perf_counter() - started)}
