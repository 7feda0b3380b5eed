"""The terms that graphslice understands, by full name, and what a term means when it is applied without a value.

The standard vocabularies are OASIS Open's; only names are kept here. This is the one place where a term is spelled.
"""

from __future__ import annotations

CORE = "Org.OData.Core.V1"
CAPABILITIES = "Org.OData.Capabilities.V1"
VALIDATION = "Org.OData.Validation.V1"
AUTHORIZATION = "Org.OData.Authorization.V1"

# Core
DESCRIPTION = f"{CORE}.Description"
LONG_DESCRIPTION = f"{CORE}.LongDescription"
LINKS = f"{CORE}.Links"
REVISIONS = f"{CORE}.Revisions"
COMPUTED = f"{CORE}.Computed"
IMMUTABLE = f"{CORE}.Immutable"
PERMISSIONS = f"{CORE}.Permissions"
ALTERNATE_KEYS = f"{CORE}.AlternateKeys"
OPTIONAL_PARAMETER = f"{CORE}.OptionalParameter"
REQUIRES_EXPLICIT_BINDING = f"{CORE}.RequiresExplicitBinding"
EXPLICIT_OPERATION_BINDINGS = f"{CORE}.ExplicitOperationBindings"
ACCEPTABLE_MEDIA_TYPES = f"{CORE}.AcceptableMediaTypes"
MEDIA_TYPE = f"{CORE}.MediaType"

# Capabilities
READ_RESTRICTIONS = f"{CAPABILITIES}.ReadRestrictions"
INSERT_RESTRICTIONS = f"{CAPABILITIES}.InsertRestrictions"
UPDATE_RESTRICTIONS = f"{CAPABILITIES}.UpdateRestrictions"
DELETE_RESTRICTIONS = f"{CAPABILITIES}.DeleteRestrictions"
OPERATION_RESTRICTIONS = f"{CAPABILITIES}.OperationRestrictions"
NAVIGATION_RESTRICTIONS = f"{CAPABILITIES}.NavigationRestrictions"
COUNT_RESTRICTIONS = f"{CAPABILITIES}.CountRestrictions"
FILTER_RESTRICTIONS = f"{CAPABILITIES}.FilterRestrictions"
SORT_RESTRICTIONS = f"{CAPABILITIES}.SortRestrictions"
EXPAND_RESTRICTIONS = f"{CAPABILITIES}.ExpandRestrictions"
SEARCH_RESTRICTIONS = f"{CAPABILITIES}.SearchRestrictions"
TOP_SUPPORTED = f"{CAPABILITIES}.TopSupported"
SKIP_SUPPORTED = f"{CAPABILITIES}.SkipSupported"
INDEXABLE_BY_KEY = f"{CAPABILITIES}.IndexableByKey"

# Validation
DERIVED_TYPE_CONSTRAINT = f"{VALIDATION}.DerivedTypeConstraint"

# What the standard vocabularies have no term for, or leave to agreement. docs/metadata.md shows each in use.

CLOUDS = "Graphslice.V1.Clouds"
"""A collection of strings on the container, a set, a singleton or a navigation property: the clouds that offer it."""

ROLE_SCHEME = "DirectoryRole"
"""The `SchemeName` of a permission whose scopes are directory roles: the caller needs one of them as well."""

TAGS = frozenset((TOP_SUPPORTED, SKIP_SUPPORTED, INDEXABLE_BY_KEY))
"""Terms whose value is a boolean."""

LISTS = frozenset((DERIVED_TYPE_CONSTRAINT, EXPLICIT_OPERATION_BINDINGS, REVISIONS, LINKS, ALTERNATE_KEYS))
"""Terms whose value is a collection; that of every other capability is a record."""

DOCUMENTATION_RELATIONS = ("list", "get", "create", "update", "delete", "action", "function")
"""What follows ``docs/`` at the end of the `rel` of a Core.Links entry: the operation that `href` documents."""

SHAPING = frozenset(
    (
        *(LINKS, REVISIONS, COMPUTED, IMMUTABLE, PERMISSIONS, ALTERNATE_KEYS, OPTIONAL_PARAMETER),
        *(REQUIRES_EXPLICIT_BINDING, EXPLICIT_OPERATION_BINDINGS, ACCEPTABLE_MEDIA_TYPES, MEDIA_TYPE),
        *(READ_RESTRICTIONS, INSERT_RESTRICTIONS, UPDATE_RESTRICTIONS, DELETE_RESTRICTIONS, OPERATION_RESTRICTIONS),
        *(NAVIGATION_RESTRICTIONS, COUNT_RESTRICTIONS, FILTER_RESTRICTIONS, SORT_RESTRICTIONS, EXPAND_RESTRICTIONS),
        *(SEARCH_RESTRICTIONS, TOP_SUPPORTED, SKIP_SUPPORTED, INDEXABLE_BY_KEY, DERIVED_TYPE_CONSTRAINT, CLOUDS),
    )
)
"""The terms that can change what is generated, texts apart: what `trim` keeps."""
