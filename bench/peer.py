"""The peer that the client is measured against, installed apart and once: `.build/bench-peer`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PEER = "msgraph-beta-sdk==1.66.0"
_FOLDER = ROOT / ".build" / "bench-peer"
_PROBES = Path(__file__).resolve().parent / "probes"


@dataclass(frozen=True, slots=True)
class Run:
    """A probe's process: seconds from start to exit, the most memory it held, and what it printed."""

    seconds: float
    mebibytes: float
    output: dict[str, Any]


def peer_python() -> Path:
    """Give the interpreter that has the peer, after installing it the first time."""
    python = _FOLDER / "bin" / "python"
    stamp = _FOLDER / f".{PEER}"
    if not stamp.exists():
        print(f"installing {PEER} into {_FOLDER.relative_to(ROOT)} (340 MB, once) ...", file=sys.stderr, flush=True)
        venv.create(_FOLDER, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", PEER], check=True)
        stamp.touch()
    return python


def own_python() -> Path:
    """Give the interpreter that has our client: the one that runs this."""
    return Path(sys.executable)


def extra(package: str) -> Path:
    """Install an optional package for our own interpreter, apart and once; gives the folder for PYTHONPATH."""
    folder = ROOT / ".build" / f"bench-{package}"
    stamp = folder / ".installed"
    if not stamp.exists():
        command = [own_python(), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*command, "--upgrade", "--target", folder, package], check=True)
        stamp.touch()
    return folder


def probe(python: Path, name: str, *arguments: str, path: Path | None = None) -> Run:
    """Run a probe in a process of its own; the last line that it prints is JSON."""
    folders = [str(path)] if path else []
    folders += [os.environ["PYTHONPATH"]] if python == own_python() and "PYTHONPATH" in os.environ else []
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", "PYTHONPATH": os.pathsep.join(folders)}
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
