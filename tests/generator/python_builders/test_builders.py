"""Generated request builders, used as a caller uses them."""

from __future__ import annotations

import ast
import asyncio
import importlib
import warnings
from typing import Any

import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration

from graphslice.api.model import (
    Body,
    BodyKind,
    Deprecation,
    HeaderParameter,
    ListRef,
    NamedRef,
    Operation,
    Permission,
    Primitive,
    PrimitiveRef,
    Result,
)
from graphslice.diagnostics import GraphsliceError

from .conftest import ERRORS, NUMBER, TEXT, Client, Generate, Sent, change, item, option, read

THINGS = item("/things", read(option("$top", NUMBER), option("$select", ListRef(TEXT)), result=NamedRef("page")))
ONE = item(
    "/things/{thing-id}",
    read(option("$select", ListRef(TEXT)), result=NamedRef("thing"), errors=ERRORS),
    change("PATCH", NamedRef("thing"), errors=ERRORS),
    parameters={"thing-id": TEXT},
)


def run(call: Any) -> Any:
    return asyncio.run(call)


def url(adapter: Sent, number: int = -1) -> str:
    return str(adapter.requests[number].url)


class TestPaths:
    def test_every_module_imports_and_every_class_is_where_its_path_says(self, generate: Generate) -> None:
        client = generate(THINGS, ONE)

        for module in client.modules():
            importlib.import_module(module)
        assert client.cls("things.item.thing_item_request_builder", "ThingItemRequestBuilder")

    def test_an_id_goes_into_the_url_and_not_into_the_parent(self, generate: Generate) -> None:
        adapter = Sent()
        things = generate(THINGS, ONE).root(adapter).things

        one, other = things.by_thing_id("a/b"), things.by_id("c")
        run(one.get())
        run(other.get())

        assert [url(adapter, 0), url(adapter, 1)] == [
            "https://service.test/things/a%2Fb",
            "https://service.test/things/c",
        ]
        assert "thing%2Did" not in things.path_parameters

    @pytest.mark.parametrize(("value", "fault"), [(None, TypeError), ("", ValueError), ("..", ValueError)])
    def test_an_id_that_leads_elsewhere_is_refused(self, generate: Generate, value: Any, fault: type) -> None:
        with pytest.raises(fault):
            generate(THINGS, ONE).root().things.by_thing_id(value)

    def test_arguments_of_a_segment_arrive_by_name_with_commas_and_without_sharing(self, generate: Generate) -> None:
        adapter = Sent()
        root = generate(
            item("/f(to={to},from='{from}',lot-no={lot-no})", parameters={"to": NUMBER, "from": TEXT, "lot-no": NUMBER})
        ).root(adapter)

        first = root.f_with_to_with_fromlot_no_lot_no(from_="x", lot_no=3, to=1)
        root.f_with_to_with_fromlot_no_lot_no(from_="y", lot_no=4, to=2)
        run(first.get())

        assert url(adapter).replace("%2C", ",") == "https://service.test/f(to=1,from='x',lot-no=3)".replace(
            "lot-no", "lot%2Dno"
        )
        assert root.path_parameters == {}

    def test_a_placeholder_that_nobody_declares_can_be_filled(self, generate: Generate) -> None:
        adapter = Sent()
        run(generate(item("/pits/with{pit}")).root(adapter).pits.with_with_pit(pit="deep").get())

        assert url(adapter) == "https://service.test/pits/withdeep"

    def test_a_raw_url_is_sent_as_it_is(self, generate: Generate) -> None:
        adapter = Sent()
        run(generate(THINGS).root(adapter).things.with_url("https://service.test/things?page=2").get())

        assert url(adapter) == "https://service.test/things?page=2"

    def test_additions_never_take_the_place_of_a_segment(self, generate: Generate) -> None:
        client = generate(THINGS, ONE, item("/things/iterate"), item("/things/by_id"), item("/sync"))
        root = client.root()

        assert type(root.things.iterate).__name__ == "IterateRequestBuilder"
        assert type(root.things.by_id).__name__ == "By_idRequestBuilder"
        assert type(root.sync).__name__ == "SyncRequestBuilder"

    def test_classes_of_one_name_are_told_apart(self, generate: Generate) -> None:
        root = generate(item("/menu/{dish-id}"), item("/menu/dishItem"), item("/menu/menu/menu")).root()

        assert type(root.menu.dish_item).__module__.endswith("menu.dish_item.dish_item_request_builder")
        assert type(root.menu.by_dish_id("x")).__module__.endswith("menu.item.dish_item_request_builder")
        assert type(root.menu.menu.menu).__module__.endswith("menu.menu.menu.menu_request_builder")


