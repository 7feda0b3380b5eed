"""What is sent and what comes back: bodies, results, and the inline types that stand for them."""

from __future__ import annotations

from graphslice.api.model import (
    Body,
    BodyKind,
    DefaultValue,
    NamedRef,
    ObjectType,
    Origin,
    PathKind,
    Place,
    Primitive,
    PrimitiveRef,
    Property,
    Result,
    TypeRef,
    UntypedRef,
)
from graphslice.api.naming import inline_stem
from graphslice.csdl import annotations as read
from graphslice.csdl import vocabulary
from graphslice.csdl.capabilities import Capabilities, Stack, casts_value, stream_owner, texts
from graphslice.csdl.edm import NavigationProperty, Operation, OperationImport, Parameter
from graphslice.csdl.edm import Property as Declared
from graphslice.csdl.media import JSON, STREAM, TEXT, Media
from graphslice.csdl.schemas import Schemas
from graphslice.csdl.segments import Node, Step
from graphslice.csdl.shared import Shared
from graphslice.csdl.spatial import is_spatial
from graphslice.csdl.values import BYTES, INT64, STRING, Values

Answer = tuple[Result, str]
"""A result, and the Accept header that asks for it."""

NOTHING: Answer = (Result(statuses=("204",)), JSON)
CONTENT = "content"
DELTA_NAME = "delta"


