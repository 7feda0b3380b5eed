"""The tables of the documentation that follow from the code: `python -m tests.docs.tables` writes them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from graphslice.diff.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "generator" / "graphslice"
REGENERATION = ROOT / "docs" / "regeneration.md"
DIAGNOSTICS = ROOT / "docs" / "diagnostics.md"
_BEGIN, _END = "<!-- rules: made by `python -m tests.docs.tables` -->", "<!-- end of rules -->"
_ROOMS = {
    "CSDL": "CSDL documents",
    "OAS": "OpenAPI descriptions",
    "SLICE": "slice files, flags and selections",
    "IN": "inputs",
    "PY": "Python names",
    "OUT": "output, and what stands in its way",
    "LOCK": "the lock",
    "FETCH": "fetching",
    "TRIM": "trimming",
    "DIFF": "comparing",
    "NEW": "new projects",
    "WHEEL": "wheels",
    "SERVE": "the emulator",
}


def codes() -> dict[str, set[str]]:
    """Give every code with its messages, as the code states them."""
    found: dict[str, set[str]] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        if "runtime" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for code, message in _stated(node):
                    found.setdefault(code, set()).update([message] if message else [])
            elif isinstance(node, ast.Constant) and _is_code(node.value):
                found.setdefault(str(node.value), set())
    return dict(sorted(found.items()))


def _stated(call: ast.Call) -> Iterator[tuple[str, str]]:
    for number, argument in enumerate(call.args):
        if isinstance(argument, ast.Constant) and _is_code(argument.value):
            following = call.args[number + 1] if number + 1 < len(call.args) else None
            yield str(argument.value), _text(following) if following is not None else ""


def _is_code(value: object) -> bool:
    if not isinstance(value, str) or len(value) < 5 or not value[-3:].isdigit():
        return False
    return value[:-3] in _ROOMS


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)  # type: ignore[misc]
    if isinstance(node, ast.BinOp):
        return _text(node.left) + _text(node.right)
    if isinstance(node, ast.IfExp):
        return f"{_text(node.body)} / {_text(node.orelse)}"
    return ""


def diagnostics_text() -> str:
    """Give docs/diagnostics.md."""
    lines = [
        "# Diagnostics",
        "",
        "Every finding is one line: `file:line: error CODE: what is wrong -- how to cure it`. Errors stop the run",
        "(exit code 2; 3 where writing was refused), warnings and notes do not. Codes are stable; `…` is what differs.",
        "This page follows from the code: `python -m tests.docs.tables` writes it.",
    ]
    known = codes()
    for prefix, room in _ROOMS.items():
        own = {code: texts for code, texts in known.items() if code[:-3] == prefix}
        if own:
            lines += ["", f"## {prefix}: {room}", "", "| code | says |", "| --- | --- |"]
            lines += [f"| {code} | {_cell(texts)} |" for code, texts in own.items()]
    return "\n".join(lines) + "\n"


def _cell(texts: set[str]) -> str:
    shown = " · ".join(sorted(texts)) or "see the message"
    return " ".join(shown.split()).replace("|", "\\|").replace("<", "&lt;")


def rules_text() -> str:
    """Give the table of rules."""
    lines = ["| rule | level | why |", "| --- | --- | --- |"]
    lines += [f"| {rule.id} | {rule.level.value} | {rule.reason} |" for rule in RULES.values()]
    return "\n".join(lines)


def regeneration_text() -> str:
    """Give docs/regeneration.md with the present rules."""
    text = REGENERATION.read_text(encoding="utf-8")
    head, _, rest = text.partition("<!-- rules:")
    tail = rest.partition(_END)[2]
    return f"{head}{_BEGIN}\n\n{rules_text()}\n\n{_END}{tail}"


def main() -> None:
    """Write both pages."""
    DIAGNOSTICS.write_text(diagnostics_text(), encoding="utf-8")
    REGENERATION.write_text(regeneration_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
