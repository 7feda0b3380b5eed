"""Puts the comparison together: what the models say, what the clients show, and which explains which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graphslice.api.model import ApiModel
from graphslice.diff.changes import Change, ordered
from graphslice.diff.client import Side, affected_modules
from graphslice.diff.operations import compare_paths
from graphslice.diff.own import own_changes
from graphslice.diff.renames import with_renames
from graphslice.diff.rules import Level
from graphslice.diff.surface_models import is_type_name
from graphslice.diff.surface_source import Line
from graphslice.diff.types import compare_types

_BATCH = 100
"""Modules a batch: what is not worth a process of its own."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs, gravest first."""

    changes: tuple[Change, ...]

    def of(self, level: Level) -> tuple[Change, ...]:
        """Give the changes of one level."""
        return tuple(change for change in self.changes if change.level is level)


def compare(old: Side, new: Side) -> Difference:
    """Compare two clients through their models."""
    found = [*compare_paths(old.model, new.model), *compare_types(old.model, new.model), *_roots(old.model, new.model)]
    changes = [*with_renames(found, old.model, new.model), *_package(old, new)]
    named = [replace(change, names=tuple(_names(change, old, new))) for change in changes]
    return Difference(ordered(_explained(named, surface_lines(old, new))))


def compare_models(old: ApiModel, new: ApiModel) -> tuple[Change, ...]:
    """Compare two models alone: no names of a client, no lines."""
    found = [*compare_paths(old, new), *compare_types(old, new), *_roots(old, new)]
    return ordered(with_renames(found, old, new))


def _roots(old: ApiModel, new: ApiModel) -> Iterator[Change]:
    if old.base_url != new.base_url:
        yield Change(rule="base-url", area="path", subject="/", old=old.base_url, new=new.base_url)


def _package(old: Side, new: Side) -> Iterator[Change]:
    """Compare what stands in no module of its own: the package's name, what it offers itself, the clouds."""
    if old.wanted.package != new.wanted.package:
        yield Change(rule="package-renamed", area="client", subject="/", old=old.wanted.package, new=new.wanted.package)
    for name in sorted({*old.exports, *new.exports}):
        was, now = old.exports.get(name, ""), new.exports.get(name, "")
        if was != now:
            rule = "export-added" if not was else "export-removed" if not now else "export-moved"
            yield Change(rule=rule, area="client", subject=name, old=was, new=now)
    yield from _clouds(old.clouds, new.clouds)


