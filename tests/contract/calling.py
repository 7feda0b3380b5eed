"""Every operation of a generated client, called: `python -m tests.contract.calling DESCRIPTION FOLDER PACKAGE URL URL`.

The servers answer by the same description and are another tool's; the first shows the description's examples, the
second values made from its schemas. Builders are reached from the client's root, requests are made from the
description, and what is made of an answer has to be the answer again. The last line says what was done; faults are
printed before it, and the exit code is 1 when there are any.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from collections import Counter
from typing import Any
from urllib.parse import unquote, urlencode

import httpx
from kiota_abstractions.api_error import APIError

from graphslice.api.model import Body, BodyKind, Operation
from tests.contract.described import Api, Described, reached

_NO_PARAMETERS = ("accept", "authorization", "content-type")
"""Headers of which OpenAPI says that a parameter of the name counts for nothing."""


class Recording(httpx.AsyncHTTPTransport):
    """Adds what signs a request, and keeps what went and what came."""

    def __init__(self) -> None:
        """Start with nothing to add."""
        super().__init__()
        self.headers: dict[str, str] = {}
        self.query: dict[str, str] = {}
        self.sent: httpx.Request | None = None
        self.got: httpx.Response | None = None
        self.content = b""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, read the answer whole, and hand on a copy."""
        request.headers.update(self.headers)
        request.url = request.url.copy_merge_params(self.query)
        self.sent = request
        answer = await super().handle_async_request(request)
        self.content = await answer.aread()
        self.got = answer
        kept = [(name, text) for name, text in answer.headers.items() if name != "content-encoding"]
        return httpx.Response(answer.status_code, headers=kept, content=self.content, request=request)


class Impossible(Exception):
    """The server cannot play its part, for the reason given."""


class Fault(Exception):
    """The client did something wrong."""


