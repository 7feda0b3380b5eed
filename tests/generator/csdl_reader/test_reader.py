from __future__ import annotations

from collections.abc import Callable

import pytest

from graphslice.csdl import edm
from graphslice.csdl.edm import Document, TypeUse
from graphslice.csdl.reader import parse_document

from .conftest import ENTITY, edmx

Make = Callable[..., Document]


def only_type(document: Document, name: str) -> edm.SchemaType:
    return next(t for schema in document.schemas for t in schema.types if t.name == name)


def test_an_entity_type_keeps_everything_that_is_written(document: Make) -> None:
    made = only_type(
        document(
            ENTITY,
            """<EntityType Name="item" BaseType="s.entity" OpenType="true" HasStream="true">
                 <Property Name="code" Type="Edm.String" Nullable="false" MaxLength="8" DefaultValue="a"/>
                 <Property Name="tags" Type="Collection(s.tag)"/>
                 <NavigationProperty Name="parts" Type="Collection(s.item)" ContainsTarget="true" Partner="whole">
                   <ReferentialConstraint Property="code" ReferencedProperty="code"/><OnDelete Action="SetNull"/>
                 </NavigationProperty>
               </EntityType>
               <ComplexType Name="tag" Abstract="1"/>""".replace('Abstract="1"', 'Abstract="true"'),
        ),
        "item",
    )
    assert isinstance(made, edm.StructuredType)
    assert (made.full_name, made.base, made.entity, made.open, made.has_stream) == (
        "shop.item",
        "shop.entity",
        True,
        True,
        True,
    )
    code, tags = made.properties
    assert (code.type, code.nullable, code.default, code.facets) == (
        TypeUse("Edm.String"),
        False,
        "a",
        {"MaxLength": "8"},
    )
    assert tags.type == TypeUse("shop.tag", collection=True)
    (parts,) = made.navigation
    assert (parts.owner, parts.contains_target, parts.partner, parts.on_delete) == (
        "shop.item",
        True,
        "whole",
        "SetNull",
    )
    assert parts.constraints == (edm.ReferentialConstraint("code", "code"),)


def test_an_alias_is_replaced_wherever_a_name_stands(document: Make) -> None:
    made = document(
        ENTITY,
        """<Action Name="go" IsBound="true"><Parameter Name="on" Type="Collection(s.entity)"/>
             <ReturnType Type="s.entity"/></Action>
           <Action Name="stop"/>
           <EntityContainer Name="All"><EntitySet Name="things" EntityType="s.entity"/>
             <ActionImport Name="stop" Action="s.stop"/></EntityContainer>
           <Annotations Target="s.All/things"><Annotation Term="Cap.TopSupported" Bool="false"/></Annotations>""",
        references="""<edmx:Reference Uri="urn:x">
            <edmx:Include Namespace="Org.OData.Capabilities.V1" Alias="Cap"/></edmx:Reference>""",
    )
    schema = made.schemas[0]
    go = schema.operations[0]
    assert go.parameters[0].type == TypeUse("shop.entity", collection=True)
    assert go.returns is not None and go.returns.type == TypeUse("shop.entity")
    assert schema.container is not None
    assert schema.container.entity_sets[0].type == "shop.entity"
    assert schema.container.imports[0].operation == "shop.stop"
    group = schema.external[0]
    assert group.target == "shop.All/things"
    assert (group.annotations[0].term, group.annotations[0].aliased) == ("Org.OData.Capabilities.V1.TopSupported", True)
    assert made.references == ("urn:x",)


def test_what_stands_in_the_parentheses_of_a_target_stays_as_written(document: Make) -> None:
    made = document(ENTITY, '<Annotations Target="s.go(s.entity)/x"><Annotation Term="a.B"/></Annotations>')
    assert made.schemas[0].external[0].target == "shop.go(s.entity)/x"


def test_enumerations_keep_numbers_flags_and_missing_values(document: Make) -> None:
    made = only_type(
        document(
            """<EnumType Name="colour" IsFlags="true" UnderlyingType="Edm.Int64">
                 <Member Name="red" Value="1"/><Member Name="none" Value="-9"/><Member Name="any"/></EnumType>"""
        ),
        "colour",
    )
    assert isinstance(made, edm.EnumType)
    assert (made.flags, made.underlying) == (True, "Edm.Int64")
    assert [(m.name, m.value) for m in made.members] == [("red", 1), ("none", -9), ("any", None)]


def test_every_element_knows_its_line() -> None:
    text = edmx("\n<EnumType Name='a'>\n<Member Name='b'/>\n</EnumType>\n<ComplexType Name='c'/>")
    schema = parse_document(text.encode(), "x.xml").schemas[0]
    a, c = schema.types
    assert isinstance(a, edm.EnumType)
    assert [str(e.location) for e in (a, a.members[0], c)] == ["x.xml:2", "x.xml:3", "x.xml:5"]