class Answers:
    """Makes bodies and results."""

    def __init__(self, capabilities: Capabilities, values: Values, schemas: Schemas, media: Media) -> None:
        """Take the lookups."""
        self.capabilities, self.annotations = capabilities, capabilities.annotations
        self.values, self.schemas, self.media = values, schemas, media
        self.shared = Shared(capabilities.index)
        self._bodies: dict[tuple[str, tuple[str, ...]], Body] = {}
        self._results: dict[tuple[str, tuple[str, ...]], Answer] = {}

    # --------------------------------------------------------------------------------------------------- bodies

    def body(self, node: Node, kind: PathKind, verb: str, stack: Stack) -> Body | None:
        """Give the body of an operation, None if it takes none."""
        if verb in ("GET", "DELETE"):
            return None
        components = self.schemas.components
        if kind is PathKind.ACTION:
            return self._action_body(node)
        if kind is PathKind.REF:
            return self._model(components.reference_create if verb == "POST" else components.reference_update, (JSON,))
        if kind is PathKind.MEDIA:
            return self._stream(self._stream_types(node))
        if kind is PathKind.COMPLEX and node.collection:
            return self._list_body(node, verb)
        return self._model(node.type_name, self._request_types(node, kind, stack))

    def _request_types(self, node: Node, kind: PathKind, stack: Stack) -> tuple[str, ...]:
        """Give the content types of a body; what is annotated counts on sets, entities and navigation only."""
        if kind is PathKind.ENTITY_SET and node.type is not None and node.type.has_stream:
            return read.strings(self.annotations.of_type(node.type, vocabulary.ACCEPTABLE_MEDIA_TYPES)) or (STREAM,)
        if kind in (PathKind.SINGLETON, PathKind.COMPLEX):
            return (JSON,)
        return texts(stack, "RequestContentTypes") or (JSON,)

    def _model(self, type_name: str, content_types: tuple[str, ...]) -> Body:
        key = (type_name, content_types)
        found = self._bodies.get(key)
        if found is None:
            chosen = self.media.body(content_types)
            ref = NamedRef(type_name) if type_name in self.schemas.components.types else self.values.single(type_name)
            if chosen is None:
                found = self._stream(content_types)
            elif isinstance(ref, NamedRef):
                found = Body(kind=BodyKind.MODEL, type=ref, content_type=chosen)
            else:
                found = Body(kind=BodyKind.UNTYPED, type=ref, content_type=chosen)
            self._bodies[key] = found
        return found

    def _stream(self, content_types: tuple[str, ...]) -> Body:
        return Body(
            kind=BodyKind.STREAM, type=BYTES, content_type=content_types[0] if len(content_types) == 1 else None
        )

    def _stream_types(self, node: Node) -> tuple[str, ...]:
        """Give the content types of a stream: those of the property that names it, else plain bytes."""
        term = vocabulary.ACCEPTABLE_MEDIA_TYPES
        if node.step is Step.STREAM:
            return read.strings(self.capabilities.of_property(node, term)) or (STREAM,)
        owner = stream_owner(self.capabilities.index, node)
        if isinstance(owner, NavigationProperty):
            return read.strings(self.annotations.of_navigation(owner, term)) or (STREAM,)
        if owner is None or node.type is None:
            return (STREAM,)
        return read.strings(self.annotations.of_property(node.type, owner, term)) or (STREAM,)

    def _list_body(self, node: Node, verb: str) -> Body:
        listed = self.values.listed(node.type_name)
        if verb == "POST":
            return Body(kind=BodyKind.MODEL, type=listed, content_type=JSON)
        made = self._inline(node, verb, "RequestBody", (Property(name="value", type=listed),))
        return Body(kind=BodyKind.MODEL, type=made, content_type=JSON)

    def _action_body(self, node: Node) -> Body | None:
        operation = self.called(node)
        if operation is None:
            return None
        if not _sent(operation):
            return None
        sent = _sent(self.shared.body_of(operation))
        members = tuple(self._member(node, p.name, self.values.ref(p.type), p.nullable) for p in sent)
        return Body(kind=BodyKind.MODEL, type=self._inline(node, "POST", "RequestBody", members), content_type=JSON)

    # -------------------------------------------------------------------------------------------------- results

    def result(self, node: Node, kind: PathKind, verb: str, stack: Stack) -> Answer:
        """Give what a successful call answers."""
        if verb == "DELETE" or (kind is PathKind.REF and verb != "GET"):
            return NOTHING
        if kind in (PathKind.ACTION, PathKind.FUNCTION):
            return self._called_result(node, verb)
        if kind is PathKind.COUNT:
            return Result(type=INT64), self.media.accept((TEXT,))
        if kind is PathKind.REF:
            components = self.schemas.components
            return Result(type=NamedRef(components.reference_list) if node.collection else STRING), JSON
        if kind is PathKind.MEDIA:
            return self._media_result(node, verb)
        if kind is PathKind.COMPLEX and node.collection and verb != "GET":
            return self._list_result(node, verb)
        if node.collection and verb == "GET" and not casts_value(node):
            return Result(type=NamedRef(self.schemas.collection_of(node.type_name))), JSON
        return self._typed(node.type_name, self._response_types(node, kind, verb, stack))

    def _response_types(self, node: Node, kind: PathKind, verb: str, stack: Stack) -> tuple[str, ...]:
        """Give the content types of an answer: new elements come in those said, a set's in those that it takes."""
        if verb != "POST":
            return (JSON,)
        if kind is PathKind.NAVIGATION:
            return texts(stack, "ResponseContentTypes") or (JSON,)
        return self._request_types(node, kind, stack)

    def _typed(self, type_name: str, content_types: tuple[str, ...]) -> Answer:
        key = (type_name, content_types)
        found = self._results.get(key)
        if found is None:
            ref = self.values.single(type_name)
            accept = self.media.accept(content_types)
            if not accept:
                found = Result(type=BYTES), self.media.accept_stream(content_types)
            else:
                found = Result(type=BYTES if isinstance(ref, UntypedRef) else ref), accept
            self._results[key] = found
        return found

    def _list_result(self, node: Node, verb: str) -> Answer:
        listed = self.values.listed(node.type_name)
        if verb == "POST":
            return Result(type=listed), JSON
        return Result(type=self._inline(node, verb, "Response", (Property(name="value", type=listed),))), JSON

    def _media_result(self, node: Node, verb: str) -> Answer:
        """A stream; putting a property called content gives back the entity that it belongs to."""
        if verb == "GET":
            return Result(type=BYTES), self.media.accept_stream(self._stream_types(node))
        is_content = isinstance(node.member, Declared) and node.member.name.lower() == CONTENT
        if node.step is Step.STREAM and is_content and node.parent is not None:
            return self._typed(node.parent.type_name, (JSON,))
        return Result(type=BYTES), JSON

    def _called_result(self, node: Node, verb: str) -> Answer:
        operation = self.called(node)
        if operation is None or operation.returns is None:
            return NOTHING
        operation = self.shared.response_of(operation)
        assert operation.returns is not None
        use = operation.returns.type
        if use.name == "Edm.Stream" and not use.collection:
            kind = read.string(self.annotations.of_operation(operation, vocabulary.MEDIA_TYPE))
            return Result(type=BYTES), self.media.accept_stream((kind or STREAM,))
        if use.collection:
            components = self.schemas.components
            is_delta = operation.function and operation.name == DELTA_NAME
            value = self._member(node, "value", self.values.listed(use.name))
            base = components.delta if is_delta else components.page
            return Result(type=self._inline(node, verb, "Response", (value,), base)), JSON
        ref = self.values.single(use.name)
        if isinstance(ref, UntypedRef):
            return Result(type=BYTES), JSON
        if self._is_wrapped(use.name, ref):
            return Result(type=self._inline(node, verb, "Response", (self._member(node, "value", ref),))), JSON
        return Result(type=ref), JSON

    # -------------------------------------------------------------------------------------------------- helpers

    def called(self, node: Node) -> Operation | None:
        """Give the operation that a path calls."""
        if isinstance(node.member, OperationImport):
            return node.called
        return node.member if isinstance(node.member, Operation) else None

    def _is_wrapped(self, type_name: str, ref: TypeRef) -> bool:
        """Tell whether a single result comes as the `value` of an object: built-in primitives do."""
        if is_spatial(type_name):
            return True
        index = self.capabilities.index
        return isinstance(ref, PrimitiveRef) and index.definition(type_name) is None and index.enum(type_name) is None

    def _member(self, node: Node, name: str, ref: TypeRef, nullable: bool = True) -> Property:
        """Make a member of an inline object; a boolean there is false when it is left out."""
        ref = self.schemas.held(ref, node.path, Place(path=node.path))
        default: DefaultValue | None = None
        if isinstance(ref, PrimitiveRef) and ref.kind is Primitive.BOOLEAN:
            default = False
        return Property(name=name, type=ref, default=default, nullable=nullable)

    def _inline(
        self, node: Node, verb: str, suffix: str, members: tuple[Property, ...], base: str | None = None
    ) -> NamedRef:
        """Put an object type beside the builder of a path."""
        part = "request" if suffix == "RequestBody" else "response"
        made = ObjectType(
            id=f"{node.path}#{verb}:{part}",
            name=f"{inline_stem(node.path)}{verb.title()}{suffix}",
            place=Place(path=node.path),
            origin=Origin.INLINE,
            base=base,
            properties=members,
            additional_data=self.schemas.additional_data,
        )
        self.schemas.add(made)
        return NamedRef(made.id)


def _sent(operation: Operation) -> tuple[Parameter, ...]:
    """Give the parameters that travel in the body."""
    return operation.parameters[1 if operation.bound else 0 :]
