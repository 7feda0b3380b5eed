"""SIGKILL at moments of real runs of the commands: the tree is the old one or the new one, or `check` says so."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[1] / "cli" / "diff" / "base.csdl.xml"
SLICE = """
[source]
file = "shop.csdl.xml"
[client]
package = "shop"
class_name = "Shop"
[brake]
max_loss = 1.0
"""
MOMENTS = int(os.environ.get("GRAPHSLICE_KILLS", "6"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL"),
]


def start(*arguments: str, cwd: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "graphslice", *arguments]
    environment = {**os.environ, "GRAPHSLICE_CACHE": str(cwd / "cache")}
    return subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def run(*arguments: str, cwd: Path) -> tuple[int, str]:
    with start(*arguments, cwd=cwd) as process:
        output = process.communicate()[0].decode()
        return process.returncode, output


def tree(folder: Path) -> dict[str, bytes]:
    """Give the generated files; the lock remembers what was accepted before, so it differs on purpose."""
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {path: data for path, data in found.items() if not path.startswith((".gen-", "shop.lock"))}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "metadata").mkdir()
    text = BASE.read_text(encoding="utf-8")
    (tmp_path / "old.xml").write_text(text, encoding="utf-8")
    changed = text.replace('Name="theme"', 'Name="colour"').replace('Name="archives"', 'Name="vault"')
    (tmp_path / "new.xml").write_text(changed, encoding="utf-8")
    (tmp_path / "metadata" / "shop.toml").write_text(SLICE, encoding="utf-8")
    return tmp_path


def test_generate(project: Path) -> None:
    description, generated = project / "metadata" / "shop.csdl.xml", project / "generated"
    states = []
    began = time.monotonic()
    for name in ("old.xml", "new.xml"):
        shutil.copy(project / name, description)
        began = time.monotonic()
        assert run("generate", "metadata/shop.toml", cwd=project)[0] == 0
        states.append(tree(generated))
    lasts = time.monotonic() - began
    moments = random.Random(6)
    for number in range(MOMENTS):
        name, wanted = [("old.xml", states[0]), ("new.xml", states[1])][number % 2]
        shutil.copy(project / name, description)
        with start("generate", "metadata/shop.toml", cwd=project) as process:
            time.sleep(moments.uniform(0.3, 1.1) * lasts)
            process.kill()
        code, said = run("check", "metadata/shop.toml", cwd=project)
        found = tree(generated)
        assert found in states or (code == 1 and "interrupted" in said)
        assert (code == 0) == (found == wanted and "interrupted" not in said)
        assert run("generate", "metadata/shop.toml", cwd=project)[0] == 0
        assert tree(generated) == wanted
        assert not [p.name for p in generated.iterdir() if p.name.startswith(".gen-")]


def test_trim(project: Path) -> None:
    description = project / "metadata" / "shop.csdl.xml"
    states = []
    began = time.monotonic()
    for name in ("old.xml", "new.xml"):
        began = time.monotonic()
        assert run("trim", "metadata/shop.toml", "--from", name, cwd=project)[0] == 0
        states.append(description.read_bytes())
    lasts = time.monotonic() - began
    moments = random.Random(7)
    for number in range(MOMENTS):
        name = ("old.xml", "new.xml")[number % 2]
        with start("trim", "metadata/shop.toml", "--from", name, cwd=project) as process:
            time.sleep(moments.uniform(0.3, 1.1) * lasts)
            process.kill()
        assert description.read_bytes() in states
        assert run("trim", "metadata/shop.toml", "--from", name, cwd=project)[0] == 0
        assert description.read_bytes() == states[number % 2]
