"""Where two rules meet: values of the wrong kind, counts and casts, what a stream belongs to, aliases of keys."""

from __future__ import annotations

import pytest

from graphslice.api.model import BodyKind, NamedRef, ObjectType

from .conftest import ENTITY, Resolve
from .test_operations import ALL, custom, inside, operation, options, outside, tag
from .test_paths import AS, BS, B, a, container, parameters, record, says, tree

NOT_SEARCHABLE = record("Cap.SearchRestrictions", says("Searchable", "false"))


class TestValuesOfTheWrongKind:
    def test_on_a_set_they_count_as_absent_so_that_its_type_is_asked(self, make: Resolve) -> None:
        typed = a(record("Cap.InsertRestrictions", says("Insertable", "false")))
        assert tree(make(typed + container(AS)))["/as"] == "GET"
        assert tree(make(typed + container(inside(record("Cap.InsertRestrictions")))))["/as"] == "GET POST"
        assert tree(make(typed + container(inside(tag("Cap.InsertRestrictions", "true")))))["/as"] == "GET"

    def test_so_do_texts_for_a_tag(self, make: Resolve) -> None:
        typed = a(tag("Cap.IndexableByKey", "false"))
        text = '<Annotation Term="Cap.IndexableByKey" String="true"/>'
        assert "/as/{a-id}" not in tree(make(typed + container(inside(text))))

    def test_on_a_type_they_hide_what_its_base_says(self, make: Resolve) -> None:
        base = f'<EntityType Name="base" BaseType="g.entity">{record("Cap.DeleteRestrictions", says("Deletable", "0"))}'
        wrong = tag("Cap.DeleteRestrictions", "true")
        text = f'{base}</EntityType><EntityType Name="a" BaseType="g.base">{wrong}</EntityType>'
        assert tree(make(text + container(AS)))["/as/{a-id}"] == "GET PATCH DELETE"


class TestCounts:
    DEEP = '<EntityType Name="cat" BaseType="g.b">{}</EntityType>'
    CONSTRAINT = (
        '<Annotation Term="Val.DerivedTypeConstraint"><Collection><String>microsoft.graph.cat</String></Collection>'
        "</Annotation>"
    )

    def test_a_cast_loses_an_option_where_path_type_and_property_agree(self, make: Resolve) -> None:
        path = "/as/{a-id}/bs/g.cat/$count"
        no = outside("g.C/as/bs/microsoft.graph.cat", NOT_SEARCHABLE)
        for of_type, of_property, left in (("", NOT_SEARCHABLE, True), (NOT_SEARCHABLE, NOT_SEARCHABLE, False)):
            text = a(BS.format(self.CONSTRAINT + of_property)) + B + self.DEEP.format(of_type) + container(AS)
            assert ("$search" in options(make(text + no), path)) is left
            assert "$search" in options(make(text), path)

    def test_of_complex_values_only_the_path_is_asked(self, make: Resolve) -> None:
        aloud = record("Cap.ReadRestrictions", says("Readable", "true"), custom("wide"))
        text = a(f'<Property Name="vs" Type="Collection(g.v)">{aloud}</Property>') + '<ComplexType Name="v"/>'
        model = make(text + container(AS))
        assert "wide" in options(model, "/as/{a-id}/vs")
        assert options(model, "/as/{a-id}/vs/$count") == {"$search", "$filter"}
        said = make(text + container(AS) + outside("g.C/as/vs", NOT_SEARCHABLE))
        assert options(said, "/as/{a-id}/vs/$count") == {"$filter"}
        assert options(said, "/as/{a-id}/vs") == ALL | {"wide"}

    def test_a_record_at_the_path_leaves_gaps_for_the_element_to_fill(self, make: Resolve) -> None:
        text = a() + container(inside(record("Cap.ReadRestrictions", custom("wide"))))
        text += outside("g.C/as", record("Cap.ReadRestrictions", says("Readable", "true")))
        assert options(make(text), "/as/$count") == {"$search", "$filter", "wide"}


