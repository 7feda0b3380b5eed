"""What the paths offer: verbs by capability, query options, bodies and answers, words and permissions."""

from __future__ import annotations

import pytest

from graphslice.api.model import (
    ApiModel,
    BodyKind,
    Deprecation,
    ListRef,
    NamedRef,
    ObjectType,
    Operation,
    Permission,
    Primitive,
    PrimitiveRef,
    UntypedRef,
)

from .conftest import Resolve
from .test_paths import AS, BS, B, a, container, record, says, tree

BYTES = PrimitiveRef(Primitive.BINARY)
ALL = {"$top", "$skip", "$search", "$filter", "$count", "$orderby", "$select", "$expand"}


def operation(model: ApiModel, path: str, verb: str = "GET") -> Operation:
    return next(o for item in model.paths if item.path == path for o in item.operations if o.verb == verb)


def options(model: ApiModel, path: str, verb: str = "GET") -> set[str]:
    return {query.name for query in operation(model, path, verb).query}


def outside(target: str, *annotations: str) -> str:
    return f'<Annotations Target="{target}">{"".join(annotations)}</Annotations>'


def tag(term: str, value: str) -> str:
    return f'<Annotation Term="{term}" Bool="{value}"/>'


def custom(*names: str, required: str = "false") -> str:
    records = "".join(
        f'<Record><PropertyValue Property="Name" String="{name}"/>{says("Required", required)}</Record>'
        for name in names
    )
    return f'<PropertyValue Property="CustomQueryOptions"><Collection>{records}</Collection></PropertyValue>'


def method(*names: str) -> str:
    text = " ".join(f"Cap.HttpMethod/{name}" for name in names)
    return f'<PropertyValue Property="UpdateMethod"><EnumMember>{text}</EnumMember></PropertyValue>'


def inside(*annotations: str) -> str:
    return AS.replace("/>", f">{''.join(annotations)}</EntitySet>")


