"""Work spread over processes gives what it would have given here, faults included."""

from __future__ import annotations

import os

import pytest

from graphslice.diagnostics import Diagnostic, GraphsliceError, Location, error
from graphslice.emit import processes


@pytest.fixture(autouse=True)
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork even where there is one core."""
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork")
    monkeypatch.setattr(processes, "_cores", lambda: 4)


def test_results_stand_in_order() -> None:
    """Whoever did a batch, its result is in its place."""
    assert processes.spread(lambda number: [number] * 1000, 50) == [[number] * 1000 for number in range(50)]


def test_several_processes_take_part() -> None:
    """The work is shared: this process waits until another has done some."""
    source, sink = os.pipe()
    here = os.getpid()

    def work(number: int) -> int:
        if os.getpid() == here:
            os.read(source, 1)
        else:
            os.write(sink, b"x" * 8)
        return os.getpid()

    done = set(processes.spread(work, 8))
    os.close(source)
    os.close(sink)
    assert done - {here}


def test_a_users_fault_arrives_whole() -> None:
    """What a worker finds is told as if it had been found here."""

    def work(number: int) -> int:
        if os.getpid() != here:
            raise error("OUT010", "no good", Location("a.py", 3), "mend it")
        os.read(source, 1)
        return number

    here = os.getpid()
    source, sink = os.pipe()
    os.write(sink, b"x" * 100)
    # The workers raise on whatever they take; this process may have taken the rest.
    with pytest.raises(GraphsliceError) as caught:
        for _ in range(50):
            processes.spread(work, 8)
            os.write(sink, b"x" * 8)
    os.close(source)
    os.close(sink)
    assert caught.value.diagnostics == (Diagnostic("OUT010", "no good", Location("a.py", 3), "mend it"),)


def test_a_bug_here_is_raised_and_nobody_is_left_waiting() -> None:
    """A fault in this process ends the run, after the others have ended."""

    def work(number: int) -> int:
        raise KeyError(number)

    with pytest.raises((KeyError, RuntimeError)):
        processes.spread(work, 20)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_one_core_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a second core nothing is forked."""
    monkeypatch.setattr(processes, "_cores", lambda: 1)
    assert set(processes.spread(lambda number: os.getpid(), 5)) == {os.getpid()}
