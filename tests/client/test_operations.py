"""Every operation of the slice against the emulator, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from graphslice.api.model import ApiModel
from graphslice.serve import Address
from msgraph_security_copilot import SecurityCopilotClient
from msgraph_security_copilot.models.security.security_copilot.evaluation import Evaluation
from msgraph_security_copilot.models.security.security_copilot.evaluation_state import EvaluationState
from msgraph_security_copilot.models.security.security_copilot.plugin import Plugin
from msgraph_security_copilot.models.security.security_copilot.prompt import Prompt
from msgraph_security_copilot.models.security.security_copilot.prompt_type import PromptType
from msgraph_security_copilot.models.security.security_copilot.session import Session
from msgraph_security_copilot.models.security.security_copilot.workspace import Workspace
from msgraph_security_copilot.models.security_copilot import SecurityCopilot

S = "ecdfb9b3-58f5-457f-a18c-4a477890b252"
P = "5a4d2c1e-6b7f-4f0a-9d3b-1c2e3f405162"
E = "0f9e8d7c-6b5a-4948-8372-615049382716"
ROOT = "/security/securityCopilot"
EVALUATIONS = f"{ROOT}/workspaces/{{workspace-id}}/sessions/{{session-id}}/prompts/{{prompt-id}}/evaluations"
Do = Callable[[SecurityCopilotClient], Awaitable[Any]]


def root(client: SecurityCopilotClient):
    return client.security.security_copilot


def workspace(client: SecurityCopilotClient):
    return root(client).workspaces.by_workspace_id("default")


def session(client: SecurityCopilotClient):
    return workspace(client).sessions.by_session_id(S)


def prompt(client: SecurityCopilotClient):
    return session(client).prompts.by_prompt_id(P)


def evaluation(client: SecurityCopilotClient):
    return prompt(client).evaluations.by_evaluation_id(E)


def plugin(client: SecurityCopilotClient):
    return workspace(client).plugins.by_plugin_name("Entra")


# Operation, how it is called, the body that has to arrive, the status, and what the result has to look like.
CALLS: list[tuple[str, Do, object, int, Callable[[Any], bool]]] = [
    (f"GET {ROOT}", lambda c: root(c).get(), None, 200, lambda r: isinstance(r, SecurityCopilot)),
    (f"PATCH {ROOT}", lambda c: root(c).patch(SecurityCopilot(odata_type="#microsoft.graph.securityCopilot")),
     {"@odata.type": "#microsoft.graph.securityCopilot"}, 200, lambda r: isinstance(r, SecurityCopilot)),
    (f"DELETE {ROOT}", lambda c: root(c).delete(), None, 204, lambda r: r is None),

    (f"GET {ROOT}/workspaces", lambda c: root(c).workspaces.get(), None, 200,
     lambda r: [(w.id, w.display_name) for w in r.value] == [("default", "Default workspace")]),
    (f"POST {ROOT}/workspaces", lambda c: root(c).workspaces.post(Workspace(display_name="Second")),
     {"displayName": "Second"}, 201, lambda r: r.display_name == "Second" and len(r.id) == 36),
    (f"GET {ROOT}/workspaces/$count", lambda c: root(c).workspaces.count.get(), None, 200, lambda r: r == 1),
    (f"GET {ROOT}/workspaces/{{workspace-id}}", lambda c: workspace(c).get(), None, 200,
     lambda r: isinstance(r, Workspace) and r.id == "default"),
    (f"PATCH {ROOT}/workspaces/{{workspace-id}}", lambda c: workspace(c).patch(Workspace(display_name="New")),
     {"displayName": "New"}, 200, lambda r: r.display_name == "New"),
    (f"DELETE {ROOT}/workspaces/{{workspace-id}}", lambda c: workspace(c).delete(), None, 204, lambda r: r is None),

    (f"GET {ROOT}/workspaces/{{workspace-id}}/sessions", lambda c: workspace(c).sessions.get(), None, 200,
     lambda r: [s.id for s in r.value] == [S]),
    (f"POST {ROOT}/workspaces/{{workspace-id}}/sessions",
     lambda c: workspace(c).sessions.post(Session(display_name="Mine")), {"displayName": "Mine"}, 201,
     lambda r: isinstance(r, Session) and r.created_date_time == r.last_modified_date_time),
    (f"GET {ROOT}/workspaces/{{workspace-id}}/sessions/$count", lambda c: workspace(c).sessions.count.get(), None, 200,
     lambda r: r == 1),
    (f"GET {ROOT}/workspaces/{{workspace-id}}/sessions/{{session-id}}", lambda c: session(c).get(), None, 200,
     lambda r: r.display_name == "Session of 22 October"),
    (f"PATCH {ROOT}/workspaces/{{workspace-id}}/sessions/{{session-id}}",
     lambda c: session(c).patch(Session(display_name="x")), {"displayName": "x"}, 200,
     lambda r: r.display_name == "x"),
    (f"DELETE {ROOT}/workspaces/{{workspace-id}}/sessions/{{session-id}}", lambda c: session(c).delete(), None, 204,
     lambda r: r is None),

    (f"GET {ROOT}/workspaces/{{workspace-id}}/sessions/{{session-id}}/prompts", lambda c: session(c).prompts.get(),
     None, 200, lambda r: r.value[0].type is PromptType.Prompt and r.value[0].skill_input_descriptors == []),
    (f"POST {ROOT}/workspaces/{{workspace-id}}/sessions/{{session-id}}/prompts",
     lambda c: session(c).prompts.post(Prompt(type=PromptType.Prompt, content="Who am I?")),
     {"type": "prompt", "content": "Who am I?"}, 201, lambda r: isinstance(r, Prompt) and r.content == "Who am I?"),
    (f"GET {ROOT}/workspaces/{{workspace-id}}/sessions/{{session-id}}/prompts/$count",
     lambda c: session(c).prompts.count.get(), None, 200, lambda r: r == 1),
    (f"GET {ROOT}/workspaces/{{workspace-id}}/sessions/{{session-id}}/prompts/{{prompt-id}}",
     lambda c: prompt(c).get(), None, 200, lambda r: r.inputs.additional_data == {"keyValuePairs": []}),
    (f"PATCH {ROOT}/workspaces/{{workspace-id}}/sessions/{{session-id}}/prompts/{{prompt-id}}",
     lambda c: prompt(c).patch(Prompt(odata_type="#microsoft.graph.security.securityCopilot.prompt")),
     {"@odata.type": "#microsoft.graph.security.securityCopilot.prompt"}, 200, lambda r: isinstance(r, Prompt)),
    (f"DELETE {ROOT}/workspaces/{{workspace-id}}/sessions/{{session-id}}/prompts/{{prompt-id}}",
     lambda c: prompt(c).delete(), None, 204, lambda r: r is None),

    (f"GET {EVALUATIONS}",
     lambda c: prompt(c).evaluations.get(), None, 200, lambda r: r.value[0].state is EvaluationState.Completed),
    (f"POST {EVALUATIONS}",
     lambda c: prompt(c).evaluations.post(Evaluation()), {}, 201,
     lambda r: r.state is EvaluationState.Created and r.completed_date_time.year == 1),
    (f"GET {EVALUATIONS}/$count",
     lambda c: prompt(c).evaluations.count.get(), None, 200, lambda r: r == 1),
    (f"GET {EVALUATIONS}/{{evaluation-id}}",
     lambda c: evaluation(c).get(), None, 200, lambda r: isinstance(r, Evaluation)),
    (f"PATCH {EVALUATIONS}/{{evaluation-id}}",
     lambda c: evaluation(c).patch(Evaluation(odata_type="#microsoft.graph.security.securityCopilot.evaluation")),
     {"@odata.type": "#microsoft.graph.security.securityCopilot.evaluation"}, 200,
     lambda r: isinstance(r, Evaluation)),
    (f"DELETE {EVALUATIONS}/{{evaluation-id}}",
     lambda c: evaluation(c).delete(), None, 204, lambda r: r is None),

    (f"GET {ROOT}/workspaces/{{workspace-id}}/plugins", lambda c: workspace(c).plugins.get(), None, 200,
     lambda r: r.value[0].catalog_scope.value == "global"),
    (f"POST {ROOT}/workspaces/{{workspace-id}}/plugins",
     lambda c: workspace(c).plugins.post(Plugin(name="mine", is_enabled=True)), {"name": "mine", "isEnabled": True},
     201, lambda r: r.name == "mine" and r.is_enabled is True),
    (f"GET {ROOT}/workspaces/{{workspace-id}}/plugins/$count", lambda c: workspace(c).plugins.count.get(), None, 200,
     lambda r: r == 1),
    (f"GET {ROOT}/workspaces/{{workspace-id}}/plugins/{{plugin-name}}", lambda c: plugin(c).get(), None, 200,
     lambda r: r.display_name == "Microsoft Entra"),
    (f"PATCH {ROOT}/workspaces/{{workspace-id}}/plugins/{{plugin-name}}",
     lambda c: plugin(c).patch(Plugin(is_enabled=False)), {"isEnabled": False}, 200,
     lambda r: r.is_enabled is False),
    (f"DELETE {ROOT}/workspaces/{{workspace-id}}/plugins/{{plugin-name}}", lambda c: plugin(c).delete(), None, 204,
     lambda r: r is None),
]  # fmt: skip
IDS = {"workspace-id": "default", "session-id": S, "prompt-id": P, "evaluation-id": E, "plugin-name": "Entra"}


@pytest.mark.parametrize(("operation", "do", "body", "status", "fits"), CALLS, ids=[call[0] for call in CALLS])
def test_operation(
    service: Address, use, operation: str, do: Do, body: object, status: int, fits: Callable[[Any], bool]
) -> None:
    result = use(do)
    [sent] = service.emulator.journal
    verb, _, path = operation.partition(" ")
    for name, value in IDS.items():
        path = path.replace(f"{{{name}}}", value)
    assert (sent.verb, sent.target, sent.status) == (verb, f"/beta{path}", status), sent.reply
    assert (json.loads(sent.content) if sent.content else None) == body
    assert fits(result), result


def test_no_operation_is_left_out(model: ApiModel) -> None:
    known = {f"{operation.verb} {item.path}" for item in model.paths for operation in item.operations}
    assert {call[0] for call in CALLS} == known
    assert len(known) == 33


def test_the_whole_of_a_days_work(use) -> None:
    """Session, prompt, evaluation, wait, result: what people do with the API."""

    async def work(client: SecurityCopilotClient) -> list[Any]:
        sessions = client.workspaces.by_id("default").sessions
        opened = await sessions.post(Session(display_name="Triage"))
        prompts = sessions.by_id(opened.id).prompts
        asked = await prompts.post(Prompt(type=PromptType.Prompt, content="What is new?"))
        evaluations = prompts.by_id(asked.id).evaluations
        started = await evaluations.post(Evaluation())
        states = [started.state]
        while states[-1] is not EvaluationState.Completed:
            latest = await evaluations.by_id(started.id).get()
            states.append(latest.state)
        return [states, latest.result.content, latest.result.type.value]

    states, content, kind = use(work)
    assert states == [EvaluationState.Created, EvaluationState.Running, EvaluationState.Completed]
    assert (content, kind) == ("This answer comes from the emulator.", "success")