class TestOptions:
    def test_keywords_and_configuration_give_the_same_url(self, generate: Generate) -> None:
        client, adapter = generate(THINGS), Sent()
        things = client.root(adapter).things
        query = type(things).ThingsRequestBuilderGetQueryParameters(top=3, select=["a", "b"])

        run(things.get(top=3, select=["a", "b"]))
        run(things.get(RequestConfiguration(query_parameters=query)))

        assert url(adapter, 0) == url(adapter, 1) == "https://service.test/things?%24select=a,b&%24top=3"

    def test_words_of_python_and_twins_are_sent(self, generate: Generate) -> None:
        adapter = Sent()
        names = ("from", "class", "self", "body", "info", "select", "$select", "page-size", "page.size")
        root = generate(item("/a", read(*map(option, names)))).root(adapter)

        run(
            root.a.get(
                from_="1",
                class_="2",
                self_="3",
                body_="4",
                info_="5",
                select="6",
                select0="7",
                page_size="8",
                page_size0="9",
            )
        )

        sent = dict(pair.split("=") for pair in url(adapter).partition("?")[2].split("&"))
        assert sent == {
            "from": "1", "class": "2", "self": "3", "body": "4", "info": "5", "select": "6", "%24select": "7",
            "page%2Dsize": "8", "page%2Esize": "9",
        }  # fmt: skip

    def test_a_required_option_of_one_verb_is_in_its_template_only(self, generate: Generate) -> None:
        adapter = Sent()
        root = generate(
            item("/a", read(option("$top")), Operation(verb="DELETE", query=(option("@id", required=True),)))
        ).root(adapter)

        run(root.a.delete(id="x"))
        run(root.a.get(top="1"))

        assert root.a.url_template == "{+baseurl}/a{?%24top}"
        assert url(adapter, 0) == "https://service.test/a?@id=x"
        assert url(adapter, 1) == "https://service.test/a?%24top=1"

    def test_what_stands_behind_a_merged_index_stays_in_the_url(self, generate: Generate) -> None:
        adapter = Sent()
        root = generate(
            item("/a/{number}.json", read()),
            item("/a/{aNumber}/b/{x}.csv", read()),
            item("/a/{aNumber}/b/{y}", Operation(verb="DELETE")),
        ).root(adapter)
        one = root.a.by_a_number_id("1")

        run(one.get())
        run(one.b.by_x_csv_id("2").get())
        run(one.b.by_x_csv_id("2").delete())

        assert one.url_template == "{+baseurl}/a/{aNumber%2Did}"
        assert [url(adapter, number) for number in range(3)] == [
            "https://service.test/a/1.json",
            "https://service.test/a/1/b/2.csv",
            "https://service.test/a/1/b/2",
        ]

    def test_what_every_verb_requires_is_in_the_template_of_all(self, generate: Generate) -> None:
        need = option("need", required=True)
        root = generate(
            item("/a", read(need, option("more", explode=True)), Operation(verb="POST", query=(need,)))
        ).root()

        assert root.a.url_template == "{+baseurl}/a?need={need}{&more*}"

    def test_the_path_item_decides_over_the_operation(self, generate: Generate) -> None:
        root = generate(item("/a", read(option("b", explode=True)), query=(option("b"),))).root()

        assert root.a.url_template == "{+baseurl}/a{?b}"

    def test_enums_and_lists_of_them_are_sent_by_value(self, generate: Generate) -> None:
        client, adapter = (
            generate(item("/a", read(option("mood", NamedRef("mood")), option("m", ListRef(NamedRef("mood")))))),
            Sent(),
        )
        mood = client.cls("models.mood", "Mood")
        a = client.root(adapter).a

        run(a.get(mood=mood.Wild, m=[mood.Calm, mood.Wild]))

        assert url(adapter).replace("%2C", ",") == "https://service.test/a?m=calm,wild&mood=wild"
        assert type(a).ARequestBuilderGetQueryParameters().m == []

    def test_headers_and_cookies_are_plain_keywords(self, generate: Generate) -> None:
        headers = (
            HeaderParameter(name="If-Match", type=TEXT),
            HeaderParameter(name="day", type=NUMBER),
            HeaderParameter(name="crew", type=TEXT, cookie=True),
            HeaderParameter(name="Accept", type=TEXT),
        )
        adapter = Sent()
        root = generate(item("/a", read(option("day"), headers=headers))).root(adapter)

        run(root.a.get(if_match="tag", day="1", day_header=2, crew="x"))

        sent = adapter.requests[0].headers.get_all()
        assert {name: set(values) for name, values in sent.items()} == {
            "accept": {"application/json"}, "if-match": {"tag"}, "day": {"2"}, "cookie": {"crew=x"},
        }  # fmt: skip

    def test_an_alias_of_odata_is_sent_as_such(self, generate: Generate) -> None:
        adapter = Sent()
        path = "/f(a='@a',b=@b)"
        root = generate(item(path, read(option("a"), option("b", NUMBER))), format="csdl").root(adapter)

        run(root.fa_a_with_b.get(b=2))

        assert url(adapter).replace("%2C", ",") == "https://service.test/f(a=@a,b=@b)?%40b=2"

        run(root.fa_a_with_b.get(a="it's"))

        assert url(adapter).replace("%2C", ",") == "https://service.test/f(a=@a,b=@b)?%40a=%27it%27%27s%27"


