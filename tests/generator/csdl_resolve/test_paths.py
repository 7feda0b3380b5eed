"""Which paths there are: sets, navigation, keys, casts, streams, complex values, operations, imports."""

from __future__ import annotations

import pytest

from graphslice.api.model import ApiModel, PathParameter, Primitive, PrimitiveRef

from .conftest import Resolve


def tree(model: ApiModel) -> dict[str, str]:
    return {item.path: " ".join(operation.verb for operation in item.operations) for item in model.paths}


def below(model: ApiModel, prefix: str) -> list[str]:
    return sorted(item.path for item in model.paths if item.path.startswith(prefix))


def parameters(model: ApiModel, path: str) -> tuple[PathParameter, ...]:
    return next(item.parameters for item in model.paths if item.path == path)


def container(*children: str) -> str:
    return f'<EntityContainer Name="C">{"".join(children)}</EntityContainer>'


def record(term: str, *values: str) -> str:
    return f'<Annotation Term="{term}"><Record>{"".join(values)}</Record></Annotation>'


def says(name: str, value: str) -> str:
    return f'<PropertyValue Property="{name}" Bool="{value}"/>'


AS = '<EntitySet Name="as" EntityType="g.a"/>'
B = '<EntityType Name="b" BaseType="g.entity"/>'
BS = '<NavigationProperty Name="bs" Type="Collection(g.b)" ContainsTarget="true">{}</NavigationProperty>'


def a(*members: str, attributes: str = "") -> str:
    return f'<EntityType Name="a" BaseType="g.entity" {attributes}>{"".join(members)}</EntityType>'


def test_a_set_has_its_items_and_its_count(make: Resolve) -> None:
    assert tree(make(a() + container(AS))) == {
        "/as": "GET POST",
        "/as/$count": "GET",
        "/as/{a-id}": "GET PATCH DELETE",
    }


def test_a_singleton_has_no_count_no_key_and_is_never_deleted(make: Resolve) -> None:
    assert tree(make(a() + container('<Singleton Name="one" Type="g.a"/>'))) == {"/one": "GET PATCH"}


def test_a_set_without_keys_goes_on_from_the_collection(make: Resolve) -> None:
    text = AS.replace("/>", '><Annotation Term="Cap.IndexableByKey" Bool="false"/></EntitySet>')
    model = make(a(BS.format("")) + B + container(text))
    assert "/as/bs/{b-id}" in tree(model)
    assert "/as/{a-id}" not in tree(model)


def test_a_property_without_keys_ends_its_branch(make: Resolve) -> None:
    flat = BS.format('<Annotation Term="Cap.IndexableByKey" Bool="false"/>')
    assert below(make(a(flat) + B + container(AS)), "/as/{a-id}/") == ["/as/{a-id}/bs"]


def test_what_is_not_contained_has_a_key_and_nothing_below(make: Resolve) -> None:
    loose = BS.format("").replace("true", "false")
    child = '<EntityType Name="b" BaseType="g.entity"><NavigationProperty Name="up" Type="g.a"/></EntityType>'
    assert tree(make(a(loose) + child + container(AS)))["/as/{a-id}/bs/{b-id}"] == "GET"
    assert not below(make(a(loose) + child + container(AS)), "/as/{a-id}/bs/{b-id}/")


def test_references_replace_keys(make: Resolve) -> None:
    referenced = BS.format(record("Cap.NavigationRestrictions", says("Referenceable", "true")))
    one = '<NavigationProperty Name="best" Type="g.b">{}</NavigationProperty>'.format(
        record("Cap.NavigationRestrictions", says("Referenceable", "true"))
    )
    found = tree(make(a(referenced, one) + B + container(AS)))
    assert found["/as/{a-id}/bs/$ref"] == "GET POST DELETE"
    assert found["/as/{a-id}/bs/{b-id}/$ref"] == "DELETE"
    assert found["/as/{a-id}/best/$ref"] == "GET PUT DELETE"
    assert "/as/{a-id}/bs/{b-id}" not in found


