"""Cuts out of a document what one slice needs, as CSDL XML that gives the same client as the whole document.

What is kept is decided by what was reached: the types of the model whole, and of everything else that lies on its paths
only the members that the paths go through. Facts of the rest of the document that can be seen in the client (a second
root namespace, a type that is used single-valued somewhere) are kept by one small witness each. Descriptions are never
kept; nothing that the slice does not reach can change the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

from graphslice.api.model import ApiModel
from graphslice.csdl import edm, trim_xml
from graphslice.csdl.annotations import external_heads, operation_target
from graphslice.csdl.edm import EnumType, Operation, Schema, StructuredType, TypeUse
from graphslice.csdl.index import Index, operation_heads, type_heads
from graphslice.csdl.trim_paths import Walk
from graphslice.csdl.trim_witness import ROOT_TYPE, default_witness, members, prefix_witness

COMMENT = "Cut by `graphslice trim`. Do not edit: change the slice and trim again."


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept element by its full name, and what keeps it."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The text, and the reasons for what it holds; `dropped` counts what it does not, by kind."""

    text: str
    kept: tuple[Kept, ...]
    dropped: tuple[tuple[str, int], ...]


def trim(index: Index, model: ApiModel) -> Trimmed:
    """Cut the metadata of a model out of the document that it was resolved from; overlay files stay apart."""
    return _Cut(index, model).result()


