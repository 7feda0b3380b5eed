"""Models: from declared types to the views of their modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from graphslice.api.model import (
    ApiModel,
    BodyKind,
    ComposedType,
    EnumType,
    ListRef,
    ObjectType,
    Origin,
    Primitive,
    PrimitiveRef,
    Property,
    TypeDecl,
    TypeRef,
    UntypedRef,
)
from graphslice.config import Slice

from .composed import composed_plan
from .docstrings import docstring
from .enums import enum_plan
from .imports import ImportSet
from .literals import LINE_LENGTH, fitted_lit, lit, tuple_expression
from .models_defaults import default_expression
from .models_deprecations import with_deprecation
from .models_fields import RUNTIME_MEMBERS, Attribute, field_lines, optional_annotation
from .models_names import ModelNames, flattened
from .models_views import ChangesView, ModelView
from .types import TypeTable, named_id
from .views import ModulePlan

_ORIGINS = {
    Origin.ENTITY: "entity type",
    Origin.COMPLEX: "complex type",
    Origin.ERROR: "error",
    Origin.HELPER: "helper type",
    Origin.INLINE: "content of",
    Origin.SCHEMA: "schema",
}
_EXECUTOR_ARGUMENTS = frozenset({"self", "body", "request_configuration"})
"""Keywords of `patch` itself, which a property of that name cannot have too."""
_EXCEPTION_MEMBERS = frozenset({"args", "add_note"})
"""Members of every exception that a property of an error takes over, as in Kiota."""


def model_plans(model: ApiModel, wanted: Slice, table: TypeTable) -> Iterator[ModulePlan]:
    """Plan the module of every declared type, in the order of the model."""
    room = _Models(model, wanted, table)
    for declared in model.types.values():
        if isinstance(declared, EnumType):
            yield enum_plan(declared, table)
        elif isinstance(declared, ComposedType):
            yield composed_plan(
                declared, table, backing_store=room.backing_store, additional_data=wanted.additional_data
            )
        else:
            path = table.module(declared.id).replace(".", "/") + ".py"
            yield ModulePlan(path, "model", partial(room.view, declared))


def has_backing_store(model: ApiModel, wanted: Slice) -> bool:
    """Tell whether models are backed: as asked for, or as the SDKs made from such a description are."""
    return model.format == "csdl" if wanted.backing_store is None else wanted.backing_store


def changes_name(class_name: str) -> str:
    """Give the name of the TypedDict beside a model that is the body of a PATCH."""
    return f"{class_name}Changes"


def patched_types(model: ApiModel) -> frozenset[str]:
    """Give the ids of the object types that some PATCH takes as its body."""
    return frozenset(
        id
        for item in model.paths
        for operation in item.operations
        if operation.verb == "PATCH" and operation.body is not None and operation.body.kind is BodyKind.MODEL
        if not isinstance(operation.body.type, ListRef)
        for id in [named_id(operation.body.type)]
        if id is not None and isinstance(model.types.get(id), ObjectType)
    )


class _Models:
    """Builds the views of the object types of one client."""

    def __init__(self, model: ApiModel, wanted: Slice, table: TypeTable) -> None:
        self._table = table
        self._names = ModelNames(table)
        self._additional_data = wanted.additional_data
        self._patched = patched_types(model)
        self._runtime = f"{table.package}._runtime.model"
        self.backing_store = has_backing_store(model, wanted)

    def view(self, declared: ObjectType) -> ModelView:
        """Build the view of a model."""
        table = self._table
        name = table.name(declared.id)
        taken = {name, changes_name(name)} if declared.id in self._patched else {name}
        imports = ImportSet(table.package, table.module(declared.id), taken)
        imports.name("__future__", "annotations")
        decorator = imports.name(self._runtime, "model")
        bases = self._bases(declared, imports)
        own = flattened(declared, table) if declared.error else declared.properties
        mapping = self._mapping(declared)
        fields = field_lines(self._attributes(declared, own, imports), imports)
        changes = self._changes(declared, imports) if declared.id in self._patched else None
        properties = self._properties(declared, own, imports)
        return ModelView(
            name=name,
            decorator=decorator,
            bases=bases,
            class_docstring=_class_docstring(declared),
            fields=fields,
            properties=properties,
            primary_message=self._primary_message(declared) if declared.error else "",
            discriminator=lit(declared.discriminator.property_name) if declared.discriminator and mapping else "",
            mapping=mapping,
            changes=changes,
            imports=imports.freeze(),
        )

    # ------------------------------------------------------------------------------------------------ bases

    def _bases(self, declared: ObjectType, imports: ImportSet) -> str:
        names: list[str] = []
        if declared.error:
            names.append("APIError")
        ancestors = [] if declared.error else self._table.ancestors(declared)
        spelled = [self._table.imported(ancestors[0].id, imports)] if ancestors else []
        if self._brings_additional_data(declared):
            names.append("AdditionalDataHolder")
        if self.backing_store and not ancestors:
            names.append("BackedModel")
        spelled += [imports.name(self._runtime, base) for base in (*names, "Parsable")]
        return ", ".join(spelled)

    def _brings_additional_data(self, declared: ObjectType) -> bool:
        """Whether the class is the first of its line that keeps unknown properties."""
        if not self._additional_data:
            return False
        ancestors = self._table.ancestors(declared)
        if declared.error:
            return declared.additional_data or any(ancestor.additional_data for ancestor in ancestors)
        return declared.additional_data and not any(ancestor.additional_data for ancestor in ancestors)

    # ----------------------------------------------------------------------------------------------- fields

    def _attributes(self, declared: ObjectType, own: Iterable[Property], imports: ImportSet) -> Iterator[Attribute]:
        if self._brings_additional_data(declared):
            any_ = imports.typing("typing", "Any")
            factory = imports.name(self._runtime, "field_of")
            yield Attribute("additional_data", f"dict[str, {any_}]", f"{factory}(factory=dict)")
        names = self._names.of(declared)
        inherited = {} if declared.error else self._inherited(declared)
        raised = declared.error or any(ancestor.error for ancestor in self._table.ancestors(declared))
        for prop in own:
            annotation = optional_annotation(prop.type, self._table, imports)
            base = inherited.get(prop.name)
            hides = RUNTIME_MEMBERS | _EXCEPTION_MEMBERS if raised else RUNTIME_MEMBERS
            other = (base is not None and not self._table.narrows(base.type, prop.type)) or names[prop.name] in hides
            if raised and names[prop.name] == "message":
                other = not self._table.narrows(PrimitiveRef(Primitive.STRING), prop.type)
            # Any fits in the place of everything.
            remark = "type: ignore[assignment]" if other and not isinstance(prop.type, UntypedRef) else ""
            room = LINE_LENGTH - len(f"    {names[prop.name]}: {annotation} = ")
            default = default_expression(prop.default, prop.type, self._table, imports, room)
            yield Attribute(names[prop.name], annotation, default, _field_docstring(prop), remark)

    def _inherited(self, declared: ObjectType) -> dict[str, Property]:
        return {
            prop.name: prop for ancestor in reversed(self._table.ancestors(declared)) for prop in ancestor.properties
        }

    # ---------------------------------------------------------------------------------------------- wire names

    def _properties(self, declared: ObjectType, own: Iterable[Property], imports: ImportSet) -> tuple[str, ...]:
        names = self._names.of(declared)
        inherited = {} if declared.error else self._inherited(declared)
        again = {prop.name for prop in own if prop.name in inherited and inherited[prop.name].type == prop.type}
        entries = sorted((names[prop.name], prop) for prop in own if prop.name not in again)
        if not entries:
            return ()
        constructor = imports.name(self._runtime, "Prop")
        return tuple(prop_expression(constructor, name, prop, self._table) for name, prop in entries)

    def _mapping(self, declared: ObjectType) -> tuple[str, ...]:
        if declared.discriminator is None:
            return ()
        entries = sorted(
            (wire, id)
            for wire, id in declared.discriminator.mapping
            if id != declared.id and self._is_derived(id, declared)
        )
        return tuple(mapping_entry(wire, self._table.target(id)) for wire, id in entries)

    def _is_derived(self, id: str, declared: TypeDecl) -> bool:
        derived = self._table.declared.get(id)
        return derived is not None and any(ancestor.id == declared.id for ancestor in self._table.ancestors(derived))

    def _primary_message(self, declared: ObjectType) -> str:
        attributes: list[str] = []
        owner: TypeDecl | None = declared
        for wire in declared.primary_message:
            if not isinstance(owner, ObjectType):
                return ""
            attribute = self._names.attribute(owner, wire)
            if attribute is None:
                return ""
            attributes.append(attribute)
            owner = self._table.declared.get(named_id(self._type_of(owner, wire)) or "")
        return tuple_expression(map(lit, attributes)) if attributes else ""

    def _type_of(self, owner: ObjectType, wire: str) -> TypeRef | None:
        line = (owner, *self._table.ancestors(owner))
        return next((prop.type for one in line for prop in one.properties if prop.name == wire), None)

    # ----------------------------------------------------------------------------------------------- changes

    def _changes(self, declared: ObjectType, imports: ImportSet) -> ChangesView:
        """List what a caller may want to change: what the service computes or links is set by other means."""
        attributes: dict[str, Attribute] = {}
        for owner in (declared, *self._table.ancestors(declared)):
            for prop in owner.properties:
                name = self._names.attribute(owner, prop.name) or ""
                if name not in attributes and not _is_fixed(prop, owner) and name not in _EXECUTOR_ARGUMENTS:
                    attributes[name] = Attribute(name, optional_annotation(prop.type, self._table, imports), "")
        name = self._table.name(declared.id)
        return ChangesView(
            changes_name(name),
            imports.typing("typing", "TypedDict"),
            docstring("Keywords of `patch`.", indent=8),
            field_lines(attributes.values(), imports),
        )


def mapping_entry(wire: str, target: str) -> str:
    """Spell an entry of a discriminator's mapping."""
    key = lit(wire)
    return f"{key}: {fitted_lit(target, LINE_LENGTH - len(key) - 15)}"