def _clouds(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    if bool(old) != bool(new):
        was, now = ", ".join(old) or "any", ", ".join(new) or "any"
        yield Change(rule="cloud-removed" if new else "cloud-added", area="client", subject="/", old=was, new=now)
        return
    for cloud in sorted({*old, *new}):
        if (cloud in old) != (cloud in new):
            rule = "cloud-removed" if cloud in old else "cloud-added"
            yield Change(rule=rule, area="client", subject="/", member=cloud)


def surface_lines(old: Side, new: Side) -> tuple[tuple[str, Line], ...]:
    """Give every line by which the surfaces of the two clients differ, with - or + in front."""
    names = affected_modules(old, new)
    batches = [names[start : start + _BATCH] for start in range(0, len(names), _BATCH)]

    def work(number: int) -> list[tuple[str, Line]]:
        return [entry for name in batches[number] for entry in _module_lines(old, new, name)]

    if len(batches) > 1:
        from graphslice.emit.processes import spread

        found = spread(work, len(batches))
    else:
        found = [work(number) for number in range(len(batches))]
    return tuple(sorted((entry for batch in found for entry in batch), key=lambda entry: (entry[1], entry[0])))


def _module_lines(old: Side, new: Side, name: str) -> Iterator[tuple[str, Line]]:
    before, after = old.surface.lines(name), new.surface.lines(name)
    gone, come = before - after, after - before
    # Values are found whatever their case; only the names of types stand in a client as they are spelled.
    same = {_folded(line) for line in gone} & {_folded(line) for line in come} - {None}
    yield from (("-", line) for line in gone if _folded(line) not in same)
    yield from (("+", line) for line in come if _folded(line) not in same)


def _folded(line: Line) -> tuple[str, str, str] | None:
    if line.kind != "discriminator" or is_type_name(line.member):
        return None
    return line.label, line.member.casefold(), line.text.rpartition(" -> ")[2]


def _names(change: Change, old: Side, new: Side) -> Iterator[str]:
    """Say what the subject is called in the client, before and after."""
    renamed = change.rule in ("type-renamed", "path-renamed") and change.old in (*old.types, *old.nodes)
    before = change.old if renamed else change.subject
    if change.area == "type":
        found = [side.types.get(id, "") for side, id in ((old, before), (new, change.subject))]
        if change.rule.startswith(("property-", "base-")) and not _textual(change):
            # What a class reads and writes it inherits.
            found += [side.types[id] for side in (old, new) for id in side.derived.get(change.subject, ())]
    elif change.rule == "base-url":
        found = [side.builder(side.tree.root) for side in (old, new)]
    elif change.area == "path":
        found = [side.builder_at(path) for side, path in ((old, before), (new, change.subject))]
        if change.rule in ("path-added", "path-removed"):
            # Builders on the way to it that are there for it alone.
            one, other = (old, new) if change.rule == "path-removed" else (new, old)
            found += [one.builder(node) for node in one.way(change.subject) if node.path not in other.nodes]
    else:
        return
    yield from dict.fromkeys(name for name in found if name)


def _explained(changes: Sequence[Change], lines: Sequence[tuple[str, Line]]) -> Iterator[Change]:
    """Give each line to the change that it comes from; lines that nothing explains are changes of their own."""
    by_label: dict[str, list[int]] = {}
    for number, change in enumerate(changes):
        for name in change.names:
            by_label.setdefault(name, []).append(number)
    by_class = _by_class(by_label)
    given: dict[int, list[str]] = {}
    unexplained: list[tuple[str, Line]] = []
    causes = [_cause(sign, line, changes, by_label, by_class) for sign, line in lines]
    # What is said of a way without naming its end has the cause of what is.
    of_members = {
        (sign, line.label, line.member): cause
        for (sign, line), cause in zip(lines, causes, strict=True)
        if cause is not None
    }
    for (sign, line), found in zip(lines, causes, strict=True):
        cause = found if found is not None else of_members.get((sign, line.label, line.member))
        if cause is None:
            unexplained.append((sign, line))
        else:
            given.setdefault(cause, []).append(f"{sign}{line}")
    for number, change in enumerate(changes):
        yield _respelled(replace(change, lines=tuple(given.get(number, ()))))
    yield from own_changes(unexplained)


def _respelled(change: Change) -> Change:
    """Tell a new spelling on the wire from a new name in the client."""
    if change.rule not in ("property-renamed", "path-renamed") or not change.lines:
        return change
    moved = change.area == "path" and len(set(change.names)) > 1
    if moved or any(line.startswith(("-field ", "-method ", "-nav ")) for line in change.lines):
        return change
    return replace(change, rule=change.rule.replace("renamed", "respelled"))


def _by_class(by_label: dict[str, list[int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for label, numbers in by_label.items():
        found.setdefault(label.partition(":")[2], []).extend(numbers)
    return found


def _cause(
    sign: str,
    line: Line,
    changes: Sequence[Change],
    by_label: dict[str, list[int]],
    by_class: dict[str, list[int]],
) -> int | None:
    """Find the change behind a line: of the same member, of the same class, or of a class that the line mentions."""
    label = line.label.split(".")
    candidates: list[int] = []
    # The blocking twin of a builder changes with it.
    outer = line.label if line.label in by_label else line.label.removesuffix("Sync")
    while ":" in outer:
        candidates = by_label.get(outer, [])
        if candidates:
            break
        outer = outer.rpartition(".")[0]
    # A change of one class is nearer than one that its derived classes only inherit.
    candidates = sorted(candidates, key=lambda number: len(changes[number].names))
    solid = [number for number in candidates if not _textual(changes[number])]
    shown = {_plain(line.member), *map(_plain, label[-1:])}
    words = {_plain(word).removesuffix("sync") for word in _words(line.text)}
    fitting = (
        [number for number in solid if shown & _members(changes[number])]
        or [number for number in solid if words & _members(changes[number])]
        or [number for number in solid if not changes[number].member]
    )
    if fitting:
        return fitting[0]
    mentioned = [n for word in _words(line.text) for n in by_class.get(word.removesuffix("Sync"), ())]
    fitting = [n for n in mentioned if changes[n].rule.startswith(("path-", "type-")) and not _textual(changes[n])]
    return next(iter(fitting or solid), None)


def _members(change: Change) -> set[str]:
    """Give the names by which a change is known in the client, as far as spelling rules leave them alone."""
    parts = [*change.member.split(" "), *((change.old, change.new) if change.rule.endswith("renamed") else ())]
    return {_plain(part) for part in parts if part}


def _textual(change: Change) -> bool:
    return change.level is Level.DOCUMENTATION


def _plain(name: str) -> str:
    return "".join(ch for ch in name.lower() if ch.isalnum())


def _words(text: str) -> Iterator[str]:
    word = ""
    for ch in text + " ":
        if ch.isalnum() or ch == "_":
            word += ch
        elif word:
            yield word
            word = ""
