from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from graphslice.api.model import ApiModel
from graphslice.config import Slice, Subtypes
from graphslice.csdl.edm import Document
from graphslice.csdl.index import Index
from graphslice.csdl.reader import parse_document, read_document
from graphslice.csdl.resolve import resolve
from graphslice.csdl.trim import Trimmed, trim

from .conftest import ENTITY, edmx

LEFT_OUT = frozenset(("location", "description", "diagnostics", "reasons", "dropped"))


def content(value: object) -> object:
    """Everything of a model that shows in a client, without texts and places."""
    if dataclasses.is_dataclass(value):
        named = [field.name for field in dataclasses.fields(value) if field.name not in LEFT_OUT]
        return (type(value).__name__, *((name, content(getattr(value, name))) for name in named))
    if isinstance(value, tuple):
        return tuple(map(content, value))
    if isinstance(value, Mapping):
        return {key: content(item) for key, item in value.items()}
    return value


def cut(document: Document, *include: str, subtypes: Subtypes = Subtypes.ALL) -> tuple[ApiModel, Trimmed, ApiModel]:
    """Give the model of the whole document, what is cut for it, and the model of that."""
    wanted = Slice(description="x", include=include, subtypes=subtypes)
    index = Index(document)
    whole = resolve(index, wanted)
    trimmed = trim(index, whole)
    return whole, trimmed, resolve(parse_document(trimmed.text.encode(), "cut.xml"), wanted)


SHOP = f"""{ENTITY}
<EnumType Name="colour"><Member Name="red"/></EnumType>
<ComplexType Name="size"><Property Name="width" Type="Edm.Double"/></ComplexType>
<ComplexType Name="unused"><Property Name="width" Type="Edm.Double"/></ComplexType>
<EntityType Name="shop" BaseType="s.entity">
  <Property Name="name" Type="Edm.String" DefaultValue="&lt;&quot;&amp;"/>
  <NavigationProperty Name="items" Type="Collection(s.item)" ContainsTarget="true"/>
  <NavigationProperty Name="staff" Type="Collection(s.person)" ContainsTarget="true"/>
</EntityType>
<EntityType Name="item" BaseType="s.entity"><Property Name="size" Type="s.size"/>
  <Property Name="colour" Type="s.colour" Nullable="false"/>
  <Annotation Term="Org.OData.Core.V1.Description" String="their words"/>
</EntityType>
<EntityType Name="person" BaseType="s.entity"/>
<Action Name="sell" IsBound="true"><Parameter Name="it" Type="s.item"/><Parameter Name="to" Type="s.person"/></Action>
<Action Name="hire" IsBound="true"><Parameter Name="who" Type="s.person"/></Action>
<EntityContainer Name="All"><EntitySet Name="shops" EntityType="s.shop"/><Singleton Name="me" Type="s.person"/>
</EntityContainer>
<Annotations Target="s.shop/items">
  <Annotation Term="Org.OData.Capabilities.V1.InsertRestrictions"><Record>
    <PropertyValue Property="Insertable" Bool="false"/><PropertyValue Property="Description" String="their words"/>
  </Record></Annotation>
  <Annotation Term="Org.OData.Capabilities.V1.ChangeTracking"><Record/></Annotation>
</Annotations>
<Annotations Target="s.person"><Annotation Term="Org.OData.Capabilities.V1.TopSupported" Bool="false"/></Annotations>
"""
ITEMS = ("/shops/{id}/items", "/shops/{id}/items/**")


def read(text: str) -> Document:
    return parse_document(text.encode(), "shop.xml")


def names(trimmed: Trimmed) -> set[str]:
    return set(re.findall(r'Name="(\w+)"', trimmed.text))


def test_only_what_the_slice_reaches_is_kept() -> None:
    _, trimmed, _ = cut(read(edmx(SHOP)), *ITEMS)
    assert {"shop", "items", "item", "size", "colour", "sell", "person", "shops"} <= names(trimmed)
    assert not {"unused", "hire", "staff", "me"} & names(trimmed)
    assert "their words" not in trimmed.text
    assert "ChangeTracking" not in trimmed.text
    assert "Insertable" in trimmed.text


def test_every_kept_thing_has_a_reason_and_the_rest_is_counted() -> None:
    _, trimmed, _ = cut(read(edmx(SHOP)), *ITEMS)
    why = {kept.name: kept.why for kept in trimmed.kept}
    assert "lies on" in why["shop.shop/items"]
    assert "property size of shop.item" in why["shop.size"]
    assert why["shop.All/shops"] == "begins /shops/{shop-id}/items"
    assert all(why.values())
    assert dict(trimmed.dropped)["types"] == 1
    assert dict(trimmed.dropped)["operations"] == 1


UNRELATED = [
    ("another type", '<EnumType Name="colour">', '<ComplexType Name="aaa"/><EnumType Name="colour">'),
    (
        "another property on the way",
        '<Property Name="name"',
        '<Property Name="new" Type="s.unused"/><Property Name="name"',
    ),
    ("another set", '<Singleton Name="me"', '<EntitySet Name="people" EntityType="s.person"/><Singleton Name="me"'),
    ("another operation", '<Action Name="hire"', '<Action Name="fire"/><Action Name="hire"'),
    ("another description", "their words", "other words"),
    ("annotations elsewhere", '<Annotations Target="s.person">', '<Annotations Target="s.shop/staff">'),
    ("a comment and blanks", '<EntityType Name="item"', "<!-- new -->\n\n  <EntityType  Name='item'"),
]


