"""Where things are: the repository, the data beside it, the folder for what a run leaves behind."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("GRAPHSLICE_SHARED", ROOT.parent / "shared")).resolve()
DEVIATIONS = ROOT / "tests" / "contract" / "deviations.tsv"
SLICE = ROOT / "metadata" / "security-copilot.toml"
GENERATE = (sys.executable, "-m", "graphslice", "generate")


class Skipped(Exception):
    """A piece cannot be tried here; the message says what is missing."""


class Broken(RuntimeError):
    """A step of a piece failed; the message is the end of what it printed."""


def shared(name: str) -> Path:
    """Give a file or folder of the data beside the repository."""
    found = SHARED / name
    if not found.exists():
        raise Skipped(f"needs {name} of the shared data (GRAPHSLICE_SHARED)")
    return found


def shared_tool(name: str) -> ModuleType:
    """Import a module of the tools that stand beside the recorded surfaces."""
    folder = str(shared(f"tools/{name}.py").parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return importlib.import_module(name)


def run(command: Sequence[str | Path], cwd: Path = ROOT, seconds: float = 1800, **environment: str) -> str:
    """Run a step to its end and give what it printed."""
    words = [str(word) for word in command]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, timeout=seconds, check=False)
    if done.returncode:
        end = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise Broken(f"{Path(words[0]).name} {' '.join(words[1:4])} ... ended with {done.returncode}:\n{end}")
    return done.stdout
