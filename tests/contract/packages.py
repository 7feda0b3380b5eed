"""Packages of npm and PyPI as sources of files: fetched once with the registry's own client, checked, opened."""

from __future__ import annotations

import hashlib
import io
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.contract.places import ROOT, Broken, Skipped, run

_WORK = ROOT / ".build" / "interop" / "packages"


@dataclass(frozen=True, slots=True)
class Package:
    """One version of a package, and the hash that its archive has to have."""

    registry: str
    name: str
    version: str
    sha256: str

    def opened(self, wants: Callable[[str], bool]) -> Path:
        """Give a folder with the files of the package that are wanted; skips where the registry is out of reach."""
        folder = _WORK / self.sha256[:16]
        data = self._archive().read_bytes()
        found = _names(data)
        missing = [name for name in found if wants(name) and not (folder / name).exists()]
        for name, content in _read(data, missing):
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return folder

    def _archive(self) -> Path:
        kept = _WORK / f"{self.sha256[:16]}.archive"
        if not kept.exists():
            _WORK.mkdir(parents=True, exist_ok=True)
            fetched = self._fetched(_WORK / f"{self.sha256[:16]}.new")
            found = hashlib.sha256(fetched.read_bytes()).hexdigest()
            if found != self.sha256:
                raise Broken(f"{self.name} {self.version} has the hash {found}, not {self.sha256}")
            fetched.replace(kept)
        return kept

    def _fetched(self, folder: Path) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            if self.registry == "npm":
                npm = shutil.which("npm")
                if npm is None:
                    raise Skipped("needs npm")
                run([npm, "pack", "--silent", f"{self.name}@{self.version}"], cwd=folder)
            else:
                pip = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps"]
                run([*pip, "--dest", folder, f"{self.name}=={self.version}"])
        except Broken as fault:
            raise Skipped(f"{self.name} {self.version} cannot be fetched: {fault}") from fault
        return next(one for one in folder.iterdir() if one.suffix in (".tgz", ".whl", ".gz"))


def _names(data: bytes) -> list[str]:
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [name for name in archive.namelist() if _is_inside(name)]
    with tarfile.open(fileobj=io.BytesIO(data)) as packed:
        return [member.name for member in packed if member.isfile() and _is_inside(member.name)]


def _read(data: bytes, names: list[str]) -> list[tuple[str, bytes]]:
    if not names:
        return []
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [(name, archive.read(name)) for name in names]
    found = []
    with tarfile.open(fileobj=io.BytesIO(data)) as packed:
        for name in names:
            inside = packed.extractfile(name)
            if inside is not None:
                found.append((name, inside.read()))
    return found


def _is_inside(name: str) -> bool:
    return not name.endswith("/") and not Path(name).is_absolute() and ".." not in Path(name).parts
