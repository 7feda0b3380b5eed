"""One property of a model: how it is read, checked and written.

Wire values are JSON as `json.loads` gives it. Reading never loses anything: a text that is no date, or a number where
text belongs, raises `Misfit`, upon which the model keeps the value among its additional data.
"""

# Raw JSON has no types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import base64
import binascii
import datetime
import importlib
import json
import math
import uuid
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Any

from kiota_abstractions import serialization as kiota

from .timestamps import (
    SpelledDuration,
    WireTime,
    duration_text,
    parse_date,
    parse_duration,
    read_timestamp,
    with_zone,
)

if TYPE_CHECKING:
    from kiota_abstractions.serialization import ParseNode, SerializationWriter

Decode = Callable[[Any], Any]
_PACKAGE = __name__.rsplit(".", 2)[0]
_INT64 = 1 << 63
_INFINITE = {"INF": math.inf, "-INF": -math.inf, "NaN": math.nan}


class Misfit(ValueError):
    """A plain value that its property cannot hold; it is kept as it came."""


class UnexpectedValue(ValueError):
    """The service sent something else than an object or a list where one belongs.

    `path` says where, by wire names.
    """

    def __init__(self, expected: str, found: object) -> None:
        self.path = ""
        self.detail = f"{expected} was expected, not {json_kind(found)}"
        super().__init__(self.detail)

    def at(self, name: str | int) -> UnexpectedValue:
        """Add the place one level up."""
        self.path = f"{name}.{self.path}" if self.path else str(name)
        self.args = (f"{self.path}: {self.detail}",)
        return self


