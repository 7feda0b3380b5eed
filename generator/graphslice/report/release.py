"""Raises the version of a project and adds the section of the changelog, in files that people wrote."""

from __future__ import annotations

import re
from pathlib import Path

from graphslice.diagnostics import Location, error

_VERSION = re.compile(r"^(\[project\]\n(?:(?!\[).*\n)*?version\s*=\s*\")([^\"\n]+)(\")", re.M)


def version_of(project: Path) -> str:
    """Give the version in a pyproject.toml, or nothing."""
    try:
        found = _VERSION.search(project.read_text(encoding="utf-8"))
    except OSError:
        return ""
    return found[2] if found else ""


def with_version(project: Path, version: str) -> bytes:
    """Give the text of a pyproject.toml with another version."""
    text = _read(project)
    if not _VERSION.search(text):
        raise error("DIFF005", "no version in [project]", Location(str(project)), 'write version = "0.1.0"')
    return _VERSION.sub(lambda m: f"{m[1]}{version}{m[3]}", text, count=1).encode("utf-8")


def with_section(changelog: Path, section: str) -> bytes:
    """Give the text of a changelog with a section before the newest; one of the same version is replaced."""
    text = _read(changelog)
    heading = section.split("\n", 1)[0]
    present = re.search(rf"^{re.escape(heading)}\n(?:(?!## ).*\n?)*", text, re.M)
    if present:
        text = text[: present.start()] + text[present.end() :]
    first = re.search(r"^## ", text, re.M)
    at = first.start() if first else len(text)
    return f"{text[:at]}{section.rstrip()}\n\n{text[at:]}".encode()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise error("DIFF005", f"cannot read: {reason}", Location(str(path)), "run it at the project's root") from None
