from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graphslice.csdl import edm
from graphslice.csdl.annotations import Annotations, operation_target
from graphslice.csdl.index import Index
from graphslice.csdl.reader import read_document
from graphslice.diagnostics import GraphsliceError

from .conftest import ENTITY, REPOSITORY

Make = Callable[..., Index]

SHOP = f"""{ENTITY}
<ComplexType Name="Json"/>
<EntityType Name="item" BaseType="s.entity" HasStream="true">
  <Property Name="value" Type="s.Json"/><Property Name="many" Type="Collection(s.Json)"/>
  <NavigationProperty Name="parts" Type="Collection(s.item)"><Annotation Term="a.In" Bool="true"/></NavigationProperty>
</EntityType>
<Action Name="go" IsBound="true"><Parameter Name="on" Type="s.item"/><Parameter Name="how" Type="s.Json"/></Action>
<Action Name="go" IsBound="true"><Parameter Name="on" Type="Collection(s.item)"/></Action>
<Function Name="getReport"><ReturnType Type="s.Json"/></Function>
<Function Name="report"><ReturnType Type="s.Json"/></Function>
<EntityContainer Name="All"><EntitySet Name="items" EntityType="s.item"/>
  <Singleton Name="top" Type="s.item"/></EntityContainer>
<Annotations Target="s.item/parts"><Annotation Term="a.Out" Bool="true"/>
  <Annotation Term="b.Out" Bool="true"/></Annotations>
"""


def fix(target: str, term: str, value: str = "/>") -> str:
    return f'<Annotations Target="{target}"><Annotation Term="Graphslice.Corrections.V1.{term}" {value}</Annotations>'


def item(index: Index) -> edm.StructuredType:
    found = index.structured("shop.item")
    assert found is not None
    return found


def test_elements_of_every_kind_can_be_removed(index: Make) -> None:
    fixed = index(
        SHOP,
        overlays=(
            fix("shop.item/many", "Removed")
            + fix("shop.go(shop.item, shop.Json)/how", "Removed")
            + fix("shop.go(Collection(shop.item))", "Removed")
            + fix("shop.All/top", "Removed")
            + fix("shop.item/value", "Removed", 'Bool="false"/>'),
        ),
    )
    assert [p.name for p in item(fixed).properties] == ["value"]
    assert [operation_target(o) for o in fixed.operations("shop.go")] == ["shop.go(shop.item)"]
    assert list(fixed.sources) == ["items"]


def test_flags_and_base_types_are_set(index: Make) -> None:
    fixed = index(
        SHOP + '<EntityType Name="bare"/>',
        overlays=(
            fix("shop.item", "HasStream", 'Bool="false"/>')
            + fix("shop.item/parts", "ContainsTarget", 'Bool="true"/>')
            + fix("shop.bare", "BaseType", 'String="shop.entity"/>')
            + fix("shop.item/value", "Type", 'String="Collection(Edm.Int32)"/>')
            + fix("shop.report()", "ReturnType", 'String="Edm.Stream"/>'),
        ),
    )
    assert not item(fixed).has_stream
    assert item(fixed).navigation[0].contains_target
    bare = fixed.structured("shop.bare")
    assert bare is not None and bare.base == "shop.entity"
    assert item(fixed).properties[0].type == edm.TypeUse("Edm.Int32", collection=True)
    (report,) = fixed.operations("shop.report")
    assert report.returns is not None and report.returns.type.name == "Edm.Stream"


def uses(becomes: str, named: str, *kinds: str) -> str:
    listed = "".join(f"<String>{kind}</String>" for kind in kinds)
    pattern = f'<PropertyValue Property="Named" String="{named}"/>' if named else ""
    return (
        f'><Collection><Record><PropertyValue Property="Becomes" String="{becomes}"/><PropertyValue Property="In">'
        f"<Collection>{listed}</Collection></PropertyValue>{pattern}</Record></Collection></Annotation>"
    )


def test_single_uses_of_a_type_are_replaced_by_place_and_name(index: Make) -> None:
    fixed = index(
        SHOP,
        overlays=(
            fix("shop.Json", "Uses", uses("Edm.Untyped", "", "Property", "Parameter"))
            + fix("shop.Json", "Uses", uses("Edm.Stream", "get*", "ReturnType")),
        ),
    )
    assert [p.type.name for p in item(fixed).properties] == ["Edm.Untyped", "shop.Json"]
    assert [p.type.name for p in fixed.operations("shop.go")[0].parameters] == ["shop.item", "Edm.Untyped"]
    results = [o.returns.type.name for n in ("getReport", "report") for o in fixed.operations(f"shop.{n}") if o.returns]
    assert results == ["Edm.Stream", "shop.Json"]


