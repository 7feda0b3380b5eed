"""The files that every client has alike: the runtime, and the marker that says it is typed.

The runtime is written in small modules, and each is tested as it is. A client gets them joined, text for text, into a
few: a file in a wheel costs 300 bytes besides its content, and what is alike compresses only within one file.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

_RUNTIME = "_runtime"
_JOINED: Mapping[str, tuple[str, ...]] = {
    "model": ("values", "props", "state", "model"),
    "builder": ("request", "sync", "builder", "errors", "client"),
    "adapter": ("retry", "auth", "connections", "codec", "sending", "adapter"),
}
"""Module of a client to the modules that it is made of; what stands nowhere here is a module of its own."""
_EXTRAS = frozenset({"days", "composed", "flags", "forms", "redeclared"})
"""Modules that few clients need, and that would be dead weight in the others."""
_LINE_LENGTH = 120
_DEFINITION = re.compile(r"^(?:@|class |def |async def )", re.M)
_RELATIVE = re.compile(r"^( +from \.)(\w+)(?= import )", re.M)


def runtime_files(package: str, extras: Collection[str]) -> Mapping[str, str]:
    """Give path to text of the fixed files below the folder `package`, with the modules that not every client needs."""
    left_out = _EXTRAS.difference(extras)
    files = {f"{package}/{_RUNTIME}/{name}.py": text for name, text in _modules() if name not in left_out}
    files[f"{package}/py.typed"] = ""
    return files


@cache
def _modules() -> tuple[tuple[str, str], ...]:
    """Give name and text of every module of a client's runtime."""
    folder = resources.files(__package__) / "runtime"
    sources = {
        entry.name.removesuffix(".py"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".py") and entry.name != "__init__.py"
    }
    part_of = {part: name for name, parts in _JOINED.items() for part in parts}
    alone = {name: (name,) for name in sources if name not in part_of}
    return tuple(
        (name, _joined(name, {part: sources[part] for part in parts}, part_of))
        for name, parts in sorted({**_JOINED, **alone}.items())
    )


@dataclass
class _Imports:
    """Imported names by module, an empty name for the module itself; `inner` are for type checkers only."""

    outer: dict[str, set[str]] = field(default_factory=dict)
    inner: dict[str, set[str]] = field(default_factory=dict)

    def text(self) -> str:
        """Spell all of them as isort does."""
        inner = {module: names - self.outer.get(module, set()) for module, names in self.inner.items()}
        text = "\n\n".join(_sections(self.outer, ""))
        below = "\n\n".join(_sections({module: names for module, names in inner.items() if names}, "    "))
        return f"{text}\n\nif TYPE_CHECKING:\n{below}" if below else text


def _joined(name: str, sources: Mapping[str, str], part_of: Mapping[str, str]) -> str:
    """Put modules into one; their imports and remarks come first, once."""
    imports = _Imports()
    remarks: dict[str, None] = {}
    bodies: list[str] = []
    seen: set[str] = set()
    docstring = ""
    for part, source in sources.items():
        tree = ast.parse(_head(source))
        lines = source.splitlines()
        docstring = "\n".join(lines[: tree.body[0].end_lineno]) if part == name else docstring
        head = [node for node in tree.body[1:] if _is_import(node)]
        if head:
            remarks.setdefault("\n".join(lines[tree.body[0].end_lineno or 0 : head[0].lineno - 1]).strip())
        for node in head:
            _collect(node, imports, name, part_of)
        end = (head or tree.body)[-1 if head else 0].end_lineno or 0
        again = {node.lineno for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node) in seen}
        seen.update(ast.unparse(node) for node in tree.body if isinstance(node, ast.Assign))
        rest = "\n".join(line for number, line in enumerate(lines[end:], end + 1) if number not in again).strip("\n")
        bodies.append(_RELATIVE.sub(lambda hit: hit[1] + part_of.get(hit[2], hit[2]), rest))
    blocks = [docstring, *remarks, imports.text()]
    return "\n\n".join(filter(None, blocks)) + "".join(f"\n\n\n{body}" for body in bodies if body) + "\n"


def _head(source: str) -> str:
    """Cut off everything from the first function or class on: to parse that too takes a tenth of a slice's time."""
    first = _DEFINITION.search(source)
    return source[: first.start()] if first else source


def _is_import(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING" and all(map(_is_import, node.body))
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _collect(node: ast.stmt, imports: _Imports, name: str, part_of: Mapping[str, str], *, inner: bool = False) -> None:
    """Note what is imported from outside of the module into which several are put."""
    if isinstance(node, ast.If):
        for below in node.body:
            _collect(below, imports, name, part_of, inner=True)
    elif isinstance(node, ast.Import):
        for alias in node.names:
            (imports.inner if inner else imports.outer).setdefault(alias.name, set()).add("")
    elif isinstance(node, ast.ImportFrom):
        module = node.module or ""
        if node.level:
            module = f".{part_of.get(module, module)}"
        if module != f".{name}":
            names = (f"{one.name} as {one.asname}" if one.asname else one.name for one in node.names)
            (imports.inner if inner else imports.outer).setdefault(module, set()).update(names)


def _sections(modules: Mapping[str, set[str]], indent: str) -> Iterator[str]:
    """Spell imports by where they come from: the language, its library, other packages, this one."""
    ordered = sorted(modules, key=lambda module: (_origin(module), module.lower()))
    for origin in sorted({_origin(module) for module in ordered}):
        found = [module for module in ordered if _origin(module) == origin]
        plain = [f"{indent}import {module}" for module in found if "" in modules[module]]
        yield "\n".join([*plain, *(line for module in found for line in _from(module, modules[module], indent))])


def _origin(module: str) -> int:
    root = module.partition(".")[0]
    return 0 if root == "__future__" else 1 if root in sys.stdlib_module_names else 2 if root else 3


def _from(module: str, names: set[str], indent: str) -> Iterator[str]:
    own = sorted((name for name in names if name and " as " not in name), key=_order)
    aliased = [[name] for name in names if " as " in name]
    for listed in sorted(filter(None, [own, *aliased]), key=lambda listed: _order(listed[0])):
        line = f"{indent}from {module} import {', '.join(listed)}"
        inner = "".join(f"{indent}    {name},\n" for name in listed)
        yield line if len(line) <= _LINE_LENGTH else f"{indent}from {module} import (\n{inner}{indent})"


def _order(name: str) -> tuple[int, str]:
    """Constants first, then classes, then the rest."""
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name.lower()
