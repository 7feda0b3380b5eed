"""Python literals of values from a description: the only door by which such a value becomes source text.

Descriptions are untrusted. Every literal is ASCII, double-quoted, on one line unless it is asked to wrap, and
spelled as the formatter leaves it, so that nothing downstream has to touch it again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

LINE_LENGTH = 120
_UNSAFE = re.compile(r"[^ !#-\[\]-~]")
_NAMED_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_INNER_ROOM = LINE_LENGTH - 20
"""What a literal may take in a line of its own four brackets deep, without its quotes."""
_LONGEST_DECIMAL = 10**4000


def lit(value: str | bool | int | float | None) -> str:
    """Spell a value as a Python literal that evaluates to exactly this value."""
    if isinstance(value, str):
        safe = value.isascii() and value.isprintable() and '"' not in value and "\\" not in value
        return f'"{value}"' if safe else f'"{_UNSAFE.sub(_escape, value)}"'
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LONGEST_DECIMAL:
        # CPython refuses to read or print decimals beyond 4300 digits; hexadecimal has no such limit.
        return hex(value)
    return repr(value)


def bytes_lit(value: bytes) -> str:
    """Spell bytes as a literal."""
    return f"b{lit(value.decode('latin-1'))}"


def tuple_expression(expressions: Iterable[str]) -> str:
    """Spell a tuple of finished expressions."""
    parts = list(expressions)
    return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"


def wrapped_lit(value: str, *, indent: int, used: int) -> str:
    """Spell a string that starts `used` columns into its line, as adjacent literals in parentheses if it is too long.

    `indent` is the column of the statement that the literal belongs to. Cuts fall behind a comma, a slash or a colon
    where there is one, which keeps URL templates readable.
    """
    whole = lit(value)
    if used + len(whole) <= LINE_LENGTH:
        return whole
    inner = " " * (indent + 4)
    room = max(LINE_LENGTH - len(inner) - 2, 20)
    pieces = "".join(f'{inner}"{piece}"\n' for piece in _pieces(value, room))
    return f"(\n{pieces}{' ' * indent})"


def fitted_lit(value: str, room: int) -> str:
    """Spell a string inside brackets: in parentheses of its own, cut if need be, where `room` columns do not hold it.

    The formatter breaks lines in front of the parentheses and between the parts.
    """
    whole = lit(value)
    if len(whole) <= room:
        return whole
    parts = [f'"{piece}"' for piece in _pieces(value, _INNER_ROOM)]
    return f"({' '.join(parts)})"


def _pieces(value: str, room: int) -> list[str]:
    pieces: list[str] = []
    if len(lit(value)) == len(value) + 2:
        # Nothing in it is escaped: it can be cut anywhere.
        while len(value) > room:
            cut = max(value.rfind(sign, 0, room) for sign in "/,:") + 1 or room
            pieces.append(value[:cut])
            value = value[cut:]
        return [*pieces, value]
    current: list[str] = []
    length = cut = 0
    for char in value:
        escaped = _UNSAFE.sub(_escape, char)
        while length + len(escaped) > room:
            cut = cut or len(current)
            pieces.append("".join(current[:cut]))
            current = current[cut:]
            length = sum(map(len, current))
            cut = 0
        current.append(escaped)
        length += len(escaped)
        if char in "/,:":
            cut = len(current)
    pieces.append("".join(current))
    return pieces


def _float(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return f'float("{value}")'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _NAMED_ESCAPES:
        return _NAMED_ESCAPES[char]
    code = ord(char)
    # A double quote as \x22: the formatter would otherwise change the quotes around the string to save a backslash.
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
