"""The files that every client has alike: the runtime, copied as it is, and the marker that says it is typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources

_RUNTIME = "_runtime"


# Modules that only one kind of generated file needs, by that kind: elsewhere they would be dead weight.
_ONLY_FOR = {"composed.py": "composed"}


def runtime_files(package: str, kinds: Collection[str]) -> Mapping[str, str]:
    """Give path to text of the fixed files below the folder `package`, for a client of these kinds of files."""
    files = {
        f"{package}/{_RUNTIME}/{name}": text
        for name, text in _sources()
        if name not in _ONLY_FOR or _ONLY_FOR[name] in kinds
    }
    files[f"{package}/py.typed"] = ""
    return files


@cache
def _sources() -> tuple[tuple[str, str], ...]:
    folder = resources.files(__package__) / "runtime"
    found = [
        (entry.name, entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.name.endswith(".py")
    ]
    return tuple(sorted(found))
