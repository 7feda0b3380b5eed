"""Bodies and responses that several operations share by name.

Where two or more sets or singletons have one type, Microsoft's converter keeps the body and the response of the
operations bound to it in one component each, named by the bare operation name: the first such operation of the
document gives the body of them all, the last one that answers at all gives the response.
"""

from __future__ import annotations

from collections import Counter

from graphslice.csdl.edm import Operation
from graphslice.csdl.index import Index, operation_heads


class Shared:
    """Knows, for each operation, whose body and response it has."""

    def __init__(self, index: Index) -> None:
        """Take the index; the operations are looked through once."""
        addresses = Counter(source.type for source in index.sources.values())
        self._types = frozenset(name for name, count in addresses.items() if count > 1)
        self._first: dict[str, Operation] = {}
        self._last: dict[str, Operation] = {}
        if self._types:
            self._gather(index)

    def _gather(self, index: Index) -> None:
        for schema in index.schemas:
            for place, (_, binding) in enumerate(operation_heads(schema)):
                if binding and binding not in self._types:
                    continue
                operation = schema.operations[place]
                if not self._shares(operation):
                    continue
                if not operation.function and len(operation.parameters) > 1:
                    self._first.setdefault(operation.name, operation)
                if operation.returns is not None:
                    self._last[operation.name] = operation

    def _shares(self, operation: Operation) -> bool:
        if not operation.parameters or operation.parameters[0].type.collection:
            return False
        return operation.parameters[0].type.name in self._types

    def body_of(self, operation: Operation) -> Operation:
        """Give the operation whose parameters are the body of this one."""
        return self._first.get(operation.name, operation) if self._shares(operation) else operation

    def response_of(self, operation: Operation) -> Operation:
        """Give the operation whose result this one answers."""
        return self._last.get(operation.name, operation) if self._shares(operation) else operation
