"""What collections, items, singletons, streams and actions answer, over real HTTP."""

from __future__ import annotations

import re
import uuid

import httpx
import pytest

from graphslice.api.model import ApiModel
from graphslice.serve import Address, Call, Refused, Seed, running

SEVEN_DIGITS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z")


def titles(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [book["title"] for book in response.json()["value"]]


def test_singleton_reads_and_changes(http: httpx.Client) -> None:
    before = http.get("/branch").json()
    assert before["motto"] == "Read"
    changed = http.patch("/branch", json={"motto": "Read more"})
    assert changed.status_code == 200
    assert http.get("/branch").json() == {**before, "motto": "Read more"}


def test_item_has_declared_order_and_context(http: httpx.Client) -> None:
    book = http.get("/branch/shelves/a/books/1").json()
    assert list(book) == [
        "@odata.context", "id", "title", "pages", "genre", "binding", "tags", "isbn", "made", "touched", "returned",
    ]  # fmt: skip
    assert book["@odata.context"].endswith("/v1/$metadata#branch/shelves('a')/books/$entity")
    assert book["genre"] == "novel"
    assert book["tags"] == ["old"]
    assert book["returned"] == "0001-01-01T00:00:00Z"


def test_create_gives_201_id_moments_and_location(http: httpx.Client) -> None:
    created = http.post("/branch/shelves/a/books", json={"title": "New", "binding": {"cover": "blue"}})
    assert created.status_code == 201
    book = created.json()
    assert uuid.UUID(book["id"])
    assert SEVEN_DIGITS.fullmatch(book["made"])
    assert book["made"] == book["touched"]
    assert book["binding"] == {"cover": "blue", "glued": False}
    assert created.headers["location"].endswith(f"/v1/branch/shelves/a/books/{book['id']}")
    assert {**http.get(created.headers["location"]).json()} == book


def test_patch_moves_what_is_computed_but_not_what_is_immutable(http: httpx.Client) -> None:
    before = http.get("/branch/shelves/a/books/1").json()
    after = http.patch("/branch/shelves/a/books/1", json={"title": "Emma, again"})
    assert after.status_code == 200
    assert after.json()["made"] == before["made"]
    assert after.json()["touched"] > before["touched"]
    assert after.json()["returned"] == before["returned"]
    assert after.json()["title"] == "Emma, again"


def test_patch_merges_objects_and_replaces_lists(http: httpx.Client) -> None:
    http.patch("/branch/shelves/a/books/3", json={"binding": {"glued": True}, "tags": ["x", "y"]})
    book = http.get("/branch/shelves/a/books/3").json()
    assert book["binding"] == {"cover": "red", "glued": True}
    assert book["tags"] == ["x", "y"]


def test_patch_sets_null_and_repeats_the_key(http: httpx.Client) -> None:
    assert http.patch("/branch/shelves/a/books/1", json={"id": "1", "title": None}).json()["title"] is None


def test_minimal_return_is_honoured(http: httpx.Client) -> None:
    answer = http.patch("/branch/shelves/a", json={"label": "x"}, headers={"Prefer": "return=minimal"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_delete_takes_everything_below_along(http: httpx.Client) -> None:
    assert http.delete("/branch/shelves/a").status_code == 204
    assert http.get("/branch/shelves/a").status_code == 404
    assert http.get("/branch/shelves/a/books").status_code == 404
    assert http.post("/branch/shelves", json={"id": "a"}).status_code == 201
    assert titles(http.get("/branch/shelves/a/books")) == []


def test_a_key_that_is_not_id_has_to_be_given(http: httpx.Client) -> None:
    assert http.post("/badges", json={}).status_code == 400
    assert http.post("/badges", json={"code": "x/y z"}).status_code == 201
    assert http.get("/badges/x%2Fy%20z").json()["code"] == "x/y z"
    assert http.post("/badges", json={"code": "x/y z"}).status_code == 409


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("title eq 'Emma'", ["Emma"]),
        ("title eq 'O''Neill'", ["O'Neill"]),
        ("title ne 'Emma' and pages gt 100", ["Essays", "O'Neill"]),
        ("pages lt 100 or pages ge 474", ["Emma", "World"]),
        ("not (pages lt 100 or pages ge 474)", ["Essays", "O'Neill"]),
        ("contains(title,'ESS')", ["Essays"]),
        ("startswith(title,'e') and endswith(title,'s')", ["Essays"]),
        ("genre eq 'essay'", ["Essays"]),
        ("genre eq lib.genre'essay'", ["Essays"]),
        ("id in ('1','4')", ["Emma", "World"]),
        ("binding/cover eq 'red'", ["O'Neill"]),
        ("binding eq null", ["Emma", "Essays", "World"]),
        ("tags/any(t:t eq 'old')", ["Emma"]),
        ("tags/any()", ["Emma"]),
        ("returned le 1999-01-01T00:00:00Z and year(made) gt 2000", ["Emma", "Essays", "O'Neill", "World"]),
        ("length(title) eq 4", ["Emma"]),
    ],
)
def test_filter(http: httpx.Client, text: str, found: list[str]) -> None:
    assert titles(http.get("/branch/shelves/a/books", params={"$filter": text})) == found


@pytest.mark.parametrize(
    "text", ["title eq", "nope eq 1", "title eq 'x", "(title eq 'x'", "sleep(10)", "title eq 'x' title", "(" * 5000]
)
def test_filter_that_cannot_be_read(http: httpx.Client, text: str) -> None:
    answer = http.get("/branch/shelves/a/books", params={"$filter": text})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "BadRequest"


def test_plus_is_a_blank_in_a_query(http: httpx.Client) -> None:
    assert titles(http.get("/branch/shelves/a/books?$filter=title+eq+'Emma'")) == ["Emma"]


def test_order_skip_search_and_count(http: httpx.Client) -> None:
    books = "/branch/shelves/a/books"
    assert titles(http.get(f"{books}?$orderby=pages desc")) == ["Emma", "O'Neill", "Essays", "World"]
    assert titles(http.get(f"{books}?$orderby=genre,pages&$skip=1")) == ["World", "O'Neill", "Emma"]
    assert titles(http.get(f'{books}?$search="emma"')) == ["Emma"]
    counted = http.get(f"{books}?$count=true&$filter=pages gt 100").json()
    assert counted["@odata.count"] == 3
    plain = http.get(f"{books}/$count?$filter=pages gt 100")
    assert (plain.text, plain.headers["content-type"]) == ("3", "text/plain")


def test_pages_follow_each_other_by_links(http: httpx.Client) -> None:
    link: str | None = "/branch/shelves/a/books?$top=3&$select=title&$orderby=title&$count=true"
    pages = []
    while link:
        page = http.get(link).json()
        assert page["@odata.count"] == 4
        pages.append([book["title"] for book in page["value"]])
        link = page.get("@odata.nextLink")
        assert link is None or link.startswith(str(http.base_url))
    assert pages == [["Emma", "Essays", "O'Neill"], ["World"]]


def test_pages_have_a_size_of_their_own(model: ApiModel, seed: Seed, connect: object) -> None:
    with running(model, seed=seed, page_size=2) as address:
        page = connect(address).get("/branch/shelves/a/books").json()  # type: ignore[operator]
    assert (len(page["value"]), page["@odata.nextLink"].endswith("?$skiptoken=2")) == (2, True)


def test_select_and_expand(http: httpx.Client) -> None:
    shelf = http.get("/branch/shelves/a?$select=label&$expand=keeper,books($select=title;$top=1;$orderby=title desc)")
    assert shelf.json() == {
        "@odata.context": f"{http.base_url}$metadata#branch/shelves(label)/$entity".replace("shelves(", "shelves("),
        "label": "First",
        "keeper": {"id": "k", "name": "Ada"},
        "books": [{"@odata.type": "#lib.atlas", "title": "World"}],
    }
    assert (
        http.get("/branch?$expand=shelves($expand=books($count=true))").json()["shelves"][0]["books@odata.count"] == 4
    )


@pytest.mark.parametrize(
    "query",
    ["$select=nope", "$expand=nope", "$expand=title", "$top=0", "$top=x", "$skip=-1", "$count=yes", "$foo=1",
     "$top=1&top=2", "$expand=books($top=1", "$orderby=title up"],
)  # fmt: skip
def test_options_that_are_refused(http: httpx.Client, query: str) -> None:
    assert http.get(f"/branch/shelves?{query}").status_code == 400


def test_option_that_the_path_does_not_offer(http: httpx.Client) -> None:
    assert http.get("/branch/shelves/a?$top=1").status_code == 400
    assert http.get("/branch/shelves/a?debug=1").status_code == 200


def test_cast_shows_the_derived_ones_only(http: httpx.Client) -> None:
    assert titles(http.get("/branch/shelves/a/books/lib.atlas")) == ["World"]


def test_derived_entity_keeps_its_type(http: httpx.Client) -> None:
    made = http.post("/branch/shelves/b/books", json={"@odata.type": "#lib.atlas", "title": "Sea", "maps": 3}).json()
    assert (made["@odata.type"], made["maps"]) == ("#lib.atlas", 3)
    changed = http.patch(f"/branch/shelves/b/books/{made['id']}", json={"maps": 4})
    assert changed.json()["maps"] == 4
    assert http.patch("/branch/shelves/a/books/1", json={"maps": 4}).status_code == 400


def test_deep_insert_is_one_request(http: httpx.Client) -> None:
    http.post("/branch/shelves", json={"id": "c", "books": [{"title": "Inner"}]})
    assert titles(http.get("/branch/shelves/c/books")) == ["Inner"]
    assert "books" not in http.get("/branch/shelves/c").json()


def test_stream(http: httpx.Client) -> None:
    scan = "/branch/shelves/a/books/1/scan"
    assert http.get(scan).status_code == 404
    assert http.put(scan, content=b"\x00\xff", headers={"Content-Type": "image/png"}).status_code == 204
    assert (http.get(scan).content, http.get(scan).headers["content-type"]) == (b"\x00\xff", "image/png")
    assert http.delete(scan).status_code == 204
    assert http.put("/branch/shelves/a/books/99/scan", content=b"").status_code == 404


def test_action_without_and_with_a_handler(model: ApiModel, seed: Seed, connect: object) -> None:
    def lend(call: Call) -> object:
        if call.body["to"] == "nobody":
            raise Refused(409, "Lent", "It is lent.")
        return {"to": call.body["to"], "book": call.parameters["book-id"]}

    path = "/branch/shelves/{shelf-id}/books/{book-id}/lib.lend"
    with running(model, seed=seed, handlers={f"POST {path}": lend}) as address:
        client = connect(address)  # type: ignore[operator]
        done = client.post("/branch/shelves/a/books/1/lib.lend", json={"to": "Ada"})
        refused = client.post("/branch/shelves/a/books/1/lib.lend", json={"to": "nobody"})
    assert done.json() == {"to": "Ada", "book": "1"}
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "Lent")
    with running(model, seed=seed) as address:
        plain = connect(address).post("/branch/shelves/a/books/1/lib.lend", json={})  # type: ignore[operator]
    assert (plain.status_code, plain.json()["error"]["code"]) == (501, "NotImplemented")


