"""The last look at generated text before anything is written: is it only what generated code may be?

Every name and value went through a function that cannot let code in; this gate assumes that one of them failed. It
reads each module as Python and takes nothing at module or class level but imports from a short list, classes,
functions and assignments of plain values, and inside functions only the statements that templates write.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping

from graphslice.diagnostics import GraphsliceError, Location, error

_IMPORT_ROOTS = frozenset(
    (
        *("__future__", "builtins", "collections", "dataclasses", "datetime", "importlib", "typing", "uuid"),
        *("httpx", "kiota_abstractions", "kiota_serialization_form", "kiota_serialization_json"),
        *("kiota_serialization_multipart", "kiota_serialization_text", "typing_extensions"),
    )
)
_CALLS = frozenset(
    (
        *("Blocking", "BlockingPages", "ClientSettings", "Cloud", "Member", "OperationFacts", "Prop", "UUID"),
        *("TypeVar", "field", "field_of", "float", "frozenset"),
        *("date", "datetime", "time", "timedelta", "timezone"),
    )
)
"""The last part of every name that may be called while a module is imported."""
_DECORATORS = frozenset({"dataclass", "deprecated", "model", "overload", "override", "property", "staticmethod"})
_FOLDER = re.compile(r"[^\W\d]\w*\Z")
_LONGEST_FILE_NAME = 255
_NOT_IN_FUNCTIONS = (ast.Global, ast.Nonlocal, ast.Delete, ast.ClassDef, ast.Import)


def check_module(path: str, text: str, package: str) -> None:
    """Raise an error if the text is no module that a client may hold."""
    if not text.isascii():
        _check_names(path, text)
    if "\r" in text or "\0" in text or not text.endswith("\n"):
        raise _refused(path, "a line does not end in a line feed")
    try:
        tree = ast.parse(text, path, feature_version=(3, 10))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        raise _refused(path, f"it is no valid Python ({fault})") from None
    _Gate(path, package.partition("/")[0]).body(tree.body)


def check_paths(paths: Iterable[str]) -> None:
    """Raise an error if a path leaves the output folder, cannot exist everywhere, or collides with another."""
    seen: dict[str, str] = {}
    for path in paths:
        *folders, file = path.split("/")
        stem, _, suffix = file.partition(".")
        safe = all(_FOLDER.match(name) for name in (*folders, stem)) and suffix in ("py", "typed")
        if not safe or not folders or max(map(len, (*folders, file))) > _LONGEST_FILE_NAME:
            raise _refused(path, "it is no path that a package may have")
        other = seen.setdefault(path.casefold(), path)
        if other is not path:
            raise _refused(path, f"it is the same file as {other} where case does not count")


class _Gate:
    """Walks one module, not deeper than it must."""

    def __init__(self, path: str, package: str) -> None:
        self._path = path
        self._roots = _IMPORT_ROOTS | {package}

    def body(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            check = _CHECKS.get(type(statement))
            if check is None:
                raise self.fault(statement)
            check(self, statement)

    def fault(self, node: ast.stmt | ast.expr) -> GraphsliceError:
        return _refused(self._path, f"line {node.lineno} holds what no generated module may hold", node.lineno)

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.ImportFrom):
            named = [node.module or ""] if not node.level else []
        else:
            named = [alias.name for alias in node.names]
        if any(name.partition(".")[0] not in self._roots for name in named):
            raise self.fault(node)

    def guard(self, node: ast.If) -> None:
        if not isinstance(node.test, ast.Name) or node.test.id != "TYPE_CHECKING" or node.orelse:
            raise self.fault(node)
        self.body(node.body)

    def class_(self, node: ast.ClassDef) -> None:
        self._decorators(node.decorator_list)
        for value in (*node.bases, *(keyword.value for keyword in node.keywords)):
            self.value(value)
        self.body(node.body)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._decorators(node.decorator_list)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.value(default)
        for statement in node.body:
            if isinstance(statement, ast.ImportFrom):
                self.imported(statement)
            elif isinstance(statement, _NOT_IN_FUNCTIONS):
                raise self.fault(statement)

    def text(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant) or not isinstance(node.value.value, str):
            raise self.fault(node)

    def assignment(self, node: ast.Assign) -> None:
        if not all(isinstance(target, ast.Name) for target in node.targets):
            raise self.fault(node)
        self.value(node.value)

    def annotated(self, node: ast.AnnAssign) -> None:
        if not isinstance(node.target, ast.Name):
            raise self.fault(node)
        # The annotation is never evaluated: every module postpones them.
        if node.value is not None:
            self.value(node.value)

    def nothing(self, node: ast.Pass) -> None:
        """Take a class without members."""

    def value(self, node: ast.expr) -> None:
        """Take a plain value: constants, names, containers of them, and calls of what the list has."""
        kind = type(node)
        if kind is ast.Constant or kind is ast.Name:
            return
        inner = _INNER.get(kind)
        if inner is None:
            raise self.fault(node)
        if isinstance(node, ast.Call) and _last_name(node.func) not in _CALLS:
            raise self.fault(node)
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr):
            raise self.fault(node)
        for part in inner(node):
            self.value(part)

    def _decorators(self, decorators: Iterable[ast.expr]) -> None:
        for decorator in decorators:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if _last_name(called) not in _DECORATORS:
                raise self.fault(decorator)


_CHECKS: Mapping[type[ast.stmt], Callable[..., None]] = {
    ast.AnnAssign: _Gate.annotated,
    ast.Assign: _Gate.assignment,
    ast.AsyncFunctionDef: _Gate.function,
    ast.ClassDef: _Gate.class_,
    ast.Expr: _Gate.text,
    ast.FunctionDef: _Gate.function,
    ast.If: _Gate.guard,
    ast.Import: _Gate.imported,
    ast.ImportFrom: _Gate.imported,
    ast.Pass: _Gate.nothing,
}
_INNER: Mapping[type[ast.expr], Callable[..., list[ast.expr]]] = {
    ast.Attribute: lambda node: [node.value],
    ast.BinOp: lambda node: [node.left, node.right],
    ast.Call: lambda node: [node.func, *node.args, *(keyword.value for keyword in node.keywords)],
    ast.Dict: lambda node: [*filter(None, node.keys), *node.values],
    ast.List: lambda node: node.elts,
    ast.Set: lambda node: node.elts,
    ast.Subscript: lambda node: [node.value, node.slice],
    ast.Tuple: lambda node: node.elts,
    ast.UnaryOp: lambda node: [node.operand],
}


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        return _last_name(node.value)
    return node.id if isinstance(node, ast.Name) else ""


def _check_names(path: str, text: str) -> None:
    """Take characters beyond ASCII only as letters of names; everything else is escaped."""
    for char in sorted(set(text)):
        if ord(char) > 0x7F and not f"_{char}".isidentifier():
            raise _refused(path, f"it holds the character U+{ord(char):04X}")


def _refused(path: str, reason: str, line: int = 0) -> GraphsliceError:
    return error(
        "OUT011",
        f"the generated module was refused: {reason}",
        Location(path, line),
        "a fault of graphslice: please report it with the description; nothing was written",
    )
