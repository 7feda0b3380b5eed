"""The imports of one generated module: a name is imported because it was asked for, and only then.

Views ask for a name and get its local spelling; at the end the set prints itself in the order and the layout that
ruff's isort wants, so that no generated import is unused, doubled or out of place.
"""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from .literals import LINE_LENGTH

_Natural = tuple[tuple[tuple[int, int, str], ...], str]
_Order = tuple[int, int, int, _Natural]
_DIGITS = re.compile(r"(\d+)")
_BUILTINS = frozenset(dir(builtins))
_SECTION_OF_RELATIVE = 4


@dataclass(frozen=True, slots=True)
class Imports:
    """The finished text of a module's imports, both parts without a line feed at the end, maybe empty.

    `typing` is the inside of the ``if TYPE_CHECKING:`` block, already indented; `guard` is how that name is spelled.
    """

    runtime: str
    typing: str
    guard: str = "TYPE_CHECKING"


@dataclass(slots=True)
class _Entry:
    module: str
    name: str
    local: str
    """What the import statement binds."""
    spelled: str
    """How the asker writes the name: `local`, or `local.Name` where a module had to be imported in its stead."""
    runtime: bool


class ImportSet:
    """Collects the imports of one module.

    `package` is the generated package, `module` the dotted name of the module that is being written; `taken` are
    names that the module defines itself or that its class body uses, and which no import may hide.
    """

    def __init__(self, package: str, module: str, taken: Iterable[str] = ()) -> None:
        """Start with nothing imported."""
        self._package = package
        self._module = module
        self._parent = module.rpartition(".")[0]
        self._taken = set(taken)
        self._entries: dict[tuple[str, str], _Entry] = {}

    def module(self, name: str, *, runtime: bool = True) -> str:
        """Ask for ``import name``; gives the name. Not at run time: only annotations use it."""
        entry = self._entries.setdefault((name, ""), _Entry(name, "", name, name, runtime))
        entry.runtime = entry.runtime or runtime
        self._taken.add(name)
        return name

    def name(self, module: str, name: str) -> str:
        """Ask for a name at run time; gives its local spelling, ``module.Name`` where the bare name is taken."""
        return self._ask(module, name, True)

    def typing(self, module: str, name: str) -> str:
        """Ask for a name that only annotations use; spelled as `name` does."""
        return self._ask(module, name, False)

    def _ask(self, module: str, name: str, runtime: bool) -> str:
        if module == self._module:
            return name
        key = (module, name)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = self._entry(module, name, runtime)
        elif runtime:
            entry.runtime = True
        return entry.spelled

    def _entry(self, module: str, name: str, runtime: bool) -> _Entry:
        """Bind the name, or, where it is taken, its module under a free name.

        The module and not the class is renamed, so that a class keeps its name wherever a reader meets it.
        """
        if name not in self._taken:
            self._taken.add(name)
            return _Entry(module, name, name, name, runtime)
        parent, _, leaf = module.rpartition(".")
        local = leaf
        # A module called like a builtin would hide it.
        for folder in reversed(parent.split(".") if parent else ()):
            if local not in self._taken and local not in _BUILTINS:
                break
            local = f"{folder}_{local}"
        if local in self._taken:
            local = next(free for free in map(f"{local}_{{}}".format, count(2)) if free not in self._taken)
        self._taken.add(local)
        spelled = f"{local}.{name}"
        return _Entry(parent, leaf, local, spelled, runtime) if parent else _Entry(leaf, "", local, spelled, runtime)

    def freeze(self) -> Imports:
        """Print what was asked for."""
        # The guard is itself an import, and only needed where something stands below it.
        needed = any(not entry.runtime for entry in self._entries.values())
        guard = self.name("typing", "TYPE_CHECKING") if needed else ""
        entries = self._entries.values()
        return Imports(
            self._print([entry for entry in entries if entry.runtime], ""),
            self._print([entry for entry in entries if not entry.runtime], "    "),
            guard,
        )

    def _print(self, entries: list[_Entry], indent: str) -> str:
        modules: dict[str, list[_Entry]] = {}
        statements: list[tuple[_Order, str]] = []
        for entry in entries:
            if entry.name:
                modules.setdefault(entry.module, []).append(entry)
            else:
                module = relative(entry.module, self._parent, self._package)
                renamed = f" as {entry.local}" if entry.local != module else ""
                statements.append((_order(module, self._package, plain=True), f"{indent}import {module}{renamed}\n"))
        for asked, found in modules.items():
            module = relative(asked, self._parent, self._package)
            first = found[0]
            if len(found) == 1 and first.name == first.local:
                text = _from_line(module, (first.name,), indent)
            else:
                text = _from_lines(module, tuple([(entry.name, entry.local) for entry in found]), indent)
            statements.append((_order(module, self._package, plain=False), text))
        statements.sort()
        lines: list[str] = []
        for number, (order, text) in enumerate(statements):
            if number and statements[number - 1][0][0] != order[0]:
                lines.append("\n")
            lines.append(text)
        return "".join(lines).removesuffix("\n")


