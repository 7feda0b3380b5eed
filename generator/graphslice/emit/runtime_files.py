"""The files that every client has alike: the runtime, copied as it is, and the marker that says it is typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources

_RUNTIME = "_runtime"


# Modules that few clients need, and that would be dead weight in the others.
_EXTRAS = frozenset({"composed.py", "forms.py"})


def runtime_files(package: str, extras: Collection[str]) -> Mapping[str, str]:
    """Give path to text of the fixed files below the folder `package`, with the modules that not every client needs."""
    left_out = _EXTRAS - {f"{name}.py" for name in extras}
    files = {f"{package}/{_RUNTIME}/{name}": text for name, text in _sources() if name not in left_out}
    files[f"{package}/py.typed"] = ""
    return files


@cache
def _sources() -> tuple[tuple[str, str], ...]:
    folder = resources.files(__package__) / "runtime"
    found = [
        (entry.name, entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.name.endswith(".py")
    ]
    return tuple(sorted(found))