class TestVerbs:
    def test_a_set_s_records_outside_and_inline_are_merged(self, make: Resolve) -> None:
        text = a() + container(inside(record("Cap.UpdateRestrictions", says("Updatable", "false"), method("PUT"))))
        text += outside("g.C/as", record("Cap.UpdateRestrictions", says("Updatable", "true")))
        assert tree(make(text))["/as/{a-id}"] == "GET PUT DELETE"

    def test_reading_by_key_has_its_own_record(self, make: Resolve) -> None:
        silent = '<PropertyValue Property="ReadByKeyRestrictions"><Record/></PropertyValue>'
        found = tree(make(a() + container(inside(record("Cap.ReadRestrictions", says("Readable", "false"), silent)))))
        assert found["/as"] == "POST"
        assert found["/as/{a-id}"].startswith("GET")

    @pytest.mark.parametrize(
        ("methods", "verbs"), [(("PUT",), "PUT"), (("PATCH", "PUT"), "PATCH PUT"), (("POST",), "PATCH")]
    )
    def test_the_update_method(self, make: Resolve, methods: tuple[str, ...], verbs: str) -> None:
        found = tree(make(a() + container(inside(record("Cap.UpdateRestrictions", method(*methods))))))
        assert found["/as/{a-id}"] == f"GET {verbs} DELETE"

    def test_a_set_without_a_word_falls_back_to_its_type_and_the_bases_of_that(self, make: Resolve) -> None:
        base = '<EntityType Name="base" BaseType="g.entity">{}</EntityType><EntityType Name="a" BaseType="g.base"/>'
        text = base.format(record("Cap.DeleteRestrictions", says("Deletable", "false"))) + container(AS)
        assert tree(make(text))["/as/{a-id}"] == "GET PATCH"

    def test_contained_navigation_obeys_its_type(self, make: Resolve) -> None:
        no = "".join(
            record(f"Cap.{term}Restrictions", says(name, "false"))
            for term, name in (("Insert", "Insertable"), ("Update", "Updatable"), ("Delete", "Deletable"))
        )
        text = a(BS.format("")) + B.replace("/>", f">{no}</EntityType>") + container(AS)
        found = tree(make(text))
        assert (found["/as/{a-id}/bs"], found["/as/{a-id}/bs/{b-id}"]) == ("GET", "GET")

    def test_a_property_can_allow_deletion_against_its_type_and_nothing_else(self, make: Resolve) -> None:
        no, yes = (
            "".join(
                record(f"Cap.{term}Restrictions", says(name, value))
                for term, name in (("Insert", "Insertable"), ("Update", "Updatable"), ("Delete", "Deletable"))
            )
            for value in ("false", "true")
        )
        found = tree(make(a(BS.format(yes)) + B.replace("/>", f">{no}</EntityType>") + container(AS)))
        assert (found["/as/{a-id}/bs"], found["/as/{a-id}/bs/{b-id}"]) == ("GET", "GET DELETE")

    def test_a_single_property_s_silent_record_hides_its_type_s(self, make: Resolve) -> None:
        put = B.replace("/>", f">{record('Cap.UpdateRestrictions', method('PUT'))}</EntityType>")
        one = '<NavigationProperty Name="b" Type="g.b" ContainsTarget="true">{}</NavigationProperty>'
        assert tree(make(a(one.format("")) + put + container(AS)))["/as/{a-id}/b"] == "GET PUT DELETE"
        masked = a(one.format(record("Cap.UpdateRestrictions")))
        assert tree(make(masked + put + container(AS)))["/as/{a-id}/b"] == "GET PATCH DELETE"
        closed = put.replace(method("PUT"), says("Updatable", "false"))
        assert tree(make(a(one.format("")) + closed + container(AS)))["/as/{a-id}/b"] == "GET DELETE"
        assert tree(make(masked + closed + container(AS)))["/as/{a-id}/b"] == "GET PATCH DELETE"

    def test_what_is_not_contained_has_to_be_allowed_aloud(self, make: Resolve) -> None:
        loose = BS.replace('ContainsTarget="true"', "")
        yes = record("Cap.InsertRestrictions", says("Insertable", "true"))
        found = tree(make(a(loose.format(yes)) + B + container(AS)))
        assert (found["/as/{a-id}/bs"], found["/as/{a-id}/bs/{b-id}"]) == ("GET POST", "GET")

    def test_the_first_entry_at_a_path_counts_whatever_it_names(self, make: Resolve) -> None:
        entry = (
            '<PropertyValue Property="RestrictedProperties"><Collection><Record>'
            '<PropertyValue Property="NavigationProperty" NavigationPropertyPath="other"/>'
            '<PropertyValue Property="InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/>'
            "</Record></PropertyValue></Record></Collection></PropertyValue>"
        )
        text = a(BS.format("")) + B + container(AS)
        text += outside("g.C/as/bs", record("Cap.NavigationRestrictions", entry))
        assert tree(make(text))["/as/{a-id}/bs"] == "GET"

    def test_media_obey_the_root_source_and_a_record_at_the_path_replaces_it(self, make: Resolve) -> None:
        text = a('<Property Name="x" Type="Edm.Stream"/><Property Name="y" Type="Edm.Stream"/>')
        text += container(inside(record("Cap.DeleteRestrictions", says("Deletable", "false"))))
        found = tree(make(text + outside("g.C/as/y", record("Cap.DeleteRestrictions"))))
        assert (found["/as/{a-id}/x"], found["/as/{a-id}/y"]) == ("GET PUT", "GET PUT DELETE")

    def test_a_record_at_the_path_rules_references_and_values_too(self, make: Resolve) -> None:
        referenced = BS.format(record("Cap.NavigationRestrictions", says("Referenceable", "true")))
        stream = '<EntityType Name="b" BaseType="g.entity" HasStream="true"/>'
        text = a(referenced) + stream + container(AS)
        text += outside("g.C/as/bs", record("Cap.DeleteRestrictions", says("Deletable", "false")))
        found = tree(make(text))
        assert found["/as/{a-id}/bs/$ref"] == "GET POST"
        assert "/as/{a-id}/bs/{b-id}/$ref" not in found
        assert found["/as/{a-id}/bs/{b-id}/$value"] == "GET PUT"