def test_steps_let_work_proceed(model: ApiModel, connect: object) -> None:
    seed = Seed(
        data={"/branch/shelves": [{"id": "a", "label": "0"}]},
        steps={"lib.shelf": ({"label": "1"}, {"label": "@now"})},
    )
    with running(model, seed=seed) as address:
        client = connect(address)  # type: ignore[operator]
        seen = [client.get("/branch/shelves/a").json()["label"] for _ in range(3)]
    assert seen[0] == "1"
    assert SEVEN_DIGITS.fullmatch(seen[1])
    assert seen[2] == seen[1]


def test_head_and_options(http: httpx.Client) -> None:
    head = http.head("/branch/shelves/a")
    assert (head.status_code, head.content) == (200, b"")
    options = http.options("/branch/shelves/a")
    assert (options.status_code, options.headers["allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PATCH")
    wrong = http.put("/branch/shelves/a", json={})
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "DELETE, GET, HEAD, OPTIONS, PATCH")


def test_links_stay_below_the_public_root_for_its_own_host(library_service: Address, http: httpx.Client) -> None:
    page = http.get("/branch/shelves?$top=1", headers={"Host": "library.example"}).json()
    assert page["@odata.context"] == "https://library.example/v1/$metadata#branch/shelves"
    assert page["@odata.nextLink"] == "https://library.example/v1/branch/shelves?$top=1&$skiptoken=1"


