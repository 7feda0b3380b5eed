"""The names that generated models are built from."""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import base64
import dataclasses
import datetime
import json
import logging
import math
import re
import reprlib
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from kiota_abstractions import api_error as kiota_error
from kiota_abstractions import serialization as kiota
from kiota_abstractions.store import BackedModel as KiotaBackedModel
from kiota_abstractions.store import BackingStore
from typing_extensions import dataclass_transform

if TYPE_CHECKING:
    from kiota_abstractions.serialization import ParseNode, SerializationWriter
    from typing_extensions import Self


E = TypeVar("E", bound="WireEnum")
# Compiled when first needed: most of the time nothing but the usual shape of a timestamp is read.
_STAMP = r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:([Zz])|([+-])(\d\d):(\d\d))?"
_UTC = datetime.timezone.utc
_MICROSECOND = datetime.timedelta(microseconds=1)


class Timestamp(datetime.datetime):
    """A date and time that was read; `isoformat()` gives the text that it was read from.

    A `datetime` counts microseconds, services send more digits. Whatever is computed from a timestamp is a plain one.
    """

    _text: str | None = None

    @classmethod
    def parse(cls, text: str) -> Timestamp:
        """Read RFC 3339 text, the same on every Python; without an offset it is UTC."""
        found = re.fullmatch(_STAMP, text, re.ASCII)
        if found is None:
            raise ValueError(f"{text!r} is no date and time")
        year, month, day, hour, minute, second, fraction, _, sign, off_hours, off_minutes = found.groups()
        zone = _UTC if sign is None else _zone(sign, off_hours, off_minutes)
        micro = int(fraction[:6].ljust(6, "0")) if fraction else 0
        made = cls(int(year), int(month), int(day), int(hour), int(minute), int(second), micro, zone)
        made._text = text
        return made

    @property
    def text(self) -> str:
        """The text as it came over the wire, or the usual form of a computed value."""
        return self.isoformat()

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        plain = self._text is None or sep != "T" or timespec != "auto"
        return super().isoformat(sep, timespec) if plain else str(self._text)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return super().__reduce_ex__(protocol) if self._text is None else (Timestamp.parse, (self._text,))


def with_zone(value: Any) -> Any:
    """Give a moment that says nothing of its zone as UTC, which it is when it is read; anything else as it is."""
    if isinstance(value, datetime.datetime) and value.tzinfo is None:
        return value.replace(tzinfo=_UTC)
    return value


def duration_text(value: datetime.timedelta) -> str:
    total = value // _MICROSECOND
    sign, total = ("-", -total) if total < 0 else ("", total)
    seconds, micro = divmod(total, 1_000_000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    fraction = f".{micro:06d}".rstrip("0") if micro else ""
    clock = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "")
    clock += f"{second}{fraction}S" if second or fraction else ""
    text = (f"{day}D" if day else "") + (f"T{clock}" if clock else "")
    return f"{sign}P{text or 'T0S'}"


def _zone(sign: str, hours: str, minutes: str) -> datetime.timezone:
    offset = datetime.timedelta(hours=int(hours), minutes=int(minutes))
    return datetime.timezone(-offset if sign == "-" else offset)


