"""The names that generated models are built from."""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from kiota_abstractions import api_error as kiota_error
from kiota_abstractions import serialization as kiota
from kiota_abstractions.store import BackedModel as KiotaBackedModel
from kiota_abstractions.store import BackingStore
from typing_extensions import dataclass_transform

from .props import Prop as Prop
from .props import UnexpectedValue as UnexpectedValue
from .props import any_json
from .state import NothingToSend as NothingToSend
from .state import Remembering
from .state import changes_of as changes_of
from .values import WireEnum as WireEnum

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
