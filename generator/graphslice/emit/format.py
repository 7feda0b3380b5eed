"""Formatting: the pinned ruff, told nothing by its surroundings, once for what many modules need.

Templates write final code but for lines that are too long. Only the statements that have such a line go through the
formatter, each once and all as one text, with a comment between them that no module can hold: a whole API has
hundreds of thousands of lines, and few of them are long and unlike.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence

from graphslice.diagnostics import Location, error

from .statements import LINE_LENGTH, Span, framed, long_statements, unframed

# Generated text holds no character like this: strings and docstrings are ASCII, names are letters and digits.
_MARK = "\u25a0"
_SEPARATOR = f"# {_MARK}\n"
_SYNTAX_ERROR = re.compile(r"^error: .*?:(\d+):\d+: (.*)$", re.MULTILINE)
_OPTIONS = (
    "format",
    "--isolated",
    "--no-cache",
    f"--line-length={LINE_LENGTH}",
    "--target-version=py310",
    "--stdin-filename=x.py",
)


def format_modules(names: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Give the text of each module with every long statement laid out; `names` are for messages."""
    modules = []
    origins: dict[str, str] = {}
    for name, text in zip(names, texts, strict=True):
        if _MARK in text:
            raise _unformattable(name, "it holds a character that no generated module may hold")
        lines = text.strip("\n").split("\n")
        spans = list(long_statements(lines))
        for span in spans:
            origins.setdefault("\n".join(lines[span.start : span.end]), name)
        modules.append((lines, spans))
    laid_out = _laid_out(origins)
    return [_joined(lines, spans, laid_out) for lines, spans in modules]


def _joined(lines: Sequence[str], spans: Sequence[Span], laid_out: Mapping[str, str]) -> str:
    pieces: list[str] = []
    done = 0
    for span in spans:
        pieces += lines[done : span.start]
        pieces.append(laid_out["\n".join(lines[span.start : span.end])])
        done = span.end
    pieces += lines[done:]
    return "\n".join(pieces) + "\n"


def _laid_out(origins: Mapping[str, str]) -> dict[str, str]:
    """Format statements; `origins` has for each the module to name if it is none."""
    if not origins:
        return {}
    texts = list(map(framed, origins))
    done = subprocess.run(
        [_ruff(), *_OPTIONS, "-"],
        input=_SEPARATOR.join(texts).encode(),
        capture_output=True,
        env=_environment(),
        check=False,
    )
    if done.returncode:
        raise _explained(done.stderr.decode(errors="replace"), list(origins.values()), texts)
    pieces = done.stdout.decode().split(_SEPARATOR)
    if len(pieces) != len(texts):
        raise RuntimeError("the formatter lost a boundary between statements")
    return {statement: unframed(piece, statement) for statement, piece in zip(origins, pieces, strict=True)}


def _ruff() -> str:
    from ruff import find_ruff_bin

    return os.fspath(find_ruff_bin())


def _environment() -> dict[str, str]:
    # Settings of ruff in the user's environment would be part of the output.
    return {name: value for name, value in os.environ.items() if not name.upper().startswith("RUFF_")}


def _explained(message: str, names: Sequence[str], texts: Sequence[str]) -> Exception:
    """Find the module in which the formatter stumbled."""
    found = _SYNTAX_ERROR.search(message)
    if found is None:
        return RuntimeError(f"ruff failed: {message.strip()[:500]}")
    line = int(found[1])
    for name, text in zip(names, texts, strict=True):
        length = text.count("\n") + 1
        if line <= length:
            return _unformattable(name, f"{found[2]} (line {line})")
        line -= length
    return _unformattable(names[-1], found[2])


def _unformattable(name: str, reason: str) -> Exception:
    return error(
        "OUT010",
        f"this module would be no valid Python: {reason}",
        Location(name),
        "a fault of graphslice: please report it with the description; nothing was written",
    )
