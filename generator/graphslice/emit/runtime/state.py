"""What a model remembers: what was read, what was set, and what therefore has to be sent.

Reading fills the instance's dictionary directly and keeps the JSON object that it read; assignments pass through a hook
that notes them. A value that was set by hand counts as a change, a list or object that no longer spells what was read
counts, nothing else does. Kiota's backing store would keep a second copy of each value and be asked on each access;
here an untouched object costs nothing.
"""

# The modules of the runtime share what generated code must not see.
# pyright: reportPrivateUsage=false

# Raw JSON has no types.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import logging
import reprlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from kiota_abstractions import serialization as kiota

from .props import Prop, Redeclared, UnexpectedValue, any_json, copied, write_raw

if TYPE_CHECKING:
    from kiota_abstractions.serialization import ParseNode, SerializationWriter
    from typing_extensions import Self

_log = logging.getLogger(__name__.partition(".")[0])
_NOTHING: Mapping[str, Any] = {}
_TYPE_NAME = "@odata.type"
_AS_THEY_ARE: Mapping[str, type] = {"str": str, "bool": bool, "float": float}
# Kinds whose values spell what they were read from.
_EXACT = frozenset({"str", "bool", "datetime", "date", "time", "enum", "enums"})


class NothingToSend(ValueError):
    """A PATCH without a change; nothing was sent."""


