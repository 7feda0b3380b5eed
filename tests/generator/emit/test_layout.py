"""What templates and views lay out by themselves is what the formatter would make of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from ruff import find_ruff_bin

from graphslice.config import Slice
from graphslice.pipeline import make

REPOSITORY = Path(__file__).parents[3]
SHARED = Path(os.environ.get("GRAPHSLICE_SHARED", REPOSITORY.parent / "shared"))
SAMPLES = sorted([*SHARED.glob("csdl/*.xml"), *SHARED.glob("openapi/*.yaml"), *SHARED.glob("openapi/*.json")])


def unformatted(folder: Path) -> str:
    """Ask the formatter what it would change."""
    done = subprocess.run(
        [find_ruff_bin(), "format", "--isolated", "--no-cache", "--line-length=120", "--diff", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def write(description: Path, folder: Path) -> None:
    for name, content in make(Slice(description=str(description), package="client", class_name="Client")).files.items():
        if name.endswith(".py"):
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def test_our_client_is_formatted() -> None:
    """The output in the repository, every file of it."""
    assert unformatted(REPOSITORY / "generated") == ""


@pytest.mark.skipif(not SAMPLES, reason="the sample descriptions are not beside the checkout (GRAPHSLICE_SHARED)")
def test_clients_of_every_kind_are_formatted(tmp_path: Path) -> None:
    """Each third of the samples: all kinds of modules and members."""
    for number, description in enumerate(SAMPLES[::3]):
        write(description, tmp_path / str(number))
    assert len(list(tmp_path.rglob("*.py"))) > 1000
    assert unformatted(tmp_path) == ""
