"""Formatting: the pinned ruff, told nothing by its surroundings, once for many modules.

Starting the formatter costs more than formatting a module, so modules go through it as one text, with a comment
between them that no module can hold.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence

from graphslice.diagnostics import Location, error

# Generated text holds no character like this: strings and docstrings are ASCII, names are letters and digits.
_MARK = "\u25a0"
_SEPARATOR = f"# {_MARK}\n"
_SYNTAX_ERROR = re.compile(r"^error: .*?:(\d+):\d+: (.*)$", re.MULTILINE)
_OPTIONS = (
    "format",
    "--isolated",
    "--no-cache",
    "--line-length=120",
    "--target-version=py310",
    "--stdin-filename=x.py",
)


def format_modules(names: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Give the formatted text of each module; `names` are for messages."""
    if not texts:
        return []
    for name, text in zip(names, texts, strict=True):
        if _MARK in text:
            raise _unformattable(name, "it holds a character that no generated module may hold")
    joined = _SEPARATOR.join(texts)
    done = subprocess.run(
        [_ruff(), *_OPTIONS, "-"], input=joined.encode(), capture_output=True, env=_environment(), check=False
    )
    if done.returncode:
        raise _explained(done.stderr.decode(errors="replace"), names, texts)
    pieces = done.stdout.decode().split(_SEPARATOR)
    if len(pieces) != len(texts):
        raise RuntimeError("the formatter lost a boundary between modules")
    return [f"{piece.strip(chr(10))}\n" for piece in pieces]


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