class Remembering:
    """Base of all models."""

    _properties: ClassVar[Sequence[Prop]] = ()
    _discriminator: ClassVar[tuple[str, Mapping[str, str]] | None] = None
    _table: ClassVar[_Table | None] = None

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
            found[prop.attribute] = prop if base is None or base.kind == prop.kind else Redeclared(prop, base)
        return tuple(found.values())

    @classmethod
    def _known(cls) -> Mapping[str, Any]:
        """The wire names of all properties."""
        return _table(cls).plan

    @classmethod
    def _knows(cls, raw: Mapping[str, Any]) -> int:
        """How many of the names in an object are properties of this class."""
        return sum(name in _table(cls).plan for name in raw)

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
            text = child.get_str_value() if child is not None else None
            chosen = _table(cls).chosen(text)
        return cast("Self", chosen.__new__(chosen))  # type: ignore[call-overload]

    def _tell(self, callback: Callable[[Any], None]) -> None:
        """Call a parse node's callback for the objects inside, which no node sees; for this one the node does."""
        for prop in _table(type(self)).props:
            value = self.__dict__.get(prop.attribute) if prop.item == "object" else None
            for item in value if isinstance(value, list) else () if value is None else (value,):
                callback(item)
                item._tell(callback)

    def get_field_deserializers(self) -> dict[str, Callable[[ParseNode], None]]:
        """Give the function that reads each property from a parse node, by wire name."""
        if self.__dict__.pop("_filled", False):
            return _AlreadyFilled()
        return {prop.wire: _Reader(self, prop) for prop in _table(type(self)).props}

    @classmethod
    def _load(cls, raw: Any) -> Self:
        made: Self = _table(cls).load(raw)
        return made

    @classmethod
    def _loader(cls) -> Callable[[Any], Any]:
        """Give what makes objects, without a call between."""
        return _table(cls).load

    def _misfit(self, name: str) -> None:
        """Note that a value that was read is of another kind: it belongs to the additional data."""
        _log.warning("%s.%s: a value of another kind was kept as additional data", type(self).__name__, name)
        self.__dict__["_misfits"] = (*self.__dict__.get("_misfits", ()), name)

    def _unlisted(self) -> dict[str, Any]:
        """Give the additional data of an object that was read, when it is first asked for."""
        raw = self.__dict__.get("_raw", _NOTHING)
        table = _table(type(self))
        for prop in table.later.values():
            getattr(self, prop.attribute)  # only now is it known whether it is a moment
        odd = self.__dict__.get("_misfits", ())
        return {name: copied(value) for name, value in raw.items() if name not in table.plan or name in odd}

    def _unlisted_now(self) -> Mapping[str, Any]:
        return self.additional_data if _table(type(self)).open else _NOTHING  # type: ignore[attr-defined]

    # ------------------------------------------------------------------------------------------------- setting

    def __setattr__(self, name: str, value: Any) -> None:
        """Note what the caller sets; refuse names that the model does not have."""
        values = self.__dict__
        prop = _table(type(self)).by_attribute.get(name)
        if prop is not None:
            old = values.get(name)
            values[name] = prop.check(value)
            marked = values.get("_set")
            values["_set"] = frozenset((name,)) if marked is None else marked | {name}
            store = values.get("_store")
            if store is not None:
                store.notify(name, old, value)
        elif name == "additional_data" and not isinstance(value, dict):
            raise TypeError(f"additional_data takes a dict, not {type(value).__name__}.")
        elif name.startswith("_") or _declared(type(self), name):
            object.__setattr__(self, name, value)
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
        values["_set"] = values.get("_set", frozenset()) - {name}
        raw = values.get("_raw", _NOTHING)
        if prop.wire in raw:
            values[name] = None if raw[prop.wire] is None else prop.decode(raw[prop.wire])

    # ------------------------------------------------------------------------------------------------- sending

    def serialize(self, writer: SerializationWriter) -> None:
        """Write what was read and is the caller's to write, and all that was set by hand."""
        raw = self.__dict__.get("_raw", _NOTHING)
        marked = self.__dict__.get("_set", frozenset())
        try:
            for prop in _table(type(self)).props:
                if prop.attribute in marked:
                    prop.write(writer, self.__dict__[prop.attribute])
                elif prop.wire in raw:
                    if not prop.read_only:
                        self._write_read(writer, prop, raw[prop.wire])
                elif not prop.read_only:
                    value = self._default(prop)
                    if value is not None:
                        prop.write(writer, value)
            self._write_extra(writer, self._extra(whole=True))
        except RecursionError:
            raise ValueError(f"{type(self).__name__} holds itself and cannot be written.") from None

    def _default(self, prop: Prop) -> Any:
        """What a new object has by its class; of an object that was read, what is absent stays absent."""
        return None if "_raw" in self.__dict__ else getattr(type(self), prop.attribute, None)

    def _write_read(self, writer: SerializationWriter, prop: Prop, received: Any) -> None:
        """Write a property that was read and not set: plain ones exactly as they came."""
        value = getattr(self, prop.attribute, None)
        if received is None and value is None:
            writer.write_null_value(prop.wire)
        elif value is None or prop.attribute not in self.__dict__:
            write_raw(writer, prop.wire, copied(received))
        elif prop.item == "object" or prop.kind in _EXACT or self._differs(prop, received):
            prop.write(writer, value)
        else:
            write_raw(writer, prop.wire, copied(received))

    def _write_extra(self, writer: SerializationWriter, extra: dict[str, Any]) -> None:
        if not _table(type(self)).open:
            return
        if isinstance(getattr(writer, "writer", None), dict):
            for name, value in extra.items():
                write_raw(writer, name, value)
        else:
            writer.write_additional_data_value(extra)

    def _extra(self, *, whole: bool) -> dict[str, Any]:
        """Additional data to send: all that the caller may write, or only what changed."""
        raw = self.__dict__.get("_raw", _NOTHING)
        table = _table(type(self))
        result: dict[str, Any] = {}
        extra = self._unlisted_now() if whole else self.__dict__.get("additional_data", _NOTHING)
        for name, value in extra.items():
            as_read = name in raw and same(raw[name], value)
            if name in table.plan:
                if not as_read:
                    raise ValueError(f"{name!r} in additional_data belongs to {table.plan[name][0]}.")
            elif not as_read or (whole and _sendable(name)):
                result[str(name)] = any_json(value)
        return result

    def _differs(self, prop: Prop, received: Any) -> bool:
        value = self.__dict__.get(prop.attribute)
        if value is None or received is None:
            return value is not received
        if prop.item == "object":
            return not same(received, prop.wire_value(value))
        return not same(prop.decode(received), value)

    def _pending(self) -> Iterator[tuple[Prop, Any]]:
        """Properties that have to be sent, with the value or, for one object, its own changes."""
        raw = self.__dict__.get("_raw", _NOTHING)
        marked = self.__dict__.get("_set", frozenset())
        for prop in _table(type(self)).props:
            value = self.__dict__.get(prop.attribute)
            if prop.attribute in marked:
                yield prop, value
            elif prop.wire in raw and not prop.plain and prop.attribute in self.__dict__:
                if prop.kind == "object" and isinstance(value, Remembering) and value._partial:
                    if value._has_changes():
                        yield prop, Changes(value)
                elif self._differs(prop, raw[prop.wire]):
                    yield prop, value

    _partial: ClassVar[bool] = True

    def _has_changes(self) -> bool:
        return next(self._pending(), None) is not None or bool(self._extra(whole=False))

    # ---------------------------------------------------------------------------------------------- as a value

    def _wire(self) -> dict[str, Any]:
        raw = self.__dict__.get("_raw", _NOTHING)
        marked = self.__dict__.get("_set", frozenset())
        table = _table(type(self))
        result: dict[str, Any] = {name: copied(value) for name, value in raw.items()}
        try:
            for prop in table.props:
                value = self.__dict__.get(prop.attribute)
                if prop.attribute in marked:
                    result[prop.wire] = prop.wire_value(value)
                elif prop.wire not in raw:
                    value = self._default(prop)
                    if value is not None:
                        result[prop.wire] = prop.wire_value(value)
                elif (
                    not prop.plain
                    and value is not None
                    and (prop.item == "object" or self._differs(prop, raw[prop.wire]))
                ):
                    result[prop.wire] = prop.wire_value(value)
        except RecursionError:
            raise ValueError(f"{type(self).__name__} holds itself and cannot be written.") from None
        for name, value in self.__dict__.get("additional_data", _NOTHING).items():
            if name not in table.plan:
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
        for prop in _table(type(self)).props:
            value = getattr(self, prop.attribute, None)
            if isinstance(value, list) and len(value) > 3:
                shown.append(f"{prop.attribute}=[{len(value)} items]")
            elif value is not None:
                shown.append(f"{prop.attribute}={value!r}")
        extra = self._unlisted_now()
        if extra:
            shown.append(f"additional_data={extra!r}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def __eq__(self, other: object) -> bool:
        """Whether both are of one class and hold equal values, read or set."""
        if type(other) is not type(self):
            return NotImplemented
        return (
            all(
                getattr(self, prop.attribute, None) == getattr(other, prop.attribute, None)
                for prop in _table(type(self)).props
            )
            and self._unlisted_now() == other._unlisted_now()
        )

    __hash__ = None  # type: ignore[assignment]


class Changes(kiota.Parsable):
    """The changes of a model, as something that Kiota's writers take for a model."""

    def __init__(self, changed: Remembering | None = None) -> None:
        self.changed = changed or Remembering()

    def get_field_deserializers(self) -> dict[str, Callable[[ParseNode], None]]:
        """Nothing is read into changes."""
        return {}

    def serialize(self, writer: SerializationWriter) -> None:
        """Write what changed and nothing else."""
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
        own: list[Prop] = list(cls._own_props())
        self.props = tuple(own)
        self.by_attribute = {prop.attribute: prop for prop in own}
        # The third says which JSON values are taken as they are, without a call.
        self.plan: dict[str, tuple[str, Callable[[Any], Any], type | None]] = {
            p.wire: (p.attribute, p.decode, _AS_THEY_ARE.get(p.kind)) for p in own
        }
        # Made when they are asked for: the text of a moment says all of it, and most are never looked at.
        self.later = {p.wire: p for p in own if p.kind == "datetime" and p.key and not isinstance(p, Redeclared)}
        self.now = {wire: entry for wire, entry in self.plan.items() if wire not in self.later}
        for prop in self.later.values():
            setattr(cls, prop.attribute, _Later(prop, getattr(cls, prop.attribute, None)))
        self.open = hasattr(cls, "additional_data")
        self.cls = cls
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
        """The class that a discriminator value names, or the table's own."""
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

    __slots__ = ("_default", "_prop")

    def __init__(self, prop: Prop, default: Any) -> None:
        self._prop = prop
        self._default = default

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self._default
        text = instance.__dict__.get("_raw", _NOTHING).get(self._prop.wire)
        if text is None:
            return self._default
        try:
            value = instance.__dict__[self._prop.attribute] = self._prop.decode(text)
        except ValueError:
            if self._prop.wire not in instance.__dict__.get("_misfits", ()):
                instance._misfit(self._prop.wire)
            return self._default
        return value


class _AlreadyFilled(dict[str, Any]):
    """Deserializers of an object that was filled when it was made: whatever a node assigns is there already."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Callable[[Any], None]:
        return _ignore


class _Reader:
    """Reads one property of one object from a parse node."""

    __slots__ = ("_owner", "_prop")

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
        raw = values.setdefault("_raw", {})
        raw[prop.wire] = copied(prop.wire_value(value))


def changes_of(body: Any) -> Any:
    """Give what a PATCH of a body has to send."""
    if not isinstance(body, Remembering) or not body._partial:
        return body
    if not body._has_changes():
        raise NothingToSend(f"Nothing in this {type(body).__name__} was set or changed; no request was sent.")
    return Changes(body)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of the same kind, all the way down."""
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


def _ignore(node: Any) -> None:
    return None


def _sendable(name: str) -> bool:
    return "@" not in name or name.endswith(_TYPE_NAME)


def _declared(cls: type, name: str) -> bool:
    return name in _table(cls).by_attribute or (not name.startswith("_") and hasattr(cls, name))


def _guess(cls: type, name: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, _table(cls).by_attribute, 1)
    return f"; did you mean {close[0]!r}" if close else ""
