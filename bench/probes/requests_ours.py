"""PATCH requests per second with our client; `raw`: the same bytes through httpx alone."""

import asyncio
import json
import sys

import httpx
import payload
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from rates import rates

from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.session import Session


async def raw(url: str) -> None:
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    async with httpx.AsyncClient(limits=limits, trust_env=False) as client:

        async def patch() -> None:
            response = await client.patch(f"{url}/{payload.URL}", json={"displayName": "x"})
            assert response.json()["displayName"]

        print(json.dumps(await rates(patch)))


async def main(url: str, kind: str) -> None:
    if kind == "raw":
        return await raw(url)
    provider = AnonymousAuthenticationProvider()
    if kind == "kiota":
        from kiota_http.httpx_request_adapter import HttpxRequestAdapter

        adapter = HttpxRequestAdapter(provider)
        adapter.base_url = url
        client = SecurityCopilotClient(adapter)
    else:
        client = SecurityCopilotClient(authentication_provider=provider, base_url=url, transport=kind)
    item = client.security.security_copilot.workspaces.by_workspace_id("default").sessions

    async def patch() -> None:
        renamed = await item.by_session_id(payload.SESSION).patch(Session(display_name="x"))
        assert renamed is not None

    print(json.dumps(await rates(patch)))
    await client.aclose()


asyncio.run(main(sys.argv[1], sys.argv[2]))
