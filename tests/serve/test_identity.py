"""azure-identity's own credentials against the token service, and its tokens against the emulator."""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    ClientSecretCredential,
    CredentialUnavailableError,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential

from graphslice.api.model import ApiModel, Operation, Permission
from graphslice.serve import Refused, Seed, running
from graphslice.serve.identity import APP_SERVICE_PATH, Application, Identity, IdentityAddress, running_identity

AUDIENCE = "https://library.example"
SCOPE = f"{AUDIENCE}/.default"
GET = Operation(verb="GET", permissions=(Permission("Application", ("Books.Read",)),))


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
    robot = Application(client_id="robot", secret="right", assertion="federated", roles=("Books.Read",))
    return Identity(
        audience=AUDIENCE,
        applications=(robot, Application(client_id="guest", secret="right")),
        managed=Application(client_id="machine", roles=("Books.Read",)),
    )


@pytest.fixture
def service(identity: Identity) -> Iterator[IdentityAddress]:
    with running_identity(identity) as address:
        yield address


def secret_credential(service: IdentityAddress, secret: str = "right", client: str = "robot") -> ClientSecretCredential:
    return ClientSecretCredential(
        service.identity.tenant,
        client,
        secret,
        authority=service.authority,
        connection_verify=service.ca_file,
        disable_instance_discovery=True,
    )


def status_of(identity: Identity, token: str) -> int:
    try:
        identity.check(token, GET)
    except Refused as refused:
        return refused.status
    return 200


def test_good_secret(service: IdentityAddress) -> None:
    with secret_credential(service) as credential:
        token = credential.get_token(SCOPE)
    assert token.expires_on > time.time() + 3000
    assert status_of(service.identity, token.token) == 200
    assert [request.outcome for request in service.identity.requests] == ["granted"]
    assert "right" not in repr(service.identity.requests)


@aiohttp_leaves_sockets
def test_good_secret_async(service: IdentityAddress) -> None:
    async def fetch() -> str:
        async with AsyncClientSecretCredential(
            service.identity.tenant,
            "robot",
            "right",
            authority=service.authority,
            connection_verify=service.ca_file,
            disable_instance_discovery=True,
        ) as credential:
            return (await credential.get_token(SCOPE)).token

    assert status_of(service.identity, asyncio.run(fetch())) == 200


@pytest.mark.parametrize(("client", "secret", "outcome"), [
    ("robot", "wrong", "invalid_client"),
    ("nobody", "right", "unauthorized_client"),
])  # fmt: skip
def test_wrong_secret_and_unknown_client(service: IdentityAddress, client: str, secret: str, outcome: str) -> None:
    with secret_credential(service, secret, client) as credential, pytest.raises(ClientAuthenticationError):
        credential.get_token(SCOPE)
    assert service.identity.requests[-1].outcome == outcome


def test_unknown_tenant(service: IdentityAddress) -> None:
    credential = ClientSecretCredential(
        "00000000-0000-0000-0000-000000000000",
        "robot",
        "right",
        authority=service.authority,
        connection_verify=service.ca_file,
        disable_instance_discovery=True,
    )
    with credential, pytest.raises((ClientAuthenticationError, ValueError)):
        credential.get_token(SCOPE)


def test_certificate_is_checked(service: IdentityAddress) -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{service.authority}/common/discovery/instance", trust_env=False)


def test_workload_identity(service: IdentityAddress, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("federated")
    with WorkloadIdentityCredential(
        tenant_id=service.identity.tenant,
        client_id="robot",
        token_file_path=str(tmp_path / "token"),
        authority=service.authority,
        connection_verify=service.ca_file,
        disable_instance_discovery=True,
    ) as credential:
        assert status_of(service.identity, credential.get_token(SCOPE).token) == 200


def test_managed_identity_of_app_service(service: IdentityAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{service.machine}{APP_SERVICE_PATH}")
    monkeypatch.setenv("IDENTITY_HEADER", service.identity.managed_header)
    with ManagedIdentityCredential() as credential:
        assert status_of(service.identity, credential.get_token(SCOPE).token) == 200
    assert service.identity.requests[-1].grant == "app service"


def test_managed_identity_of_app_service_with_a_wrong_header(
    service: IdentityAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{service.machine}{APP_SERVICE_PATH}")
    monkeypatch.setenv("IDENTITY_HEADER", "guessed")
    with ManagedIdentityCredential() as credential, pytest.raises(ClientAuthenticationError):
        credential.get_token(SCOPE)


def test_managed_identity_of_a_virtual_machine(service: IdentityAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.machine)
    with ManagedIdentityCredential() as credential:
        assert status_of(service.identity, credential.get_token(SCOPE).token) == 200
    assert service.identity.requests[-1].grant == "virtual machine"


def test_machine_without_an_identity(service: IdentityAddress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", service.machine)
    service.identity.managed = None
    with (
        ManagedIdentityCredential() as credential,
        pytest.raises((CredentialUnavailableError, ClientAuthenticationError)),
    ):
        credential.get_token(SCOPE)


def test_tokens_that_do_not_do(service: IdentityAddress) -> None:
    identity = service.identity
    with secret_credential(service) as credential:
        other = credential.get_token("https://other.example/.default").token
        good = credential.get_token(SCOPE).token
    with secret_credential(service, client="guest") as credential:
        guest = credential.get_token(SCOPE).token
    assert status_of(identity, other) == 401
    assert status_of(identity, guest) == 403
    assert status_of(identity, good[:-6] + "AAAAAA") == 401
    assert status_of(identity, "") == 401
    identity.clock = lambda: time.time() + 4000
    assert status_of(identity, good) == 401


def test_claims_challenge_is_met_by_a_new_token(service: IdentityAddress) -> None:
    with secret_credential(service) as credential:
        first = credential.get_token(SCOPE, enable_cae=True).token
        service.identity.revoke()
        with pytest.raises(Refused) as caught:
            service.identity.check(first, GET)
        wanted = re.search(r'claims="([^"]+)"', caught.value.headers["WWW-Authenticate"])
        assert wanted
        claims = base64.b64decode(wanted[1]).decode()
        assert json.loads(claims)["access_token"]["nbf"]["essential"] is True
        second = credential.get_token(SCOPE, claims=claims, enable_cae=True).token
    assert status_of(service.identity, second) == 200
    assert '"nbf"' in service.identity.requests[-1].claims


def test_openid_metadata_names_real_endpoints(service: IdentityAddress) -> None:
    import ssl

    context = ssl.create_default_context(cafile=service.ca_file)
    with httpx.Client(verify=context, trust_env=False) as client:
        root = f"{service.authority}/{service.identity.tenant}"
        metadata = client.get(f"{root}/v2.0/.well-known/openid-configuration").json()
        keys = client.get(metadata["jwks_uri"]).json()["keys"]
    assert metadata["token_endpoint"] == f"{root}/oauth2/v2.0/token"
    assert keys[0]["alg"] == "ES256"


def test_emulator_takes_the_tokens_of_its_tenant_only(service: IdentityAddress, model: ApiModel, seed: Seed) -> None:
    with secret_credential(service) as credential:
        token = credential.get_token(SCOPE).token
    with (
        running(model, seed=seed, auth=service.identity.check) as address,
        httpx.Client(base_url=address.base_url, trust_env=False) as client,
    ):
        good = client.get("/branch", headers={"Authorization": f"Bearer {token}"})
        bad = client.get("/branch", headers={"Authorization": "Bearer made-up"})
    assert (good.status_code, bad.status_code) == (200, 401)
    assert bad.json()["error"]["code"] == "InvalidAuthenticationToken"
