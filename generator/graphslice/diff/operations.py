"""Compares paths and their operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from graphslice.api.model import (
    ApiModel,
    Body,
    BodyKind,
    Deprecation,
    HeaderParameter,
    ListRef,
    NamedRef,
    Operation,
    PathItem,
    PathParameter,
    Primitive,
    PrimitiveRef,
    QueryParameter,
    Result,
    TypeRef,
)
from graphslice.diff.changes import Change
from graphslice.diff.lineage import ancestors
from graphslice.diff.spelling import deprecation_text, permissions_text, same_in_python, short, type_text

_BYTES = PrimitiveRef(Primitive.BINARY)
_TEXT = PrimitiveRef(Primitive.STRING)


def compare_paths(old: ApiModel, new: ApiModel) -> Iterator[Change]:
    """Give every change of paths, operations, options, bodies, results and errors."""
    before = {item.path: item for item in old.paths}
    after = {item.path: item for item in new.paths}
    for path, item in before.items():
        if path not in after:
            yield Change(rule="path-removed", area="path", subject=path, old=_verbs(item))
    for path, item in after.items():
        known = before.get(path)
        if known is None:
            yield Change(rule="path-added", area="path", subject=path, new=_verbs(item))
        elif known != item:
            yield from _path(known, item, partial(_derives, old, new))


def _derives(old: ApiModel, new: ApiModel, one: TypeRef | None, other: TypeRef | None) -> bool:
    if not isinstance(one, NamedRef) or not isinstance(other, NamedRef):
        return False
    return all(other.id in ancestors(model.types.get(one.id), model) for model in (old, new) if one.id in model.types)


def _verbs(item: PathItem) -> str:
    return ", ".join(operation.verb for operation in item.operations)


def _path(old: PathItem, new: PathItem, derives: Derives) -> Iterator[Change]:
    at = _At(new.path, "", derives)
    yield from at.text("path-description", old.description, new.description)
    if (old.kind, old.target) != (new.kind, new.target):
        was, now = (f"{item.kind.value} of {type_text(item.target)}" for item in (old, new))
        yield at.change("path-target", was, now)
    yield from _path_parameters(at, old.parameters, new.parameters)
    before = {operation.verb: operation for operation in old.operations}
    after = {operation.verb: operation for operation in new.operations}
    for removed in [verb for verb in before if verb not in after]:
        yield _At(new.path, removed).change("operation-removed")
    for verb, operation in after.items():
        known = before.get(verb)
        if known is None:
            yield _At(new.path, verb).change("operation-added")
        else:
            options = (_query(old, known), _query(new, operation))
            yield from _operation(_At(new.path, verb, derives), known, operation, options)


Derives = Callable[[TypeRef | None, TypeRef | None], bool]
"""Tells whether the first type derives from the second one, before and after."""


class _At:
    """A place in the API at which changes are found."""

    def __init__(self, path: str, member: str, derives: Derives = lambda one, other: False) -> None:
        self.path = path
        self.member = member
        self.derives = derives

    def change(self, rule: str, old: str = "", new: str = "", what: str = "") -> Change:
        member = f"{self.member} {what}".strip()
        return Change(rule=rule, area="path", subject=self.path, member=member, old=old, new=new)

    def text(self, rule: str, old: str, new: str, what: str = "") -> Iterator[Change]:
        if old != new:
            yield self.change(rule, short(old), short(new), what)


def _query(item: PathItem, operation: Operation) -> Mapping[str, QueryParameter]:
    return {parameter.name: parameter for parameter in (*item.query, *operation.query)}


def _path_parameters(at: _At, old: Sequence[PathParameter], new: Sequence[PathParameter]) -> Iterator[Change]:
    before = {parameter.name: parameter for parameter in old}
    for parameter in new:
        known = before.get(parameter.name)
        if known is None:
            continue
        if known.type != parameter.type:
            was, now = (_argument(at.path, one) for one in (known, parameter))
            rule = "same-in-python" if same_in_python(was, now) else "path-parameter-type"
            yield at.change(rule, type_text(known.type), type_text(parameter.type), parameter.name)
        yield from at.text("path-parameter-description", known.description, parameter.description, parameter.name)


def _argument(path: str, parameter: PathParameter) -> TypeRef:
    """Give the type of the argument for a path parameter: what is no plain value is text; one index is one value."""
    ref = parameter.type
    item = ref.item if isinstance(ref, ListRef) else ref
    item = item if isinstance(item, PrimitiveRef) else _TEXT
    alone = f"{{{parameter.name}}}" in path.split("/")
    return item if alone or not isinstance(ref, ListRef) else ListRef(item)


def _operation(
    at: _At,
    old: Operation,
    new: Operation,
    query: tuple[Mapping[str, QueryParameter], Mapping[str, QueryParameter]],
) -> Iterator[Change]:
    yield from _queries(at, *query)
    if old == new:
        return
    yield from _headers(at, old.headers, new.headers)
    yield from _body(at, old.body, new.body)
    yield from _result(at, old.result, new.result)
    if old.accept != new.accept:
        yield at.change(_accepted(old, new), old.accept, new.accept)
    yield from _errors(at, old, new)
    yield from deprecation(at.change, "operation", old.deprecation, new.deprecation)
    yield from at.text("operation-description", old.description, new.description)
    if (old.documented, old.documentation) != (new.documented, new.documentation):
        yield at.change("operation-documented", *(o.documentation or str(o.documented).lower() for o in (old, new)))
    was, now = (permissions_text(o.permissions, o.roles) for o in (old, new))
    if was != now:
        yield at.change("permissions", was, now)


def deprecation(
    change: Callable[[str, str, str], Change], prefix: str, old: Deprecation | None, new: Deprecation | None
) -> Iterator[Change]:
    """Judge what happened to a deprecation of an operation, a type, a property or a member."""
    if old == new:
        return
    was, now = deprecation_text(old), deprecation_text(new)
    if old is None:
        yield change(f"{prefix}-deprecated", "", now)
    elif new is None:
        yield change(f"{prefix}-no-longer-deprecated", was, "")
    else:
        yield change(f"{prefix}-deprecation", was, now)


def _queries(at: _At, old: Mapping[str, QueryParameter], new: Mapping[str, QueryParameter]) -> Iterator[Change]:
    for name, parameter in old.items():
        if name not in new:
            yield at.change("query-removed", type_text(parameter.type), what=name)
    for name, parameter in new.items():
        known = old.get(name)
        if known is None:
            rule = "query-added-required" if parameter.required else "query-added"
            yield at.change(rule, new=type_text(parameter.type), what=name)
            continue
        if known.type != parameter.type:
            yield at.change(*_retyped("query-type", known.type, parameter.type), name)
        if known.required != parameter.required:
            yield at.change("query-required" if parameter.required else "query-optional", what=name)
        if (known.explode, known.style) != (parameter.explode, parameter.style):
            yield at.change("query-style", known.style, parameter.style, name)
        entry = _At(at.path, f"{at.member} {name}")
        yield from deprecation(entry.change, "query", known.deprecation, parameter.deprecation)
        yield from at.text("query-description", known.description, parameter.description, name)


def _headers(at: _At, old: Sequence[HeaderParameter], new: Sequence[HeaderParameter]) -> Iterator[Change]:
    before = {parameter.name: parameter for parameter in old}
    after = {parameter.name: parameter for parameter in new}
    for name in before:
        if name not in after:
            yield at.change("header-removed", what=name)
    for name, parameter in after.items():
        known = before.get(name)
        if known is None:
            yield at.change("header-added-required" if parameter.required else "header-added", what=name)
            continue
        if known.type != parameter.type:
            yield at.change(*_retyped("header-type", known.type, parameter.type), name)
        if known.required != parameter.required:
            yield at.change("header-required" if parameter.required else "header-optional", what=name)
        yield from at.text("header-description", known.description, parameter.description, name)


def _body(at: _At, old: Body | None, new: Body | None) -> Iterator[Change]:
    if old is None or new is None:
        if new is not None:
            yield at.change("body-added", new=_body_text(new))
        elif old is not None:
            yield at.change("body-removed", _body_text(old))
        return
    if (old.kind, old.type, [p.name for p in old.parts]) != (new.kind, new.type, [p.name for p in new.parts]):
        # A PATCH takes the properties of its type as keywords too.
        wider = at.member != "PATCH" and at.derives(old.type, new.type)
        yield at.change("body-widened" if wider else "body-type", _body_text(old), _body_text(new))
    if old.required != new.required:
        yield at.change("body-required" if new.required else "body-optional")
    if old.content_type != new.content_type:
        # Without a content type of its own the method asks the caller for one.
        rule = "body-type"
        if old.content_type and new.content_type:
            rule = _reformatted(old, new.kind, new.content_type)
        yield at.change(rule, old.content_type or "named by the caller", new.content_type or "named by the caller")
    yield from at.text("body-description", old.description, new.description)


def _reformatted(old: Body, kind: BodyKind, content_type: str) -> str:
    if BodyKind.STREAM is old.kind is kind:
        return "body-media"
    written = kind is not BodyKind.MODEL or _is_json(content_type) or content_type.startswith("multipart/")
    return "body-content-type" if written else "body-format"


def _is_json(media: str) -> bool:
    return media.partition(";")[0].strip().endswith(("/json", "+json"))


def _retyped(rule: str, old: TypeRef | None, new: TypeRef | None) -> tuple[str, str, str]:
    """Give the rule, and both types as they are shown."""
    return "same-in-python" if same_in_python(old, new) else rule, type_text(old), type_text(new)


def _body_text(body: Body) -> str:
    return type_text(body.type) if body.type is not None else body.kind.value


def _result(at: _At, old: Result, new: Result) -> Iterator[Change]:
    if old.type != new.type:
        rule = "result-narrowed" if at.derives(new.type, old.type) else "result-type"
        rule = "result-added" if old.type is None else "result-removed" if new.type is None else rule
        yield at.change(*_retyped(rule, old.type, new.type))
    if old.statuses != new.statuses:
        yield at.change("result-status", ", ".join(old.statuses), ", ".join(new.statuses))
    yield from at.text("result-description", old.description, new.description)


def _errors(at: _At, old: Operation, new: Operation) -> Iterator[Change]:
    before = {mapping.status: mapping.type for mapping in old.errors}
    after = {mapping.status: mapping.type for mapping in new.errors}
    for status in sorted({*before, *after}):
        if before.get(status) == after.get(status):
            continue
        # What is not said of a status is said of its hundred, or of all errors.
        was, now = _raised(before, status), _raised(after, status)
        rule = "error-type"
        if status not in before and (was is None or was == now):
            rule = "error-added"
        elif status not in after and (now is None or was == now):
            rule = "error-removed" if now is None else "error-merged"
        yield at.change(rule, was or "", now or "", status)


def _raised(errors: Mapping[str, str], status: str) -> str | None:
    return errors.get(status) or errors.get(f"{status[:1]}XX") or errors.get("XXX")


def _accepted(old: Operation, new: Operation) -> str:
    """Judge another Accept header by what is made of the answer."""
    was, now = (_media(operation.accept) for operation in (old, new))
    if _BYTES == old.result.type == new.result.type:
        return "result-media" if was and now and was.isdisjoint(now) else "accept"
    item = new.result.type.item if isinstance(new.result.type, ListRef) else new.result.type
    unread = isinstance(item, NamedRef) and now and any(map(_is_json, was)) and not any(map(_is_json, now))
    return "result-format" if unread else "accept"


def _media(accept: str) -> set[str]:
    return {part.partition(";")[0].strip() for part in accept.split(",") if part.strip()}
