"""One change, and how changes are ordered and weighed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graphslice.diff.rules import RULES, Level, Rule

_ORDER = {Level.BREAKING: 0, Level.COMPATIBLE: 1, Level.DOCUMENTATION: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that differs, by one rule.

    `subject` is a URL path or a type id, `member` what of it: a verb, a property, ``GET $select``.
    """

    rule: str
    area: str
    """path or type"""
    subject: str
    member: str = ""
    old: str = ""
    new: str = ""
    names: tuple[str, ...] = ()
    """What it is called in the client, old and new: ``module:Class.member``."""
    lines: tuple[str, ...] = field(default=())
    """The lines of the surface that differ because of it, with - or + in front."""

    @property
    def level(self) -> Level:
        """What it asks of users."""
        return RULES[self.rule].level

    @property
    def judgement(self) -> Rule:
        """The rule with its reason."""
        return RULES[self.rule]

    @property
    def title(self) -> str:
        """Say what changed in one short line."""
        where = f"{self.subject} {self.member}".rstrip()
        what = self.rule.replace("-", " ")
        if self.old and self.new:
            return f"{what}: {where}: {self.old} -> {self.new}"
        return f"{what}: {where}" + (f" ({self.old or self.new})" if self.old or self.new else "")


def ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Sort by weight, then paths before types, then by name."""
    return tuple(
        sorted(set(changes), key=lambda c: (_ORDER[c.level], c.area, c.subject, c.member, c.rule, c.old, c.new))
    )


def worst(changes: Iterable[Change]) -> Level | None:
    """Give the level of the gravest change; None if there is none."""
    found = {change.level for change in changes}
    return next((level for level in _ORDER if level in found), None)


def next_version(version: str, level: Level | None) -> str:
    """Propose the next version by semantic versioning; before 1.0 the minor number stands for breaking changes."""
    parts = [int(number) for number in version.split("+")[0].split("-")[0].split(".")[:3]]
    major, minor, patch = (*parts, 0, 0, 0)[:3]
    if level is None:
        return version
    if level is Level.BREAKING:
        return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"
    if level is Level.COMPATIBLE:
        return f"{major}.{minor + 1}.0" if major else f"0.{minor}.{patch + 1}"
    return f"{major}.{minor}.{patch + 1}"
