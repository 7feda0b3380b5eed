"""Where every request builder lives: its folder, module and class, and the member that leads to it.

Kiota derives all of this from the segments alone. Where that gives two builders one place (``/userGroups`` beside
``/user-groups``, ``/Users`` beside ``/users``), one of them was lost at random; here the first in the description
keeps the name, the other gets a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from graphslice.api import naming as dom
from graphslice.api.tree import Node, UrlTree
from graphslice.diagnostics import Diagnostic, Severity, error

from . import naming
from .naming import ClassName, MemberName

_BUILDER_MEMBERS = ("request_adapter", "path_parameters", "url_template")
"""Attributes of Kiota's base builder; a child cannot take their place."""


@dataclass(frozen=True, slots=True)
class BuilderPlace:
    """One builder: `folder` and `module` are parts below the package, `module` with the module's own name last.

    `member` is the property or method of the parent; "" for the client itself. `stem` is what the names of nested
    classes start with: the class's name before it is shortened or escaped.
    """

    folder: tuple[str, ...]
    module: tuple[str, ...]
    class_name: ClassName
    member: str
    stem: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of all builders of a client."""

    package: str
    tree: UrlTree
    places: Mapping[Node, BuilderPlace]
    diagnostics: tuple[Diagnostic, ...]

    def place_of(self, path: str) -> BuilderPlace:
        """Give the place of the builder of a path of the model."""
        return self.places[self.tree.at[path]]

    def folder_of(self, path: str) -> tuple[str, ...]:
        """Give the folder, below the package, in which the builder of a path and its inline types live."""
        return self.place_of(path).folder

    def dotted(self, node: Node) -> str:
        """Give the full dotted name of the module of a builder."""
        return ".".join((self.package, *self.places[node].module))


@dataclass(slots=True)
class _Names:
    """A folder and a class before they get their module."""

    folder: tuple[str, ...]
    class_name: ClassName
    stem: str


def lay_out(tree: UrlTree, package: str, client_class: str, max_path: int | None = None) -> Layout:
    """Find the places of all builders of a tree; `max_path` is that of the slice."""
    diagnostics: list[Diagnostic] = []
    names = _name_builders(tree, client_class, diagnostics)
    folders = {given.folder[:size] for given in names.values() for size in range(1, len(given.folder) + 1)}
    members = _name_members(tree)
    places: dict[Node, BuilderPlace] = {}
    for node, given in names.items():
        module = (*given.folder, naming.module_of(given.class_name))
        if module in folders:
            # A package would hide the module of the same name, so the module moves into it.
            module = (*module, module[-1])
        module = fitting(module, max_path)
        places[node] = BuilderPlace(given.folder, module, given.class_name, members.get(node, ""), given.stem)
    diagnostics.extend(_swallowed_folders(places))
    return Layout(package, tree, places, tuple(diagnostics))


def _name_builders(tree: UrlTree, client_class: str, diagnostics: list[Diagnostic]) -> dict[Node, _Names]:
    names = {tree.root: _Names((), ClassName(client_class), ClassName(client_class))}
    taken: set[tuple[tuple[str, ...], ClassName]] = {((), ClassName(client_class))}
    for parent in tree.nodes:
        above = names[parent].folder
        for node in parent.children:
            given = _names(node, above, "")
            number = 2
            while (given.folder, given.class_name) in taken:
                given = _names(node, above, str(number))
                number += 1
            if number > 2:
                diagnostics.append(
                    Diagnostic(
                        "PY001",
                        f"{node.path}: its request builder has the name of another one; it becomes {given.class_name}",
                        hint="two segments differ only in what no Python name can hold",
                        severity=Severity.WARNING,
                    )
                )
            taken.add((given.folder, given.class_name))
            names[node] = given
    return names


def _names(node: Node, above: tuple[str, ...], number: str) -> _Names:
    segment = dom.folder_segment(node.segment)
    folder = (*above, naming.folder(segment + number)) if segment else above
    name = dom.builder_class(node.segment, node.previous if node.is_index else "")
    if number:
        suffix = "ItemRequestBuilder" if node.is_index else "RequestBuilder"
        name = name.removesuffix(suffix) + number + suffix
    return _Names(folder, naming.class_name(name), ClassName(dom.first_upper(name)))


# ---------------------------------------------------------------------------------------------------- members


def _name_members(tree: UrlTree) -> dict[Node, str]:
    members: dict[Node, str] = {}
    for parent in tree.nodes:
        taken = _own_members(parent, tree)
        raw = {child: _raw_member(child) for child in parent.children}
        # Whoever is spelled in the end as the description has it comes first, so that no one else takes that name.
        for child in sorted(raw, key=lambda child: _rank(child, raw[child])):
            members[child] = name = _free_member(child, raw[child], taken)
            taken.add(name)
    return members


def _own_members(node: Node, tree: UrlTree) -> set[str]:
    """Give the names that a builder has for itself."""
    own: set[str] = set(_BUILDER_MEMBERS)
    operations = node.item.operations if node.item is not None else ()
    for operation in operations:
        verb = operation.verb.lower()
        own |= {verb, f"to_{verb}_request_information"}
    if operations and node is not tree.root:
        own.add("with_url")
    return own


def _raw_member(node: Node) -> str:
    if node.is_index:
        return f"By{dom.first_upper(dom.index_name(node.segment))}"
    return dom.first_lower(naming.escape(naming.escape_stored(dom.navigation_name(node.segment))))


def _rank(node: Node, raw: str) -> int:
    if raw == node.segment:
        return 0 if naming.snake(raw) == raw else 1
    return 2


def _free_member(node: Node, raw: str, taken: set[str]) -> MemberName:
    name = MemberName(naming.snake(raw))
    if name in _BUILDER_MEMBERS or (name in taken and name.startswith(("to_", "with_url"))):
        name = MemberName(f"{name}_property")
    elif name in taken and raw == node.segment:
        # Kiota leaves the second of such a pair in the spelling of the description.
        name = MemberName(raw)
    number = 2
    free = name
    while free in taken:
        free = MemberName(f"{name}{number}")
        number += 1
    return free


# -------------------------------------------------------------------------------------------------- diagnostics


def _swallowed_folders(places: Mapping[Node, BuilderPlace]) -> list[Diagnostic]:
    """Say once a name where folders are called like build output, which version control often leaves out."""
    found: dict[str, str] = {}
    for node, place in places.items():
        if place.folder and place.folder[-1] in naming.IGNORED_FOLDERS:
            found.setdefault(place.folder[-1], node.path)
    return [
        Diagnostic(
            "PY002",
            f"the folder '{name}' of {path} has a name that many .gitignore files leave out of a repository",
            hint=f"check `git check-ignore {name}/` where the client is committed, and add `!{name}/` if it is ignored",
            severity=Severity.WARNING,
        )
        for name, path in found.items()
    ]


def fitting(parts: tuple[str, ...], limit: int | None) -> tuple[str, ...]:
    """Shorten the parts of a module below its package so that its path has at most `limit` characters.

    As many leading folders as fit are kept; those behind them become one, named by a hash of the whole, so that
    modules of one folder may part but never meet. See docs/max-path.md.
    """
    path = "/".join(parts) + ".py"
    if limit is None or len(path) <= limit:
        return parts
    digest = f"x{sha256(path.encode()).hexdigest()[:10]}"
    for name in (parts[-1], digest):
        for kept in range(len(parts) - 2, -1, -1):
            shorter = (*parts[:kept], digest, name)
            if len("/".join(shorter)) + len(".py") <= limit:
                return shorter
    raise error(
        "PY003",
        f"no module path of {limit} characters or less can be made for {path}",
        hint=f"a limit of {2 * len(digest) + 4} or more always works",
    )


def module_path(package: str, module: tuple[str, ...]) -> str:
    """Give the path of a module below the output folder."""
    return "/".join((*package.split("."), *module)) + ".py"
