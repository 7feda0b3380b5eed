"""The generator on this repository's slice: process start to exit, beside starting Python with nothing to do."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.report import Row

ROOT = Path(__file__).resolve().parent.parent
SLICE = ROOT / "metadata" / "security-copilot.toml"
_ROUNDS = 7


def measure() -> list[Row]:
    """Measure generate (all written, nothing changed), check and trim."""
    command = [sys.executable, "-m", "graphslice"]
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "out"

        def forget() -> None:
            shutil.rmtree(out, ignore_errors=True)

        generate = [*command, "generate", str(SLICE), "-o", str(out)]
        fresh = _best(generate, forget)
        same = _best(generate)
        check = _best([*command, "check", str(SLICE), "-o", str(out)])
        nothing = _best([sys.executable, "-c", "pass"])
    peer = {"peer": nothing, "peer_name": "python -c pass"}
    return [
        Row("generate our slice, everything written", fresh, "s", at_most=0.5, **peer),  # type: ignore[arg-type]
        Row("generate our slice, nothing changed", same, "s", at_most=0.4, **peer),  # type: ignore[arg-type]
        Row("check our slice", check, "s", **peer),  # type: ignore[arg-type]
    ]


def _best(command: list[str], before: Callable[[], None] = lambda: None) -> float:
    """Give the best of some rounds: other work on the machine only ever makes a run slower."""
    times = []
    for _ in range(_ROUNDS):
        before()
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(sorted(times)[:3])