class WireEnum(str, Enum):
    """An enum by its wire values, which are also its text.

    A value that the description does not list is kept: `Color("mauve")` is a `Color` whose value is `mauve`, which goes
    back over the wire as it came. `is_known` tells the two apart.
    """

    @classmethod
    def of(cls: type[E], text: str) -> E:
        """Give the member with this wire value, or an unknown one that keeps the text."""
        found = cls._value2member_map_.get(text)
        return found if isinstance(found, cls) else cls._unknown(text)

    @property
    def is_known(self) -> bool:
        """Whether the description lists this value."""
        return self._name_ in type(self)._member_map_

    @classmethod
    def _missing_(cls: type[E], value: object) -> E | None:
        return cls._unknown(value) if isinstance(value, str) else None

    @classmethod
    def _unknown(cls: type[E], text: str) -> E:
        # Not remembered on the class: what a service sends must not make a process grow.
        member = str.__new__(cls, text)
        member._name_ = f"<{text}>"
        member._value_ = text
        return member

    def __str__(self) -> str:
        return str(self._value_)

    def __format__(self, spec: str) -> str:
        return format(str(self._value_), spec)

    def __repr__(self) -> str:
        shown = self._name_ if self.is_known else repr(str(self._value_))
        return f"{type(self).__name__}.{shown}" if self.is_known else f"{type(self).__name__}({shown})"

    def __hash__(self) -> int:
        return hash(str(self._value_))

    def __reduce_ex__(self, protocol: object) -> tuple[object, ...]:
        return (type(self), (str(self._value_),))


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


_log = logging.getLogger(__name__.partition(".")[0])
_TYPE_NAME = "@odata.type"
_AS_THEY_ARE: Mapping[str, type] = {"str": str, "bool": bool, "float": float}


class NothingToSend(ValueError):
    """A PATCH without a change; nothing was sent."""