def test_annotations_are_dropped_inside_and_outside(index: Make) -> None:
    fixed = index(
        SHOP,
        overlays=(fix("shop.item/parts", "Without", "><Collection><String>a.*</String></Collection></Annotation>"),),
    )
    found = Annotations(fixed)
    parts = item(fixed).navigation[0]
    assert [found.of_navigation(parts, term) is None for term in ("a.In", "a.Out", "b.Out")] == [True, True, False]


def test_targets_that_are_not_there_are_passed_over(index: Make) -> None:
    overlay = "".join(
        fix(target, "Removed")
        for target in (
            "shop.gone",
            "shop.item/gone",
            "shop.go(Edm.Int32)",
            "shop.go(shop.item, shop.Json)/gone",
            "x.Y/z",
            "",
        )
    )
    assert index(SHOP, overlays=(overlay,)).document.schemas[0] == index(SHOP).document.schemas[0]


def test_a_type_that_an_overlay_adds_gives_way_to_the_documents(index: Make) -> None:
    overlay = '<ComplexType Name="{}"><Property Name="new" Type="Edm.String"/></ComplexType>'
    assert index(SHOP, overlays=(overlay.format("added"),)).structured("shop.added") is not None
    json = index(SHOP, overlays=(overlay.format("Json"),)).structured("shop.Json")
    assert json is not None and json.properties == ()


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("Nonsense", "/>"),
        ("HasStream", 'String="yes"/>'),
        ("BaseType", 'Bool="true"/>'),
        ("Without", 'String="a.*"/>'),
        ("Uses", 'String="a"/>'),
        ("Uses", uses("Edm.Untyped", "", "Anywhere")),
        ("Uses", "><Collection><String>a</String></Collection></Annotation>"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused(index: Make, term: str, value: str) -> None:
    with pytest.raises(GraphsliceError) as caught:
        index(SHOP, overlays=(fix("shop.item", term, value),))
    (found,) = caught.value.diagnostics
    assert (found.code, found.location.file) == ("CSDL060", "overlay0.xml")
    assert found.hint


def test_what_a_correction_breaks_is_refused_as_if_the_document_had_it(index: Make) -> None:
    with pytest.raises(GraphsliceError) as caught:
        index(SHOP, overlays=(fix("shop.entity", "BaseType", 'String="shop.item"/>'),))
    assert caught.value.diagnostics[0].code == "CSDL031"


def test_the_raw_document_with_its_overlay_is_the_cleaned_one(shared: Path) -> None:
    overlay = str(REPOSITORY / "metadata/overlays/graph-v1.0-corrections.xml")
    raw = read_document(str(shared / "metadata/graph-v1.0-raw-1.4.659.0.csdl"), (overlay,))
    clean = read_document(str(shared / "metadata/graph-v1.0-227538.xml"))
    assert shape(raw) == shape(clean)


def shape(document: edm.Document) -> dict[str, object]:
    """Everything of a document but annotations and places, by name."""
    found: dict[str, object] = {}
    for schema in document.schemas:
        for t in schema.types:
            if isinstance(t, edm.StructuredType):
                found[t.full_name] = (t.entity, t.base, t.abstract, t.open, t.has_stream, t.key)
                for p in t.properties:
                    found[f"{t.full_name}/{p.name}"] = (p.type, p.nullable, p.default)
                for n in t.navigation:
                    found[f"{t.full_name}/{n.name}"] = (n.type, n.nullable, n.contains_target, n.partner)
            elif isinstance(t, edm.EnumType):
                found[t.full_name] = (t.flags, t.underlying, tuple((m.name, m.value) for m in t.members))
        for o in schema.operations:
            returns = o.returns and (o.returns.type, o.returns.nullable)
            found[operation_target(o)] = (o.function, o.bound, tuple((p.name, p.type) for p in o.parameters), returns)
        if schema.container:
            sources: tuple[edm.EntitySet | edm.Singleton, ...] = (
                *schema.container.entity_sets,
                *schema.container.singletons,
            )
            for s in sources:
                found[f"{schema.container.full_name}/{s.name}"] = (type(s).__name__, s.type)
    return found