class TestOperations:
    def test_a_patch_takes_keywords_or_a_body_but_not_both(self, generate: Generate) -> None:
        client, adapter = generate(THINGS, ONE), Sent()
        thing = client.cls("models.thing", "Thing")
        one = client.root(adapter).things.by_id("x")

        run(one.patch(display_name="n"))
        run(one.patch(thing(display_name="n")))

        assert adapter.requests[0].content == adapter.requests[1].content == b'{"displayName": "n"}'
        with pytest.raises(TypeError):
            run(one.patch(thing(), display_name="n"))
        with pytest.raises(TypeError):
            run(one.patch())

    def test_answers_are_asked_for_by_their_kind(self, generate: Generate) -> None:
        uuid = PrimitiveRef(Primitive.UUID)
        client = generate(
            item("/one", read(result=NamedRef("thing"), errors=ERRORS)),
            item("/many", read(result=ListRef(NamedRef("thing")))),
            item("/count", read(result=NUMBER)),
            item("/ids", read(result=ListRef(uuid))),
            item("/mood", read(result=NamedRef("mood"))),
            item("/nothing", read()),
        )
        adapter = Sent(None, None, 3, None, "wild", None)
        root = client.root(adapter)
        thing, trouble = client.cls("models.thing", "Thing"), client.cls("models.trouble", "Trouble")

        answers = [run(one.get()) for one in (root.one, root.many, root.count, root.ids, root.mood, root.nothing)]

        assert adapter.calls[0] == ("send", (thing, {"XXX": trouble}))
        assert adapter.calls[1] == ("send_collection", (thing, {}))
        assert adapter.calls[2] == ("send_primitive", ("int", {}))
        assert adapter.calls[3][0] == "send_collection_of_primitive"
        assert adapter.calls[5] == ("send_no_response_content", ({},))
        assert answers[2] == 3
        assert answers[4] is client.cls("models.mood", "Mood").Wild

    def test_a_stream_without_a_fixed_type_asks_for_it(self, generate: Generate) -> None:
        adapter = Sent()
        root = generate(item("/a", Operation(verb="PUT", body=Body(kind=BodyKind.STREAM)))).root(adapter)

        run(root.a.put(b"x", "image/png"))

        assert adapter.requests[0].content == b"x"
        assert adapter.requests[0].headers.get("content-type") == {"image/png"}

    def test_pages_are_followed(self, generate: Generate) -> None:
        client = generate(THINGS)
        page, thing = (
            client.cls("models.thing_collection_response", "ThingCollectionResponse"),
            client.cls("models.thing", "Thing"),
        )
        adapter = Sent(
            page(value=[thing(display_name="a")], odata_next_link="https://service.test/things?p=2"),
            page(value=[thing(display_name="b")]),
        )

        async def names() -> list[str]:
            return [one.display_name async for one in client.root(adapter).things.iterate(top=1)]

        assert run(names()) == ["a", "b"]
        assert [url(adapter, 0), url(adapter, 1)] == [
            "https://service.test/things?%24top=1",
            "https://service.test/things?p=2",
        ]

    def test_only_pages_can_be_iterated(self, generate: Generate) -> None:
        assert not hasattr(generate(item("/a", read(result=NamedRef("thing")))).root().a, "iterate")

    def test_a_deprecated_operation_warns_once_and_blames_the_caller(self, generate: Generate) -> None:
        gone = Deprecation("Use things", "v2", "2024-02-01", "2030-01-31")
        root = generate(item("/a", read(deprecation=gone)), item("/b/{b-id}", read(deprecation=gone))).root()

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            run(root.a.get())
            root.b.by_b_id("x")

        assert [str(one.message) for one in caught] == [
            "Use things as of v2 on 2024-02-01 and will be removed 2030-01-31"
        ] * 2
        assert caught[1].filename == __file__

    def test_a_deprecation_without_words_warns_of_nothing(self, generate: Generate) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            run(generate(item("/a", read(deprecation=Deprecation()))).root().a.get())

    def test_old_configuration_classes_warn_on_use_only(self, generate: Generate) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            builder = type(generate(THINGS).root().things)
        with pytest.warns(DeprecationWarning):
            builder.ThingsRequestBuilderGetRequestConfiguration()

    def test_what_is_known_of_an_operation_travels_with_the_request(self, generate: Generate) -> None:
        root = generate(
            item(
                "/a",
                read(
                    permissions=(Permission("Work", ("A.Read",)), Permission("App", ("A.Read", "A.All"))),
                    documented=False,
                ),
            )
        ).root()

        facts = root.a.to_get_request_information().request_options["OperationFacts"]

        assert (facts.scopes, facts.documented) == (("A.Read", "A.All"), False)
        assert "Not documented" in type(root.a).get.__doc__


