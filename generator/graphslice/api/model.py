"""The API as its client shows it: paths, operations and types, whatever description they came from.

This is the one type between the readers (`csdl`, `openapi`) and everything that is made from them (the Python
client, the emulator, the semantic diff, the API map, the OpenAPI export). It knows no Python and no source
syntax: names are wire names and the raw names of the description, in their own spelling; turning them into
Python names is the work of `python`. Everything is frozen and ordered, so equal models print equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from graphslice.diagnostics import NOWHERE, Diagnostic, Location

# ---------------------------------------------------------------------------------------------------- types


class Primitive(str, Enum):
    """The value kinds that a wire value without members can have."""

    STRING = "string"
    BOOLEAN = "boolean"
    INT8 = "int8"
    UINT8 = "uint8"
    INT16 = "int16"
    INT32 = "int32"
    INT64 = "int64"
    FLOAT = "float"
    DOUBLE = "double"
    DECIMAL = "decimal"
    DATE_TIME = "date-time"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    UUID = "uuid"
    BINARY = "binary"
    """Bytes: base64url text inside JSON, the raw content as a body or result."""


@dataclass(frozen=True, slots=True)
class PrimitiveRef:
    """A primitive value."""

    kind: Primitive


@dataclass(frozen=True, slots=True)
class NamedRef:
    """A declared type, by its id in `ApiModel.types`."""

    id: str


@dataclass(frozen=True, slots=True)
class ListRef:
    """A list of something."""

    item: TypeRef


@dataclass(frozen=True, slots=True)
class UntypedRef:
    """Any JSON value: Edm.Untyped, an empty schema, an array of arrays."""


TypeRef = PrimitiveRef | NamedRef | ListRef | UntypedRef


@dataclass(frozen=True, slots=True)
class Place:
    """Where a declared type lives.

    With `path` the type stands beside the request builder of that URL path (inline bodies and responses);
    without, in the models, below the namespace parts (already cut by the prefix that all components share).
    """

    namespace: tuple[str, ...] = ()
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Why and since when something should no longer be used; every part may be empty."""

    description: str = ""
    version: str = ""
    date: str = ""
    """yyyy-mm-dd"""
    removal_date: str = ""
    """yyyy-mm-dd"""


