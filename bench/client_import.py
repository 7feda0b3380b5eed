"""`import` of the package: a whole process that does nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from bench.peer import PEER, own_python, peer_python, probe
from bench.report import Row

_ROUNDS = 9


def measure() -> Iterator[Row]:
    """Measure both in turns, so that what else the machine does meets both."""
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        ours.append(probe(own_python(), "import_ours").seconds * 1000)
        theirs.append(probe(peer_python(), "import_peer").seconds * 1000)
    yield Row("import, whole process", min(ours), "ms", min(theirs), PEER, at_least=10)
