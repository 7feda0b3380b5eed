"""Whether `diff` names exactly the lines by which two generated clients differ: none missed, none invented.

Both clients are generated and listed by running them; `diff` sees only the two descriptions.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.contract.places import GENERATE, Broken, run, shared
from tests.contract.results import Check

OLD, NEW = "metadata/graph-v1.0-219281.xml", "metadata/graph-v1.0-227538.xml"
_PACKAGE = "history_client"
_NAMES = ("-n", _PACKAGE, "-c", "HistoryClient")
_DIFF = (sys.executable, "-m", "graphslice", "diff")
# Each reaches something that changed between the two builds, and the last ones nothing.
SLICES: dict[str, tuple[str, ...]] = {
    "chats": ("/chats/**",),
    "directory": ("/directory", "/directory/*"),
    "copilot-admin": ("/copilot/admin/**",),
    "security": ("/security", "/security/*"),
    "me": ("/me", "/me/*"),
    "lifecycle-workflows": ("/identityGovernance/lifecycleWorkflows/**",),
    "entitlement-management": ("/identityGovernance/entitlementManagement/**",),
    "virtual-endpoint": ("/deviceManagement/virtualEndpoint/**",),
    "site-lists": ("/sites/{id}/lists/**",),
    "shared-list": ("/shares/{id}/list/**", "-/shares/{id}/list/items/**"),
    "group": ("/groups/{id}#GET,PATCH",),
    "group-members": ("/groups/{id}/members/**",),
    "direct-reports": ("/users/{id}/directReports/**",),
    "places": ("/places/**",),
    "policies": ("/policies/**",),
    "external": ("/external/**",),
    "application-templates": ("/applicationTemplates/**",),
    "backup": ("/solutions/backupRestore/**",),
    "teamwork": ("/users/{id}/teamwork/**",),
    "alerts": ("/security/alerts_v2/**",),
    "messages": ("/users/{id}/messages/**",),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """What running the clients shows, and what `diff` says."""

    shown: frozenset[str]
    said: frozenset[str]

    @property
    def missed(self) -> tuple[str, ...]:
        """The lines that `diff` does not name."""
        return tuple(sorted(self.shown - self.said))

    @property
    def invented(self) -> tuple[str, ...]:
        """The lines that no client has."""
        return tuple(sorted(self.said - self.shown))


def slices(work: Path) -> Iterator[Check]:
    """Try slices of the two builds."""
    for name, patterns in SLICES.items():
        yield check(f"history {name}", shared(OLD), shared(NEW), work / "history" / name, options(patterns))


def whole(work: Path) -> Iterator[Check]:
    """Try the two builds as they are."""
    yield check("history, whole", shared(OLD), shared(NEW), work / "history" / "whole", ())


def check(name: str, old: Path, new: Path, out: Path, flags: Sequence[str]) -> Check:
    """Compare two descriptions, and say how it went."""
    try:
        pair = compare(old, new, out, flags)
    except (Broken, subprocess.SubprocessError) as fault:
        return Check(name, str(fault), holds=False)
    text = f"{len(pair.shown)} lines, {len(pair.missed)} missed, {len(pair.invented)} invented"
    rest = [f"missed {line}" for line in pair.missed[:5]] + [f"invented {line}" for line in pair.invented[:5]]
    return Check(name, "\n".join([text, *rest]), not pair.missed and not pair.invented)


def compare(old: Path, new: Path, out: Path, flags: Sequence[str] = ()) -> Pair:
    """Generate and list two clients, and have `diff` compare their descriptions."""
    said = json.loads(run([*_DIFF, old, new, *flags, *_NAMES, "--json"]))
    named = frozenset(line for change in said["changes"] for line in change["lines"])
    listed = [_listed(path, out / side, flags, named) for path, side in ((old, "old"), (new, "new"))]
    shown = {f"-{line}" for line in listed[0] - listed[1]} | {f"+{line}" for line in listed[1] - listed[0]}
    return Pair(frozenset(shown), named)


def options(patterns: Sequence[str]) -> tuple[str, ...]:
    """Spell patterns as flags; a minus in front leaves paths out."""
    return tuple(word for p in patterns for word in (("-e", p[1:]) if p.startswith("-") else ("-i", p)))


def _listed(description: Path, out: Path, flags: Sequence[str], named: frozenset[str]) -> set[str]:
    shutil.rmtree(out, ignore_errors=True)
    run([*GENERATE, "-d", description, *flags, *_NAMES, "-o", out])
    # Discriminator values that are no type names are tried only when they are asked for.
    asked = out / "asked.txt"
    asked.write_text("".join(f"{line[1:]}\n" for line in sorted(named)), encoding="utf-8")
    command = [sys.executable, shared("tools/surface.py"), _PACKAGE, _PACKAGE, "--probe-from", asked]
    lines = set(run(command, cwd=out, PYTHONPATH=str(out)).splitlines())
    shutil.rmtree(out)
    return lines