def test_navigability_none_removes_a_property_and_all_below(make: Resolve) -> None:
    none = '<PropertyValue Property="Navigability"><EnumMember>Cap.NavigationType/None</EnumMember></PropertyValue>'
    closed = BS.format(record("Cap.NavigationRestrictions", none))
    assert not below(make(a(closed) + B + container(AS)), "/as/{a-id}/")


def test_a_top_level_entry_of_the_source_takes_the_verbs_and_leaves_the_count(make: Resolve) -> None:
    entry = (
        '<PropertyValue Property="RestrictedProperties"><Collection><Record>'
        '<PropertyValue Property="NavigationProperty" NavigationPropertyPath="bs"/>'
        '<PropertyValue Property="Navigability"><EnumMember>Cap.NavigationType/None</EnumMember></PropertyValue>'
        "</Record></Collection></PropertyValue>"
    )
    restricted = AS.replace("/>", f">{record('Cap.NavigationRestrictions', entry)}</EntitySet>")
    assert below(make(a(BS.format("")) + B + container(restricted)), "/as/{a-id}/") == ["/as/{a-id}/bs/$count"]


def test_the_first_count_record_of_a_path_rules_all_below(make: Resolve) -> None:
    uncounted = record("Cap.CountRestrictions", says("Countable", "false"))
    deep = (
        '<EntityType Name="b" BaseType="g.entity">'
        '<NavigationProperty Name="cs" Type="Collection(g.c)" ContainsTarget="true">{}</NavigationProperty>'
        '</EntityType><EntityType Name="c" BaseType="g.entity"/>'
    )
    plain = tree(make(a(BS.format("")) + deep.format(uncounted) + container(AS)))
    assert "/as/{a-id}/bs/{b-id}/cs/$count" not in plain
    ruled = tree(
        make(a(BS.format("")) + deep.format(uncounted) + container(AS.replace("/>", f">{uncounted}</EntitySet>")))
    )
    assert "/as/$count" not in ruled
    assert "/as/{a-id}/bs/{b-id}/cs/$count" in ruled


def test_a_partner_is_counted_only_where_the_record_lists_it_as_not_countable(make: Resolve) -> None:
    back = (
        '<EntityType Name="b" BaseType="g.entity"><NavigationProperty Name="up" Type="g.a" Partner="bs"/></EntityType>'
    )
    partnered = BS.format("").replace("ContainsTarget", 'Partner="up" ContainsTarget')
    listed = (
        '<PropertyValue Property="NonCountableNavigationProperties"><Collection>'
        "<NavigationPropertyPath>up</NavigationPropertyPath></Collection></PropertyValue>"
    )
    for value, there in (("", False), (listed, True)):
        ruled = AS.replace("/>", f">{record('Cap.CountRestrictions', says('Countable', 'true'), value)}</EntitySet>")
        found = tree(make(a(partnered) + back + container(ruled)))
        assert ("/as/{a-id}/bs/$count" in found) is there


