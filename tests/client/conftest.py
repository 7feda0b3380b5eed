"""The emulator of the committed slice, and the generated client talking to it over real HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from azure.core.credentials import AccessToken

from graphslice.api.model import ApiModel
from graphslice.config import Slice
from graphslice.pipeline import read_model
from graphslice.serve import Address, Seed, running
from graphslice.slice_file import load_slice
from msgraph_security_copilot import SecurityCopilotClient

ROOT = Path(__file__).resolve().parents[2]
T = TypeVar("T")
Use = Callable[[Callable[[SecurityCopilotClient], Awaitable[T]]], T]


class Token:
    """A credential that asks nobody."""

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        return AccessToken("canary-token", int(time.time()) + 3600)


@pytest.fixture(scope="session")
def wanted() -> Slice:
    return load_slice(ROOT / "metadata" / "security-copilot.toml")


@pytest.fixture(scope="session")
def model(wanted: Slice) -> ApiModel:
    return read_model(wanted)


@pytest.fixture(scope="session")
def seed() -> Seed:
    return Seed.load(ROOT / "examples" / "security-copilot.seed.json")


@pytest.fixture
def service(model: ApiModel, wanted: Slice, seed: Seed) -> Iterator[Address]:
    """A fresh emulator."""
    with running(model, base_url=wanted.base_url or "", seed=seed) as address:
        yield address


@pytest.fixture
def use(service: Address) -> Callable[[Callable[[SecurityCopilotClient], Awaitable[T]]], T]:
    """Runs something with a client of the emulator: `use(lambda client: client.workspaces.get())`."""

    def run(what: Callable[[SecurityCopilotClient], Awaitable[T]]) -> T:
        async def main() -> T:
            async with SecurityCopilotClient(credentials=Token(), base_url=service.base_url) as client:
                return await what(client)

        return asyncio.run(main())

    return run
