"""Whatever is done to a document, reading it ends in a document or in a finding for its owner."""

from __future__ import annotations

import random
import re

from graphslice.csdl import edm
from graphslice.csdl.annotations import Annotations
from graphslice.csdl.index import Index
from graphslice.csdl.reader import parse_document
from graphslice.diagnostics import GraphsliceError

from .conftest import ENTITY, edmx

SEED = 20261123
RUNS = 1500
TEXT = edmx(
    ENTITY,
    """<EnumType Name="colour" IsFlags="true"><Member Name="red" Value="1"/><Member Name="blue"/></EnumType>
    <TypeDefinition Name="kilo" UnderlyingType="Edm.Double" MaxLength="3"/>
    <ComplexType Name="size"><Property Name="width" Type="s.kilo" DefaultValue="1"/>
      <Property Name="count" Type="Edm.Int32" DefaultValue="3" Nullable="false"/></ComplexType>
    <ComplexType Name="box" BaseType="s.size"/>
    <EntityType Name="item" BaseType="s.entity" HasStream="true"><Property Name="size" Type="s.size"/>
      <NavigationProperty Name="parts" Type="Collection(s.item)" ContainsTarget="true" Partner="whole"/></EntityType>
    <EntityType Name="route"><Key><PropertyRef Name="a"/><PropertyRef Name="b/width" Alias="c"/></Key>
      <Property Name="a" Type="Edm.Int32"/><Property Name="b" Type="s.size"/></EntityType>
    <Action Name="go" IsBound="true"><Parameter Name="on" Type="s.item"/><ReturnType Type="s.item"/></Action>
    <Function Name="all" IsComposable="true"><ReturnType Type="Collection(s.item)"/></Function>
    <EntityContainer Name="All"><EntitySet Name="items" EntityType="s.item"/><Singleton Name="top" Type="s.item"/>
      <FunctionImport Name="all" Function="s.all" EntitySet="items"/></EntityContainer>
    <Annotations Target="s.All/items"><Annotation Term="a.R"><Record>
      <PropertyValue Property="p"><Collection><String>x</String><Int>1</Int></Collection></PropertyValue>
      <PropertyValue Property="q" Bool="true"/></Record></Annotation></Annotations>
    <Annotations Target="s.box">
      <Annotation Term="Graphslice.Corrections.V1.BaseType" String="s.item"/></Annotations>""",
)
TOKENS = (
    '""',
    '"s.item"',
    "Collection(",
    "<",
    "/>",
    "&#0;",
    "&x;",
    ".",
    "\u202e",
    'IsBound="true"',
    'Value="9"',
    'xmlns="a"',
)


def spoil(text: str, chance: random.Random) -> str:
    """Change a document in one of the ways in which documents go wrong."""
    kind = chance.randrange(5)
    if kind == 0:
        place = chance.randrange(len(text))
        return text[:place] + chance.choice(TOKENS) + text[place + chance.choice((0, 1, 20)) :]
    pattern = {1: r'"[^"<>]*"', 2: r"\b[A-Z][A-Za-z]+\b", 3: r"<[A-Z][^<>]*/>", 4: r"<[A-Z][^<>]*/>"}[kind]
    spans = [match.span() for match in re.finditer(pattern, text)]
    if len(spans) < 2:
        return text
    (a, b), (c, d) = sorted(chance.sample(spans, 2))
    if kind == 3:
        return text[:a] + text[b:]
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def walk(document: edm.Document) -> None:
    index = Index(document)
    found = Annotations(index)
    for declared in index.types.values():
        found.of_type(declared, "a.R")
        if isinstance(declared, edm.StructuredType):
            assert declared not in index.bases(declared)
            assert {p.name for p in declared.properties} <= {p.name for p in index.properties(declared)}
            key = index.keys(declared)
            assert key is None or key.key
    for source in index.sources.values():
        found.of_source_or_type(source, "a.R")
    assert all(operation.parameters is not None for operation in index.all_operations)


def test_a_spoilt_document_is_read_or_refused_never_more() -> None:
    chance = random.Random(SEED)
    read = 0
    for _ in range(RUNS):
        text = TEXT
        for _ in range(chance.randint(1, 3)):
            text = spoil(text, chance)
        data = text.encode("utf-8")
        overlays = [(data, "over.xml")] if chance.random() < 0.2 else []
        try:
            walk(parse_document(TEXT.encode() if overlays else data, "x.xml", overlays))
            read += 1
        except GraphsliceError as fault:
            assert all(d.message and d.location.file for d in fault.diagnostics)
    assert RUNS * 0.1 < read < RUNS
