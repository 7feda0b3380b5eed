"""What an import costs, and what stays away until it is needed; each case in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("azure", "httpx", "kiota_http", "msal", "aiohttp", "cryptography")


def modules_after(code: str, site: Path) -> set[str]:
    env = {**os.environ, "PYTHONPATH": str(site), "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def heavy(modules: set[str]) -> list[str]:
    return sorted(name for name in modules if name.split(".")[0] in HEAVY)


def test_builders_and_models_need_no_http_library(site: Path) -> None:
    code = (
        "import sample_client.shelves.shelves_request_builder, sample_client.models.book, sample_client.library_client"
    )
    modules = modules_after(code, site)
    assert heavy(modules) == []
    assert "sample_client.models.size" not in modules, "classes of properties are imported when one arrives"


def test_a_client_with_a_provider_needs_no_azure(site: Path) -> None:
    code = (
        "from kiota_abstractions.authentication import AnonymousAuthenticationProvider as A\n"
        "from sample_client.library_client import LibraryClient\n"
        "LibraryClient(authentication_provider=A())"
    )
    names = {name.split(".")[0] for name in heavy(modules_after(code, site))}
    assert names <= {"httpx"}


def test_subtypes_are_imported_when_one_arrives(site: Path) -> None:
    code = "from sample_client.models.entity import Entity\nEntity.from_dict({'@odata.type': '#lib.shelf'})"
    modules = modules_after(code, site)
    assert "sample_client.models.shelf" in modules
    assert "sample_client.models.rare_book" not in modules


@pytest.mark.parametrize("module", ["adapter", "auth", "client", "codec", "composed", "connections", "errors", "model"])
def test_each_module_can_be_imported_first(site: Path, module: str) -> None:
    modules_after(f"import sample_client._runtime.{module}", site)