EXPRESSIONS = [
    ('Bool="TRUE"', edm.Constant("Bool", True)),
    ('Bool="0"', edm.Constant("Bool", False)),
    ('Bool="perhaps"', edm.Constant("Bool", "perhaps")),
    ('Int="-12"', edm.Constant("Int", -12)),
    ('String=" a "', edm.Constant("String", " a ")),
    ('EnumMember="n.E/A n.E/B"', edm.Constant("EnumMember", "n.E/A n.E/B")),
    ('PropertyPath="a/b"', edm.PathExpression("PropertyPath", "a/b")),
    ('UrlRef="http://x"', edm.Computation("UrlRef", (), (edm.Constant("String", "http://x"),))),
    ("><String> a\n</String></Annotation", edm.Constant("String", " a\n")),
    ("><Bool> false </Bool></Annotation", edm.Constant("Bool", False)),
    ("><Path> a </Path></Annotation", edm.PathExpression("Path", "a")),
    ("><Collection/></Annotation", edm.Collection(())),
    (
        "><Collection><Int>1</Int><Null/></Collection></Annotation",
        edm.Collection((edm.Constant("Int", 1), edm.Computation("Null", (), ()))),
    ),
    (
        "><If><Path>a</Path><String>x</String></If></Annotation",
        edm.Computation("If", (), (edm.PathExpression("Path", "a"), edm.Constant("String", "x"))),
    ),
    (
        '><Apply Function="odata.concat"><String>x</String></Apply></Annotation',
        edm.Computation("Apply", (("Function", "odata.concat"),), (edm.Constant("String", "x"),)),
    ),
]


@pytest.mark.parametrize(("written", "meant"), EXPRESSIONS)
def test_expressions_of_every_kind(document: Make, written: str, meant: edm.Expression) -> None:
    end = "" if written.startswith(">") else "/"
    made = document(f'<ComplexType Name="c"><Annotation Term="a.B" {written}{end}></ComplexType>')
    assert only_type(made, "c").annotations[0].expression == meant


def test_records_nest_and_a_member_without_value_is_true(document: Make) -> None:
    made = document(
        """<ComplexType Name="c"><Annotation Term="a.B" Qualifier="q"><Record Type="s.T">
             <PropertyValue Property="on"/>
             <PropertyValue Property="inner"><Record><PropertyValue Property="n" Int="1"/></Record></PropertyValue>
           </Record><Annotation Term="a.Why" String="because"/></Annotation></ComplexType>"""
    )
    (annotation,) = only_type(made, "c").annotations
    assert annotation.qualifier == "q"
    assert [a.term for a in annotation.annotations] == ["a.Why"]
    assert isinstance(annotation.expression, edm.Record)
    assert annotation.expression.type == "shop.T"
    assert annotation.expression.get("on") == edm.Constant("Bool", True)
    inner = annotation.expression.get("inner")
    assert isinstance(inner, edm.Record) and inner.get("n") == edm.Constant("Int", 1)


def test_utf16_and_byte_order_marks_read_the_same() -> None:
    text = edmx('<ComplexType Name="c"><Annotation Term="a.B" String="é"/></ComplexType>')
    plain = parse_document(text.encode(), "x")
    declared = f'<?xml version="1.0" encoding="utf-16"?>{text}'
    for data in (text.encode("utf-8-sig"), declared.encode("utf-16"), text.replace("\n", "\r\n").encode()):
        assert parse_document(data, "x") == plain


def test_foreign_elements_and_attributes_are_passed_over(document: Make) -> None:
    made = document(
        """<ComplexType Name="c" xmlns:x="urn:x" x:Name="d"><x:Property Name="no"/>
           <Property Name="p" Type="Edm.String" x:Type="Edm.Int32"/></ComplexType>
           <xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///nowhere"/>"""
    )
    c = only_type(made, "c")
    assert isinstance(c, edm.StructuredType)
    assert [(p.name, p.type.name) for p in c.properties] == [("p", "Edm.String")]


@pytest.mark.parametrize("name", ["über", "größe", "имя", "年度", "client-request-id", "_a9"])
def test_names_that_are_read(document: Make, name: str) -> None:
    made = document(f'<ComplexType Name="c"><Property Name="{name}" Type="Edm.String"/></ComplexType>')
    c = only_type(made, "c")
    assert isinstance(c, edm.StructuredType) and c.properties[0].name == name


def test_two_schemas_may_see_each_other_before_and_after(document: Make) -> None:
    other = '<Schema Namespace="shop.b" xmlns="http://docs.oasis-open.org/odata/ns/edm">{}</Schema>'
    made = document(
        '<ComplexType Name="a" BaseType="shop.b.c"/>', other.format('<ComplexType Name="c"/><ComplexType Name="a"/>')
    )
    assert [s.namespace for s in made.schemas] == ["shop", "shop.b"]


def test_reading_twice_gives_equal_documents_and_builds_only_what_is_asked_for(document: Make) -> None:
    text = ENTITY + '<ComplexType Name="c"/>' + '<EnumType Name="e"/>'
    one, two = document(text), document(text)
    types = one.schemas[0].types
    assert isinstance(types, edm.Deferred)
    assert repr(types) == "<3 deferred>"
    assert types[1] is types[1] and types[-1].name == "e"
    assert [t.name for t in types[:2]] == ["entity", "c"]
    with pytest.raises(IndexError):
        types[3]
    assert one == two
