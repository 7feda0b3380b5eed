"""Packs a generated package as a wheel, without a build tool: the same files give the same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import graphslice
from graphslice.config import Slice
from graphslice.diagnostics import Location, error
from graphslice.lock import lock_path, read_lock
from graphslice.scaffold.requirements import REQUIREMENTS

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest moment that a zip can hold: no clock in the output


def build_wheel(wanted: Slice, files: Mapping[str, bytes], folder: Path) -> Path:
    """Pack the files of a client, by path below the output folder, into a wheel in `folder`; the lock stays out.

    The wheel appears whole or not at all.
    """
    facts = dict(wanted.extra)
    name = re.sub(r"[-_.]+", "_", facts.get("name", wanted.package)).lower()
    version = facts.get("version", "0.1.0")
    prefix = wanted.package.replace(".", "/") + "/"
    packed = {path: data for path, data in files.items() if path.startswith(prefix)}
    info = f"{name}-{version}.dist-info"
    packed[f"{info}/METADATA"] = _metadata(facts, name, version).encode()
    packed[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: graphslice {graphslice.__version__}\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n"
    ).encode()
    record = "".join(f"{path},sha256={_hash(data)},{len(data)}\n" for path, data in packed.items())
    packed[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    target = folder / f"{name}-{version}-py3-none-any.whl"
    partial = target.with_name(f".{target.name}.partial")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(partial, packed)
        partial.replace(target)
    except OSError as fault:
        with suppress(OSError):
            partial.unlink()
        reason = fault.strerror or str(fault)
        hint = "give a folder that can be written"
        raise error("WHEEL002", f"cannot write the wheel: {reason}", Location(str(target)), hint) from None
    return target


def written_files(wanted: Slice) -> dict[str, bytes]:
    """Read back what the lock lists of a client that was generated to its folder."""
    lock = read_lock(lock_path(wanted.output, wanted.package))
    if lock is None:
        raise error("WHEEL001", "nothing was generated yet", Location(str(wanted.output)), "run generate first")
    return {path: (wanted.output / path).read_bytes() for path in lock.files}


def _write(target: Path, packed: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in packed.items():
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)


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
