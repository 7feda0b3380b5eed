"""Where the recorded surfaces and their tools stand: beside the checkout, or where GRAPHSLICE_SHARED says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("GRAPHSLICE_SHARED") or ROOT.parent / "shared")
TOOLS = SHARED / "tools"
DEVIATIONS = ROOT / "tests" / "contract" / "deviations.tsv"


def listing(package: Path, root: str, target: Path, *options: str, python: str = sys.executable) -> Path:
    """List the surface of a package into a file, by running it in a process of its own."""
    command = [python, str(TOOLS / "surface.py"), str(package), root, *options]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_import_root(package, root)), _inherited()])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    target.write_text(done.stdout, encoding="utf-8")
    return target


def compare(expected: Path, actual: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Compare two listings, with the deviations that have a reason."""
    command = [sys.executable, str(TOOLS / "surface_diff.py"), str(expected), str(actual), "--allow", str(DEVIATIONS)]
    return subprocess.run([*command, *options], capture_output=True, text=True, check=False)


def _import_root(package: Path, root: str) -> Path:
    return package.parents[root.count(".")]


def _inherited() -> str:
    return os.environ.get("PYTHONPATH", "")