def test_keys_of_several_parts(http: httpx.Client) -> None:
    created = http.post("/seats", json={"row": "A", "number": 7})
    assert created.status_code == 201
    assert created.headers["location"].endswith("/v1/seats/row='A',number=7")
    seat = http.get("/seats/row='A',number=7")
    assert (seat.status_code, seat.json()["number"]) == (200, 7)
    assert seat.json()["@odata.context"].endswith("#seats/$entity")
    assert http.patch("/seats/row='A',number=7", json={"note": "by the door"}).json()["note"] == "by the door"
    assert http.get("/seats/row='A',number=8").status_code == 404
    assert http.post("/seats", json={"row": "A", "number": 7}).status_code == 409
    assert http.delete("/seats/row='A',number=7").status_code == 204


def test_alternate_keys_find_the_same_entity(http: httpx.Client) -> None:
    http.post("/badges", json={"code": "1", "colour": "red"})
    assert http.get("/badges(colour='red')").json()["code"] == "1"
    assert http.get("/badges(colour='blue')").status_code == 404
    http.patch("/badges(colour='red')", json={"colour": "blue"})
    assert http.get("/badges/1").json()["colour"] == "blue"


def test_references_show_one_entity_at_two_places(http: httpx.Client) -> None:
    ada = http.post("/people", json={"name": "Ada"}).headers["location"]
    readers = "/branch/shelves/a/readers"
    assert http.post(f"{readers}/$ref", json={"@odata.id": ada}).status_code == 204
    assert http.post(f"{readers}/$ref", json={"@odata.id": ada}).status_code == 400
    assert http.get(f"{readers}/$ref").json()["value"] == [{"@odata.id": ada}]
    http.patch(ada, json={"name": "Ada Lovelace"})
    assert [reader["name"] for reader in http.get(readers).json()["value"]] == ["Ada Lovelace"]
    assert http.delete(f"{readers}/{ada.rpartition('/')[2]}/$ref").status_code == 204
    assert http.get(readers).json()["value"] == []
    assert http.get(ada).status_code == 200


def test_references_go_with_their_entity(http: httpx.Client) -> None:
    ada = http.post("/people", json={"name": "Ada"}).headers["location"]
    http.post("/branch/shelves/b/readers/$ref", json={"@odata.id": ada})
    assert http.put("/branch/shelves/b/keeper/$ref", json={"@odata.id": ada}).status_code == 204
    assert http.get("/branch/shelves/b/keeper").json()["name"] == "Ada"
    assert http.get("/branch/shelves/b/keeper/$ref").json()["@odata.id"] == ada
    assert http.delete(ada).status_code == 204
    assert http.get("/branch/shelves/b/readers").json()["value"] == []
    assert http.get("/branch/shelves/b/keeper").status_code == 404


@pytest.mark.parametrize("body", [{}, {"@odata.id": 5}, []])
def test_references_to_nothing(http: httpx.Client, body: object) -> None:
    assert http.post("/branch/shelves/a/readers/$ref", json=body).status_code == 400
    gone = {"@odata.id": "https://library.example/v1/people/nobody"}
    assert http.post("/branch/shelves/a/readers/$ref", json=gone).status_code == 404
    assert http.delete("/branch/shelves/a/readers/$ref").status_code == 400
