"""What the templates of request builders, of the client and of the package are given."""

from __future__ import annotations

from dataclasses import dataclass

from .models_views import FieldView
from .views import ModuleView


@dataclass(frozen=True, slots=True)
class QueryClassView:
    """The query options of an operation; `wire_names` is a dict literal or empty.

    `base` is a class of the runtime: one that has all of these options, or the one that has none.
    """

    name: str
    base: str
    docstring: str
    fields: tuple[FieldView, ...] = ()
    wire_names: str = ""


@dataclass(frozen=True, slots=True)
class ConfigurationView:
    """Kiota's old name of a configuration class; `value` is the runtime's class with its argument."""

    name: str
    value: str


class _Body:
    """What has statements of a method: `lines`, of which an empty one stays empty."""

    __slots__ = ()
    lines: tuple[str, ...]

    @property
    def body(self) -> str:
        """The statements at the depth of a method of a class."""
        return "\n".join([f"        {line}" if line else "" for line in self.lines])


@dataclass(frozen=True, slots=True)
class MethodView(_Body):
    """A method; `parameters` stand between the parentheses, `lines` below the docstring."""

    name: str
    parameters: str
    returns: str
    docstring: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationView:
    """An operation: the method that sends, the one that only builds the request, and the one that pages."""

    send: MethodView
    request: MethodView
    iterate: MethodView | None = None


@dataclass(frozen=True, slots=True)
class NavigationView(_Body):
    """A way to a child builder: a method, or a property where `parameters` is only "self"."""

    name: str
    parameters: str
    returns: str
    docstring: str
    lines: tuple[str, ...]
    remark: str = ""
    """A comment of ours behind the first line (a type checker's directive)."""

    @property
    def is_property(self) -> bool:
        """Whether the way takes nothing."""
        return self.parameters == "self"


@dataclass(frozen=True, slots=True)
class TwinView:
    """The blocking form of a builder; `attributes` and `aliases` are (target, expression)."""

    name: str
    base: str
    docstring: str
    attributes: tuple[tuple[str, str], ...]
    members: tuple[NavigationView, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderView:
    """A request builder. `constructor` only where the segment has parameters.

    `attributes` are (name, expression), and so are `aliases`, whose expressions are members.
    """

    name: str
    base: str
    docstring: str
    attributes: tuple[tuple[str, str], ...]
    constructor: MethodView | None = None
    operations: tuple[OperationView, ...] = ()
    with_url: MethodView | None = None
    members: tuple[NavigationView, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    queries: tuple[QueryClassView, ...] = ()
    configurations: tuple[ConfigurationView, ...] = ()
    twin: TwinView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderModuleView(ModuleView):
    """A module of one request builder, or of several that Kiota puts into one file; `constants` are (target, value)."""

    docstring: str
    """A whole literal of `docstrings.docstring(..., indent=0)`."""
    constants: tuple[tuple[str, str], ...]
    builders: tuple[BuilderView, ...]


@dataclass(frozen=True, slots=True)
class ExportView:
    """A name that the package offers, and the module below the package that has it."""

    name: str
    module: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageView(ModuleView):
    """The package's `__init__`, whose imports are for type checkers only."""

    docstring: str
    exports: tuple[ExportView, ...]
