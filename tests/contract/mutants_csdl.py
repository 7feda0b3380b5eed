"""Changes a CSDL document as its owners do over the years: one small edit at random, told in a line."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from collections.abc import Callable

_EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
_EDMX = "{http://docs.oasis-open.org/odata/ns/edmx}"
_PRIMITIVES = (
    *("Boolean", "String", "Int32", "Int64", "Double", "Decimal", "DateTimeOffset", "Date", "TimeOfDay"),
    *("Duration", "Guid", "Binary", "Stream", "Byte", "Untyped"),
)
_DECLARED = ("EntityType", "ComplexType", "EnumType", "TypeDefinition")
_MEMBERS = ("Property", "NavigationProperty")
_DROPPED = (
    *("Property", "NavigationProperty", "Member", "EntitySet", "Singleton", "ActionImport", "FunctionImport"),
    *("Action", "Function", "Parameter", "ReturnType", "Annotation", "Annotations", "NavigationPropertyBinding"),
    *("ComplexType", "EntityType", "EnumType", "Key", "PropertyValue", "Record"),
)
_ADDED = (
    *("Property", "NavigationProperty", "Member", "EntitySet", "Singleton", "Action", "Function", "Parameter"),
    *("EntityType", "ComplexType", "EnumType", "NavigationPropertyBinding", "ActionImport", "FunctionImport"),
)
_FLAGS = ("Nullable", "Abstract", "OpenType", "IsFlags", "ContainsTarget", "HasStream", "IsComposable", "IsBound")


def mutated(text: str, chance: random.Random, edits: int = 1) -> tuple[str, str]:
    """Give a document with some edits, and what they are."""
    for prefix, uri in (("", _EDM), ("edmx", _EDMX)):
        ET.register_namespace(prefix, uri.strip("{}"))
    root = ET.fromstring(text)
    told = []
    for _ in range(edits):
        found = ""
        while not found:
            found = chance.choice(_EDITS)(root, chance)
        told.append(found)
    return ET.tostring(root, encoding="unicode"), "; ".join(told)


def _of(root: ET.Element, *kinds: str) -> list[tuple[ET.Element, ET.Element]]:
    """Give elements of some kinds, each with its parent."""
    wanted = {f"{_EDM}{kind}" for kind in kinds}
    return [(parent, child) for parent in root.iter() for child in parent if child.tag in wanted]


def _kind(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _told(element: ET.Element) -> str:
    names = ("Name", "Path", "Target", "Term", "Property", "Type")
    return f"{_kind(element)} {next((element.get(name, '') for name in names if element.get(name)), '')}".strip()


def _drop(root: ET.Element, chance: random.Random) -> str:
    kind = chance.choice(_DROPPED)
    found = _of(root, kind)
    if not found:
        return ""
    parent, child = chance.choice(found)
    parent.remove(child)
    return f"drop {_told(child)} of {_told(parent)}"


def _add(root: ET.Element, chance: random.Random) -> str:
    kind = chance.choice(_ADDED)
    found = _of(root, kind)
    if not found:
        return ""
    parent, child = chance.choice(found)
    copy = ET.fromstring(ET.tostring(child))
    attribute = "Path" if kind == "NavigationPropertyBinding" else "Name"
    copy.set(attribute, child.get(attribute, "") + chance.choice(("Extra", "X", "2", "_new")))
    if copy.get("Value"):
        copy.set("Value", str(1 << chance.randrange(8, 20)))
    parent.insert(chance.randrange(len(parent) + 1), copy)
    return f"add {_told(copy)} to {_told(parent)}"


def _overload(root: ET.Element, chance: random.Random) -> str:
    found = _of(root, "Action", "Function")
    if not found:
        return ""
    parent, child = chance.choice(found)
    copy = ET.fromstring(ET.tostring(child))
    name = chance.choice(("extra", "kind"))
    added = ET.SubElement(copy, f"{_EDM}Parameter", {"Name": name, "Type": f"Edm.{chance.choice(_PRIMITIVES[:5])}"})
    for place in [c for c in copy if c.tag == f"{_EDM}ReturnType"]:
        copy.remove(place)
        copy.append(place)
    parent.insert(list(parent).index(child) + chance.randrange(2), copy)
    return f"overload {_told(child)} with {added.get('Name')}"


def _rename(root: ET.Element, chance: random.Random) -> str:
    named = [child for child in root.iter() if child.get("Name") and _kind(child) not in ("Schema", "EntityContainer")]
    element = chance.choice(named)
    old = element.get("Name", "")
    new = chance.choice((old + "s", old[:1].upper() + old[1:], old[:-1] or old + "a", f"new{old}", f"{old}_of"))
    element.set("Name", new)
    if _kind(element) in _DECLARED:
        _refer(root, old, new)
    elif _kind(element) == "Property":
        for ref in root.iter(f"{_EDM}PropertyRef"):
            if ref.get("Name") == old:
                ref.set("Name", new)
    return f"rename {_kind(element)} {old} to {new}"


def _refer(root: ET.Element, old: str, new: str) -> None:
    """Make every reference to a type follow its new name."""
    for element in root.iter():
        for name, value in element.attrib.items():
            head, dot, last = value.rstrip(")").rpartition(".")
            if dot and last == old and name in ("Type", "EntityType", "BaseType", "UnderlyingType"):
                element.set(name, f"{head}.{new}" + ")" * value.endswith(")"))


def _retype(root: ET.Element, chance: random.Random) -> str:
    found = [child for _, child in _of(root, "Property", "Parameter", "ReturnType", *_MEMBERS) if child.get("Type")]
    if not found:
        return ""
    element = chance.choice(found)
    old = element.get("Type", "")
    if chance.random() < 0.4:
        new = old[11:-1] if old.startswith("Collection(") else f"Collection({old})"
    elif chance.random() < 0.5 and _kind(element) != "NavigationProperty":
        new = f"Edm.{chance.choice(_PRIMITIVES)}"
    else:
        new = chance.choice([other.get("Type", "") for other in found if _kind(other) == _kind(element)])
    element.set("Type", new)
    return f"type of {_told(element)}: {old} to {new}" if new != old else ""


def _flag(root: ET.Element, chance: random.Random) -> str:
    name = chance.choice(_FLAGS)
    found = [child for child in root.iter() if child.get(name) is not None]
    if name == "Nullable" and chance.random() < 0.5:
        found = [child for _, child in _of(root, "Property", "Parameter", "ReturnType")]
    elif name in ("OpenType", "HasStream", "Abstract"):
        found = [child for _, child in _of(root, "EntityType", "ComplexType")]
    elif name == "ContainsTarget":
        found = [child for _, child in _of(root, "NavigationProperty")]
    elif name == "IsFlags":
        found = [child for _, child in _of(root, "EnumType")]
    if not found:
        return ""
    element = chance.choice(found)
    new = "false" if element.get(name, "true" if name == "Nullable" else "false") == "true" else "true"
    element.set(name, new)
    return f"{name} of {_told(element)}: {new}"


def _default(root: ET.Element, chance: random.Random) -> str:
    found = [child for _, child in _of(root, "Property")]
    if not found:
        return ""
    element = chance.choice(found)
    if element.attrib.pop("DefaultValue", None) is None:
        values = {"Edm.Boolean": "true", "Edm.Date": "2024-02-29", "Edm.Duration": "PT1S"}
        element.set("DefaultValue", values.get(element.get("Type", ""), chance.choice(("7", "0"))))
    return f"default of {_told(element)}: {element.get('DefaultValue')}"


def _base(root: ET.Element, chance: random.Random) -> str:
    found = _of(root, "EntityType", "ComplexType")
    if not found:
        return ""
    parent, element = chance.choice(found)
    old = element.attrib.pop("BaseType", None)
    if old is None or chance.random() < 0.6:
        others = [other for _, other in _of(root, _kind(element)) if other is not element]
        if not others:
            return ""
        element.set("BaseType", f"{parent.get('Namespace')}.{chance.choice(others).get('Name')}")
        if chance.random() < 0.7:
            for key in element.findall(f"{_EDM}Key"):
                element.remove(key)
    return f"base of {_told(element)}: {old} to {element.get('BaseType')}"


def _move(root: ET.Element, chance: random.Random) -> str:
    found = _of(root, *_MEMBERS)
    owners = [child for _, child in _of(root, "EntityType", "ComplexType")]
    if not found or len(owners) < 2:
        return ""
    parent, element = chance.choice(found)
    base = (parent.get("BaseType") or "").rpartition(".")[2]
    above = [owner for owner in owners if owner.get("Name") == base]
    target = above[0] if above and chance.random() < 0.7 else chance.choice(owners)
    parent.remove(element)
    target.append(element)
    return f"move {_told(element)} from {_told(parent)} to {_told(target)}"


def _expression(root: ET.Element, chance: random.Random) -> str:
    found = [child for _, child in _of(root, "PropertyValue", "Annotation")]
    found = [child for child in found if child.get("Bool") or child.get("String")]
    if not found:
        return ""
    element = chance.choice(found)
    if element.get("Bool"):
        element.set("Bool", "false" if element.get("Bool") == "true" else "true")
    else:
        element.set("String", chance.choice(("other", f"{element.get('String')} more", "image/png", "id")))
    return f"value of {_told(element)}: {element.get('Bool') or element.get('String')}"


def _capability(root: ET.Element, chance: random.Random) -> str:
    found = _of(root, "EntitySet", "Singleton", "NavigationProperty", "Action", "Function")
    if not found:
        return ""
    _, element = chance.choice(found)
    term, name = chance.choice(_CAPABILITIES)
    annotation = ET.SubElement(element, f"{_EDM}Annotation", {"Term": f"Org.OData.Capabilities.V1.{term}"})
    if name:
        record = ET.SubElement(annotation, f"{_EDM}Record")
        ET.SubElement(record, f"{_EDM}PropertyValue", {"Property": name, "Bool": chance.choice(("true", "false"))})
    else:
        annotation.set("Bool", chance.choice(("true", "false")))
    return f"{term} {name} at {_told(element)}"


_CAPABILITIES = (
    *(("InsertRestrictions", "Insertable"), ("UpdateRestrictions", "Updatable"), ("DeleteRestrictions", "Deletable")),
    *(("ReadRestrictions", "Readable"), ("CountRestrictions", "Countable"), ("ExpandRestrictions", "Expandable")),
    *(("FilterRestrictions", "Filterable"), ("SearchRestrictions", "Searchable"), ("SortRestrictions", "Sortable")),
    *(("TopSupported", ""), ("SkipSupported", ""), ("IndexableByKey", ""), ("UpdateRestrictions", "Upsertable")),
)


def _member(root: ET.Element, chance: random.Random) -> str:
    found = _of(root, "Member")
    if not found:
        return ""
    parent, element = chance.choice(found)
    if chance.random() < 0.5:
        element.set("Value", str(1 << chance.randrange(20)))
        return f"number of {_told(element)}"
    parent.remove(element)
    parent.insert(chance.randrange(len(parent) + 1), element)
    return f"place of {_told(element)} in {_told(parent)}"


def _order(root: ET.Element, chance: random.Random) -> str:
    parents = [parent for parent in root.iter() if _kind(parent) in ("Schema", "EntityContainer", *_DECLARED[:2])]
    parents = [parent for parent in parents if len(parent) > 1]
    if not parents:
        return ""
    parent = chance.choice(parents)
    first, second = sorted(chance.sample(range(len(parent)), 2))
    parent[first], parent[second] = parent[second], parent[first]
    return f"places of {_told(parent[first])} and {_told(parent[second])}"


def _binding(root: ET.Element, chance: random.Random) -> str:
    found = [child for _, child in _of(root, "Action", "Function") if child.get("IsBound") == "true" and len(child)]
    targets = [child for _, child in _of(root, "EntityType")]
    if not found or not targets:
        return ""
    element = chance.choice(found)
    schema = next(parent for parent, child in _of(root, "Action", "Function") if child is element)
    type = f"{schema.get('Namespace')}.{chance.choice(targets).get('Name')}"
    element[0].set("Type", f"Collection({type})" if chance.random() < 0.4 else type)
    return f"binding of {_told(element)}: {element[0].get('Type')}"


_Edit = Callable[[ET.Element, random.Random], str]
_EDITS: tuple[_Edit, ...] = (
    *(_drop, _drop, _add, _add, _rename, _rename, _retype, _retype, _flag, _default, _base, _move),
    *(_expression, _capability, _member, _order, _binding, _overload),
)
