"""What the templates of models and composed types are given."""

from __future__ import annotations

from dataclasses import dataclass

from .views import ModuleView


@dataclass(frozen=True, slots=True)
class FieldView:
    """An attribute of a class: ``name: annotation = default``; an empty docstring is none."""

    declaration: str
    docstring: str = ""


@dataclass(frozen=True, slots=True)
class ChangesView:
    """The keywords by which `patch` takes changes of a model."""

    name: str
    base: str
    docstring: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView(ModuleView):
    """A model class.

    The entries of `properties` and `mapping` are finished expressions.
    """

    name: str
    decorator: str
    bases: str
    class_docstring: str
    fields: tuple[FieldView, ...]
    properties: tuple[str, ...] = ()
    primary_message: str = ""
    discriminator: str = ""
    mapping: tuple[str, ...] = ()
    changes: ChangesView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedView(ModuleView):
    """A wrapper for a value that is one of several types."""

    name: str
    decorator: str
    bases: str
    class_docstring: str
    fields: tuple[FieldView, ...]
    members: str
    composition: str
    discriminator: str = ""
