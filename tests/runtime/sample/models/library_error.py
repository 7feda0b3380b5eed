"""What the library answers when it cannot."""

from __future__ import annotations

import datetime
from typing import Any

from sample_client._runtime.model import (
    AdditionalDataHolder,
    APIError,
    BackedModel,
    Parsable,
    Prop,
    field_of,
    model,
)


@model
class InnerError(AdditionalDataHolder, BackedModel, Parsable):
    """What support asks for."""

    additional_data: dict[str, Any] = field_of(factory=dict)
    client_request_id: str | None = None
    date: datetime.datetime | None = None
    request_id: str | None = None

    _properties = [
        Prop("client_request_id", "client-request-id", "str"),
        Prop("date", "date", "datetime"),
        Prop("request_id", "request-id", "str"),
    ]


@model
class MainError(AdditionalDataHolder, BackedModel, Parsable):
    """What went wrong."""

    additional_data: dict[str, Any] = field_of(factory=dict)
    code: str | None = None
    inner_error: InnerError | None = None
    message: str | None = None

    _properties = [
        Prop("code", "code", "str"),
        Prop("inner_error", "innerError", "object", "models.library_error:InnerError"),
        Prop("message", "message", "str"),
    ]


@model
class LibraryError(APIError, AdditionalDataHolder, BackedModel, Parsable):
    """What the library answers when it cannot."""

    additional_data: dict[str, Any] = field_of(factory=dict)
    error: MainError | None = None

    _properties = [Prop("error", "error", "object", "models.library_error:MainError")]
    _primary_message = ("error", "message")
