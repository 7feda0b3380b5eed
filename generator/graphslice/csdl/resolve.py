"""From a CSDL document to the API model of a slice of it.

The parts, in order: `paths` and `bindings` expand the container to URL paths, `verbs` says what each offers, `queries`
and `answers` give the operations their parameters, bodies and results, `schemas` the types, `remarks` the words.
"""

from __future__ import annotations

import gc
from dataclasses import replace

from graphslice.api.closure import Closure, close, roots_of
from graphslice.api.model import (
    ApiModel,
    Discriminator,
    ObjectType,
    Operation,
    PathItem,
    PathKind,
    QueryParameter,
    TypeDecl,
    TypeRef,
)
from graphslice.api.selection import Selection
from graphslice.config import Slice
from graphslice.csdl import queries as options
from graphslice.csdl import vocabulary
from graphslice.csdl.annotations import Annotations
from graphslice.csdl.annotations import strings as read_strings
from graphslice.csdl.answers import Answers
from graphslice.csdl.bindings import Bindings
from graphslice.csdl.capabilities import Capabilities, Stack
from graphslice.csdl.edm import Collection, Document, EntityContainer
from graphslice.csdl.index import Index
from graphslice.csdl.media import Media
from graphslice.csdl.misses import verbs_there, way_out
from graphslice.csdl.paths import Walk
from graphslice.csdl.queries import Queries
from graphslice.csdl.remarks import Remarks
from graphslice.csdl.schemas import TYPE_PROPERTY, Schemas
from graphslice.csdl.segments import Node, Segments, Step
from graphslice.csdl.values import BYTES, INT64, STRING, Values
from graphslice.csdl.verbs import Rules, kind_of
from graphslice.diagnostics import Diagnostic, Location, Severity, error


def resolve(source: Document | Index, wanted: Slice) -> ApiModel:
    """Make the model of what a slice wants of a document.

    Raises:
        GraphsliceError: There is no entity container, nothing fits the patterns, or they reach too many paths.
    """
    index = source if isinstance(source, Index) else Index(source)
    container = index.container
    if container is None:
        files = index.document.files
        hint = "is this the whole metadata, or only a part of it?"
        raise error("CSDL050", "no entity container: there are no paths", Location(files[0] if files else ""), hint)
    enabled = gc.isenabled()
    gc.disable()
    try:
        return _Resolver(index, wanted).model(container)
    finally:
        if enabled:
            gc.enable()


