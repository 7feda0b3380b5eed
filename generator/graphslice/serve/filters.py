"""`$filter` and `$orderby`: parsed once into a function over entities (OData 4.01 URL conventions, section 5.1.1)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cmp_to_key
from typing import Any

from graphslice.diagnostics import printable
from graphslice.serve import moments
from graphslice.serve.refusals import bad_request
from graphslice.serve.schema import Entity, Json, Schema

Value = Any
"""A wire value, or something that compares: see `_comparable`."""
Test = Callable[[Entity], Value]

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^']|'')*')
  | (?P<stamp>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?(?![\w-]))
  | (?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})
  | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<name>[A-Za-z_@$][\w.$@]*(?:/[A-Za-z_@$][\w.$@]*)*)
  | (?P<mark>[(),:])
)""",
    re.VERBOSE | re.ASCII,
)
_MAX_DEPTH = 50


def parse_filter(schema: Schema, type_id: str, text: str) -> Callable[[Entity], bool]:
    """Compile a `$filter`; raises `Refused` for what it cannot read or what the type does not have."""
    parser = _Parser(schema, type_id, text)
    test = parser.either(0)
    parser.expect_end()
    return lambda entity: test(entity) is True


def parse_order(schema: Schema, type_id: str, text: str) -> Callable[[list[Entity]], list[Entity]]:
    """Compile an `$orderby` into a stable sort; null stands before everything else."""
    keys: list[tuple[Test, bool]] = []
    for part in text.split(","):
        words = part.split()
        if len(words) not in {1, 2} or (len(words) == 2 and words[1] not in {"asc", "desc"}):
            raise _unreadable("$orderby", part)
        path, _ = _path(schema, type_id, words[0])
        keys.append((path, words[-1] == "desc" and len(words) == 2))

    def ordered(entities: list[Entity]) -> list[Entity]:
        result = list(entities)
        for get, descending in reversed(keys):
            result.sort(key=cmp_to_key(lambda a, b, get=get: _order(get(a), get(b))), reverse=descending)  # type: ignore[misc]
        return result

    return ordered


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, schema: Schema, type_id: str, text: str) -> None:
        self._schema = schema
        self._type_id = type_id
        self._scope: dict[str, str] = {}
        self._tokens = list(_tokens(text))
        self._text = text
        self._at = 0

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            raise _unreadable("$filter", self._tokens[self._at][1])

    def either(self, depth: int) -> Test:
        return self._chain("or", self._both, depth)

    def _both(self, depth: int) -> Test:
        return self._chain("and", self._negation, depth)

    def _chain(self, word: str, part: Callable[[int], Test], depth: int) -> Test:
        if depth > _MAX_DEPTH:
            raise bad_request("$filter is nested too deeply.")
        tests = [part(depth)]
        while self._take("name", word):
            tests.append(part(depth))
        if len(tests) == 1:
            return tests[0]
        combine = any if word == "or" else all
        return lambda entity: combine(test(entity) is True for test in tests)

    def _negation(self, depth: int) -> Test:
        if self._take("name", "not"):
            inner = self._negation(depth + 1) if depth < _MAX_DEPTH else None
            if inner is None:
                raise bad_request("$filter is nested too deeply.")
            return lambda entity: inner(entity) is not True
        return self._comparison(depth)

    def _comparison(self, depth: int) -> Test:
        left = self._operand(depth)
        kind, word = self._peek()
        if kind == "name" and word == "in":
            self._at += 1
            choices = self._arguments(depth)
            return lambda entity: any(_equal(left(entity), choice(entity)) for choice in choices)
        if kind == "name" and word in _COMPARE:
            self._at += 1
            right = self._operand(depth)
            compare = _COMPARE[word]
            return lambda entity: compare(left(entity), right(entity))
        return left

    def _operand(self, depth: int) -> Test:
        kind, text = self._peek()
        self._at += 1
        if kind == "mark" and text == "(":
            inner = self.either(depth + 1)
            self._need(")")
            return inner
        if kind in _LITERALS:
            value = _LITERALS[kind](text)
            return lambda entity: value
        if kind == "name":
            return self._named(text, depth)
        raise _unreadable("$filter", text or self._text)

    def _named(self, text: str, depth: int) -> Test:
        if text in _WORDS:
            value = _WORDS[text]
            return lambda entity: value
        if self._peek() == ("mark", "("):
            head, _, last = text.rpartition("/")
            if last in {"any", "all"}:
                return self._lambda(head, last, depth)
            return self._function(text, depth)
        if self._peek()[0] == "string":  # a qualified enum value: ns.type'member'
            return self._operand(depth)
        first, _, rest = text.partition("/")
        if first in self._scope:
            return _scoped(self._schema, self._scope[first], first, rest)
        return _path(self._schema, self._type_id, text)[0]

    def _function(self, name: str, depth: int) -> Test:
        arguments = self._arguments(depth)
        arity, function = _FUNCTIONS.get(name, (0, None))
        if function is None or len(arguments) != arity:
            raise bad_request(
                f"$filter: function '{printable(name, 60)}' is not known with {len(arguments)} arguments."
            )
        call = function
        return lambda entity: call(*(argument(entity) for argument in arguments))

    def _arguments(self, depth: int) -> list[Test]:
        if depth > _MAX_DEPTH:
            raise bad_request("$filter is nested too deeply.")
        self._need("(")
        found = [self.either(depth + 1)]
        while self._take("mark", ","):
            found.append(self.either(depth + 1))
        self._need(")")
        return found

    def _lambda(self, path: str, word: str, depth: int) -> Test:
        items, item_type = _path(self._schema, self._type_id, path)
        self._need("(")
        if word == "any" and self._take("mark", ")"):
            return lambda entity: bool(items(entity))
        kind, name = self._peek()
        self._at += 1
        self._need(":")
        if kind != "name" or "/" in name or name in self._scope:
            raise _unreadable("$filter", name)
        self._scope[name] = item_type
        body = self.either(depth + 1)
        del self._scope[name]
        self._need(")")
        combine = any if word == "any" else all
        return lambda entity: combine(body({**entity, f"${name}": item}) is True for item in items(entity) or ())

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("", "")

    def _take(self, kind: str, text: str) -> bool:
        if self._peek() == (kind, text):
            self._at += 1
            return True
        return False

    def _need(self, mark: str) -> None:
        if not self._take("mark", mark):
            raise _unreadable("$filter", self._peek()[1] or f"the end, where '{mark}' is missing")


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable("$filter", text[at:])
        kind = match.lastgroup or ""
        found.append((kind, match.group(kind)))
        at = match.end()
    return found


