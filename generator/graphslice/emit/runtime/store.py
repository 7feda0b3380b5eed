"""Kiota's backing store as a view: its questions, answered from what a model remembers."""

# The modules of the runtime share what generated code must not see.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kiota_abstractions.store.backing_store import BackingStore

if TYPE_CHECKING:
    from .state import Remembering

Callback = Callable[[str, Any, Any], None]


class StoreView(BackingStore[Any]):
    """What Kiota's code may ask of a model's backing store; it holds no value of its own.

    The two flags are kept and change what is answered, never what is remembered: Kiota's writers turn them while they
    write, and writing must not make a change forgotten.
    """

    def __init__(self, owner: Remembering) -> None:
        """Look at a model."""
        self._owner = owner
        self._initialized = True
        self._only_changed = False
        self._subscriptions: dict[str, Callback] = {}

    @property
    def is_initialization_completed(self) -> bool:
        """Whether the object has been filled."""
        return self._initialized

    @is_initialization_completed.setter
    def is_initialization_completed(self, completed: bool) -> None:
        self._initialized = completed

    @property
    def return_only_changed_values(self) -> bool:
        """Whether `get` and `enumerate_` answer for changed values only."""
        return self._only_changed

    @return_only_changed_values.setter
    def return_only_changed_values(self, changed: bool) -> None:
        self._only_changed = changed

    def get(self, key: str) -> Any:
        """Give the value of an attribute; None for an unchanged one when only changes are asked for."""
        if not key:
            raise ValueError("key cannot be empty.")
        if self._only_changed and key not in self._changed():
            return None
        return getattr(self._owner, key, None)

    def set(self, key: str, value: Any) -> None:
        """Set an attribute, as an assignment does."""
        if not key:
            raise ValueError("key cannot be empty.")
        setattr(self._owner, key, value)

    def enumerate_(self) -> list[tuple[str, Any]]:
        """Give attributes with their values: all that hold something, or the changed ones."""
        if self._only_changed:
            return [(name, getattr(self._owner, name, None)) for name in self._changed()]
        names = [prop.attribute for prop in self._owner._own_props()]
        return [(name, self._owner.__dict__[name]) for name in names if name in self._owner.__dict__]

    def enumerate_keys_for_values_changed_to_null(self) -> list[str]:
        """Give the wire names of what was set to None.

        Wire names, because Kiota's writers write a null under each name that this gives.
        """
        return [prop.wire for prop, value in self._owner._pending() if value is None]

    def subscribe(self, callback: Callback, subscription_id: str | None = None) -> str:
        """Have a function called upon each assignment, with name, old and new value."""
        key = subscription_id or str(uuid.uuid4())
        self._subscriptions[key] = callback
        return key

    def unsubscribe(self, subscription_id: str) -> None:
        """Stop calling a function."""
        del self._subscriptions[subscription_id]

    def clear(self) -> None:
        """Forget all values, read or set."""
        for prop in self._owner._own_props():
            self._owner.__dict__.pop(prop.attribute, None)
        for name in ("_raw", "_set", "additional_data"):
            self._owner.__dict__.pop(name, None)

    def notify(self, name: str, old: Any, new: Any) -> None:
        """Call the subscribed functions."""
        for callback in list(self._subscriptions.values()):
            callback(name, old, new)

    def _changed(self) -> list[str]:
        return [prop.attribute for prop, _ in self._owner._pending()]
