"""Rename a Security Copilot session and show what went over the wire.

Without anything else it starts the emulator on a free port of this machine and renames the session that is there.
With LIVE=1 it goes to Microsoft Graph, signed in by DefaultAzureCredential:

    LIVE=1 python examples/rename_session.py --workspace default --session <id> --name "Triage, Tuesday"
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from kiota_abstractions.api_error import APIError

from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.session import Session

ROOT = Path(__file__).resolve().parent.parent
SLICE = ROOT / "metadata" / "security-copilot.toml"
SEED = ROOT / "examples" / "security-copilot.seed.json"
PERMISSION = "SecurityCopilotWorkspaces.ReadWrite.All"
ROLE = "Security Copilot Contributor"
SHOWN_HEADERS = ("authorization", "content-type", "accept", "client-request-id", "request-id", "retry-after")


class Wire(httpx.AsyncBaseTransport):
    """Shows every request and its answer; sends it to `instead`, if given, and to where it is addressed otherwise."""

    def __init__(self, instead: str | None = None) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._instead = httpx.URL(instead) if instead else None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, print both sides."""
        print(f"{request.method} {request.url}")
        if self._instead is not None:
            # The request stays as it is, its Host header too: only the connection is made to another machine.
            addressed = request.url
            request.url = addressed.copy_with(
                scheme=self._instead.scheme, host=self._instead.host, port=self._instead.port
            )
            print(f"    (connected to {self._instead} in place of {addressed.scheme}://{addressed.host})")
        show(request.headers, await request.aread())
        response = await self._inner.handle_async_request(request)
        content = await response.aread()
        print(f"{response.status_code} {response.reason_phrase}")
        show(response.headers, content)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def show(headers: httpx.Headers, content: bytes) -> None:
    """Print the headers that matter and the body, without the token."""
    for name in SHOWN_HEADERS:
        if name in headers:
            print(f"    {name.title()}: {'Bearer [redacted]' if name == 'authorization' else headers[name]}")
    if content:
        try:
            text = json.dumps(json.loads(content), indent=2, ensure_ascii=False)
        except ValueError:
            text = content[:500].decode("utf-8", "replace")
        print()
        print("\n".join(f"    {line}" for line in text.splitlines()))
    print()


class MadeUpToken:
    """A credential for the emulator, which takes any token."""

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        """Give a token that is worth nothing anywhere else."""
        return AccessToken("made-up", int(time.time()) + 3600)


@contextlib.contextmanager
def emulator() -> Iterator[str]:
    """Run the emulator of the slice; gives its origin."""
    from graphslice.pipeline import read_model
    from graphslice.serve import Seed, running
    from graphslice.slice_file import load_slice

    wanted = load_slice(SLICE)
    with running(read_model(wanted), base_url=wanted.base_url or "", seed=Seed.load(SEED)) as address:
        yield address.origin


async def rename(client: SecurityCopilotClient, workspace: str, session: str, name: str) -> Session | None:
    """Rename one session: the one line that all this is about."""
    return await client.workspaces.by_id(workspace).sessions.by_id(session).patch(Session(display_name=name))


async def run(wanted: argparse.Namespace, instead: str | None) -> int:
    """Rename the session and print it; gives the exit code."""
    credentials = MadeUpToken() if instead else None  # None: DefaultAzureCredential
    async with Wire(instead) as wire, SecurityCopilotClient(credentials=credentials, transport=wire) as client:
        try:
            session = await rename(client, wanted.workspace, wanted.session, wanted.name)
        except ClientAuthenticationError as fault:
            print(f"Signing in failed: {str(fault).splitlines()[0]}\n{needed()}", file=sys.stderr)
            return 1
        except APIError as fault:
            print(fault, file=sys.stderr)
            if fault.response_status_code in {401, 403}:
                print(needed(), file=sys.stderr)
            return 1
    if session is None:
        print("Renamed; the service sent no session back.")
        return 0
    print("The session now:")
    for field in ("id", "display_name", "created_date_time", "last_modified_date_time"):
        value = getattr(session, field)
        shown = value.isoformat() if isinstance(value, datetime) else value
        print(f"    {field:<24} {type(value).__name__:<10} {shown}")
    return 0


def needed() -> str:
    """Say what a caller needs."""
    return (
        f"Renaming a session needs the permission {PERMISSION} (delegated or application, consented by an\n"
        f"administrator) and, for a signed-in user, the role {ROLE}."
    )


def main() -> int:
    """Read the arguments and go."""
    parser = argparse.ArgumentParser(description="Rename a Security Copilot session.")
    parser.add_argument("--workspace", default="default")
    parser.add_argument("--session", default="ecdfb9b3-58f5-457f-a18c-4a477890b252")
    parser.add_argument("--name", default="API Test: Who am I?")
    wanted = parser.parse_args()
    if os.environ.get("LIVE") == "1":
        return asyncio.run(run(wanted, None))
    with emulator() as origin:
        print(f"The emulator stands in for Microsoft Graph on {origin}. LIVE=1 goes to Microsoft Graph itself.\n")
        return asyncio.run(run(wanted, origin))


if __name__ == "__main__":
    sys.exit(main())
