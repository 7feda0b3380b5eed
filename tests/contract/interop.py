"""`make interop`: the client's wheel beside old and new versions of what it must live with, and other people's tools.

    python -m tests.contract.interop [--only WORD]

A row of the first kind installs the wheel with the named versions into an environment of its own and renames a session
on the emulator, which runs in this process. `interop_tools` has the second kind: linters, a mock server and another
generator on the description that we export. `field` has the third: clients of descriptions from the field. Downloads
packages; not part of `make test`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

from graphslice import pipeline
from graphslice.serve.seed import Seed
from graphslice.serve.server import running
from graphslice.slice_file import load_slice
from tests.contract import field
from tests.contract.interop_tools import TOOLS
from tests.contract.places import ROOT, Skipped, run

BUILD = ROOT / ".build" / "interop"
SESSION = "ecdfb9b3-58f5-457f-a18c-4a477890b252"
ROWS: dict[str, tuple[str, ...]] = {
    "newest": (),
    "oldest Kiota": tuple(
        f"microsoft-kiota-{name}==1.9.10"
        for name in ("abstractions", "authentication-azure", "http", "serialization-json")
    ),
    "beside msgraph-sdk": ("msgraph-sdk",),
}
_OF_KIOTA = "tests/runtime/test_models.py::test_a_new_object_sends_what_was_set[backing-store]"
"""Kiota's own old writer cannot write what this asks of it."""
SCRIPT = """
import asyncio, sys
from azure.core.credentials import AccessToken
from msgraph_security_copilot import SecurityCopilotClient

class Token:
    async def get_token(self, *scopes, **rest):
        return AccessToken("some-token", 9999999999)
    async def close(self):
        pass

async def main():
    async with SecurityCopilotClient(credentials=Token(), base_url=sys.argv[1]) as client:
        session = client.workspaces.by_id("default").sessions.by_id(sys.argv[2])
        print((await session.patch(display_name="API Test: Who am I?")).display_name)

asyncio.run(main())
"""


def main() -> int:
    """Try every row that is asked for; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.interop", description="Try what we must live with.")
    parser.add_argument("--only", default="", metavar="WORD", help="only rows whose name holds this word")
    word = parser.parse_args().only.casefold()
    rows = {name: extra for name, extra in ROWS.items() if word in name.casefold()}
    others = {"the runtime's tests with the oldest Kiota": _oldest, **TOOLS, **field.rows()}
    tools = {name: tool for name, tool in others.items() if word in name.casefold()}
    return 1 if (_libraries(rows) if rows else 0) + sum(_tool_fails(*one) for one in tools.items()) else 0


def _tool_fails(name: str, tool: Callable[[], str]) -> bool:
    fails = False
    try:
        verdict, text = "ok", tool()
    except Skipped as reason:
        verdict, text = "skipped", str(reason)
    except (RuntimeError, OSError, subprocess.SubprocessError) as fault:
        verdict, text, fails = "FAILED", str(fault), True
    print(f"{verdict:8}{name}: {text}", flush=True)
    return fails


def _oldest() -> str:
    """Run the tests of the runtime with the oldest Kiota that is allowed."""
    folder = BUILD / "oldest"
    shutil.rmtree(folder, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
    run([*pip, "--target", folder, *ROWS["oldest Kiota"]])
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", ROOT / "tests" / "runtime"]
    # What Kiota's own old parts leave open at their end is no concern of ours.
    quiet = ["-W", "ignore::pytest.PytestUnraisableExceptionWarning"]
    return run([*tests, *quiet, "--deselect", _OF_KIOTA], PYTHONPATH=str(folder)).strip().splitlines()[-1]


def _libraries(rows: dict[str, tuple[str, ...]]) -> int:
    """Try the wheel in an environment per row; gives how many fail."""
    BUILD.mkdir(parents=True, exist_ok=True)
    build = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(BUILD), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    wheel = max(BUILD.glob("*.whl"), key=lambda path: path.stat().st_mtime)
    wanted = load_slice(ROOT / "metadata" / "security-copilot.toml")
    sessions = [{"id": SESSION, "displayName": "Before"}]
    data = {"/security/securityCopilot/workspaces": [{"id": "default", "sessions": sessions}]}
    failed = 0
    with running(pipeline.read_model(wanted), base_url=wanted.base_url or "", seed=Seed(data)) as address:
        for name, extra in rows.items():
            fault = _try(BUILD / name.replace(" ", "-"), wheel, extra, address.base_url)
            failed += bool(fault)
            print(f"{'FAILED' if fault else 'ok':8}{name}{': ' + fault if fault else ''}", flush=True)
    return failed


def _try(folder: Path, wheel: Path, extra: tuple[str, ...], url: str) -> str:
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    venv.create(folder, with_pip=True, clear=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel), *extra]
    installed = subprocess.run(pip, capture_output=True, text=True, check=False)
    if installed.returncode:
        return (installed.stderr.strip().splitlines() or ["not installed"])[-1]
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    arguments = [str(python), "-W", "ignore", str(folder / "script.py"), url, SESSION]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode == 0 and done.stdout.strip() == "API Test: Who am I?":
        return ""
    return (done.stderr.strip().splitlines() or [done.stdout.strip() or "no output"])[-1]


if __name__ == "__main__":
    sys.exit(main())
