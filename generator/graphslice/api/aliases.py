"""Query options that stand for parameter aliases of OData."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from graphslice.api.model import ApiModel, PathItem, QueryParameter

_ALIAS = re.compile(r"='?@(\w+)")


def with_aliases(model: ApiModel) -> ApiModel:
    """Give the model with query options named as the parameter aliases of OData that they stand for.

    Kiota sends ``f(a=@a)?a=1``, where the service looks for ``@a=1`` [OData URL conventions 5.1.1.10]. In an OpenAPI
    description the options have the names that somebody gave them, which are taken at their word.
    """
    if model.format != "csdl" or not any("@" in item.path for item in model.paths):
        return model
    return replace(model, paths=tuple(_aliased(item) if "@" in item.path else item for item in model.paths))


def _aliased(item: PathItem) -> PathItem:
    names = frozenset(_ALIAS.findall(item.path))
    return replace(
        item,
        query=_renamed(item.query, names),
        operations=tuple(replace(one, query=_renamed(one.query, names)) for one in item.operations),
    )


def _renamed(options: Sequence[QueryParameter], names: frozenset[str]) -> tuple[QueryParameter, ...]:
    return tuple(_alias(one) if one.name in names else one for one in options)


def _alias(option: QueryParameter) -> QueryParameter:
    text = option.description.strip() or f"The argument `{option.name}`."
    return replace(option, name=f"@{option.name}", description=text)
