from __future__ import annotations

import json
from pathlib import Path

import pytest

from graphslice.diagnostics import RefusedError
from graphslice.lock import extend_history, input_file, parse_lock, read_lock, version_key

from .conftest import lock_of

FILES = {"pkg/a.py": b"a", "pkg/_runtime/b.py": b"b"}


def refused(text: str) -> str:
    with pytest.raises(RefusedError) as caught:
        parse_lock(text, Path("pkg.lock.json"))
    return str(caught.value)


def test_a_lock_reads_back_as_it_was_written() -> None:
    lock = lock_of(FILES)
    assert parse_lock(lock.to_text(), Path("x")) == lock


def test_a_lock_is_sorted_ascii_with_a_line_a_file() -> None:
    text = lock_of(FILES).to_text()
    assert text.endswith("}\n") and text.isascii() and "\r" not in text
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert sum("pkg/" in line for line in text.splitlines()) == len(FILES)


def test_an_edit_is_noticed_by_the_own_hash() -> None:
    assert "LOCK003" in refused(lock_of(FILES).to_text().replace('"pkg/a.py"', '"pkg/b.py"'))


def test_merge_markers_are_named() -> None:
    text = lock_of(FILES).to_text()
    assert "merge conflict" in refused(text.replace("{\n", "{\n<<<<<<< ours\n", 1))


def test_a_format_from_the_future_is_refused() -> None:
    assert "LOCK002" in refused(json.dumps({"format": 99, "files": {}}))
    assert "LOCK002" in refused(json.dumps({"lockVersion": 99}))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"format": NaN}', "[" * 100_000])
def test_what_is_no_lock_is_refused(text: str) -> None:
    refused(text)


@pytest.mark.parametrize(
    "path",
    (
        "../victim.py",
        "/etc/passwd",
        "C:\\victim.py",
        "pkg/../../x.py",
        ".git/config",
        "pkg//a.py",
        "pkg/",
        "a/./b",
        "",
        "pkg/a\n.py",
        "pkg/.GIT/x",
        "pkg/x./y",
    ),
)
def test_paths_that_no_run_can_have_made_are_refused(path: str) -> None:
    assert "LOCK004" in refused(lock_of({path: b""}).to_text())


def test_no_lock_is_no_fault(tmp_path: Path) -> None:
    assert read_lock(tmp_path / "none.lock.json") is None


def test_line_ends_and_bom_do_not_change_the_canonical_hash() -> None:
    plain = input_file("x", b"<a>\n</a>\n")
    dressed = input_file("x", b"\xef\xbb\xbf<a>\r\n</a>\r\n")
    assert plain.canonical == dressed.canonical and plain.sha256 != dressed.sha256


def test_history_knows_what_was_accepted_and_stays_short() -> None:
    lock = lock_of(FILES)
    assert extend_history(None, "b") == ("b",)
    assert extend_history(lock, "a" * 64) == lock.history
    assert extend_history(lock, "b") == ("a" * 64, "b")


def test_versions_compare_by_number() -> None:
    assert version_key("0.10.0") > version_key("0.9.9")