def test_for_navigation_a_set_s_inline_record_hides_the_one_outside(make: Resolve) -> None:
    def no(name: str) -> str:
        return record(
            "Cap.NavigationRestrictions",
            '<PropertyValue Property="RestrictedProperties"><Collection><Record><PropertyValue '
            f'Property="NavigationProperty" NavigationPropertyPath="{name}"/><PropertyValue Property="Navigability" '
            'EnumMember="Cap.NavigationType/None"/></Record></Collection></PropertyValue>',
        )

    text = a(BS.format(""), BS.format("").replace('"bs"', '"cs"')) + B
    found = tree(make(text + container(inside(no("bs"))) + outside("g.C/as", no("cs"))))
    assert "/as/{a-id}/bs" not in found
    assert "/as/{a-id}/cs" in found
    assert "/as/{a-id}/cs" not in tree(make(text + container(AS) + outside("g.C/as", no("cs"))))


def test_of_two_composable_functions_of_one_text_both_are_followed(make: Resolve) -> None:
    function = (
        '<Function Name="best" IsBound="true" IsComposable="true"><Parameter Name="it" Type="g.{}"/>'
        '<ReturnType Type="g.{}"/></Function>'
    )
    kinds = "".join(
        f'<EntityType Name="{name}" BaseType="g.{base}"><NavigationProperty Name="to{name}" Type="g.a"/></EntityType>'
        for name, base in (("x", "entity"), ("y", "entity"), ("b", "a"))
    )
    text = a() + kinds + function.format("a", "x") + function.format("b", "y")
    found = tree(make(text + container('<EntitySet Name="bs" EntityType="g.b"/>')))
    assert {"/bs/{b-id}/best()", "/bs/{b-id}/best()/tox", "/bs/{b-id}/best()/toy"} <= found.keys()


def test_a_cast_of_a_complex_value_takes_no_custom_options(make: Resolve) -> None:
    listed = TestCounts.CONSTRAINT.replace("cat", "w")
    aloud = record("Cap.ReadRestrictions", says("Readable", "true"), custom("wide"))
    text = a(f'<Property Name="v" Type="g.v">{aloud}{listed}</Property>')
    model = make(text + '<ComplexType Name="v"/><ComplexType Name="w" BaseType="g.v"/>' + container(AS))
    assert options(model, "/as/{a-id}/v") == {"$select", "$expand", "wide"}
    assert not options(model, "/as/{a-id}/v/g.w")


class TestStreams:
    BODY = '<EntityType Name="b" BaseType="g.entity" HasStream="true"/>'
    IMAGE = (
        '<Annotation Term="Core.AcceptableMediaTypes"><Collection><String>image/png</String></Collection></Annotation>'
    )
    ENTRY = (
        '<PropertyValue Property="RestrictedProperties"><Collection><Record><PropertyValue Property="ReadRestrictions">'
        "<Record>{}</Record></PropertyValue></Record></Collection></PropertyValue>"
    )

    def test_a_record_for_one_element_that_says_nothing_allows_reading(self, make: Resolve) -> None:
        silent = '<PropertyValue Property="ReadByKeyRestrictions"><Record/></PropertyValue>'
        rule = record("Cap.ReadRestrictions", says("Readable", "false"), silent)
        model = make(a('<Property Name="x" Type="Edm.Stream"/>') + container(inside(rule)))
        assert tree(model)["/as/{a-id}/x"] == "GET PUT DELETE"

    def test_a_single_navigation_property_says_what_its_stream_holds_and_takes(self, make: Resolve) -> None:
        rule = record("Cap.NavigationRestrictions", self.ENTRY.format(custom("size")))
        one = f'<NavigationProperty Name="b" Type="g.b" ContainsTarget="true">{rule}{self.IMAGE}</NavigationProperty>'
        model = make(a(one) + self.BODY + container(AS))
        assert options(model, "/as/{a-id}/b/$value") == {"size"}
        assert operation(model, "/as/{a-id}/b/$value").accept == "image/png, application/json"
        body = operation(model, "/as/{a-id}/b/$value", "PUT").body
        assert body is not None
        assert (body.kind, body.content_type) == (BodyKind.STREAM, "image/png")

    def test_behind_a_key_the_key_property_does(self, make: Resolve) -> None:
        text = ENTITY.replace("microsoft.graph", "x")
        keyed = text.replace('"entity"', '"root"').replace(
            'Nullable="false"/>', f'Nullable="false">{self.IMAGE}</Property>'
        )
        stream = '<EntityType Name="b" BaseType="g.root" HasStream="true"/>'
        model = make(keyed + stream + container('<EntitySet Name="bs" EntityType="g.b"/>'))
        assert operation(model, "/bs/{b-id}/$value").accept == "image/png, application/json"

    @pytest.mark.parametrize("name", ["content", "Content"])
    def test_putting_a_property_called_content_answers_its_owner(self, make: Resolve, name: str) -> None:
        model = make(a(f'<Property Name="{name}" Type="Edm.Stream"/>') + container(AS))
        assert operation(model, f"/as/{{a-id}}/{name}", "PUT").result.type == NamedRef("microsoft.graph.a")


