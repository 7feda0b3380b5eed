"""From the start of Python to the first parsed PATCH; `real`: with a credential object and a real connection pool."""

import asyncio
import json
import sys

import payload


class Token:
    """A credential that asks nobody."""

    def get_token(self, *scopes: str, **options: object) -> object:
        """Give a token that never expires."""
        from azure.core.credentials import AccessToken

        return AccessToken("static", 2**31)


async def main(mode: str) -> None:
    from msgraph_security_copilot import SecurityCopilotClient
    from msgraph_security_copilot.models.security.security_copilot.session import Session

    if mode == "mock":
        import httpx
        from kiota_abstractions.authentication import AnonymousAuthenticationProvider

        def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, content=payload.ONE, headers={"Content-Type": "application/json"})

        client = SecurityCopilotClient(
            authentication_provider=AnonymousAuthenticationProvider(), transport=httpx.MockTransport(answer)
        )
    else:
        import httpx
        from azure.identity import ClientSecretCredential

        ClientSecretCredential("tenant", "client", "secret")
        client = SecurityCopilotClient(credentials=Token(), base_url=sys.argv[2])
    item = client.security.security_copilot.workspaces.by_workspace_id("default").sessions
    renamed = await item.by_session_id(payload.SESSION).patch(Session(display_name="x"))
    assert renamed is not None and renamed.display_name == "API Test: Who am I?"
    print(json.dumps({"modules": len(sys.modules)}))


asyncio.run(main(sys.argv[1]))
