"""Where the names on the map are documented: by the vendor's own page, or by the nearest page that speaks of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from graphslice.api.model import ApiModel, ComposedType, ListRef, NamedRef, ObjectType, Operation, TypeDecl, TypeRef


class Links:
    """The links of one model.

    An enum or a part of a resource has no page of its own: the page of what uses it describes it. An operation
    without a page is described by the page of what it gives or takes.
    """

    def __init__(self, model: ApiModel) -> None:
        self._model = model
        self._types = _spread(model.types)

    def type(self, id: str) -> str:
        """Give the page of a type, or nothing."""
        return self._types.get(id, "")

    def operation(self, operation: Operation) -> str:
        """Give the page of an operation, or nothing."""
        if operation.documentation:
            return operation.documentation
        refs = (operation.result.type, operation.body.type if operation.body else None)
        found = (self._near(ref) for ref in refs if ref is not None)
        return next((page for page in found if page), "")

    def _near(self, ref: TypeRef) -> str:
        for id in _named(ref):
            if page := self.type(id):
                return page
            declared = self._model.types.get(id)
            # A page of results is about what is on it.
            inside = (page for used in _used(declared) if (page := self.type(used))) if declared else iter(())
            return next(inside, "")
        return ""


def _spread(types: Mapping[str, TypeDecl]) -> dict[str, str]:
    """Give each type its own page, or that of the nearest type which uses it."""
    found = {id: declared.documentation for id, declared in types.items() if declared.documentation}
    pending = deque(found)
    while pending:
        id = pending.popleft()
        for used in _used(types[id]):
            if used in types and used not in found:
                found[used] = found[id]
                pending.append(used)
    return found


def _used(declared: TypeDecl) -> Iterator[str]:
    if isinstance(declared, ObjectType):
        for prop in declared.properties:
            yield from _named(prop.type)
    elif isinstance(declared, ComposedType):
        for member in declared.members:
            yield from _named(member.type)


def _named(ref: TypeRef) -> Iterator[str]:
    while isinstance(ref, ListRef):
        ref = ref.item
    if isinstance(ref, NamedRef):
        yield ref.id
