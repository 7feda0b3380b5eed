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
COMPUTED_DEFAULT_VALUE = f"{CORE}.ComputedDefaultValue"
IMMUTABLE = f"{CORE}.Immutable"
PERMISSIONS = f"{CORE}.Permissions"
ALTERNATE_KEYS = f"{CORE}.AlternateKeys"
OPTIONAL_PARAMETER = f"{CORE}.OptionalParameter"
REQUIRES_EXPLICIT_BINDING = f"{CORE}.RequiresExplicitBinding"
EXPLICIT_OPERATION_BINDINGS = f"{CORE}.ExplicitOperationBindings"
ACCEPTABLE_MEDIA_TYPES = f"{CORE}.AcceptableMediaTypes"
MEDIA_TYPE = f"{CORE}.MediaType"
IS_URL = f"{CORE}.IsURL"

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
MEDIA_LOCATION_UPDATE_SUPPORTED = f"{CAPABILITIES}.MediaLocationUpdateSupported"

# Validation
DERIVED_TYPE_CONSTRAINT = f"{VALIDATION}.DerivedTypeConstraint"

STANDARD_ALIASES = {
    "Core": CORE,
    "Capabilities": CAPABILITIES,
    "Validation": VALIDATION,
    "Authorization": AUTHORIZATION,
}
"""Aliases that documents often use without an edmx:Include; a document's own alias of that name wins."""
