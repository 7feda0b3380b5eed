"""Documentation that cannot rot: blocks are run, tables follow from the code, links lead somewhere."""

from __future__ import annotations

import asyncio
import functools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from click.testing import CliRunner

from graphslice import pipeline
from graphslice.cli.main import COMMANDS, cli
from graphslice.config import Slice
from graphslice.serve.seed import Seed
from graphslice.serve.server import running
from graphslice.slice_file import _KEYS, load_slice

from . import tables

ROOT = tables.ROOT
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
SESSION = "ecdfb9b3-58f5-457f-a18c-4a477890b252"


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


class Credential:
    async def get_token(self, *scopes: str, **rest: Any) -> AccessToken:
        return AccessToken("some-token", 9_999_999_999)

    async def close(self) -> None:
        pass

    async def __aenter__(self) -> Credential:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    wanted = load_slice(ROOT / "metadata" / "security-copilot.toml")
    sessions = [{"id": SESSION, "displayName": "Before"}]
    data = {"/security/securityCopilot/workspaces": [{"id": "default", "sessions": sessions}]}
    with running(pipeline.read_model(wanted), base_url=wanted.base_url or "", seed=Seed(data)) as address:
        yield address.base_url


def test_the_readmes_code_renames_a_session(
    service: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import azure.identity.aio

    import msgraph_security_copilot as package

    client = functools.partial(package.SecurityCopilotClient, base_url=service)
    monkeypatch.setattr(azure.identity.aio, "DefaultAzureCredential", Credential)
    monkeypatch.setitem(package.__dict__, "SecurityCopilotClient", client)
    (block,) = blocks(README, "python")
    names: dict[str, Any] = {}
    exec(compile(block, "README.md", "exec"), names)
    asyncio.run(names["rename"](SESSION))
    assert capsys.readouterr().out.startswith("API Test: Who am I? 20")


def commands() -> list[str]:
    lines = [
        re.sub(r"\s+# .*", "", line).strip()
        for page in PAGES
        for b in blocks(page.read_text("utf-8"), "sh")
        for line in b.split("\n")
    ]
    return [line for line in lines if line]


def test_every_make_target_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    named = set()
    for page in PAGES:
        for words in re.findall(r"(?:^|`|=1 )make ((?:[a-z-]+ ?)+)", page.read_text("utf-8"), re.M):
            named.update(words.split())
    assert {"run", "test", "regenerate"} <= named and named <= targets


@pytest.mark.parametrize("line", [line for line in commands() if line.startswith("graphslice")])
def test_every_command_line_of_the_docs_is_understood(line: str) -> None:
    words = shlex.split(line)[1:]
    command = cli.get_command(None, words[0])  # type: ignore[arg-type]
    assert command is not None
    command.make_context(words[0], words[1:], resilient_parsing=False)


def test_the_readmes_slices_can_be_generated(tmp_path: Path) -> None:
    source = ROOT / "metadata" / "security-copilot.csdl.xml"
    arguments = [
        "-d",
        str(source),
        "-i",
        "/security/**#GET",
        "-c",
        "GraphClient",
        "-n",
        "my_graph",
        "-o",
        str(tmp_path),
    ]
    done = CliRunner().invoke(cli, ["generate", *arguments])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "my_graph" / "__init__.py").is_file()


def test_every_command_is_described_in_the_readme() -> None:
    for name in COMMANDS:
        assert re.search(rf"`{name}`|graphslice {name}\b|make (\w+ )*{name}\b", README), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_the_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_diagnostic_is_listed() -> None:
    assert tables.DIAGNOSTICS.read_text(encoding="utf-8") == tables.diagnostics_text(), "python -m tests.docs.tables"


def test_every_rule_is_listed() -> None:
    assert tables.REGENERATION.read_text(encoding="utf-8") == tables.regeneration_text(), "python -m tests.docs.tables"


def test_every_key_of_a_slice_is_explained(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "slice-file.md").read_text(encoding="utf-8")
    for section, keys in _KEYS.items():
        assert f"## [{section}]" in text
        part = text.split(f"## [{section}]")[1].split("\n## ")[0]
        assert all(f"| `{key}` |" in part for key in keys), section
    (block,) = blocks(text, "toml")
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata" / "a.toml").write_text(block, encoding="utf-8")
    assert isinstance(load_slice(tmp_path / "metadata" / "a.toml"), Slice)
