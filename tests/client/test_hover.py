"""What an editor shows under the cursor, asked of the language server as an editor asks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SCRIPT = """\
from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.session import Session


async def use(client: SecurityCopilotClient, session: Session) -> None:
    session.display_name
    session.last_modified_date_time
    item = client.workspaces.by_id("default").sessions.by_id("s")
    await item.patch(session)
    await item.get(select=["displayName"])
    item.prompts
    client.sync.workspaces.by_id("w").sessions.by_id("s").patch(session)
"""
SERVER = shutil.which("basedpyright-langserver", path=str(Path(sys.executable).parent))


class Editor:
    """Just enough of the Language Server Protocol to open a file and to hover."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen([str(SERVER), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._number = 0
        self._uri = (folder / "script.py").as_uri()
        (folder / "script.py").write_text(SCRIPT)
        environment = Path(sys.prefix)
        settings = {"venvPath": str(environment.parent), "venv": environment.name}
        (folder / "pyrightconfig.json").write_text(json.dumps(settings))
        root = {"uri": folder.as_uri(), "name": "script"}
        options = {"processId": None, "rootUri": root["uri"], "capabilities": {}, "workspaceFolders": [root]}
        self.ask("initialize", options)
        self._send({"method": "initialized", "params": {}})
        document = {"uri": self._uri, "languageId": "python", "version": 1, "text": SCRIPT}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def hover(self, line: str, word: str) -> str:
        """Give the text for the last occurrence of a word in a line of the script."""
        at = next(number for number, text in enumerate(SCRIPT.splitlines()) if line in text)
        column = SCRIPT.splitlines()[at].rindex(word)
        position = {"line": at, "character": column}
        answer = self.ask("textDocument/hover", {"textDocument": {"uri": self._uri}, "position": position})
        contents = answer["contents"] if answer else ""
        return contents["value"] if isinstance(contents, dict) else str(contents)

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            if "id" in message:  # the server asks something of the editor: settings, mostly
                wanted = message.get("params", {}).get("items", [])
                self._send({"id": message["id"], "result": [{"pythonPath": sys.executable} for _ in wanted]})

    def close(self) -> None:
        self._send({"method": "exit"})
        self._process.wait(30)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            stream.close()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout
        length = 0
        while (line := self._process.stdout.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        assert length, "the language server has ended"
        found: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return found


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    opened = Editor(tmp_path_factory.mktemp("hover"))
    yield opened
    opened.close()


@pytest.mark.slow
@pytest.mark.skipif(SERVER is None, reason="basedpyright's language server is not installed")
@pytest.mark.parametrize(
    ("line", "word", "shown"),
    [
        ("session.display_name", "display_name", ["str | None", "name under which the session is listed"]),
        ("session.last_modified", "last_modified_date_time", ["datetime | None", "last changed"]),
        ("item.patch", "patch", ["RequestConfiguration[", "Session | None", "Args:", "Raises:"]),
        ("item.get(", "get", ["select", "Returns:"]),
        ("item.prompts", "prompts", ["PromptsRequestBuilder", "prompts"]),
        ("client.sync", "patch", ["Session"]),
        ("async def use", "Session", ["class", "conversation"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hover_shows_type_and_documentation(editor: Editor, line: str, word: str, shown: list[str]) -> None:
    text = editor.hover(line, word).replace("&nbsp;", " ")
    assert all(part in text for part in shown), text
