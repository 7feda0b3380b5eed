"""What the operations of one builder share: how types are spelled inside its class, and the module's constants."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphslice.api.model import Deprecation, PrimitiveRef, TypeRef

from .imports import ImportSet, relative
from .literals import lit
from .models_names import ModelNames
from .operations_query import Queries
from .types import PRIMITIVES, TypeTable

_IDENTIFIER = re.compile(r"(?<![\w.])[^\W\d]\w*")
BUILTINS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "str"})
"""The builtins that annotations of builders use."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of a module, by its expression in `Scope.constants`; without `annotation` its type shows by itself."""

    name: str
    annotation: str

    @property
    def target(self) -> str:
        """What stands in front of the equals sign."""
        return f"{self.name}: {self.annotation}" if self.annotation else self.name


@dataclass(slots=True)
class Scope:
    """What the operations of one builder share: names that are taken, imports, and the module's constants."""

    table: TypeTable
    names: ModelNames
    queries: Queries
    imports: ImportSet
    module: str
    """Dotted name of the module that is being written."""
    class_name: str
    stem: str
    """What the names of nested classes start with."""
    hidden: frozenset[str]
    """Builtins that a member of the class hides from its annotations."""
    constants: dict[str, Constant]
    """By the expression that a constant holds; shared by the builders of a module."""
    patched: frozenset[str]
    runtime: str
    """The module of the runtime that builders use."""

    def annotation(self, ref: TypeRef) -> str:
        """Spell a type, past members of the class that hide it."""
        return self.plain(self.table.annotation(ref, self.imports))

    def plain(self, annotation: str) -> str:
        """Name those builtins through their module that a member of the class hides."""
        hidden = self.hidden
        if not hidden or not hidden.intersection(_IDENTIFIER.findall(annotation)):
            return annotation
        self.imports.module("builtins", runtime=False)
        return _IDENTIFIER.sub(lambda hit: f"builtins.{hit[0]}" if hit[0] in hidden else hit[0], annotation)

    def relative(self, module: str) -> str:
        """Spell a module for an import inside of a method, as the imports at the top do."""
        return relative(module, self.module.rpartition(".")[0], self.table.package)

    def helper(self, name: str) -> str:
        """Spell a name of the runtime."""
        return self.imports.name(self.runtime, name)


def constant_name(scope: Scope, expression: str, wish: str, annotation: str = "") -> str:
    """Give the name of the module's constant for an expression, making it where there is none."""
    found = scope.constants.get(expression)
    if found is not None:
        return found.name
    taken = {constant.name for constant in scope.constants.values()}
    name, number = wish, 2
    while name in taken:
        name, number = f"{wish}_{number}", number + 1
    scope.constants[expression] = Constant(name, annotation)
    return name


def deprecation_lines(scope: Scope, deprecation: Deprecation | None) -> tuple[str, ...]:
    """Give the statement that warns of a deprecated operation; without any words Kiota warns of nothing."""
    if deprecation is None:
        return ()
    words = [deprecation.description.strip()]
    words += [f"as of {deprecation.version}"] if deprecation.version else []
    words += [f"on {deprecation.date}"] if deprecation.date else []
    words += [f"and will be removed {deprecation.removal_date}"] if deprecation.removal_date else []
    message = " ".join(word for word in words if word)
    return (f"{scope.helper('deprecated')}({lit(message)})",) if message else ()


def runtime_type(scope: Scope, ref: PrimitiveRef) -> str:
    """Spell the type of a primitive for use at run time."""
    spelling = PRIMITIVES[ref.kind]
    if spelling.module == "datetime":
        scope.imports.module("datetime")
        return spelling.annotation
    return scope.imports.name(spelling.module, spelling.annotation) if spelling.module else spelling.annotation
