"""Names in a document: what may be one, which alias stands for what, and the type that an attribute speaks of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from graphslice.csdl.edm import TypeUse
from graphslice.diagnostics import GraphsliceError, Location, error

MAX_NAME = 128

_ASCII_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}").fullmatch
_ASCII_PART = re.compile(r"[A-Za-z_][A-Za-z0-9_]*").fullmatch
_FAMILIES = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "KATAKANA-HIRAGANA": "CJK", "BOPOMOFO": "CJK"}

EDM_TYPES = frozenset(
    f"Edm.{name}"
    for name in (
        *(
            "Binary",
            "Boolean",
            "Byte",
            "Date",
            "DateTimeOffset",
            "Decimal",
            "Double",
            "Duration",
            "Guid",
            "Int16",
            "Int32",
        ),
        *("Int64", "SByte", "Single", "Stream", "String", "TimeOfDay", "Untyped", "PrimitiveType", "ComplexType"),
        *(
            "EntityType",
            "AnnotationPath",
            "PropertyPath",
            "NavigationPropertyPath",
            "AnyPropertyPath",
            "ModelElementPath",
        ),
        *(f"{kind}{shape}" for kind in ("Geography", "Geometry") for shape in ("", "Point", "LineString", "Polygon")),
        *(f"{kind}{shape}" for kind in ("Geography", "Geometry") for shape in ("MultiPoint", "MultiLineString")),
        *(f"{kind}{shape}" for kind in ("Geography", "Geometry") for shape in ("MultiPolygon", "Collection")),
    )
)


def is_simple(name: str) -> bool:
    """Tell whether a name is a SimpleIdentifier that cannot pass for another one.

    Letters beyond ASCII are legal in CSDL and kept, but only where nobody can be misled by them: the name must be what
    Python itself would make of it (NFKC) and its letters must be of one script.
    """
    return _ASCII_NAME(name) is not None or (not name.isascii() and _is_simple_beyond_ascii(name))


def _is_simple_beyond_ascii(name: str) -> bool:
    if len(name) > MAX_NAME or not name.isidentifier() or unicodedata.normalize("NFKC", name) != name:
        return False
    scripts = set()
    for character in name:
        if unicodedata.category(character)[0] == "L":
            script = unicodedata.name(character, "?").split(" ")[0]
            scripts.add(_FAMILIES.get(script, script))
        elif not character.isascii() and unicodedata.category(character) not in ("Mn", "Mc"):
            return False
    return len(scripts) <= 1


def is_member(name: str) -> bool:
    """Tell whether a name can be that of a property or parameter: simple, or of simple parts joined by single hyphens.

    Hyphens are outside the standard but in the field: Graph's own error has ``client-request-id``.
    """
    return is_simple(name) or (len(name) <= MAX_NAME and all(map(_ASCII_PART, name.split("-"))))


def is_namespace(name: str) -> bool:
    """Tell whether a name is simple identifiers joined by dots."""
    return len(name) <= 511 and all(map(is_simple, name.split(".")))


@dataclass(slots=True)
class Scope:
    """What names mean in one file, and the strings already understood."""

    file: str
    aliases: Mapping[str, str]
    uses: dict[str, TypeUse] = field(default_factory=dict)
    full: dict[str, str] = field(default_factory=dict)

    def at(self, line: int) -> Location:
        """Give the place of a line of the file."""
        return Location(self.file, line)

    def fault(self, code: str, message: str, line: int, hint: str) -> GraphsliceError:
        """Give the error to raise about a line of the file."""
        return error(code, message, Location(self.file, line), hint)

    def qualified(self, name: str) -> str:
        """Give a qualified name with its alias replaced by the namespace."""
        found = self.full.get(name)
        if found is None:
            qualifier, dot, simple = name.rpartition(".")
            namespace = self.aliases.get(qualifier)
            found = self.full[name] = f"{namespace}.{simple}" if dot and namespace else name
        return found

    def type_use(self, text: str) -> TypeUse | None:
        """Give the type that an attribute names, None if it is no type name at all."""
        found = self.uses.get(text)
        if found is None:
            name = text.strip()
            collection = name.startswith("Collection(") and name.endswith(")")
            if collection:
                name = name[len("Collection(") : -1].strip()
            if "(" in name or "." not in name or not is_namespace(name):
                return None
            found = self.uses[text] = TypeUse(self.qualified(name), collection)
        return found

    def name(
        self, attributes: Mapping[str, str], what: str, line: int, accept: Callable[[str], bool] = is_simple
    ) -> str:
        """Give the name of an element; raise if it has none or one that is no identifier of its kind."""
        name = attributes.get("Name")
        if not name:
            raise self.fault("CSDL020", f"{what} without a Name", line, "give it a Name")
        if not accept(name):
            shown = name if len(name) <= 60 else f"{name[:57]}..."
            hint = "letters, digits and underscores only, at most 128, no digit first, letters of one script"
            raise self.fault("CSDL021", f"{what} name {shown!r} is not a simple identifier", line, hint)
        return name
