"""Other people's tools on the description that `graphslice export` writes of this repository's slice.

Spectral and Redocly lint it, Prism answers our client from it, openapi-python-client makes a client from it that talks
to the emulator. Everything is installed below `.build/interop`, once, in the versions that are named here.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from pathlib import Path

from graphslice import pipeline
from graphslice.serve import Seed, running
from graphslice.slice_file import load_slice
from tests.contract.places import ROOT, SLICE, Broken, Skipped, run

_WORK = ROOT / ".build" / "interop"
_NODE = ("@stoplight/spectral-cli@6", "@redocly/cli@2", "@stoplight/prism-cli@5")
_PYTHON = ("openapi-python-client>=0.26,<1", "ruff")
_SCRIPTS = ROOT / "tests" / "contract" / "scripts"
_SESSION = "ecdfb9b3-58f5-457f-a18c-4a477890b252"


@functools.cache
def exported() -> Path:
    """Give the exported description of the slice."""
    _WORK.mkdir(parents=True, exist_ok=True)
    target = _WORK / "slice.yaml"
    run([sys.executable, "-m", "graphslice", "export", "openapi", SLICE, "--to", target])
    return target


def spectral() -> str:
    """Lint with Spectral's rules for OpenAPI."""
    rules = _WORK / "spectral.yaml"
    rules.write_text('extends: ["spectral:oas"]\n', encoding="utf-8")
    return _last(run([_tool("spectral"), "lint", exported(), "--ruleset", rules, "--fail-severity", "error"]))


def redocly() -> str:
    """Lint with Redocly's recommended rules."""
    run([_tool("redocly"), "lint", exported(), "--extends", "recommended"], REDOCLY_TELEMETRY="off")
    return "no errors"


def prism() -> str:
    """Let our client talk to a mock server made from the description."""
    with mock_server(exported()) as url:
        return _last(run([sys.executable, _SCRIPTS / "our_client.py", url, _SESSION]))


def python_client() -> str:
    """Rename a session on the emulator through a client that another generator made from the description."""
    python = _other_python()
    out = _WORK / "other"
    shutil.rmtree(out, ignore_errors=True)
    make: list[str | Path] = [python, "-m", "openapi_python_client", "generate", "--path", exported(), "--meta", "none"]
    formatter = os.pathsep.join([str(python.parent), os.environ["PATH"]])  # it looks for ruff there
    said = run([*make, "--output-path", out / "other_client"], PATH=formatter)
    if "arning" in said:
        raise Broken(f"it left something out:\n{said}")
    wanted = load_slice(SLICE)
    sessions = [{"id": _SESSION, "displayName": "Before"}]
    seed = Seed({"/security/securityCopilot/workspaces": [{"id": "default", "sessions": sessions}]})
    with running(pipeline.read_model(wanted), base_url=wanted.base_url or "", seed=seed) as address:
        script = _SCRIPTS / "rename_elsewhere.py"
        return _last(run([python, script, address.base_url, _SESSION], PYTHONPATH=str(out)))


TOOLS = {
    "Spectral lint of the export": spectral,
    "Redocly lint of the export": redocly,
    "Prism answers our client": prism,
    "openapi-python-client's client": python_client,
}


def _last(said: str) -> str:
    lines = [line.strip() for line in said.strip().splitlines() if line.strip()]
    return lines[-1] if lines else ""


@functools.cache
def _node_folder() -> Path:
    """Install the tools of Node, once; the stamp says which."""
    npm = shutil.which("npm")
    if npm is None:
        raise Skipped("needs npm")
    folder = _WORK / "node"
    stamp = folder / ".packages"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != json.dumps(_NODE):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            run([npm, "install", "--no-audit", "--no-fund", "--prefix", folder, *_NODE], cwd=folder)
        except Broken as fault:
            raise Skipped(f"npm cannot install here: {fault}") from fault
        stamp.write_text(json.dumps(_NODE), encoding="utf-8")
    return folder


def _tool(name: str) -> Path:
    return _node_folder() / "node_modules" / ".bin" / (f"{name}.cmd" if sys.platform == "win32" else name)


@functools.cache
def _other_python() -> Path:
    folder = _WORK / "openapi-python-client"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = folder / ".packages"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != json.dumps(_PYTHON):
        venv.create(folder, with_pip=True, clear=True)
        try:
            run([python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *_PYTHON])
        except Broken as fault:
            raise Skipped(f"{_PYTHON[0]} cannot be installed here: {fault}") from fault
        stamp.write_text(json.dumps(_PYTHON), encoding="utf-8")
    return python


class NotStarted(RuntimeError):
    """The mock server does not take a description."""


@contextlib.contextmanager
def mock_server(description: Path, *options: str, seconds: float = 120) -> Iterator[str]:
    """Run Prism on a free port of the loopback until the block ends; what is wrong with a request is an answer 422."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command: list[str | Path] = [_tool("prism"), "mock", *options, "--host", "127.0.0.1", "--port", str(port)]
    log = _WORK / f"prism-{port}.log"
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen([*command, description], stdout=said, stderr=said)
        try:
            _wait_for(port, process, log, seconds)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()
            log.unlink()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.3)
    said = (log.read_text(encoding="utf-8").strip().splitlines() or [""])[-1]
    raise NotStarted(f"Prism does not answer after {seconds:.0f} s: {said[-300:]}")
