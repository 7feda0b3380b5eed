"""The last look at generated text before anything is written: is it only what generated code may be?

Every name and value went through a function that cannot let code in; this gate assumes that one of them failed. It
reads each module as Python and takes nothing at module or class level but imports from a short list, classes,
functions and assignments of plain values, and inside functions only the statements that templates write.

A whole client has 60 MB of text but few shapes: paragraphs that differ in names and strings only. So a paragraph that
was not met before is reduced to its shape (`shapes`), and each shape is parsed and judged once, within the blocks that
are open where it stands.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from graphslice.diagnostics import GraphsliceError, Location, error

from .shapes import paragraphs, shape, words_to_keep

_IMPORT_ROOTS = frozenset(
    (
        *("__future__", "builtins", "collections", "dataclasses", "datetime", "importlib", "typing", "uuid"),
        *("httpx", "kiota_abstractions", "kiota_serialization_form", "kiota_serialization_json"),
        *("kiota_serialization_multipart", "kiota_serialization_text", "typing_extensions"),
    )
)
_CALLS = frozenset(
    (
        *("Blocking", "BlockingPages", "ClientSettings", "Cloud", "Member", "OperationFacts", "Prop", "Twin", "UUID"),
        *("TypeVar", "field", "field_of", "float", "frozenset"),
        *("date", "datetime", "time", "timedelta", "timezone"),
    )
)
"""The last part of every name that may be called while a module is imported."""
_DECORATORS = frozenset({"dataclass", "deprecated", "model", "overload", "override", "property", "staticmethod"})
_GUARD = "TYPE_CHECKING"
_FOLDER = re.compile(r"[^\W\d]\w*\Z")
_LONGEST_FILE_NAME = 255
_NOT_IN_FUNCTIONS = (ast.Global, ast.Nonlocal, ast.Delete, ast.ClassDef, ast.Import, ast.Lambda, ast.FunctionDef)

Blocks = tuple[str, ...]
"""The blocks open at a place: "class", "def" and "if", outermost first."""
_HEADERS = {"class": "class x:\n", "def": "def x():\n", "if": f"if {_GUARD}:\n"}
_INDENT = 4


def check_module(path: str, code: str, package: str) -> None:
    """Raise an error if laid out code, whose docstrings are set aside, is no module that a client may hold."""
    if not code.isascii():
        _check_names(path, code)
    if "\r" in code or "\0" in code or not code.endswith("\n"):
        raise _refused(path, "a line does not end in a line feed")
    root = package.partition("/")[0]
    blocks: Blocks = ()
    try:
        for paragraph in paragraphs(code):
            verdict = _judge(blocks, paragraph, root)
            if isinstance(verdict, str):
                raise _refused(path, verdict)
            blocks = verdict
    except ValueError as fault:
        raise _refused(path, str(fault)) from None


def check_paths(paths: Iterable[str]) -> None:
    """Raise an error if a path leaves the output folder, cannot exist everywhere, or collides with another."""
    seen: dict[str, str] = {}
    for path in paths:
        folder, _, file = path.rpartition("/")
        stem, _, suffix = file.partition(".")
        safe = suffix in ("py", "typed") and _FOLDER.match(stem) and len(file) <= _LONGEST_FILE_NAME
        if not safe or not _is_safe(folder):
            raise _refused(path, "it is no path that a package may have")
        key = path.casefold()
        if key in seen:
            raise _refused(path, f"it is the same file as {seen[key]} where case does not count")
        seen[key] = path


@lru_cache(maxsize=16384)
def _is_safe(folder: str) -> bool:
    above, slash, name = folder.rpartition("/")
    return bool(_FOLDER.match(name)) and len(name) <= _LONGEST_FILE_NAME and (not slash or _is_safe(above))


@lru_cache(maxsize=16)
def _kept_words(root: str) -> frozenset[str]:
    return words_to_keep(_CALLS | _DECORATORS | _IMPORT_ROOTS | {root, _GUARD})


@lru_cache(maxsize=16384)
def _judge(blocks: Blocks, paragraph: str, root: str) -> Blocks | str:
    """Give the blocks that are open behind a paragraph, or what is wrong with it."""
    if "'" in paragraph:
        return "it holds a string of a kind that is never written"
    return _judge_shape(blocks, shape(paragraph, _kept_words(root)), root)


@lru_cache(maxsize=16384)
def _judge_shape(blocks: Blocks, paragraph: str, root: str) -> Blocks | str:
    depth = (len(paragraph) - len(paragraph.lstrip(" "))) // _INDENT
    around = blocks[:depth]
    if depth > len(blocks) and "def" not in blocks:
        return "it is indented further than its surroundings"
    # Inside a function any block may be open; a plain one stands for it.
    headers = [_HEADERS[block] for block in around] + [_HEADERS["if"]] * (depth - len(around))
    source = "".join(" " * _INDENT * level + header for level, header in enumerate(headers)) + paragraph
    if paragraph.endswith(":"):
        # A blank line stands between a block's header and its content, which is the next paragraph.
        source += " pass"
    try:
        body = ast.parse(f"{source}\n", feature_version=(3, 10)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        return f"it is no valid Python ({fault})"
    for _ in around:
        if len(body) != 1 or not isinstance(body[0], ast.ClassDef | ast.FunctionDef | ast.If):
            return "its indentation is not what it seems"
        body = body[0].body
    gate = _Gate(root)
    try:
        if "def" in around:
            gate.function_body(body)
            return around
        gate.body(body)
    except _FaultError as fault:
        return str(fault)
    return around + _open_blocks(body[-1])


def _open_blocks(statement: ast.stmt) -> Blocks:
    """Give the blocks that a paragraph's last statement leaves open for the next."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return ("def",)
    if isinstance(statement, ast.ClassDef):
        return ("class", *_open_blocks(statement.body[-1]))
    return ("if", *_open_blocks(statement.body[-1])) if isinstance(statement, ast.If) else ()


