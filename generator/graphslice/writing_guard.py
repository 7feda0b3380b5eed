"""One run at a time in an output folder: a lock of the operating system, so that a dead run never blocks."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graphslice.diagnostics import Location, error
from graphslice.lock import refused

GUARD = ".gen-lock"
_PAUSE = 0.05

if os.name == "nt":  # pragma: no cover - tried on Windows only
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def only_run(root: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the output folder for this run.

    The guard file is removed again by whoever holds it, so no litter stays; a run that got hold of a file that
    is no longer the one at the path tries again.

    Raises:
        GraphsliceError: The folder cannot be written.
        RefusedError: Another run holds it for longer than `wait` seconds.
    """
    path = root / GUARD
    handle = _acquire(path, time.monotonic() + wait)
    try:
        yield
    finally:
        try:
            if os.name != "nt":
                path.unlink(missing_ok=True)
        finally:
            os.close(handle)


def _acquire(path: Path, deadline: float) -> int:
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        except OSError as fault:
            raise unwritable(path.parent, fault) from None
        if _try_lock(handle):
            if _still_there(path, handle):
                return handle
            os.close(handle)
            continue
        os.close(handle)
        if time.monotonic() >= deadline:
            hint = "wait for it, or give --wait SECONDS"
            raise refused("OUT030", "another run is in progress in this folder", path.parent, hint)
        time.sleep(_PAUSE)


def _still_there(path: Path, handle: int) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(handle)
    return os.name == "nt" or (there.st_ino, there.st_dev) == (mine.st_ino, mine.st_dev)


def unwritable(root: Path, fault: OSError) -> Exception:
    """Build the error for a folder in which nothing can be written."""
    reason = fault.strerror or str(fault)
    return error("OUT020", f"cannot write the output folder: {reason}", Location(str(root)), "choose another with -o")