class TestKeys:
    def test_names_repeat_with_numbers(self, make: Resolve) -> None:
        ring = BS.format("").replace("(g.b)", "(g.a)")
        model = make(a(ring) + container(AS))
        assert "/as/{a-id}/bs/{a-id1}" in tree(model)
        assert [p.name for p in parameters(model, "/as/{a-id}/bs/{a-id1}")] == ["a-id", "a-id1"]

    def test_several_parts_stand_in_key_order_without_the_type(self, make: Resolve) -> None:
        model = make(
            """<TypeDefinition Name="code" UnderlyingType="Edm.String"/>
            <EntityType Name="seat"><Key><PropertyRef Name="row"/><PropertyRef Name="code"/>
            <PropertyRef Name="no"/></Key>
            <Property Name="no" Type="Edm.Int32" Nullable="false"/>
            <Property Name="code" Type="g.code" Nullable="false"/>
            <Property Name="row" Type="Edm.String" Nullable="false"/></EntityType>"""
            + container('<EntitySet Name="seats" EntityType="g.seat"/>')
        )
        path = "/seats/row='{row}',code={code},no={no}"
        assert path in tree(model)
        assert [p.type for p in parameters(model, path)] == [
            PrimitiveRef(Primitive.STRING),
            PrimitiveRef(Primitive.STRING),
            PrimitiveRef(Primitive.INT32),
        ]

    def test_a_type_without_key_gives_an_empty_segment(self, make: Resolve) -> None:
        keyless = BS.format("") + '<NavigationProperty Name="any" Type="Collection(Edm.EntityType)"/>'
        found = tree(make(a(keyless) + '<EntityType Name="b"/>' + container(AS)))
        assert "/as/{a-id}/bs/" in found
        assert found["/as/{a-id}/any/"] == "GET"

    ALTERNATE = (
        '<Annotation Term="Core.AlternateKeys"><Collection><Record><PropertyValue Property="Key"><Collection>'
        "{}</Collection></PropertyValue></Record></Collection></Annotation>"
    )
    PART = (
        '<Record><PropertyValue Property="Alias" String="{}"/>'
        '<PropertyValue Property="Name" PropertyPath="{}"/></Record>'
    )
    TAG = '<Property Name="tag" Type="Edm.Int32"/><Property Name="lot" Type="Edm.String"/>'

    @pytest.mark.parametrize(
        ("parts", "path", "declared"),
        [
            ((("tag", "tag"),), "/as(tag='{tag}')", {"tag": True}),
            ((("TAG", "tag"),), "/as(TAG='{tag}')", {"tag": True}),
            ((("number", "tag"),), "/as(number='{tag}')", {"tag": False}),
            ((("tag", "tag"), ("gone", "missing")), "/as(tag='{tag}')", {"tag": True}),
            ((("tag", "tag"), ("batch", "lot")), "/as(tag='{tag}',batch='{lot}')", {"tag": True, "lot": False}),
        ],
    )
    def test_alternate_keys(
        self, make: Resolve, parts: tuple[tuple[str, str], ...], path: str, declared: dict[str, bool]
    ) -> None:
        text = self.ALTERNATE.format("".join(self.PART.format(*part) for part in parts))
        model = make(a(self.TAG, text) + container(AS))
        assert {p.name: p.declared for p in parameters(model, path)} == declared

    def test_an_alternate_key_without_any_property_is_none(self, make: Resolve) -> None:
        text = self.ALTERNATE.format(self.PART.format("x", "missing"))
        assert not below(make(a(text) + container(AS)), "/as(")


class TestCasts:
    KIN = (
        '<EntityType Name="cat" BaseType="g.a">'
        '<NavigationProperty Name="toys" Type="Collection(g.b)" ContainsTarget="true"/>'
        "</EntityType>"
    )

    def constrained(self, *names: str) -> str:
        listed = "".join(f"<String>{name}</String>" for name in names)
        return f'<Annotation Term="Val.DerivedTypeConstraint"><Collection>{listed}</Collection></Annotation>'

    def test_a_constraint_gives_casts_in_both_forms(self, make: Resolve) -> None:
        text = AS.replace("/>", f">{self.constrained('microsoft.graph.cat')}</EntitySet>")
        found = tree(make(a() + B + self.KIN + container(text)))
        assert found["/as/g.cat"] == "GET"
        assert "/as/g.cat/$count" in found
        assert "/as/{a-id}/g.cat/toys/{b-id}" in found
        assert "/as/g.cat/toys" not in found

    @pytest.mark.parametrize("name", ["g.cat", "microsoft.graph.a", "microsoft.graph.b", "microsoft.graph.nobody"])
    def test_names_that_are_no_full_name_of_a_derived_type_count_for_nothing(self, make: Resolve, name: str) -> None:
        text = AS.replace("/>", f">{self.constrained(name)}</EntitySet>")
        assert tree(make(a() + B + self.KIN + container(text))).keys() == {"/as", "/as/$count", "/as/{a-id}"}

    def test_an_empty_list_on_a_set_hides_that_of_its_type(self, make: Resolve) -> None:
        typed = a(self.constrained("microsoft.graph.cat"))
        assert "/as/g.cat" in tree(make(typed + B + self.KIN + container(AS)))
        text = AS.replace("/>", f">{self.constrained()}</EntitySet>")
        assert "/as/g.cat" not in tree(make(typed + B + self.KIN + container(text)))

    def test_a_type_of_a_schema_without_alias_is_cast_by_its_full_name(self, make: Resolve) -> None:
        more = (
            '<Schema Namespace="far.off" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
            '<EntityType Name="cat" BaseType="microsoft.graph.a"/></Schema>'
        )
        text = AS.replace("/>", f">{self.constrained('far.off.cat')}</EntitySet>")
        assert "/as/far.off.cat" in tree(make(a() + container(text), more=more))


