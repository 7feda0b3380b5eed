"""What every template is given, and the plan that says which modules there are.

A view holds finished strings and sorted tuples: every decision is made before a template sees it. Views are built
when their module is rendered, not before: a whole API has tens of thousands of modules, and building one is
independent of building another, so that they can be spread over processes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphslice.diagnostics import Diagnostic

from .imports import Imports


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView:
    """What every kind of module has."""

    imports: Imports


@dataclass(frozen=True, slots=True)
class ModulePlan:
    """One file to be: its path below the output folder, its kind (a template of `emit.kinds`), and its view.

    `build` is called at most once, maybe in a forked worker: it must depend on nothing that changes between calls.
    """

    path: str
    kind: str
    build: Callable[[], object]


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """The modules of a client in path order, without the runtime's, which every client has alike.

    `package` is the folder (dots as slashes) into which `emit` also puts ``_runtime/`` and ``py.typed``.
    `extras` are the modules of the runtime that only some clients need.
    """

    package: str
    modules: tuple[ModulePlan, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    extras: frozenset[str] = frozenset()
