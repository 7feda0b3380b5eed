"""The request that all this is for: PATCH of a session, byte by byte."""

from __future__ import annotations

import asyncio
import datetime
import json
import re

import httpx
import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration

from graphslice.serve import Address
from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.session import Session

ID = "ecdfb9b3-58f5-457f-a18c-4a477890b252"
NAME = "API Test: Who am I?"
PATH = f"/beta/security/securityCopilot/workspaces/default/sessions/{ID}"
TYPE = "#microsoft.graph.security.securityCopilot.session"


def item(client: SecurityCopilotClient):
    return client.security.security_copilot.workspaces.by_workspace_id("default").sessions.by_session_id(ID)


def test_the_bytes_of_the_request(service: Address, use) -> None:
    use(lambda client: item(client).patch(Session(display_name=NAME)))
    [sent] = service.emulator.journal
    assert (sent.verb, sent.target, sent.status) == ("PATCH", PATH, 200)
    assert sent.header("content-type") == "application/json"
    assert sent.header("authorization") == "Bearer [redacted]"
    assert json.loads(sent.content) == {"displayName": NAME}
    assert sent.content == json.dumps({"displayName": NAME}).encode() or sent.content == b'{"displayName":"%s"}' % (
        NAME.encode()
    )


def test_the_type_goes_along_when_it_is_said(service: Address, use) -> None:
    use(lambda client: item(client).patch(Session(odata_type=TYPE, display_name=NAME)))
    assert json.loads(service.emulator.journal.last.content) == {"@odata.type": TYPE, "displayName": NAME}


def test_the_session_that_comes_back(use) -> None:
    session = use(lambda client: item(client).patch(Session(display_name=NAME)))
    assert isinstance(session, Session)
    assert (session.id, session.display_name) == (ID, NAME)
    assert session.created_date_time == datetime.datetime(2025, 10, 22, 20, 10, 54, 494064, datetime.timezone.utc)
    assert isinstance(session.last_modified_date_time, datetime.datetime)
    assert session.last_modified_date_time > session.created_date_time
    assert session.additional_data["@odata.context"].endswith(
        "$metadata#security/securityCopilot/workspaces('default')/sessions/$entity"
    )


@pytest.mark.parametrize(
    "rename",
    [
        lambda client: client.workspaces.by_id("default").sessions.by_id(ID).patch(Session(display_name=NAME)),
        lambda client: client.workspaces.by_id("default").sessions.by_id(ID).patch(display_name=NAME),
        lambda client: item(client).patch(Session(display_name=NAME), RequestConfiguration()),
        lambda client: item(client).with_url(
            f"{client.request_adapter.base_url}/{PATH.removeprefix('/beta/')}"
        ).patch(Session(display_name=NAME)),
    ],
    ids=["shortcut", "keyword", "configuration", "with_url"],
)  # fmt: skip
def test_every_way_to_say_it_sends_the_same(service: Address, use, rename) -> None:
    assert use(rename).display_name == NAME
    sent = service.emulator.journal.last
    assert (sent.verb, sent.target, json.loads(sent.content)) == ("PATCH", PATH, {"displayName": NAME})


def test_a_fetched_session_sends_only_what_changed(service: Address, use) -> None:
    async def edit(client: SecurityCopilotClient) -> None:
        session = await item(client).get()
        assert session is not None
        session.display_name = NAME
        await item(client).patch(session)

    use(edit)
    assert json.loads(service.emulator.journal.last.content) == {"displayName": NAME}


def test_a_field_is_cleared_by_none(service: Address, use) -> None:
    cleared = use(lambda client: item(client).patch(Session(display_name=None)))
    assert json.loads(service.emulator.journal.last.content) == {"displayName": None}
    assert cleared.display_name is None


def test_the_documented_url_is_what_a_client_without_base_url_asks_for(service: Address) -> None:
    """The request as it leaves for Microsoft Graph; only the connection is made to the emulator."""
    seen: list[str] = []

    class Elsewhere(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(str(request.url))
            origin = httpx.URL(service.origin)
            request.url = request.url.copy_with(scheme=origin.scheme, host=origin.host, port=origin.port)
            return await super().handle_async_request(request)

    async def main() -> Session | None:
        async with (
            Elsewhere() as elsewhere,
            SecurityCopilotClient(credentials=_token(), transport=elsewhere) as client,
        ):
            return await item(client).patch(Session(display_name=NAME))

    session = asyncio.run(main())
    assert seen == [f"https://graph.microsoft.com{PATH}"]
    assert service.emulator.journal.last.header("host") == "graph.microsoft.com"
    assert session is not None
    context = session.additional_data["@odata.context"]
    assert context.startswith("https://graph.microsoft.com/beta/$metadata#")


def test_seven_digits_survive_the_round_trip(service: Address, use) -> None:
    raw = re.search(rb'"lastModifiedDateTime":"([^"]+)"', _reply(service, use))
    assert raw
    assert re.fullmatch(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", raw[1])


def _reply(service: Address, use) -> bytes:
    session = use(lambda client: item(client).patch(Session(display_name=NAME)))
    reply = service.emulator.journal.last.reply
    assert session.to_dict()["lastModifiedDateTime"].encode() in reply
    return reply


def _token():
    import time

    from azure.core.credentials import AccessToken

    class Token:
        def get_token(self, *scopes: str, **options: object) -> AccessToken:
            assert scopes == ("https://graph.microsoft.com/.default",)
            return AccessToken("made-up", int(time.time()) + 3600)

    return Token()
