"""Answers as the service has been seen to give them."""

from __future__ import annotations

import json

import pytest
from kiota_abstractions.api_error import APIError

from graphslice.serve import Address, Fault
from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.evaluation_result_type import EvaluationResultType
from msgraph_security_copilot.models.security.security_copilot.plugin_catalog_scope import PluginCatalogScope

ID = "ecdfb9b3-58f5-457f-a18c-4a477890b252"


def sessions(client: SecurityCopilotClient):
    return client.workspaces.by_id("default").sessions


def answer(service: Address, body: object) -> None:
    service.emulator.faults.add(Fault(status=200, body=json.dumps(body).encode()))


def test_null_names_and_tips(service: Address, use) -> None:
    answer(service, {
        "@odata.context": "https://graph.microsoft.com/beta/$metadata#x",
        "@microsoft.graph.tips": "Use $select",
        "value": [{"id": ID, "displayName": None, "createdDateTime": "2025-10-22T20:10:54.07343Z"}],
    })  # fmt: skip
    page = use(lambda c: sessions(c).get())
    assert page.value[0].display_name is None
    assert page.additional_data["@microsoft.graph.tips"] == "Use $select"


@pytest.mark.parametrize(
    "text",
    [
        "2025-10-22T20:10:54.07343Z",
        "2025-10-22T20:10:54.073430Z",
        "2025-10-22T20:10:54.4940649Z",
        "2025-10-22T20:10:54Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
    ],
)
def test_moments_come_back_to_the_byte(service: Address, use, text: str) -> None:
    answer(service, {"id": ID, "createdDateTime": text})
    session = use(lambda c: sessions(c).by_id(ID).get())
    assert session.to_dict()["createdDateTime"] == text
    assert session.created_date_time.year == int(text[:4])


def test_one_odd_moment_does_not_lose_the_page(service: Address, use) -> None:
    answer(service, {"value": [{"id": "1", "createdDateTime": "2025-10-22T24:00:00Z"}, {"id": "2"}]})
    assert [session.id for session in use(lambda c: sessions(c).get()).value] == ["1", "2"]


def test_enum_values_known_and_unknown(service: Address, use) -> None:
    answer(service, {"name": "x", "catalogScope": "global", "category": "somethingNew"})
    plugin = use(lambda c: c.workspaces.by_id("default").plugins.by_id("x").get())
    assert plugin.catalog_scope is PluginCatalogScope.Global_
    assert plugin.to_dict()["category"] == "somethingNew"


def test_dictionaries_keep_what_is_in_them(service: Address, use) -> None:
    answer(service, {"id": "p", "inputs": {"keyValuePairs": [{"key": "a", "value": 1}], "more": [1, {"b": 2}]}})
    prompt = use(lambda c: sessions(c).by_id(ID).prompts.by_id("p").get())
    assert prompt.to_dict()["inputs"] == {"keyValuePairs": [{"key": "a", "value": 1}], "more": [1, {"b": 2}]}


def test_completed_is_not_success(service: Address, use) -> None:
    answer(service, {"id": "e", "state": "completed", "executionCount": 0, "result": {"type": "capacityExceeded"}})
    found = use(lambda c: sessions(c).by_id(ID).prompts.by_id("p").evaluations.by_id("e").get())
    assert found.result.type is EvaluationResultType.CapacityExceeded
    assert found.execution_count == 0


def test_one_entity_where_a_collection_was_promised(service: Address, use) -> None:
    answer(service, {"id": "e", "state": "running", "result": {"content": None, "type": "unknown"}})
    with pytest.raises(APIError):
        use(lambda c: sessions(c).by_id(ID).prompts.by_id("p").evaluations.get())


def test_error_with_an_empty_message(service: Address, use) -> None:
    inner = {"date": "2026-07-01T10:00:00", "request-id": "r-1", "client-request-id": "c-1"}
    body = {"error": {"code": "UnknownError", "message": "", "innerError": inner}}
    service.emulator.faults.add(Fault(status=400, body=json.dumps(body).encode()))
    with pytest.raises(APIError) as caught:
        use(lambda c: sessions(c).get())
    assert all(part in str(caught.value) for part in ("400", "UnknownError", "r-1"))


def test_page_of_html_from_a_gateway(service: Address, use) -> None:
    service.emulator.faults.add(Fault(status=500, body=b"<html><h1>Bad</h1></html>", content_type="text/html"))
    with pytest.raises(APIError) as caught:
        use(lambda c: sessions(c).get())
    assert "500" in str(caught.value) and "Bad" in str(caught.value)
