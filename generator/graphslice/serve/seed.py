"""What is there when the emulator starts, and how entities behave that the metadata cannot tell: data, not code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graphslice.diagnostics import Location, error
from graphslice.serve.schema import Json


@dataclass(frozen=True, slots=True)
class Seed:
    """The first state.

    `data`: by URL path, one entity or a list of them; contained collections may stand inside their owner, under the
    name of the navigation property.
    `defaults`: by type id, values of new entities that differ from what the metadata says.
    `steps`: by type id, what changes at each GET of one entity of that type, in order, so that work seems to proceed.
    ``"@now"`` as a value is the present moment.
    """

    data: Mapping[str, Json] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    steps: Mapping[str, tuple[Mapping[str, Json], ...]] = field(default_factory=dict)

    @staticmethod
    def load(path: Path, shown: str = "") -> Seed:
        """Read a seed file (JSON with the three fields above); `shown` is how messages name it."""
        where = Location(shown or path.name)
        try:
            raw = json.loads(path.read_bytes())
        except OSError as fault:
            raise error(
                "SERVE001", f"the seed cannot be read: {fault.strerror}", where, "name a readable file"
            ) from None
        except ValueError as fault:
            raise error("SERVE002", f"the seed is not JSON: {fault}", where, "correct the file") from None
        return Seed.from_dict(raw, where)

    @staticmethod
    def from_dict(raw: Json, where: Location) -> Seed:
        """Take the parts of a seed from parsed JSON."""
        hint = 'give an object with "data" and, if needed, "defaults" and "steps"'
        if not isinstance(raw, dict) or not set(raw) <= {"data", "defaults", "steps"}:
            raise error("SERVE003", "the seed has parts that are not known", where, hint)
        parts = {name: raw.get(name, {}) for name in ("data", "defaults", "steps")}
        fits = all(isinstance(part, dict) for part in parts.values())
        fits = fits and all(isinstance(value, dict) for value in parts["defaults"].values())
        fits = fits and all(
            isinstance(steps, list) and all(isinstance(step, dict) for step in steps)
            for steps in parts["steps"].values()
        )
        if not fits:
            raise error("SERVE003", "a part of the seed does not have its shape", where, hint)
        steps = {name: tuple(value) for name, value in parts["steps"].items()}
        return Seed(parts["data"], parts["defaults"], steps)
