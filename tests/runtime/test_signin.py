"""Tokens: who is asked, how often, and where they go."""

from __future__ import annotations

import asyncio
import base64
import threading
import time
from typing import Any

import pytest
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    AnonymousAuthenticationProvider,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.request_information import RequestInformation
from kiota_http.httpx_request_adapter import HttpxRequestAdapter
from sample_client._runtime.auth import CredentialProvider, challenged_claims, checked_base_url
from sample_client._runtime.errors import HostRefused, SignInFailed
from sample_client.library_client import LibraryClient
from sample_client.models.library_error import LibraryError

SHELF = '{"id": "1"}'
CLAIMS = base64.b64encode(b'{"access_token": {"nbf": {"essential": true}}}').decode()


async def get(client: Any) -> Any:
    return await client.shelves.by_shelf_id("1").get()


def test_a_synchronous_credential_is_asked_once_and_not_on_the_loop(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF)]
    threads: list[int] = []

    class Slow:
        def get_token(self, *scopes: str, **options: Any) -> Any:
            threads.append(threading.get_ident())
            time.sleep(0.1)
            return type("Token", (), {"token": "t", "expires_on": int(time.time()) + 3600})()

    async def use(client: Any) -> None:
        await asyncio.gather(*(get(client) for _ in range(20)))
        await get(client)

    call(use, credentials=Slow())
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()
    assert len(service.seen) == 21


def test_a_call_that_begins_when_the_token_has_just_come_does_not_ask_again() -> None:
    asked: list[asyncio.Task[None]] = []

    class Credential:
        async def get_token(self, *scopes: str, **options: Any) -> Any:
            asyncio.get_running_loop().call_soon(sign)  # runs before those who wait for the token are told
            return type("Token", (), {"token": "t", "expires_on": int(time.time()) + 3600})()

    provider = CredentialProvider(Credential(), ["scope"])

    def sign() -> None:
        asked.append(asyncio.get_running_loop().create_task(provider.authenticate_request(RequestInformation())))

    async def main() -> None:
        sign()
        while not all(task.done() for task in asked):
            await asyncio.sleep(0)

    asyncio.run(main())
    assert len(asked) == 2


def test_an_asynchronous_credential_and_own_scopes(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF)]
    asked: list[Any] = []

    class Async:
        async def get_token(self, *scopes: str, **options: Any) -> Any:
            asked.append((scopes, options))
            return type("Token", (), {"token": "async-token", "expires_on": int(time.time()) + 3600})()

    call(get, credentials=Async(), scopes=["api://library/.default"])
    assert asked == [(("api://library/.default",), {"enable_cae": True})]
    assert service.seen[0].headers["authorization"] == "Bearer async-token"


def test_a_token_that_runs_out_is_asked_for_again(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF)]
    asked: list[int] = []

    class Short:
        def get_token(self, *scopes: str, **options: Any) -> Any:
            asked.append(1)
            return type("Token", (), {"token": f"t{len(asked)}", "expires_on": int(time.time()) + 60})()

    async def use(client: Any) -> None:
        await get(client)
        await get(client)

    call(use, credentials=Short())
    assert [seen.headers["authorization"] for seen in service.seen] == ["Bearer t1", "Bearer t2"]


@pytest.mark.parametrize("token", ["", None, 5, "a\r\nb"])
def test_without_a_token_nothing_is_sent(call: Any, service: Any, make_credential: Any, token: Any) -> None:
    with pytest.raises(SignInFailed, match="not sent"):
        call(get, credentials=make_credential(token))
    assert service.seen == []


def test_a_credential_that_fails_is_told_without_its_secrets(call: Any, service: Any) -> None:
    class Failing:
        def get_token(self, *scopes: str, **options: Any) -> Any:
            raise RuntimeError("no such tenant\nclient_secret=hunter2")

    with pytest.raises(SignInFailed) as caught:
        call(get, credentials=Failing())
    assert "GET /shelves/{shelf-id}: RuntimeError: no such tenant" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert service.seen == []


@pytest.mark.parametrize(
    "header",
    [
        f'Bearer realm="", error="insufficient_claims", claims="{CLAIMS}"',
        f'PoP nonce="x", Bearer error="insufficient_claims", claims="{CLAIMS.rstrip("=")}"',
    ],
)
def test_a_claims_challenge_is_met_once(call: Any, service: Any, reply: Any, credential: Any, header: str) -> None:
    challenge = reply(401, '{"error": {"code": "c", "message": "m"}}', headers={"WWW-Authenticate": header})
    service.replies = [challenge, reply(body=SHELF), challenge]

    async def use(client: Any) -> None:
        item = client.shelves.by_shelf_id("1")
        assert (await item.patch(display_name="x")).id == "1"
        with pytest.raises(LibraryError):
            await item.patch(display_name="x")

    call(use)
    claims = [options.get("claims") for _, options in credential.asked]
    assert claims == [
        None,
        '{"access_token": {"nbf": {"essential": true}}}',
        '{"access_token": {"nbf": {"essential": true}}}',
    ]
    assert len(service.seen) == 4
    assert service.seen[0].body == service.seen[1].body


class Tokens(AccessTokenProvider):
    """Another token each time."""

    def __init__(self) -> None:
        self.asked = 0

    async def get_authorization_token(self, uri: str, additional_authentication_context: Any = None) -> str:
        self.asked += 1
        return f"token-{self.asked}"

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        return AllowedHostsValidator([])


