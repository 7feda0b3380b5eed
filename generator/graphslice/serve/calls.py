"""A request on its way through the emulator, and what a handler for an action or a function gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphslice.api.model import Operation
from graphslice.serve.options import Options
from graphslice.serve.routes import Match
from graphslice.serve.schema import Json
from graphslice.serve.store import Address, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, matched and read.

    `body` is parsed JSON, None without one; `content` the raw bytes. `root` is the service root as the client knows
    it, without a slash at the end.
    """

    verb: str
    match: Match
    operation: Operation
    options: Options
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    content: bytes
    body: Json
    root: str
    url: str
    """The request's own URL without query, for next links."""
    store: Store

    @property
    def address(self) -> Address:
        """The place in the store that the path addresses."""
        return self.match.address(self.store)

    @property
    def parameters(self) -> Mapping[str, str]:
        """The values of the path's placeholders, decoded."""
        return self.match.parameters


Handler = Callable[[Call], Json]
"""Answers an action or a function: a JSON value for 200, None for 204; may raise `Refused`."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a resource answers, before it becomes HTTP."""

    status: int
    body: Json = None
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None
    content_type: str = "application/json;odata.metadata=minimal;charset=utf-8"
