"""What a model remembers: what was read, what was set, and what therefore has to be sent.

Reading fills the instance's dictionary directly and keeps the JSON object that it read; assignments pass through a hook
that notes them. A value that was set by hand counts as a change, a list or object that no longer spells what was read
counts, nothing else does. An untouched object costs nothing.
"""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import logging
import reprlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, cast

from kiota_abstractions import serialization as kiota

from .props import Prop, UnexpectedValue, any_json, copied, write_raw

if TYPE_CHECKING:
    from kiota_abstractions.serialization import ParseNode, SerializationWriter
    from typing_extensions import Self

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
