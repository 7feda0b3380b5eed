"""Descriptions from the field, each made into a client that is imported, type-checked and called.

`field.tsv` says where each comes from. The server that answers is Prism's, made from the same description.
"""

from __future__ import annotations

import csv
import functools
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tests.contract.interop_tools import NotStarted, mock_server
from tests.contract.packages import Package
from tests.contract.places import GENERATE, ROOT, Broken, Skipped, run
from tests.contract.whole import import_all
from tests.slices.trying import types

_TABLE = ROOT / "tests" / "contract" / "field.tsv"
_WORK = ROOT / ".build" / "interop" / "field"
_WRITERS = tuple(f"microsoft-kiota-serialization-{kind}" for kind in ("form", "multipart", "text"))
_SLOW_START = 240


def rows() -> dict[str, Callable[[], str]]:
    """Give what can be tried, by name."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines, delimiter="\t"))
    return {f"field: {row['name']}": functools.partial(_try, row) for row in table}


def description(name: str) -> Path:
    """Give one of the descriptions; skips where its registry is out of reach."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return _description(next(row for row in csv.DictReader(lines, delimiter="\t") if row["name"] == name))


def _description(row: dict[str, str]) -> Path:
    package = Package(row["registry"], row["package"], row["version"], row["sha256"])
    others = row["other files"]
    named = (row["file"], row["served file"])
    folder = package.opened(lambda name: name in named or bool(others and name.startswith(others)))
    return folder / row["file"]


def _try(row: dict[str, str]) -> str:
    source = _description(row)
    out = _WORK / row["name"]
    shutil.rmtree(out, ignore_errors=True)
    package = f"field_{row['name']}"
    base = ["--base-url", row["base URL"]] if row["base URL"] else []
    run([*GENERATE, "-d", source, "-c", "ApiClient", "-n", package, "-o", out, *base])
    imported = import_all(out / package, "1")
    typed = types(out / package, _WORK / "mypy").splitlines()[-1]
    served = source.parents[len(Path(row["file"]).parts) - 1] / row["served file"] if row["served file"] else source
    called = row["why not called"] and f"not called: {row['why not called']}"
    return f"{imported}; mypy: {typed}; {called or _called(source, served, out, package)}"


def _called(source: Path, served: Path, out: Path, package: str) -> str:
    """Call the client on servers of the description, or of the same in one file, for servers that read only that."""
    try:
        with (
            mock_server(served, seconds=_SLOW_START) as examples,
            mock_server(served, "--ignoreExamples", seconds=_SLOW_START) as values,
        ):
            command = [sys.executable, "-m", "tests.contract.calling", source, out, package, examples, values]
            return run(command, PYTHONPATH=str(_writers())).strip().splitlines()[-1]
    except NotStarted as fault:
        return f"not called: {fault}"


@functools.cache
def _writers() -> Path:
    """Kiota's libraries for bodies that are no JSON, which a client needs only if it sends some."""
    folder = _WORK / "writers"
    if not folder.exists():
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
        try:
            run([*pip, "--target", folder, *_WRITERS])
        except Broken as fault:
            raise Skipped(f"Kiota's writers cannot be installed here: {fault}") from fault
    return folder
