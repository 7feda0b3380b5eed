"""The public surface of a rendered client as sorted text: what a reviewer reads and what the brake compares.

It is taken from the rendered source line by line. That is exact here and only here: the source is our own, formatted
by one pinned formatter, and texts of a description stand in docstrings, which are cut out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_CLASS = re.compile(r"class ([A-Za-z]\w*)(?:\((.*?)\))?:", re.S)
_MEMBER = re.compile(
    r"^    (?:"
    r"(?P<deco>@property)"
    r"|(?:async )?def (?P<method>[A-Za-z]\w*)\(\s*(?P<args>(?:[^()]|\([^()]*\))*)\)(?: -> (?P<result>[^\n]+?))?:$"
    r"|class (?P<nested>[A-Za-z]\w*)"
    r"|(?P<field>[A-Za-z]\w*)(?:: (?P<type>[^=\n]+?))?(?: = (?P<value>[^\n]+))?$"
    r")",
    re.M,
)
_LEFT = re.compile(r"^\S", re.M)
_SPACE = re.compile(r"\s+")


def surface(files: Mapping[str, str], package: str) -> str:
    """Give one line a public member, sorted by code point: ``module.Class.member: type``."""
    runtime = f"{package}/_runtime/"
    lines: list[str] = []
    for path, text in files.items():
        if path.endswith(".py") and not path.startswith(runtime):
            module = path[:-3].removesuffix("/__init__").replace("/", ".")
            lines.extend(_module(module, text))
    return "".join(f"{line}\n" for line in sorted(set(lines)))


def _module(module: str, text: str) -> Iterator[str]:
    code = "".join(text.split('"""')[::2])
    classes = list(_top_classes(code))
    for match in classes:
        name = f"{module}.{match[1]}"
        # A class ends where something stands at the left margin again.
        left = _LEFT.search(code, match.end())
        body = code[match.end() : left.start() if left else len(code)]
        template = re.search(r'^    _template = ("[^\n]*"|\(\n.*?\n    \))', body, re.M | re.S)
        place = f" at {_joined(template[1])}" if template else ""
        yield f"{name}({_flat(match[2] or '')}){place}"
        yield from _members(name, body)


def _top_classes(code: str) -> Iterator[re.Match[str]]:
    """Find classes at the left margin; what only type checkers see is no surface of its own."""
    start = 0 if code.startswith("class ") else code.find("\nclass ") + 1
    while start > 0 or code.startswith("class ", start):
        match = _CLASS.match(code, start)
        if match:
            yield match
        following = code.find("\nclass ", start + 1)
        if following < 0:
            return
        start = following + 1


def _members(owner: str, body: str) -> Iterator[str]:
    is_property = False
    for match in _MEMBER.finditer(body):
        if match["deco"]:
            is_property = True
            continue
        if match["method"]:
            result = f" -> {match['result']}" if match["result"] else ""
            if is_property:
                yield f"{owner}.{match['method']}{result.replace(' -> ', ': ')}"
            else:
                yield f"{owner}.{match['method']}({_flat(match['args'])}){result}"
        elif match["nested"]:
            yield f"{owner}.{match['nested']}"
        elif match["field"] and (match["type"] or match["value"]):
            shown = f": {match['type']}" if match["type"] else ""
            value = f" = {match['value']}" if match["value"] else ""
            yield f"{owner}.{match['field']}{shown}{value}"
        is_property = False


def _flat(text: str) -> str:
    return _SPACE.sub(" ", text).strip().rstrip(",")


def _joined(literal: str) -> str:
    """Join the pieces of a string literal that the formatter wrapped, without its quotes."""
    return "".join(re.findall(r'"([^"\n]*)"', literal))


def name_of(line: str) -> str:
    """Give the dotted name at the start of a surface line."""
    return re.split(r"[(: ]", line, maxsplit=1)[0]


def path_of(line: str) -> str:
    """Give the URL path of a request builder's line, as a slice file spells it; empty for other lines."""
    _, found, template = line.partition(") at {+baseurl}")
    if not found:
        return ""
    plain = re.sub(r"\{[?&].*$", "", template)
    return re.sub(r"%([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), plain)