class TestClient:
    def test_the_package_imports_nothing_until_a_name_is_asked_for(self, generate: Generate) -> None:
        client = generate(THINGS, item("/a", read(errors=ERRORS)), exports=("Thing*",))
        package = importlib.import_module(client.package)

        assert package.__all__ == ["ExampleClient", "Thing", "ThingCollectionResponse", "Trouble"]
        assert not [name for name in package.__dict__ if name in package.__all__]
        assert package.Thing.__name__ == "Thing"
        with pytest.raises(AttributeError):
            _ = package.Nothing

    def test_shortcuts_lead_where_the_slice_says(self, generate: Generate) -> None:
        client = generate(item("/deep/below/things"), shortcuts=(("things", "/deep/below/things"),))

        assert type(client.root().things) is type(client.root().deep.below.things)

    @pytest.mark.parametrize(
        ("shortcut", "code"),
        [(("x", "/none"), "PY004"), (("x", "/a/{a-id}"), "PY004"), (("a", "/a"), "PY005"), (("is", "/a"), "PY005")],
    )
    def test_a_shortcut_that_cannot_be_is_refused(
        self, generate: Generate, shortcut: tuple[str, str], code: str
    ) -> None:
        with pytest.raises(GraphsliceError, match=code):
            generate(item("/a"), item("/a/{a-id}"), shortcuts=(shortcut,))

    def test_a_description_never_says_where_tokens_go(self, generate: Generate) -> None:
        from graphslice.config import Authentication

        text = generate(item("/a"), base_url="https://x.test", authentication=Authentication.AZURE).text(
            "example_client"
        )

        assert 'base_url="https://x.test"' in text
        assert 'authentication="azure"' in text

    def test_the_blocking_form_has_every_member(self, generate: Generate) -> None:
        function = item("/f(a={a})", read(result=NUMBER), parameters={"a": NUMBER})
        client = generate(THINGS, ONE, function, item("/wrapped"))
        root = client.root(Sent("an answer", 1))

        assert root.sync.things.by_id("x").get() == "an answer"
        assert root.sync.f_with_a(1).get() == 1
        assert type(root.sync.wrapped_property).__name__ == "WrappedRequestBuilderSync"

    def test_without_it_nothing_of_it_is_generated(self, generate: Generate) -> None:
        client = generate(THINGS, sync=False)

        assert "Sync" not in client.text("things.things_request_builder")
        assert not hasattr(client.root(), "sync")