class TestStreams:
    def test_streams_and_the_type_s_own(self, make: Resolve) -> None:
        model = make(a('<Property Name="thumb" Type="Edm.Stream"/>', attributes='HasStream="true"') + container(AS))
        assert tree(model)["/as/{a-id}/thumb"] == "GET PUT DELETE"
        assert tree(model)["/as/{a-id}/$value"] == "GET PUT DELETE"

    def test_a_property_called_content_hides_the_type_s_own(self, make: Resolve) -> None:
        model = make(a('<Property Name="Content" Type="Edm.String"/>', attributes='HasStream="true"') + container(AS))
        assert "/as/{a-id}/$value" not in tree(model)

    def test_only_the_direct_base_hands_its_stream_on(self, make: Resolve) -> None:
        model = make(
            a(attributes='HasStream="true"')
            + '<EntityType Name="a1" BaseType="g.a"/><EntityType Name="a2" BaseType="g.a1"/>'
            + container('<EntitySet Name="x" EntityType="g.a1"/><EntitySet Name="y" EntityType="g.a2"/>')
        )
        assert "/x/{a1-id}/$value" in tree(model)
        assert "/y/{a2-id}/$value" not in tree(model)


class TestComplexValues:
    VALUE = (
        '<ComplexType Name="v"><NavigationProperty Name="owner" Type="g.b"/>'
        '<Property Name="inner" Type="g.w"/></ComplexType><ComplexType Name="w">'
        '<NavigationProperty Name="maker" Type="g.b"/></ComplexType>'
    )

    def test_a_path_only_where_some_record_says_yes_aloud(self, make: Resolve) -> None:
        silent = a(f'<Property Name="v" Type="g.v">{record("Cap.ReadRestrictions")}</Property>')
        assert not below(make(silent + B + self.VALUE + container(AS)), "/as/{a-id}/v")
        aloud = silent.replace("<Record>", f"<Record>{says('Readable', 'true')}", 1)
        found = tree(make(aloud + B + self.VALUE + container(AS)))
        assert found["/as/{a-id}/v"] == "GET"
        assert found["/as/{a-id}/v/owner"] == "GET"
        assert "/as/{a-id}/v/inner" not in found
        assert found["/as/{a-id}/v/inner/maker"] == "GET"

    def test_a_collection_counts_and_takes_more(self, make: Resolve) -> None:
        rules = record("Cap.InsertRestrictions", says("Insertable", "true")) + record(
            "Cap.UpdateRestrictions", says("Updatable", "true")
        )
        model = make(
            a(f'<Property Name="vs" Type="Collection(g.v)">{rules}</Property>') + B + self.VALUE + container(AS)
        )
        assert tree(model)["/as/{a-id}/vs"] == "PATCH POST"
        assert tree(model)["/as/{a-id}/vs/$count"] == "GET"

    def test_a_path_without_verbs_is_none_but_what_hangs_on_it_stays(self, make: Resolve) -> None:
        rules = record("Cap.InsertRestrictions", says("Insertable", "true"))
        found = tree(make(a(f'<Property Name="v" Type="g.v">{rules}</Property>') + B + self.VALUE + container(AS)))
        assert "/as/{a-id}/v" not in found
        assert "/as/{a-id}/v/owner" in found