class Prop:
    """A property: its attribute, its wire name, its kind and, for enums and objects, the class that it holds.

    Kinds are str, bool, int, float, uuid, datetime, date, time, timedelta, bytes, untyped, enum and object, and with an
    s for lists of those. `target` is "module below the package:Class" and is imported when first needed.
    """

    __slots__ = (
        "_cls",
        "_decode",
        "_loader",
        "_members",
        "attribute",
        "item",
        "key",
        "kind",
        "many",
        "plain",
        "read_only",
        "target",
        "wire",
    )

    def __init__(
        self, attribute: str, wire: str, kind: str, target: str = "", *, read_only: bool = False, computed: bool = False
    ) -> None:
        self.attribute = attribute
        self.wire = wire
        self.kind = kind
        self.target = target
        self.key = wire or None
        self.read_only = read_only or computed
        self.many = kind.endswith("s") and kind != "bytes"
        self.item = kind[:-1] if self.many else kind
        # Whether the value cannot change in place.
        self.plain = not self.many and self.item not in ("object", "untyped")
        self._cls: Any = None
        self._decode: Decode | None = None
        self._loader: Decode | None = None
        self._members: dict[Any, Any] | None = None

    @property
    def cls(self) -> Any:
        """The class that the property holds, imported now at the latest."""
        if self._cls is None:
            module, _, name = self.target.partition(":")
            self._cls = getattr(importlib.import_module(f"{_PACKAGE}.{module}"), name)
        return self._cls

    # ------------------------------------------------------------------------------------------------- reading

    @property
    def decode(self) -> Decode:
        """The function that makes a value of a wire value that is not null."""
        if self._decode is None:
            item = self._item_decode()
            if not self.many:
                self._decode = item
            elif self.item == "object":
                self._decode = self._load_list
            else:
                self._decode = _list_of(item)
        return self._decode

    def _item_decode(self) -> Decode:
        if self.item == "object":
            return self._load
        if self.item == "enum":
            return self._member
        return _DECODERS[self.item]

    def _load(self, value: Any) -> Any:
        return (self._loader or self._found_loader())(value)

    def _load_list(self, value: Any) -> Any:
        if type(value) is not list:
            raise UnexpectedValue("a list", value)
        if not value:
            return []
        load = self._loader or self._found_loader()
        try:
            return [load(item) for item in value]
        except UnexpectedValue as error:
            raise error.at(_place(load, value)) from None

    def _found_loader(self) -> Decode:
        found: Decode = self.cls._loader()
        self._loader = found
        return found

    def _member(self, value: Any) -> Any:
        known = self._members
        if known is None:
            known = self._members = self.cls._value2member_map_
        if type(value) is not str:
            raise Misfit(self.wire)
        return known.get(value) or self.cls.of(value)

    # ------------------------------------------------------------------------------------------------- setting

    def check(self, value: Any) -> Any:
        """Give the value to keep when the caller sets one."""
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
        if not _fits(self.item, value):
            hint = f" (use {self.target.rpartition(':')[2]}.of({value!r}))" if self.item == "enum" else ""
            raise TypeError(f"{self.attribute} takes {_SHOWN[self.item]}, not {type(value).__name__}{hint}.")
        return value

    # ------------------------------------------------------------------------------------------------- writing

    def wire_value(self, value: Any) -> Any:
        """Spell a value in JSON terms, with whole objects."""
        if value is None:
            return None
        if self.many:
            return [None if item is None else _encode(self.item, item) for item in value]
        return _encode(self.item, value)

    def write(self, writer: SerializationWriter, value: Any) -> None:
        """Write a value with the writer's method for its kind."""
        if value is None:
            writer.write_null_value(self.key)
        elif self.many:
            self._write_list(writer, value)
        elif self.item == "untyped":
            write_raw(writer, self.key, any_json(value))
        elif self.item == "timedelta":
            writer.write_timedelta_value(self.key, SpelledDuration.of(value))
        elif self.item == "datetime":
            writer.write_datetime_value(self.key, with_zone(value))
        else:
            getattr(writer, f"write_{self.item}_value")(self.key, value)

    def _write_list(self, writer: SerializationWriter, values: Any) -> None:
        if self.item == "object" and None not in values:
            writer.write_collection_of_object_values(self.key, values)
        elif self.item == "enum" and None not in values:
            writer.write_collection_of_enum_values(self.key, values)
        elif self.item in ("object", "enum", "untyped"):
            write_raw(writer, self.key, self.wire_value(values))
        elif self.item in ("timedelta", "date", "time", "datetime"):
            # As text: Kiota's writer spells a timedelta as no service reads it, and takes a datetime for a date.
            writer.write_collection_of_primitive_values(self.key, self.wire_value(values))
        else:
            writer.write_collection_of_primitive_values(self.key, values)

    # ------------------------------------------------------------------------------------ nodes that are not JSON

    def read_node(self, node: ParseNode) -> Any:
        """Read from a parse node by its public methods."""
        if self.item == "object":
            return node.get_collection_of_object_values(self.cls) if self.many else node.get_object_value(self.cls)
        if self.many:
            if self.item == "enum":
                return [self.cls.of(text) for text in node.get_collection_of_primitive_values(str) or ()]
            return node.get_collection_of_primitive_values(_TYPES.get(self.item, str))
        if self.item in ("str", "untyped", "enum", "datetime", "time", "timedelta", "date", "uuid"):
            text = node.get_str_value()
            return None if text is None else self.decode(text)
        return getattr(node, f"get_{self.item}_value")()


class Redeclared(Prop):
    """A property that a derived class declares with another type than its base does: values of both are taken.

    It is still its base that writes it in Kiota's models, so what text can spell goes out as the base's text.
    """

    __slots__ = ("_base",)

    def __init__(self, own: Prop, base: Prop) -> None:
        super().__init__(own.attribute, own.wire, own.kind, own.target, read_only=own.read_only)
        self._base = base

    @property
    def decode(self) -> Decode:
        """The function that makes a value of the own type, or, where that does not fit, of the base's."""
        return self._either

    def _either(self, value: Any) -> Any:
        try:
            return super().decode(value)
        except ValueError:
            return self._base.decode(value)

    def check(self, value: Any) -> Any:
        """Give the value to keep when the caller sets one."""
        try:
            return super().check(value)
        except (TypeError, ValueError):
            return self._base.check(value)

    def wire_value(self, value: Any) -> Any:
        """Spell a value in JSON terms."""
        return super().wire_value(value) if self._is_own(value) else self._base.wire_value(value)

    def write(self, writer: SerializationWriter, value: Any) -> None:
        """Write a value with the writer's method for its kind."""
        if value is not None and self._base.kind == "str" and self.kind in ("enum", "uuid"):
            writer.write_str_value(self.key, _encode(self.kind, value))
        elif self._is_own(value):
            super().write(writer, value)
        else:
            self._base.write(writer, value)

    def _is_own(self, value: Any) -> bool:
        if self.many or value is None:
            return value is None or isinstance(value, list)
        return not isinstance(value, list) and _fits(self.item, value)