class TestAliasesOfKeys:
    KEYS = '<Annotation Term="Core.AlternateKeys"><Collection>{}</Collection></Annotation>'
    KEY = '<Record><PropertyValue Property="Key"><Collection>{}</Collection></PropertyValue></Record>'
    PART = (
        '<Record><PropertyValue Property="Alias" String="{}"/>'
        '<PropertyValue Property="Name" PropertyPath="{}"/></Record>'
    )
    TAGS = '<Property Name="tag" Type="Edm.Int32"/><Property Name="lot" Type="Edm.Guid"/>'

    @pytest.mark.parametrize(
        ("keys", "path", "declared"),
        [
            (("number tag", "tag lot"), "/as(number='{tag}')", {"tag": True}),
            (("tag tag, lo lot",), "/as(tag='{tag}',lo='{lot}')", {"tag": True, "lot": False}),
            (("tag tag, Lot lot",), "/as(tag='{tag}',Lot='{lot}')", {"tag": True, "lot": False}),
            (("number tag, lot lot", "tag tag, n lot"), "/as(number='{tag}',lot='{lot}')", {"tag": True, "lot": True}),
        ],
    )
    def test_any_key_of_the_type_can_declare_a_placeholder(
        self, make: Resolve, keys: tuple[str, ...], path: str, declared: dict[str, bool]
    ) -> None:
        parts = [[part.split() for part in key.split(",")] for key in keys]
        made = "".join(self.KEY.format("".join(self.PART.format(*part) for part in key)) for key in parts)
        model = make(a(self.TAGS, self.KEYS.format(made)) + container(AS))
        assert {p.name: p.declared for p in parameters(model, path)} == declared

    def test_a_key_through_a_complex_value_is_called_by_its_alias(self, make: Resolve) -> None:
        text = (
            '<ComplexType Name="v"><Property Name="no" Type="Edm.Int32" Nullable="false"/></ComplexType>'
            '<EntityType Name="a"><Key><PropertyRef Name="v/no" Alias="number"/></Key>'
            '<Property Name="v" Type="g.v" Nullable="false"/></EntityType>'
        )
        assert "/as/{a-number}" in tree(make(text + container(AS)))
        plain = text.replace("v/no", "v")
        assert "/as/{a-v}" in tree(make(plain + container(AS)))


def test_a_base_called_entity_in_any_letter_case_asks_for_no_type_annotation(make: Resolve) -> None:
    roots = '<ComplexType Name="{0}" Abstract="true"/><ComplexType Name="v" BaseType="g.{0}"/>'
    for name, default in (("Entity", None), ("root", "#microsoft.graph.v")):
        text = roots.format(name) + a('<Property Name="v" Type="g.v"/>') + container(AS)
        declared = make(text).types["microsoft.graph.v"]
        assert isinstance(declared, ObjectType)
        assert next(p.default for p in declared.properties if p.name == "@odata.type") == default


def test_a_required_value_of_an_enumeration_without_members_is_written_although_computed(make: Resolve) -> None:
    computed = tag("Core.Computed", "true")
    text = '<EnumType Name="ink"/>' + a(
        f'<Property Name="x" Type="g.ink" Nullable="false">{computed}</Property>'
        f'<Property Name="y" Type="g.ink">{computed}</Property>'
    )
    declared = make(text + container(AS)).types["microsoft.graph.a"]
    assert isinstance(declared, ObjectType)
    assert {p.name: p.read_only for p in declared.properties if p.name in "xy"} == {"x": False, "y": True}
