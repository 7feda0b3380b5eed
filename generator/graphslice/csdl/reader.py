"""CSDL XML to `edm.Document`.

The whole document is read and checked at once; its objects are made when somebody looks at them (`edm.Deferred`),
because a slice needs a hundredth of what a document like Microsoft Graph's declares.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from graphslice.csdl import reader_types as types
from graphslice.csdl.corrections import correct
from graphslice.csdl.edm import Annotations, Deferred, Document, Operation, Schema, SchemaType, TypeUse
from graphslice.csdl.reader_checks import Checks, Declared
from graphslice.csdl.reader_expressions import applied
from graphslice.csdl.reader_names import Scope, is_namespace, is_simple
from graphslice.csdl.reader_xml import Node, parse
from graphslice.diagnostics import Location, error

VERSIONS = ("4.0", "4.01")

_TYPE_TAGS = frozenset(("EntityType", "ComplexType", "EnumType", "TypeDefinition"))
_OPERATION_TAGS = frozenset(("Action", "Function"))
_RESERVED_ALIASES = frozenset(("Edm", "odata", "System", "Transient"))


def read_document(path: str, overlays: Sequence[str] = ()) -> Document:
    """Read a file and lay overlay files over it, in order; names in messages are the paths as given."""
    return parse_document(_bytes(path), path, [(_bytes(overlay), overlay) for overlay in overlays])


def parse_document(data: bytes, name: str, overlays: Sequence[tuple[bytes, str]] = ()) -> Document:
    """Read a document from memory; `name` stands for it in messages, each overlay is its bytes and its name."""
    with _without_collector():
        return _parse_document(data, name, overlays)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold the cyclic collector: it would walk a hundred thousand live nodes again and again and find nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _parse_document(data: bytes, name: str, overlays: Sequence[tuple[bytes, str]]) -> Document:
    files = [_File(data, name), *(_File(*overlay) for overlay in overlays)]
    for overlay in files[1:]:
        correct(files[0].schemas, files[0].scope, overlay.schemas, overlay.scope)
    declared = Declared()
    for file in files:
        file.declare(declared)
    uses: set[TypeUse] = set()
    for file in files:
        uses |= file.check(declared)
    aliases: dict[str, str] = {}
    for file in files:
        aliases = {**file.scope.aliases, **aliases}
    return Document(
        version=files[0].root[1]["Version"],
        schemas=tuple(_schema(schema, file.scope) for file in files for schema in file.schemas),
        aliases=aliases,
        references=tuple(child[1].get("Uri", "") for child in files[0].root[3] if child[0] == "edmx:Reference"),
        files=tuple(file.scope.file for file in files),
        uses=frozenset(uses),
    )


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as fault:
        reason = fault.strerror or type(fault).__name__
        raise error("CSDL010", f"cannot be read: {reason}", Location(path), "check the path") from None
    except ValueError:
        raise error("CSDL010", "cannot be read: not a path", Location(path), "check the path") from None


class _File:
    """One parsed file: its schemas, and what its aliases mean."""

    def __init__(self, data: bytes, name: str) -> None:
        self.root = parse(data, name)
        _, attributes, line, children = self.root
        if self.root[0] != "edmx:Edmx":
            hint = 'metadata starts with <edmx:Edmx Version="4.0">; a sign-in page or an OData 3 document does not'
            shown = self.root[0].rpartition(" ")[2]
            raise error("CSDL011", f"not an edmx:Edmx document of OData 4 but <{shown}>", Location(name, line), hint)
        if attributes.get("Version") not in VERSIONS:
            raise error(
                "CSDL012",
                f"unknown version {attributes.get('Version', '')[:20]!r}",
                Location(name, line),
                f"known are {' and '.join(VERSIONS)}",
            )
        self.schemas = [
            schema
            for services in children
            if services[0] == "edmx:DataServices"
            for schema in services[3]
            if schema[0] == "Schema"
        ]
        if not self.schemas:
            raise error("CSDL013", "no schema in the document", Location(name, line), "is this the whole metadata?")
        self.scope = Scope(name, self._aliases(name))

    def _aliases(self, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        namespaces = set()
        for _, attributes, line, _ in self.schemas:
            namespace = attributes.get("Namespace", "")
            if not is_namespace(namespace):
                raise error(
                    "CSDL022",
                    f"namespace {namespace[:80]!r} is not made of simple identifiers",
                    Location(name, line),
                    "identifiers joined by single dots",
                )
            namespaces.add(namespace)
        for tag, _, _, children in self.root[3]:
            for include in children if tag == "edmx:Reference" else ():
                if include[0] == "edmx:Include" and "Alias" in include[1]:
                    self._alias(found, include[1], include[2], name, namespaces)
        for _, attributes, line, _ in self.schemas:
            if "Alias" in attributes:
                self._alias(found, attributes, line, name, namespaces)
        return found

    @staticmethod
    def _alias(found: dict[str, str], attributes: dict[str, str], line: int, file: str, namespaces: set[str]) -> None:
        alias, namespace = attributes["Alias"], attributes.get("Namespace", "")
        if not is_simple(alias) or alias in _RESERVED_ALIASES:
            raise error(
                "CSDL021", f"alias {alias[:60]!r} is not a simple identifier", Location(file, line), "rename it"
            )
        if found.setdefault(alias, namespace) != namespace or (alias in namespaces and alias != namespace):
            other = found[alias] if found[alias] != namespace else alias
            raise error(
                "CSDL023",
                f"ambiguous alias {alias!r}: it stands for {namespace!r} and for {other!r}",
                Location(file, line),
                "give each namespace an alias of its own",
            )

    def declare(self, declared: Declared) -> None:
        """Enter every type and operation by full name; a type may be declared once only.

        A type that an overlay adds is left out where the document has one of that name: overlays serve many builds.
        """
        for _, schema, _, children in self.schemas:
            known = [node for node in children if node[0] in _TYPE_TAGS and self._is_declared(node, schema, declared)]
            if known:
                children[:] = [node for node in children if not any(node is other for other in known)]
            for node in children:
                if node[0] in _OPERATION_TAGS:
                    declared.operations.add(f"{schema['Namespace']}.{node[1].get('Name', '')}")

    def _is_declared(self, node: Node, schema: dict[str, str], declared: Declared) -> bool:
        """Enter a type; tell whether a file before this one has it already."""
        full_name = f"{schema['Namespace']}.{self.scope.name(node[1], 'type', node[2])}"
        first, where = declared.types.setdefault(full_name, (node, self.scope))
        if first is node:
            return False
        if where is self.scope:
            raise self.scope.fault(
                "CSDL014",
                f"type {full_name!r} is declared twice, first at {where.at(first[2])}",
                node[2],
                "rename or remove one of them",
            )
        return True

    def check(self, declared: Declared) -> set[TypeUse]:
        """Check every child of every schema; give the uses of types that count for the whole document."""
        checks = Checks(self.scope, declared)
        for _, schema, _, children in self.schemas:
            namespace = schema["Namespace"]
            containers = 0
            for node in children:
                checks.child(node, namespace)
                containers += node[0] == "EntityContainer"
                if containers > 1:
                    raise self.scope.fault(
                        "CSDL015", f"schema {namespace!r} has two entity containers", node[2], "a schema may have one"
                    )
        return {use for text in checks.uses if (use := self.scope.type_use(text)) is not None}


def _schema(node: Node, scope: Scope) -> Schema:
    _, attributes, line, children = node
    namespace = attributes["Namespace"]
    return Schema(
        namespace=namespace,
        alias=attributes.get("Alias", ""),
        location=scope.at(line),
        types=_types([n for n in children if n[0] in _TYPE_TAGS], scope, namespace),
        operations=_operations([n for n in children if n[0] in _OPERATION_TAGS], scope, namespace),
        terms=tuple(types.term(n, scope, namespace) for n in children if n[0] == "Term"),
        container=next((types.container(n, scope, namespace) for n in children if n[0] == "EntityContainer"), None),
        annotations=applied(children, scope),
        external=_external([n for n in children if n[0] == "Annotations"], scope),
    )


def _types(nodes: list[Node], scope: Scope, namespace: str) -> Deferred[SchemaType]:
    heads = [
        (
            f"{namespace}.{attributes['Name']}",
            scope.qualified(attributes["BaseType"]) if "BaseType" in attributes else "",
        )
        for _, attributes, _, _ in nodes
    ]
    return Deferred(heads, lambda place: types.schema_type(nodes[place], scope, namespace))


def _operations(nodes: list[Node], scope: Scope, namespace: str) -> Deferred[Operation]:
    return Deferred(
        [(f"{namespace}.{node[1]['Name']}", _binding(node, scope)) for node in nodes],
        lambda place: types.operation(nodes[place], scope, namespace),
    )


def _binding(node: Node, scope: Scope) -> str:
    if not types.truth(node[1].get("IsBound")):
        return ""
    use = scope.type_use(next(child[1]["Type"] for child in node[3] if child[0] == "Parameter"))
    assert use is not None
    return f"Collection({use.name})" if use.collection else use.name


def _external(nodes: list[Node], scope: Scope) -> Deferred[Annotations]:
    heads = [(types.target(node[1].get("Target", ""), scope),) for node in nodes]
    return Deferred(heads, lambda place: types.external(nodes[place], scope))
