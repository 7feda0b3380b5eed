"""Judges lines that no change of a model explains: two generated packages, or what the generator or the slice did."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from graphslice.diff.changes import Change
from graphslice.diff.surface_source import Line

Declared = Callable[[str, str], bool]
"""Tells whether a class of the newer client, by its label, has an attribute, be it from a base class."""
_METHOD = re.compile(r"(\w+)\((.*)\) -> (.*)\Z")


def own_changes(lines: Iterable[tuple[str, Line]], has: Declared = lambda label, name: False) -> Iterator[Change]:
    """Make changes of lines, one for each member of a class.

    Args:
        lines: The lines that differ, with - or + in front.
        has: Tells what the newer client's classes inherit.
    """
    grouped: dict[tuple[str, str], list[tuple[str, Line]]] = {}
    for sign, line in lines:
        grouped.setdefault((line.label, line.member), []).append((sign, line))
    for (label, member), entries in sorted(grouped.items()):
        gone = [line for sign, line in entries if sign == "-"]
        come = [line for sign, line in entries if sign == "+"]
        shown = (*(f"-{line}" for line in gone), *(f"+{line}" for line in come))
        rule = _rule(gone, come, has)
        yield Change(rule=rule, area="client", subject=label, member=member, names=(label,), lines=shown)


def _rule(gone: list[Line], come: list[Line], has: Declared) -> str:
    if not gone:
        return "surface-added"
    if not come:
        inherited = all(line.kind == "field" and has(line.label, line.member) for line in gone)
        return "surface-inherited" if inherited else "surface-removed"
    after = {(line.kind, line.label, line.member): line for line in come}
    pairs = [(line, after.get((line.kind, line.label, line.member))) for line in gone]
    wider = all(new is not None and _takes_more(line, new) for line, new in pairs)
    return "surface-widened" if wider else "surface-changed"


def _takes_more(old: Line, new: Line) -> bool:
    """Tell whether all that fits the old line fits the new one."""
    if old.kind == "builder":
        # Which options there are, the lines of the options say.
        return _without_options(old.text) == _without_options(new.text)
    before, after = _METHOD.match(old.text), _METHOD.match(new.text)
    if old.kind != "method" or before is None or after is None or before[3] != after[3]:
        return False
    was, now = list(_parameters(before[2])), list(_parameters(after[2]))
    added = [parameter for parameter in now if parameter not in was]
    kept = [parameter for parameter in now if parameter in was]
    return kept == was and all(parameter.endswith("=?") for parameter in added)


def _parameters(text: str) -> Iterator[str]:
    """Split parameters at the commas between them, not inside of brackets."""
    depth, start = 0, 0
    for place, ch in enumerate(text):
        depth += (ch in "[(") - (ch in "])")
        if ch == "," and not depth:
            yield text[start:place]
            start = place + 1
    if text:
        yield text[start:]


def _without_options(template: str) -> str:
    return re.sub(r"\{[?&][^}]*\}", "", template)