class TestText:
    def test_paths_are_data(self, generate: Generate) -> None:
        path = "/a\"\"\"\\b\n'''import os\u2028{x}\t{{\x00"
        client = generate(item(path, description='"""\nimport os\n\\'), item("/b/{__import__('os')}"))

        for name, text in client.files.items():
            tree = ast.parse(text)
            assert not [one for one in ast.walk(tree) if isinstance(one, ast.Import) and one.names[0].name == "os"], (
                name
            )

    def test_members_that_hide_builtins_do_not_hide_them_from_annotations(self, generate: Generate) -> None:
        client = generate(item("/int", read(result=NUMBER)), item("/int/int"), item("/int/str/{str-id}"))

        assert "-> builtins.int | None:" in client.text("int.int_request_builder")

    def test_two_runs_give_the_same_bytes(self, generate: Generate) -> None:
        def texts(client: Client) -> list[str]:
            return [text.replace(client.package, "client") for text in client.files.values()]

        assert texts(generate(THINGS, ONE)) == texts(generate(THINGS, ONE))

    def test_an_answer_can_be_any_verb(self, generate: Generate) -> None:
        client = generate(item("/a", *(Operation(verb=verb, result=Result()) for verb in ("HEAD", "OPTIONS", "TRACE"))))

        assert {"head", "options", "trace"} <= set(dir(client.root().a))


class TestMaxPath:
    DEEP = item("/rather/deep/and/deeper/{some-id}/things", read(result=NamedRef("page"), errors=ERRORS))

    def test_no_module_is_longer_and_everything_works(self, generate: Generate) -> None:
        client, adapter = generate(self.DEEP, max_path=60), Sent()

        for module in client.modules():
            importlib.import_module(module)
        run(client.root(adapter).rather.deep.and_.deeper.by_id("x").things.get())

        assert url(adapter) == "https://service.test/rather/deep/and/deeper/x/things"
        paths = [path.partition("/")[2] for path in client.files if "/_runtime/" not in path]
        assert max(map(len, paths)) <= 60
        assert any(len(path.partition("/")[2]) > 60 for path in generate(self.DEEP).files)
