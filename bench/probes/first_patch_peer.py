"""From the start of Python to the first parsed PATCH, with the peer."""

import asyncio
import json
import sys

import httpx
import payload
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from msgraph_beta import GraphRequestAdapter, GraphServiceClient
from msgraph_beta.generated.models.security.security_copilot.session import Session


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=payload.ONE, headers={"Content-Type": "application/json"})


async def main(mode: str) -> None:
    if mode == "mock":
        http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), http)
    else:
        from azure.identity import ClientSecretCredential

        ClientSecretCredential("tenant", "client", "secret")
        adapter = GraphRequestAdapter(AnonymousAuthenticationProvider())
        adapter.base_url = sys.argv[2]
    client = GraphServiceClient(request_adapter=adapter)
    item = client.security.security_copilot.workspaces.by_workspace_id("default").sessions
    renamed = await item.by_session_id(payload.SESSION).patch(Session(display_name="x"))
    assert renamed is not None and renamed.display_name == "API Test: Who am I?"
    print(json.dumps({"modules": len(sys.modules)}))


asyncio.run(main(sys.argv[1]))
