"""A project for another slice: slice file, metadata, packaging, Makefile, workflow, tests; generated at once."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from graphslice.config import Slice
from graphslice.diagnostics import Location, error
from graphslice.lock import refused
from graphslice.scaffold.requirements import REQUIREMENTS
from graphslice.slice_file import spell_section

_PLAIN = Slice(description="")
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


def plan_project(
    folder: Path,
    wanted: Slice,
    source: str,
    cut: Callable[[Slice], bytes | None],
    record: Callable[[str, Path, str], str],
) -> Project:
    """Plan a project.

    Args:
        folder: Where it goes; must not exist, or be empty.
        wanted: The slice, from flags.
        source: What `fetch` gets later: the description as it was named.
        cut: Gives the slice's own metadata, or None if the description is taken as it is.
        record: Says of a source where the metadata came from, for a folder and a file in it.
    """
    if folder.exists() and (not folder.is_dir() or any(entry.name != ".git" for entry in folder.iterdir())):
        raise refused("NEW001", "the folder is not empty", folder, "name a new one")
    name = re.sub(r"[^a-z0-9]+", "-", wanted.package.lower()).strip("-") or "client"
    trimmed = cut(wanted)
    ending = ".csdl.xml" if trimmed is not None else _ending(wanted.description)
    content = trimmed if trimmed is not None else _read(wanted.description)
    marks = _marks(wanted, _source(source, folder / "metadata"), name)
    files = {path.format(name=name): _filled(template, marks) for path, template in _FILES.items()}
    files[f"metadata/{name}{ending}"] = content
    files["metadata/PROVENANCE.toml"] = record(source, folder / "metadata", f"{name}{ending}").encode("utf-8")
    files.update({f"metadata/{Path(overlay).name}": _read(overlay) for overlay in wanted.annotations})
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


def _source(source: str, folder: Path) -> str:
    """Spell what `fetch` gets: a URL as it is, a file as the slice file sees it."""
    if "://" in source:
        return source
    try:
        return Path(os.path.relpath(source, folder)).as_posix()
    except ValueError:
        # Another drive: there is no way from here to there.
        return Path(source).resolve().as_posix()


def _marks(wanted: Slice, source: str, name: str) -> dict[str, str]:
    overlays = json.dumps([Path(overlay).name for overlay in wanted.annotations])
    return {
        "name": name,
        "package": wanted.package,
        "folder": wanted.package.replace(".", "/"),
        "class_name": wanted.class_name,
        "distribution": name,
        "source": json.dumps(source, ensure_ascii=False),
        "origins": spell_section("source", replace(wanted, source_url="")),
        "paths": spell_section("paths", wanted),
        "client": f"package = {json.dumps(wanted.package)}\nclass_name = {json.dumps(wanted.class_name)}\n"
        + spell_section("client", replace(wanted, package=_PLAIN.package, class_name=_PLAIN.class_name)),
        "annotations": f"[annotations]\nfiles = {overlays}\n\n" if wanted.annotations else "",
        "dependencies": "\n".join(f'    "{requirement}",' for requirement in REQUIREMENTS),
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
