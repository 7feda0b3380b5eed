"""Packs a generated package as a wheel, without a build tool: the same files give the same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from pathlib import Path

import graphslice
from graphslice.config import Slice
from graphslice.diagnostics import Location, error
from graphslice.lock import lock_path, read_lock
from graphslice.scaffold.requirements import REQUIREMENTS

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest moment that a zip can hold: no clock in the output


def build_wheel(wanted: Slice, folder: Path) -> Path:
    """Pack what the lock lists of a package into a wheel in `folder`."""
    lock = read_lock(lock_path(wanted.output, wanted.package))
    if lock is None:
        raise error("WHEEL001", "nothing was generated yet", Location(str(wanted.output)), "run generate first")
    facts = dict(wanted.extra)
    name = re.sub(r"[-_.]+", "_", facts.get("name", wanted.package)).lower()
    version = facts.get("version", "0.1.0")
    prefix = wanted.package.replace(".", "/") + "/"
    files = {path: (wanted.output / path).read_bytes() for path in lock.files if path.startswith(prefix)}
    info = f"{name}-{version}.dist-info"
    files[f"{info}/METADATA"] = _metadata(facts, name, version).encode()
    files[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: graphslice {graphslice.__version__}\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n"
    ).encode()
    record = "".join(f"{path},sha256={_hash(data)},{len(data)}\n" for path, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
    return target


def _metadata(facts: dict[str, str], name: str, version: str) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {facts.get('name', name.replace('_', '-'))}", f"Version: {version}"]
    for key, field in (("description", "Summary"), ("author", "Author"), ("licence", "License")):
        if facts.get(key):
            lines.append(f"{field}: {' '.join(facts[key].split())}")
    lines.append("Requires-Python: >=3.10")
    lines += [f"Requires-Dist: {requirement}" for requirement in REQUIREMENTS]
    return "\n".join(lines) + "\n"


def _hash(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