class _FaultError(Exception):
    """Something that no generated module may hold."""


def _fault(node: ast.stmt | ast.expr) -> _FaultError:
    return _FaultError(f"a {type(node).__name__} stands where no generated module may have one")


class _Gate:
    """Judges the statements of a paragraph, not deeper than it must."""

    def __init__(self, root: str) -> None:
        self._roots = _IMPORT_ROOTS | {root}

    def body(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            check = _CHECKS.get(type(statement))
            if check is None:
                raise _fault(statement)
            check(self, statement)

    def function_body(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            for node in ast.walk(statement):
                if isinstance(node, ast.ImportFrom):
                    self.imported(node)
                elif isinstance(node, _NOT_IN_FUNCTIONS):
                    raise _fault(node)

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.ImportFrom):
            named = [node.module or ""] if not node.level else []
        else:
            named = [alias.name for alias in node.names]
        if any(name.partition(".")[0] not in self._roots for name in named):
            raise _fault(node)

    def guard(self, node: ast.If) -> None:
        test = node.test
        # A class of that very name has the guard spelled through its module.
        module = test.value if isinstance(test, ast.Attribute) and isinstance(test.value, ast.Name) else None
        spelled = test.attr if isinstance(test, ast.Attribute) and module else getattr(test, "id", "")
        if spelled != _GUARD or node.orelse:
            raise _fault(node)
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
        self.function_body(node.body)

    def text(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant) or not isinstance(node.value.value, str):
            raise _fault(node)

    def assignment(self, node: ast.Assign) -> None:
        if not all(isinstance(target, ast.Name) for target in node.targets):
            raise _fault(node)
        self.value(node.value)

    def annotated(self, node: ast.AnnAssign) -> None:
        if not isinstance(node.target, ast.Name):
            raise _fault(node)
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
            raise _fault(node)
        if isinstance(node, ast.Call) and _last_name(node.func) not in _CALLS:
            raise _fault(node)
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr):
            raise _fault(node)
        for part in inner(node):
            self.value(part)

    def _decorators(self, decorators: Iterable[ast.expr]) -> None:
        for decorator in decorators:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if _last_name(called) not in _DECORATORS:
                raise _fault(decorator)


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


def _refused(path: str, reason: str) -> GraphsliceError:
    return error(
        "OUT011",
        f"the generated module was refused: {reason}",
        Location(path),
        "a fault of graphslice: please report it with the description; nothing was written",
    )