def relative(module: str, folder: str, package: str) -> str:
    """Spell a module as the modules of a folder import it.

    Those of the package are named from where the asker stands, so that a client works under whatever name its folder
    is put: Kiota's does, and there are projects that copy it into their own package.
    """
    if not module.startswith(package) or (len(module) > len(package) and module[len(package)] != "."):
        return module
    if module.startswith(folder) and module[len(folder) : len(folder) + 1] == ".":
        return module[len(folder) :]
    wanted, held = module[len(package) + 1 :], folder[len(package) + 1 :]
    if wanted.partition(".")[0] != held.partition(".")[0]:
        return "." * (held.count(".") + 2 if held else 1) + wanted
    parts, folders = wanted.split("."), held.split(".")
    shared = 0
    for one, other in zip(parts, folders, strict=False):
        if one != other:
            break
        shared += 1
    return "." * (len(folders) - shared + 1) + ".".join(parts[shared:])


def _from_lines(module: str, pairs: tuple[tuple[str, str], ...], indent: str) -> str:
    """Spell the imports of (name, local name) from a module."""
    names, aliased = _ordered(pairs)
    text = _from_line(module, names, indent) if names else ""
    # isort keeps a renamed import in a statement of its own.
    return text + "".join([_from_line(module, (name,), indent) for name in aliased])


@lru_cache(maxsize=8192)
def _ordered(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the plain and the renamed names in order; modules ask for the same few again and again."""
    ordered = sorted(pairs, key=lambda pair: _member_order(pair[0])) if len(pairs) > 1 else pairs
    names = tuple([name for name, local in ordered if local == name])
    return names, tuple([f"{name} as {local}" for name, local in ordered if local != name])


def _from_line(module: str, names: tuple[str, ...], indent: str) -> str:
    line = f"{indent}from {module} import {', '.join(names)}\n"
    if len(line) <= LINE_LENGTH + 1:
        return line
    inner = "".join([f"{indent}    {name},\n" for name in names])
    return f"{indent}from {module} import (\n{inner}{indent})\n"


@lru_cache(maxsize=1024)
def _section(root: str, package: str) -> int:
    if root == "__future__":
        return 0
    if root == package.partition(".")[0]:
        return 3
    return 1 if root in sys.stdlib_module_names else 2


@lru_cache(maxsize=65536)
def _natural(text: str) -> _Natural:
    """Order as isort does: ignoring case, runs of digits as numbers."""
    parts = _DIGITS.split(text.lower())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part), text


def _order(module: str, package: str, *, plain: bool) -> _Order:
    """Give the place of a statement: its section, `import` before `from`, relative ones from further away first."""
    name = module.lstrip(".")
    section = _SECTION_OF_RELATIVE if module[0] == "." else _section(module.partition(".")[0], package)
    return section, 0 if plain else 1, len(name) - len(module), _natural(name)


@lru_cache(maxsize=65536)
def _member_order(name: str) -> tuple[int, object]:
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, _natural(name)
