"""The generator on a whole API: in memory, to a wheel, to a folder; a slice of it; how the cost grows; two builds.

Needs the two builds of Graph v1.0 beside the checkout (GRAPHSLICE_SHARED names their folder's parent).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.report import Row

ROOT = Path(__file__).resolve().parent.parent
METADATA = Path(os.environ.get("GRAPHSLICE_SHARED") or ROOT.parent / "shared") / "metadata"
OLD, NEW = METADATA / "graph-v1.0-219281.xml", METADATA / "graph-v1.0-227538.xml"
_EXCLUDED = ("/me", "/me/**", "/copilot", "/copilot/**")
_WITHOUT = [word for pattern in _EXCLUDED for word in ("-e", pattern)]
_SLICE = ["-i", "/users/{id}/messages", "-i", "/users/{id}/messages/{id}", "-i", "/users/{id}/messages/{id}/send"]
_PARTS = (("/a*/**",), ("/[a-c]*/**",), ("/[a-f]*/**",), ("/[a-h]*/**",), ("/[a-r]*/**",), ())
"""Cuts of the API by the first letter of its roots, each holding the one before; the last is all of it."""
_COMMAND = [sys.executable, "-m", "graphslice"]


def measure() -> list[Row]:
    """Measure; nothing where the documents are missing."""
    if not (OLD.is_file() and NEW.is_file()):
        return []
    return [*_in_memory(), *_on_disk(), _slice()]


def _in_memory() -> list[Row]:
    rows = []
    found: dict[str, Any] = {}
    for patterns in _PARTS:
        found = _probe(patterns)
        rate = 1000 * found["cpu"] / found["modules"]
        rows.append(Row(f"CPU per builder, {found['modules']:,} builders of Graph v1.0", rate, "ms"))
    return [
        Row("generate the whole of Graph v1.0 in memory", found["seconds"], "s", at_most=5.0),
        Row("... the most memory that a process held", found["peak"], "MiB", at_most=400),
        Row("... output for each CPU second", found["megabytes"] / found["cpu"], "MB", higher_is_better=True),
        *rows,
    ]


def _on_disk() -> list[Row]:
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary)
        flags = ["-d", str(NEW), *_WITHOUT, "-n", "whole", "-c", "Whole"]
        wheel = _time([*_COMMAND, "generate", *flags, "--wheel", str(out / "wheel")])
        made = _time([*_COMMAND, "generate", *flags, "-o", str(out / "out")])
        same = _time([*_COMMAND, "generate", *flags, "-o", str(out / "out")])
        plain = _plain(out / "out", out / "plain")
        compared = _time([*_COMMAND, "diff", str(OLD), str(NEW), *_WITHOUT, "--json"])
    return [
        Row("generate it to a wheel", wheel, "s", at_most=6.5),
        Row("generate it to a folder", made, "s", peer=plain, peer_name="writing the same bytes", at_most=plain + 5),
        Row("generate it again, nothing changed", same, "s"),
        Row("compare two whole builds of Graph v1.0", compared, "s", at_most=5.0),
    ]


def _slice() -> Row:
    with tempfile.TemporaryDirectory() as temporary:
        command = [*_COMMAND, "generate", "-d", str(NEW), *_SLICE, "-n", "part", "-c", "Part", "-o"]
        seconds = min(_time([*command, f"{temporary}/{number}"]) for number in range(5))
    return Row("generate a slice from the document of 3.4 MB", seconds, "s", at_most=0.6)


def _probe(patterns: tuple[str, ...]) -> dict[str, Any]:
    arguments = [str(NEW), *patterns, "--", *_EXCLUDED]
    done = subprocess.run(
        [sys.executable, ROOT / "bench" / "probes" / "in_memory.py", *arguments], check=True, capture_output=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


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
