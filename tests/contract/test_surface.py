"""The client against the recorded surface of the published package, line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.places import DEVIATIONS, ROOT, SHARED
from tests.contract.surfaces import compare, listing, read

RECORDED = SHARED / "surfaces" / "msgraph-beta-1.66.0-security-copilot.txt"
pytestmark = pytest.mark.skipif(
    not (SHARED / "tools" / "surface.py").is_file() or not RECORDED.is_file(),
    reason="the recorded surfaces are not beside the checkout",
)


def test_the_client_has_every_line_of_the_published_surface(tmp_path: Path) -> None:
    ours = listing(ROOT / "generated" / "msgraph_security_copilot", tmp_path / "ours.txt")
    found = compare("client", read(RECORDED), read(ours))
    assert found.holds, (found.missing, found.faults)
    assert found.expected > 600
    assert found.on_purpose == 0


def test_every_deviation_has_a_reason() -> None:
    for line in DEVIATIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern, _, reason = line.partition("\t")
            assert pattern and len(reason.split()) >= 3, line
