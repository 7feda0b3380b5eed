from __future__ import annotations

import pytest

from graphslice.api.selection import Selection


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("/users/*", "/users/recent", True),
        ("/users/*", "/users/a/b", False),
        ("/users/**", "/users/a/b", True),
        ("/users/**", "/users", False),
        ("/**/parts/**", "/halls/{hall-id}/parts/x", True),
        ("/**/parts", "/parts", True),
        ("/users/{anything}", "/users/{user-id}", True),
        ("/users/{anything}", "/users/$count", False),
        ("/Users", "/users", False),
        ("/*", "/", True),
        ("/**", "/", True),
        ("/f(x='{x}')", "/f(x='{x}')", True),
        ("/[ab]?", "/ax", True),
        ("/[!ab]?", "/ax", False),
    ],
)
def test_globs(glob: str, path: str, fits: bool) -> None:
    assert Selection([glob]).keeps(path, "GET") is fits


def test_no_pattern_keeps_everything() -> None:
    assert Selection().verbs("/a", ("GET", "POST")) == ("GET", "POST")
    assert Selection().reaches("/a/b/c")


def test_a_pattern_with_verbs_keeps_only_those() -> None:
    selection = Selection(["/a/**#get, Delete", "/b"])
    assert selection.verbs("/a/x", ("GET", "POST", "DELETE")) == ("GET", "DELETE")
    assert selection.verbs("/b", ("GET", "POST")) == ("GET", "POST")
    assert selection.verbs("/c", ("GET",)) == ()


def test_an_unknown_verb_fits_nothing() -> None:
    assert Selection(["/a#FETCH"]).verbs("/a", ("GET",)) == ()


def test_one_glob_given_plain_and_with_verbs_counts_with_verbs() -> None:
    assert Selection(["/a", "/a#GET"]).verbs("/a", ("GET", "POST")) == ("GET",)


def test_an_exclude_does_not_remove_what_an_include_with_verbs_names() -> None:
    selection = Selection(["/a/**#GET"], ["/a/recent"])
    assert selection.verbs("/a/recent", ("GET", "POST")) == ("GET",)


def test_an_exclude_with_verbs_takes_them_away() -> None:
    selection = Selection(["/a/**"], ["/a/*#POST"])
    assert selection.verbs("/a/b", ("GET", "POST")) == ("GET",)
    assert selection.verbs("/a/b/c", ("GET", "POST")) == ("GET", "POST")


def test_reaching_follows_the_patterns_and_no_further() -> None:
    selection = Selection(["/users/{id}/messages/**"])
    assert selection.reaches("/users")
    assert selection.reaches("/users/{user-id}")
    assert selection.reaches("/users/{user-id}/messages/{message-id}/attachments")
    assert not selection.reaches("/users/{user-id}/events")
    assert not selection.reaches("/groups")


def test_nothing_below_an_excluded_branch_is_reached() -> None:
    selection = Selection(exclude=["/me/**"])
    assert selection.reaches("/me")
    assert not selection.reaches("/me/messages")
    assert not selection.reaches("/me/messages/{message-id}")
    assert selection.reaches("/menu")


def test_what_no_path_fits_is_known_by_name() -> None:
    lost = Selection(["/a", "/b/**"]).unmatched(["/a", "/c"])
    assert [pattern.glob for pattern in lost] == ["/b/**"]
