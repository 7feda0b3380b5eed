"""What a caller gets when the service says no, or says nonsense."""

from __future__ import annotations

import pytest
from kiota_abstractions.api_error import APIError

from graphslice.serve import Address, Fault
from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.o_data_errors.o_data_error import ODataError
from msgraph_security_copilot.models.security.security_copilot.session import Session

ID = "ecdfb9b3-58f5-457f-a18c-4a477890b252"


def item(client: SecurityCopilotClient, session: str = ID):
    return client.workspaces.by_id("default").sessions.by_id(session)


def test_not_found_is_an_odata_error(service: Address, use) -> None:
    with pytest.raises(ODataError) as caught:
        use(lambda c: item(c, "nothing").get())
    error = caught.value
    assert isinstance(error, APIError)
    assert error.response_status_code == 404
    assert error.error.code == "ResourceNotFound"
    assert error.error.inner_error.request_id == dict(service.emulator.journal.last.reply_headers)["request-id"]
    text = str(error)
    assert "404" in text and "ResourceNotFound" in text and error.error.inner_error.request_id in text
    assert "canary-token" not in text + repr(error)


def test_a_refused_body_says_why(use) -> None:
    with pytest.raises(ODataError, match="set by the service") as caught:
        use(lambda c: item(c).patch(Session(id=ID, created_date_time="2020-01-01T00:00:00Z")))
    assert caught.value.response_status_code == 400


def test_a_refusal_hints_at_permission_and_role(service: Address, use) -> None:
    service.emulator.faults.add(Fault(status=403, code="Forbidden", message="Access denied."))
    with pytest.raises(ODataError) as caught:
        use(lambda c: item(c).patch(Session(display_name="x")))
    assert "SecurityCopilotWorkspaces.ReadWrite.All" in str(caught.value)
    assert "Security Copilot Contributor" in str(caught.value)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500, code="UnknownError", message=""),
        Fault(status=500, body=b"", content_type="application/json"),
        Fault(status=500, body=b"<html>oops</html>", content_type="text/html"),
        Fault(status=500, body=b'{"error": "text"}'),
        Fault(status=500, body=b'{"error": {"innerError": {"date": "no date"}}}'),
        Fault(status=500, body=b"{"),
    ],
    ids=["empty message", "empty body", "html", "error is text", "date is none", "cut JSON"],
)
def test_odd_errors_are_errors_with_their_status(service: Address, use, fault: Fault) -> None:
    service.emulator.faults.add(fault)
    with pytest.raises(APIError) as caught:
        use(lambda c: item(c).get())
    assert caught.value.response_status_code == 500
    assert "500" in str(caught.value)


def test_throttled_and_gateway_errors_are_waited_out(service: Address, use) -> None:
    service.emulator.faults.add(Fault.throttled("0"), Fault.gateway())
    assert use(lambda c: item(c).get()).id == ID
    assert [sent.status for sent in service.emulator.journal] == [429, 502, 200]


def test_a_post_is_not_sent_twice_after_503(service: Address, use) -> None:
    service.emulator.faults.add(Fault(status=503, applied=True, headers={"Retry-After": "0"}))
    with pytest.raises(APIError):
        use(lambda c: c.workspaces.by_id("default").sessions.post(Session(display_name="once")))
    assert use(lambda c: c.workspaces.by_id("default").sessions.count.get()) == 2
    assert [sent.verb for sent in service.emulator.journal] == ["POST", "GET"]


@pytest.mark.parametrize("bad", ["", ".", "..", "a\nb", "\x00", "\ud800"])
def test_ids_that_would_go_elsewhere_never_leave(service: Address, use, bad: str) -> None:
    with pytest.raises(ValueError):
        use(lambda c: item(c, bad).get())
    assert len(service.emulator.journal) == 0


@pytest.mark.parametrize("odd", ["a/b", "a b", "50%", "ü", "x?y#z", "a;b", "o'clock"])
def test_other_ids_arrive_as_given(service: Address, use, odd: str) -> None:
    with pytest.raises(ODataError) as caught:
        use(lambda c: item(c, odd).get())
    assert odd in caught.value.error.message


def test_nothing_changed_is_said_and_not_sent(service: Address, use) -> None:
    async def edit(client: SecurityCopilotClient) -> None:
        session = await item(client).get()
        await item(client).patch(session)

    with pytest.raises(ValueError):
        use(edit)
    assert [sent.verb for sent in service.emulator.journal] == ["GET"]
