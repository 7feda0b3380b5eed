"""Operations: bodies, answers, the Accept header and errors of one verb on one path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphslice.api.model import (
    Body,
    BodyKind,
    ErrorMapping,
    ListRef,
    NamedRef,
    Operation,
    Permission,
    Place,
    Primitive,
    PrimitiveRef,
    QueryParameter,
    Result,
    TypeRef,
    UntypedRef,
)
from graphslice.openapi import shape
from graphslice.openapi.deprecation import deprecation_of
from graphslice.openapi.documents import Document, Found
from graphslice.openapi.media import Entry, MediaTypes, is_safe, joined, without_parameters
from graphslice.openapi.models import MODELS, TypeBuilder
from graphslice.openapi.multipart import multipart_parts
from graphslice.openapi.parameters import Parameter, ParameterReader, follow
from graphslice.openapi.schema import Schema
from graphslice.openapi.scope import Scope

_SUCCESS = ("200", "201", "202", "203", "206", "2XX")
_EMPTY = frozenset({"201", "202", "204", "205", "301", "302", "303", "304", "307"})
_REDIRECTS = ("301", "302", "303", "307")
_BYTES = PrimitiveRef(Primitive.BINARY)


@dataclass(frozen=True, slots=True)
class Content:
    """The content entries of a body or answer."""

    document: Document
    pointer: str
    entries: tuple[Entry, ...]
    stated: bool
    """Whether there is a `content` at all."""
    shared: bool = False
    """Whether it stands among the components."""
    raw: Mapping[str, Any] = field(default_factory=dict)

    def schema(self, builder: TypeBuilder, entry: Entry) -> Schema:
        """The view of an entry's schema."""
        return builder.schemas.at(self.document, f"{entry.pointer}/schema", entry.raw.get("schema"))


@dataclass(frozen=True, slots=True)
class _Chosen:
    content: Content
    entry: Entry
    schema: Schema


