"""Where builders live, and that no two of them meet."""

from __future__ import annotations

import pytest

from graphslice.api.model import ApiModel, PathItem
from graphslice.api.tree import UrlTree, build_tree
from graphslice.diagnostics import GraphsliceError
from graphslice.python.builders_layout import Layout, fitting, lay_out

from .conftest import NUMBER, TEXT, item, option, read


def tree(*items: PathItem) -> UrlTree:
    return build_tree(ApiModel(paths=items, types={}))


def layout(*paths: str) -> Layout:
    return lay_out(tree(*(item(path) for path in paths)), "client", "ExampleClient")


def codes(found: Layout) -> list[str]:
    return [diagnostic.code for diagnostic in found.diagnostics]


def test_indexes_of_one_node_are_merged_under_one_name() -> None:
    found = tree(
        item("/users/{userId}", read(option("a")), parameters={"userId": TEXT}),
        item("/users/{name}/mail", parameters={"name": NUMBER}),
        item("/users/{name}", read(option("b")), parameters={"name": NUMBER}, query=(option("c"),)),
    )

    merged = found.at["/users/{userId}"]
    assert merged is found.at["/users/{name}"]
    assert merged.segment == "{name-id}"
    assert found.at["/users/{name}/mail"].path == "/users/{name-id}/mail"
    assert merged.item is not None
    assert {parameter.name for parameter in merged.item.parameters} == {"name-id"}
    assert [one.name for one in merged.item.operations[0].query] == ["b"]
    assert [one.name for one in merged.item.query] == ["c"]
    assert [diagnostic.code for diagnostic in found.diagnostics] == ["PATH001"]


def test_one_index_keeps_its_name() -> None:
    assert tree(item("/users/{userId}")).at["/users/{userId}"].segment == "{userId}"


def test_empty_segments_have_builders_but_no_folders() -> None:
    found = layout("/a//b", "/a/")

    assert found.place_of("/a/").module == ("a", "empty_path_segment_request_builder")
    assert found.place_of("/a//b").module == ("a", "b", "b_request_builder")


def test_builders_that_only_case_tells_apart_both_live() -> None:
    found = layout("/Users", "/users", "/user-groups", "/userGroups")

    places = [found.place_of(path) for path in ("/Users", "/users", "/user-groups", "/userGroups")]
    assert len({place.module for place in places}) == 4
    assert len({place.member for place in places}) == 4
    assert codes(found).count("PY001") == 2


def test_the_one_already_in_snake_case_keeps_the_member() -> None:
    found = layout("/firstVoices", "/first_voices")

    assert found.place_of("/first_voices").member == "first_voices"
    assert found.place_of("/firstVoices").member == "firstVoices"
    # Kiota's two classes share one file, of which one is lost there.
    assert found.place_of("/first_voices").module == found.place_of("/firstVoices").module
    assert found.place_of("/first_voices").class_name != found.place_of("/firstVoices").class_name


def test_a_module_moves_into_a_folder_of_its_name() -> None:
    found = layout("/tyres", "/tyres/TyresRequestBuilder")

    assert found.place_of("/tyres").module == ("tyres", "tyres_request_builder", "tyres_request_builder")


@pytest.mark.parametrize(
    ("path", "member"),
    [
        ("/x/get", "get_path"),
        ("/x/Delete", "delete_path"),
        ("/x/from", "from_"),
        ("/x/$value", "content"),
        ("/x/item", "item"),
        ("/x/serialize", "serialize_property"),
        ("/x/backingStore", "backing_store_property"),
        ("/x/urlTemplate", "url_template_property"),
        ("/x/withUrl", "with_url_property"),
        ("/x/toGetRequestInformation", "to_get_request_information_property"),
        ("/x/toPostRequestInformation", "to_post_request_information"),
    ],
)
def test_a_child_takes_no_name_that_a_builder_needs(path: str, member: str) -> None:
    assert layout("/x", path).place_of(path).member == member


def test_without_operations_the_names_of_operations_are_free() -> None:
    assert layout("/x/withUrl").place_of("/x/withUrl").member == "with_url"


def test_folders_that_version_control_leaves_out_are_told_once() -> None:
    found = layout("/a/instance", "/b/instance", "/a/target")

    assert codes(found) == ["PY002", "PY002"]
    assert "'instance' of /a/instance" in found.diagnostics[0].message


@pytest.mark.parametrize("limit", [40, 60, 80])
def test_long_paths_are_shortened_by_a_hash_and_stay_apart(limit: int) -> None:
    long = ("one", "two_and_a_half", "three_and_more_of_it", "four_and_still_not_the_end")
    made = [fitting((*long, name), limit) for name in ("a_request_builder", "b_request_builder")]

    assert all(len("/".join(parts)) + len(".py") <= limit for parts in made)
    assert made[0] != made[1]
    assert fitting(("short", "one"), limit) == ("short", "one")


def test_a_limit_that_nothing_can_meet_is_refused() -> None:
    with pytest.raises(GraphsliceError, match="PY003"):
        fitting(("some_folder", "some_module"), 10)
