"""Where each declared type lives: its module and its class name, decided once for a whole client.

Kiota's rules, and then ours for what Kiota lets collide: two types that would share a class or a file keep both,
the later one (in the order of the model) with a number behind its name. Where only the files collide (`Bed_tag`
beside `BedTag`), only the module gets the number. So it is for names that differ by letter case only: Kiota makes one
class of the first that it reaches, by whose name the others go too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

from graphslice.api import naming as api_naming
from graphslice.api.closure import reached
from graphslice.api.model import ApiModel, ComposedType, Place, TypeDecl

from . import naming

MODELS = "models"


@dataclass(frozen=True, slots=True)
class TypePlace:
    """A class in a client: `folders` and `module` below the package, `name` of the class."""

    folders: tuple[str, ...]
    module: str
    name: str

    @property
    def dotted(self) -> str:
        """The module's name below the package."""
        return ".".join((*self.folders, self.module))


def place_types(model: ApiModel) -> Mapping[str, TypePlace]:
    """Give every type of the model its place, by type id."""
    places: dict[str, TypePlace] = {}
    namespaces = _Namespaces(model)
    builders = _builder_folders(model)
    classes: set[tuple[str, ...]] = set()
    files: set[tuple[str, ...]] = set()
    spelled: dict[tuple[str, ...], naming.ClassName] = {}
    named = [(id, api_naming.clean_symbols(declared.name) or "Type") for id, declared in model.types.items()]
    # A name that has to change is placed after those that may stay, as in Kiota, whose wrappers of choices come last
    # and take the file over.
    twins = _twins(model, named)
    for id, raw in sorted(
        named,
        key=lambda entry: (
            naming.escape(entry[1]) != entry[1],
            not _is_wrapper(model, entry[0]),
            twins.get(entry[0], 0),
        ),
    ):
        declared = model.types[id]
        name = naming.class_name(raw)
        if declared.place.path is None:
            folders = namespaces.home(declared.place, naming.module_of(name))
        else:
            folders = builder_folder(declared.place.path)
        lowered = tuple(map(str.lower, folders))
        key = (*lowered, raw.lower())
        unique = spelled.get(key) or next(
            free
            for number in count()
            if (*lowered, (free := naming.ClassName(_numbered(name, number))).lower()) not in classes
        )
        spelled[key] = unique
        plain = naming.module_of(unique)
        module = next(
            stem
            for number in count()
            if (file := (*lowered, (stem := _numbered(plain, number)).lower())) not in files
            and file not in builders
            and file not in namespaces
        )
        classes.add((*lowered, unique.lower()))
        files.add((*lowered, module.lower()))
        places[id] = TypePlace(folders, module, unique)
    return places


def _twins(model: ApiModel, named: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    """Give the types whose names differ by letter case only, numbered in the order in which they are reached."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for id, raw in named:
        place = model.types[id].place
        groups.setdefault((place.path, place.namespace, raw.lower()), []).append(id)
    twins = [id for group in groups.values() if len(group) > 1 for id in group]
    order = {id: number for number, id in enumerate(reached(model), 1)} if twins else {}
    return {id: order.get(id, len(order) + 1) for id in twins}


def _numbered(name: str, number: int) -> str:
    return f"{name}{number}" if number else name


def _is_wrapper(model: ApiModel, id: str) -> bool:
    declared = model.types[id]
    return isinstance(declared, ComposedType) and not declared.plain


def builder_folder(path: str) -> tuple[str, ...]:
    """Give the folders, below the package, of the request builder of a URL path."""
    # An empty segment (a slash at the end) has no folder of its own.
    return tuple(name for segment in api_naming.split_path(path) if (name := _folder(segment)))


@lru_cache(maxsize=65536)
def _folder(segment: str) -> str:
    name = api_naming.folder_segment(segment)
    return naming.folder(name) if name else ""


def _builder_folders(model: ApiModel) -> frozenset[tuple[str, ...]]:
    """Every folder of request builders (lower-case all of them): a module of the same name would hide it from imports.

    Only paths that types live beside can have such a neighbour.
    """
    if all(declared.place.path is None for declared in model.types.values()):
        return frozenset()
    folders: set[tuple[str, ...]] = set()
    for item in model.paths:
        folder = builder_folder(item.path)
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder[:-1]
    return frozenset(folders)


class _Namespaces:
    """The folders below the models, and which of them take in a class of their own name."""

    def __init__(self, model: ApiModel) -> None:
        self._spelled: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._known: set[tuple[str, ...]] = set()
        self._lowered: set[tuple[str, ...]] = set()
        for namespace in (*model.namespaces, *_own_namespaces(model.types.values())):
            folders = self._folders(namespace)
            known = [folders[: end + 1] for end in range(1, len(folders))]
            self._known.update(known)
            self._lowered.update(tuple(map(str.lower, one)) for one in known)

    def __contains__(self, folder: tuple[str, ...]) -> bool:
        """Whether there is a folder of that lower-cased path, which a module of its name would hide."""
        return folder in self._lowered

    def home(self, place: Place, module: str) -> tuple[str, ...]:
        """Give the folder of a class: a namespace, or the namespace below it that has the class's name."""
        folders = self._folders(place.namespace)
        inner = (*folders, module)
        return inner if inner in self._known else folders

    def _folders(self, namespace: tuple[str, ...]) -> tuple[str, ...]:
        found = self._spelled.get(namespace)
        if found is None:
            names = (naming.folder(api_naming.clean_symbols(part) or "namespace") for part in namespace)
            found = self._spelled[namespace] = (MODELS, *names)
        return found


def _own_namespaces(types: Iterable[TypeDecl]) -> Iterator[tuple[str, ...]]:
    seen: set[tuple[str, ...]] = set()
    for declared in types:
        if declared.place.path is None and declared.place.namespace not in seen:
            seen.add(declared.place.namespace)
            yield declared.place.namespace