@pytest.mark.parametrize(("old", "new"), [row[1:] for row in UNRELATED], ids=[row[0] for row in UNRELATED])
def test_unrelated_changes_leave_the_text_alone(old: str, new: str) -> None:
    assert old in SHOP
    before = cut(read(edmx(SHOP)), *ITEMS)[1].text
    after = cut(read(edmx(SHOP.replace(old, new))), *ITEMS)[1].text
    if old.startswith("<Annotations Target"):
        before = re.sub(r' *<Annotations Target="shop.person">.*?</Annotations>\n', "", before, flags=re.S)
    assert after == before


def test_the_order_of_attributes_does_not_matter() -> None:
    def shuffled(tag: re.Match[str]) -> str:
        attributes = re.findall(r'\S+="[^"]*"', tag[0])
        random.Random(7).shuffle(attributes)
        return " ".join((tag[0].split(" ")[0], *attributes))

    text = edmx(SHOP)
    other = re.sub(r'<[A-Z]\w+( \w+="[^"]*")+', shuffled, text)
    assert other != text
    assert cut(read(other), *ITEMS)[1].text == cut(read(text), *ITEMS)[1].text


def test_trimming_what_was_trimmed_changes_nothing() -> None:
    _, once, _ = cut(read(edmx(SHOP)), *ITEMS)
    _, twice, _ = cut(read(once.text), *ITEMS)
    assert twice.text == once.text


def test_overlays_stay_apart() -> None:
    overlay = '<Annotations Target="shop.item"><Annotation Term="Org.OData.Core.V1.Immutable"/></Annotations>'
    document = parse_document(edmx(SHOP).encode(), "shop.xml", [(edmx(overlay).encode(), "over.xml")])
    assert "Immutable" not in cut(document, *ITEMS)[1].text


WITNESSED = {
    "a second root namespace": (
        SHOP,
        """<Schema Namespace="elsewhere" xmlns="http://docs.oasis-open.org/odata/ns/edm">
           <ComplexType Name="far"/></Schema>""",
    ),
    "a spatial type": (SHOP, '<ComplexType Name="far"><Property Name="at" Type="Edm.GeographyPoint"/></ComplexType>'),
    "a property that holds one of a base": (
        SHOP,
        """<EntityType Name="thing" BaseType="s.item"/>
           <ComplexType Name="far"><Property Name="x" Type="s.item"/></ComplexType>""",
    ),
    "an action that takes one of a base": (
        SHOP,
        """<EntityType Name="toy" BaseType="s.shop"/>
           <Action Name="far" IsBound="true"><Parameter Name="x" Type="s.shop"/></Action>""",
    ),
    "two homes of one type share bodies": (
        SHOP.replace('<Singleton Name="me"', '<Singleton Name="top" Type="s.item"/><Singleton Name="me"'),
        """<Action Name="sell" IsBound="true"><Parameter Name="it" Type="s.shop"/>
           <Parameter Name="price" Type="Edm.Double"/></Action>""",
    ),
    "a function called count": (
        SHOP,
        """<Function Name="count" IsBound="true"><Parameter Name="all" Type="Collection(s.item)"/>
           <ReturnType Type="Edm.Int32"/></Function>""",
    ),
    "an inner error": (SHOP, '<ComplexType Name="InnerError"><Property Name="trace" Type="Edm.Guid"/></ComplexType>'),
}


@pytest.mark.parametrize("parts", WITNESSED.values(), ids=WITNESSED)
@pytest.mark.parametrize(
    "include", [ITEMS, ("/shops/{id}/items", "/shops/{id}/items/$count"), ("/shops/**",), ("/me",)]
)
def test_facts_of_the_whole_that_show_in_a_part_are_kept(parts: tuple[str, ...], include: tuple[str, ...]) -> None:
    whole, _, part = cut(read(edmx(*parts)), *include)
    assert content(part) == content(whole)


def test_every_part_of_every_small_document_gives_the_same_client(shared: Path) -> None:
    checked = 0
    for file in sorted((shared / "csdl").glob("*.xml")):
        document = read_document(str(file))
        paths = [item.path for item in resolve(Index(document), Slice(description="x")).paths]
        for path in [paths[0], *paths[3::11]]:
            if "[" in path:
                continue
            whole, _, part = cut(document, path, f"{path}/**")
            assert content(part) == content(whole), (file.name, path)
            checked += 1
    assert checked > 200


GRAPH = [
    ("/users/{user-id}/messages/**",),
    ("/security/alerts_v2#GET",),
    ("/places/**",),
    ("/groups/{group-id}/planner/**",),
    ("/users/{user-id}/manager/**",),
    ("/drives/{drive-id}/items/{driveItem-id}/workbook/worksheets/**",),
    ("/deviceAppManagement/mobileApps/**",),
    ("/communications/**",),
    ("/users/{user-id}/photo/**",),
    ("/solutions/virtualEvents/**",),
]


@pytest.fixture(scope="module")
def graph() -> Callable[[Path], Document]:
    kept: dict[Path, Document] = {}

    def load(folder: Path) -> Document:
        if folder not in kept:
            kept[folder] = read_document(str(folder / "metadata/graph-v1.0-227538.xml"))
        return kept[folder]

    return load


@pytest.mark.parametrize("place", range(len(GRAPH)), ids=[include[0] for include in GRAPH])
def test_slices_of_a_whole_service_give_the_same_client(
    shared: Path, graph: Callable[[Path], Document], place: int
) -> None:
    include, subtypes = GRAPH[place], tuple(Subtypes)[place % 2]
    whole, trimmed, part = cut(graph(shared), *include, subtypes=subtypes)
    assert content(part) == content(whole)
    assert len(trimmed.text) < 120_000