class TestQueryOptions:
    def test_the_usual_ones(self, make: Resolve) -> None:
        model = make(a(BS.format("")) + B + container(AS))
        assert options(model, "/as") == ALL
        assert options(model, "/as/{a-id}") == {"$select", "$expand"}
        assert options(model, "/as/{a-id}/bs/$count") == {"$search", "$filter"}
        assert not options(model, "/as", "POST")
        assert not any(query.explode for query in operation(model, "/as").query)

    def test_only_the_target_path_and_the_element_together_take_one_away(self, make: Resolve) -> None:
        typed = a(tag("Cap.TopSupported", "false")) + container(AS)
        assert options(make(typed), "/as") == ALL
        set_wide = a() + container(AS) + outside("g.C/as", tag("Cap.TopSupported", "false"))
        assert options(make(set_wide), "/as") == ALL - {"$top"}
        loose = a(BS.format("")) + B + container(AS) + outside("g.C/as/bs", tag("Cap.SkipSupported", "false"))
        assert options(make(loose), "/as/{a-id}/bs") == ALL
        both = loose.replace(
            "ContainsTarget", 'ContainsTarget="true"><Annotation Term="Cap.SkipSupported" Bool="0"/><X Y', 1
        )
        both = both.replace('<X Y="true">', "")
        assert options(make(both), "/as/{a-id}/bs") == ALL - {"$skip"}

    def test_one_element_asks_its_set_and_the_type_behind_it(self, make: Resolve) -> None:
        model = make(a(record("Cap.ExpandRestrictions", says("Expandable", "false"))) + container(AS))
        assert options(model, "/as") == ALL
        assert options(model, "/as/{a-id}") == {"$select"}

    def test_functions_and_references(self, make: Resolve) -> None:
        functions = "".join(
            (
                f'<Function Name="{name}" IsBound="true"><Parameter Name="it" Type="g.a"/>'
                f'<ReturnType Type="{kind}"/></Function>'
            )
            for name, kind in (("many", "Collection(g.a)"), ("texts", "Collection(Edm.String)"), ("one", "g.a"))
        )
        referenced = BS.format(record("Cap.NavigationRestrictions", says("Referenceable", "true")))
        model = make(a(referenced) + B + functions + container(AS))
        assert options(model, "/as/{a-id}/many()") == ALL
        assert options(model, "/as/{a-id}/texts()") == ALL - {"$orderby", "$select", "$expand"}
        assert not options(model, "/as/{a-id}/one()")
        assert options(model, "/as/{a-id}/bs/$ref") == ALL - {"$select", "$expand"}
        (by_id,) = operation(model, "/as/{a-id}/bs/$ref", "DELETE").query
        assert (by_id.name, by_id.required) == ("@id", True)

    def test_custom_options_come_from_the_record_of_the_verb(self, make: Resolve) -> None:
        by_key = f'<PropertyValue Property="ReadByKeyRestrictions"><Record>{custom("deep")}</Record></PropertyValue>'
        records = record("Cap.ReadRestrictions", custom("wide", "$format"), by_key)
        records += record("Cap.DeleteRestrictions", custom("force", required="true"))
        model = make(a() + container(inside(records)))
        assert options(model, "/as") == ALL | {"wide", "$format"}
        assert options(model, "/as/{a-id}") == {"$select", "$expand", "deep"}
        (force,) = operation(model, "/as/{a-id}", "DELETE").query
        assert (force.required, force.explode) == (True, True)

    def test_an_entry_of_the_source_gives_a_top_level_property_its_options(self, make: Resolve) -> None:
        entry = (
            '<PropertyValue Property="RestrictedProperties"><Collection><Record>'
            '<PropertyValue Property="NavigationProperty" NavigationPropertyPath="bs"/>'
            f'<PropertyValue Property="ReadRestrictions"><Record>{custom("since")}</Record></PropertyValue>'
            "</Record></Collection></PropertyValue>"
        )
        model = make(a(BS.format("")) + B + container(inside(record("Cap.NavigationRestrictions", entry))))
        assert options(model, "/as/{a-id}/bs") == ALL | {"since"}

    def test_an_operation_takes_options_of_its_own_and_of_its_path(self, make: Resolve) -> None:
        text = '<Action Name="go" IsBound="true"><Parameter Name="it" Type="g.a"/>{}</Action>'
        own = record("Cap.OperationRestrictions", custom("dry"))
        assert options(make(a() + text.format(own) + container(AS)), "/as/{a-id}/go", "POST") == {"dry"}
        spaced = outside("microsoft.graph.go(microsoft.graph.a)", own) + outside("g.C/as/go", own.replace("dry", "wet"))
        assert options(make(a() + text.format("") + container(AS) + spaced), "/as/{a-id}/go", "POST") == {"wet"}


