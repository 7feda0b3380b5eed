from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphslice.diagnostics import GraphsliceError, RefusedError
from graphslice.lock import read_lock
from graphslice.writing import Kind, compare, unchanged, write

from .conftest import lock_of

A = {"pkg/__init__.py": b"A = 1\n", "pkg/models/a.py": b"a\n", "pkg.api.txt": b"pkg.A\n"}
B = {"pkg/__init__.py": b"B = 1\n", "pkg/models/b.py": b"b\n", "pkg.api.txt": b"pkg.B\n"}


def tree(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def put(root: Path, files: dict[str, bytes]) -> None:
    write(root, "pkg", files, lock_of(files))


def kinds(root: Path, files: dict[str, bytes]) -> dict[str, Kind]:
    return {f.path: f.kind for f in compare(root, "pkg", files, read_lock(root / "pkg.lock.json"))}


def test_a_first_run_writes_everything_and_nothing_else(root: Path) -> None:
    report = write(root, "pkg", A, lock_of(A))
    assert sorted(tree(root)) == sorted([*A, "pkg.lock.json"])
    assert {path: data for path, data in tree(root).items() if path in A} == A
    assert report.written == tuple(sorted(A))
    assert kinds(root, A) == {}


def test_a_second_run_touches_nothing(root: Path) -> None:
    put(root, A)
    before = {p: p.stat().st_mtime_ns for p in root.rglob("*")}
    assert write(root, "pkg", A, lock_of(A)).kept == len(A)
    assert {p: p.stat().st_mtime_ns for p in root.rglob("*")} == before


def test_files_that_did_not_change_keep_their_time(root: Path) -> None:
    put(root, A)
    old = (root / "pkg/models/a.py").stat().st_mtime_ns
    changed = {**A, "pkg/__init__.py": b"A = 2\n"}
    put(root, changed)
    assert (root / "pkg/models/a.py").stat().st_mtime_ns == old
    assert tree(root)["pkg/__init__.py"] == b"A = 2\n"


def test_there_and_back_gives_the_same_bytes(root: Path) -> None:
    put(root, A)
    first = tree(root)
    put(root, B)
    assert "pkg/models/a.py" not in tree(root)
    put(root, A)
    assert tree(root) == first


def test_folders_of_ours_go_when_they_are_empty_and_not_before(root: Path) -> None:
    deep = {**A, "pkg/x/y/z.py": b"", "pkg/x/w.py": b""}
    put(root, deep)
    (root / "pkg/x/notes.txt").write_text("mine")
    put(root, A)
    assert not (root / "pkg/x/y").exists()
    assert (root / "pkg/x/notes.txt").read_text() == "mine"


def test_hand_written_files_beside_ours_stay(root: Path) -> None:
    put(root, A)
    (root / "mine.txt").write_text("mine")
    (root / "pkg/models/__pycache__").mkdir()
    (root / "pkg/models/__pycache__/a.pyc").write_bytes(b"x")
    put(root, B)
    assert (root / "mine.txt").read_text() == "mine"
    assert (root / "pkg/models/__pycache__/a.pyc").exists()


def test_an_edited_file_stops_the_run_and_nothing_changes(root: Path) -> None:
    put(root, A)
    (root / "pkg/models/a.py").write_text("edited")
    before = tree(root)
    with pytest.raises(RefusedError) as caught:
        put(root, B)
    assert "models/a.py" in str(caught.value) and "--overwrite-edited" in str(caught.value)
    assert tree(root) == before


def test_an_edited_file_is_replaced_on_request_and_kept_as_orig(root: Path) -> None:
    put(root, A)
    (root / "pkg/__init__.py").write_text("edited")
    report = write(root, "pkg", A, lock_of(A), overwrite_edited=True)
    assert report.rescued == ("pkg/__init__.py.orig",)
    assert (root / "pkg/__init__.py.orig").read_text() == "edited"
    assert (root / "pkg/__init__.py").read_bytes() == A["pkg/__init__.py"]
    (root / "pkg/__init__.py").write_text("again")
    report = write(root, "pkg", A, lock_of(A), overwrite_edited=True)
    assert report.rescued == ("pkg/__init__.py.orig1",)


def test_a_foreign_file_in_the_way_stops_the_run(root: Path) -> None:
    (root / "pkg").mkdir(parents=True)
    (root / "pkg/__init__.py").write_text("hand-written")
    with pytest.raises(RefusedError, match="not ours"):
        put(root, A)
    assert list(tree(root)) == ["pkg/__init__.py"]


def test_a_foreign_file_with_the_same_bytes_is_taken_over(root: Path) -> None:
    (root / "pkg").mkdir(parents=True)
    (root / "pkg/__init__.py").write_bytes(A["pkg/__init__.py"])
    put(root, A)
    assert kinds(root, A) == {}


def test_a_missing_file_is_restored(root: Path) -> None:
    put(root, A)
    (root / "pkg/models/a.py").unlink()
    put(root, A)
    assert kinds(root, A) == {}


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege there")
def test_links_are_never_followed(root: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    root.mkdir()
    (root / "pkg").symlink_to(victim)
    with pytest.raises(RefusedError):
        put(root, A)
    assert list(victim.iterdir()) == []
    linked = tmp_path / "link"
    linked.symlink_to(root)
    with pytest.raises(RefusedError, match="symbolic link"):
        put(linked, A)


def test_roots_that_are_not_for_generators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repo/.git").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for bad in (tmp_path / "repo", Path("/"), tmp_path / "home"):
        with pytest.raises(RefusedError):
            put(bad, A)
    assert not (tmp_path / "home").exists()


def test_a_file_as_output_folder_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GraphsliceError) as caught:
        put(tmp_path / "file", A)
    assert caught.value.exit_code == 2
    with pytest.raises(GraphsliceError) as caught:
        put(tmp_path / "file" / "below", A)
    assert caught.value.exit_code == 2


def test_a_failed_run_leaves_no_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("graphslice.writing_staging._put", full)
    with pytest.raises(RefusedError, match="No space left"):
        put(tmp_path / "new" / "out", A)
    assert not (tmp_path / "new").exists()


def test_a_disk_that_gives_back_something_else_stops_before_anything_changes(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root.mkdir()
    monkeypatch.setattr("graphslice.writing_staging._put", lambda path, data, _: Path(path).write_bytes(data + b" "))
    with pytest.raises(RefusedError, match="does not read back"):
        put(root, A)
    assert list(root.iterdir()) == []


def test_every_kind_of_drift_has_its_name(root: Path) -> None:
    put(root, A)
    assert kinds(root, B) == {
        "pkg/__init__.py": Kind.CHANGED,
        "pkg/models/a.py": Kind.REMOVED,
        "pkg/models/b.py": Kind.ADDED,
        "pkg.api.txt": Kind.CHANGED,
    }
    (root / "pkg/__init__.py").write_text("edited")
    (root / "pkg/models/a.py").unlink()
    (root / "pkg/models/left.py").write_text("")
    assert kinds(root, A) == {
        "pkg/__init__.py": Kind.EDITED,
        "pkg/models/a.py": Kind.MISSING,
        "pkg/models/left.py": Kind.ORPHAN,
    }


def test_unchanged_sees_any_byte(root: Path) -> None:
    put(root, A)
    lock = lock_of(A)
    assert unchanged(root, lock)
    (root / "pkg.api.txt").write_bytes(b"pkg.a\n")
    assert not unchanged(root, lock)


def test_a_whole_tree_of_many_files_is_written_in_one_go(root: Path) -> None:
    many = {f"pkg/m{number // 10}/f{number}.py": b"%d" % number for number in range(300)}
    put(root, many)
    assert kinds(root, many) == {}
    half = {path: data + b"!" for path, data in many.items() if "1" in path}
    put(root, half)
    assert kinds(root, half) == {}
    assert sorted(path for path in tree(root) if path != "pkg.lock.json") == sorted(half)