class OperationReader:
    """Reads operations into the model, declaring their types through one builder."""

    def __init__(self, builder: TypeBuilder, media: MediaTypes) -> None:
        """Keep what all operations share."""
        self._builder = builder
        self._media = media
        self._parameters = ParameterReader(builder)
        self._operation = ""

    # --------------------------------------------------------------------------------------- operation

    def read(
        self, path: str, verb: str, found: Found, own: list[Parameter], shared: list[Parameter], security: Any
    ) -> Operation:
        """One operation; `own` parameters come after those of the path item (`shared`)."""
        raw: Mapping[str, Any] = found.value
        answers = dict(self._answers(found))
        self._operation = _text(raw, "operationId")
        result, chosen = self._result(path, verb, answers)
        errors = self._errors(path, answers, chosen)
        body = self._body(path, verb, found)
        return Operation(
            verb=verb.upper(),
            operation_id=_text(raw, "operationId"),
            description=_text(raw, "description") or _text(raw, "summary"),
            query=self._query(path, verb, own, shared),
            headers=self._parameters.headers([*own, *shared]),
            body=body,
            result=result,
            accept=self._accept(answers, chosen),
            errors=errors,
            deprecation=deprecation_of(raw) or self._deprecated_answer(chosen),
            documented=_facts(raw).get("documented") if isinstance(_facts(raw).get("documented"), bool) else None,
            roles=tuple(one for one in _facts(raw).get("roles") or () if isinstance(one, str)),
            documentation=_link(raw),
            permissions=_permissions(raw.get("security", security)),
            location=self._builder.schemas.at(found.document, found.pointer, {}).location,
        )

    def _query(self, path: str, verb: str, own: list[Parameter], shared: list[Parameter]) -> tuple[QueryParameter, ...]:
        enums = [one for one in shared if one.where == "query" and self._parameters.has_inline_enum(one)]
        taken = {one.name for one in shared if one.where == "query"}
        wanted = [*enums, *(one for one in own if one.where == "query" and one.name not in taken)]
        return tuple(self._parameters.query(path, verb, one) for one in wanted)

    def _deprecated_answer(self, chosen: _Chosen | None) -> Any:
        return deprecation_of(chosen.schema.raw) if chosen is not None and chosen.schema.ref is None else None

    # ----------------------------------------------------------------------------------------- content

    def _content(self, found: Found) -> Content | None:
        target = follow(self._builder, found)
        if target is None or not isinstance(target.value, dict):
            return None
        stated = target.value.get("content")
        entries = []
        for key, raw in stated.items() if isinstance(stated, dict) else ():
            pointer = f"{target.pointer}/content/{key.replace('~', '~0').replace('/', '~1')}"
            if not is_safe(key):
                message = f"content type {key!r} is left out"
                self._builder.findings.warn("OAS401", message, target.document, pointer, "use printable ASCII")
                continue
            entries.append(Entry(key, raw if isinstance(raw, dict) else {}, pointer))
        shared = target.pointer.startswith("/components/") or target.document is not found.document
        return Content(target.document, target.pointer, tuple(entries), isinstance(stated, dict), shared, target.value)

    def _structured(self, content: Content | None) -> list[Entry]:
        return [one for one in content.entries if self._media.is_structured(one.key)] if content else []

    def _choose(self, content: Content | None) -> _Chosen | None:
        for entry in self._structured(content):
            if content is not None and entry.has_schema:
                return _Chosen(content, entry, content.schema(self._builder, entry))
        return None

    def _same(self, chosen: _Chosen, content: Content, entry: Entry) -> bool:
        """Whether an entry has the very schema that was chosen: the same component, or the same text and place."""
        if not entry.has_schema:
            return False
        if entry.raw.get("schema") is chosen.entry.raw.get("schema"):
            return True
        other = content.schema(self._builder, entry)
        return chosen.schema.ref is not None and other.ref == chosen.schema.ref

    # ----------------------------------------------------------------------------------------- answers

    def _answers(self, found: Found) -> Iterator[tuple[str, Content]]:
        stated = found.value.get("responses")
        for code, raw in stated.items() if isinstance(stated, dict) else ():
            if code.startswith("x-"):
                continue
            content = self._content(Found(found.document, f"{found.pointer}/responses/{code}", raw))
            if content is not None:
                yield code.upper() if code.lower() != "default" else "default", content

    def _result(self, path: str, verb: str, answers: Mapping[str, Content]) -> tuple[Result, _Chosen | None]:
        for code in _SUCCESS:
            chosen = self._choose(answers.get(code))
            if chosen is not None:
                scope = self._scope(path, chosen, f"{verb.capitalize()}Response")
                kind = self._builder.type_of(chosen.schema, scope)
                bare = _is_untyped(kind)
                text = _text(chosen.content.raw, "description")
                return Result(type=_BYTES if bare else kind, statuses=(code,), description=text), chosen
        codes = tuple(code for code in answers if code.startswith("2")) or ("2XX",)
        return Result(type=self._bare_type(answers), statuses=codes), None

    def _bare_type(self, answers: Mapping[str, Content]) -> TypeRef | None:
        """The type of an answer without a schema that a client could read."""
        for code in _REDIRECTS:
            content = answers.get(code)
            if content and any(
                without_parameters(one.key).lower() == "application/octet-stream" for one in content.entries
            ):
                return _BYTES
        if not _EMPTY.isdisjoint(answers):
            return None
        for code in _SUCCESS:
            content = answers.get(code)
            if content and any(without_parameters(one.key).lower() == "text/plain" for one in content.entries):
                return PrimitiveRef(Primitive.STRING)
        return _BYTES

    def _scope(self, path: str, chosen: _Chosen, suffix: str, *, place: Place | None = None) -> Scope:
        return self._operation_scope(path, chosen.schema, suffix, place)

    def _operation_scope(self, path: str, named: Schema | None, suffix: str, place: Place | None = None) -> Scope:
        where = place or Place(path=path)
        bare = Scope.of_operation(path, where, "", suffix)
        stem = self._builder.name_of(named, bare) if named is not None and named.ref is not None else bare.segment()
        return Scope.of_operation(path, where, stem, suffix, self._operation)

    def _accept(self, answers: Mapping[str, Content], chosen: _Chosen | None) -> str:
        if chosen is not None:
            same = [
                self._media.accepted(entry.key)
                for content in answers.values()
                for entry in self._structured(content)
                if self._same(chosen, content, entry)
            ]
            return joined(sorted(same, key=lambda text: (text.upper(), text)))
        plain = [
            without_parameters(entry.key)
            for code, content in answers.items()
            if code != "default" and code[:1] not in "45"
            for entry in content.entries
        ]
        faults = [
            self._media.accepted(entry.key)
            for code, content in answers.items()
            if code == "default" or code[:1] in "45"
            for entry in self._structured(content)
        ]
        return joined([*plain, *sorted(faults, key=lambda text: (text.upper(), text))])

    # ------------------------------------------------------------------------------------------ errors

    def _errors(self, path: str, answers: Mapping[str, Content], success: _Chosen | None) -> tuple[ErrorMapping, ...]:
        found: dict[str, str] = {}
        for code, content in answers.items():
            if _is_error(code):
                self._error(path, code, content, success, found)
        fallback = answers.get("default")
        if fallback is not None:
            for code in ("4XX", "5XX"):
                if code not in found and (code not in answers or not answers[code].entries):
                    self._error(path, code, fallback, success, found)
        if "4XX" in found and found["4XX"] == found.get("5XX"):
            found["XXX"] = found.pop("4XX")
            del found["5XX"]
        return tuple(ErrorMapping(code, target) for code, target in sorted(found.items()))

    def _error(self, path: str, code: str, content: Content, success: _Chosen | None, found: dict[str, str]) -> None:
        chosen = self._choose(content)
        if chosen is None:
            return
        place = MODELS if content.shared else None
        scope = self._operation_scope(path, success.schema if success else None, f"{code}Error", place)
        kind = self._builder.type_of(chosen.schema, scope)
        while isinstance(kind, ListRef):
            kind = kind.item
        if isinstance(kind, NamedRef) and kind.id in self._builder.drafts:
            found[code] = kind.id
        elif shape.choices(chosen.schema):
            message = f"the {code} answer is one of several types and is raised without a model"
            self._builder.findings.warn(
                "OAS402", message, content.document, chosen.entry.pointer, "give errors one type"
            )

    # -------------------------------------------------------------------------------------------- body

    def _body(self, path: str, verb: str, found: Found) -> Body | None:
        raw = found.value.get("requestBody")
        if not isinstance(raw, dict):
            return None
        content = self._content(Found(found.document, f"{found.pointer}/requestBody", raw))
        if content is None or not content.entries:
            return None
        required = content.raw.get("required") is True
        text = _text(content.raw, "description")
        chosen = self._choose(content)
        if chosen is None:
            keys = [entry.key for entry in content.entries]
            fixed = keys[0] if len(keys) == 1 and keys[0] != "*/*" else None
            return Body(kind=BodyKind.STREAM, type=_BYTES, content_type=fixed, required=required, description=text)
        keys = [entry.key for entry in self._structured(content) if self._same(chosen, content, entry)]
        best = self._media.best(keys)
        scope = self._scope(path, chosen, f"{verb.capitalize()}RequestBody")
        parts = multipart_parts(self._builder, self._media, content, chosen.entry, chosen.schema, scope)
        if parts is not None:
            return Body(kind=BodyKind.MULTIPART, content_type=best, required=required, description=text, parts=parts)
        kind = self._builder.type_of(chosen.schema, scope)
        kind = UntypedRef() if _is_untyped(kind) else kind
        return Body(kind=self._kind(kind), type=kind, content_type=best, required=required, description=text)

    def _kind(self, kind: TypeRef) -> BodyKind:
        if _is_untyped(kind):
            return BodyKind.UNTYPED
        if kind == _BYTES:
            return BodyKind.STREAM
        inner = kind.item if isinstance(kind, ListRef) else kind
        return (
            BodyKind.MODEL if isinstance(inner, NamedRef) and inner.id not in self._builder.enums else BodyKind.SCALAR
        )


