"""What the emulator says when it does not do what it was asked: an OData error body, as Graph shapes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from types import MappingProxyType

from starlette.responses import Response

from graphslice.api.model import Operation

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):
    """A request that is answered with an error: status, OData code and a sentence."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] = _NO_HEADERS) -> None:
        """Keep what the answer is made of."""
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


TokenCheck = Callable[[str, Operation], None]
"""Judges a bearer token for an operation; raises `Refused` (401, 403) when it does not do."""


def bad_request(message: str) -> Refused:
    """Make the refusal of a request that the metadata forbids."""
    return Refused(400, "BadRequest", message)


def not_found(message: str) -> Refused:
    """Make the refusal of a resource that is not there."""
    return Refused(404, "ResourceNotFound", message)


def error_response(refused: Refused, request_id: str, client_request_id: str) -> Response:
    """Give the OData error body of a refusal, with the ids that a support case asks for."""
    inner = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": request_id,
        "client-request-id": client_request_id,
    }
    body = {"error": {"code": refused.code, "message": refused.message, "innerError": inner}}
    return Response(
        json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        refused.status,
        headers=dict(refused.headers),
        media_type="application/json",
    )
