"""Rename a session through the client of openapi-python-client: `rename_elsewhere.py URL SESSION_ID`.

Imports every module that it made; finds the operation by verb and path, since its names are its own affair.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
import typing
from pathlib import Path

import other_client  # type: ignore[import-not-found]

modules = [info.name for info in pkgutil.walk_packages(other_client.__path__, "other_client.")]
loaded = [importlib.import_module(name) for name in modules]
found = [
    module
    for module in loaded
    if hasattr(module, "sync_detailed")
    and (text := Path(str(module.__file__)).read_text(encoding="utf-8"))
    and '"method": "patch"' in text
    and '/sessions/{session_id}"' in text
]
assert len(found) == 1, f"{len(found)} operations for PATCH of a session"
hints = typing.get_type_hints(found[0].sync_detailed)
kinds: tuple[typing.Any, ...] = typing.get_args(hints["body"]) or (hints["body"],)
body_type: typing.Any = next(kind for kind in kinds if inspect.isclass(kind))
client = other_client.AuthenticatedClient(base_url=sys.argv[1], token="some-token")
body = body_type.from_dict({"displayName": "API Test: Who am I?"})
answer = found[0].sync_detailed(client=client, workspace_id="default", session_id=sys.argv[2], body=body)
assert answer.status_code == 200, answer
assert answer.parsed is not None and answer.parsed.display_name == "API Test: Who am I?", answer
print(f"{len(modules)} modules import; the session is renamed")
