"""PATCH requests per second with the peer."""

import asyncio
import json
import sys

import payload
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from msgraph_beta import GraphRequestAdapter, GraphServiceClient
from msgraph_beta.generated.models.security.security_copilot.session import Session
from rates import rates


async def main(url: str) -> None:
    adapter = GraphRequestAdapter(AnonymousAuthenticationProvider())
    adapter.base_url = url
    client = GraphServiceClient(request_adapter=adapter)
    item = client.security.security_copilot.workspaces.by_workspace_id("default").sessions

    async def patch() -> None:
        renamed = await item.by_session_id(payload.SESSION).patch(Session(display_name="x"))
        assert renamed is not None

    print(json.dumps(await rates(patch, seconds=0.7)))


asyncio.run(main(sys.argv[1]))
