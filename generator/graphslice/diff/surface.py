"""The surface of single modules, from their source before formatting: what a change of the model does to the client.

Only modules that can differ are rendered, so that two whole APIs are compared in seconds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One fact of the surface: ``module:Class``, the member ("" for the class itself) and how it looks."""

    label: str
    member: str
    text: str

    def __str__(self) -> str:
        """Give the line as it is shown."""
        return f"{self.label}.{self.member}{self.text}" if self.member else f"{self.label}{self.text}"


def module_surface(module: str, source: str) -> frozenset[Line]:
    """List the public classes of a module with their members; `module` is its name below the package."""
    found: list[Line] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found.extend(_class(f"{module}:{node.name}", node))
    return frozenset(found)


def _class(label: str, node: ast.ClassDef) -> Iterator[Line]:
    yield Line(label, "", f"({', '.join(ast.unparse(base) for base in node.bases)})")
    for item in node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not item.name.startswith("_"):
                yield _function(label, item)
        elif isinstance(item, ast.ClassDef):
            yield from _class(f"{label}.{item.name}", item)
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            if item.target.id.startswith("_"):
                if item.value is not None:
                    yield from _assigned(label, item.target.id, item.value)
            else:
                value = f" = {ast.unparse(item.value)}" if item.value and ast.unparse(item.value) != "None" else ""
                yield Line(label, item.target.id, f": {ast.unparse(item.annotation)}{value}")
        elif isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
            yield from _assigned(label, item.targets[0].id, item.value)


def _function(label: str, item: ast.FunctionDef | ast.AsyncFunctionDef) -> Line:
    result = f" -> {ast.unparse(item.returns)}" if item.returns else ""
    if any(isinstance(decorator, ast.Name) and decorator.id == "property" for decorator in item.decorator_list):
        return Line(label, item.name, f":{result.removeprefix(' ->')}")
    return Line(label, item.name, f"({ast.unparse(item.args)}){result}")


def _assigned(label: str, name: str, value: ast.expr) -> Iterator[Line]:
    """Take what goes over the wire from the tables of a class, and public assignments as they stand."""
    if name in ("_properties", "_members") and isinstance(value, ast.Tuple | ast.List):
        for entry in value.elts:
            if isinstance(entry, ast.Call) and entry.args and isinstance(entry.args[0], ast.Constant):
                rest = ", ".join(ast.unparse(part) for part in (*entry.args[1:], *entry.keywords))
                yield Line(label, str(entry.args[0].value), f" on the wire: {rest}")
    elif name == "_discriminator" and isinstance(value, ast.Tuple) and len(value.elts) == 2:
        table = value.elts[1]
        if isinstance(table, ast.Dict):
            for key, target in zip(table.keys, table.values, strict=True):
                wire = str(key.value) if isinstance(key, ast.Constant) else ""
                yield Line(label, wire, f" makes {ast.unparse(target)}")
    elif name in ("_template", "_wire_names", "_primary_message", "_composition", "_settings"):
        yield Line(label, "", f" {name.strip('_').replace('_', ' ')} {ast.unparse(value)}")
    elif not name.startswith("_"):
        yield Line(label, name, f" = {ast.unparse(value)}")
