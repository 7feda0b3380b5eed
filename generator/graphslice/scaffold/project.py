"""A project for another slice: slice file, metadata, packaging, Makefile, workflow, tests; generated at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from graphslice.config import Slice
from graphslice.diagnostics import Location, error
from graphslice.lock import refused
from graphslice.scaffold.requirements import REQUIREMENTS

_TEMPLATES = Path(__file__).parent / "templates"
_FILES = {
    ".github/workflows/regenerate.yml": "workflow",
    ".gitignore": "gitignore",
    "CHANGELOG.md": "changelog",
    "Makefile": "makefile",
    "README.md": "readme",
    "metadata/{name}.toml": "slice",
    "pyproject.toml": "pyproject",
    "tests/test_client.py": "test_client",
}


@dataclass(frozen=True, slots=True)
class Project:
    """The files of a new project, and the slice that its client is generated from."""

    files: Mapping[str, bytes]
    slice_file: Path


def plan_project(folder: Path, wanted: Slice, source: str, cut: Callable[[Slice], bytes | None]) -> Project:
    """Plan a project.

    Args:
        folder: Where it goes; must not exist, or be empty.
        wanted: The slice, from flags.
        source: What `fetch` gets later: the description as it was named.
        cut: Gives the slice's own metadata, or None if the description is taken as it is.
    """
    if folder.exists() and (not folder.is_dir() or any(entry.name != ".git" for entry in folder.iterdir())):
        raise refused("NEW001", "the folder is not empty", folder, "name a new one")
    name = re.sub(r"[^a-z0-9]+", "-", wanted.package.lower()).strip("-") or "client"
    trimmed = cut(wanted)
    ending = ".csdl.xml" if trimmed is not None else _ending(wanted.description)
    content = trimmed if trimmed is not None else _read(wanted.description)
    marks = _marks(wanted, source, name, trimmed is not None)
    files = {path.format(name=name): _filled(template, marks) for path, template in _FILES.items()}
    files[f"metadata/{name}{ending}"] = content
    return Project(dict(sorted(files.items())), folder / "metadata" / f"{name}.toml")


def write_project(folder: Path, project: Project) -> None:
    """Put the files of a project into its folder."""
    try:
        for path, content in project.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "xb") as file:
                file.write(content)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise error("NEW002", f"cannot write: {reason}", Location(str(folder)), "choose another folder") from None


def _marks(wanted: Slice, source: str, name: str, trimmed: bool) -> dict[str, str]:
    remote = source.startswith("https://")
    shown = json.dumps(source if remote else Path(source).name)
    return {
        "name": name,
        "package": wanted.package,
        "folder": wanted.package.replace(".", "/"),
        "class_name": wanted.class_name,
        "distribution": name,
        "source": f"url = {shown}"
        if remote
        else f"# url = {shown}  # what `graphslice fetch` gets: an https URL or a path",
        "include": json.dumps(list(wanted.include)),
        "exclude": json.dumps(list(wanted.exclude)),
        "base_url": f"base_url = {json.dumps(wanted.base_url)}\n" if wanted.base_url else "",
        "dependencies": "\n".join(f'    "{requirement}",' for requirement in REQUIREMENTS),
        "trim": "$(BIN)/graphslice trim $(SLICE)" if trimmed else "@echo 'the description is used whole'",
    }


def _filled(template: str, marks: Mapping[str, str]) -> bytes:
    pieces = (_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8").split("@@")
    # One pass: a mark that stands in a value is a value.
    return "".join(marks[piece] if number % 2 else piece for number, piece in enumerate(pieces)).encode("utf-8")


def _ending(description: str) -> str:
    suffix = Path(description).suffix.lower()
    return f".openapi{suffix}" if suffix in (".yaml", ".yml", ".json") else ".openapi.yaml"


def _read(description: str) -> bytes:
    try:
        return Path(description).read_bytes()
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise error("IN001", f"cannot read: {reason}", Location(description), "check the path") from None
