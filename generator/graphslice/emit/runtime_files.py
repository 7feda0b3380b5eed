"""The files that every client has alike: the runtime, copied as it is, and the marker that says it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

_RUNTIME = "_runtime"


def runtime_files(package: str) -> Mapping[str, str]:
    """Give path to text of the fixed files below the folder `package`."""
    files = {f"{package}/{_RUNTIME}/{name}": text for name, text in _sources()}
    files[f"{package}/py.typed"] = ""
    return files


@cache
def _sources() -> tuple[tuple[str, str], ...]:
    folder = resources.files(__package__) / "runtime"
    found = [
        (entry.name, entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.name.endswith(".py")
    ]
    return tuple(sorted(found))
