"""A token service on loopback that azure-identity's own credentials talk to, unmodified.

It speaks what they use: OpenID metadata, instance discovery, the OAuth 2.0 client credentials grant (secret or
federated assertion) over TLS, and the managed identity endpoints of virtual machines and of App Service, which are
plain HTTP in the real world too. `Identity.check` judges the tokens in front of an emulator.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import secrets
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import trustme
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graphslice.api.model import Operation
from graphslice.serve.refusals import Refused
from graphslice.serve.server import Certificate, running_app
from graphslice.serve.tokens import Claims, TokenKey

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CLIENT_SCHEME = "Application"
_MAX_FORM = 64 << 10
APP_SERVICE_PATH = "/msi/token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A registered application: how it proves who it is, and which application permissions it was granted."""

    client_id: str
    secret: str = ""
    assertion: str = ""
    """The federated token that it presents instead of a secret."""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What was asked of the token service; secrets are not kept."""

    grant: str
    client_id: str
    scope: str
    claims: str
    outcome: str
    """``granted`` or the OAuth error."""


@dataclass(slots=True, kw_only=True)
class Identity:
    """A tenant: its applications, the tokens it signs and what it holds against those that it has signed before."""

    audience: str
    """The only audience that the API takes, as ``https://host``."""
    applications: tuple[Application, ...] = ()
    managed: Application | None = None
    """Who the machine itself is; None: it has no managed identity."""
    managed_header: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    """The secret of the App Service endpoint."""
    tenant: str = field(default_factory=lambda: str(uuid.uuid4()))
    lifetime: int = 3600
    clock: Callable[[], float] = time.time
    requests: list[TokenRequest] = field(default_factory=list)
    _key: TokenKey = field(default_factory=TokenKey)
    _not_before: int | None = None

    # ------------------------------------------------------------------------------------------------- judging

    def check(self, token: str, operation: Operation) -> None:
        """Judge a bearer token for an operation (a `TokenCheck`)."""
        claims = self._key.read(token)
        if claims is None:
            raise _unauthorized("The token is not signed by the tenant.")
        if claims["aud"] != self.audience:
            raise _unauthorized("The token is meant for another audience.")
        if claims["exp"] <= self.clock():
            raise _unauthorized("The token has expired.")
        if self._not_before is not None and claims.get("nbf_claim") != str(self._not_before):
            raise self._challenge(self._not_before)
        allowed = [scopes for scheme, scopes in _granted(operation) if scheme == _CLIENT_SCHEME]
        if allowed and not any(role in scopes for scopes in allowed for role in claims["roles"]):
            raise Refused(
                403,
                "Authorization_RequestDenied",
                f"The application lacks one of these permissions: {', '.join(sorted(allowed[0]))}.",
            )

    def revoke(self) -> None:
        """Hold all tokens so far invalid; a client gets a claims challenge (continuous access evaluation)."""
        self._not_before = int(self.clock())

    def token(self, application: Application, audience: str, nbf_claim: str = "") -> str:
        """Sign a token, as the endpoints do."""
        now = int(self.clock())
        claims: Claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{self.tenant}/",
            "iat": now,
            "nbf": now,
            "exp": now + self.lifetime,
            "appid": application.client_id,
            "tid": self.tenant,
            "roles": list(application.roles),
            "jti": str(uuid.uuid4()),
        }
        return self._key.sign({**claims, "nbf_claim": nbf_claim} if nbf_claim else claims)

    def _challenge(self, moment: int) -> Refused:
        wanted = {"access_token": {"nbf": {"essential": True, "value": str(moment)}}}
        claims = base64.b64encode(json.dumps(wanted).encode()).decode()
        header = f'Bearer realm="", error="insufficient_claims", claims="{claims}"'
        return Refused(
            401, "InvalidAuthenticationToken", "Continuous access evaluation asks for a new token.",
            {"WWW-Authenticate": header},
        )  # fmt: skip

    # ----------------------------------------------------------------------------------------------- endpoints

    def app(self) -> Starlette:
        """Make the application that serves the endpoints."""
        return Starlette(
            routes=[
                Route("/common/discovery/instance", self._discover),
                Route("/{tenant}/v2.0/.well-known/openid-configuration", self._metadata),
                Route("/{tenant}/discovery/v2.0/keys", self._keys),
                Route("/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
                Route("/metadata/identity/oauth2/token", self._virtual_machine),
                Route(APP_SERVICE_PATH, self._app_service),
            ]
        )

    async def _discover(self, request: Request) -> Response:
        host = request.url.netloc
        entry = {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
        endpoint = f"{request.url.scheme}://{host}/{self.tenant}/v2.0/.well-known/openid-configuration"
        return JSONResponse({"api-version": "1.1", "tenant_discovery_endpoint": endpoint, "metadata": [entry]})

    async def _metadata(self, request: Request) -> Response:
        if request.path_params["tenant"] != self.tenant:
            return self._refuse("invalid_tenant", "There is no such tenant.", TokenRequest("", "", "", "", ""), 400)
        root = f"{request.url.scheme}://{request.url.netloc}/{self.tenant}"
        return JSONResponse(
            {
                "issuer": f"{root}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
                "jwks_uri": f"{root}/discovery/v2.0/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            }
        )

    async def _keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self._key.public()]})

    async def _token(self, request: Request) -> Response:
        content = await request.body()
        if len(content) > _MAX_FORM:
            return Response(status_code=413)
        form = {name: values[-1] for name, values in parse_qs(content.decode("utf-8", "replace")).items()}
        grant, client_id, scope = (form.get(name, "") for name in ("grant_type", "client_id", "scope"))
        asked = TokenRequest(grant, client_id, scope, form.get("claims", ""), "granted")
        if request.path_params["tenant"] != self.tenant:
            return self._refuse("invalid_tenant", "There is no such tenant.", asked, 400)
        if grant != "client_credentials":
            return self._refuse("unsupported_grant_type", "Only client credentials are known here.", asked, 400)
        application = next((known for known in self.applications if known.client_id == client_id), None)
        if application is None:
            return self._refuse("unauthorized_client", "The application is not registered in the tenant.", asked, 400)
        if not _proven(application, form):
            return self._refuse("invalid_client", "The application did not prove who it is.", asked, 401)
        audience, suffix, _ = scope.partition("/.default")
        if not suffix:
            return self._refuse("invalid_scope", "The scope has to end in /.default.", asked, 400)
        self.requests.append(asked)
        return JSONResponse(self._granted(application, audience, asked.claims), headers={"Cache-Control": "no-store"})

    async def _virtual_machine(self, request: Request) -> Response:
        if request.headers.get("metadata", "").lower() != "true" or "x-forwarded-for" in request.headers:
            return JSONResponse({"error": "invalid_request", "error_description": "Required metadata header"}, 400)
        return self._of_machine(request, "virtual machine")

    async def _app_service(self, request: Request) -> Response:
        sent = request.headers.get("x-identity-header", "")
        if not hmac.compare_digest(sent.encode(), self.managed_header.encode()):
            return JSONResponse({"statusCode": 401, "message": "The identity header is wrong."}, 401)
        return self._of_machine(request, "app service")

    def _of_machine(self, request: Request, grant: str) -> Response:
        resource = request.query_params.get("resource", "")
        wanted = request.query_params.get("client_id", "")
        if self.managed is None or wanted not in {"", self.managed.client_id}:
            asked = TokenRequest(grant, wanted, resource, "", "")
            return self._refuse("invalid_request", "Identity not found", asked, 400)
        self.requests.append(TokenRequest(grant, self.managed.client_id, resource, "", "granted"))
        answer = self._granted(self.managed, resource.rstrip("/"), "")
        expires = int(self.clock()) + self.lifetime
        return JSONResponse({**answer, "resource": resource, "expires_on": str(expires)})

    def _granted(self, application: Application, audience: str, claims: str) -> Claims:
        return {
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "ext_expires_in": self.lifetime,
            "access_token": self.token(application, audience, _asked_not_before(claims)),
        }

    def _refuse(self, error: str, text: str, asked: TokenRequest, status: int) -> Response:
        self.requests.append(TokenRequest(asked.grant, asked.client_id, asked.scope, asked.claims, error))
        ids = {"trace_id": str(uuid.uuid4()), "correlation_id": str(uuid.uuid4())}
        return JSONResponse({"error": error, "error_description": text, **ids}, status)


