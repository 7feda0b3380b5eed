"""The client of this repository against the listing recorded from the published package, and against the package."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench.peer import PEER, peer_python
from tests.contract.places import ROOT, Skipped, run, shared
from tests.contract.results import Check, Comparison, Result
from tests.contract.surfaces import compare, listing, read

_PACKAGE = ROOT / "generated" / "msgraph_security_copilot"
_RECORDED = "surfaces/msgraph-beta-1.66.0-security-copilot.txt"


def recorded(work: Path) -> Iterator[Comparison]:
    """Compare with the recorded listing."""
    expected = read(shared(_RECORDED))
    yield compare("client", expected, read(listing(_PACKAGE, work / "client.txt")))


def published(work: Path) -> Iterator[Result]:
    """Compare with the package itself, installed apart; the recorded listing must be what it shows."""
    expected = read(shared(_RECORDED))
    try:
        python = peer_python()
    except (OSError, subprocess.CalledProcessError) as fault:
        raise Skipped(f"{PEER} cannot be installed here: {fault}") from fault
    where = run([python, "-c", "import msgraph_beta, os; print(os.path.dirname(msgraph_beta.__file__))"]).strip()
    modules = sorted({line.split(" ", 2)[1].split(":")[0].replace(".", "/") for line in expected})
    under = [word for module in modules for word in ("--under", module)]
    tool: list[str | Path] = [
        python,
        shared("tools/surface.py"),
        Path(where) / "generated",
        "msgraph_beta.generated",
        *under,
    ]
    shown = work / "package.txt"
    shown.write_text(run(tool), encoding="utf-8")
    package = read(shown)
    yield compare(f"client / {PEER}", package, read(listing(_PACKAGE, work / "client.txt")))
    unlike = len(package ^ expected)
    yield Check("recorded listing / package", f"{unlike} of {len(expected)} lines differ", not unlike)