class _Whole(kiota.Parsable):
    """Any JSON value as what Kiota's writers take for a model: lists of mixed items are refused otherwise."""

    def __init__(self, value: Any = None) -> None:
        self._value = value

    def get_field_deserializers(self) -> dict[str, Callable[[ParseNode], None]]:
        """Nothing is read into it."""
        return {}

    def serialize(self, writer: SerializationWriter) -> None:
        """Write the value as the root of the writer."""
        value = self._value
        if isinstance(value, dict) and value:
            for name, inner in value.items():
                write_raw(writer, name, inner)
        elif isinstance(value, list):
            writer.write_collection_of_object_values(None, [_Whole(item) for item in value])
        else:
            writer.write_any_value(None, value)  # type: ignore[attr-defined]


def write_raw(writer: SerializationWriter, key: str | None, value: Any) -> None:
    """Write a JSON value as it is.

    Kiota's JSON writer refuses lists of mixed items; what it has written so far is a public dictionary, into which
    the value goes directly. Other writers get it as additional data.
    """
    written = getattr(writer, "writer", None)
    if key is None:
        _Whole(value).serialize(writer)
    elif isinstance(written, dict):
        written[key] = value
    else:
        writer.write_additional_data_value({key: value})


def copied(value: Any) -> Any:
    """Copy the containers of a JSON value, so that changes in place do not reach what was read."""
    if type(value) is dict:
        return {key: copied(item) for key, item in value.items()}
    if type(value) is list:
        return [copied(item) for item in value]
    return value


def scalar(value: Any) -> Any:
    """Give a plain value in a type that Kiota's writers know: what was read, and durations, as text."""
    if isinstance(value, datetime.timedelta):
        return duration_text(value)
    if isinstance(value, (datetime.datetime, datetime.time)) and type(value).__module__ != "datetime":
        return value.isoformat()
    return with_zone(value)


def json_kind(value: object) -> str:
    """Name the kind of a JSON value, for messages."""
    if value is None:
        return "null"
    names: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), type(value).__name__)


def any_json(value: Any) -> Any:
    """Spell any value in JSON terms: models, enums, dates and containers of those."""
    if value is None or isinstance(value, (bool, int)) or type(value) is str:
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"JSON has no {value}.")
        return value
    if isinstance(value, dict):
        return {str(key): any_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [any_json(item) for item in value]
    if isinstance(value, Enum):
        return any_json(value.value)
    if isinstance(value, str):
        return str(value)
    for item, kind in _TYPES.items():
        if isinstance(value, kind):
            return _encode(item, value)
    if hasattr(type(value), "_load"):
        return value._wire()
    if hasattr(value, "serialize"):
        return _foreign(value)
    raise TypeError(f"{type(value).__name__} has no spelling in JSON.")


def _foreign(value: Any) -> Any:
    import json

    from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter

    writer = JsonSerializationWriter()
    value.serialize(writer)
    return json.loads(writer.get_serialized_content() or b"null")


def _encode(item: str, value: Any) -> Any:
    if item == "object":
        return value._wire() if hasattr(type(value), "_load") else any_json(value)
    if item == "enum":
        return _enum_text(value)
    if isinstance(value, str) and item != "bytes":
        return str(value)
    plain: Any = value
    if item in ("datetime", "date", "time"):
        return with_zone(plain).isoformat()
    if item == "timedelta":
        return duration_text(plain)
    if item == "uuid":
        return str(value)
    if item == "bytes":
        return base64.b64encode(plain).decode("ascii")
    if item == "float" and isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"JSON has no {value}.")
    return any_json(value) if item == "untyped" else value


def _enum_text(value: Any) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)


