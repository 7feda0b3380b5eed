"""JSON and text as the client's own adapter reads and writes them, on top of Kiota's JSON library."""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

from kiota_abstractions.serialization import (
    ParseNode,
    ParseNodeFactory,
    ParseNodeFactoryRegistry,
    SerializationWriterFactory,
    SerializationWriterFactoryRegistry,
)
from kiota_serialization_json.json_parse_node import JsonParseNode
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter

if TYPE_CHECKING:
    from kiota_abstractions.serialization import SerializationWriter

JSON = "application/json"
_BOM = b"\xef\xbb\xbf"


class Unreadable(ValueError):
    """Content that is not what its type says."""


class JsonNode(JsonParseNode):
    """Kiota's node, but for models of ours, which are filled when they are made."""

    def get_object_value(self, factory: Any) -> Any:
        load = getattr(factory, "_load", None)
        return super().get_object_value(factory) if load is None else load(self._json_node)

    def get_collection_of_object_values(self, factory: Any) -> Any:
        load = getattr(factory, "_load", None)
        if load is None or not isinstance(self._json_node, list):
            return super().get_collection_of_object_values(factory)
        return [load(item) for item in self._json_node]


class JsonWriter(JsonSerializationWriter):
    """Kiota's writer, which refuses what is not JSON."""

    def get_serialized_content(self) -> bytes:
        # Kiota's older writers do not say whether a null is a value at the root.
        has_value = getattr(self, "_has_root_value", self.value is not None)
        if self.writer and has_value:
            raise ValueError("A value and properties were both written at the root.")
        content = self.value if has_value else self.writer
        return json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8")

    def _create_new_writer(self) -> JsonSerializationWriter:
        return JsonWriter()


class NodeFactory(ParseNodeFactory):
    """Parse nodes of one client: JSON and text by our own, others by what Kiota's registry has."""

    def get_valid_content_type(self) -> str:
        return JSON

    def get_root_parse_node(self, content_type: str, content: bytes) -> ParseNode:
        if is_json(content_type):
            return JsonNode(loaded(content))
        if content_type.partition(";")[0].strip().lower() == "text/plain":
            return JsonNode(decoded(content))
        try:
            return ParseNodeFactoryRegistry().get_root_parse_node(content_type, content)
        except Exception as error:
            raise Unreadable(f"{content_type} cannot be read") from error


class WriterFactory(SerializationWriterFactory):
    """Writers of one client: JSON by our own, others by what Kiota's registry has or its packages offer."""

    def get_valid_content_type(self) -> str:
        return JSON

    def get_serialization_writer(self, content_type: str) -> SerializationWriter:
        if is_json(content_type):
            return JsonWriter()
        register_stock_factories()
        try:
            return SerializationWriterFactoryRegistry().get_serialization_writer(content_type)
        except Exception as error:
            package = "form" if content_type == "application/x-www-form-urlencoded" else "text"
            cure = f"pip install microsoft-kiota-serialization-{package}"
            raise ValueError(f"Nothing here writes {content_type}: {cure}") from error


def register_stock_factories() -> None:
    """Put Kiota's own factories into its registries where nobody has put any, as every client of Kiota's does."""
    import importlib

    packages = {"Json": "json", "Text": "text", "Form": "form", "Multipart": "multipart"}
    readers = ParseNodeFactoryRegistry.CONTENT_TYPE_ASSOCIATED_FACTORIES
    writers = SerializationWriterFactoryRegistry.CONTENT_TYPE_ASSOCIATED_FACTORIES
    for name, package in packages.items():
        base = f"kiota_serialization_{package}.{package}"
        for module, cls, registry in (
            (f"{base}_parse_node_factory", f"{name}ParseNodeFactory", readers),
            (f"{base}_serialization_writer_factory", f"{name}SerializationWriterFactory", writers),
        ):
            try:
                made: Any = getattr(importlib.import_module(module), cls)()
            except ImportError:
                continue  # installed apart, needed only where a description uses the type
            registry.setdefault(made.get_valid_content_type(), made)
    readers.setdefault("text/plain", TextNodeFactory())


class TextNodeFactory(NodeFactory):
    """Reads plain text where Kiota's package for it is not installed."""

    def get_valid_content_type(self) -> str:
        return "text/plain"


def is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == JSON or kind.endswith("+json") or kind == "text/json"


def loaded(content: bytes) -> Any:
    """Parse JSON; a byte-order mark is allowed, what JSON does not have is not."""
    try:
        return json.loads(decoded(content), object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise Unreadable("the JSON is nested too deeply") from None
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable(f"no JSON: {error}") from None


def decoded(content: bytes) -> str:
    try:
        return (content[3:] if content.startswith(_BOM) else content).decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("no UTF-8") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Unreadable("a name stands twice in one object")
    return made


def _no_constant(text: str) -> NoReturn:
    raise Unreadable(f"JSON has no {text}")