class Remembering:
    """Base of all models."""

    _properties: ClassVar[Sequence[Prop]] = ()
    _discriminator: ClassVar[tuple[str, Mapping[str, str]] | None] = None
    _table: ClassVar[_Table | None] = None
    _partial: ClassVar[bool] = True
    # Hidden by the dictionary of an instance that was read, set, or read with values of another kind.
    _raw: ClassVar[Mapping[str, Any]] = {}
    _set: ClassVar[frozenset[str]] = frozenset()
    _misfits: ClassVar[tuple[str, ...]] = ()

    def __init__(self, /, **values: Any) -> None:
        for name, value in values.items():
            if not _declared(type(self), name):
                raise TypeError(f"{type(self).__name__} has no property {name!r}{_guess(type(self), name)}.")
            setattr(self, name, value)

    @classmethod
    def _own_props(cls) -> tuple[Prop, ...]:
        """All properties, those of the bases first; one that a derived class declares with a type of its own counts."""
        found: dict[str, Prop] = {}
        for prop in (prop for base in reversed(cls.__mro__) for prop in base.__dict__.get("_properties", ())):
            base = found.get(prop.attribute)
            if base is not None and base.kind != prop.kind:
                # Only the clients that have such properties carry the module.
                prop = import_module(".redeclared", __package__).Redeclared(prop, base)
            found[prop.attribute] = prop
        return tuple(found.values())

    @classmethod
    def _known(cls) -> Mapping[str, Any]:
        return _table(cls).plan

    # ------------------------------------------------------------------------------------------------- reading

    @classmethod
    def create_from_discriminator_value(cls, parse_node: ParseNode) -> Self:
        """Make the object that a parse node calls for, of a derived class where the value names one."""
        raw = getattr(parse_node, "_json_node", None)
        if type(raw) is dict:
            made = cls._load(raw)
            made.__dict__["_filled"] = True
            for told in (parse_node.on_before_assign_field_values, parse_node.on_after_assign_field_values):
                if told is not None:
                    made._tell(told)
            return made
        if raw is not None and isinstance(raw, (list, str, int, float)):
            raise UnexpectedValue("an object", raw)
        chosen: type[Any] = cls
        if "_discriminator" in cls.__dict__ and cls._discriminator is not None:
            child = parse_node.get_child_node(cls._discriminator[0])
            chosen = _table(cls).chosen(child.get_str_value() if child is not None else None)
        return cast("Self", chosen.__new__(chosen))  # type: ignore[call-overload]

    def _tell(self, callback: Callable[[Any], None]) -> None:
        for prop in _table(type(self)).props:
            value = self.__dict__.get(prop.attribute) if prop.item == "object" else None
            for item in value if isinstance(value, list) else (value,):
                if item is not None:
                    callback(item)
                    item._tell(callback)

    def get_field_deserializers(self) -> dict[str, Callable[[ParseNode], None]]:
        if self.__dict__.pop("_filled", False):
            return _AlreadyFilled()
        return {prop.wire: _Reader(self, prop) for prop in _table(type(self)).props}

    @classmethod
    def _load(cls, raw: Any) -> Self:
        made: Self = _table(cls).load(raw)
        return made

    @classmethod
    def _loader(cls) -> Callable[[Any], Any]:
        return _table(cls).load

    def _misfit(self, name: str) -> None:
        _log.warning("%s.%s: a value of another kind was kept as additional data", type(self).__name__, name)
        self.__dict__["_misfits"] = (*self._misfits, name)

    def _unlisted(self) -> dict[str, Any]:
        """Give the additional data of an object that was read, when it is first asked for."""
        table = _table(type(self))
        for prop in table.later.values():
            getattr(self, prop.attribute)  # only now is it known whether it is a moment
        raw, odd = self._raw, self._misfits
        return {name: copied(value) for name, value in raw.items() if name not in table.plan or name in odd}

    def _unlisted_now(self) -> Mapping[str, Any]:
        return self.additional_data if _table(type(self)).open else {}  # type: ignore[attr-defined]

    # ------------------------------------------------------------------------------------------------- setting

    def __setattr__(self, name: str, value: Any) -> None:
        """Note what the caller sets; refuse names that the model does not have."""
        values = self.__dict__
        prop = _table(type(self)).by_attribute.get(name)
        if prop is not None:
            old = values.get(name)
            values[name] = prop.check(value)
            values["_set"] = self._set | {name}
            store = values.get("_store")
            if store is not None:
                store.notify(name, old, value)
        elif name == "additional_data" and not isinstance(value, dict):
            raise TypeError(f"additional_data takes a dict, not {type(value).__name__}.")
        elif name.startswith("_") or _declared(type(self), name):
            object.__setattr__(self, name, value)
            if name == "additional_data":
                values["_set"] = self._set | {name}
        else:
            raise AttributeError(f"{type(self).__name__} has no property {name!r}{_guess(type(self), name)}.")

    def __delattr__(self, name: str) -> None:
        """Forget what was set; what was read comes back."""
        values = self.__dict__
        prop = _table(type(self)).by_attribute.get(name)
        if prop is None:
            object.__delattr__(self, name)
            return
        values.pop(name, None)
        values["_set"] = self._set - {name}
        received = self._raw.get(prop.wire)
        if prop.wire in self._raw:
            values[name] = None if received is None else prop.decode(received)

    # ------------------------------------------------------------------------------------------------- sending

    def _spelled(self) -> Iterator[tuple[Prop, Any]]:
        """Properties that something else spells than what was read: set by hand, by default, or of values inside."""
        for prop in _table(type(self)).props:
            value = self.__dict__.get(prop.attribute)
            if prop.attribute in self._set:
                yield prop, value
            elif prop.wire not in self._raw:
                value = self._default(prop)
                if value is not None:
                    yield prop, value
            elif not prop.plain and value is not None and (prop.item == "object" or self._differs(prop)):
                yield prop, value

    def _default(self, prop: Prop) -> Any:
        """What a new object has by its class; of an object that was read, what is absent stays absent."""
        return None if "_raw" in self.__dict__ else getattr(type(self), prop.attribute, None)

    def _differs(self, prop: Prop) -> bool:
        received, value = self._raw[prop.wire], self.__dict__[prop.attribute]
        if prop.item == "object":
            return not same(received, prop.wire_value(value))
        return not same(prop.decode(received), value)

    def _pending(self) -> Iterator[tuple[Prop, Any]]:
        for prop, value in self._spelled():
            if prop.attribute in self._set:
                yield prop, value
            elif prop.wire in self._raw:
                if prop.kind == "object" and isinstance(value, Remembering) and value._partial:
                    if value._has_changes():
                        yield prop, Changes(value)
                elif self._differs(prop):
                    yield prop, value

    def _has_changes(self) -> bool:
        return next(self._pending(), None) is not None or bool(self._extra(whole=False))

    def _extra(self, *, whole: bool) -> dict[str, Any]:
        """Additional data to send: all that the caller may write, or only what changed."""
        raw, plan = self._raw, _table(type(self)).plan
        result: dict[str, Any] = {}
        extra = self._unlisted_now() if whole else self.__dict__.get("additional_data", {})
        for name, value in extra.items():
            as_read = name in raw and same(raw[name], value)
            if name in plan:
                if not as_read:
                    raise ValueError(f"{name!r} in additional_data belongs to {plan[name][0]}.")
            elif not as_read or (whole and ("@" not in name or name.endswith(_TYPE_NAME))):
                result[str(name)] = any_json(value)
        if not whole and "additional_data" not in self._set:
            # Other additional data as a whole say nothing about what was there; a name that was taken out does.
            result.update({name: None for name in self._removed() if "@" not in name})
        return result

    def _removed(self) -> list[str]:
        now = self.__dict__.get("additional_data")
        return [] if now is None else [name for name in self._unlisted() if name not in now]

    def serialize(self, writer: SerializationWriter) -> None:
        try:
            spelled = {prop.wire: value for prop, value in self._spelled()}
            for prop in _table(type(self)).props:
                if prop.read_only and prop.attribute not in self._set:
                    continue
                if prop.wire in spelled:
                    prop.write(writer, spelled[prop.wire])
                elif prop.wire in self._raw:
                    write_raw(writer, prop.wire, copied(self._raw[prop.wire]))
            self._write_extra(writer, self._extra(whole=True))
        except RecursionError:
            raise ValueError(f"{type(self).__name__} holds itself and cannot be written.") from None

    def _write_extra(self, writer: SerializationWriter, extra: dict[str, Any]) -> None:
        if not _table(type(self)).open:
            return
        if isinstance(getattr(writer, "writer", None), dict):
            for name, value in extra.items():
                write_raw(writer, name, value)
        else:
            writer.write_additional_data_value(extra)

    # ---------------------------------------------------------------------------------------------- as a value

    def _wire(self) -> dict[str, Any]:
        removed = self._removed()
        result: dict[str, Any] = {name: copied(value) for name, value in self._raw.items() if name not in removed}
        try:
            result.update({prop.wire: prop.wire_value(value) for prop, value in self._spelled()})
        except RecursionError:
            raise ValueError(f"{type(self).__name__} holds itself and cannot be written.") from None
        for name, value in self.__dict__.get("additional_data", {}).items():
            if name not in _table(type(self)).plan:
                result[str(name)] = any_json(value)
        return result

    def to_dict(self) -> dict[str, Any]:
        """Give all that the object holds as JSON values, by wire names.

        Returns:
            A new dictionary; nulls that were read or set are in it, what is absent is not.
        """
        return self._wire()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make an object of JSON values by wire names, as if it had been read from the service.

        Args:
            data: What `to_dict` gave, or a parsed JSON object. It is copied.
        """
        return cls._load(copied(dict(data)))

    @reprlib.recursive_repr()
    def __repr__(self) -> str:
        shown: list[str] = []
        for name, value in self._values():
            if isinstance(value, list) and len(value) > 3:
                shown.append(f"{name}=[{len(value)} items]")
            elif value is not None:
                shown.append(f"{name}={value!r}")
        extra = self._unlisted_now()
        if extra:
            shown.append(f"additional_data={extra!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def __eq__(self, other: object) -> bool:
        """Whether both are of one class and hold equal values, read or set."""
        if type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values() and self._unlisted_now() == other._unlisted_now()

    def _values(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name, None)) for name in _table(type(self)).by_attribute]

    __hash__ = None  # type: ignore[assignment]


class Changes(kiota.Parsable):
    """The changes of a model, as something that Kiota's writers take for a model."""

    def __init__(self, changed: Remembering | None = None) -> None:
        self.changed = changed or Remembering()

    def get_field_deserializers(self) -> dict[str, Callable[[ParseNode], None]]:
        """Nothing is read into changes."""
        return {}

    def serialize(self, writer: SerializationWriter) -> None:
        changed = self.changed
        type_name = _table(type(changed)).type_name
        if type_name is not None and type_name.attribute not in changed.__dict__:
            # A new object says of which class it is where the description says that it has to.
            kind = changed._default(type_name)
            if kind is not None:
                type_name.write(writer, kind)
        for prop, value in changed._pending():
            if isinstance(value, Changes):
                writer.write_object_value(prop.wire, value)
            else:
                prop.write(writer, value)
        changed._write_extra(writer, changed._extra(whole=False))