@pytest.mark.parametrize("claims", [True, False])
def test_a_request_is_signed_anew_whoever_signs(
    call: Any, service: Any, reply: Any, monkeypatch: pytest.MonkeyPatch, claims: bool
) -> None:
    # Kiota's own provider leaves a request alone that has a token already.
    monkeypatch.setattr("sample_client._runtime.sending._KEPT_TOKEN_SECONDS", 0.0)
    challenge = {"WWW-Authenticate": f'Bearer error="insufficient_claims", claims="{CLAIMS}"'}
    first = reply(401, "{}", headers=challenge) if claims else reply(429, "{}", headers={"Retry-After": "0.01"})
    service.replies = [first, reply(body=SHELF)]
    call(get, credentials=None, authentication_provider=BaseBearerTokenAuthenticationProvider(Tokens()))
    assert [seen.headers["authorization"] for seen in service.seen] == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize("header", ['Bearer claims="%%%"', 'Bearer claims="/w=="', "Bearer", 'Basic realm="claims"'])
def test_a_challenge_that_nobody_can_read_is_the_error_that_it_is(
    call: Any, service: Any, reply: Any, header: str
) -> None:
    assert challenged_claims([header]) is None
    service.replies = [reply(401, '{"error": {"code": "c", "message": "m"}}', headers={"WWW-Authenticate": header})]
    with pytest.raises(LibraryError, match="401 c: m"):
        call(get)
    assert len(service.seen) == 1


def test_tokens_do_not_go_to_other_hosts(call: Any, service: Any, credential: Any) -> None:
    with pytest.raises(HostRefused):
        call(lambda c: c.shelves.with_url("https://evil.example/shelves").get())
    assert credential.asked == [] or service.seen == []


def test_further_hosts_are_allowed_by_name(service: Any, reply: Any, credential: Any) -> None:
    service.replies = [reply(body='{"value": []}')]

    async def main() -> None:
        async with service.running():
            options: Any = {"base_url": "http://127.0.0.1:1", "allowed_hosts": [service.url]}
            async with LibraryClient(credentials=credential, **options) as client:
                await client.shelves.with_url(f"{service.url}/x").get()

    asyncio.run(main())
    assert service.seen[0].target == "/x"


# -------------------------------------------------------------------------------------------------- base URL, clouds


@pytest.mark.parametrize(
    "url",
    [
        "http://library.example/v1",
        "https://u:p@library.example",
        "https://l.example/?a=1",
        "https://l.example/#f",
        "ftp://x",
        "/v1",
        "https:\\\\x",
    ],
)
def test_base_urls_that_would_leak_or_mislead_are_refused(url: str, credential: Any) -> None:
    with pytest.raises(ValueError):
        LibraryClient(credentials=credential, base_url=url)


def test_base_urls_are_made_tidy() -> None:
    assert checked_base_url("https://l.example/v1//", signed=True) == "https://l.example/v1"
    assert checked_base_url("http://[::1]:80/", signed=True) == "http://[::1]:80"


def test_a_cloud_sets_host_and_scope(credential: Any) -> None:
    class Everywhere(LibraryClient):
        _settings = type(LibraryClient._settings)(base_url=LibraryClient._settings.base_url, authentication="azure")

    client = Everywhere(credentials=credential, cloud="us_gov_l4")
    assert client.request_adapter.base_url == "https://graph.microsoft.us/beta"
    provider: Any = client._owned[0]
    assert provider._scopes == ["https://graph.microsoft.us/.default"]


def test_a_cloud_that_lacks_the_api_is_refused_with_the_reason(credential: Any) -> None:
    with pytest.raises(ValueError, match=r"not offered in china, only in: global"):
        LibraryClient(credentials=credential, cloud="china")
    with pytest.raises(ValueError, match="us_gov_l4"):
        LibraryClient(credentials=credential, cloud="mars")


def test_without_arguments_the_default_credential_signs_in() -> None:
    from azure.identity import DefaultAzureCredential

    client = LibraryClient()
    provider: Any = client._owned[0]
    assert isinstance(provider._credential, DefaultAzureCredential)
    asyncio.run(client.aclose())


def test_credentials_may_stand_where_microsofts_root_takes_them(credential: Any) -> None:
    root: Any = LibraryClient
    client = root(credential, ["scope"])
    assert client._owned[0]._scopes == ["scope"]
    with pytest.raises(TypeError):
        root(object())


def test_an_adapter_brings_its_own_settings(credential: Any) -> None:
    adapter = HttpxRequestAdapter(AnonymousAuthenticationProvider())
    with pytest.raises(TypeError, match="credentials"):
        LibraryClient(adapter, credentials=credential)


def test_who_gives_up_waiting_for_a_token_does_not_take_it_from_others(call: Any, service: Any, reply: Any) -> None:
    service.replies = [reply(body=SHELF)]
    asked: list[int] = []

    class Slow:
        async def get_token(self, *scopes: str, **options: Any) -> Any:
            asked.append(1)
            await asyncio.sleep(0.1)
            return type("Token", (), {"token": "t", "expires_on": int(time.time()) + 3600})()

    async def use(client: Any) -> None:
        first, second = asyncio.ensure_future(get(client)), asyncio.ensure_future(get(client))
        await asyncio.sleep(0.05)
        first.cancel()
        assert (await second).id == "1"
        with pytest.raises(asyncio.CancelledError):
            await first

    call(use, credentials=Slow())
    assert asked == [1]