class TestOperations:
    def function(
        self, name: str, binding: str, returns: str = "Edm.String", more: str = "", attributes: str = ""
    ) -> str:
        return (
            f'<Function Name="{name}" IsBound="true" {attributes}>'
            f'<Parameter Name="it" Type="{binding}"/>{more}<ReturnType Type="{returns}"/>'
            "</Function>"
        )

    def test_sets_items_and_contained_navigation_offer_them(self, make: Resolve) -> None:
        loose = '<NavigationProperty Name="far" Type="Collection(g.b)"/>'
        text = a(BS.format(""), loose) + B + self.function("one", "g.b") + self.function("all", "Collection(g.b)")
        found = tree(make(text + container(AS, '<EntitySet Name="bs" EntityType="g.b"/>')))
        assert {path for path in found if path.endswith("()")} == {
            "/bs/{b-id}/one()",
            "/bs/all()",
            "/as/{a-id}/bs/{b-id}/one()",
            "/as/{a-id}/bs/all()",
        }

    def test_only_types_of_sources_inherit_operations(self, make: Resolve) -> None:
        kin = '<EntityType Name="c" BaseType="g.b"/>'
        inside = BS.format("").replace("(g.b)", "(g.c)")
        assert not any(
            "one()" in p for p in tree(make(a(inside) + B + kin + self.function("one", "g.b") + container(AS)))
        )
        both = make(
            a(inside) + B + kin + self.function("one", "g.b") + container(AS, '<Singleton Name="s" Type="g.c"/>')
        )
        assert "/as/{a-id}/bs/{c-id}/one()" in tree(both)

    def test_explicit_binding_counts_whatever_its_value_and_asks_for_full_names(self, make: Resolve) -> None:
        tagged = self.function("one", "g.b").replace(
            "</Function>", '<Annotation Term="Core.RequiresExplicitBinding" Bool="false"/></Function>'
        )
        listing = (
            '<Annotation Term="Core.ExplicitOperationBindings"><Collection><String>{}</String>'
            "</Collection></Annotation>"
        )
        for name, there in (("microsoft.graph.one", True), ("g.one", False)):
            loose = BS.format(listing.format(name)).replace('ContainsTarget="true"', "")
            assert ("/as/{a-id}/bs/{b-id}/one()" in tree(make(a(loose) + B + tagged + container(AS)))) is there

    def test_names_are_cut_of_one_namespace_only(self, make: Resolve) -> None:
        more = (
            '<Schema Namespace="microsoft.graph.deep" Alias="d" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
            '<Action Name="go" IsBound="true"><Parameter Name="it" Type="microsoft.graph.a"/>'
            "</Action></Schema>"
        )
        assert "/as/{a-id}/microsoft.graph.deep.go" in tree(make(a() + container(AS), more=more))

    def test_quotes_aliases_and_numbers_in_parameters(self, make: Resolve) -> None:
        more = (
            '<Parameter Name="a-id" Type="Edm.String"/>'.replace("a-id", "day")
            + '<Parameter Name="ink" Type="g.ink"/><Parameter Name="ids" Type="Collection(Edm.Int32)"/>'
            + (
                '<Parameter Name="top" Type="Edm.Int32">'
                '<Annotation Term="Org.OData.Core.V1.OptionalParameter"/></Parameter>'
            )
        )
        enum = '<EnumType Name="ink"><Member Name="red"/></EnumType>'
        model = make(a() + enum + self.function("f", "g.a", more=more) + container(AS))
        path = "/as/{a-id}/f(day='{day}',ink='{ink}',ids={ids},top=@top)"
        (operation,) = next(item.operations for item in model.paths if item.path == path)
        assert [p.name for p in parameters(model, path)] == ["a-id", "day", "ink", "ids"]
        assert [q.name for q in operation.query] == ["top"]
        assert "microsoft.graph.ink" not in model.types

    def test_an_optional_parameter_is_known_by_the_full_term_only(self, make: Resolve) -> None:
        for term, text in (("Org.OData.Core.V1", "top=@top"), ("Core", "top={top}")):
            more = f'<Parameter Name="top" Type="Edm.Int32"><Annotation Term="{term}.OptionalParameter"/></Parameter>'
            assert f"/as/{{a-id}}/f({text})" in tree(make(a() + self.function("f", "g.a", more=more) + container(AS)))

    def test_the_closer_of_two_operations_of_one_text_wins(self, make: Resolve) -> None:
        kin = '<EntityType Name="c" BaseType="g.b"/>'
        two = self.function("f", "g.b", "Edm.String") + self.function("f", "g.c", "g.c")
        for text in (two, self.function("f", "g.c", "g.c") + self.function("f", "g.b", "Edm.String")):
            model = make(B + kin + text + container('<EntitySet Name="cs" EntityType="g.c"/>'))
            (operation,) = next(item.operations for item in model.paths if item.path == "/cs/{c-id}/f()")
            assert getattr(operation.result.type, "id", "") == "microsoft.graph.c"

    def test_an_operation_takes_the_place_of_navigation_of_its_name(self, make: Resolve) -> None:
        deep = (
            '<EntityType Name="b" BaseType="g.entity">'
            '<NavigationProperty Name="c" Type="g.a" ContainsTarget="true"/></EntityType>'
        )
        draft = '<NavigationProperty Name="draft" Type="g.b" ContainsTarget="true"/>'
        action = '<Action Name="draft" IsBound="true"><Parameter Name="it" Type="g.a"/></Action>'
        found = tree(make(a(draft) + deep + action + container(AS)))
        assert found["/as/{a-id}/draft"] == "POST"
        assert "/as/{a-id}/draft/c" in found

    @pytest.mark.parametrize("name", ["count", "Count"])
    def test_an_operation_called_count_removes_the_count_beside_it(self, make: Resolve, name: str) -> None:
        text = a(BS.format("")) + B + self.function(name, "Collection(g.b)", "Edm.Int32") + container(AS)
        found = tree(make(text))
        assert "/as/{a-id}/bs/$count" not in found
        assert f"/as/{{a-id}}/bs/{name}()" in found
        sliced = make(text, include=("/as/{id}/bs/$count", "/as"))
        assert "/as/{a-id}/bs/$count" not in tree(sliced)

    def test_a_composable_function_is_followed_one_level(self, make: Resolve) -> None:
        text = (
            a()
            + (
                '<EntityType Name="b" BaseType="g.entity">'
                '<NavigationProperty Name="parts" Type="Collection(g.a)" ContainsTarget="true"/>'
                "</EntityType>"
            )
            + self.function("best", "g.a", "g.b", attributes='IsComposable="true"')
            + self.function("next", "g.b", "g.b", attributes='IsComposable="true"')
            + self.function("best", "g.b", "g.b")
            + container(AS)
        )
        assert below(make(text), "/as/{a-id}/best()") == [
            "/as/{a-id}/best()",
            "/as/{a-id}/best()/next()",
            "/as/{a-id}/best()/parts",
        ]


class TestImports:
    def test_imports_stand_at_the_root_without_namespace(self, make: Resolve) -> None:
        text = """<Function Name="near"><Parameter Name="place" Type="Edm.String"/><ReturnType Type="Collection(g.a)"/>
</Function>
        <Function Name="near"><ReturnType Type="g.a"/></Function><Action Name="reset"/>"""
        imports = '<FunctionImport Name="near" Function="g.near"/><ActionImport Name="reset" Action="g.reset"/>'
        model = make(a() + text + container(imports), namespace="far.off")
        assert tree(model) == {"/near(place='{place}')": "GET", "/near()": "GET", "/reset": "POST"}
        assert all(not operation.query for item in model.paths for operation in item.operations)

    def test_a_function_import_that_is_not_readable_is_left_out(self, make: Resolve) -> None:
        hidden = record("Cap.ReadRestrictions", says("Readable", "false"))
        text = '<Function Name="near"><ReturnType Type="Edm.Int32"/></Function>'
        imports = f'<FunctionImport Name="near" Function="g.near">{hidden}</FunctionImport>'
        assert "/near()" not in tree(make(a() + text + container(imports, AS)))
