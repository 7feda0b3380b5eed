"""What a piece finds, and the table that it is printed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Comparison:
    """Expected lines against ours.

    `by_deviation` counts the lines that are away on purpose, by the pattern that allows them. `most_missing` and
    `most_on_purpose` are the goals, in per cent of the expected lines.
    """

    name: str
    expected: int
    missing: tuple[str, ...]
    by_deviation: dict[str, int] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    cases: tuple[int, int] | None = None
    most_missing: float = 0.0
    most_on_purpose: float = 100.0

    @property
    def on_purpose(self) -> int:
        """How many lines a deviation gives a reason for."""
        return sum(self.by_deviation.values())

    def percent(self, lines: int) -> float:
        """Give a number of lines as a share of the expected ones."""
        return 100 * lines / max(1, self.expected)

    @property
    def holds(self) -> bool:
        """Whether the goals are reached."""
        few = self.percent(len(self.missing)) <= self.most_missing
        return few and self.percent(self.on_purpose) <= self.most_on_purpose and not self.faults

    def row(self) -> str:
        """Give the line of the table."""
        there = self.percent(self.expected - len(self.missing) - self.on_purpose)
        cases = f"{self.cases[0]}/{self.cases[1]}" if self.cases else ""
        return (
            f"{self.name:<34}{self.expected:>8}{cases:>9}{there:>10.3f}%{self.percent(self.on_purpose):>11.3f}%"
            f"{self.percent(len(self.missing)):>9.3f}%{len(self.faults):>7}"
        )


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is right or not, with a figure or a cause."""

    name: str
    text: str
    holds: bool = True

    def row(self) -> str:
        """Give the line of the table."""
        first, *rest = self.text.splitlines() or [""]
        return "\n".join([f"{self.name:<34}{first}", *(f"{'':<34}{line}" for line in rest)])


@dataclass(frozen=True, slots=True)
class NotTried:
    """A piece that could not be tried, and why."""

    name: str
    reason: str

    @property
    def holds(self) -> bool:
        """Nothing is known to be wrong."""
        return True

    def row(self) -> str:
        """Give the line of the table."""
        return f"{self.name:<34}{self.reason}"


Result = Comparison | Check | NotTried

_HEADER = f"{'':<34}{'lines':>8}{'whole':>9}{'there':>11}{'on purpose':>12}{'missing':>10}{'faults':>7}"


def table(results: Sequence[Result]) -> str:
    """Give every row with its verdict, and below it the shares by deviation."""
    lines = [_HEADER]
    for result in results:
        verdict = "skipped" if isinstance(result, NotTried) else "ok" if result.holds else "MISSED"
        first, *rest = result.row().splitlines()
        lines += [f"{verdict:<8}{first}", *(f"{'':<8}{line}" for line in rest)]
    return "\n".join([f"{'':<8}{lines[0]}", *lines[1:], *_deviations(results)])


def _deviations(results: Iterable[Result]) -> Iterable[str]:
    for result in results:
        if isinstance(result, Comparison) and result.by_deviation:
            yield f"\n{result.name}: lines away on purpose"
            for pattern, count in sorted(result.by_deviation.items(), key=lambda item: (-item[1], item[0])):
                yield f"{count:>8} {result.percent(count):>8.3f}%  {pattern}"


def details(result: Result, show: int) -> Iterable[str]:
    """Give the lines that are missing without a reason, and the faults."""
    if isinstance(result, Comparison):
        for kind, found in (("fault", result.faults), ("missing", result.missing)):
            yield from (f"{kind}: {line}" for line in found[:show])
            if len(found) > show:
                yield f"... and {len(found) - show} more of kind {kind}"
