"""The lock beside a package: what it was made from, and the hash of every file that is ours.

The lock is input, too: it comes from a repository that others write to. Its paths are checked like names of a
description, its own hash must be right, and a format from the future is refused instead of guessed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphslice.diagnostics import Diagnostic, Location, RefusedError

FORMAT = 1
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_PART = re.compile(r"[\w.][\w.\-]{0,254}\Z")
_HISTORY = 20


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read: its name as the slice knows it, hash of its bytes, hash free of BOM and CRLF."""

    name: str
    sha256: str
    canonical: str


@dataclass(frozen=True, slots=True)
class LockedFile:
    """A generated file: SHA-256 and size of its bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What one run made of what."""

    generator_version: str
    generator_sources: str
    inputs: tuple[InputFile, ...]
    source_url: str
    configuration: Mapping[str, Any]
    files: Mapping[str, LockedFile]
    history: tuple[str, ...] = field(default=())
    """Canonical hashes of the descriptions accepted so far, oldest first, the present one last."""

    def to_text(self) -> str:
        """Give the lock as JSON: sorted, LF, its own hash inside."""
        content = {
            "format": FORMAT,
            "generator": {"name": "graphslice", "sources": self.generator_sources, "version": self.generator_version},
            "inputs": [{"canonical": i.canonical, "name": i.name, "sha256": i.sha256} for i in self.inputs],
            "source_url": self.source_url,
            "configuration": dict(self.configuration),
            "files": {path: [entry.sha256, entry.size] for path, entry in self.files.items()},
            "history": list(self.history),
        }
        return _dump({**content, "self": _self_hash(content)})


def lock_path(output: Path, package: str) -> Path:
    """Give where the lock of a package stands: beside its folder, so that it is never shipped or imported."""
    return output / f"{package}.lock.json"


def read_lock(path: Path) -> Lock | None:
    """Read and check a lock; None if there is none.

    Raises:
        RefusedError: It is damaged, was edited, or is of a format that this version does not know.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as fault:
        raise refused("LOCK001", f"the lock cannot be read: {fault}", path, "restore it from version control") from None
    return parse_lock(text, path)


def parse_lock(text: str, path: Path) -> Lock:
    """Check the text of a lock; `path` is for the message only."""
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        marked = re.search(r"^(<{7}|={7}|>{7})", text, re.M) is not None
        what = "the lock has merge conflict markers" if marked else "the lock is not JSON"
        raise refused("LOCK001", what, path, "take either side, then run generate") from None
    if not isinstance(content, dict):
        raise refused("LOCK001", "the lock is not a JSON object", path, "restore it from version control")
    if content.get("format") != FORMAT:
        shown = repr(content.get("format", "none"))[:40]
        hint = "use the version of graphslice that wrote it, or remove the lock"
        raise refused("LOCK002", f"the lock has format {shown}, this version knows {FORMAT}", path, hint)
    stated = content.pop("self", None)
    if stated != _self_hash(content):
        hint = "restore it from version control, or remove it and run generate"
        raise refused("LOCK003", "the lock was changed by hand: its own hash is wrong", path, hint)
    try:
        return _from_content(content, path)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise refused("LOCK001", "the lock lacks something", path, "restore it from version control") from None


def _from_content(content: Mapping[str, Any], path: Path) -> Lock:
    files = {}
    for name, (sha256, size) in content["files"].items():
        check_path(name, path)
        if not _HASH.match(sha256) or not isinstance(size, int):
            raise ValueError(name)
        files[name] = LockedFile(sha256, size)
    generator = content["generator"]
    return Lock(
        generator_version=str(generator["version"]),
        generator_sources=str(generator["sources"]),
        inputs=tuple(InputFile(i["name"], i["sha256"], i["canonical"]) for i in content["inputs"]),
        source_url=str(content["source_url"]),
        configuration=content["configuration"],
        files=files,
        history=tuple(map(str, content["history"])),
    )


def check_path(name: str, lock: Path) -> None:
    """Refuse a path that could leave the output folder or touch what no generator makes."""
    parts = name.split("/")
    if not all(_PART.match(part) and part.strip(".") and not part.endswith(".") for part in parts) or any(
        part.lower() == ".git" for part in parts
    ):
        raise refused("LOCK004", f"the lock lists {name!r}, which no run can have made", lock, "restore the lock")


def extend_history(old: Lock | None, description: str) -> tuple[str, ...]:
    """Add a description's hash to those accepted before; the same again changes nothing."""
    known = old.history if old else ()
    return known if known and known[-1] == description else (*known, description)[-_HISTORY:]


def version_key(version: str) -> tuple[int, ...]:
    """Make versions comparable by their numbers."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:4])


def digest(data: bytes) -> str:
    """Give the SHA-256 of bytes as hex."""
    return hashlib.sha256(data).hexdigest()


def input_file(name: str, data: bytes) -> InputFile:
    """Hash an input as it is, and free of what editors and checkouts change without changing the meaning."""
    plain = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    raw = digest(data)
    return InputFile(name, raw, raw if len(plain) == len(data) else digest(plain))


def source_hash(package: Path) -> str:
    """Hash the generator's own sources: the same version may be worked on."""
    total = hashlib.sha256()
    for path in sorted(_sources(package), key=lambda path: path.relative_to(package).as_posix()):
        total.update(path.relative_to(package).as_posix().encode() + b"\0")
        total.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return total.hexdigest()


def _sources(package: Path) -> Iterable[Path]:
    for entry in package.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _sources(entry)
        elif entry.suffix in (".py", ".jinja", ".json", ".toml", ".html", ".css", ".js", ".xml"):
            yield entry


def refused(code: str, message: str, path: Path | str, hint: str) -> RefusedError:
    """Build the error that stops a run before it harms anything."""
    return RefusedError(Diagnostic(code, message, Location(str(path)), hint))


def _self_hash(content: Mapping[str, Any]) -> str:
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return digest(plain.encode("ascii"))


def _dump(content: Mapping[str, Any]) -> str:
    """Print with one line a file, so that a merge or a reviewer sees files, not a blob."""
    lines = []
    for key in sorted(content):
        value = content[key]
        if key == "files":
            paths = sorted(value)
            # All names at once: ASCII strings hold no line feed, and one call a name takes longer than all the rest.
            names = json.dumps(paths, separators=("\n", ": "))[1:-1].split("\n")
            entries = zip(names, map(value.__getitem__, paths), strict=True) if paths else ()
            inner = ",\n".join([f'  {name}: ["{sha256}", {size}]' for name, (sha256, size) in entries])
            lines.append(f' "files": {{\n{inner}\n }}' if inner else ' "files": {}')
        else:
            shown = json.dumps(value, sort_keys=True, indent=1, ensure_ascii=True).replace("\n", "\n ")
            lines.append(f" {json.dumps(key)}: {shown}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _no_constant(name: str) -> Any:
    raise ValueError(name)
