"""The blocking face, the names, and what a type checker or an editor sees."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from graphslice.serve import Address
from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.session import Session
from msgraph_security_copilot.security.security_copilot.workspaces.item.sessions.item import (
    session_item_request_builder,
)
from msgraph_security_copilot.security.security_copilot.workspaces.item.sessions.sessions_request_builder import (
    SessionsRequestBuilder,
)

Item = session_item_request_builder.SessionItemRequestBuilder
ID = "ecdfb9b3-58f5-457f-a18c-4a477890b252"


class _Token:
    def get_token(self, *scopes: str, **options: object):
        import time

        from azure.core.credentials import AccessToken

        return AccessToken("made-up", int(time.time()) + 3600)


def client_of(service: Address) -> SecurityCopilotClient:
    return SecurityCopilotClient(credentials=_Token(), base_url=service.base_url)


def test_blocking_rename(service: Address) -> None:
    with client_of(service).sync as client:
        session = client.workspaces.by_id("default").sessions.by_id(ID).patch(Session(display_name="x"))
        assert session.display_name == "x"
        names = [each.display_name for each in client.workspaces.by_id("default").sessions.iterate()]
    assert names == ["x"]


def test_blocking_inside_a_running_loop(service: Address) -> None:
    async def main() -> str | None:
        with client_of(service).sync as client:
            return client.workspaces.by_id("default").sessions.by_id(ID).get().id

    assert asyncio.run(main()) == ID


def test_one_client_over_several_loops(service: Address) -> None:
    client = client_of(service)
    for _ in range(3):
        assert asyncio.run(client.workspaces.get()).value[0].id == "default"
    asyncio.run(client.aclose())


def test_twenty_at_once(service: Address) -> None:
    async def main() -> set[str]:
        async with client_of(service) as client:
            item = client.workspaces.by_id("default").sessions.by_id(ID)
            renamed = await asyncio.gather(*(item.patch(Session(display_name=f"n{at}")) for at in range(20)))
            return {session.display_name for session in renamed}

    assert asyncio.run(main()) == {f"n{at}" for at in range(20)}


def test_by_id_is_the_same_as_the_long_name(service: Address) -> None:
    client = client_of(service)
    long = client.security.security_copilot.workspaces.by_workspace_id("w").sessions.by_session_id("s")
    short = client.workspaces.by_id("w").sessions.by_id("s")
    assert type(long) is type(short) is Item
    assert long.to_get_request_information().url == short.to_get_request_information().url


@pytest.mark.parametrize(
    ("method", "names"),
    [
        (Item.get, ["self", "request_configuration", "expand", "select"]),
        (Item.patch, ["self", "body", "request_configuration", "changes"]),
        (Item.delete, ["self", "request_configuration"]),
        (Item.to_patch_request_information, ["self", "body", "request_configuration"]),
        (Item.with_url, ["self", "raw_url"]),
        (SessionsRequestBuilder.by_session_id, ["self", "session_id"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_signatures(method: object, names: list[str]) -> None:
    parameters = inspect.signature(method).parameters
    assert list(parameters) == names
    extra = [name for name in names if name in {"expand", "select"}]
    assert all(parameters[name].kind is inspect.Parameter.KEYWORD_ONLY for name in extra)
    assert inspect.getdoc(method)


def test_executors_are_coroutine_functions() -> None:
    assert all(inspect.iscoroutinefunction(method) for method in (Item.get, Item.patch, Item.delete))


def test_a_request_can_be_built_without_being_sent(service: Address) -> None:
    info = (
        client_of(service)
        .workspaces.by_id("default")
        .sessions.by_id(ID)
        .to_patch_request_information(Session(display_name="x"))
    )
    assert info.http_method.value == "PATCH"
    assert info.content == b'{"displayName": "x"}' or info.content == b'{"displayName":"x"}'
    assert info.headers.get("content-type") == {"application/json"}
    assert info.headers.get("accept") == {"application/json"}


def test_bodies_are_needed(service: Address) -> None:
    sessions = client_of(service).workspaces.by_id("default").sessions
    with pytest.raises(TypeError):
        sessions.to_post_request_information(None)
    with pytest.raises(TypeError):
        sessions.by_id(ID).to_patch_request_information(None)
