"""Spells default values that stand in the source of a model, without running it."""

from __future__ import annotations

import ast
import datetime
import uuid
from collections.abc import Callable
from typing import Any

_CLASSES: dict[str, Callable[..., Any]] = {
    "UUID": uuid.UUID,
    "date": datetime.date,
    "time": datetime.time,
    "datetime": datetime.datetime,
    "timedelta": datetime.timedelta,
    "timezone": datetime.timezone,
}


def spelled(node: ast.expr | None, original: Callable[[ast.expr], str]) -> str | None:
    """Spell a default value; None where there is none.

    Args:
        node: The expression behind the attribute.
        original: Gives the name that a class was declared by.
    """
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return None
    if isinstance(node, ast.Constant):
        return repr(node.value)
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "field_of":
        return None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{original(node.value)}.{node.attr}"
    try:
        value = _value(node)
    except (ValueError, TypeError, KeyError):
        return ast.unparse(node)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return repr(value) if isinstance(value, (str, int, float, bytes)) else str(value)


def _value(node: ast.expr) -> Any:
    """Work out a constructor of a date, a duration or an id."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Attribute) and node.attr == "utc":
        return datetime.timezone.utc
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        words = {word.arg: _value(word.value) for word in node.keywords if word.arg}
        return _CLASSES[name](*map(_value, node.args), **words)
    raise ValueError(ast.unparse(node))
