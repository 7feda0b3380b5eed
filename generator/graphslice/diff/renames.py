"""Recognises what was renamed among what was removed and what was added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from graphslice.api.model import ApiModel, ComposedType, EnumType, ObjectType, PathItem, TypeDecl
from graphslice.diff.changes import Change

_ALIKE = 0.6


def with_renames(changes: Sequence[Change], old: ApiModel, new: ApiModel) -> list[Change]:
    """Put one rename in place of a removal and an addition that belong together."""
    found = _pair(changes, "property-removed", "property-added", _like_properties)
    found = _pair(found, "type-removed", "type-added", _like_types(old, new))
    found = _pair(found, "path-removed", "path-added", _like_paths(old, new))
    return _pair(found, "member-removed", "member-added", _like_members)


Judge = Callable[[Change, Change], float]


def _pair(changes: Sequence[Change], removed: str, added: str, alike: Judge) -> list[Change]:
    gone = [change for change in changes if change.rule == removed]
    come = [change for change in changes if change.rule == added]
    if not gone or not come or len(gone) * len(come) > 4_000_000:
        return list(changes)
    scores = sorted(
        ((score, g, c) for g in _grouped(gone, come, removed) for c in g[1] if (score := alike(g[0], c)) >= _ALIKE),
        key=lambda s: (-s[0], s[1][0].subject, s[1][0].member, s[2].subject, s[2].member),
    )
    taken: set[Change] = set()
    renames: list[Change] = []
    for _, (one, _others), other in scores:
        if one not in taken and other not in taken:
            taken.update((one, other))
            renames.append(_rename(one, other, removed))
    return [change for change in changes if change not in taken] + renames


def _grouped(gone: Iterable[Change], come: Iterable[Change], rule: str) -> list[tuple[Change, tuple[Change, ...]]]:
    """Give for each removal the additions that may belong to it: members only within their own type."""
    if rule.startswith(("property", "member")):
        by_subject: dict[str, list[Change]] = {}
        for change in come:
            by_subject.setdefault(change.subject, []).append(change)
        return [(change, tuple(by_subject.get(change.subject, ()))) for change in gone]
    everything = tuple(come)
    return [(change, everything) for change in gone]


def _rename(one: Change, other: Change, removed: str) -> Change:
    rule = removed.replace("removed", "renamed")
    if one.member:
        return replace(one, rule=rule, old=one.member, new=other.member)
    return replace(other, rule=rule, old=one.subject, new=other.subject)


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one.lower(), other.lower(), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0


def _like_properties(one: Change, other: Change) -> float:
    return _ratio(one.member, other.member) if one.old == other.new else 0.0


def _like_members(one: Change, other: Change) -> float:
    return _ratio(one.member, other.member) if _ratio(one.member, other.member) >= 0.75 else 0.0


def _like_types(old: ApiModel, new: ApiModel) -> Judge:
    shapes: dict[str, frozenset[str]] = {}

    def shape(model: ApiModel, id: str) -> frozenset[str]:
        if id not in shapes:
            shapes[id] = _shape(model.types[id])
        return shapes[id]

    def judge(one: Change, other: Change) -> float:
        if type(old.types[one.subject]) is not type(new.types[other.subject]):
            return 0.0
        before, after = shape(old, one.subject), shape(new, other.subject)
        if not before or not after:
            return 0.0
        shared = len(before & after) / len(before | after)
        return shared * 0.8 + 0.2 * _ratio(_last(one.subject), _last(other.subject)) if shared >= 0.5 else 0.0

    return judge


def _shape(declared: TypeDecl) -> frozenset[str]:
    if isinstance(declared, ObjectType):
        return frozenset(f"{prop.name}:{prop.type}" for prop in declared.properties)
    if isinstance(declared, EnumType):
        return frozenset(member.value for member in declared.members)
    assert isinstance(declared, ComposedType)
    return frozenset(f"{member.type}" for member in declared.members)


def _like_paths(old: ApiModel, new: ApiModel) -> Judge:
    before: Mapping[str, PathItem] = {item.path: item for item in old.paths}
    after: Mapping[str, PathItem] = {item.path: item for item in new.paths}

    def judge(one: Change, other: Change) -> float:
        was, now = one.subject.split("/"), other.subject.split("/")
        if len(was) != len(now) or [o.verb for o in before[one.subject].operations] != [
            o.verb for o in after[other.subject].operations
        ]:
            return 0.0
        differing = [(a, b) for a, b in zip(was, now, strict=True) if a != b]
        if len(differing) != 1:
            return 0.0
        if all(segment.startswith("{") and segment.endswith("}") for segment in differing[0]):
            # The same place, whose key is called otherwise.
            return 0.9
        return 0.5 + 0.5 * _ratio(*differing[0]) if _ratio(*differing[0]) else 0.0

    return judge


def _last(id: str) -> str:
    return id.rpartition(".")[2]
