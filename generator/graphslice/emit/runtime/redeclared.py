"""Properties that a derived class declares with another type than its base does."""

# Raw JSON has no types, and these modules share what generated code must not see.
# pyright: reportPrivateUsage=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownMemberType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .props import Decode, Prop, encoded, fits

if TYPE_CHECKING:
    from kiota_abstractions.serialization import SerializationWriter


class Redeclared(Prop):
    """A property that takes values of both types.

    It is still its base that writes it in Kiota's models, so what text can spell goes out as the base's text.
    """

    def __init__(self, own: Prop, base: Prop) -> None:
        super().__init__(own.attribute, own.wire, own.kind, own.target, read_only=own.read_only, mixed=own.mixed)
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
        try:
            return super().check(value)
        except (TypeError, ValueError):
            return self._base.check(value)

    def wire_value(self, value: Any) -> Any:
        return super().wire_value(value) if self._is_own(value) else self._base.wire_value(value)

    def write(self, writer: SerializationWriter, value: Any) -> None:
        if value is not None and self._base.kind == "str" and self.kind in ("enum", "uuid"):
            writer.write_str_value(self.key, encoded(self.kind, value))
        elif self._is_own(value):
            super().write(writer, value)
        else:
            self._base.write(writer, value)

    def _is_own(self, value: Any) -> bool:
        if self.many or value is None:
            return value is None or isinstance(value, list)
        return not isinstance(value, list) and fits(self.item, value)
