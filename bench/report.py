"""One row of a benchmark, and how rows are printed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of ours, the peer's of the same run, and what it has to reach.

    `at_least`: the lowest ratio between peer and ours that does; `at_most`: the highest figure of ours.
    """

    name: str
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    at_least: float | None = None
    at_most: float | None = None
    higher_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer."""
        if not self.peer or not self.ours:
            return None
        return self.ours / self.peer if self.higher_is_better else self.peer / self.ours

    @property
    def holds(self) -> bool:
        """Whether every limit is kept."""
        ratio = self.ratio
        enough = self.at_least is None or (ratio is not None and ratio >= self.at_least)
        return enough and (self.at_most is None or self.ours <= self.at_most)


def as_json(rows: Sequence[Row]) -> str:
    """Give rows for a machine."""
    return json.dumps([{**asdict(row), "ratio": row.ratio, "holds": row.holds} for row in rows], indent=2)


def as_table(rows: Sequence[Row]) -> str:
    """Give rows for a reader."""
    lines = [f"{'':<58}{'ours':>14}{'peer':>14}{'ratio':>9}  limit"]
    for row in rows:
        limits = [f">= {row.at_least:g}x"] if row.at_least is not None else []
        limits += [f"<= {row.at_most:g} {row.unit}"] if row.at_most is not None else []
        verdict = (("ok" if row.holds else "MISSED") if limits else "").ljust(7)
        ratio = f"{row.ratio:,.2f}x" if row.ratio is not None else ""
        peer = f"{row.peer:,.4g} {row.unit}" if row.peer is not None else ""
        name = f"{row.name} / {row.peer_name}" if row.peer_name else row.name
        lines.append(f"{name:<58}{row.ours:>10,.4g} {row.unit:<3}{peer:>14}{ratio:>9}  {verdict}{', '.join(limits)}")
    return "\n".join(lines)
