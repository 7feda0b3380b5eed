"""What the documentation of an operation says: the description's words, and plain sentences where it has none."""

from __future__ import annotations

from collections.abc import Sequence

from graphslice.api.model import ListRef, Operation, PathItem, PathKind
from graphslice.api.tree import Node

from .docstrings import docstring
from .models_deprecations import with_deprecation

_LISTS = {"GET": "Read a page of the items.", "POST": "Create an item."}
_ONE = {
    "GET": "Read the resource.",
    "POST": "Create the resource.",
    "PATCH": "Change the resource; only what was set is sent.",
    "PUT": "Replace the resource.",
    "DELETE": "Delete the resource.",
}
_REFERENCES = {
    "GET": "Read the references.",
    "POST": "Add a reference.",
    "PUT": "Set the reference.",
    "DELETE": "Remove a reference.",
}
_CONTENT = {"GET": "Read the content.", "PUT": "Write the content.", "DELETE": "Delete the content."}


def summary(item: PathItem, operation: Operation) -> str:
    """Say in a sentence what an operation does."""
    if item.kind is PathKind.OTHER:
        return f"Send {operation.verb}."
    if item.kind is PathKind.COUNT:
        return "Read the number of items."
    if item.kind is PathKind.ACTION:
        return "Call the action."
    if item.kind is PathKind.FUNCTION:
        return "Call the function."
    words = _ONE
    if item.kind is PathKind.REF:
        words = _REFERENCES
    elif item.kind is PathKind.MEDIA:
        words = _CONTENT
    elif isinstance(item.target, ListRef):
        words = {**_ONE, **_LISTS}
    return words.get(operation.verb, f"Send {operation.verb}.")


def executor_docstring(
    item: PathItem, operation: Operation, arguments: Sequence[tuple[str, str]], errors: Sequence[str]
) -> str:
    """Build the docstring of an executor."""
    words = summary(item, operation)
    return docstring(
        _text(words, operation),
        fallback=words,
        indent=8,
        args=tuple(arguments),
        returns=_returns(operation),
        raises=tuple((name, "The request failed.") for name in errors),
    )


def _text(words: str, operation: Operation) -> str:
    """Put together what the description tells: purpose, permissions, standing, and where to read more."""
    parts = [with_deprecation(operation.description.strip() or words, operation.deprecation)]
    scopes = scopes_of(operation)
    if scopes or operation.roles:
        needed = [_listed(scopes)] if scopes else []
        needed += [f"the role {_listed(operation.roles)}"] if operation.roles else []
        parts.append(f"Needs {' and '.join(needed)}.")
    if operation.documented is False:
        parts.append("Not documented: it may change.")
    if operation.documentation.startswith("https://"):
        parts.append(f"See {operation.documentation}")
    return "\n\n".join(parts)


def scopes_of(operation: Operation) -> tuple[str, ...]:
    """Give the permissions of all schemes, each once, in their order."""
    return tuple(dict.fromkeys(scope for permission in operation.permissions for scope in permission.scopes))


def _listed(words: Sequence[str]) -> str:
    return " or ".join(f"`{word}`" for word in words)


def _returns(operation: Operation) -> str:
    return "" if operation.result.type is None else operation.result.description or "The answer."


def builder_purpose(node: Node) -> str:
    """Say what a builder is for; the whole path stands in the module's docstring."""
    if node.is_index:
        return f"Requests to one item, `{node.segment}`."
    return f"Requests to `{node.segment}`." if node.segment else "Requests to a path that ends in a slash."


def child_docstring(node: Node, args: Sequence[tuple[str, str]] = ()) -> str:
    """Build the docstring of what leads to a builder."""
    purpose = node.item.description if node.item is not None else ""
    return docstring(purpose, fallback=builder_purpose(node), indent=8, args=tuple(args))