class _Table:
    """What is worked out once for a model class, when its first object is made."""

    def __init__(self, cls: type[Any]) -> None:
        own: tuple[Prop, ...] = cls._own_props()
        self.cls = cls
        self.props = own
        self.by_attribute = {prop.attribute: prop for prop in own}
        # The third says which JSON values are taken as they are, without a call.
        self.plan: dict[str, tuple[str, Callable[[Any], Any], type | None]] = {
            p.wire: (p.attribute, p.decode, _AS_THEY_ARE.get(p.kind)) for p in own
        }
        # Made when they are asked for: the text of a moment says all of it, and most are never looked at.
        self.later = {p.wire: p for p in own if p.kind == "datetime" and p.key and type(p) is Prop}
        self.now = {wire: entry for wire, entry in self.plan.items() if wire not in self.later}
        for prop in self.later.values():
            setattr(cls, prop.attribute, _Later(prop, getattr(cls, prop.attribute, None)))
        self.open = hasattr(cls, "additional_data")
        found = cls.__dict__.get("_discriminator")
        self.discriminator: str | None = found[0] if found else None
        self._targets: dict[str, str] = {k.casefold(): v for k, v in found[1].items()} if found else {}
        self._classes: dict[str, type[Any]] = {}
        named = next((p for p in own if p.wire == _TYPE_NAME), None)
        self.type_name = named if named is not None and getattr(cls, named.attribute, None) is not None else None

    def load(self, raw: Any) -> Any:
        """Make an object of a JSON object, of a derived class where the object names one."""
        if raw.__class__ is not dict:
            raise UnexpectedValue("an object", raw)
        table = self
        if self.discriminator is not None:
            chosen = self.chosen(raw.get(self.discriminator))
            table = self if chosen is self.cls else _table(chosen)
        cls: Any = table.cls
        planned = table.now.get
        made: Any = cls.__new__(cls)
        values = made.__dict__
        values["_raw"] = raw
        name = ""
        try:
            # Every value of every answer passes here: no call that is not needed, no name looked up twice. What the
            # class does not list stays in the object that was read until somebody asks for additional data.
            for name, value in raw.items():
                entry = planned(name)
                if entry is None:
                    continue
                attribute, decode, as_it_is = entry
                if value is None or value.__class__ is as_it_is:
                    values[attribute] = value
                    continue
                try:
                    found = decode(value)
                except UnexpectedValue:
                    raise
                except ValueError:
                    made._misfit(name)
                else:
                    values[attribute] = found
        except UnexpectedValue as error:
            raise error.at(name) from None
        return made

    def chosen(self, value: object) -> type[Any]:
        if not isinstance(value, str):
            return self.cls
        found = self._classes.get(value)
        if found is None:
            target = self._targets.get(value.casefold())
            if target is None:
                return self.cls
            found = self._classes[value] = Prop("", "", "object", target).cls
        return found


