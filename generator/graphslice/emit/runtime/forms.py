"""Bodies of several parts, `multipart/form-data`, written without a further package of Kiota's."""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from kiota_abstractions.multipart_body import MultipartBody

from .props import any_json

_BYTES = "application/octet-stream"
_JSON = "application/json"
_TEXT = "text/plain; charset=utf-8"
Part = tuple[str, str | None, str, bytes]


def multipart(body: Any, adapter: Any, content_type: str) -> tuple[bytes, str]:
    """Write a model, or the parts that a caller put together, and give the content type with its boundary."""
    kind_alone = content_type.partition(";")[0]
    boundary = uuid.uuid4().hex
    written: list[bytes] = []
    parts = _of_parts(body, adapter) if isinstance(body, MultipartBody) else _of_model(body)
    for name, filename, kind, content in parts:
        shown = f'; filename="{_quoted(filename)}"' if filename is not None else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"{shown}\r\n'
        written.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(written) + f"--{boundary}--\r\n".encode(), f"{kind_alone}; boundary={boundary}"


def _of_parts(body: MultipartBody[Any], adapter: Any) -> Iterator[Part]:
    for name, (kind, value, filename) in body.parts.items():
        if hasattr(value, "serialize"):
            writer = adapter.get_serialization_writer_factory().get_serialization_writer(kind)
            writer.write_object_value(None, value)
            content = writer.get_serialized_content()
        else:
            content = value.read() if hasattr(value, "read") else value
        yield name, filename, kind, content.encode() if isinstance(content, str) else content


def _of_model(body: Any) -> Iterator[Part]:
    """Give the parts of a model, as OpenAPI has them by default: text, files and JSON by the kind of the property."""
    props = {prop.wire: prop for prop in body._own_props()} if hasattr(body, "_own_props") else {}
    values = any_json(body)
    if not isinstance(values, dict):
        raise TypeError(f"{type(body).__name__} has no parts that a form could hold.")
    for name, value in values.items():
        prop = props.get(name)
        files = prop is not None and prop.item == "bytes"
        # A list of plain values is one part for each, a list of objects is JSON.
        many = value if isinstance(value, list) and not any(isinstance(one, (dict, list)) for one in value) else [value]
        held: Any = getattr(body, prop.attribute) if prop is not None and files else many
        for one in held if isinstance(held, list) else [held]:
            if one is not None:
                yield (name, name, _BYTES, one) if files else (name, None, *_spelled(one))


def _spelled(value: Any) -> tuple[str, bytes]:
    if isinstance(value, str):
        return _TEXT, value.encode()
    kind = _JSON if isinstance(value, (dict, list)) else _TEXT
    return kind, json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


def _quoted(name: str) -> str:
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
