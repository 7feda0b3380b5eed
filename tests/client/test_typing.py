"""What a type checker says about code that uses the client."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GOOD = """
from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.session import Session

client = SecurityCopilotClient()


async def use() -> None:
    item = client.workspaces.by_id("default").sessions.by_id("s")
    reveal_type(await item.patch(Session(display_name="x")))
    reveal_type(await item.patch(display_name="x"))
    reveal_type(await item.get(select=["displayName"]))
    reveal_type((await client.workspaces.by_id("w").sessions.count.get(filter="x")))
    async for session in client.workspaces.by_id("w").sessions.iterate(top=5):
        reveal_type(session.display_name)
    reveal_type(client.sync.workspaces.by_id("w").sessions.by_id("s").patch(Session(display_name="x")))
    for session in client.sync.workspaces.by_id("w").sessions.iterate(top=5):
        reveal_type(session.created_date_time)
"""
REVEALED = [
    "Session | None",
    "Session | None",
    "Session | None",
    "int | None",
    "str | None",
    "Session | None",
    "datetime.datetime | None",
]
BAD = """
from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.session import Session

client = SecurityCopilotClient()
Session(dispaly_name="x")
Session(display_name=5)
client.workspaces.by_id(5)
client.sync.workspaces.by_id("w").sessions.by_id("s").patch(displayname="x")
client.sync.workspaces.by_id("w").sessions.by_id("s").get(top=5)
client.workspaces.by_id("w").sesions
"""


CACHE = ROOT / ".mypy_cache" / os.environ.get("PYTEST_XDIST_WORKER", "tests")
"""One for each process of the run: two checkers that write to one cache break each other."""


def check(tmp_path: Path, text: str) -> list[str]:
    """Give mypy's findings; the same configuration as ours, in a folder of a user."""
    (tmp_path / "script.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", CACHE, "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert not done.stderr, done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith("script.py:")]


@pytest.mark.slow
def test_results_have_their_types(tmp_path: Path) -> None:
    found = check(tmp_path, GOOD)
    assert not [line for line in found if ": error:" in line], found
    revealed = [match[1] for line in found if (match := re.search(r'Revealed type is "(.*)"', line))]
    assert [re.sub(r"[\w.]+\.(Session)\b", r"\1", text).replace("builtins.", "") for text in revealed] == REVEALED


@pytest.mark.slow
def test_mistakes_are_found_before_they_are_run(tmp_path: Path) -> None:
    wrong = {int(line.split(":")[1]) for line in check(tmp_path, BAD) if ": error:" in line}
    assert wrong == set(range(6, 12))