class _Resolver:
    """One run over one document."""

    def __init__(self, index: Index, wanted: Slice) -> None:
        self.index, self.wanted = index, wanted
        self.selection = Selection.of(wanted)
        self.annotations = Annotations(index)
        self.capabilities = Capabilities(self.annotations)
        self.values = Values(index)
        self.segments = Segments(index, self.annotations, self.values)
        self.remarks = Remarks(self.capabilities)
        self.schemas = Schemas(index, self.values, self.remarks, additional_data=wanted.additional_data)
        self.answers = Answers(self.capabilities, self.values, self.schemas, Media(wanted))
        self.queries = Queries(self.capabilities)
        self.rules = Rules(self.capabilities)
        self._other_verbs: dict[str, tuple[str, ...]] = {}
        """What is offered at the paths of which the patterns want other verbs."""

    def model(self, container: EntityContainer) -> ApiModel:
        walk = Walk(self.segments, self.capabilities, self.selection, self.wanted.path_limit)
        nodes = walk.run()
        items = _documented([item for item in map(self._item, Bindings(walk).run()) if item is not None])
        diagnostics = self._unmatched(items, nodes)
        draft = ApiModel(
            paths=tuple(items), types={}, title=container.name, format="csdl", clouds=self.remarks.clouds(container)
        )
        closure = close(
            roots_of(draft), self.schemas.lookup, self.schemas.derived, self.wanted.subtypes, self._constraint
        )
        return replace(
            draft,
            types=with_discriminators(closure),
            reasons=closure.reasons,
            dropped=closure.dropped,
            diagnostics=diagnostics,
        )

    # ---------------------------------------------------------------------------------------------- selection

    def _unmatched(self, items: list[PathItem], nodes: list[Node]) -> tuple[Diagnostic, ...]:
        """Stop when nothing is selected; warn of single patterns that stand for no path."""
        lost = self.selection.unmatched(item.path for item in items)
        if not items:
            shown = ", ".join(map(str, lost)) or "the patterns"
            hint = verbs_there(lost, self._other_verbs) or way_out(self.index, nodes, lost)
            raise error("SLICE011", f"no path of the document fits {shown}", self._place(), hint)
        return tuple(
            Diagnostic(
                "SLICE012",
                f"no path fits {p}",
                self._place(),
                verbs_there([p], self._other_verbs) or "check its spelling",
                Severity.WARNING,
            )
            for p in lost
        )

    def _place(self) -> Location:
        return Location(self.wanted.description)

    # -------------------------------------------------------------------------------------------------- paths

    def _item(self, node: Node) -> PathItem | None:
        kind = kind_of(node)
        offered = self.rules.verbs(node, kind)
        kept = self.selection.verbs(node.path, offered)
        if not kept:
            self._other_verbs[node.path] = tuple(offered)
            return None
        addressed = self.remarks.of_path(node)
        return PathItem(
            path=node.path,
            kind=kind,
            target=self._target(node, kind),
            parameters=node.parameters,
            operations=tuple(self._operation(node, kind, verb, addressed) for verb in kept),
            description=addressed,
        )

    def _target(self, node: Node, kind: PathKind) -> TypeRef | None:
        if kind is PathKind.COUNT:
            return INT64
        if kind is PathKind.MEDIA:
            return BYTES
        if not node.type_name:
            return None
        return self.values.listed(node.type_name) if node.collection else self.values.single(node.type_name)

    def _operation(self, node: Node, kind: PathKind, verb: str, addressed: str) -> Operation:
        stack = self.rules.records(node, kind, verb)
        remarks = self.rules.remarks(node, kind, stack)
        allowed = self.rules.permissions(node, kind, verb, remarks)
        result, accept = self.answers.result(node, kind, verb, stack)
        return Operation(
            verb=verb,
            description=self.remarks.of_operation(() if kind in _BESIDE else remarks, addressed),
            query=self._query(node, kind, verb, stack),
            headers=self.queries.headers(stack),
            body=self.answers.body(node, kind, verb, stack),
            result=result,
            accept=accept,
            errors=self.schemas.components.errors,
            deprecation=self.remarks.deprecated(node),
            documentation=self.remarks.documentation(node, _relation(node, kind, verb)),
            permissions=self.remarks.permissions(allowed),
            roles=self.remarks.roles(allowed),
        )

    def _query(self, node: Node, kind: PathKind, verb: str, stack: Stack) -> tuple[QueryParameter, ...]:
        custom = self.queries.custom(stack)
        if verb == "GET":
            return (*node.query, *custom, *self._system(node, kind))
        if kind is PathKind.REF and verb == "DELETE" and node.collection:
            return (QueryParameter(name="@id", type=STRING, required=True, explode=True), *custom)
        return (*node.query, *custom)

    def _system(self, node: Node, kind: PathKind) -> tuple[QueryParameter, ...]:
        queries = self.queries
        if kind is PathKind.COUNT:
            return queries.of_count(node)
        if kind is PathKind.CAST:
            return queries.of_cast(node)
        if kind in (PathKind.ENTITY, PathKind.SINGLETON):
            return queries.by_member(node, options.SINGLE)
        if kind is PathKind.REF:
            return queries.on_path(node, options.REFERENCES) if node.collection else ()
        if kind is PathKind.FUNCTION:
            return self._of_function(node)
        if kind in (PathKind.ENTITY_SET, PathKind.NAVIGATION, PathKind.COMPLEX):
            return queries.on_path(node, options.COLLECTION if node.collection else options.SINGLE)
        return ()

    def _of_function(self, node: Node) -> tuple[QueryParameter, ...]:
        if node.step is Step.IMPORT or not node.collection:
            return ()
        of_entities = node.type is not None and node.type.entity
        return self.queries.by_member(node, options.COLLECTION if of_entities else options.LISTED)

    # -------------------------------------------------------------------------------------------------- types

    def _constraint(self, owner: str, name: str) -> tuple[str, ...] | None:
        """Give the derived types that a property is said to hold, none for an empty list; None if nothing is said."""
        declared = self.index.structured(owner)
        if declared is None:
            return None
        said = None
        navigation = next((p for p in declared.navigation if p.name == name), None)
        if navigation is not None:
            said = self.annotations.of_navigation(navigation, vocabulary.DERIVED_TYPE_CONSTRAINT)
        else:
            prop = next((p for p in declared.properties if p.name == name), None)
            if prop is not None:
                said = self.annotations.of_property(declared, prop, vocabulary.DERIVED_TYPE_CONSTRAINT)
        return read_strings(said) if isinstance(said, Collection) else None


def _documented(items: list[PathItem]) -> list[PathItem]:
    """Say of each operation whether it is documented; where nothing is linked at all, nobody can tell."""
    if not any(operation.documentation for item in items for operation in item.operations):
        return items
    return [
        replace(item, operations=tuple(replace(o, documented=bool(o.documentation)) for o in item.operations))
        for item in items
    ]


_BESIDE = (PathKind.COUNT, PathKind.CAST)
"""Paths beside the one that their records describe."""

_LINKED_ELSEWHERE = (*_BESIDE, PathKind.MEDIA)
"""Paths whose element's links are about another path."""

_RELATIONS = {"GET": "get", "POST": "create", "PATCH": "update", "PUT": "update", "DELETE": "delete"}


def _relation(node: Node, kind: PathKind, verb: str) -> str:
    """Give the relation under which a page about an operation is linked; empty where a link means something else."""
    if kind in (PathKind.ACTION, PathKind.FUNCTION):
        return "action" if kind is PathKind.ACTION else "function"
    if kind in _LINKED_ELSEWHERE or (kind is PathKind.REF and verb == "GET"):
        return ""
    return "list" if verb == "GET" and node.collection else _RELATIONS[verb]


def with_discriminators(closure: Closure) -> dict[str, TypeDecl]:
    """Give the types, each base with the type annotations of the kept types that derive from it, sorted."""
    below: dict[str, list[str]] = {}
    for name, declared in closure.types.items():
        base = declared.base if isinstance(declared, ObjectType) else None
        while base is not None:
            below.setdefault(base, []).append(name)
            above = closure.types.get(base)
            base = above.base if isinstance(above, ObjectType) else None
    found = dict(closure.types)
    for base, names in below.items():
        declared = found[base]
        mapping = tuple((f"#{name}", name) for name in names if _is_declared(found[name]))
        if isinstance(declared, ObjectType) and mapping:
            found[base] = replace(declared, discriminator=Discriminator(TYPE_PROPERTY, mapping))
    return found


def _is_declared(declared: TypeDecl) -> bool:
    """Tell whether a type is the document's own: pages and inline responses are told apart by their operation."""
    return declared.origin.value in ("entity", "complex")
