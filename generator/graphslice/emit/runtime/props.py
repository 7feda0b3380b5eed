"""One property of a model: how it is read, checked and written.

Wire values are JSON as `json.loads` gives it. What a property cannot hold, as a text that is no date, is refused with a
ValueError, upon which the model keeps it among its additional data.
"""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import base64
import datetime
import json
import math
import uuid
from collections.abc import Callable
from enum import Enum
from functools import cached_property
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any

from .values import Timestamp, duration_text, with_zone

if TYPE_CHECKING:
    from kiota_abstractions.serialization import ParseNode, SerializationWriter

Decode = Callable[[Any], Any]
_PACKAGE = __name__.rsplit(".", 2)[0]


class UnexpectedValue(ValueError):
    """The service sent something else than an object or a list where one belongs; `path` says where, by wire names."""

    def __init__(self, expected: str, found: object) -> None:
        self.path = ""
        self.detail = f"{expected} was expected, not {_json_kind(found)}"
        super().__init__(self.detail)

    def at(self, name: str | int) -> UnexpectedValue:
        self.path = f"{name}.{self.path}" if self.path else str(name)
        self.args = (f"{self.path}: {self.detail}",)
        return self


class Prop:
    """A property: its attribute, its wire name, its kind and, for enums and objects, the class that it holds.

    Kinds are those of `_KINDS`, enum and object, and with an s for lists of those. `target` is "module below the
    package:Class" and is imported when first needed.
    """

    def __init__(
        self, attribute: str, wire: str, kind: str, target: str = "", *, read_only: bool = False, mixed: bool = False
    ) -> None:
        self.attribute = attribute
        self.wire = wire
        self.kind = kind
        self.target = target
        self.key = wire or None
        self.read_only = read_only
        # Whether something else than the object or list may stand there, too; it is kept as additional data.
        self.mixed = mixed
        self.many = kind.endswith("s") and kind != "bytes"
        self.item = kind[:-1] if self.many else kind
        # Whether the value cannot change in place.
        self.plain = not self.many and self.item not in ("object", "untyped")

    @cached_property
    def cls(self) -> Any:
        module, _, name = self.target.partition(":")
        return getattr(import_module(f"{_PACKAGE}.{module}"), name)

    # ------------------------------------------------------------------------------------------------- reading

    @cached_property
    def decode(self) -> Decode:
        return self._decode_mixed if self.mixed else self._decode

    def _decode_mixed(self, value: Any) -> Any:
        try:
            return self._decode(value)
        except UnexpectedValue as error:
            raise ValueError(str(error)) from None

    @cached_property
    def _decode(self) -> Decode:
        if self.item == "object":
            return self._load_list if self.many else self._load
        item = self._member if self.item == "enum" else _KINDS[self.item][1]
        return _list_of(item) if self.many else item

    @cached_property
    def _loader(self) -> Decode:
        found: Decode = self.cls._loader()
        return found

    def _load(self, value: Any) -> Any:
        return self._loader(value)

    def _load_list(self, value: Any) -> Any:
        return _decoded(self._loader, value) if value != [] else []

    @cached_property
    def _members(self) -> Any:
        return self.cls._value2member_map_

    def _member(self, value: Any) -> Any:
        return self._members.get(_text(value)) or self.cls.of(value)

    # ------------------------------------------------------------------------------------------------- setting

    def check(self, value: Any) -> Any:
        if value is None:
            return None
        if self.many:
            if isinstance(value, (str, bytes, dict)) or not hasattr(value, "__iter__"):
                raise TypeError(f"{self.attribute} takes a list, not {type(value).__name__}.")
            # A list stays the caller's own object, so that what is appended later counts.
            items = value if isinstance(value, list) else list(value)
            for item in items:
                if item is not None:
                    self._checked(item)
            return items
        if self.item == "enum" and isinstance(value, (list, tuple, set, frozenset)) and hasattr(self.cls, "joined"):
            return self.cls.joined(value)
        return self._checked(value)

    def _checked(self, value: Any) -> Any:
        if not fits(self.item, value):
            hint = f" (use {self.target.rpartition(':')[2]}.of({value!r}))" if self.item == "enum" else ""
            shown = {"enum": "a member of its enum", "object": "a model"}.get(self.item) or _KINDS[self.item][2]
            raise TypeError(f"{self.attribute} takes {shown}, not {type(value).__name__}{hint}.")
        return value

    # ------------------------------------------------------------------------------------------------- writing

    def wire_value(self, value: Any) -> Any:
        if value is not None and self.many:
            return [None if item is None else encoded(self.item, item) for item in value]
        return None if value is None else encoded(self.item, value)

    def write(self, writer: SerializationWriter, value: Any) -> None:
        if value is None:
            writer.write_null_value(self.key)
        elif self.many:
            self._write_list(writer, value)
        elif self.item == "untyped":
            write_raw(writer, self.key, any_json(value))
        elif self.item == "timedelta":
            writer.write_timedelta_value(self.key, _days("SpelledDuration")(value))
        else:
            getattr(writer, f"write_{self.item}_value")(self.key, with_zone(value))

    def _write_list(self, writer: SerializationWriter, values: Any) -> None:
        if self.item in ("object", "enum") and None not in values:
            getattr(writer, f"write_collection_of_{self.item}_values")(self.key, values)
        elif self.item in ("object", "enum", "untyped"):
            write_raw(writer, self.key, self.wire_value(values))
        elif self.item in ("timedelta", "date", "time", "datetime"):
            # As text: Kiota's writer spells a timedelta as no service reads it, and takes a datetime for a date.
            writer.write_collection_of_primitive_values(self.key, self.wire_value(values))
        else:
            writer.write_collection_of_primitive_values(self.key, values)

    # ------------------------------------------------------------------------------------ nodes that are not JSON

    def read_node(self, node: ParseNode) -> Any:
        if self.item == "object":
            return node.get_collection_of_object_values(self.cls) if self.many else node.get_object_value(self.cls)
        if self.many and self.item == "enum":
            return [self.cls.of(text) for text in node.get_collection_of_primitive_values(str) or ()]
        if self.many:
            return node.get_collection_of_primitive_values(_KINDS[self.item][0] or str)
        if self.item in ("int", "float", "bool", "bytes"):
            return getattr(node, f"get_{self.item}_value")()
        text = node.get_str_value()
        return None if text is None else self.decode(text)


