"""What is shipped: wheels that work alone, in an environment of their own."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphslice import pipeline
from graphslice.scaffold.requirements import REQUIREMENTS
from graphslice.scaffold.wheel import build_wheel, written_files
from graphslice.serve.seed import Seed
from graphslice.serve.server import running
from graphslice.slice_file import load_slice

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
SLICE = ROOT / "metadata" / "security-copilot.toml"
SESSION = "ecdfb9b3-58f5-457f-a18c-4a477890b252"

SCRIPT = """
import asyncio, sys
from azure.core.credentials import AccessToken
from msgraph_security_copilot import SecurityCopilotClient
import msgraph_security_copilot

class Token:
    async def get_token(self, *scopes, **rest):
        return AccessToken("some-token", 9999999999)
    async def close(self):
        pass

async def main():
    async with SecurityCopilotClient(credentials=Token(), base_url=sys.argv[1]) as client:
        session = client.workspaces.by_id("default").sessions.by_id(sys.argv[2])
        renamed = await session.patch(display_name="API Test: Who am I?")
        print(renamed.display_name, msgraph_security_copilot.__file__, "graphslice" in sys.modules, sep="\\n")

asyncio.run(main())
"""


def run(*arguments: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(a) for a in arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(folder: Path, out: Path) -> Path:
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", out, folder, cwd=ROOT)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def client_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="module")
def generator_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT / "generator", tmp_path_factory.mktemp("generator"))


@pytest.fixture
def emulator() -> Iterator[str]:
    wanted = load_slice(SLICE)
    seed = Seed.from_dict(
        {
            "data": {
                "/security/securityCopilot/workspaces": [
                    {"id": "default", "sessions": [{"id": SESSION, "displayName": "Before"}]}
                ]
            }
        },
        None,  # type: ignore[arg-type]
    )
    with running(pipeline.read_model(wanted), base_url=wanted.base_url or "", seed=seed) as address:
        yield address.base_url


def test_the_clients_wheel_holds_the_package_and_nothing_else(client_wheel: Path) -> None:
    with zipfile.ZipFile(client_wheel) as wheel:
        names = wheel.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"msgraph_security_copilot", next(top for top in tops if top.endswith(".dist-info"))}
    assert "msgraph_security_copilot/py.typed" in names
    assert len(names) <= 80 and client_wheel.stat().st_size <= 100 * 1024


def test_the_generators_wheel_holds_its_templates_and_no_client(generator_wheel: Path) -> None:
    with zipfile.ZipFile(generator_wheel) as wheel:
        names = wheel.namelist()
    assert any(name.endswith(".jinja") for name in names)
    assert "graphslice/py.typed" in names and "graphslice/report/pages/frame.html" in names
    assert not any(name.startswith("msgraph") for name in names)


@pytest.mark.slow
def test_the_client_alone_renames_a_session_from_another_folder(
    client_wheel: Path, emulator: str, tmp_path: Path
) -> None:
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False)
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    # Its requirements come from this environment, so that nothing has to be downloaded; the packages themselves do not.
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    here = Path(
        run(sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip()
    )
    with zipfile.ZipFile(client_wheel) as wheel:
        wheel.extractall(site)
    for entry in here.iterdir():
        ours = entry.name.startswith(("_graphslice", "_msgraph", "graphslice", "msgraph"))
        if not ours and entry.suffix != ".pth" and not (site / entry.name).exists():
            (site / entry.name).symlink_to(entry)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "script.py").write_text(SCRIPT, encoding="utf-8")
    name, place, generator = run(python, "script.py", emulator, SESSION, cwd=elsewhere).splitlines()
    assert name == "API Test: Who am I?"
    assert Path(place).is_relative_to(site) and generator == "False"


def test_our_own_wheel_has_the_same_content_and_the_same_bytes_twice(client_wheel: Path, tmp_path: Path) -> None:
    wanted = load_slice(SLICE)
    first = build_wheel(wanted, written_files(wanted), tmp_path / "one").read_bytes()
    again = build_wheel(wanted, written_files(wanted), tmp_path / "two")
    assert again.read_bytes() == first
    with zipfile.ZipFile(again) as ours, zipfile.ZipFile(client_wheel) as built:
        package = [name for name in built.namelist() if name.startswith("msgraph")]
        files = sorted(name for name in package if ".dist-info/" not in name)
        assert files == sorted(name for name in ours.namelist() if ".dist-info/" not in name)
        assert all(ours.read(name) == built.read(name) for name in files)


def test_a_wheel_alone_is_made_in_memory(tmp_path: Path) -> None:
    """Without -o nothing but the wheel is written, and it holds what the folder would."""
    command = [sys.executable, "-m", "graphslice", "generate", str(SLICE), "--wheel", "wheels"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    (wheel,) = (tmp_path / "wheels").iterdir()
    assert wheel.name in done.stdout
    assert [entry.name for entry in tmp_path.iterdir()] == ["wheels"]
    wanted = load_slice(SLICE)
    again = build_wheel(wanted, written_files(wanted), tmp_path / "again")
    assert again.read_bytes() == wheel.read_bytes()


def test_a_wheel_that_cannot_be_written_is_told_in_a_line(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "wheels").write_text("")
    command = [sys.executable, "-m", "graphslice", "generate", str(SLICE), "--wheel", "wheels/here"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "WHEEL002" in done.stderr and len(done.stderr.splitlines()) == 1


def requirements(project: Path) -> set[str]:
    return set(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"])


def test_every_client_needs_the_same() -> None:
    assert requirements(ROOT / "pyproject.toml") == set(REQUIREMENTS)


def test_the_formatter_is_pinned_exactly() -> None:
    assert any(re.fullmatch(r"ruff==[\d.]+", name) for name in requirements(ROOT / "generator" / "pyproject.toml"))


def test_requirements_are_hashed_and_name_no_index() -> None:
    text = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-z0-9][\w.\-]*==", text, re.M)
    assert len(pinned) > 50 and "--index-url" not in text and "://" not in text
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", text) if "==" in block)
