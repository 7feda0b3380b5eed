"""From the start of Python to the first parsed PATCH."""

from __future__ import annotations

from collections.abc import Iterator

from bench.client_requests import service
from bench.peer import PEER, Run, own_python, peer_python, probe
from bench.report import Row

_ROUNDS = 5


def measure() -> Iterator[Row]:
    """Measure without a network, then with a connection and a credential object."""
    ours, theirs = _rounds("mock")
    yield _seconds("start to first parsed PATCH", ours, theirs, 15)
    memory = min([run.mebibytes for run in ours])
    peer_memory = min([run.mebibytes for run in theirs])
    yield Row("  most memory", memory, "MiB", peer_memory, PEER, at_most=30)
    modules, peer_modules = (float(runs[0].output["modules"]) for runs in (ours, theirs))
    yield Row("  modules", modules, "", peer_modules, PEER, at_most=360)
    with service() as url:
        yield _seconds("  with connection and azure-identity object", *_rounds("real", url), 5)


def _rounds(*arguments: str) -> tuple[list[Run], list[Run]]:
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        ours.append(probe(own_python(), "first_patch_ours", *arguments))
        theirs.append(probe(peer_python(), "first_patch_peer", *arguments))
    return ours, theirs


def _seconds(name: str, ours: list[Run], theirs: list[Run], at_least: float) -> Row:
    own, peer = (min([run.seconds for run in runs]) for runs in (ours, theirs))
    return Row(name, own, "s", peer, PEER, at_least=at_least)
