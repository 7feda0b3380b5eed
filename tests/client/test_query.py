"""Query options, by plain keyword and by configuration, and pages."""

from __future__ import annotations

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration

from graphslice.serve import Address
from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.session import Session
from msgraph_security_copilot.security.security_copilot.workspaces.item.sessions.sessions_request_builder import (
    SessionsRequestBuilder,
)


def sessions(client: SecurityCopilotClient):
    return client.workspaces.by_id("default").sessions


def test_keywords_and_configuration_send_the_same(service: Address, use) -> None:
    options = SessionsRequestBuilder.SessionsRequestBuilderGetQueryParameters(
        select=["displayName", "id"], top=5, filter="contains(displayName,'October')", count=True
    )
    by_configuration = use(lambda c: sessions(c).get(RequestConfiguration(query_parameters=options)))
    by_keyword = use(
        lambda c: sessions(c).get(
            select=["displayName", "id"], top=5, filter="contains(displayName,'October')", count=True
        )
    )
    first, second = service.emulator.journal
    assert first.target == second.target
    assert by_keyword.odata_count == by_configuration.odata_count == 1
    assert [s.display_name for s in by_keyword.value] == ["Session of 22 October"]
    assert by_keyword.value[0].created_date_time is None


def test_headers_of_a_configuration_arrive(service: Address, use) -> None:
    configuration = RequestConfiguration()
    configuration.headers.add("ConsistencyLevel", "eventual")
    use(lambda c: sessions(c).get(configuration))
    assert service.emulator.journal.last.header("consistencylevel") == "eventual"


@pytest.mark.parametrize("text", ["name+eq", "it's 50 % of #1 & more", "ü", "a=b;c"])
def test_any_text_of_a_filter_arrives(service: Address, use, text: str) -> None:
    quoted = text.replace("'", "''")
    found = use(lambda c: sessions(c).get(filter=f"displayName eq '{quoted}'"))
    assert found.value == []
    use(lambda c: sessions(c).post(Session(display_name=text)))
    found = use(lambda c: sessions(c).get(filter=f"displayName eq '{quoted}'"))
    assert [s.display_name for s in found.value] == [text]


def test_expansion_gives_typed_children(use) -> None:
    session = use(lambda c: sessions(c).by_id("ecdfb9b3-58f5-457f-a18c-4a477890b252").get(expand=["prompts"]))
    assert session.prompts[0].content == "Which incidents are still open?"


def test_iterate_follows_every_page(service: Address, use) -> None:
    async def all_names(client: SecurityCopilotClient) -> list[str | None]:
        for number in range(5):
            await sessions(client).post(Session(display_name=f"s{number}"))
        service.emulator.journal.clear()
        return [session.display_name async for session in sessions(client).iterate(top=2)]

    names = use(all_names)
    assert names == ["Session of 22 October", "s0", "s1", "s2", "s3", "s4"]
    targets = [sent.target for sent in service.emulator.journal]
    assert len(targets) == 3
    assert all("skiptoken" in target for target in targets[1:])


def test_pages_come_whole(service: Address, use) -> None:
    async def sizes(client: SecurityCopilotClient) -> list[int]:
        for number in range(2):
            await sessions(client).post(Session(display_name=f"s{number}"))
        return [len(page.value or []) async for page in sessions(client).iterate(top=2).pages()]

    assert use(sizes) == [2, 1]


def test_counts_take_a_filter(use) -> None:
    assert use(lambda c: sessions(c).count.get(filter="displayName eq 'nothing'")) == 0
