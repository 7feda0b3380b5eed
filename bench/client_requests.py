"""PATCH requests per second over loopback, one at a time and 50 at once."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator

from bench.peer import PEER, ROOT, own_python, peer_python, probe
from bench.report import Row

_ROUNDS = 3


@contextlib.contextmanager
def service() -> Iterator[str]:
    """Run the answering side in a process of its own; gives its base URL."""
    process = subprocess.Popen(
        [sys.executable, ROOT / "bench" / "probes" / "answering.py"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def measure() -> Iterator[Row]:
    """Measure every client in turns against the same service."""
    clients = {
        "peer": (peer_python(), "requests_peer", ""),
        "ours": (own_python(), "requests_ours", "httpx"),
        "ours, aiohttp": (own_python(), "requests_ours", "aiohttp"),
        "our builders, Kiota's adapter": (own_python(), "requests_ours", "kiota"),
        "raw httpx": (own_python(), "requests_ours", "raw"),
    }
    found: dict[str, list[dict[str, float]]] = {name: [] for name in clients}
    with service() as url:
        for _ in range(_ROUNDS):
            for name, (python, script, kind) in clients.items():
                found[name].append(probe(python, script, url, kind).output)
    for way, text, least in (("one", "one at a time", (6, 12)), ("many", "50 at once", (6, 18))):
        rate = {name: max([run[way] for run in runs]) for name, runs in found.items()}
        stock = "our builders, Kiota's adapter"
        yield _row(f"PATCH, {text}", rate["ours"], rate["peer"], PEER, least[0])
        yield _row(f"PATCH, {text}", rate["ours"], rate[stock], stock, 1.15)
        yield _row(f"PATCH, {text}, aiohttp", rate["ours, aiohttp"], rate["peer"], PEER, least[1])
        yield _row(f"PATCH, {text}, aiohttp", rate["ours, aiohttp"], rate["raw httpx"], "raw httpx", 1)


def _row(name: str, ours: float, peer: float, peer_name: str, at_least: float) -> Row:
    return Row(name, ours, "/s", peer, peer_name, at_least=at_least, higher_is_better=True)
