"""Work spread over forked processes: they inherit what they need, and only results travel back.

The numbers of all batches wait in a pipe; every process, this one too, takes the next when it is free. Where the
system cannot fork, or has one core, this process does everything.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from graphslice.diagnostics import Diagnostic, GraphsliceError

T = TypeVar("T")
Reply = dict[int, Any] | tuple[Diagnostic, ...] | str
"""A result by its number, a user's fault, or the traceback of a bug."""
_NUMBER_SIZE = 2
_MOST_PROCESSES = 8


def spread(work: Callable[[int], T], count: int) -> Sequence[T]:
    """Give ``[work(0), ..., work(count - 1)]``."""
    others = min(_cores(), _MOST_PROCESSES, count) - 1
    if others < 1 or count >= 1 << 8 * _NUMBER_SIZE:
        return [work(number) for number in range(count)]
    queue, filled = os.pipe()
    # 64 KiB hold more numbers than there are batches, and reading two bytes of a pipe is one step for all.
    os.write(filled, b"".join(number.to_bytes(_NUMBER_SIZE, "little") for number in range(count)))
    os.close(filled)
    children = [_start(work, queue) for _ in range(others)]
    replies: list[Reply] = []
    try:
        results = _take(work, queue)
    finally:
        os.close(queue)
        for pid, source in children:
            replies += _finish(pid, source)
    for reply in replies:
        results.update(_opened(reply))
    return [results.pop(number) for number in range(count)]


def _cores() -> int:
    if not hasattr(os, "fork") or sys.platform == "darwin":
        # Apple's libraries do not survive a fork without exec.
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _take(work: Callable[[int], T], queue: int) -> dict[int, T]:
    results: dict[int, T] = {}
    try:
        while piece := os.read(queue, _NUMBER_SIZE):
            number = int.from_bytes(piece, "little")
            results[number] = work(number)
    except BaseException:
        # The run is lost: nobody needs the other batches any more.
        while os.read(queue, 1 << 16):
            pass
        raise
    return results


def _start(work: Callable[[int], T], queue: int) -> tuple[int, int]:
    source, sink = os.pipe()
    pid = os.fork()
    if pid:
        os.close(sink)
        return pid, source
    status = 1
    try:
        os.close(source)
        with os.fdopen(sink, "wb") as stream:
            for reply in _replies(work, queue):
                pickle.dump(reply, stream, pickle.HIGHEST_PROTOCOL)
        status = 0
    finally:
        # No clean-up of the parent's affairs: no exit handlers, no flushed copies of its buffers.
        os._exit(status)


def _replies(work: Callable[[int], T], queue: int) -> Iterator[Reply]:
    """Give one result at a time, and let go of it: a process would else hold all of its results twice."""
    try:
        results = _take(work, queue)
    except GraphsliceError as fault:
        yield fault.diagnostics
    except BaseException:
        yield traceback.format_exc()
    else:
        while results:
            yield dict([results.popitem()])


def _finish(pid: int, source: int) -> list[Reply]:
    replies: list[Reply] = []
    with os.fdopen(source, "rb") as stream:
        try:
            while True:
                replies.append(pickle.load(stream))
        except EOFError:
            pass
    _, status = os.waitpid(pid, 0)
    return replies if status == 0 else [*replies, f"it ended with status {status}"]


def _opened(reply: Reply) -> dict[int, Any]:
    if isinstance(reply, tuple):
        raise GraphsliceError(*reply)
    if isinstance(reply, str):
        raise RuntimeError(f"in a process of its own: {reply}")
    return reply
