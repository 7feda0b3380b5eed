"""The types: properties, defaults, what is read and written, places, pages, errors, geography."""

from __future__ import annotations

import pytest

from graphslice.api.model import (
    ApiModel,
    ComposedType,
    Composition,
    EnumType,
    ListRef,
    NamedRef,
    ObjectType,
    Primitive,
    PrimitiveRef,
    Property,
    UntypedRef,
)

from .conftest import Resolve
from .test_paths import AS, a, container


def found(model: ApiModel, name: str) -> ObjectType:
    declared = model.types[f"microsoft.graph.{name}"]
    assert isinstance(declared, ObjectType)
    return declared


def members(model: ApiModel, name: str) -> dict[str, Property]:
    return {prop.name: prop for prop in found(model, name).properties}


def type_value(model: ApiModel, name: str) -> object:
    return members(model, name)["@odata.type"].default


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("Edm.Boolean", "TRUE", True),
        ("Edm.Int64", "9000000000", 9000000000),
        ("Edm.Decimal", "2.50", 2.5),
        ("Edm.Double", "1.5", 1.5),
        ("Edm.String", "12", "12"),
        ("Edm.String", "", None),
        ("Edm.Date", "2020-02-29", "2020-02-29"),
        ("Edm.Duration", "PT2H", "PT2H"),
        ("g.deck", "upper", "upper"),
        ("g.knots", "18", None),
        ("g.berth", "x", None),
        ("Collection(Edm.String)", "x", None),
    ],
)
def test_defaults(make: Resolve, kind: str, text: str, value: object) -> None:
    extra = """<EnumType Name="deck"><Member Name="lower"/><Member Name="upper"/></EnumType>
    <TypeDefinition Name="knots" UnderlyingType="Edm.Int32"/><ComplexType Name="berth"/>"""
    model = make(a(f'<Property Name="p" Type="{kind}" DefaultValue="{text}"/>') + extra + container(AS))
    assert members(model, "a")["p"].default == value


def test_a_required_enumeration_has_no_default(make: Resolve) -> None:
    text = a('<Property Name="p" Type="g.deck" DefaultValue="upper" Nullable="false"/>')
    model = make(text + '<EnumType Name="deck"><Member Name="upper"/></EnumType>' + container(AS))
    assert members(model, "a")["p"].default is None


def test_what_the_service_computes_is_read_and_not_written_unless_it_is_a_bare_reference(make: Resolve) -> None:
    computed = '<Annotation Term="Core.Computed"/>'
    text = a(
        f'<Property Name="text" Type="Edm.String">{computed}</Property>'
        f'<Property Name="maybe" Type="g.v">{computed}</Property>'
        f'<Property Name="must" Type="g.v" Nullable="false">{computed}</Property>'
        '<Property Name="odd" Type="Edm.String"><Annotation Term="Core.Computed" String="true"/></Property>'
        f'<NavigationProperty Name="nav" Type="g.a">{computed}</NavigationProperty>'
    )
    props = members(make(text + '<ComplexType Name="v"/>' + container(AS)), "a")
    assert {name for name, prop in props.items() if prop.read_only} == {"text", "maybe"}
    assert {name for name, prop in props.items() if prop.computed} == {"text", "maybe", "must", "nav"}


def test_members_without_a_type_are_kept_as_any_value(make: Resolve) -> None:
    text = a(
        '<Property Name="x" Type="Edm.Untyped"/><Property Name="y" Type="Collection(Edm.ComplexType)"/>'
        '<Property Name="z" Type="g.none"/><Property Name="zs" Type="Collection(g.none)"/>'
    )
    props = members(make(text + '<EnumType Name="none"/>' + container(AS)), "a")
    assert props["x"].type == UntypedRef()
    assert props["y"].type == ListRef(UntypedRef())
    assert props["z"].type == PrimitiveRef(Primitive.STRING)
    assert props["zs"].type == ListRef(PrimitiveRef(Primitive.STRING))


