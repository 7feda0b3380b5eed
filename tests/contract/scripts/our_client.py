"""Our client against any server that answers by the description: `our_client.py URL SESSION_ID`."""

from __future__ import annotations

import asyncio
import sys

from azure.core.credentials import AccessToken

from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.session import Session


class Token:
    """A credential that asks nobody."""

    def get_token(self, *scopes: str, **options: object) -> AccessToken:
        return AccessToken("some-token", 9999999999)


async def main(url: str, session_id: str) -> None:
    """Send one request of every kind that the slice has."""
    async with SecurityCopilotClient(credentials=Token(), base_url=url) as client:
        workspace = client.workspaces.by_id("default")
        session = workspace.sessions.by_id(session_id)
        renamed = await session.patch(display_name="API Test: Who am I?")
        assert renamed is not None and renamed.id, "no session came back from PATCH"
        page = await workspace.sessions.get(top=2, select=["id", "displayName"])
        assert page is not None and page.value and isinstance(page.value[0], Session), "no page of sessions"
        made = await workspace.sessions.post(Session(display_name="New"))
        assert made is not None and made.id, "no session came back from POST"
        one = await session.get(expand=["prompts"])
        assert one is not None and one.created_date_time is not None, "no typed time in a session"
        prompts = await session.prompts.get()
        assert prompts is not None and prompts.value, "no page of prompts"
        await session.delete()
        # $count is left out: Prism answers a number as text/plain with 500, "cannot serialise complex objects as text".
    print("PATCH, GET, POST and DELETE answered")


asyncio.run(main(sys.argv[1], sys.argv[2]))
