"""From the types that CSDL names to the references of the API model."""

from __future__ import annotations

from graphslice.api.model import ListRef, NamedRef, Primitive, PrimitiveRef, TypeRef, UntypedRef
from graphslice.csdl.edm import EnumType, StructuredType, TypeDefinition, TypeUse
from graphslice.csdl.index import Index
from graphslice.csdl.spatial import is_spatial

PRIMITIVES = {
    "Edm.String": Primitive.STRING,
    "Edm.Boolean": Primitive.BOOLEAN,
    "Edm.Byte": Primitive.UINT8,
    "Edm.SByte": Primitive.INT8,
    "Edm.Int16": Primitive.INT16,
    "Edm.Int32": Primitive.INT32,
    "Edm.Int64": Primitive.INT64,
    "Edm.Decimal": Primitive.DECIMAL,
    "Edm.Single": Primitive.FLOAT,
    "Edm.Double": Primitive.DOUBLE,
    "Edm.Guid": Primitive.UUID,
    "Edm.DateTimeOffset": Primitive.DATE_TIME,
    "Edm.Date": Primitive.DATE,
    "Edm.TimeOfDay": Primitive.TIME,
    "Edm.Duration": Primitive.DURATION,
    "Edm.Binary": Primitive.BINARY,
    "Edm.Stream": Primitive.BINARY,
}

STRING = PrimitiveRef(Primitive.STRING)
BOOLEAN = PrimitiveRef(Primitive.BOOLEAN)
INT64 = PrimitiveRef(Primitive.INT64)
BYTES = PrimitiveRef(Primitive.BINARY)
STRINGS = ListRef(STRING)
UNTYPED = UntypedRef()


class Values:
    """Gives the reference for each type use; every reference is made once."""

    def __init__(self, index: Index) -> None:
        """Take the index that knows the declared types."""
        self._index = index
        self._single: dict[str, TypeRef] = {name: PrimitiveRef(kind) for name, kind in PRIMITIVES.items()}
        self._lists: dict[str, TypeRef] = {}
        self._underlying: dict[str, str] = {}

    def ref(self, use: TypeUse) -> TypeRef:
        """Give the reference for a type use."""
        return self.listed(use.name) if use.collection else self.single(use.name)

    def single(self, name: str) -> TypeRef:
        """Give the reference for one value of a type."""
        found = self._single.get(name)
        if found is None:
            found = self._single[name] = self._make(name)
        return found

    def listed(self, name: str) -> TypeRef:
        """Give the reference for a list of values of a type."""
        found = self._lists.get(name)
        if found is None:
            found = self._lists[name] = ListRef(self.single(name))
        return found

    def underlying(self, name: str) -> str:
        """Follow type definitions to the primitive type behind them; other names stay."""
        found = self._underlying.get(name)
        if found is None:
            declared = self._index.definition(name)
            found = self._underlying[name] = name if declared is None else self.underlying(declared.underlying)
        return found

    def parameter(self, use: TypeUse) -> TypeRef:
        """Give the reference for a key or a function parameter in a URL.

        Enumerations travel there as text, and so do lists and structures: the caller writes them out.
        """
        name = self.underlying(use.name)
        return self.single(name) if name in PRIMITIVES and not use.collection else STRING

    def quoted(self, use: TypeUse) -> bool:
        """Tell whether a value of this type stands in quotes in a URL.

        Strings and enumerations do; a type definition does not, whatever it is defined over.
        """
        return not use.collection and (use.name == "Edm.String" or self._index.enum(use.name) is not None)

    def _make(self, name: str) -> TypeRef:
        declared = self._index.type(name)
        if isinstance(declared, StructuredType):
            return NamedRef(name)
        if isinstance(declared, EnumType):
            return NamedRef(name) if declared.members else STRING
        if isinstance(declared, TypeDefinition):
            return self.single(self.underlying(name))
        return NamedRef(name) if is_spatial(name) else UNTYPED
