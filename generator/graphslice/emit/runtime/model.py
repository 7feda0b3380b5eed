"""The names that generated models are built from."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from kiota_abstractions import api_error as kiota_error
from kiota_abstractions import serialization as kiota
from kiota_abstractions.store import BackedModel as KiotaBackedModel
from typing_extensions import dataclass_transform

from .composed import ComposedTypeWrapper, Member
from .props import Prop, UnexpectedValue, any_json
from .state import NothingToSend, Remembering, changes_of

if TYPE_CHECKING:
    from kiota_abstractions.store import BackingStore

__all__ = [
    "APIError",
    "AdditionalDataHolder",
    "BackedModel",
    "ComposedTypeWrapper",
    "Member",
    "NothingToSend",
    "Parsable",
    "Prop",
    "UnexpectedValue",
    "changes_of",
    "field_of",
    "model",
    "untyped_content",
]

T = TypeVar("T")


class _Fresh:
    """A class attribute that gives each instance a value of its own, made when it is first asked for."""

    def __init__(self, factory: Callable[[], Any]) -> None:
        self._factory = factory
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: object, owner: type) -> Any:
        if instance is None:
            return self
        return instance.__dict__.setdefault(self._name, self._factory())


def field_of(factory: Callable[[], T]) -> T:
    """Declare a field whose default is made anew for each object.

    Args:
        factory: Makes the default.
    """
    return cast("T", _Fresh(factory))


@dataclass_transform(kw_only_default=True, eq_default=False, field_specifiers=(field_of,))
def model(cls: type[T]) -> type[T]:
    """Make a class a model: its fields are keyword arguments, and `dataclasses.fields` lists them.

    Args:
        cls: The class, with its properties in `_properties`.
    """
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
        message: str | None = None,
        response_status_code: int | None = None,
        response_headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> None:
        """Make an error; the first three arguments are Kiota's."""
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
        return found if isinstance(found, str) and found else self.message

    def __str__(self) -> str:
        """Say in one line what support has to know."""
        told = self.__dict__.get("_told")
        return str(told) if told is not None else kiota_error.APIError.__str__(self)

    def __eq__(self, other: object) -> bool:
        """An exception is itself and nothing else; Kiota's compares by value and cannot be put into a set."""
        return self is other

    def __hash__(self) -> int:  # type: ignore[override]
        """Hash by identity."""
        return object.__hash__(self)


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
            from .store import StoreView

            found = self.__dict__.get("_store")
            if found is None:
                found = self.__dict__["_store"] = StoreView(self)
            return found

        @backing_store.setter
        def backing_store(self, store):
            """Kiota's classes assign a store; ours is a view that is always there."""


def untyped_content(body: object) -> bytes:
    """Spell any JSON value as a request body; bytes go out as they are."""
    if isinstance(body, bytes):
        return body
    return json.dumps(any_json(body), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