DefaultValue = str | bool | int | float
"""A default, already parsed; an enum's is the wire value of the member, a date's is its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """A member of an object type, by its wire name."""

    name: str
    type: TypeRef
    nullable: bool = True
    required: bool = False
    read_only: bool = False
    """Read but never written by Kiota (schema `readOnly`, effective Core.Computed)."""
    computed: bool = False
    """The service sets it (Core.Computed, Core.Permissions Read); wider than `read_only`."""
    immutable: bool = False
    mixed: bool = False
    """Values of other types are allowed besides, which the type cannot say."""
    navigation: bool = False
    contained: bool = False
    default: DefaultValue | None = None
    description: str = ""
    deprecation: Deprecation | None = None
    location: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Discriminator:
    """How the wire says which derived type a value has.

    `mapping` has one entry a wire value, to type ids; before closure it may name types that are dropped.
    """

    property_name: str
    mapping: tuple[tuple[str, str], ...]


class Origin(str, Enum):
    """What a declared type was in its description; tells diff, map and emulator what they look at."""

    ENTITY = "entity"
    COMPLEX = "complex"
    ENUM = "enum"
    COLLECTION_RESPONSE = "collection-response"
    ERROR = "error"
    HELPER = "helper"
    """Put in by the conversion itself: reference bodies, base responses."""
    INLINE = "inline"
    SCHEMA = "schema"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeBase:
    """What every declared type has.

    `id` is unique in the model (a full CSDL name, a component name, ``<path>#<VERB>:request`` and the like);
    `name` is the raw last part of the name, before any language's spelling rules.
    """

    id: str
    name: str
    place: Place
    origin: Origin
    description: str = ""
    deprecation: Deprecation | None = None
    documentation: str = ""
    """https link to the vendor's page, or empty."""
    location: Location = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectType(TypeBase):
    """A type with properties; `properties` are its own, without the inherited ones."""

    base: str | None = None
    properties: tuple[Property, ...] = ()
    discriminator: Discriminator | None = None
    additional_data: bool = True
    abstract: bool = False
    open: bool = False
    keys: tuple[str, ...] = ()
    has_stream: bool = False
    error: bool = False
    """Raised as an exception: `primary_message` is the path of wire names to its text."""
    primary_message: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumMember:
    """A member: `name` as the description calls it (or x-ms-enum renames it), `value` as it goes over the wire."""

    name: str
    value: str
    number: int | None = None
    description: str = ""
    deprecation: Deprecation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumType(TypeBase):
    """A closed list of strings that may still grow; `flags` values are comma-joined on the wire."""

    members: tuple[EnumMember, ...] = ()
    flags: bool = False


@dataclass(frozen=True, slots=True)
class ComposedMember:
    """One alternative of a composed type; `keys` are its discriminator values, `name` its raw member name."""

    name: str
    type: TypeRef
    keys: tuple[str, ...] = ()


class Composition(str, Enum):
    """oneOf (exactly one member holds a value) or anyOf (several may)."""

    UNION = "union"
    INTERSECTION = "intersection"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedType(TypeBase):
    """A value that is one of several types (OpenAPI oneOf / anyOf, the geography types of CSDL)."""

    composition: Composition
    members: tuple[ComposedMember, ...] = ()
    discriminator: Discriminator | None = None
    plain: bool = False
    """A named plain value for which Kiota writes an empty class: it keeps the bases of one, and holds the value."""


TypeDecl = ObjectType | EnumType | ComposedType

# ----------------------------------------------------------------------------------------------- operations


@dataclass(frozen=True, slots=True, kw_only=True)
class PathParameter:
    """A placeholder of the path text, by its exact name between the braces."""

    name: str
    type: TypeRef
    reserved: bool = False
    """x-ms-reserved-parameter: expanded with ``{+name}``."""
    description: str = ""
    declared: bool = True
    """False: the placeholder stands in the path but no parameter declares it; it gives no argument."""
    deprecation: Deprecation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryParameter:
    """A query option by its wire name (``$select``)."""

    name: str
    type: TypeRef
    required: bool = False
    explode: bool = False
    """Gets the ``*`` modifier of RFC 6570 section 2.4.2 in the URL template."""
    style: str = "form"
    description: str = ""
    deprecation: Deprecation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderParameter:
    """A header or a cookie that the description declares; no Kiota surface, ours offers it as a keyword."""

    name: str
    type: TypeRef
    cookie: bool = False
    required: bool = False
    description: str = ""


class BodyKind(str, Enum):
    """How the body is written, which decides the argument's type."""

    MODEL = "model"
    """`type` is a NamedRef to an object or composed type, or a list of those."""
    SCALAR = "scalar"
    """Primitive, enum or list of them, in a structured content type."""
    STREAM = "stream"
    """bytes; without `content_type` the caller names it in an argument of its own."""
    MULTIPART = "multipart"
    UNTYPED = "untyped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The request body of an operation."""

    kind: BodyKind
    type: TypeRef | None = None
    content_type: str | None = None
    required: bool = True
    description: str = ""
    parts: tuple[Property, ...] = ()
    """Multipart only: the parts that the description names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a successful call gives; `type` None: nothing, PrimitiveRef(BINARY): the content as bytes."""

    type: TypeRef | None = None
    statuses: tuple[str, ...] = ("2XX",)
    description: str = ""


@dataclass(frozen=True, slots=True)
class ErrorMapping:
    """Status (404, 4XX, XXX for all errors) to the id of the error type."""

    status: str
    type: str


@dataclass(frozen=True, slots=True)
class Permission:
    """Least privileged scopes of one scheme (DelegatedWork, Application, ...) for an operation."""

    scheme: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One verb on a path.

    `accept` and the body's content type are final header values; `query` holds the operation's own
    parameters, those of the path item stand in `PathItem.query`.
    """

    verb: str
    """GET, POST, PATCH, PUT, DELETE, HEAD, OPTIONS, TRACE"""
    operation_id: str = ""
    path: str = ""
    """Where it is sent, with the names of merged indexes: set where indexes were merged, else that of its node."""
    description: str = ""
    query: tuple[QueryParameter, ...] = ()
    headers: tuple[HeaderParameter, ...] = ()
    body: Body | None = None
    result: Result = Result()
    accept: str = ""
    errors: tuple[ErrorMapping, ...] = ()
    deprecation: Deprecation | None = None
    documented: bool | None = None
    """Whether the vendor documents it; None: the description does not tell."""
    documentation: str = ""
    permissions: tuple[Permission, ...] = ()
    roles: tuple[str, ...] = ()
    """Directory roles one of which the caller needs besides the permission."""
    location: Location = field(default=NOWHERE, compare=False)


class PathKind(str, Enum):
    """What a path addresses; OTHER for every path of an OpenAPI description."""

    ENTITY_SET = "entity-set"
    ENTITY = "entity"
    SINGLETON = "singleton"
    NAVIGATION = "navigation"
    REF = "ref"
    COUNT = "count"
    CAST = "cast"
    MEDIA = "media"
    COMPLEX = "complex"
    ACTION = "action"
    FUNCTION = "function"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathItem:
    """A URL path with its operations.

    `parameters` are in order of precedence for lookups by name (not of the path text).
    """

    path: str
    kind: PathKind = PathKind.OTHER
    target: TypeRef | None = None
    """What the path addresses: NamedRef for one, ListRef for a collection; None where the description does not tell."""
    parameters: tuple[PathParameter, ...] = ()
    query: tuple[QueryParameter, ...] = ()
    operations: tuple[Operation, ...] = ()
    description: str = ""


# ---------------------------------------------------------------------------------------------------- model


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a type is in the model: kept by `owner` (an operation as ``VERB path``, or a type id) through `role`.

    `role`: body, result, error, parameter, property <name>, base, derived, discriminator.
    """

    owner: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiModel:
    """The selected part of an API, closed over its types.

    `paths` are in the order of the description's own rules; `types` holds every type that is reachable.
    """

    paths: tuple[PathItem, ...]
    types: Mapping[str, TypeDecl]
    title: str = ""
    base_url: str = ""
    """The first server of an OpenAPI description as Kiota takes it; CSDL names none."""
    format: str = "csdl"
    """csdl or openapi"""
    clouds: tuple[str, ...] = ()
    """Names of the clouds that offer the API; empty: the description does not tell."""
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    dropped: Mapping[str, str] = field(default_factory=dict)
    """Types that were left out although something names them, with the reason."""
    diagnostics: tuple[Diagnostic, ...] = ()
    namespaces: tuple[tuple[str, ...], ...] = ()
    """`Place.namespace` of every type of the description, in the slice or not: a type called like a namespace lives
    inside of it, in every slice alike. Empty: those of `types` count."""
