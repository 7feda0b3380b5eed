"""What the probes parse, the same for everyone."""

from __future__ import annotations

import json

SESSION = "ecdfb9b3-58f5-457f-a18c-4a477890b252"
URL = f"security/securityCopilot/workspaces/default/sessions/{SESSION}"


def session(number: int = 0, prompts: int = 0) -> dict[str, object]:
    """Give a session as the service sends it."""
    found: dict[str, object] = {
        "id": SESSION if not number else f"{number:08x}-58f5-457f-a18c-4a477890b252",
        "displayName": "API Test: Who am I?",
        "createdDateTime": "2025-10-22T20:10:54.4940649Z",
        "lastModifiedDateTime": "2025-10-22T20:10:54.4940649Z",
    }
    if prompts:
        found["prompts"] = [prompt(number * 100 + at) for at in range(prompts)]
    return found


def prompt(number: int) -> dict[str, object]:
    """Give a prompt as the service sends it."""
    return {
        "id": f"{number:08x}-6b7f-4f0a-9d3b-1c2e3f405162",
        "content": "Which incidents are still open, and who works on them?",
        "type": "prompt",
        "skillName": None,
        "createdDateTime": "2025-10-22T20:11:02.0734301Z",
        "lastModifiedDateTime": "2025-10-22T20:11:02.0734301Z",
        "inputs": {"keyValuePairs": []},
        "skillInputDescriptors": [],
    }


ONE = json.dumps({"@odata.context": "https://graph.microsoft.com/beta/$metadata#x/$entity", **session()}).encode()
PAGE = json.dumps({"value": [session(at + 1, prompts=5) for at in range(100)]}).encode()
OBJECTS = 601
"""Objects in PAGE: 100 sessions, 500 prompts, the page itself."""
