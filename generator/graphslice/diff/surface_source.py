"""Reads the source of generated modules into classes: what they derive from, and what stands in their bodies."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

_RUNTIME = "_runtime."


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One fact of the surface.

    `label` is ``module:Class``, `member` what of it ("" for the class itself), `kind` what is said about it. Lines
    that read alike are one line, whichever member each is said of.
    """

    label: str
    member: str = field(compare=False)
    kind: str
    text: str

    def __str__(self) -> str:
        """Give the line as it is shown."""
        return f"{self.kind} {self.label} {self.text}"


class Kind(Enum):
    """What a class of a client is, by the class of the runtime that it derives from."""

    BUILDER = "builder"
    CLIENT = "client"
    TWIN = "twin"
    ENUM = "enum"
    MODEL = "model"
    COMPOSED = "composed"
    OTHER = "other"


_KINDS = {
    "RequestBuilder": Kind.BUILDER,
    "ClientRoot": Kind.CLIENT,
    "SyncRequestBuilder": Kind.TWIN,
    "SyncClientRoot": Kind.TWIN,
    "WireEnum": Kind.ENUM,
    "WireFlags": Kind.ENUM,
    "ComposedTypeWrapper": Kind.COMPOSED,
    "Parsable": Kind.MODEL,
}


@dataclass(slots=True)
class ModuleSource:
    """What the classes of a module share: the names that it imports, and its constants."""

    name: str
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Local name to module (below the package, or ``_runtime.``...) and name there."""
    constants: dict[str, ast.expr] = field(default_factory=dict)

    def original(self, node: ast.expr) -> str:
        """Give the name that a class was declared by, whatever this module calls it."""
        name = last_name(node)
        return self.imports[name][1] if isinstance(node, ast.Name) and name in self.imports else name


@dataclass(slots=True)
class ClassSource:
    """A class as it is written."""

    label: str
    module: ModuleSource
    node: ast.ClassDef

    @property
    def kind(self) -> Kind:
        """What the class is."""
        found = [_KINDS[name] for runtime, name in self.bases if runtime and name in _KINDS]
        # A composed type lists the models' base besides its own.
        return Kind.COMPOSED if Kind.COMPOSED in found else found[0] if found else Kind.OTHER

    @property
    def bases(self) -> tuple[tuple[bool, str], ...]:
        """The direct bases: whether the runtime has it, and its name there or its label."""
        return tuple(self._base(base) for base in self.node.bases)

    def _base(self, base: ast.expr) -> tuple[bool, str]:
        if isinstance(base, ast.Subscript):
            base = base.value
        if isinstance(base, ast.Attribute) and isinstance(base.value, ast.Name):
            above, name = self.module.imports.get(base.value.id, ("", base.value.id))
            module = f"{above}.{name}".lstrip(".")
            return (True, base.attr) if module.startswith(_RUNTIME) else (False, f"{module}:{base.attr}")
        return self.resolve(last_name(base))

    def resolve(self, name: str) -> tuple[bool, str]:
        """Find out what a name means: whether the runtime has it, and its name there or its label."""
        module, original = self.module.imports.get(name, (self.module.name, name))
        if module.startswith(_RUNTIME):
            return True, original
        return False, f"{module}:{original}"

    def annotated(self) -> Iterator[ast.AnnAssign]:
        """Give the attributes that the class declares."""
        for item in self.node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                yield item

    def method(self, name: str) -> ast.FunctionDef | None:
        """Give a method by its name."""
        return next((item for item in self.node.body if isinstance(item, ast.FunctionDef) and item.name == name), None)

    def assigned(self, name: str) -> ast.expr | None:
        """Give what stands behind an attribute of the class."""
        for item in self.node.body:
            if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name) and item.targets[0].id == name:
                return item.value
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.target.id == name:
                return item.value
        return None

    def constants(self) -> Iterator[tuple[str, object]]:
        """Give the public attributes that are constants."""
        for item in self.node.body:
            if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
                value = constant(item.value)
                if value is not None:
                    yield item.targets[0].id, value


def read_module(name: str, source: str) -> dict[str, ClassSource]:
    """Read the classes of a module by name; `name` is the module's below the package."""
    tree = ast.parse(source)
    module = ModuleSource(name)
    imports = list(_imports(tree.body))
    heads = (f"{node.module}.".partition(f".{_RUNTIME}") for node in imports if node.module and not node.level)
    package = next((f"{head}." for head, found, _ in heads if found), "")
    for node in imports:
        where = _below(name, node, package)
        module.imports.update({one.asname or one.name: (where, one.name) for one in node.names})
    classes: dict[str, ClassSource] = {}
    for item in tree.body:
        if isinstance(item, ast.ClassDef):
            classes[item.name] = ClassSource(f"{name}:{item.name}", module, item)
        elif isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
            module.constants[item.targets[0].id] = item.value
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.value is not None:
            module.constants[item.target.id] = item.value
    return classes


def _imports(body: list[ast.stmt]) -> Iterator[ast.ImportFrom]:
    """Give the imports of a module, with those for type checkers, which repeat the ones inside of functions."""
    for item in body:
        if isinstance(item, ast.ImportFrom):
            yield item
        elif isinstance(item, ast.If):
            yield from _imports(item.body)


def _below(name: str, node: ast.ImportFrom, package: str) -> str:
    """Give the imported module's name below the package; names of other packages stay whole."""
    if node.level:
        folders = name.split(".")[: -node.level]
        return ".".join([*folders, *([node.module] if node.module else [])])
    return (node.module or "").removeprefix(package)


def constant(node: ast.expr | None) -> object:
    """Give the value of a constant; None for everything else."""
    return node.value if isinstance(node, ast.Constant) else None


def text_of(node: ast.expr | None) -> str:
    """Give the text of a text constant; empty for everything else."""
    value = constant(node)
    return value if isinstance(value, str) else ""


def last_name(node: ast.expr) -> str:
    """Give the last part of a dotted name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def annotation(node: ast.expr | None) -> str:
    """Spell an annotation in one way, however it is written: no blanks, no modules, None last as Optional."""
    if node is None:
        return "None"
    parts = list(_alternatives(node))
    shown = [_spelled(part) for part in parts]
    if len(parts) == 1:
        return shown[0]
    rest = [text for text in shown if text != "None"]
    inner = rest[0] if len(rest) == 1 else f"Union[{','.join(rest)}]"
    return f"Optional[{inner}]" if len(rest) < len(shown) else inner


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _alternatives(node.left)
        yield from _alternatives(node.right)
    else:
        yield node


def _spelled(node: ast.expr) -> str:
    """Spell a type without modules, except those of `datetime`, whose classes are called by it."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        whole = ast.unparse(node)
        return whole if whole.startswith("datetime.") else node.attr
    if isinstance(node, ast.Subscript):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return f"{_spelled(node.value)}[{','.join(map(_spelled, inner))}]"
    if isinstance(node, ast.BinOp):
        return f"{_spelled(node.left)}|{_spelled(node.right)}"
    if isinstance(node, ast.List):
        return f"[{','.join(map(_spelled, node.elts))}]"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.replace(" ", "")
    return ast.unparse(node).replace(" ", "")