class Caller:
    """Calls operations on one server, one after the other."""

    def __init__(self, api: Api, url: str) -> None:
        """Make the client."""
        self.api = api
        self.transport = Recording()
        self.client = api.root(base_url=url, transport=self.transport, retries=0, timeout=20)
        self.builders = reached(self.client)

    async def call(self, path: str, operation: Operation, told: Described, status: str | None) -> str:
        """Send one request, `status` being the error that is asked for; gives the kind of what came back."""
        builder = self.builders.get(path)
        if builder is None:
            raise Fault("no builder is reached")
        keys = self.api.keys(type(builder)._template, told.path, told)
        made = type(builder)(self.client.request_adapter, {**builder.path_parameters, **keys})
        method = getattr(made, operation.verb.lower())
        try:
            arguments = self.api.arguments(method, operation, told)
        except ValueError:
            raise Impossible("no sample fits the schema of the body") from None
        self.transport.headers, self.transport.query = self.api.signature(told)
        if status is not None:
            self.transport.headers["Prefer"] = f"code={status}"
        self.transport.sent = self.transport.got = None
        try:
            got = await method(**arguments)
        except (APIError, ValueError) as fault:
            return await self._failed(operation, told, fault, status)
        answer = self._answer(None)
        await self._judge(operation, told, answer)
        if status is not None and answer.status_code == int(status):
            raise Fault(f"{status} is no error")
        return self._compared(operation, got, answer)

    def _answer(self, fault: Exception | None) -> httpx.Response:
        if self.transport.got is None:
            if type(fault).__name__ == "NothingToSend":
                raise Impossible("a PATCH without a change")
            if type(fault).__name__ == "TimedOut":
                raise Impossible("the server takes too long")
            if "SWITCH_UPGRADE" in str(fault):
                raise Impossible("an answer that asks for another protocol")
            if "parts need names" in str(fault):
                raise Impossible("a form of plain values without names")
            raise Fault(f"nothing was sent: {type(fault).__name__}: {fault}")
        return self.transport.got

    async def _judge(self, operation: Operation, told: Described, answer: httpx.Response) -> None:
        """Raise where the server found something wrong with the request, or cannot answer by itself."""
        content = self.transport.content
        if "/prism/errors" in content[:500].decode("utf-8", "replace") and answer.status_code >= 500:
            raise Impossible(f"the server cannot: {json.loads(content).get('title', '')[:60]}")
        wrong = _violations(answer, content)
        if not wrong:
            return
        complaint, location = wrong[0]["message"], [str(one) for one in wrong[0]["location"]]
        if location[-1].lower() in _NO_PARAMETERS or any(f"property '{one}'" in complaint for one in _NO_PARAMETERS):
            raise Impossible("the server asks for a header that is no parameter")
        if self._is_sent(told, location):
            raise Impossible("no sample fits the schema of a parameter")
        if "path" in location[:2] and "required property" in complaint and self._stands_in_path(told):
            raise Impossible("the server does not find what stands in the path")
        if operation.body is not None and "body" in location[:2]:
            await self._judge_body(operation.body, told, complaint)
        raise Fault(f"{complaint} at {'/'.join(location)}")

    async def _judge_body(self, body: Body, told: Described, complaint: str) -> None:
        """Raise where it is the sample or the server that is to blame for what is said about a body."""
        kind = body.content_type or ""
        if "form" in kind and "must be array" in complaint:
            raise Impossible("the server does not read lists in forms")
        if kind.startswith("multipart/") and complaint.endswith(("must be object", "must be string")):
            raise Impossible("the server reads the parts of a form as text")
        if body.kind is BodyKind.STREAM or (("json" in kind or "urlencoded" in kind) and await self._fails(body, told)):
            raise Impossible("no sample fits the schema of the body")

    def _stands_in_path(self, told: Described) -> bool:
        """Whether the URL has a text for each parameter of the described path."""
        assert self.transport.sent is not None
        pattern = "[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", told.path)))
        return re.search(pattern + r"\Z", unquote(self.transport.sent.url.path)) is not None

    def _is_sent(self, told: Described, location: list[str]) -> bool:
        """Whether the parameter that is complained of went out with the value that was made for it."""
        where, name = (*location[location[0] == "request" :], "", "")[:2]
        if (where, name) not in told.parameters or self.transport.sent is None:
            return False
        value = self.api.parameter(*told.parameters[where, name])
        return str(value) in unquote(str(self.transport.sent.url))

    async def _fails(self, body: Body, told: Described) -> bool:
        """Whether the sample as it is, without the client, is refused as well."""
        sent = self.transport.sent
        assert sent is not None
        sample = self.api.sample(told, body.content_type)
        form = "urlencoded" in (body.content_type or "") and isinstance(sample, dict)
        plain = (urlencode(sample, doseq=True) if form else json.dumps(sample)).encode()
        headers = {name: text for name, text in sent.headers.items() if name != "content-length"}
        async with httpx.AsyncClient() as other:
            answer = await other.request(sent.method, sent.url, headers=headers, content=plain)
        return bool(_violations(answer, answer.content))

    async def _failed(self, operation: Operation, told: Described, fault: Exception, status: str | None) -> str:
        answer = self._answer(fault)
        await self._judge(operation, told, answer)
        if 300 <= answer.status_code < 400:
            raise Impossible("a redirect, which is not followed")
        if type(fault).__name__ == "BadResponse" and not self.api.fits(
            told, answer.status_code, self.transport.content
        ):
            raise Impossible("an answer that does not fit its schema")
        if not any(code[0] in "2d" for code in map(str, told.raw.get("responses") or {})) and status is None:
            raise Impossible("no success is described")
        if status is None or answer.status_code != int(status):
            raise Fault(f"{type(fault).__name__}: {str(fault)[:800]}")
        wanted = self.api.cls(next(one.type for one in operation.errors if one.status == status))
        if type(fault) is wanted:
            return self._same(self.api.json(fault), f"error {status}")
        if self.transport.content.lstrip()[:1] == b"{":
            raise Fault(f"{status} is raised as {type(fault).__name__}, not {wanted.__name__}")
        raise Impossible("an error's body is no object")

    def _compared(self, operation: Operation, got: Any, answer: httpx.Response) -> str:
        kind, content = answer.headers.get("content-type", ""), self.transport.content
        if got is None:
            if operation.result.type is not None and content.strip() not in (b"", b"null", b'""'):
                raise Fault(f"nothing came of {answer.status_code} {kind}: {content[:80]!r}")
            return f"{operation.verb} nothing"
        if isinstance(got, bytes):
            if got != content:
                raise Fault("other bytes came")
            return f"{operation.verb} bytes"
        if "json" in kind:
            return self._same(self.api.json(got), f"{operation.verb} {_kind(got)}")
        return f"{operation.verb} {kind.partition(';')[0]}"

    def _same(self, got: Any, kind: str) -> str:
        try:
            came = json.loads(self.transport.content)
        except ValueError:
            raise Impossible("the server's JSON is none") from None
        if got != came:
            raise Fault(_difference(came, got))
        return kind