class _Later:
    """A class attribute that makes a timestamp of the text that was read, when it is first asked for."""

    def __init__(self, prop: Prop, default: Any) -> None:
        self._prop = prop
        self._default = default

    def __get__(self, instance: Any, owner: type) -> Any:
        prop = self._prop
        if instance is None or (text := instance._raw.get(prop.wire)) is None:
            return self._default
        try:
            value = instance.__dict__[prop.attribute] = prop.decode(text)
        except ValueError:
            if prop.wire not in instance._misfits:
                instance._misfit(prop.wire)
            return self._default
        return value


class _AlreadyFilled(dict[str, Any]):
    """Deserializers of an object that was filled when it was made: whatever a node assigns is there already."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Callable[[Any], None]:
        return lambda node: None


class _Reader:
    """Reads one property of one object from a parse node."""

    def __init__(self, owner: Remembering, prop: Prop) -> None:
        self._owner = owner
        self._prop = prop

    def __call__(self, node: ParseNode) -> None:
        values, prop = self._owner.__dict__, self._prop
        try:
            value = prop.read_node(node)
        except ValueError:
            if _table(type(self._owner)).open:
                cast("Any", self._owner).additional_data[prop.wire] = node.get_str_value()
            return
        values[prop.attribute] = value
        values.setdefault("_raw", {})[prop.wire] = copied(prop.wire_value(value))


def changes_of(body: Any) -> Any:
    if not isinstance(body, Remembering) or not body._partial:
        return body
    if not body._has_changes():
        raise NothingToSend(f"Nothing in this {type(body).__name__} was set or changed; no request was sent.")
    return Changes(body)


def same(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    if type(one) is dict:
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if type(one) is list:
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def _table(cls: type[Any]) -> _Table:
    table: _Table | None = cls.__dict__.get("_table")
    if table is None:
        table = cls._table = _Table(cls)
    return table


def _declared(cls: type, name: str) -> bool:
    return name in _table(cls).by_attribute or (not name.startswith("_") and hasattr(cls, name))


def _guess(cls: type, name: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, _table(cls).by_attribute, 1)
    return f"; did you mean {close[0]!r}" if close else ""


T = TypeVar("T")
Callback = Callable[[str, Any, Any], None]


class _Fresh:
    """A class attribute that makes each instance a value of its own when it is first asked for."""

    def __init__(self, factory: Callable[[], Any]) -> None:
        self._factory = factory
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        if instance is None:
            return self
        unlisted = getattr(instance, "_unlisted", None) if self._name == "additional_data" else None
        return instance.__dict__.setdefault(self._name, (unlisted or self._factory)())


def field_of(factory: Callable[[], T]) -> T:
    """Declare a field whose default is made anew for each object."""
    return cast("T", _Fresh(factory))


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(field_of,))
def model(cls: type[T]) -> type[T]:
    """Make a class a model: its fields are keyword arguments, and `dataclasses.fields` lists them."""
    return dataclasses.dataclass(init=False, repr=False, eq=False, match_args=False)(cls)


class Parsable(Remembering, kiota.Parsable):
    """A model: it reads and writes itself, knows what was changed, and compares by value."""


class AdditionalDataHolder(Remembering, kiota.AdditionalDataHolder):
    """A model that keeps what the description does not list."""

    additional_data: dict[str, Any] = field_of(factory=dict[str, Any])


class APIError(Remembering, kiota_error.APIError):
    """An error that the service answered with."""

    _primary_message: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        /,
        message: str | None = None,
        response_status_code: int | None = None,
        response_headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> None:
        Remembering.__init__(self, **values)
        self.__dict__.update(
            message=message, response_status_code=response_status_code, response_headers=response_headers
        )

    @property
    def primary_message(self) -> str | None:
        """What the service says went wrong."""
        found: Any = self if self._primary_message else None
        for name in self._primary_message:
            found = getattr(found, name, None)
        # A property called message may be anything.
        own: object = self.message
        return found if isinstance(found, str) and found else own if isinstance(own, str) else None

    def __setattr__(self, name: str, value: Any) -> None:
        """Take text for `message` although the description has an object under that name: Kiota's code sets text."""
        if name == "message" and isinstance(value, str):
            prop = next((prop for prop in self._own_props() if prop.attribute == name), None)
            if prop is not None and prop.kind != "str":
                self.__dict__["_told"] = value
                return
        Remembering.__setattr__(self, name, value)

    def __setstate__(self, state: Mapping[str, Any] | None) -> None:
        # An exception's own would assign, which the models refuse for what is no property.
        self.__dict__.update(state or {})

    def __str__(self) -> str:
        told = self.__dict__.get("_told")
        if told is not None:
            return str(told)
        # Kiota's own older versions give a page with all that was answered.
        status = self.response_status_code
        return (self.primary_message or type(self).__name__) + ("" if status is None else f" (status {status})")

    def __eq__(self, other: object) -> bool:
        """An exception is itself and nothing else; Kiota's compares by value and cannot be put into a set."""
        return self is other

    def __hash__(self) -> int:  # type: ignore[override]
        return object.__hash__(self)