class TestAnswers:
    def functions(self, **kinds: str) -> str:
        return "".join(
            (
                f'<Function Name="{name}" IsBound="true"><Parameter Name="it" Type="g.a"/>'
                f'<ReturnType Type="{kind}"/></Function>'
            )
            for name, kind in kinds.items()
        )

    def test_what_the_ordinary_verbs_answer(self, make: Resolve) -> None:
        model = make(a() + container(AS))
        page = operation(model, "/as")
        assert page.result.type == NamedRef("microsoft.graph.aCollectionResponse")
        assert page.errors[0].type == "microsoft.graph.ODataErrors.ODataError"
        for verb, path in (("POST", "/as"), ("PATCH", "/as/{a-id}"), ("GET", "/as/{a-id}")):
            assert operation(model, path, verb).result.type == NamedRef("microsoft.graph.a")
        assert operation(model, "/as/{a-id}", "DELETE").result.type is None
        assert operation(model, "/as/$count").accept == "text/plain;q=0.9"
        body = operation(model, "/as", "POST").body
        assert body is not None
        assert (body.kind, body.content_type) == (BodyKind.MODEL, "application/json")

    def test_results_of_functions(self, make: Resolve) -> None:
        text = (
            '<TypeDefinition Name="metre" UnderlyingType="Edm.Double"/><EnumType Name="ink">'
            '<Member Name="red"/></EnumType>'
        )
        text += self.functions(
            flag="Edm.Boolean",
            length="g.metre",
            hue="g.ink",
            file="Edm.Stream",
            any="Edm.Untyped",
            all="Collection(g.a)",
        )
        model = make(a() + text + self.functions(delta="Collection(g.a)") + container(AS))

        def result(name: str) -> object:
            return operation(model, f"/as/{{a-id}}/{name}()").result.type

        flag = model.types[getattr(result("flag"), "id", "")]
        assert isinstance(flag, ObjectType)
        assert (flag.name, flag.place.path) == ("FlagGetResponse", "/as/{a-id}/flag()")
        assert [(p.name, p.default) for p in flag.properties] == [("value", False)]
        assert result("length") == PrimitiveRef(Primitive.DOUBLE)
        assert result("hue") == NamedRef("microsoft.graph.ink")
        assert result("file") == result("any") == BYTES
        assert operation(model, "/as/{a-id}/file()").accept == "application/octet-stream, application/json"
        bases = {name: getattr(model.types[getattr(result(name), "id", "")], "base", "") for name in ("all", "delta")}
        assert bases == {"all": "BaseCollectionPaginationCountResponse", "delta": "BaseDeltaFunctionResponse"}

    def test_actions_send_what_they_declare(self, make: Resolve) -> None:
        text = """<Action Name="go" IsBound="true"><Parameter Name="it" Type="g.a"/>
<Parameter Name="loud" Type="Edm.Boolean"/>
        <Parameter Name="rest" Type="Collection(Edm.Untyped)"/></Action>
        <Action Name="stop" IsBound="true"><Parameter Name="it" Type="g.a"/></Action>"""
        model = make(a() + text + container(AS))
        body = operation(model, "/as/{a-id}/go", "POST").body
        assert body is not None
        sent = model.types[getattr(body.type, "id", "")]
        assert isinstance(sent, ObjectType)
        assert [(p.name, p.default, p.type) for p in sent.properties] == [
            ("loud", False, PrimitiveRef(Primitive.BOOLEAN)),
            ("rest", None, ListRef(UntypedRef())),
        ]
        assert operation(model, "/as/{a-id}/stop", "POST").body is None

    def test_two_addresses_of_one_type_share_bodies_and_responses_by_name(self, make: Resolve) -> None:
        def action(binding: str, parameter: str, returns: str) -> str:
            return (
                f'<Action Name="fit" IsBound="true"><Parameter Name="it" Type="g.{binding}"/>'
                f'<Parameter Name="{parameter}" Type="Edm.String"/><ReturnType Type="{returns}"/></Action>'
            )

        text = a() + B + action("a", "first", "g.a") + action("b", "second", "g.b")
        lone = make(text + container(AS, '<EntitySet Name="bs" EntityType="g.b"/>'))
        assert operation(lone, "/as/{a-id}/fit", "POST").result.type == NamedRef("microsoft.graph.a")
        twice = ('<Singleton Name="one" Type="g.a"/>', '<Singleton Name="two" Type="g.b"/>')
        both = make(text + container(AS, '<EntitySet Name="bs" EntityType="g.b"/>', *twice))
        for path in ("/as/{a-id}/fit", "/bs/{b-id}/fit"):
            fit = operation(both, path, "POST")
            assert fit.result.type == NamedRef("microsoft.graph.b")
            assert fit.body is not None
            sent = both.types[getattr(fit.body.type, "id", "")]
            assert [p.name for p in getattr(sent, "properties", ())] == ["first"]

    def test_content_types(self, make: Resolve) -> None:
        def typed(*kinds: str) -> str:
            listed = "".join(f"<String>{kind}</String>" for kind in kinds)
            return f'<PropertyValue Property="RequestContentTypes"><Collection>{listed}</Collection></PropertyValue>'

        forms = record("Cap.InsertRestrictions", typed("application/x-www-form-urlencoded", "application/json"))
        post = operation(make(a() + container(inside(forms))), "/as", "POST")
        assert post.accept == "application/json, application/x-www-form-urlencoded;q=0.2"
        assert post.body is not None
        assert post.body.content_type == "application/json"
        xml = record("Cap.InsertRestrictions", typed("a/xml"))
        new = operation(make(a(BS.format(xml)) + B + container(AS)), "/as/{a-id}/bs", "POST")
        assert new.body is not None
        assert (new.body.content_type, new.accept) == ("a/xml", "application/json")
        one = '<Singleton Name="one" Type="g.a">{}</Singleton>'.format(xml.replace("Insert", "Update"))
        changed = operation(make(a() + container(one)), "/one", "PATCH").body
        assert changed is not None
        assert changed.content_type == "application/json"
        bare = operation(make(a() + container(inside(record("Cap.InsertRestrictions", typed("a/xml"))))), "/as", "POST")
        assert bare.body is not None
        assert (bare.body.kind, bare.body.content_type, bare.result.type) == (BodyKind.STREAM, "a/xml", BYTES)

    def test_media_take_and_give_bytes_and_content_gives_its_owner(self, make: Resolve) -> None:
        kinds = "<Collection><String>image/png</String><String>image/gif</String></Collection>"
        text = a(
            '<Property Name="content" Type="Edm.Stream"/><Property Name="logo" Type="Edm.Stream">'
            f'<Annotation Term="Core.AcceptableMediaTypes">{kinds}</Annotation></Property>'
        )
        model = make(text + container(AS))
        put = operation(model, "/as/{a-id}/content", "PUT")
        assert put.result.type == NamedRef("microsoft.graph.a")
        logo = operation(model, "/as/{a-id}/logo", "PUT")
        assert logo.body is not None
        assert (logo.body.content_type, logo.result.type) == (None, BYTES)
        assert operation(model, "/as/{a-id}/logo").accept == "image/png, image/gif, application/json"


