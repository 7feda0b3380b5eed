"""From a description to the ApiModel of a slice: paths selected, operations read, types made and closed over."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from graphslice.api.closure import Root, close, roots_of
from graphslice.api.model import ApiModel, ObjectType, Operation, PathItem, TypeDecl
from graphslice.api.naming import placeholders, split_path
from graphslice.api.selection import Selection
from graphslice.api.tree import build_tree
from graphslice.config import Slice
from graphslice.diagnostics import error
from graphslice.openapi.documents import Document, Found
from graphslice.openapi.media import MediaTypes
from graphslice.openapi.models import TypeBuilder
from graphslice.openapi.operations import OperationReader
from graphslice.openapi.parameters import Parameter, ParameterReader, follow, read_parameters
from graphslice.openapi.reader import Description
from graphslice.openapi.schema import Schemas
from graphslice.openapi.servers import base_url, title
from graphslice.openapi.swagger import VERBS
from graphslice.openapi.webhooks import read_webhooks

_STACK = 256 * 1024 * 1024
_FRAMES = 30_000
_T = TypeVar("_T")


def resolve(description: Description, wanted: Slice) -> ApiModel:
    """Make the ApiModel of the part of a description that a slice asks for."""
    return _with_deep_stack(lambda: _Resolver(description, wanted).model())


def _with_deep_stack(work: Callable[[], _T]) -> _T:
    """Run with room for recursion as deep as schemas may nest, which the main thread does not have on every system."""
    done: list[_T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as fault:
            failed.append(fault)

    frames, stack = sys.getrecursionlimit(), threading.stack_size(_STACK)
    sys.setrecursionlimit(max(frames, _FRAMES))
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(frames)
        threading.stack_size(stack)
    if failed:
        raise failed[0]
    return done[0]


@dataclass(slots=True)
class _Path:
    """One selected path before its operations are read."""

    path: str
    found: Found
    verbs: tuple[str, ...]
    operations: list[Operation]
    shared: list[Parameter]
    own: dict[str, list[Parameter]]

    def components(self) -> Iterator[Parameter]:
        """The path parameters that stand among the components."""
        for listed in (self.shared, *self.own.values()):
            yield from (one for one in listed if one.where == "path" and one.is_component)


class _Resolver:
    def __init__(self, description: Description, wanted: Slice) -> None:
        self._wanted = wanted
        self._library = description.library
        self._document: Document = description.main
        self._root: Mapping[str, Any] = description.main.root
        self._builder = TypeBuilder(Schemas(self._library), wanted)
        self._media = MediaTypes(wanted.structured_mime_types or _own_media_types(self._root))
        self._operations = OperationReader(self._builder, self._media)
        self._parameters = ParameterReader(self._builder)

    def model(self) -> ApiModel:
        paths = list(self._paths())
        if len(paths) > self._wanted.path_limit:
            message = f"the slice has {len(paths):,} paths, more than {self._wanted.path_limit:,}"
            raise error("SLICE010", message, hint="narrow it with include and exclude, or raise path_limit")
        nodes = build_tree(ApiModel(paths=tuple(PathItem(path=one.path) for one in paths), types={})).at
        for one in _tree_order(paths):
            self._read(one, nodes[one.path].path or "/")
        _forget_renamed(paths, {one.path: nodes[one.path].path for one in paths})
        items = tuple(self._item(one) for one in paths)
        hooks = (
            read_webhooks(self._builder, self._media, self._document, self._root) if not self._wanted.include else []
        )
        faults = [mapping.type for item in items for operation in item.operations for mapping in operation.errors]
        types = self._builder.finished(faults)
        draft = ApiModel(
            paths=items,
            types=types,
            title=title(self._root),
            base_url=self._wanted.base_url or base_url(self._document, self._library.findings),
            format="openapi",
        )
        return self._closed(draft, hooks)

    def _closed(self, draft: ApiModel, hooks: list[Root]) -> ApiModel:
        derived = _derived(draft.types)
        closed = close(
            [*roots_of(draft), *hooks], draft.types.get, lambda id: derived.get(id, ()), self._wanted.subtypes
        )
        return ApiModel(
            paths=draft.paths,
            types=closed.types,
            title=draft.title,
            base_url=draft.base_url,
            format="openapi",
            reasons=closed.reasons,
            dropped=closed.dropped,
            diagnostics=self._library.findings.located(),
        )

    # ------------------------------------------------------------------------------------------- paths

    def _paths(self) -> Iterator[_Path]:
        stated = self._root.get("paths")
        selection = Selection.of(self._wanted)
        for path, raw in stated.items() if isinstance(stated, dict) else ():
            pointer = "/paths/" + path.replace("~", "~0").replace("/", "~1")
            if path.startswith("x-"):
                continue
            if not path.startswith("/"):
                message = f"path {path!r} does not begin with a slash and is left out"
                self._library.findings.warn("OAS501", message, self._document, pointer, "begin it with /")
                continue
            found = follow(self._builder, Found(self._document, pointer, raw))
            if found is None or not isinstance(found.value, dict):
                continue
            offered = [verb.upper() for verb in found.value if verb in VERBS and isinstance(found.value[verb], dict)]
            if offered:
                verbs = selection.verbs(path, offered)
                if not verbs:
                    continue
            elif not self._wants_bare(selection, path):
                continue
            else:
                verbs = ()
            shared = list(read_parameters(self._builder, found))
            yield _Path(path, found, tuple(verb.lower() for verb in verbs), [], shared, {})

    def _wants_bare(self, selection: Selection, path: str) -> bool:
        return not self._wanted.include or bool(selection.verbs(path, ("GET",)))

    def _read(self, one: _Path, node: str) -> None:
        """Read the operations; `node` is the path with the names of merged indexes, from which names are made."""
        security = self._root.get("security")
        for verb in one.verbs:
            found = Found(one.found.document, f"{one.found.pointer}/{verb}", one.found.value[verb])
            own = one.own[verb] = list(read_parameters(self._builder, found))
            one.operations.append(self._operations.read(node, verb, found, own, one.shared, security))

    def _item(self, one: _Path) -> PathItem:
        raw: Mapping[str, Any] = one.found.value
        has_list = isinstance(raw.get("parameters"), list)
        description = raw.get("description") or raw.get("summary")
        query = [
            self._parameters.query(one.path, "", shared)
            for shared in one.shared
            if shared.where == "query" and not self._parameters.has_inline_enum(shared)
        ]
        return PathItem(
            path=one.path,
            parameters=self._parameters.path(one.path, one.shared, list(one.own.values()), has_list=has_list),
            query=tuple(query),
            operations=tuple(one.operations),
            description=description if isinstance(description, str) else "",
        )


def _tree_order(paths: list[_Path]) -> list[_Path]:
    """Paths as they are met when the tree of their segments is walked from the root, children in the order of the text.

    It decides which of several classes of one name is made first.
    """
    tree: dict[str, Any] = {}
    for one in paths:
        branch = tree
        for segment in split_path(one.path):
            branch = branch.setdefault("/" + segment, {})
        branch.setdefault("", []).append(one)
    ordered: list[_Path] = []
    waiting: list[Any] = [tree]
    while waiting:
        branch = waiting.pop()
        ordered.extend(branch.get("", ()))
        waiting.extend(child for key, child in reversed(list(branch.items())) if key)
    return ordered


def _forget_renamed(paths: list[_Path], merged: Mapping[str, str]) -> None:
    """Take the type from path parameters that share a component with one of a merged index.

    Kiota renames that one where it is declared, so that no other path finds it there by its name any more.
    """
    names = {
        one.path: {
            placeholder
            for old, new in zip(split_path(one.path), split_path(merged[one.path]), strict=False)
            if old != new
            for placeholder in placeholders(old)
        }
        for one in paths
    }
    renamed = {parameter.place for one in paths for parameter in one.components() if parameter.name in names[one.path]}

    def kept(one: _Path, listed: list[Parameter]) -> list[Parameter]:
        return [
            replace(parameter, schema=None)
            if parameter.place in renamed and parameter.name not in names[one.path]
            else parameter
            for parameter in listed
        ]

    for one in paths if renamed else ():
        one.shared = kept(one, one.shared)
        one.own = {verb: kept(one, listed) for verb, listed in one.own.items()}


def _derived(types: Mapping[str, TypeDecl]) -> dict[str, list[str]]:
    """All descendants of every type, at any depth, in the order in which they were made."""
    derived: dict[str, list[str]] = {}
    for declared in types.values():
        current = declared.base if isinstance(declared, ObjectType) else None
        while current is not None:
            derived.setdefault(current, []).append(declared.id)
            parent = types[current]
            current = parent.base if isinstance(parent, ObjectType) else None
    return derived


def _own_media_types(root: Mapping[str, Any]) -> tuple[str, ...]:
    """The structured types that the description itself gives for a Python client."""
    told: Any = root.get("x-ms-kiota-info")
    for key in ("languagesInformation", "Python", "structuredMimeTypes"):
        if isinstance(told, dict):
            told = next((value for name, value in told.items() if name.lower() == key.lower()), None)
    return tuple(one for one in told if isinstance(one, str)) if isinstance(told, list) else ()
