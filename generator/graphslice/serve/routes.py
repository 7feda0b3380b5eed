"""From a request path to what it addresses: the model's paths as a tree of segments, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import unquote_to_bytes

from graphslice.api.model import ApiModel, ListRef, NamedRef, Operation, PathItem, PathKind, TypeRef
from graphslice.serve.refusals import Refused, bad_request, not_found
from graphslice.serve.store import Address, Store


class Shape(Enum):
    """What a path holds, as far as the emulator can act on it."""

    COLLECTION = "collection"
    ITEM = "item"
    SINGLE = "single"
    COUNT = "count"
    MEDIA = "media"
    COMPLEX = "complex"
    REF = "ref"
    OPAQUE = "opaque"
    """Actions, functions and everything without a notion of what it addresses: needs a handler."""


@dataclass(frozen=True, slots=True)
class KeySegment:
    """A segment such as ``row='{row}',number={number}`` or ``seats(code='{code}')``.

    `collection` is empty for the first kind, which names the item within the collection before it.
    """

    pattern: re.Pattern[str]
    collection: str
    names: tuple[str, ...]

    def values(self, text: str) -> dict[str, str]:
        """Read the key properties out of a segment of a request."""
        match = self.pattern.match(text)
        return dict(zip(self.names, match.groups(), strict=True)) if match else {}


@dataclass(frozen=True, slots=True)
class Route:
    """One path of the model, ready to answer.

    `kept` are the indices of the segments that address state: a type cast says how to look at something, it is no
    place of its own. `ancestors` are the lengths of the prefixes that name an item, which has to exist. `keys` are the
    segments that name an item by more than one bare key.
    """

    item: PathItem
    shape: Shape
    type_id: str
    """The entity type of the collection, the item or the single value; empty for opaque paths."""
    cast: str
    kept: tuple[int, ...]
    ancestors: tuple[int, ...]
    keys: Mapping[int, KeySegment]
    operations: Mapping[str, Operation]
    options: frozenset[str]

    @property
    def allow(self) -> str:
        """The verbs for the Allow header."""
        verbs = {*self.operations, "OPTIONS", *(("HEAD",) if "GET" in self.operations else ())}
        return ", ".join(sorted(verbs))


@dataclass(frozen=True, slots=True)
class Match:
    """A route and the values that a request gives to its placeholders."""

    route: Route
    segments: tuple[str, ...]
    parameters: Mapping[str, str]

    def address(self, store: Store, length: int | None = None) -> Address:
        """Give the place where the state of this path, or of its first segments, is kept."""
        parts: Address = ()
        for at in self.route.kept:
            if length is not None and at >= length:
                break
            key = self.route.keys.get(at)
            if key is None:
                parts = (*parts, self.segments[at])
            elif key.collection:
                collection = (*parts, key.collection)
                parts = (*collection, store.find(collection, key.values(self.segments[at])))
            else:
                parts = (*parts, ",".join(f"{name}={value}" for name, value in key.values(self.segments[at]).items()))
        return parts


@dataclass(slots=True)
class _Node:
    literals: dict[str, _Node] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], tuple[str, ...], _Node]] = field(default_factory=list)
    route: Route | None = None


class Routes:
    """All routes of a model."""

    def __init__(self, model: ApiModel) -> None:
        """Compile the paths of `model`."""
        self._root = _Node()
        by_path = {item.path: item for item in model.paths}
        for item in model.paths:
            node = self._root
            for segment in _split(item.path):
                node = _child(node, segment)
            if (
                node.route is None
            ):  # an entity without a key has its collection's path with a slash: no place of its own
                node.route = _route(item, by_path)

    def match(self, raw_path: str) -> Match:
        """Find what a still encoded path addresses; raises `Refused` when the model has no such path."""
        found = self.find(raw_path)
        if found is None:
            raise not_found("Resource not found: the API has no such path.")
        return found

    def find(self, raw_path: str) -> Match | None:
        """Find what a still encoded path addresses, None when the model has no such path."""
        segments = tuple(_decoded(part) for part in raw_path.strip("/").split("/")) if raw_path.strip("/") else ()
        for route, values in _walk(self._root, segments, ()):
            return Match(route, segments, dict(values))
        return None


def _split(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_KEY_SEGMENT = re.compile(r"(?:([\w.]+)\()?(\w+='?\{[^{}]*\}'?(?:,\w+='?\{[^{}]*\}'?)*)\)?")


def _compiled(segment: str) -> re.Pattern[str]:
    texts = _PLACEHOLDER.split(segment)[::2]
    return re.compile("(.+?)".join(map(re.escape, texts)) + r"\Z", re.DOTALL)


def _key_segment(segment: str) -> KeySegment | None:
    match = _KEY_SEGMENT.fullmatch(segment)
    if match is None:
        return None
    names = re.findall(r"(\w+)='?\{", match.group(2))
    return KeySegment(_compiled(segment), match.group(1) or "", tuple(names))


def _child(node: _Node, segment: str) -> _Node:
    names = tuple(_PLACEHOLDER.findall(segment))
    if not names:
        return node.literals.setdefault(segment, _Node())
    pattern = _compiled(segment)
    for known, known_names, child in node.patterns:
        if known.pattern == pattern.pattern and known_names == names:
            return child
    child = _Node()
    node.patterns.append((pattern, names, child))
    # The longest literal text first: `item(key='{x}')` before `{x}`.
    node.patterns.sort(key=lambda entry: -len(entry[0].pattern))
    return child


def _walk(
    node: _Node, segments: tuple[str, ...], values: tuple[tuple[str, str], ...]
) -> Iterator[tuple[Route, tuple[tuple[str, str], ...]]]:
    if not segments:
        if node.route is not None:
            yield node.route, values
        return
    first, rest = segments[0], segments[1:]
    if first in node.literals:
        yield from _walk(node.literals[first], rest, values)
    for pattern, names, child in node.patterns:
        match = pattern.match(first)
        if match:
            yield from _walk(child, rest, (*values, *zip(names, match.groups(), strict=True)))


def _decoded(part: str) -> str:
    try:
        text = unquote_to_bytes(part).decode("utf-8")
    except UnicodeDecodeError:
        raise bad_request("The path is not UTF-8.") from None
    if not text or text in {".", ".."} or any(ord(ch) < 0x20 or ord(ch) == 0x7F for ch in text):
        raise bad_request("The path has a segment that is empty, a dot segment, or holds control characters.")
    if len(text) > 4096:
        raise Refused(414, "BadRequest", "A segment of the path is too long.")
    return text


# ------------------------------------------------------------------------------------------------- compilation


def _route(item: PathItem, by_path: Mapping[str, PathItem]) -> Route:
    parts = _split(item.path)
    kept = tuple(at for at in range(len(parts)) if not _is_cast(by_path.get(_join(parts[: at + 1]))))
    shape, target, cast = _shape(item, by_path)
    if shape in {Shape.COUNT, Shape.MEDIA, Shape.REF}:
        kept = tuple(at for at in kept if at < len(parts) - 1 or not parts[at].startswith("$"))
    prefixes = ((length, by_path.get(_join(parts[:length]))) for length in range(1, len(parts)))
    operations = {operation.verb: operation for operation in item.operations}
    options = {option.name for option in item.query}
    options.update(option.name for operation in item.operations for option in operation.query)
    return Route(
        item=item,
        shape=shape,
        type_id=_element(target),
        cast=cast,
        kept=kept,
        ancestors=tuple(
            length for length, owner in prefixes if owner is not None and _shape(owner, by_path)[0] is Shape.ITEM
        ),
        keys={at: key for at, part in enumerate(parts) if (key := _key_segment(part)) is not None},
        operations=operations,
        options=frozenset(options),
    )


def _join(parts: list[str]) -> str:
    return "/" + "/".join(parts)


def _is_cast(item: PathItem | None) -> bool:
    return item is not None and item.kind is PathKind.CAST


def _element(target: TypeRef | None) -> str:
    ref = target.item if isinstance(target, ListRef) else target
    return ref.id if isinstance(ref, NamedRef) else ""


def _shape(item: PathItem, by_path: Mapping[str, PathItem]) -> tuple[Shape, TypeRef | None, str]:
    """Give the shape, the declared target of the state, and the type that a cast narrows it to."""
    parts = _split(item.path)
    owner = by_path.get(_join(parts[:-1]))
    if item.kind is PathKind.CAST and owner is not None:
        shape, target, _ = _shape(owner, by_path)
        return shape, target, _element(item.target)
    if item.kind is PathKind.COUNT and owner is not None:
        shape, target, cast = _shape(owner, by_path)
        return (Shape.COUNT if shape is Shape.COLLECTION else Shape.OPAQUE), target, cast
    if item.kind is PathKind.MEDIA:
        return Shape.MEDIA, None, ""
    if item.kind is PathKind.COMPLEX and owner is not None and _element(owner.target):
        return Shape.COMPLEX, owner.target, ""
    if item.kind is PathKind.REF and _element(item.target):
        return Shape.REF, item.target, ""
    if item.kind in {PathKind.ACTION, PathKind.FUNCTION, PathKind.REF, PathKind.COMPLEX, PathKind.COUNT}:
        return Shape.OPAQUE, None, ""
    if not _element(item.target):
        return Shape.OPAQUE, None, ""
    if isinstance(item.target, ListRef):
        return Shape.COLLECTION, item.target, ""
    return (Shape.ITEM if "{" in parts[-1] else Shape.SINGLE), item.target, ""
