"""The client and the peer that it is measured against, each in an environment of its own below `.build`."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PEER = "msgraph-beta-sdk==1.66.0"
_PROBES = Path(__file__).resolve().parent / "probes"


@dataclass(frozen=True, slots=True)
class Run:
    """A probe's process: seconds from start to exit, the most memory it held, and what it printed."""

    seconds: float
    mebibytes: float
    output: dict[str, Any]


@functools.cache
def own_python() -> Path:
    """Give an interpreter that has what our client needs, in the versions of this environment, and nothing else.

    The environment of development would not do: httpx, for one, imports rich and click where it finds them.
    """
    pins = [f"{name}=={version(name)}" for name in sorted(_needed("msgraph-security-copilot"))]
    return environment("bench-own", pins, ["--no-deps"])


@functools.cache
def peer_python() -> Path:
    """Give an interpreter that has the peer."""
    return environment("bench-peer", [PEER], [])


def environment(name: str, packages: list[str], options: list[str]) -> Path:
    """Give an interpreter of an environment that has these packages, installed once."""
    folder = ROOT / ".build" / name
    python = folder / "bin" / "python"
    stamp = folder / ".packages"
    wanted = "\n".join([sys.version, *packages])
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"installing into .build/{name} (once) ...", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *options]
        subprocess.run([*install, *packages], check=True)
        stamp.write_text(wanted)
    return python


def _needed(distribution: str) -> set[str]:
    """Give what a distribution needs, and what that needs in turn, with the extras that are asked for."""
    found: set[str] = set()
    todo: list[tuple[str, str]] = [(distribution, "")]
    seen: set[tuple[str, str]] = set()
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for text in requires(name) or []:
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate({"extra": extra}):
                found.add(canonicalize_name(need.name))
                todo += [(need.name, each) for each in ("", *sorted(need.extras))]
    return found


def probe(python: Path, name: str, *arguments: str) -> Run:
    """Run a probe in a process of its own; the last line that it prints is JSON."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "PYTHONPATH": ""}
    if python == own_python():
        environment["PYTHONPATH"] = os.environ.get("PYTHONPATH") or str(ROOT / "generated")
    started = time.perf_counter()
    process = subprocess.Popen(
        [python, _PROBES / f"{name}.py", *arguments],
        stdout=subprocess.PIPE,
        env=environment,
        cwd=ROOT,
    )
    assert process.stdout is not None
    printed = process.stdout.read()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the probe {name} failed with exit code {process.returncode}")
    lines = printed.decode().splitlines()
    return Run(seconds, usage.ru_maxrss / 1024, json.loads(lines[-1]) if lines else {})
