from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from graphslice.lock import Lock, LockedFile, digest

MakeLock = Callable[[Mapping[str, bytes]], Lock]


def lock_of(files: Mapping[str, bytes], version: str = "0.1.0") -> Lock:
    return Lock(
        generator_version=version,
        generator_sources="0" * 64,
        inputs=(),
        source_url="",
        configuration={},
        files={path: LockedFile(digest(data), len(data)) for path, data in sorted(files.items())},
        history=("a" * 64,),
    )


@pytest.fixture
def make_lock() -> MakeLock:
    return lock_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "out"