@dataclass(frozen=True, slots=True)
class IdentityAddress:
    """A running token service."""

    identity: Identity
    authority: str
    """What a credential takes as `authority`: ``https://localhost:PORT``."""
    ca_file: str
    """What it takes as `connection_verify`."""
    machine: str
    """Origin of the managed identity endpoints, plain HTTP."""


@contextlib.contextmanager
def running_identity(identity: Identity) -> Iterator[IdentityAddress]:
    """Serve a token service for as long as the block lasts, with a certificate made for the occasion."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="graphslice-")))
        authority = trustme.CA()
        own = authority.issue_cert("localhost", "127.0.0.1")
        files = {name: folder / f"{name}.pem" for name in ("authority", "chain", "key")}
        authority.cert_pem.write_to_path(files["authority"])
        own.private_key_pem.write_to_path(files["key"])
        for at, blob in enumerate(own.cert_chain_pems):
            blob.write_to_path(files["chain"], append=at > 0)
        app = identity.app()
        secure = stack.enter_context(running_app(app, {}, certificate=Certificate(files["chain"], files["key"])))
        machine = stack.enter_context(running_app(app, {}))
        yield IdentityAddress(identity, secure, str(files["authority"]), machine)


def _proven(application: Application, form: dict[str, str]) -> bool:
    if form.get("client_assertion_type") == _ASSERTION:
        given, known = form.get("client_assertion", ""), application.assertion
    else:
        given, known = form.get("client_secret", ""), application.secret
    return bool(known) and hmac.compare_digest(given.encode(), known.encode())


def _asked_not_before(claims: str) -> str:
    """Give the moment that a claims request names: the answer to the challenge."""
    try:
        return str(json.loads(claims or "{}")["access_token"]["nbf"]["value"])
    except (ValueError, KeyError, TypeError):
        return ""


def _granted(operation: Operation) -> Iterator[tuple[str, tuple[str, ...]]]:
    for permission in operation.permissions:
        yield permission.scheme, permission.scopes


def _unauthorized(message: str) -> Refused:
    header = 'Bearer realm="", error="invalid_token"'
    return Refused(401, "InvalidAuthenticationToken", message, {"WWW-Authenticate": header})
