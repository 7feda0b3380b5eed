from __future__ import annotations

from collections.abc import Callable

import pytest

from graphslice.csdl import annotations as read
from graphslice.csdl import edm
from graphslice.csdl.annotations import Annotations, operation_target
from graphslice.csdl.index import Index

from .conftest import ENTITY

Make = Callable[..., Index]
TERM = "a.T"


def term(value: str, name: str = TERM) -> str:
    return f'<Annotation Term="{name}" String="{value}"/>'


def outside(target: str, *values: str) -> str:
    return f'<Annotations Target="{target}">{"".join(map(term, values))}</Annotations>'


SHOP = f"""{ENTITY}
<EntityType Name="item" BaseType="s.entity"><Property Name="code" Type="Edm.String">{term("inline")}</Property>
  <NavigationProperty Name="parts" Type="Collection(s.item)"/></EntityType>
<EntityType Name="book" BaseType="s.item"/>
<Action Name="go" IsBound="true"><Parameter Name="on" Type="s.item"/>
  <Parameter Name="names" Type="Collection(Edm.String)"/></Action>
<EntityContainer Name="All"><EntitySet Name="items" EntityType="s.book"/><Singleton Name="top" Type="s.item"/>
</EntityContainer>
"""


def lookups(index: Index) -> tuple[Annotations, edm.StructuredType, edm.StructuredType]:
    item, book = index.structured("shop.item"), index.structured("shop.book")
    assert item is not None and book is not None
    return Annotations(index), item, book


def test_inline_comes_before_outside_and_the_first_outside_wins(index: Make) -> None:
    found, item, _ = lookups(
        index(SHOP, outside("s.item/code", "late"), outside("s.item", "one"), outside("shop.item", "two"))
    )
    assert read.string(found.of_property(item, item.properties[0], TERM)) == "inline"
    assert read.string(found.of_type(item, TERM)) == "one"
    assert read.string(found.at("shop.item/code", TERM)) == "late"
    assert found.at("s.item", TERM) is None


def test_types_inherit_but_properties_and_sets_do_not_by_themselves(index: Make) -> None:
    shop = index(SHOP, outside("shop.item", "of item"))
    found, item, book = lookups(shop)
    assert read.string(found.of_type(book, TERM)) == "of item"
    items = shop.sources["items"]
    assert found.of_source(items, TERM) is None
    assert read.string(found.of_source_or_type(items, TERM)) == "of item"
    assert found.of_navigation(item.navigation[0], TERM) is None


def test_an_inherited_property_is_looked_up_where_it_is_declared(index: Make) -> None:
    shop = index(SHOP, outside("shop.entity/id", "the key"))
    found, _, book = lookups(shop)
    assert read.string(found.of_property(book, shop.properties(book)[0], TERM)) == "the key"


def test_operations_and_their_parameters_are_targets_with_full_names(index: Make) -> None:
    target = "shop.go(shop.item, Collection(Edm.String))"
    shop = index(SHOP, outside(target, "yes"), outside(f"{target}/names", "param"), outside("shop.go(s.item)", "never"))
    found = Annotations(shop)
    (go,) = shop.operations("shop.go")
    assert operation_target(go) == target
    assert read.string(found.of_operation(go, TERM)) == "yes"
    assert read.string(found.of_parameter(go, go.parameters[1], TERM)) == "param"


def test_sets_are_targets_below_the_container(index: Make) -> None:
    shop = index(SHOP, outside("s.All/items", "set"), outside("shop.All/items/parts", "path"))
    found = Annotations(shop)
    assert read.string(found.of_source(shop.sources["items"], TERM)) == "set"
    assert read.string(found.at(found.path("items", "parts"), TERM)) == "path"


def test_a_term_without_value_is_true(index: Make) -> None:
    found, item, _ = lookups(index(SHOP, '<Annotations Target="s.item"><Annotation Term="a.T"/></Annotations>'))
    assert read.boolean(found.of_type(item, TERM)) is True


# ------------------------------------------------------------------------------------------------------- overlays

RECORD = """<Annotations Target="{}"><Annotation Term="a.R"><Record>{}</Record></Annotation></Annotations>"""


def members(*pairs: tuple[str, str]) -> str:
    return "".join(f'<PropertyValue Property="{name}" {value}/>' for name, value in pairs)


def test_an_overlays_record_is_laid_over_member_by_member(index: Make) -> None:
    shop = index(
        SHOP,
        RECORD.format("s.item", members(("Allowed", 'Bool="false"'), ("Text", 'String="theirs"'))),
        overlays=(RECORD.format("shop.item", members(("Text", 'String="ours"'), ("More", 'Int="1"'))),),
    )
    found, item, book = lookups(shop)
    for holder in (item, book):
        record = read.record(found.of_type(holder, "a.R"))
        assert record is not None
        assert [p.name for p in record.properties] == ["Allowed", "Text", "More"]
        assert read.boolean(record.get("Allowed")) is False
        assert read.string(record.get("Text")) == "ours"


def test_records_inside_records_are_laid_over_too(index: Make) -> None:
    def inner(name: str) -> str:
        member = members((name, 'Bool="true"'))
        return f'<PropertyValue Property="In"><Record>{member}</Record></PropertyValue>'

    shop = index(SHOP, RECORD.format("s.item", inner("a")), overlays=(RECORD.format("shop.item", inner("b")),))
    found, item, _ = lookups(shop)
    nested = read.record(read.member(read.record(found.of_type(item, "a.R")), "In"))
    assert nested is not None and [p.name for p in nested.properties] == ["a", "b"]


def test_other_values_of_an_overlay_replace_and_the_last_overlay_wins(index: Make) -> None:
    shop = index(SHOP, overlays=(outside("shop.item/code", "first", "ignored"), outside("shop.item/code", "second")))
    found, item, _ = lookups(shop)
    assert read.string(found.of_property(item, item.properties[0], TERM)) == "second"


def test_an_overlay_of_a_derived_type_joins_what_the_base_says(index: Make) -> None:
    shop = index(
        SHOP,
        RECORD.format("s.item", members(("Base", 'Bool="true"'))),
        overlays=(RECORD.format("shop.book", members(("Own", 'Bool="true"'))),),
    )
    found, item, book = lookups(shop)
    assert [p.name for p in (read.record(found.of_type(book, "a.R")) or edm.Record("", ())).properties] == [
        "Base",
        "Own",
    ]
    assert [p.name for p in (read.record(found.of_type(item, "a.R")) or edm.Record("", ())).properties] == ["Base"]


# --------------------------------------------------------------------------------------------------------- values


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        edm.Constant("String", "true"),
        edm.PathExpression("Path", "x"),
        edm.Computation("Null", (), ()),
        edm.Record("", ()),
    ],
)
def test_a_value_of_the_wrong_kind_counts_as_absent(wrong: edm.Expression | None) -> None:
    assert read.boolean(wrong) is None
    assert read.strings(wrong) == ()
    assert read.members(wrong) == ()
    assert read.records(wrong) == ()


def test_values_of_the_right_kind() -> None:
    texts = edm.Collection((edm.Constant("String", "a"), edm.Constant("Int", 1), edm.Constant("String", "b")))
    assert read.strings(texts) == ("a", "b")
    assert read.members(edm.Constant("EnumMember", "n.s.E/A x.E/B")) == ("A", "B")
    assert read.path(edm.PathExpression("PropertyPath", "a/b")) == "a/b"
    assert read.path(edm.Constant("String", "a")) == "a"
    assert read.member(None, "x") is None
