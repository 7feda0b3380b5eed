"""The whole of v1.0: its surface, its imports, and every Python that has to compile it."""

from __future__ import annotations

import functools
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.contract.places import GENERATE, ROOT, Broken, run, shared
from tests.contract.results import Check, Comparison, NotTried, Result
from tests.contract.surfaces import compare, listing, read

DESCRIPTION = "metadata/graph-v1.0-227538.xml"
PACKAGE = "graph_v1"
NAMES = ("-c", "BaseGraphServiceClient", "-n", PACKAGE)
_LEFT_OUT = ("-e", "/me", "-e", "/me/**", "-e", "/copilot", "-e", "/copilot/**")
_RECORDED = "surfaces/msgraph-sdk-1.60.0.txt.xz"
_PUBLISHED = ROOT / "metadata" / "overlays" / "graph-v1.0-published.xml"
_VERSIONS = ("3.10", "3.11", "3.12", "3.13")
_MOST_MISSING = 0.05  # the goal is 99.95 % of the lines
_COMPILE = """
import sys, pathlib
faults = []
files = sorted(pathlib.Path(sys.argv[1]).rglob("*.py"))
for path in files:
    try:
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as fault:
        faults.append(f"{path}: {fault}")
print(len(files), "files")
print(*faults[:10], sep="\\n")
sys.exit(bool(faults))
"""


def plain(work: Path) -> Iterator[Comparison]:
    """Compare with the published package, as the issue asks for it."""
    expected = read(shared(_RECORDED))
    yield compare("whole v1.0", expected, read(whole_listing(work)), _MOST_MISSING)


def published(work: Path) -> Iterator[Comparison]:
    """Compare once more, with the overlay that says where the published package differs from its own metadata."""
    expected = read(shared(_RECORDED))
    package = _generated(work / "whole-published", ("--overlay", str(_PUBLISHED)))
    actual = read(_listed(package, work / "whole-published.txt"))
    yield compare("whole v1.0, overlay published", expected, actual, _MOST_MISSING)


def imports(work: Path) -> Iterator[Check]:
    """Import every module of the whole, twice in an order of its own."""
    for seed in ("1", "2"):
        yield Check(f"whole v1.0 imports, order {seed}", import_all(whole(work), seed))


def compiles(work: Path) -> Iterator[Result]:
    """Compile the whole with every Python that is supported."""
    package = whole(work)
    for version in _VERSIONS:
        name = f"whole v1.0 compiles on {version}"
        python = _interpreter(version)
        if python is None:
            yield NotTried(name, f"no Python {version} here")
            continue
        try:
            yield Check(name, run([python, "-W", "error", "-c", _COMPILE, package]).strip())
        except Broken as fault:
            yield Check(name, str(fault), holds=False)


def again(work: Path) -> Iterator[Check]:
    """Generate the whole over itself: nothing may be written."""
    said = json.loads(run([*_command(whole(work).parent), "--json"]))
    touched = [*said["written"], *said["removed"]]
    yield Check("whole v1.0 over itself", f"{said['files']} files, {len(touched)} written or removed", not touched)


def whole(work: Path) -> Path:
    """Give the package's folder of the whole, generated once a run by the generator as it is now."""
    return _generated(work / "whole", ())


def whole_listing(work: Path) -> Path:
    """Give the listing of the whole, made once a run."""
    return _listed(whole(work), work / "whole.txt")


def import_all(package: Path, seed: str) -> str:
    """Import every module of a package's folder in an order that the seed gives; says how many."""
    script = ROOT / "tests" / "slices" / "import_modules.py"
    return run([sys.executable, script, package, seed], PYTHONPATH=str(package.parent)).strip()


@functools.cache
def _generated(out: Path, more: tuple[str, ...]) -> Path:
    shutil.rmtree(out, ignore_errors=True)
    run(_command(out, more))
    return out / PACKAGE


def _command(out: Path, more: tuple[str, ...] = ()) -> list[str | Path]:
    return [*GENERATE, "-d", shared(DESCRIPTION), *_LEFT_OUT, *NAMES, *more, "-o", out]


@functools.cache
def _listed(package: Path, to: Path) -> Path:
    """List a package, or keep the listing of the last run when the lock says that every file is as it was."""
    stamp = to.with_suffix(".stamp")
    now = hashlib.sha256((package.parent / f"{PACKAGE}.lock.json").read_bytes()).hexdigest()
    if not (to.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == now):
        listing(package, to)
        stamp.write_text(now, encoding="utf-8")
    return to


@functools.cache
def _interpreter(version: str) -> str | None:
    """Find an interpreter of a version: this one, one on the path that really starts, or one of pyenv's."""
    pyenv = Path.home() / ".pyenv" / "versions"
    kept = sorted(path for path in pyenv.glob(f"{version}.*/bin/python") if re.search(r"/\d+\.\d+\.\d+/", str(path)))
    for python in (sys.executable, shutil.which(f"python{version}"), *reversed(kept)):
        if python is not None:
            tell = [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
            done = subprocess.run(tell, capture_output=True, text=True, check=False)
            if done.stdout.strip() == version:
                return str(python)
    return None
