"""Reads two descriptions at once where that saves time: the older one in a process of its own."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from graphslice.api.model import ApiModel
from graphslice.config import Slice
from graphslice.diagnostics import Diagnostic, GraphsliceError

T = TypeVar("T")
Read = Callable[[Slice], ApiModel]
_WORTH_A_PROCESS = 1_000_000
"""Bytes of a description that take longer to read than a process takes to start and to answer."""


def read_both(old: Slice, new: Slice, read: Read, meanwhile: Callable[[ApiModel], T]) -> tuple[ApiModel, T]:
    """Read two slices.

    Args:
        old: The slice that is read in a process of its own.
        new: The slice that is read here.
        read: How a slice is read.
        meanwhile: What is made of the newer model while the older one is still on its way.
    """
    if "fork" not in multiprocessing.get_all_start_methods() or min(_size(old), _size(new)) < _WORTH_A_PROCESS:
        return read(old), meanwhile(read(new))
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(there, old, read), daemon=True)
    process.start()
    there.close()
    try:
        after = meanwhile(read(new))
        before = _received(here)
    finally:
        here.close()
        process.join()
    return before if before is not None else read(old), after


def _answer(there: Connection, wanted: Slice, read: Read) -> None:
    """Send the model, or what was wrong; nothing at all if the model cannot be sent."""
    gc.disable()
    try:
        answer: ApiModel | tuple[Diagnostic, ...] = read(wanted)
    except GraphsliceError as fault:
        answer = fault.diagnostics
    try:
        data = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    except (TypeError, pickle.PicklingError):
        data = pickle.dumps(None)
    there.send_bytes(data)
    there.close()


def _received(here: Connection) -> ApiModel | None:
    try:
        answer = pickle.loads(here.recv_bytes())
    except EOFError:
        return None
    if isinstance(answer, tuple):
        raise GraphsliceError(*answer)
    assert answer is None or isinstance(answer, ApiModel)
    return answer


def _size(wanted: Slice) -> int:
    try:
        return os.path.getsize(Path(wanted.description))
    except OSError:
        return 0