class StoreView(BackingStore[Any]):
    """What Kiota's code may ask of a backing store; its flags change what is answered, never what is remembered."""

    is_initialization_completed = True  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]
    return_only_changed_values = False  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    def __init__(self, owner: Remembering) -> None:
        self._owner = owner
        self._subscriptions: dict[str, Callback] = {}

    def get(self, key: str) -> Any:
        if not key:
            raise ValueError("key cannot be empty.")
        if self.return_only_changed_values and key not in self._changed():
            return None
        return getattr(self._owner, key, None)

    def set(self, key: str, value: Any) -> None:
        if not key:
            raise ValueError("key cannot be empty.")
        setattr(self._owner, key, value)

    def enumerate_(self) -> list[tuple[str, Any]]:
        if self.return_only_changed_values:
            return [(name, getattr(self._owner, name, None)) for name in self._changed()]
        names = [prop.attribute for prop in self._owner._own_props()]
        return [
            (name, value)
            for name in names
            if (value := getattr(self._owner, name, None)) is not None or name in self._owner.__dict__
        ]

    def enumerate_keys_for_values_changed_to_null(self) -> list[str]:
        """Give wire names, because Kiota's writers write a null under each name that this gives."""
        return [prop.wire for prop, value in self._owner._pending() if value is None]

    def subscribe(self, callback: Callback, subscription_id: str | None = None) -> str:
        key = subscription_id or str(uuid.uuid4())
        self._subscriptions[key] = callback
        return key

    def unsubscribe(self, subscription_id: str) -> None:
        del self._subscriptions[subscription_id]

    def clear(self) -> None:
        for prop in self._owner._own_props():
            self._owner.__dict__.pop(prop.attribute, None)
        for name in ("_raw", "_set", "_misfits", "additional_data"):
            self._owner.__dict__.pop(name, None)

    def notify(self, name: str, old: Any, new: Any) -> None:
        for callback in list(self._subscriptions.values()):
            callback(name, old, new)

    def _changed(self) -> list[str]:
        return [prop.attribute for prop, _ in self._owner._pending()]


if TYPE_CHECKING:

    class BackedModel:
        """A model with a backing store, as Kiota's code asks for it."""

        @property
        def backing_store(self) -> BackingStore[Any]:
            """What was read and set, as Kiota's backing store shows it."""
            raise NotImplementedError

else:

    class BackedModel(Remembering, KiotaBackedModel):
        """A model with a backing store, as Kiota's code asks for it."""

        @property
        def backing_store(self):
            """What was read and set, as Kiota's backing store shows it."""
            found = self.__dict__.get("_store")
            if found is None:
                found = self.__dict__["_store"] = StoreView(self)
            return found

        @backing_store.setter
        def backing_store(self, store):
            """Kiota's classes assign a store; ours is a view that is always there."""


def untyped_content(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    return json.dumps(any_json(body), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