def _unreadable(option: str, text: str) -> Exception:
    return bad_request(f"{option} cannot be read at '{printable(text, 80)}'.")


# ------------------------------------------------------------------------------------------------------- paths


def _path(schema: Schema, type_id: str, path: str) -> tuple[Test, str]:
    """Compile a property path; gives the type of its end too, for lambdas."""
    names = path.split("/")
    current = type_id
    for name in names:
        prop = schema.properties(current).get(name) if current else None
        if prop is None and current and not schema.is_open(current):
            raise bad_request(f"Type '{current}' has no property '{printable(name, 80)}'.")
        current = schema.element(prop.type) if prop is not None else ""

    def get(entity: Entity) -> Value:
        value: Json = entity
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    return get, current


def _scoped(schema: Schema, type_id: str, variable: str, path: str) -> Test:
    if not path:
        return lambda entity: entity.get(f"${variable}")
    inner, _ = _path(schema, type_id, path)
    return lambda entity: inner(entity[f"${variable}"]) if isinstance(entity.get(f"${variable}"), dict) else None


# ------------------------------------------------------------------------------------------------------ values


def _comparable(value: Value) -> Value:
    if isinstance(value, str):
        moment = moments.parse(value)
        return moment if moment is not None else value
    return value


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return bool(_comparable(left) == _comparable(right))


def _order(left: Value, right: Value) -> int:
    left, right = _comparable(left), _comparable(right)
    if left is None or right is None:
        return (left is not None) - (right is not None)
    try:
        return int(left > right) - int(left < right)
    except TypeError:
        return _order(str(left), str(right)) if type(left) is not type(right) else 0


def _ordered(decide: Callable[[int], bool]) -> Callable[[Value, Value], bool]:
    def compare(left: Value, right: Value) -> bool:
        return left is not None and right is not None and decide(_order(left, right))

    return compare


def _has(left: Value, right: Value) -> bool:
    return isinstance(left, str) and right in [part.strip() for part in left.split(",")]


_COMPARE: Mapping[str, Callable[[Value, Value], bool]] = {
    "eq": _equal,
    "ne": lambda left, right: not _equal(left, right),
    "gt": _ordered(lambda way: way > 0),
    "ge": _ordered(lambda way: way >= 0),
    "lt": _ordered(lambda way: way < 0),
    "le": _ordered(lambda way: way <= 0),
    "has": _has,
}
_LITERALS: Mapping[str, Callable[[str], Value]] = {
    "string": lambda text: text[1:-1].replace("''", "'"),
    "stamp": lambda text: text,
    "guid": lambda text: text,
    "number": lambda text: float(text) if re.search(r"[.eE]", text) else int(text),
}
_WORDS: Mapping[str, Value] = {"null": None, "true": True, "false": False, "INF": math.inf, "NaN": math.nan}


def _text(test: Callable[[str, str], bool]) -> Callable[[Value, Value], Value]:
    # Services of this family compare text without regard to case.
    return lambda left, right: (
        test(left.casefold(), right.casefold()) if isinstance(left, str) and isinstance(right, str) else None
    )


def _each(convert: Callable[[str], Value]) -> Callable[[Value], Value]:
    return lambda value: convert(value) if isinstance(value, str) else None


def _part(name: str) -> Callable[[Value], Value]:
    def get(value: Value) -> Value:
        moment = moments.parse(value) if isinstance(value, str) else None
        return getattr(moment[0], name) if moment is not None else None

    return get


def _day(value: Value) -> Value:
    moment = moments.parse(value) if isinstance(value, str) else None
    return date.isoformat(datetime.date(moment[0])) if moment is not None else None


_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Value]]] = {
    "contains": (2, _text(lambda left, right: right in left)),
    "startswith": (2, _text(str.startswith)),
    "endswith": (2, _text(str.endswith)),
    "tolower": (1, _each(str.lower)),
    "toupper": (1, _each(str.upper)),
    "trim": (1, _each(str.strip)),
    "length": (1, _each(len)),
    "concat": (2, lambda left, right: f"{left}{right}" if None not in (left, right) else None),
    "year": (1, _part("year")),
    "month": (1, _part("month")),
    "day": (1, _part("day")),
    "hour": (1, _part("hour")),
    "minute": (1, _part("minute")),
    "second": (1, _part("second")),
    "date": (1, _day),
}
