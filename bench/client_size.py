"""What users download and install: our wheel, and an environment with the client and all that it needs."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bench.peer import PEER, ROOT, own_python, peer_python
from bench.report import Row

_INSTALLERS = ("pip", "setuptools", "wheel", "_distutils_hack")


def measure() -> Iterator[Row]:
    """Build the wheel; weigh both environments, compiled, without the installer itself."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        wheel = next(Path(folder).glob("*.whl"))
        yield Row("own wheel", wheel.stat().st_size / 1000, "kB", at_most=100)
        with zipfile.ZipFile(wheel) as archive:
            yield Row("  files in it", len(archive.namelist()), "", at_most=80)
            unpacked = sum(entry.file_size for entry in archive.infolist())
    own, peer = _weight(own_python()) + unpacked / 1e6, _weight(peer_python())
    yield Row("installed environment", own, "MB", peer, PEER, at_least=10, at_most=55)


def _weight(python: Path) -> float:
    site = next((python.parent.parent / "lib").glob("python*/site-packages"))
    return (
        sum(
            file.stat().st_size
            for file in site.rglob("*")
            if file.is_file() and not file.relative_to(site).parts[0].startswith(_INSTALLERS)
        )
        / 1e6
    )
