"""Generate one slice and try it: imports, types, surface."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.contract.places import GENERATE, run, shared
from tests.contract.surfaces import listing, read
from tests.contract.whole import DESCRIPTION, NAMES, PACKAGE


def generate(patterns: Sequence[str], out: Path) -> Path:
    """Generate a slice of v1.0 into an empty folder; gives the package's folder."""
    if out.exists():
        shutil.rmtree(out)
    chosen = [word for pattern in patterns for word in _option(pattern)]
    run([*GENERATE, "-d", shared(DESCRIPTION), *chosen, *NAMES, "-o", out])
    return out / PACKAGE


def _option(pattern: str) -> tuple[str, str]:
    return ("-e", pattern[1:]) if pattern.startswith("-") else ("-i", pattern)


def surface(package: Path) -> set[str]:
    """Give the lines of a slice's surface."""
    return read(listing(package, package.parent / "surface.txt"))


def types(package: Path, cache: Path) -> str:
    """Let mypy look at a slice, strictly; the cache is shared by all, since they share their models."""
    command = [sys.executable, "-m", "mypy", "--strict", "--python-version", "3.10", "--config-file", "/dev/null"]
    return run([*command, "--cache-dir", cache, "-p", package.name], cwd=package.parent).strip()
