"""A difference as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from graphslice.diagnostics import printable
from graphslice.diff.changes import Change, next_version, worst
from graphslice.diff.compare import Difference
from graphslice.diff.rules import Level

HEADINGS = {
    Level.BREAKING: "Breaking",
    Level.COMPATIBLE: "Compatible",
    Level.DOCUMENTATION: "Documentation",
}
_WHOLE = ("path-added", "path-removed", "type-added", "type-removed")
_FIRST = ("builder ", "model ")
_MOST_LINES = 12
_BODY_LIMIT = 60_000  # a pull request's text has a limit of 65,536 characters


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared: how both sides are called, and the version that users have."""

    old: str
    new: str
    version: str = "0.1.0"


def summary(difference: Difference) -> str:
    """Count the changes by level, in words."""
    counts = [(len(difference.of(level)), level) for level in Level]
    shown = ", ".join(f"{count:,} {level.value}" for count, level in counts if count)
    return shown or "no change for users"


def proposed_version(subject: Subject, difference: Difference) -> str:
    """Propose the version that semantic versioning asks for."""
    return next_version(subject.version, worst(difference.changes))


def as_text(subject: Subject, difference: Difference, style: Callable[[str, Level], str]) -> Iterator[str]:
    """Give lines for a terminal; `style` colours a line by its level."""
    for level in Level:
        changes = difference.of(level)
        if changes:
            yield style(f"{HEADINGS[level]} ({len(changes):,})", level)
        for change in changes:
            yield printable(f"  {change.title}")
            lines = telling(change)
            yield from (printable(f"      {line}", 400) for line in lines[:_MOST_LINES])
            if len(lines) > _MOST_LINES:
                yield f"      and {len(lines) - _MOST_LINES} more lines"
    yield f"{summary(difference)}: {subject.version} -> {proposed_version(subject, difference)}"


def telling(change: Change) -> tuple[str, ...]:
    """Leave out what goes without saying: the lines of a class that is wholly new or gone, besides its first."""
    if change.rule not in _WHOLE:
        return change.lines
    own = tuple(f" {name} " for name in change.names)
    return tuple(line for line in change.lines if line[1:].startswith(_FIRST) or not any(name in line for name in own))


def as_json(subject: Subject, difference: Difference) -> str:
    """Give everything as JSON."""
    return json.dumps(data(subject, difference), indent=1, sort_keys=True)


def page_data(subject: Subject, difference: Difference) -> dict[str, object]:
    """Give what the page shows: of classes that are wholly new or gone only the lines that tell something."""
    return data(subject, Difference(tuple(replace(one, lines=telling(one)) for one in difference.changes)))


def data(subject: Subject, difference: Difference) -> dict[str, object]:
    """Give everything as plain data."""
    return {
        "old": subject.old,
        "new": subject.new,
        "counts": {level.value: len(difference.of(level)) for level in Level},
        "version": {"from": subject.version, "to": proposed_version(subject, difference)},
        "changes": [change_data(change) for change in difference.changes],
    }


def change_data(change: Change) -> dict[str, object]:
    """Give one change as plain data."""
    return {
        "rule": change.rule,
        "level": change.level.value,
        "reason": change.judgement.reason,
        "area": change.area,
        "subject": change.subject,
        "member": change.member,
        "old": change.old,
        "new": change.new,
        "names": list(change.names),
        "lines": list(change.lines),
    }


def as_markdown(subject: Subject, difference: Difference, limit: int = _BODY_LIMIT) -> str:
    """Give the text of a pull request: what to decide first, details folded."""
    version = proposed_version(subject, difference)
    head = [
        f"**{summary(difference)}**, which asks for version **{version}** (now {subject.version}).",
        "",
        f"Compared: {_code(subject.old)} with {_code(subject.new)}.",
    ]
    lines = [*head, *_sections(difference, "##")]
    return _cut(lines, limit)


def as_changelog(subject: Subject, difference: Difference) -> str:
    """Give a section for CHANGELOG.md."""
    lines = [f"## {proposed_version(subject, difference)}", *_sections(difference, "###")]
    return _cut(lines, _BODY_LIMIT)


def title(subject: Subject, difference: Difference) -> str:
    """Give the title of a pull request."""
    return f"Regenerate: {summary(difference)} ({proposed_version(subject, difference)})"


def _sections(difference: Difference, mark: str) -> Iterator[str]:
    for level in Level:
        changes = difference.of(level)
        if not changes:
            continue
        yield from ("", f"{mark} {HEADINGS[level]}", "")
        for rule, group in _by_rule(changes):
            yield f"* {rule.replace('-', ' ')}: {group[0].judgement.reason}"
            yield from (f"  * {_entry(change)}" for change in group)


def _by_rule(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.rule, []).append(change)
    yield from groups.items()


def _entry(change: Change) -> str:
    where = _code(f"{change.subject} {change.member}".rstrip())
    if change.old and change.new:
        return f"{where}: {_code(change.old)} → {_code(change.new)}"
    return f"{where}" + (f": {_code(change.old or change.new)}" if change.old or change.new else "")


def _code(text: str) -> str:
    """Show text of a description as code: nothing in it can become markup, a link or a mention."""
    shown = printable(" ".join(text.split()), 300).replace("`", "'")
    return f"`{shown}`" if shown else "nothing"


def _cut(lines: Sequence[str], limit: int) -> str:
    size, kept = 0, []
    for number, line in enumerate(lines):
        size += len(line) + 1
        if size > limit:
            kept += ["", f"... and {len(lines) - number:,} more lines; `graphslice diff --html` shows all of them."]
            break
        kept.append(line)
    return "\n".join(kept) + "\n"
