"""Keeps the record beside the metadata true: from which document a file was cut, and what that document's hash was.

The record is edited in place, line by line: comments and notes in it were written by people.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from graphslice.fetch import Fetched

PROVENANCE = "PROVENANCE.toml"


def provenance_text(folder: Path, file: str, source: Fetched) -> str | None:
    """Give the new text of the record, or None if nothing in it changes."""
    path = folder / PROVENANCE
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = before.split("\n")
    start, end = _section(lines, file)
    if start < 0:
        gap = [""] if before else []
        lines = [*(line for line in lines if before), *gap, f'["{file}"]', 'made_by = "graphslice trim"', ""]
        start, end = _section(lines, file)
    for key, value in _facts(source).items():
        end += _set(lines, start, end, key, value)
    after = "\n".join(lines)
    return after if after != before else None


def is_recorded(folder: Path, file: str) -> bool:
    """Tell whether the record says where a file comes from."""
    path = folder / PROVENANCE
    return path.is_file() and _section(path.read_text(encoding="utf-8").split("\n"), file)[0] >= 0


def _facts(source: Fetched) -> dict[str, str]:
    facts = {"source": _text(_name(source.url)), "source_sha256": _text(source.sha256)}
    if source.url.startswith("https://"):
        facts["upstream"] = _text(source.url)
    if source.date:
        facts["date"] = source.date
    number = re.search(r"\d{5,}", _name(source.url))
    if number or source.build:
        facts["build"] = _text(number[0] if number else source.build)
    return facts


def _text(value: str) -> str:
    """Spell a text so that TOML reads the same one, whatever a server called itself."""
    return json.dumps(value, ensure_ascii=False)


def _name(url: str) -> str:
    return url.partition("?")[0].rstrip("/").rpartition("/")[2]


def _section(lines: list[str], file: str) -> tuple[int, int]:
    header = re.compile(rf"\s*\[\"?{re.escape(file)}\"?\]")
    start = next((number for number, line in enumerate(lines) if header.match(line)), -1)
    following = (number for number, line in enumerate(lines) if number > start and line.startswith("["))
    return start, next(following, len(lines))


def _set(lines: list[str], start: int, end: int, key: str, value: str) -> int:
    """Set a key in a section; give how many lines were added."""
    pattern = re.compile(rf"{key}\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^\s#]+)(.*)")
    for number in range(start + 1, end):
        match = pattern.match(lines[number])
        if match:
            if match[1] != value:
                lines[number] = f"{key} = {value}"
            return 0
    lines.insert(start + 1, f"{key} = {value}")
    return 1