def _is_fixed(prop: Property, owner: ObjectType) -> bool:
    """Whether a PATCH cannot change it: set by the service, part of the key, a link, or the name of the type."""
    service = prop.read_only or prop.computed or prop.immutable
    return service or prop.navigation or prop.name in owner.keys or prop.name.startswith("@")


def prop_expression(constructor: str, name: str, prop: Property, table: TypeTable) -> str:
    """Spell the entry of a property for the runtime."""
    kind = table.kind(prop.type)
    parts = [lit(name), lit(prop.name), lit(kind)]
    id = named_id(prop.type)
    if id is not None and kind.startswith(("object", "enum")):
        parts.append(fitted_lit(table.target(id), LINE_LENGTH - 13))
    if prop.read_only or prop.computed:
        parts.append("read_only=True")
    if prop.mixed and (kind == "object" or (kind.endswith("s") and kind != "bytes")):
        parts.append("mixed=True")
    return f"{constructor}({', '.join(parts)})"


def _class_docstring(declared: ObjectType) -> str:
    words = _ORIGINS.get(declared.origin, "type")
    text = with_deprecation(declared.description, declared.deprecation)
    if declared.documentation.startswith("https://"):
        text = f"{text}\n\n{declared.documentation}" if text.strip() else text
    # A page is called after its items, and no description has more to say of it.
    page = declared.origin is Origin.COLLECTION_RESPONSE
    return docstring(text, fallback="A page of a collection." if page else f"The {words} `{declared.id}`.")


def _field_docstring(prop: Property) -> str:
    text = with_deprecation(prop.description, prop.deprecation)
    if prop.read_only or prop.computed:
        text = f"{text.strip()}\n\nSet by the service." if text.strip() else "Set by the service."
    return docstring(text, fallback=f"`{prop.name}`") if text.strip() else ""