class _Cut:
    """The parts that are kept, each with its reason."""

    def __init__(self, index: Index, model: ApiModel) -> None:
        self.index = index
        main = index.document.files[0] if index.document.files else ""
        self.schemas = [schema for schema in index.schemas if schema.location.file == main]
        self.whole: dict[str, str] = {}
        """Types with all their members."""
        self.partial: dict[str, str] = {}
        """Types with some of their members."""
        self.members: dict[str, dict[str, str]] = {}
        self.operations: dict[str, tuple[Operation, str]] = {}
        self.sources: dict[str, str] = {}
        self.targets: set[str] = set()
        for name in model.types:
            if index.type(name) is not None:
                reason = model.reasons.get(name)
                self.whole[name] = f"{reason.role} of {reason.owner}" if reason else "in the model"
        inner_error = f"{self._root}.InnerError"
        if index.structured(inner_error) is not None:
            self.whole.setdefault(inner_error, "part of every error")
        self._follow_paths(model)
        self._follow_operations()
        self._close()
        self._keep_witnesses()
        self._keep_prefix()

    @property
    def _root(self) -> str:
        """The namespace with the fewest dots, below which the errors live."""
        return min(self.schemas, key=lambda schema: schema.namespace.count(".")).namespace

    def _keep_witnesses(self) -> None:
        why = "shows that a type stands alone somewhere, which decides a default"
        taken = [
            p.type for operation, _ in self.operations.values() if not operation.function for p in operation.parameters
        ]
        for witness in default_witness(self.index, self.whole, [*self._uses(with_root=False), *taken]):
            if isinstance(witness, Operation):
                self.operations[operation_target(witness)] = (witness, why)
            else:
                self._member(*witness, why)
        self._close()

    def _keep_prefix(self) -> None:
        why = "shows a namespace that the folders of the models depend on"
        kept = (*self.whole, *self.partial)
        witness = prefix_witness(self.index, self._root, kept, self._uses(with_root=True))
        if isinstance(witness, tuple):
            self._member(*witness, why)
        elif witness is not None:
            self._partial(witness, why)
        self._close()

    def _uses(self, *, with_root: bool) -> list[TypeUse]:
        """Give the types of all kept properties; what a type called entity holds is no sign of standing alone."""
        kept = (self.index.structured(name) for name in (*self.whole, *self.partial))
        types = [t for t in kept if t is not None and (with_root or t.name.lower() != ROOT_TYPE)]
        return [member.type for t in types for member in members(t) if self._keeps(t.full_name, member.name)]

    # ------------------------------------------------------------------------------------------ what is reached

    def _follow_paths(self, model: ApiModel) -> None:
        for item in model.paths:
            walk = Walk(self.index, item.path)
            self.sources.setdefault(walk.root, f"begins {item.path}")
            self.targets.update(walk.targets)
            for owner, name in walk.members:
                self._member(owner, name, f"lies on {item.path}")
            for name in walk.types:
                self._partial(name, f"lies on {item.path}")
            for operation in walk.operations:
                self.operations.setdefault(operation_target(operation), (operation, f"lies on {item.path}"))

    def _follow_operations(self) -> None:
        """Keep what decides how operations are placed and shared: the sets of their types, their namesakes there."""
        sources = self.index.sources.values()
        queue = [operation for operation, _ in self.operations.values()]
        while queue:
            operation = queue.pop(0)
            if not operation.bound:
                continue
            bound_to = operation.parameters[0].type.name
            homes = [s for s in sources if self._stands_on(s.type, bound_to)]
            for source in homes:
                self.sources.setdefault(source.name, f"is a home of {operation.full_name}")
            if len([s for s in homes if s.type == bound_to]) < 2:
                continue
            for other in self.index.all_operations:
                target = operation_target(other)
                if other.name == operation.name and other.bound and target not in self.operations:
                    self.operations[target] = (other, f"shares bodies and results with {operation.full_name}")
                    queue.append(other)

    def _stands_on(self, name: str, bound_to: str) -> bool:
        if name == bound_to:
            return True
        declared = self.index.structured(name) if name in self.partial or name in self.whole else None
        return declared is not None and self.index.is_a(declared, bound_to)

    def _close(self) -> None:
        """Add what kept things name, until nothing is missing."""
        for name, why in list(self.sources.items()):
            source = self.index.sources.get(name)
            imported = self.index.imports.get(name)
            if source is not None:
                self._partial(source.type, f"type of {name}")
            elif imported is not None:
                for operation in self.index.operations(imported.operation):
                    self.operations.setdefault(operation_target(operation), (operation, why))
        for operation, _ in self.operations.values():
            uses = [parameter.type for parameter in operation.parameters]
            for use in [*uses, *([operation.returns.type] if operation.returns else [])]:
                self._use(use, operation.full_name)
        todo = [*self.whole, *self.partial]
        while todo:
            known = len(self.whole) + len(self.partial)
            self._needs(todo.pop())
            if len(self.whole) + len(self.partial) > known:
                todo += [*self.whole, *self.partial][known - len(self.whole) - len(self.partial) :]

    def _needs(self, name: str) -> None:
        declared = self.index.structured(name)
        if declared is None:
            return
        if declared.base:
            self._partial(declared.base, f"base of {name}")
        if name in self.partial:
            for ref in declared.key:
                self._member(name, ref.name.partition("/")[0], "key")
        for member in members(declared):
            if self._keeps(name, member.name):
                self._use(member.type, f"{name}/{member.name}")

    def _use(self, use: TypeUse, owner: str) -> None:
        self._partial(use.name, f"type of {owner}")

    def _partial(self, name: str, why: str) -> None:
        declared = self.index.type(name)
        if declared is None or name in self.whole or name in self.partial:
            return
        if isinstance(declared, StructuredType):
            self.partial[name] = why
        else:
            self.whole[name] = why

    def _member(self, owner: str, name: str, why: str) -> None:
        self._partial(owner, why)
        self.members.setdefault(owner, {}).setdefault(name, why)

    def _keeps(self, owner: str, name: str) -> bool:
        return owner in self.whole or name in self.members.get(owner, ())

    # ---------------------------------------------------------------------------------------------- the result

    def result(self) -> Trimmed:
        aliases = {schema.namespace: schema.alias for schema in self.schemas if schema.alias}
        writer = trim_xml.Writer(aliases)
        elements = []
        for schema in self.schemas:
            children = self._children(schema, writer)
            if children or schema.namespace == self._root:
                elements.append(trim_xml.schema(schema.namespace, schema.alias, children))
        text = trim_xml.document(self.index.document.version, elements, COMMENT)
        return Trimmed(text, self._kept(), self._dropped())

    def _children(self, schema: Schema, writer: trim_xml.Writer) -> list[trim_xml.Element]:
        children = []
        for place, (name, _) in enumerate(type_heads(schema)):
            if name in self.whole or name in self.partial:
                children.append(writer.type(schema.types[place], partial(self._keeps, name)))
        simple_names = {operation.full_name for operation, _ in self.operations.values()}
        for place, (name, _) in enumerate(operation_heads(schema)):
            if name in simple_names and operation_target(schema.operations[place]) in self.operations:
                children.append(writer.operation(schema.operations[place]))
        if schema.container is not None:
            children.append(writer.container(schema.container, self.sources.__contains__))
        for target in self._targets.get(schema.namespace, ()):
            group = writer.external(target, self._outside(target))
            if group is not None:
                children.append(group)
        return children

    @cached_property
    def _targets(self) -> dict[str, list[str]]:
        """The wanted targets by the namespace to which they belong, wherever upstream keeps them."""
        found: dict[str, list[str]] = {}
        namespaces = {schema.namespace for schema in self.schemas}
        targets = {
            target for schema in self.schemas for (target,) in external_heads(schema) if self._has_target(target)
        }
        for target in sorted(targets):
            namespace = target.partition("/")[0].partition("(")[0].rpartition(".")[0]
            home = namespace if namespace in namespaces else self.schemas[0].namespace
            found.setdefault(home, []).append(target)
        return found

    def _outside(self, target: str) -> list[edm.Annotation]:
        """Give the annotations outside that hold for a target: of several of one term the first."""
        found: dict[str, edm.Annotation] = {}
        for schema, place in self._groups[target]:
            for annotation in schema.external[place].annotations:
                found.setdefault(annotation.term, annotation)
        return [found[term] for term in sorted(found)]

    @cached_property
    def _groups(self) -> dict[str, list[tuple[Schema, int]]]:
        found: dict[str, list[tuple[Schema, int]]] = {}
        for schema in self.schemas:
            for place, (target,) in enumerate(external_heads(schema)):
                found.setdefault(target, []).append((schema, place))
        return found

    def _has_target(self, target: str) -> bool:
        if "(" in target:
            return target.rpartition(")")[0] + ")" in self.operations
        owner, _, rest = target.partition("/")
        declared = self.index.type(owner)
        if declared is None:
            return target in self.targets
        if owner not in self.whole and owner not in self.partial:
            return False
        return not rest or isinstance(declared, EnumType) or self._keeps(owner, rest)

    def _kept(self) -> tuple[Kept, ...]:
        entries = [
            *self.whole.items(),
            *self.partial.items(),
            *((f"{owner}/{name}", why) for owner, names in self.members.items() for name, why in names.items()),
            *((target, why) for target, (_, why) in self.operations.items()),
            *((f"{self._container_name()}/{name}", why) for name, why in self.sources.items()),
        ]
        return tuple(Kept(name, why) for name, why in sorted(dict(entries).items()))

    def _container_name(self) -> str:
        return self.index.container.full_name if self.index.container else ""

    def _dropped(self) -> tuple[tuple[str, int], ...]:
        types = sum(len(type_heads(schema)) for schema in self.schemas)
        operations = sum(len(operation_heads(schema)) for schema in self.schemas)
        sources = [*self.index.sources, *self.index.imports]
        on_the_way = [t for name in self.partial if (t := self.index.structured(name)) is not None]
        passed = [p for t in on_the_way for p in members(t) if not self._keeps(t.full_name, p.name)]
        return (
            ("types", types - len(self.whole) - len(self.partial)),
            ("properties of types on the way", len(passed)),
            ("operations", operations - len(self.operations)),
            ("sets, singletons and imports", len([name for name in sources if name not in self.sources])),
        )