class TestWords:
    def test_the_latest_deprecation_of_the_path_marks_every_operation(self, make: Resolve) -> None:
        def revised(date: str, removal: str = "") -> str:
            later = f'<PropertyValue Property="RemovalDate" Date="{removal}"/>' if removal else ""
            return (
                '<Annotation Term="Core.Revisions"><Collection><Record><PropertyValue Property="Kind">'
                "<EnumMember>Core.RevisionKind/Deprecated</EnumMember></PropertyValue>"
                f'<PropertyValue Property="Date" Date="{date}"/>{later}'
                '<PropertyValue Property="Version" String="v"/></Record></Collection></Annotation>'
            )

        text = a(BS.format(revised("2024-01-01"))) + B.replace(
            "/>", f">{revised('2025-02-03', '2026-01-01')}</EntityType>"
        )
        model = make(text + container(AS))
        assert operation(model, "/as").deprecation is None
        assert operation(model, "/as/{a-id}/bs/$count").deprecation == Deprecation("", "v", "2025-02-03", "2026-01-01")

    def test_permissions_roles_headers_and_pages(self, make: Resolve) -> None:
        def scoped(scheme: str, scope: str) -> str:
            return (
                f'<Record><PropertyValue Property="SchemeName" String="{scheme}"/><PropertyValue Property="Scopes">'
                f'<Collection><Record><PropertyValue Property="Scope" String="{scope}"/></Record></Collection>'
                "</PropertyValue></Record>"
            )

        permissions = scoped("Application", "A.Read") + scoped("DirectoryRole", "Reader")
        headers = '<Record><PropertyValue Property="Name" String="X-Level"/></Record>'
        by_key = (
            '<PropertyValue Property="ReadByKeyRestrictions"><Record>'
            '<PropertyValue Property="Description" String="One."/></Record></PropertyValue>'
        )
        records = record(
            "Cap.ReadRestrictions",
            '<PropertyValue Property="Description" String="All."/>',
            f'<PropertyValue Property="Permissions"><Collection>{permissions}</Collection></PropertyValue>',
            f'<PropertyValue Property="CustomHeaders"><Collection>{headers}</Collection></PropertyValue>',
            by_key,
        )
        link = (
            '<Annotation Term="Core.Links"><Collection><Record>'
            '<PropertyValue Property="rel" String="https://x/rels/docs/list"/>'
            '<PropertyValue Property="href" String="https://docs.test/list"/></Record></Collection></Annotation>'
        )
        model = make(a() + container(inside(records, link)))
        all_of = operation(model, "/as")
        one = operation(model, "/as/{a-id}")
        assert (all_of.description, one.description) == ("All.", "One.")
        assert all_of.permissions == one.permissions == (Permission("Application", ("A.Read",)),)
        assert all_of.roles == ("Reader",)
        assert [header.name for header in all_of.headers] == ["X-Level"]
        assert (all_of.documented, all_of.documentation) == (True, "https://docs.test/list")
        assert operation(model, "/as", "POST").documented is False
        count = operation(model, "/as/$count")
        assert (count.documented, count.description, count.permissions) == (False, "", all_of.permissions)

    def test_nobody_can_tell_what_is_documented_where_nothing_is_linked(self, make: Resolve) -> None:
        assert operation(make(a() + container(AS)), "/as").documented is None
