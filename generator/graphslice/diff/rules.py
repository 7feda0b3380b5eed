"""Every rule by which a change is judged, with its reason: docs/regeneration.md has the same table for readers.

The measure is the code of a user of the Python client: does it still pass its type checker, run, and mean the same?
What only the service's administrators or readers of the documentation notice is documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(str, Enum):
    """What a change asks of users."""

    BREAKING = "breaking"
    COMPATIBLE = "compatible"
    DOCUMENTATION = "documentation"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable id, what follows from it, and why."""

    id: str
    level: Level
    reason: str


_B, _C, _D = Level.BREAKING, Level.COMPATIBLE, Level.DOCUMENTATION
_TABLE = (
    ("path-removed", _B, "the request builder is gone: code that reaches it fails"),
    ("path-added", _C, "a new request builder beside the others"),
    ("path-respelled", _C, "another spelling in the URL, which the client takes care of"),
    ("path-renamed", _B, "the request builder has another name"),
    ("path-target", _D, "what the path addresses; operations and types are judged by themselves"),
    ("path-description", _D, "a text"),
    ("operation-removed", _B, "the method is gone"),
    ("operation-added", _C, "a new method"),
    ("operation-deprecated", _C, "the method warns, and works as before"),
    ("operation-no-longer-deprecated", _C, "the method warns no more"),
    ("operation-deprecation", _D, "the text of a warning"),
    ("type-deprecation", _D, "the text of a notice"),
    ("property-deprecation", _D, "the text of a notice"),
    ("member-deprecation", _D, "the text of a notice"),
    ("member-no-longer-deprecated", _C, "the member may be used again"),
    ("operation-description", _D, "a text"),
    ("operation-documented", _D, "whether the vendor documents it"),
    ("permissions", _D, "which permission to ask for: code runs as before once it is granted"),
    ("query-added", _C, "a new keyword that may be left out"),
    ("query-added-required", _B, "requests without the new option are refused by the service"),
    ("query-removed", _B, "the keyword is gone"),
    ("query-type", _B, "the keyword takes another type"),
    ("query-required", _B, "requests without the option are refused by the service"),
    ("query-optional", _C, "the option may be left out now"),
    ("query-style", _C, "another spelling on the wire, which the client takes care of"),
    ("query-deprecated", _C, "the option should no longer be used"),
    ("query-no-longer-deprecated", _C, "the option may be used again"),
    ("query-deprecation", _D, "the text of a notice"),
    ("query-description", _D, "a text"),
    ("header-added", _C, "a new keyword that may be left out"),
    ("header-added-required", _B, "requests without the new header are refused by the service"),
    ("header-removed", _B, "the keyword is gone"),
    ("header-type", _B, "the keyword takes another type"),
    ("header-required", _B, "requests without the header are refused by the service"),
    ("header-optional", _C, "the header may be left out now"),
    ("header-description", _D, "a text"),
    ("path-parameter-type", _B, "the argument takes another type"),
    ("path-parameter-description", _D, "a text"),
    ("body-added", _B, "the method needs a body now"),
    ("body-removed", _B, "the method takes no body any more"),
    ("body-type", _B, "the method takes another body"),
    ("body-widened", _C, "the method takes more than before: what was given still fits"),
    ("body-required", _D, "the method takes a body in any case"),
    ("body-optional", _D, "the method takes a body in any case"),
    ("body-content-type", _C, "another content type, which the client takes care of"),
    ("body-format", _B, "the client writes JSON and forms: it needs a writer for anything else"),
    ("body-media", _B, "the caller's bytes are sent as content of another type"),
    ("body-description", _D, "a text"),
    ("result-type", _B, "the method gives another type"),
    ("result-narrowed", _C, "what the method gives is still an instance of what it gave"),
    ("result-added", _C, "the method gives something where it gave nothing"),
    ("result-removed", _B, "the method gives nothing any more"),
    ("result-status", _C, "other success codes, which the client takes care of"),
    ("result-description", _D, "a text"),
    ("accept", _C, "another Accept header, which the client takes care of"),
    ("result-format", _B, "the client reads JSON: it needs a reader for anything else"),
    ("result-media", _B, "the bytes that the method gives are content of another type"),
    ("error-added", _C, "an exception of its own where there was none, an APIError as before"),
    ("error-merged", _C, "the same exception, for more statuses at once"),
    ("error-removed", _B, "an exception that code catches is raised no more"),
    ("error-type", _B, "another exception than the one that code catches"),
    ("type-removed", _B, "the class is gone"),
    ("type-added", _C, "a new class"),
    ("type-renamed", _B, "the class has another name"),
    ("type-moved", _B, "the class has another module"),
    ("type-kind", _B, "the class is of another kind"),
    ("type-description", _D, "a text"),
    ("type-deprecated", _C, "the class should no longer be used"),
    ("type-no-longer-deprecated", _C, "the class may be used again"),
    ("base-changed", _B, "no longer an instance of what it was"),
    ("base-inserted", _C, "an instance of all that it was, and of more"),
    ("property-added", _C, "a new attribute that may be left out"),
    ("property-added-required", _B, "objects without the new property are refused by the service"),
    ("property-removed", _B, "the attribute is gone"),
    ("property-inherited", _C, "the attribute comes from a base class now"),
    ("property-declared-anew", _C, "the attribute was inherited before"),
    ("property-respelled", _C, "another spelling on the wire, which the client takes care of"),
    ("property-renamed", _B, "the attribute has another name"),
    ("property-type", _B, "the attribute has another type"),
    ("property-required", _B, "objects without the property are refused by the service"),
    ("property-optional", _C, "the property may be left out now"),
    ("property-nullable", _D, "every attribute may be None in this client anyway"),
    ("property-not-nullable", _D, "every attribute may be None in this client anyway"),
    ("property-read-only", _B, "the property is not written any more"),
    ("property-writable", _C, "the property is written now"),
    ("property-default", _C, "a new object starts with another value"),
    ("property-navigation", _C, "the attribute is the same; the service treats it as a relation or not"),
    ("property-deprecated", _C, "the attribute should no longer be used"),
    ("property-no-longer-deprecated", _C, "the attribute may be used again"),
    ("same-in-python", _D, "the same Python type and spelling; numbers have another range or precision"),
    ("property-description", _D, "a text"),
    ("discriminator-added", _C, "results of a more special class, still instances of the old one"),
    ("discriminator-removed", _B, "results are of a more general class than before"),
    ("discriminator-changed", _B, "results are of another class"),
    ("additional-data-added", _C, "unknown properties are kept"),
    ("additional-data-removed", _B, "unknown properties are no longer kept"),
    ("key-changed", _B, "entities are found by another key"),
    ("stream", _C, "an entity has content or not; its path is judged by itself"),
    ("abstract", _D, "no difference for this client"),
    ("open", _D, "no difference for this client: unknown properties are kept either way"),
    ("error-model", _B, "the class is an exception or is none any more"),
    ("error-message", _C, "the text of the exception comes from another place"),
    ("member-added", _C, "a new member; unknown values were taken before"),
    ("member-removed", _B, "the member is gone"),
    ("member-renamed", _B, "the member has another name"),
    ("member-value", _B, "the member has another value on the wire"),
    ("member-number", _D, "the number never goes over the wire"),
    ("member-deprecated", _C, "the member should no longer be used"),
    ("member-description", _D, "a text"),
    ("flags-added", _C, "several members can hold at once now; one alone is as before"),
    ("flags-removed", _B, "members can no longer be joined"),
    ("alternative-added", _C, "a composed value may hold one more type"),
    ("alternative-removed", _B, "a composed value holds that type no more"),
    ("alternative-type", _B, "an alternative has another type"),
    ("composition", _B, "alternatives exclude each other now, or no longer do"),
    ("base-url", _C, "the default address of the service"),
    ("cloud-added", _C, "one more cloud offers the API"),
    ("cloud-removed", _B, "the client refuses the cloud"),
    ("package-renamed", _B, "the package is imported by another name"),
    ("export-removed", _B, "the package itself offers the name no more"),
    ("export-added", _C, "the package itself offers one more name"),
    ("export-moved", _D, "the name comes from another module"),
    ("surface-removed", _B, "a name of the client is gone"),
    ("surface-inherited", _C, "the attribute comes from a base class now"),
    ("surface-widened", _C, "takes all that it took, and more"),
    ("surface-added", _C, "a new name in the client"),
    ("surface-changed", _B, "a name of the client has another signature"),
)
RULES = {id: Rule(id, level, reason) for id, level, reason in _TABLE}
