"""Reads a slice file: TOML with the keys of docs/slice-file.md, into a frozen `Slice`.

Every fault names the file, the line where the key stands, and what would be right.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from pathlib import Path
from typing import Any

from graphslice.config import Authentication, Slice, Subtypes
from graphslice.diagnostics import GraphsliceError, Location, error

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

# Key in the file, name of the field, kind of value. The one place that relates the two.
_KEYS: dict[str, dict[str, tuple[str, str]]] = {
    "source": {
        "url": ("source_url", "text"),
        "file": ("description", "path"),
        "allowed_origins": ("allowed_origins", "texts"),
    },
    "paths": {
        "include": ("include", "texts"),
        "exclude": ("exclude", "texts"),
        "max_length": ("max_path", "count"),
        "limit": ("path_limit", "count"),
    },
    "client": {
        "package": ("package", "text"),
        "class_name": ("class_name", "text"),
        "base_url": ("base_url", "text"),
        "shortcuts": ("shortcuts", "table"),
        "exports": ("exports", "texts"),
        "backing_store": ("backing_store", "flag"),
        "additional_data": ("additional_data", "flag"),
        "subtypes": ("subtypes", "text"),
        "authentication": ("authentication", "text"),
        "sync": ("sync", "flag"),
        "structured_mime_types": ("structured_mime_types", "texts"),
        "clouds": ("clouds", "texts"),
    },
    "annotations": {"files": ("annotations", "paths")},
    "output": {"folder": ("output", "folder")},
    "serve": {"seed": ("seed", "path")},
    "brake": {"max_loss": ("max_loss", "share"), "relied_upon": ("relied_upon", "texts")},
}
_PROJECT = ("name", "version", "author", "licence", "description")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_DESCRIPTION_ENDINGS = (
    ".csdl.xml",
    ".csdl",
    ".xml",
    ".openapi.yaml",
    ".openapi.yml",
    ".openapi.json",
    ".yaml",
    ".yml",
    ".json",
)


def load_slice(path: Path) -> Slice:
    """Read and check a slice file; relative paths in it are resolved against its folder."""
    text = _read(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line = re.search(r"at line (\d+)", str(fault))
        where = Location(str(path), int(line[1]) if line else 0)
        raise error(
            "SLICE002", f"not valid TOML: {fault}", where, "correct the file; docs/slice-file.md shows one"
        ) from (None)
    return _Reader(path, text).slice(document)


def check_names(wanted: Slice, where: Location) -> None:
    """Refuse package and class names that are not Python names; they become folders and source text."""
    for part in wanted.package.split("."):
        if not _IDENTIFIER.match(part) or len(part) > 80:
            raise error("SLICE006", f"package {wanted.package!r} is not a Python package name", where, "use a_z_0_9")
    if not _IDENTIFIER.match(wanted.class_name) or len(wanted.class_name) > 80:
        raise error(
            "SLICE006", f"class name {wanted.class_name!r} is not a Python name", where, "use CamelCase letters"
        )


def spell_section(section: str, wanted: Slice) -> str:
    """Spell those keys of a section that differ from their defaults, as TOML; keys that hold paths are left out."""
    plain = Slice(description="")
    lines = []
    for key, (name, kind) in _KEYS[section].items():
        value = getattr(wanted, name)
        if value != getattr(plain, name) and kind not in ("path", "paths", "folder"):
            lines.append(f"{key} = {_spelled(value, kind)}\n")
    return "".join(lines)


def _spelled(value: Any, kind: str) -> str:
    if isinstance(value, Enum):
        value = value.value
    if kind == "table":
        pairs = ", ".join(f"{_spelled(name, 'text')} = {_spelled(text, 'text')}" for name, text in value)
        return f"{{ {pairs} }}"
    # JSON's texts, lists, numbers and truth values are TOML's, too.
    return json.dumps(value, ensure_ascii=False)


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise error(
            "SLICE001", f"cannot read the slice file: {reason}", Location(str(path)), "check the path"
        ) from None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise error("SLICE002", "not UTF-8 text", Location(str(path), line), "save it as UTF-8") from None


class _Reader:
    """Turns one parsed document into a `Slice`; keeps the text to find the line of a key."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.folder = path.parent
        self.lines = text.split("\n")

    def slice(self, document: Mapping[str, Any]) -> Slice:
        stem = self.path.name.removesuffix(".toml")
        values: dict[str, Any] = {"name": stem, "output": self.folder.parent / "generated"}
        for section, table in document.items():
            if section == "project":
                values["extra"] = self._project(table)
            elif section not in _KEYS or not isinstance(table, dict):
                raise self._fault("SLICE003", f"unknown section [{section}]", section, "", _known([*_KEYS, "project"]))
            else:
                values.update(self._section(section, table))
        if "description" not in values:
            values["description"] = self._beside(stem)
        values.setdefault("package", stem.replace("-", "_"))
        made = Slice(**values)
        check_names(made, Location(str(self.path), self._line("client", "package")))
        return made

    def _section(self, section: str, table: Mapping[str, Any]) -> dict[str, Any]:
        values = {}
        for key, value in table.items():
            if key not in _KEYS[section]:
                raise self._fault(
                    "SLICE003", f"unknown key {key!r} in [{section}]", section, key, _known(_KEYS[section])
                )
            field, kind = _KEYS[section][key]
            values[field] = self._value(section, key, kind, value)
        for field, choices in (("subtypes", Subtypes), ("authentication", Authentication)):
            if field in values:
                values[field] = self._choice(section, field, choices, values[field])
        return values

    def _value(self, section: str, key: str, kind: str, value: Any) -> Any:
        def wrong(wanted: str) -> GraphsliceError:
            return self._fault("SLICE004", f"{key} must be {wanted}", section, key, f"write {key} = {_EXAMPLES[kind]}")

        if kind in ("texts", "paths"):
            if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
                raise wrong("a list of texts")
            return tuple(str(self.folder / item) if kind == "paths" else item for item in value)
        if kind == "table":
            if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
                raise wrong("a table of texts")
            return tuple(value.items())
        if kind == "flag":
            if not isinstance(value, bool):
                raise wrong("true or false")
        elif kind == "count":
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise wrong("a whole number above 0")
        elif kind == "share":
            if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
                raise wrong("a number between 0 and 1")
            return float(value)
        elif not isinstance(value, str) or not value:
            raise wrong("a text")
        if kind == "path":
            return str(self.folder / value)
        return self.folder / value if kind == "folder" else value

    def _choice(self, section: str, key: str, choices: type[Subtypes] | type[Authentication], value: str) -> Any:
        try:
            return choices(value)
        except ValueError:
            known = _known([item.value for item in choices])
            raise self._fault("SLICE004", f"{key} cannot be {value!r}", section, key, known) from None

    def _project(self, table: Any) -> tuple[tuple[str, str], ...]:
        if not isinstance(table, dict):
            raise self._fault("SLICE003", "project must be a section", "project", "", "write [project]")
        for key, value in table.items():
            if key not in _PROJECT:
                raise self._fault("SLICE003", f"unknown key {key!r} in [project]", "project", key, _known(_PROJECT))
            if not isinstance(value, str):
                raise self._fault("SLICE004", f"{key} must be a text", "project", key, f'write {key} = "..."')
        return tuple(sorted(table.items()))

    def _beside(self, stem: str) -> str:
        """Find the description that stands beside the slice file and has its name."""
        for ending in _DESCRIPTION_ENDINGS:
            if (self.folder / (stem + ending)).is_file():
                return str(self.folder / (stem + ending))
        return str(self.folder / (stem + _DESCRIPTION_ENDINGS[0]))

    def _fault(self, code: str, message: str, section: str, key: str, hint: str) -> GraphsliceError:
        return error(code, message, Location(str(self.path), self._line(section, key)), hint)

    def _line(self, section: str, key: str) -> int:
        """Find the line of a key in its section; tomllib keeps no positions."""
        inside = False
        for number, line in enumerate(self.lines, 1):
            header = re.match(r"\s*\[\s*([^\]]+?)\s*\]", line)
            if header:
                inside = header[1].strip("\"'").split(".")[0] == section
                if inside and not key:
                    return number
            elif re.match(rf"\s*[\"']?{re.escape(key if inside else section)}[\"']?\s*[.=]", line):
                return number
        return 0


_EXAMPLES = {
    "text": '"..."',
    "path": '"file"',
    "folder": '"folder"',
    "texts": '["..."]',
    "paths": '["file"]',
    "table": '{ name = "/path" }',
    "flag": "true",
    "count": "100",
    "share": "0.1",
}


def _known(names: object) -> str:
    return "known: " + ", ".join(sorted(str(name) for name in names))  # type: ignore[attr-defined]


assert {field for table in _KEYS.values() for field, _ in table.values()} <= {f.name for f in fields(Slice)}
