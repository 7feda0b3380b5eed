"""Webhooks: what a service sends by itself. A client has no builder for them, but the models of what arrives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphslice.api.closure import Root, named
from graphslice.api.naming import clean_symbols, first_upper
from graphslice.openapi.documents import Document, Found
from graphslice.openapi.media import MediaTypes
from graphslice.openapi.models import MODELS, TypeBuilder
from graphslice.openapi.parameters import follow
from graphslice.openapi.schema import Schema
from graphslice.openapi.scope import Scope
from graphslice.openapi.swagger import VERBS


def read_webhooks(builder: TypeBuilder, media: MediaTypes, document: Document, root: Mapping[str, Any]) -> list[Root]:
    """Declare the types of all webhooks."""
    stated = root.get("webhooks")
    reader = _Webhooks(builder, media)
    for name, raw in stated.items() if isinstance(stated, dict) else ():
        pointer = "/webhooks/" + name.replace("~", "~0").replace("/", "~1")
        found = follow(builder, Found(document, pointer, raw))
        if found is not None and isinstance(found.value, dict):
            reader.read(name, found)
    return reader.roots


class _Webhooks:
    def __init__(self, builder: TypeBuilder, media: MediaTypes) -> None:
        self._builder = builder
        self._media = media
        self.roots: list[Root] = []

    def read(self, name: str, found: Found) -> None:
        words = [word for word in name.split(".") if word]
        stem = first_upper(clean_symbols(words[-1] if words else name))
        for verb, raw in found.value.items():
            if verb not in VERBS or not isinstance(raw, dict):
                continue
            owner = f"{verb.upper()} webhook {name}"
            below = Found(found.document, f"{found.pointer}/{verb}", raw)
            self._content(below, ("requestBody",), stem, f"{verb.capitalize()}RequestBody", Root("", owner, "body"))
            answers = raw.get("responses")
            answers = answers if isinstance(answers, dict) else {}
            prefix = self._success_name(below, answers) or stem
            for code in answers:
                suffix = f"{verb.capitalize()}{code}Response"
                self._content(below, ("responses", code), prefix, suffix, Root("", owner, "result"))

    def _success_name(self, found: Found, answers: Mapping[str, Any]) -> str:
        """The component of the first success answer, after which the classes of all answers are called."""
        for code in sorted(code for code in answers if code[:1] == "2"):
            for view in self._schemas(found, ("responses", code)):
                return self._builder.name_of(view, Scope.of_operation("", MODELS, "", "")) if view.ref else ""
        return ""

    def _schemas(self, found: Found, path: tuple[str, ...]) -> Iterator[Schema]:
        """The schemas of the structured content of a body or answer."""
        raw = found.value
        for part in path:
            raw = raw.get(part) if isinstance(raw, dict) else None
        target = follow(self._builder, Found(found.document, "/".join((found.pointer, *path)), raw))
        content = target.value.get("content") if target is not None and isinstance(target.value, dict) else None
        for key, entry in content.items() if target is not None and isinstance(content, dict) else ():
            schema = entry.get("schema") if isinstance(entry, dict) else None
            if self._media.is_structured(key) and isinstance(schema, dict):
                assert target is not None
                pointer = f"{target.pointer}/content/{key.replace('~', '~0').replace('/', '~1')}/schema"
                yield self._builder.schemas.at(target.document, pointer, schema)

    def _content(self, found: Found, path: tuple[str, ...], stem: str, suffix: str, root: Root) -> None:
        for view in self._schemas(found, path):
            scope = Scope.of_operation("", MODELS, stem, suffix)
            declared = named(self._builder.type_of(view, scope))
            if declared is not None:
                self.roots.append(Root(declared, root.owner, root.role))
            return
