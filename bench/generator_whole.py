"""The generator on a whole API: generate, compare two builds, and what writing exactly costs over plain writing.

Needs the two builds of Graph v1.0 beside the checkout (GRAPHSLICE_SHARED names their folder's parent).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.report import Row

ROOT = Path(__file__).resolve().parent.parent
METADATA = Path(os.environ.get("GRAPHSLICE_SHARED") or ROOT.parent / "shared") / "metadata"
OLD, NEW = METADATA / "graph-v1.0-219281.xml", METADATA / "graph-v1.0-227538.xml"
_WITHOUT = ["-e", "/me", "-e", "/me/**", "-e", "/copilot", "-e", "/copilot/**"]


def measure() -> list[Row]:
    """Measure; nothing where the documents are missing."""
    if not (OLD.is_file() and NEW.is_file()):
        return []
    command = [sys.executable, "-m", "graphslice"]
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary)
        flags = ["-d", str(NEW), *_WITHOUT, "-n", "whole", "-c", "Whole"]
        made = _time([*command, "generate", *flags, "-o", str(out / "out")])
        same = _time([*command, "generate", *flags, "-o", str(out / "out")])
        plain = _plain(out / "out", out / "plain")
        compared = _time([*command, "diff", str(OLD), str(NEW), *_WITHOUT, "--json"])
    return [
        Row("generate the whole of Graph v1.0 to a folder", made, "s", peer=plain, peer_name="writing the same bytes"),
        Row("generate it again, nothing changed", same, "s"),
        Row("compare two whole builds of Graph v1.0", compared, "s", at_most=5.0),
    ]


def _time(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def _plain(source: Path, target: Path) -> float:
    """Write the same files the simplest way."""
    files = {path.relative_to(source): path.read_bytes() for path in sorted(source.rglob("*")) if path.is_file()}
    start = time.perf_counter()
    for path, content in files.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return time.perf_counter() - start