class TestTypeAnnotation:
    KIN = '<EntityType Name="b" BaseType="g.a"/><EntityType Name="c" BaseType="g.b"/>'
    HOLDER = '<ComplexType Name="h"><Property Name="n" Type="Edm.String"/>{}</ComplexType>'
    HELD = '<NavigationProperty Name="held" Type="{}"/>'

    @pytest.mark.parametrize(
        ("use", "told"), [("g.a", True), ("g.b", True), ("Collection(g.a)", False), ("g.c", False)]
    )
    def test_told_where_a_base_is_held_as_one_value(self, make: Resolve, use: str, told: bool) -> None:
        text = a() + self.KIN + self.HOLDER.format(self.HELD.format(use)) + container(AS)
        assert (type_value(make(text), "c") == "#microsoft.graph.c") is told

    def test_told_where_the_direct_base_is_abstract_and_not_called_entity(self, make: Resolve) -> None:
        model = make(a(attributes='Abstract="true"') + self.KIN + container(AS))
        assert type_value(model, "b") == "#microsoft.graph.b"
        assert type_value(model, "a") is None
        assert type_value(model, "c") is None

    def test_actions_tell_and_functions_do_not(self, make: Resolve) -> None:
        for kind, told in (("Action", True), ("Function", False)):
            returns = '<ReturnType Type="Edm.Int32"/>' if kind == "Function" else ""
            called = f'<{kind} Name="f" IsBound="true"><Parameter Name="it" Type="g.a"/>{returns}</{kind}>'
            assert (type_value(make(a() + self.KIN + called + container(AS)), "b") is not None) is told


def test_discriminators_name_all_kept_subtypes_at_any_depth(make: Resolve) -> None:
    model = make(a() + TestTypeAnnotation.KIN + container(AS), include=("/as/{id}",))
    discriminator = found(model, "a").discriminator
    assert discriminator is not None
    assert discriminator.mapping == (
        ("#microsoft.graph.b", "microsoft.graph.b"),
        ("#microsoft.graph.c", "microsoft.graph.c"),
    )
    assert found(model, "c").discriminator is None


def test_pages_and_errors(make: Resolve) -> None:
    model = make(
        '<ComplexType Name="InnerError"><Property Name="date" Type="Edm.Date"/></ComplexType>' + a() + container(AS)
    )
    page = found(model, "aCollectionResponse")
    assert page.base == "BaseCollectionPaginationCountResponse"
    error = found(model, "ODataErrors.ODataError")
    assert (error.error, error.primary_message, error.place.namespace) == (True, ("error", "message"), ("ODataErrors",))
    assert "date" in members(model, "ODataErrors.InnerError")


def test_errors_live_where_the_dots_are_fewest_and_the_prefix_is_that_of_all(make: Resolve) -> None:
    more = (
        '<Schema Namespace="shop" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
        '<ComplexType Name="InnerError"/></Schema>'
    )
    model = make(a() + container(AS), more=more)
    assert "shop.ODataErrors.ODataError" in model.types
    assert found(model, "a").place.namespace == ("microsoft", "graph")


def test_flags_and_numbers_of_enumerations(make: Resolve) -> None:
    text = (
        '<EnumType Name="duty" IsFlags="true"><Member Name="helm" Value="1"/><Member Name="bell" Value="2"/></EnumType>'
    )
    model = make(a('<Property Name="p" Type="g.duty"/>') + text + container(AS))
    duty = model.types["microsoft.graph.duty"]
    assert isinstance(duty, EnumType)
    assert (duty.flags, [(m.value, m.number) for m in duty.members]) == (True, [("helm", 1), ("bell", 2)])


class TestGeography:
    TEXT = a('<Property Name="any" Type="Edm.Geography"/><Property Name="point" Type="Edm.GeographyPoint"/>')

    def test_any_shape_is_a_choice_beside_its_owner(self, make: Resolve) -> None:
        model = make(self.TEXT + container(AS))
        ref = members(model, "a")["any"].type
        assert isinstance(ref, NamedRef)
        choice = model.types[ref.id]
        assert isinstance(choice, ComposedType)
        assert (choice.name, choice.composition) == ("Geography", Composition.INTERSECTION)
        assert choice.place == found(model, "a").place
        assert [member.name for member in choice.members][:2] == ["GeometryPoint", "GeometryLineString"]

    def test_a_point_has_coordinates_and_a_shape_of_its_own(self, make: Resolve) -> None:
        model = make(self.TEXT + container(AS))
        point = model.types["Edm.GeographyPoint"]
        assert isinstance(point, ObjectType)
        props = {prop.name: prop for prop in point.properties}
        assert props["coordinates"].type == ListRef(PrimitiveRef(Primitive.DOUBLE))
        assert (props["type"].type, props["type"].default) == (NamedRef("Edm.GeographyPoint_type"), "Point")

    def test_a_spatial_type_anywhere_costs_the_common_prefix(self, make: Resolve) -> None:
        assert found(make(a() + container(AS)), "a").place.namespace == ()
        assert found(make(self.TEXT + container(AS)), "a").place.namespace == ("microsoft", "graph")
        unused = '<EntityType Name="far"><Property Name="p" Type="Collection(Edm.GeometryPolygon)"/></EntityType>'
        assert found(make(a() + unused + container(AS)), "a").place.namespace == ("microsoft", "graph")
