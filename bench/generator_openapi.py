"""The generator on GitHub's description (13 MB of JSON) and on a large YAML, beside two generators of other makers.

The peers are installed once below `.build`: openapi-python-client from PyPI, and openapi-generator, which needs Java.
What cannot be had here is left out. All run once, in the same run; memory is that of the largest process.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.peer import environment
from bench.report import Row
from tests.contract.field import description
from tests.contract.places import Skipped

_PEER = "openapi-python-client==0.29.1"
_JAVA_PEER = "openapi-generator-cli==7.26.0"


@dataclass(frozen=True, slots=True)
class _Run:
    seconds: float
    processor: float
    """Seconds of processor time, which other work on the machine changes little."""
    mebibytes: float
    megabytes: float
    """What was written."""


def measure() -> list[Row]:
    """Measure; nothing where the description cannot be had."""
    try:
        source = description("github")
    except Skipped as reason:
        print(f"GitHub's description: {reason}", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ours = _ours(source, folder / "ours")
        rows = [
            Row("GitHub's description (13 MB of JSON), memory", ours.mebibytes, "MiB", at_most=300),
            *_beside(source, folder, ours),
            *_per_path(folder, source),
        ]
    return rows


def _beside(source: Path, folder: Path, ours: _Run) -> list[Row]:
    peer = _python_peer(source, folder / "peer")
    rows = [
        Row(
            "GitHub's description to a folder",
            ours.seconds,
            "s",
            peer=peer.seconds,
            peer_name="openapi-python-client",
            at_least=2.5,
        ),
        Row(
            "the same, processor time",
            ours.processor,
            "s",
            peer=peer.processor,
            peer_name="openapi-python-client",
            at_least=2.5,
        ),
    ]
    other = _java_peer(source, folder / "java")
    if other is not None:
        per, peers = ours.seconds / ours.megabytes, other.seconds / other.megabytes
        rows += [
            Row(
                "GitHub's description to a folder", ours.seconds, "s", peer=other.seconds, peer_name="openapi-generator"
            ),
            Row("the same, per MB of output", per, "s", peer=peers, peer_name="openapi-generator"),
        ]
    return rows


def _per_path(folder: Path, source: Path) -> list[Row]:
    """What a path costs in JSON, and the same description in YAML."""
    root: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    chosen = list(root["paths"])[: len(root["paths"]) // 4]
    root["paths"] = {path: root["paths"][path] for path in chosen}
    whole = sum(1 for _ in json.loads(source.read_text(encoding="utf-8"))["paths"])
    text = yaml.dump(root, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False, allow_unicode=True)
    smaller = folder / "quarter.yaml"
    smaller.write_text(text, encoding="utf-8")
    as_yaml = _ours(smaller, folder / "yaml")
    as_json = _ours(source, folder / "again")
    size = len(text) / 1e6
    return [
        Row(f"{size:.1f} MB of YAML ({len(chosen)} paths) to a folder", as_yaml.seconds, "s"),
        Row("a path of GitHub's description", 1000 * as_json.seconds / whole, "ms"),
    ]


def _ours(source: Path, out: Path) -> _Run:
    return _run(
        [sys.executable, "-m", "graphslice", "generate", "-d", source, "-c", "Client", "-n", "made", "-o", out], out
    )


def _python_peer(source: Path, out: Path) -> _Run:
    python = environment("bench-openapi-peer", [_PEER, "ruff"], [])
    command = [
        python,
        "-m",
        "openapi_python_client",
        "generate",
        "--path",
        source,
        "--meta",
        "none",
        "--output-path",
        out,
    ]
    return _run(command, out, PATH=os.pathsep.join([str(python.parent), os.environ["PATH"]]))


def _java_peer(source: Path, out: Path) -> _Run | None:
    if shutil.which("java") is None:
        print("openapi-generator needs Java", file=sys.stderr)
        return None
    try:
        python = environment("bench-java-peer", [_JAVA_PEER], [])
        jar = next(python.parent.parent.rglob("openapi-generator*.jar"))
        return _run(["java", "-jar", jar, "generate", "-g", "python", "-i", source, "-o", out], out)
    except (StopIteration, subprocess.CalledProcessError) as fault:
        print(f"openapi-generator cannot be had or does not run: {fault}", file=sys.stderr)
        return None


def _run(command: Sequence[str | Path], out: Path, **more: str) -> _Run:
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **more},
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, [str(word) for word in command[:4]])
    written = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return _Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, written / 1e6)