def _is_untyped(kind: TypeRef) -> bool:
    return isinstance(kind.item if isinstance(kind, ListRef) else kind, UntypedRef)


def _is_error(code: str) -> bool:
    return code in ("4XX", "5XX") or (code.isdecimal() and 400 <= int(code) < 999)


def _text(raw: Mapping[str, Any], key: str) -> str:
    stated = raw.get(key)
    return stated if isinstance(stated, str) else ""


def _facts(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an export of ours says beyond OpenAPI."""
    told = raw.get("x-graphslice")
    return told if isinstance(told, dict) else {}


def _link(raw: Mapping[str, Any]) -> str:
    stated = raw.get("externalDocs")
    url = stated.get("url") if isinstance(stated, dict) else None
    return url if isinstance(url, str) and url.startswith("https://") else ""


def _permissions(security: Any) -> tuple[Permission, ...]:
    """What the first security requirement that asks for scopes asks for."""
    found: dict[str, Permission] = {}
    for requirement in security if isinstance(security, list) else ():
        for scheme, scopes in requirement.items() if isinstance(requirement, dict) else ():
            named = tuple(one for one in scopes if isinstance(one, str)) if isinstance(scopes, list) else ()
            if named and scheme not in found:
                found[scheme] = Permission(scheme, named)
    return tuple(found.values())