def _list_of(decode: Decode) -> Decode:

    def decode_list(value: Any) -> Any:
        if type(value) is not list:
            raise UnexpectedValue("a list", value)
        try:
            return [None if item is None else decode(item) for item in value]
        except UnexpectedValue as error:
            raise error.at(_place(decode, value)) from None

    return decode_list


def _place(decode: Decode, values: list[Any]) -> int:
    """Find the item that cannot be decoded; asked only when one could not."""
    for place, value in enumerate(values):
        try:
            decode(value)
        except UnexpectedValue:
            return place
    return 0


def _text(value: Any) -> Any:
    if type(value) is not str:
        raise Misfit
    return value


def _bool(value: Any) -> Any:
    if type(value) is not bool:
        raise Misfit
    return value


def _int(value: Any) -> Any:
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is not int or not -_INT64 <= value < _INT64:
        raise Misfit
    return value


def _float(value: Any) -> Any:
    if type(value) is float:
        return value
    if type(value) is int:
        return float(value)
    if value in ("INF", "-INF", "NaN"):
        return _INFINITE[value]
    raise Misfit


def _uuid(value: Any) -> Any:
    return uuid.UUID(_text(value))


def _bytes(value: Any) -> Any:
    text = _text(value).translate({ord("-"): "+", ord("_"): "/"})
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise Misfit from error


def _date(value: Any) -> Any:
    return parse_date(_text(value))


def _time(value: Any) -> Any:
    return WireTime.parse(_text(value))


def _duration(value: Any) -> Any:
    return parse_duration(_text(value))


def _stamp(value: Any) -> Any:
    if type(value) is not str:
        raise Misfit
    return read_timestamp(value)


_DECODERS: dict[str, Decode] = {
    "str": _text,
    "bool": _bool,
    "int": _int,
    "float": _float,
    "uuid": _uuid,
    "datetime": _stamp,
    "date": _date,
    "time": _time,
    "timedelta": _duration,
    "bytes": _bytes,
    "untyped": copied,
}

# In the order in which `any_json` asks: a datetime is a date too.
_TYPES: dict[str, Any] = {
    "datetime": datetime.datetime,
    "date": datetime.date,
    "time": datetime.time,
    "timedelta": datetime.timedelta,
    "uuid": uuid.UUID,
    "bytes": bytes,
    "bool": bool,
    "int": int,
    "float": float,
    "str": str,
}


def _plain(kind: str) -> Decode:

    def read(value: Any) -> Any:
        if isinstance(value, str) and kind in ("int", "float", "bool"):
            value = json.loads(value.lower() if kind == "bool" else value)
        return _DECODERS[kind](value)

    return read


# What a whole answer can be, by the names and the types that Kiota's adapters are asked with.
PRIMITIVES: dict[Any, Decode] = {
    **{kind: _plain(kind) for kind in _TYPES},
    **{kind: _plain(name) for name, kind in _TYPES.items()},
    **{f"datetime.{kind}": _plain(kind) for kind in ("datetime", "date", "time", "timedelta")},
    "UUID": _plain("uuid"),
}

_SHOWN = {
    "str": "text",
    "bool": "True or False",
    "int": "an int",
    "float": "a float",
    "uuid": "a UUID",
    "datetime": "a datetime",
    "date": "a date",
    "time": "a time",
    "timedelta": "a timedelta",
    "bytes": "bytes",
    "untyped": "any JSON value",
    "enum": "a member of its enum",
    "object": "a model",
}


def _fits(item: str, value: Any) -> bool:
    if item == "untyped":
        return True
    if item == "object":
        return hasattr(value, "serialize")
    if item == "enum":
        return hasattr(value, "value")
    if item == "bool":
        return isinstance(value, bool)
    if item in ("int", "float"):
        if isinstance(value, bool) or not isinstance(value, (int, float) if item == "float" else int):
            return False
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"JSON has no {value}.")
        return True
    if item == "date":
        return isinstance(value, (datetime.date, str)) and not isinstance(value, datetime.datetime)
    if isinstance(value, str) and item in ("uuid", "datetime", "time", "timedelta"):
        # Kiota's writers take text for these; it has to be the right text.
        _DECODERS[item](value)
        return True
    return isinstance(value, _TYPES[item])
