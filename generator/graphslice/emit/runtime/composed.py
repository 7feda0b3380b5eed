"""Values that are one of several types, or several at once."""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from kiota_abstractions import serialization as kiota

from .props import Prop, UnexpectedValue, any_json, copied, write_raw
from .state import Remembering, same

if TYPE_CHECKING:
    from kiota_abstractions.serialization import ParseNode, SerializationWriter
    from typing_extensions import Self

# Text is what everything else is spelled in, so it is tried last.
_ORDER = {"untyped": 3, "str": 2, "enum": 1}


class Member:
    """One alternative of a composed type: its property, and the discriminator values that name it."""

    __slots__ = ("keys", "prop")

    def __init__(self, prop: Prop, keys: tuple[str, ...] = ()) -> None:
        self.prop = prop
        self.keys = tuple(key.casefold() for key in keys)


class ComposedTypeWrapper(Remembering, kiota.ComposedTypeWrapper):
    """A value that is one of its members (a union), or several of them (an intersection).

    What fits no member is kept as it came and goes back so.
    """

    _members: ClassVar[tuple[Member, ...]] = ()
    _composition: ClassVar[str] = "union"
    _discriminator_property: ClassVar[str] = ""
    _partial: ClassVar[bool] = False

    @classmethod
    def _own_props(cls) -> tuple[Prop, ...]:
        return tuple(member.prop for member in cls._members)

    # ------------------------------------------------------------------------------------------------- reading

    @classmethod
    def create_from_discriminator_value(cls, parse_node: ParseNode) -> Self:
        raw = getattr(parse_node, "_json_node", None)
        if raw is not None and isinstance(raw, (dict, list, str, int, float)):
            filled = cls._load(raw)
            cast("Any", filled).__dict__["_filled"] = True
            return filled
        made: Any = cls.__new__(cls)
        named = made._named(parse_node)
        if named is not None:
            made.__dict__[named.attribute] = named.cls()
            return cast("Self", made)
        for prop in cls._own_props():
            try:
                value = None if prop.kind == "object" else prop.read_node(parse_node)
            except ValueError:
                continue
            if value:
                made.__dict__[prop.attribute] = value
                return cast("Self", made)
        if cls._composition == "intersection":
            made.__dict__.update({p.attribute: p.cls() for p in cls._own_props() if p.kind == "object"})
        return cast("Self", made)

    def _named(self, node: ParseNode) -> Prop | None:
        if self._composition != "union" or not any(member.keys for member in self._members):
            return None
        child = node.get_child_node(self._discriminator_property)
        return self._by_key(child.get_str_value() if child is not None else None)

    @classmethod
    def _by_key(cls, key: object) -> Prop | None:
        if not isinstance(key, str):
            return None
        found = (m.prop for m in cls._members if m.prop.kind == "object" and key.casefold() in m.keys)
        return next(found, None)

    def get_field_deserializers(self) -> dict[str, Callable[[ParseNode], None]]:
        if "_filled" in self.__dict__:
            return Remembering.get_field_deserializers(self)
        merged: dict[str, Callable[[ParseNode], None]] = {}
        for prop in self._own_props():
            value = self.__dict__.get(prop.attribute)
            if isinstance(value, kiota.Parsable):
                for name, read in value.get_field_deserializers().items():
                    merged.setdefault(name, read)
        return merged

    @classmethod
    def _loader(cls) -> Callable[[Any], Any]:
        # A null among the items of a list is no value of any member.
        return lambda raw: None if raw is None else cls._load(raw)

    @classmethod
    def _load(cls, raw: Any) -> Self:
        made: Any = cls.__new__(cls)
        made.__dict__["_raw"] = raw
        if type(raw) is dict:
            cls._load_object(made, raw)
        elif raw is not None:
            cls._load_plain(made, raw)
        filled: Self = made
        return filled

    @classmethod
    def _load_object(cls, made: Any, raw: dict[str, Any]) -> None:
        objects = [prop for prop in cls._own_props() if prop.kind == "object"]
        every = cls._composition == "intersection"
        if not every:
            named = cls._by_key(raw.get(cls._discriminator_property))
            if named is not None:
                made.__dict__[named.attribute] = named.decode(raw)
                return
            # Nothing names a member: those that know most of the properties first, if they know any.
            known = {prop.attribute: sum(name in prop.cls._known() for name in raw) for prop in objects}
            objects = sorted((p for p in objects if known[p.attribute]), key=lambda p: -known[p.attribute])
        for prop in objects:
            try:
                made.__dict__[prop.attribute] = prop.decode(raw)
            except UnexpectedValue:
                continue
            if not every:
                return

    @classmethod
    def _load_plain(cls, made: Any, raw: Any) -> None:
        plain = [prop for prop in cls._own_props() if prop.kind != "object"]
        for prop in sorted(plain, key=lambda prop: _ORDER.get(prop.item, 0)):
            if prop.many is not (type(raw) is list) and prop.item != "untyped":
                continue
            try:
                value = prop.decode(raw)
            except ValueError:
                continue
            if prop.kind == "enum" and not value.is_known and any(other.kind == "str" for other in plain):
                continue
            made.__dict__[prop.attribute] = value
            return

    # ------------------------------------------------------------------------------------------------- sending

    def _held(self) -> list[Prop]:
        """The members that hold the value: those that were set by hand before those that were read."""
        marked = self.__dict__.get("_set", frozenset())
        held = [prop for prop in self._own_props() if self.__dict__.get(prop.attribute) is not None]
        by_hand = [prop for prop in held if prop.attribute in marked]
        chosen = by_hand or held
        if self._composition == "intersection" and chosen and chosen[0].kind == "object":
            return [prop for prop in held if prop.kind == "object"]
        return chosen[:1]

    def serialize(self, writer: SerializationWriter) -> None:
        """Write the member that holds the value, or all object members of an intersection."""
        held = self._held()
        values = [self.__dict__[prop.attribute] for prop in held]
        if len(held) > 1:
            writer.write_object_value(None, *values)
        elif held:
            held[0].write(writer, values[0])
        elif self.__dict__.get("_raw") is not None:
            write_raw(writer, None, copied(self.__dict__["_raw"]))

    def _wire(self) -> Any:
        held = self._held()
        raw = self.__dict__.get("_raw")
        if len(held) > 1:
            merged: dict[str, Any] = {}
            for prop in held:
                merged.update(self.__dict__[prop.attribute]._wire())
            return merged
        if not held:
            return copied(raw)
        prop, value = held[0], self.__dict__[held[0].attribute]
        if raw is not None and prop.item != "object" and prop.attribute not in self.__dict__.get("_set", ()):
            try:
                if same(prop.decode(raw), value):
                    return copied(raw)
            except (ValueError, UnexpectedValue):
                pass
        return prop.wire_value(value)

    def _unlisted(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        return cls._load(copied(data))


class _Whole(kiota.Parsable):
    """Any JSON value as what Kiota's writers take for a model: lists of mixed items are refused otherwise."""

    def __init__(self, value: Any = None) -> None:
        self._value = value

    def get_field_deserializers(self) -> dict[str, Callable[[ParseNode], None]]:
        return {}

    def serialize(self, writer: SerializationWriter) -> None:
        write_root(writer, self._value)


def write_root(writer: SerializationWriter, value: Any) -> None:
    """Write a JSON value that has no name."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            write_raw(writer, name, inner)
    elif isinstance(value, list):
        writer.write_collection_of_object_values(None, [_Whole(item) for item in value])
    else:
        writer.write_any_value(None, value)  # type: ignore[attr-defined]


class Parsable(ComposedTypeWrapper, kiota.Parsable):
    """A model that is no object but one plain value.

    Kiota's has no property for it and keeps objects only, as additional data; this one does both.
    """

    @classmethod
    def _load(cls, raw: Any) -> Self:
        made: Any = super()._load(raw)
        if type(raw) is dict and hasattr(cls, "additional_data"):
            made.__dict__["additional_data"] = copied(raw)
        filled: Self = made
        return filled

    def _as_object(self) -> bool:
        """Whether it holds additional data and no value."""
        return not self._held() and (type(self.__dict__.get("_raw")) is dict or bool(self._additional()))

    def _additional(self) -> dict[str, Any]:
        kept: dict[str, Any] = any_json(self.__dict__.get("additional_data") or {})
        return kept

    def serialize(self, writer: SerializationWriter) -> None:
        """Write the value; without one, what stands among the additional data."""
        if not self._as_object():
            super().serialize(writer)
        self._write_extra(writer, self._additional() if self._as_object() else {})

    def _wire(self) -> Any:
        return self._additional() if self._as_object() and hasattr(self, "additional_data") else super()._wire()
