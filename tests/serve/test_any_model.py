"""Every CSDL case of the shared corpus, served: whatever a description says, the emulator answers and never breaks."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from graphslice.api.model import ApiModel
from graphslice.config import Slice
from graphslice.diagnostics import GraphsliceError
from graphslice.pipeline import read_model
from graphslice.serve import build_app

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("GRAPHSLICE_SHARED", ROOT.parent / "shared"))
CASES = sorted((SHARED / "csdl").glob("*.xml")) if SHARED.is_dir() else []
BODIES = {"POST": {}, "PATCH": {}, "PUT": {}}


Send = Callable[..., Awaitable[httpx.Response]]


def served(model: ApiModel, use: Callable[[ApiModel, Send], Awaitable[T]]) -> T:
    """Run something against the application itself: the wire is tested elsewhere."""

    async def main() -> T:
        transport = httpx.ASGITransport(build_app(model))
        headers = {"Authorization": "Bearer x"}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            return await use(model, client.request)

    return asyncio.run(main())


@pytest.mark.skipif(not CASES, reason="the shared corpus is not here")
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_path_answers(case: Path) -> None:
    try:
        model = read_model(Slice(description=str(case)))
    except GraphsliceError:
        pytest.skip("the case is one that generation refuses")
    served(model, _every_path)


async def _every_path(model: ApiModel, send: Send) -> None:
    for item in model.paths[:60]:
        if item.path.endswith("/"):
            continue
        path = re.sub(r"\{[^}]*\}", "1", item.path)
        for operation in item.operations:
            answer = await send(operation.verb, path, json=BODIES.get(operation.verb))
            assert answer.status_code in {200, 201, 204, 400, 404, 409, 415, 501}, (operation.verb, path, answer.text)
            if answer.status_code >= 400:
                assert answer.json()["error"]["message"], (operation.verb, path)
        assert (await send("OPTIONS", path)).status_code == 204


@pytest.mark.skipif(not CASES, reason="the shared corpus is not here")
def test_what_is_created_is_found() -> None:
    found = 0
    for case in CASES[:20]:
        try:
            model = read_model(Slice(description=str(case)))
        except GraphsliceError:
            continue
        found += served(model, _created)
    assert found > 10


async def _created(model: ApiModel, send: Send) -> int:
    found = 0
    for item in model.paths:
        verbs = {operation.verb for operation in item.operations}
        if "{" in item.path or "POST" not in verbs or "GET" not in verbs:
            continue
        created = await send("POST", item.path, json={})
        if created.status_code == 201:
            found += 1
            assert len((await send("GET", item.path)).json()["value"]) == 1
            here = await send("GET", created.headers["location"])
            assert here.status_code in {200, 404, 405}
            if here.status_code == 200:
                assert here.json()["@odata.context"] == created.json()["@odata.context"]
    return found
