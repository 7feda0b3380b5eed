"""URL templates (RFC 6570) in Kiota's form, with commas that reach the server.

std-uritemplate drops every comma that stands outside of braces, so a literal one is written ``%2C``, which any server
reads as the comma it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from graphslice.api.model import Operation, PathItem, QueryParameter
from graphslice.api.tree import Node

from .literals import LINE_LENGTH, lit, wrapped_lit

_PLACEHOLDER = re.compile(r"(\{[^}]+\})")
_UNRESERVED = {"-": "%2D", ".": "%2E", "~": "%7E"}
_BASE = "{+baseurl}"


@lru_cache(maxsize=1 << 16)
def encoded(name: str) -> str:
    """Spell a parameter's name as a template variable: ``$top`` is ``%24top``, ``user-id`` is ``user%2Did``."""
    text = quote(name, safe="")
    if "-" in text or "." in text or "~" in text:
        for sign, code in _UNRESERVED.items():
            text = text.replace(sign, code)
    return text


def index_key(segment: str) -> str:
    """Give the template variable of an index: ``{id}.json`` has ``id``."""
    return encoded(segment[1 : segment.rindex("}")])


def options_of(item: PathItem, operation: Operation) -> tuple[QueryParameter, ...]:
    """Give the query options of an operation; what the path item says of a name wins."""
    return _distinct((*item.query, *operation.query))


def class_template(node: Node) -> str:
    """Give the template of a builder."""
    item = node.item
    if item is None or not item.operations:
        return _path_template(node)
    return _path_template(node) + _query_template(_class_options(item))


def operation_template(node: Node, operation: Operation) -> str | None:
    """Give the template of an operation that has another URL than its builder, or an option that it alone requires."""
    item = node.item
    if item is None:
        return None
    if operation.path not in ("", node.path):
        return _path_template(node, operation.path) + _query_template(options_of(item, operation))
    required = {option.name for option in _class_options(item) if option.required}
    own = options_of(item, operation)
    if all(option.name in required for option in own if option.required):
        return None
    return _path_template(node) + _query_template(own)


# ------------------------------------------------------------------------------------------------------- path


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    template: str


def _path_template(node: Node, spelled: str = "") -> str:
    path = spelled or _with_bare_aliases(node)
    if "{" not in path:
        return _BASE + _escaped(path)
    parts = _PLACEHOLDER.split(path)
    reserved = {p.name for p in node.item.parameters if p.reserved} if node.item is not None else set()
    variables = [_variable(part) for part in parts[1::2]]
    out: list[str] = []
    for number, part in enumerate(parts):
        if number % 2:
            variable = variables[number // 2]
            plus = "+" if variable.name in reserved else ""
            out.append(f"{{{plus}{variable.template}}}")
        else:
            out.append(_escaped(_literal(part, variables)))
    return _BASE + "".join(out)


def _with_bare_aliases(node: Node) -> str:
    """Take the quotes off OData's parameter aliases: ``f(a='@a')`` would hand over the text ``@a``."""
    path = node.path
    if "='@" in path and node.item is not None:
        for operation in node.item.operations:
            for option in options_of(node.item, operation):
                if option.name.startswith("@"):
                    path = path.replace(f"='{option.name}'", f"={option.name}")
    return path


def _escaped(text: str) -> str:
    """Encode what the expansion of a template drops or takes for its own."""
    return text.replace(",", "%2C").replace("{", "%7B").replace("}", "%7D")


def _variable(placeholder: str) -> _Variable:
    name = placeholder[1:-1]
    return _Variable(name, encoded(name))


def _literal(text: str, variables: Iterable[_Variable]) -> str:
    # Kiota encodes a parameter's name wherever its text stands in the path, which servers read as the same text.
    for variable in variables:
        if variable.name != variable.template:
            text = text.replace(variable.name, variable.template)
    return text


# ------------------------------------------------------------------------------------------------------ query


def _distinct(options: Iterable[QueryParameter]) -> tuple[QueryParameter, ...]:
    first: dict[str, QueryParameter] = {}
    for option in options:
        first.setdefault(option.name, option)
    return tuple(first.values())


def _class_options(item: PathItem) -> tuple[QueryParameter, ...]:
    """Give the union over all operations, without what one of them requires and another does not."""
    union = _distinct((*item.query, *(option for operation in item.operations for option in operation.query)))
    everywhere = {option.name for option in item.query}
    return tuple(
        option
        for option in union
        if not option.required
        or option.name in everywhere
        or all(_requires(operation, option.name) for operation in item.operations)
    )


def _requires(operation: Operation, name: str) -> bool:
    return any(option.name == name and option.required for option in operation.query)


def _query_template(options: Sequence[QueryParameter]) -> str:
    ordered = sorted(options, key=lambda option: option.name)
    required = "&".join(
        f"{option.name.replace(',', '%2C')}={{{encoded(option.name)}}}" for option in ordered if option.required
    )
    optional = ",".join(encoded(option.name) + "*" * option.explode for option in ordered if not option.required)
    if required:
        return f"?{required}" + (f"{{&{optional}}}" if optional else "")
    return f"{{?{optional}}}" if optional else ""


# ----------------------------------------------------------------------------------------------------- literals


def template_literal(template: str, *, indent: int, used: int) -> str:
    """Spell a template that starts `used` columns into its line, in pieces where it is too long for one."""
    whole = lit(template)
    if used + len(whole) <= LINE_LENGTH or len(whole) != len(template) + 2:
        return wrapped_lit(template, indent=indent, used=used)
    # Nothing in it is escaped, so that it can be cut anywhere: behind a comma or a slash, if there is one.
    margin = " " * (indent + 4)
    room = LINE_LENGTH - len(margin) - 2
    pieces = []
    while len(template) > room:
        cut = max(template.rfind(",", 0, room), template.rfind("/", 0, room)) + 1 or room
        pieces.append(f'{margin}"{template[:cut]}"\n')
        template = template[cut:]
    pieces.append(f'{margin}"{template}"\n')
    return f"(\n{''.join(pieces)}{' ' * indent})"
