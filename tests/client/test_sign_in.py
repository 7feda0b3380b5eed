"""Sign-in end to end: azure-identity's own credentials, a token service over TLS, the generated client."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential, ManagedIdentityCredential
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential
from kiota_abstractions.api_error import APIError

from graphslice.api.model import ApiModel
from graphslice.config import Slice
from graphslice.serve import Address, Seed, running
from graphslice.serve.identity import APP_SERVICE_PATH, Application, Identity, IdentityAddress, running_identity
from msgraph_security_copilot import SecurityCopilotClient

ROLES = ("SecurityCopilotWorkspaces.Read.All", "SecurityCopilotWorkspaces.ReadWrite.All")


# aiohttp ends its TLS connections in the background, which asyncio.run does not wait for: nothing of ours is open.
aiohttp_leaves_sockets = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """Have what a test leaves behind reported by that test and not by a later one."""
    yield
    gc.collect()


@pytest.fixture
def identity() -> Identity:
    return Identity(
        audience="https://graph.microsoft.com",
        applications=(
            Application(client_id="robot", secret="right", roles=ROLES),
            Application(client_id="reader", secret="right", roles=ROLES[:1]),
        ),
        managed=Application(client_id="machine", roles=ROLES),
    )


@pytest.fixture
def tokens(identity: Identity) -> Iterator[IdentityAddress]:
    with running_identity(identity) as address:
        yield address


@pytest.fixture
def graph(model: ApiModel, wanted: Slice, seed: Seed, identity: Identity) -> Iterator[Address]:
    """The emulator, taking the tokens of its tenant only."""
    with running(model, base_url=wanted.base_url or "", seed=seed, auth=identity.check) as address:
        yield address


def secret(tokens: IdentityAddress, secret: str = "right", client: str = "robot", kind=ClientSecretCredential):
    return kind(
        tokens.identity.tenant,
        client,
        secret,
        authority=tokens.authority,
        connection_verify=tokens.ca_file,
        disable_instance_discovery=True,
    )


def names(graph: Address, credential: object, scopes: list[str] | None = None) -> list[str | None]:
    async def main() -> list[str | None]:
        async with SecurityCopilotClient(credentials=credential, scopes=scopes, base_url=graph.base_url) as client:
            page = await client.workspaces.get()
            return [workspace.id for workspace in page.value]

    return asyncio.run(main())


def test_good_secret(graph: Address, tokens: IdentityAddress) -> None:
    with secret(tokens) as credential:
        assert names(graph, credential) == ["default"]
    assert [request.scope for request in tokens.identity.requests] == ["https://graph.microsoft.com/.default"]


@aiohttp_leaves_sockets
def test_good_secret_of_an_async_credential(graph: Address, tokens: IdentityAddress) -> None:
    async def main() -> list[str | None]:
        async with (
            secret(tokens, kind=AsyncClientSecretCredential) as credential,
            SecurityCopilotClient(credentials=credential, base_url=graph.base_url) as client,
        ):
            page = await client.workspaces.get()
            return [workspace.id for workspace in page.value]

    assert asyncio.run(main()) == ["default"]


def test_wrong_secret_sends_nothing(graph: Address, tokens: IdentityAddress) -> None:
    with secret(tokens, "wrong-canary") as credential, pytest.raises(Exception) as caught:
        names(graph, credential)
    chain = [caught.value, caught.value.__cause__]
    assert any(isinstance(error, ClientAuthenticationError) for error in chain)
    assert "wrong-canary" not in str(caught.value)
    assert len(graph.emulator.journal) == 0


def test_managed_identity(graph: Address, tokens: IdentityAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{tokens.machine}{APP_SERVICE_PATH}")
    monkeypatch.setenv("IDENTITY_HEADER", tokens.identity.managed_header)
    with ManagedIdentityCredential() as credential:
        assert names(graph, credential) == ["default"]


def test_expired_token(graph: Address, tokens: IdentityAddress) -> None:
    with secret(tokens) as credential:
        assert names(graph, credential) == ["default"]
        tokens.identity.clock = lambda: time.time() + 4000
        with pytest.raises(APIError) as caught:
            names(graph, credential)
    assert caught.value.response_status_code == 401
    assert "expired" in str(caught.value)


def test_wrong_audience(graph: Address, tokens: IdentityAddress) -> None:
    with secret(tokens) as credential, pytest.raises(APIError) as caught:
        names(graph, credential, scopes=["https://other.example/.default"])
    assert caught.value.response_status_code == 401
    assert "audience" in str(caught.value)


def test_missing_permission(graph: Address, tokens: IdentityAddress) -> None:
    async def create(credential: object) -> None:
        from msgraph_security_copilot.models.security.security_copilot.session import Session

        async with SecurityCopilotClient(credentials=credential, base_url=graph.base_url) as client:
            await client.workspaces.by_id("default").sessions.post(Session(display_name="x"))

    with secret(tokens, client="reader") as credential, pytest.raises(APIError) as caught:
        asyncio.run(create(credential))
    assert caught.value.response_status_code == 403
    assert "SecurityCopilotWorkspaces.ReadWrite.All" in str(caught.value)


@aiohttp_leaves_sockets
@pytest.mark.parametrize("kind", [ClientSecretCredential, AsyncClientSecretCredential])
def test_claims_challenge_is_answered_once(graph: Address, tokens: IdentityAddress, kind) -> None:
    async def main() -> list[str | None]:
        credential = secret(tokens, kind=kind)
        try:
            async with SecurityCopilotClient(credentials=credential, base_url=graph.base_url) as client:
                await client.workspaces.get()
                tokens.identity.revoke()
                page = await client.workspaces.get()
                return [workspace.id for workspace in page.value]
        finally:
            closed = credential.close()
            if closed is not None:
                await closed

    assert asyncio.run(main()) == ["default"]
    assert [sent.status for sent in graph.emulator.journal] == [200, 401, 200]
    assert '"nbf"' in tokens.identity.requests[-1].claims


def test_the_token_is_in_no_message_and_no_log(
    graph: Address, tokens: IdentityAddress, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    issued: list[str] = []

    class Watching:
        def __init__(self, inner: object) -> None:
            self.inner = inner

        def get_token(self, *scopes: str, **options: object):
            token = self.inner.get_token(*scopes, **options)
            issued.append(token.token)
            return token

    with secret(tokens) as credential:
        names(graph, Watching(credential))
    assert issued
    assert all(token not in caplog.text for token in issued)


@pytest.mark.parametrize("kind", ["transport", "http_client"])
def test_the_callers_connections_carry_the_token_request_too(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    host = "https://login.microsoftonline.com/tenant"
    for name, value in (("TENANT_ID", "tenant"), ("CLIENT_ID", "robot"), ("CLIENT_SECRET", "right")):
        monkeypatch.setenv(f"AZURE_{name}", value)
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.host}{request.url.path}")
        assert request.extensions["timeout"]["read"] == 30.0
        if request.url.path.endswith("/token"):
            assert b"client_secret=right" in request.content
            return httpx.Response(200, json={"access_token": "good", "expires_in": 3600, "token_type": "Bearer"})
        if request.url.host == "login.microsoftonline.com":
            ends = {"authorization_endpoint": f"{host}/authorize", "token_endpoint": f"{host}/token", "issuer": host}
            return httpx.Response(200, json={**ends, "tenant_discovery_endpoint": f"{host}/d", "metadata": []})
        assert request.headers["authorization"] == "Bearer good"
        return httpx.Response(200, json={"value": [{"id": "default"}]})

    async def main() -> None:
        transport = httpx.MockTransport(answer)
        async with httpx.AsyncClient(transport=transport) as http:
            given = {"transport": transport} if kind == "transport" else {"http_client": http}
            async with SecurityCopilotClient(**given) as client:
                page = await client.workspaces.get()
                assert [workspace.id for workspace in page.value] == ["default"]

    asyncio.run(main())
    assert "POST login.microsoftonline.com/tenant/token" in seen
    assert seen[-1] == "GET graph.microsoft.com/beta/security/securityCopilot/workspaces"