def write_raw(writer: SerializationWriter, key: str | None, value: Any) -> None:
    """Write a JSON value as it is: into the dictionary of Kiota's JSON writer, which refuses lists of mixed items."""
    written = getattr(writer, "writer", None)
    if key is None:
        # Only composed types have values without a name.
        import_module(".composed", __package__).write_root(writer, value)
    elif isinstance(written, dict):
        written[key] = value
    else:
        writer.write_additional_data_value({key: value})


def copied(value: Any) -> Any:
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if type(value) is list else value


def scalar(value: Any) -> Any:
    """Give a plain value in a type that Kiota's writers know: what was read, durations and enums as text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime.timedelta):
        return duration_text(value)
    if isinstance(value, (datetime.datetime, datetime.time)) and type(value).__module__ != "datetime":
        return value.isoformat()
    return with_zone(value)


def any_json(value: Any) -> Any:
    if value is None or type(value) in (str, bool, int):
        return value
    if isinstance(value, Enum):
        return any_json(value.value)
    if isinstance(value, dict):
        return {str(key): any_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [any_json(item) for item in value]
    for item, (kind, _, _) in _KINDS.items():
        if isinstance(value, kind):
            return encoded(item, value)
    if hasattr(type(value), "_load"):
        return value._wire()
    if hasattr(value, "serialize"):
        from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter

        writer = JsonSerializationWriter()
        value.serialize(writer)
        return json.loads(writer.get_serialized_content() or b"null")
    raise TypeError(f"{type(value).__name__} has no spelling in JSON.")


def encoded(item: str, value: Any) -> Any:
    if item == "object":
        return value._wire() if hasattr(type(value), "_load") else any_json(value)
    if item == "untyped":
        return any_json(value)
    if isinstance(value, str) or item in ("uuid", "enum"):
        return str(value.value if isinstance(value, Enum) else value)
    if item in ("datetime", "date", "time"):
        return with_zone(value).isoformat()
    if item == "timedelta":
        return duration_text(value)
    if item == "bytes":
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"JSON has no {value}.")
    return value


def _list_of(decode: Decode) -> Decode:
    return lambda value: _decoded(lambda item: None if item is None else decode(item), value)


def _decoded(decode: Decode, values: Any) -> list[Any]:
    if type(values) is not list:
        raise UnexpectedValue("a list", values)
    made: list[Any] = []
    while True:
        try:
            made.extend(map(decode, islice(values, len(made), None)))
        except UnexpectedValue as error:
            if values[len(made)] is not None:
                raise error.at(len(made)) from None
            # Descriptions allow null among objects, and services that forget to send it all the same.
            made.append(None)
        else:
            return made


def _json_kind(value: object) -> str:
    names: dict[type, str] = {
        type(None): "null",
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), type(value).__name__)


def _text(value: Any) -> Any:
    if type(value) is not str:
        raise ValueError("no text")
    return value


def _of_text(parse: Decode) -> Decode:
    return lambda value: parse(_text(value))


def _days(name: str) -> Decode:
    """Name a function of a module that only clients with days, times and durations carry."""
    return lambda text: getattr(import_module(".days", __package__), name)(text)


def _bool(value: Any) -> Any:
    if type(value) is not bool:
        raise ValueError("neither true nor false")
    return value


def _int(value: Any) -> Any:
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int or not -(1 << 63) <= value < 1 << 63:
        raise ValueError("no integer of 64 bits")
    return value


def _float(value: Any) -> Any:
    try:
        if type(value) in (int, float) or value in ("INF", "-INF", "NaN"):
            return float(value)
    except OverflowError:
        pass
    raise ValueError("no number that a float can hold")


def _bytes(text: str) -> bytes:
    text = text.translate({ord("-"): "+", ord("_"): "/"})
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


# Type, reading and name in messages; in the order in which `any_json` asks: a datetime is a date too.
_KINDS: dict[str, tuple[Any, Decode, str]] = {
    "datetime": (datetime.datetime, _of_text(Timestamp.parse), "a datetime"),
    "date": (datetime.date, _of_text(_days("parse_date")), "a date"),
    "time": (datetime.time, _of_text(_days("parse_time")), "a time"),
    "timedelta": (datetime.timedelta, _of_text(_days("parse_duration")), "a timedelta"),
    "uuid": (uuid.UUID, _of_text(uuid.UUID), "a UUID"),
    "bytes": (bytes, _of_text(_bytes), "bytes"),
    "bool": (bool, _bool, "True or False"),
    "int": (int, _int, "an int"),
    "float": (float, _float, "a float"),
    "str": (str, _text, "text"),
    "untyped": ((), copied, "any JSON value"),
}


def _whole_answer(kind: str) -> Decode:

    def read(value: Any) -> Any:
        if isinstance(value, str) and kind in ("int", "float", "bool"):
            value = json.loads(value.lower() if kind == "bool" else value)
        return _KINDS[kind][1](value)

    return read


# What a whole answer can be, by the names and the types that Kiota's adapters are asked with.
PRIMITIVES: dict[Any, Decode] = {
    name: _whole_answer(kind)
    for kind, (cls, _, _) in _KINDS.items()
    if kind != "untyped"
    for name in (kind, cls, cls.__name__, f"datetime.{kind}")
}


def fits(item: str, value: Any) -> bool:
    if item in ("object", "enum"):
        return hasattr(value, "serialize" if item == "object" else "value")
    if isinstance(value, bool):
        return item in ("bool", "untyped")
    if isinstance(value, str) and item in ("uuid", "datetime", "time", "timedelta"):
        # Kiota's writers take text for these; it has to be the right text.
        _KINDS[item][1](value)
        return True
    if item == "float" and isinstance(value, (int, float)):
        encoded(item, value)  # refuses what JSON has no number for
        return True
    if item == "date":
        return isinstance(value, (datetime.date, str)) and not isinstance(value, datetime.datetime)
    return item == "untyped" or isinstance(value, _KINDS[item][0])
