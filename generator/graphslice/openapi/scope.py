"""From where a schema is looked at: what an unnamed class would be called, and where it would stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from graphslice.api.model import Place
from graphslice.api.naming import inline_stem

_stem = lru_cache(maxsize=4096)(inline_stem)


@dataclass(frozen=True, slots=True)
class Scope:
    """The surroundings of a schema.

    `place` takes unnamed classes, `user` the wrappers of choices (those stand with whoever uses them). An unnamed class
    is called `name`, or, without one, `stem` and `suffix`.
    """

    node: str
    """URL path of the request builder whose operation is being read."""
    place: Place
    user: Place
    stem: str
    suffix: str = ""
    name: str = ""
    operation: str = ""
    """The operation's id, while its own body or answer is looked at."""

    @classmethod
    def of_operation(cls, node: str, place: Place, stem: str, suffix: str, operation: str = "") -> Scope:
        """The scope of a body or response, whose classes stand at `place`."""
        return cls(node, place, place, stem, suffix, "", operation)

    def property(self, place: Place, name: str, *, referred: bool) -> Scope:
        """The scope of a property of a class at `place`; a referred schema does not take the property's name."""
        return Scope(self.node, place, place, self.segment(), "", "" if referred else name)

    def segment(self) -> str:
        """The stem that the URL segment gives; nothing for the root and for a slash at the end."""
        return _stem(self.node)

    def at(self, place: Place) -> Scope:
        """The same, with unnamed classes elsewhere."""
        return replace(self, place=place)

    def called(self, name: str) -> Scope:
        """The same, with a name for the class itself."""
        return replace(self, name=name)

    def unnamed(self) -> Scope:
        """The same for what stands behind a reference, which does not take its user's name."""
        return replace(self, name="")
