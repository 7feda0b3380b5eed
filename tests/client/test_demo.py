"""`make run`'s script: what it prints, and what it says when it is refused."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from graphslice.serve import Address, Fault

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "examples" / "rename_session.py"
ID = "ecdfb9b3-58f5-457f-a18c-4a477890b252"


@pytest.fixture
def demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rename_session", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_printed(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    root = "https://graph.microsoft.com/beta"
    for text in (
        f"PATCH {root}/security/securityCopilot/workspaces/default/sessions/{ID}\n",
        "Authorization: Bearer [redacted]",
        "Content-Type: application/json",
        '"displayName": "API Test: Who am I?"',
        "200 OK",
        f'"@odata.context": "{root}/$metadata#security/securityCopilot/workspaces(\'default\')/sessions/$entity"',
        f"id                       str        {ID}",
    ):
        assert text in done.stdout
    assert re.search(r'"lastModifiedDateTime": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z"', done.stdout)
    assert "made-up" not in done.stdout


def rename(demo: ModuleType, service: Address, session: str = ID) -> int:
    wanted = argparse.Namespace(workspace="default", session=session, name="x")
    return asyncio.run(demo.run(wanted, service.origin))


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_names_permission_and_role(
    demo: ModuleType, service: Address, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    service.emulator.faults.add(Fault(status=status, code="Forbidden", message="No."))
    assert rename(demo, service) == 1
    said = capsys.readouterr().err
    assert "SecurityCopilotWorkspaces.ReadWrite.All" in said
    assert "Security Copilot Contributor" in said


def test_a_session_that_is_not_there(demo: ModuleType, service: Address, capsys: pytest.CaptureFixture[str]) -> None:
    assert rename(demo, service, "nothing") == 1
    assert "404" in capsys.readouterr().err