def _violations(answer: httpx.Response, content: bytes) -> list[dict[str, Any]]:
    told = answer.headers.get("sl-violations", "")
    found: list[dict[str, Any]] = json.loads(told) if told.startswith("[") else []
    if answer.status_code == 422 and b"/prism/errors" in content[:500]:
        found += json.loads(content).get("validation", [])
    return [one for one in found if one["location"][0] != "response"]


def _kind(value: Any) -> str:
    return "list" if isinstance(value, list) else "object" if hasattr(value, "to_dict") else type(value).__name__


def _difference(came: Any, got: Any, at: str = "") -> str:
    if isinstance(came, dict) and isinstance(got, dict):
        for name in [*came, *got]:
            if (name in came) != (name in got) or came[name] != got[name]:
                return _difference(came.get(name, "(absent)"), got.get(name, "(absent)"), f"{at}/{name}")
    if isinstance(came, list) and isinstance(got, list) and len(came) == len(got):
        for index, pair in enumerate(zip(came, got, strict=True)):
            if pair[0] != pair[1]:
                return _difference(*pair, f"{at}/{index}")
    return f"{json.dumps(came)[:120]} became {json.dumps(got, default=repr)[:120]} at {at or '/'}"


async def main(description: str, folder: str, package: str, *urls: str) -> int:
    """Call every operation, once for success and once for each error that has a number; gives the exit code."""
    api = Api(description, folder, package)
    callers = [Caller(api, url) for url in urls]
    done: Counter[str] = Counter()
    left: Counter[str] = Counter()
    faults: list[str] = []
    for path, operation, told in api.operations():
        for status in (None, *(one.status for one in operation.errors if one.status.isdecimal())):
            try:
                done[await _one_of(callers, path, operation, told, status)] += 1
            except Impossible as reason:
                left[str(reason)] += 1
            except Exception as fault:
                faults.append(f"{operation.verb} {path} {status or ''}: {type(fault).__name__}: {str(fault)[:900]}")
    print(*faults, sep="\n")
    why = "".join(f"; {count} left out: {reason}" for reason, count in sorted(left.items()))
    print(f"{done.total()} answers of {len(done)} kinds{why}; {len(faults)} faults")
    return 1 if faults or not done else 0


async def _one_of(callers: list[Caller], path: str, operation: Operation, told: Described, status: str | None) -> str:
    """Try the servers in turn: examples in descriptions from the field often do not fit their own schema."""
    first: Exception | None = None
    for caller in callers:
        try:
            return await caller.call(path, operation, told, status)
        except (Fault, Impossible) as fault:
            first = first or fault
    assert first is not None
    raise first


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(asyncio.run(main(*sys.argv[1:])))
