"""Parsing 100 sessions with 5 prompts each."""

from __future__ import annotations

from collections.abc import Iterator

from bench.peer import PEER, own_python, peer_python, probe
from bench.report import Row

_ROUNDS = 3


def measure() -> Iterator[Row]:
    """Measure both in turns; the peer's page takes seconds, so it is parsed once a process."""
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        ours.append(probe(own_python(), "objects_ours").output)
        theirs.append(probe(peer_python(), "objects_peer").output)
    own = {name: min([run[name] for run in ours]) for name in ours[0]}
    peer = {name: min([run[name] for run in theirs]) for name in theirs[0]}
    yield Row("an object, Kiota's JSON factory", own["stock"], "us", peer["stock"], PEER, at_least=900)
    yield Row("an object, our JSON factory", own["own"], "us", peer["stock"], PEER, at_least=2500)
    yield Row("  beside json.loads", own["own"], "us", own["json"], "json.loads", at_least=1 / 7)
    yield Row("first session parsed", own["first"], "ms", peer["first"], PEER, at_most=10)
