"""What a kill at any step leaves behind, and that the next run puts it right."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphslice.diagnostics import RefusedError
from graphslice.journal import JOURNAL
from graphslice.lock import read_lock
from graphslice.writing import Kind, compare, write
from graphslice.writing_guard import only_run

from .conftest import lock_of

STATES = [
    {"pkg/__init__.py": b"0", "pkg/a.py": b"a0", "pkg/m/b.py": b"b0"},
    {"pkg/__init__.py": b"1", "pkg/a.py": b"a0", "pkg/m/c.py": b"c1", "pkg.api.txt": b"1"},
    {"pkg/__init__.py": b"2", "pkg/n/d.py": b"d2"},
]


class Killed(BaseException):
    pass


def tree(root: Path) -> dict[str, bytes]:
    if not root.exists():
        return {}
    skip = (".gen-", "pkg.lock.json")
    found = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    return {path: data for path, data in found.items() if not path.startswith(skip)}


def put(root: Path, files: dict[str, bytes]) -> None:
    write(root, "pkg", files, lock_of(files))


@contextlib.contextmanager
def dying_after(steps: int, monkeypatch: pytest.MonkeyPatch):
    """Stop at the n-th change of the file system, as a kill would: nothing after it happens, no cleaning up either."""
    left = steps
    dead = False

    def counted(function):
        def inner(*args, **kwargs):
            nonlocal left, dead
            left -= 1
            if left < 0:
                dead = True
            if dead:
                raise Killed
            return function(*args, **kwargs)

        return inner

    with monkeypatch.context() as patch:
        for module, name in [("os", "replace"), ("os", "rename"), ("shutil", "rmtree")]:
            patch.setattr(f"{module}.{name}", counted(getattr(__import__(module), name)))
        for name in ("unlink", "rmdir", "mkdir"):
            patch.setattr(Path, name, counted(getattr(Path, name)))
        yield lambda: dead


@pytest.mark.parametrize("steps", range(40))
def test_killed_at_any_step_the_next_run_finishes(root: Path, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, STATES[0])
    (root / "mine.txt").write_bytes(b"mine")
    with dying_after(steps, monkeypatch) as died, contextlib.suppress(Killed):
        put(root, STATES[1])
    between = tree(root)
    assert between.pop("mine.txt") == b"mine"
    findings = compare(root, "pkg", STATES[1], read_lock(root / "pkg.lock.json"))
    interrupted = [f.kind for f in findings] == [Kind.INTERRUPTED]
    assert interrupted or between in (STATES[0], STATES[1])
    assert not findings or died()
    put(root, STATES[2])
    assert tree(root) == {**STATES[2], "mine.txt": b"mine"}
    assert compare(root, "pkg", STATES[2], read_lock(root / "pkg.lock.json")) == []
    assert not [p for p in root.iterdir() if p.name.startswith(".gen-")]


def test_edits_made_after_a_kill_are_not_lost(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, STATES[0])
    steps = 0
    while not (root / JOURNAL).exists():
        steps += 1
        with dying_after(steps, monkeypatch), contextlib.suppress(Killed):
            put(root, STATES[1])
    (root / "pkg/__init__.py").write_bytes(b"edited after the kill")
    with pytest.raises(RefusedError, match="edited by hand"):
        put(root, STATES[1])
    assert (root / "pkg/__init__.py").read_bytes() == b"edited after the kill"


def test_a_lost_staging_folder_is_no_dead_end(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    put(root, STATES[0])
    steps = 0
    while not (root / JOURNAL).exists():
        steps += 1
        with dying_after(steps, monkeypatch), contextlib.suppress(Killed):
            put(root, STATES[1])
    for left in root.glob(".gen-????????*"):
        if left.is_dir():
            shutil.rmtree(left)
    put(root, STATES[1])
    assert tree(root) == STATES[1]
    assert not (root / JOURNAL).exists()


def test_a_damaged_journal_is_refused(root: Path) -> None:
    put(root, STATES[0])
    for text in ("{}", "nonsense", '{"journal": {}, "self": "x"}'):
        (root / JOURNAL).write_text(text)
        with pytest.raises(RefusedError, match="journal"):
            put(root, STATES[1])
    assert tree(root) == STATES[0]


def test_two_runs_at_once_one_stops_with_a_clear_line(root: Path) -> None:
    put(root, STATES[0])
    with only_run(root), pytest.raises(RefusedError, match="another run"):
        put(root, STATES[1])
    put(root, STATES[1])


def test_a_run_can_wait_for_another(root: Path) -> None:
    root.mkdir()
    code = (
        "import sys, time; from pathlib import Path; from graphslice.writing_guard import only_run\n"
        "with only_run(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(0.3)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        write(root, "pkg", STATES[0], lock_of(STATES[0]), wait=30)
    assert tree(root) == STATES[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("generate"), st.integers(0, 2)),
            st.tuples(st.just("kill"), st.integers(0, 2), st.integers(0, 25)),
            st.tuples(st.just("edit"), st.sampled_from(["pkg/__init__.py", "pkg/a.py", "pkg/m/b.py"])),
            st.tuples(st.just("delete"), st.sampled_from(["pkg/__init__.py", "pkg/m/c.py"])),
        ),
        max_size=8,
    )
)
def test_whatever_happens_the_lock_tells_the_truth_and_foreign_files_live(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, actions: list[tuple]
) -> None:
    root = tmp_path_factory.mktemp("run") / "out"
    root.mkdir()
    (root / "mine.txt").write_bytes(b"mine")
    for action in actions:
        if action[0] == "generate":
            with contextlib.suppress(RefusedError):
                put(root, STATES[action[1]])
        elif action[0] == "kill":
            with dying_after(action[2], monkeypatch), contextlib.suppress(Killed, RefusedError):
                put(root, STATES[action[1]])
        elif action[0] == "edit" and (root / action[1]).exists():
            (root / action[1]).write_bytes(b"edited")
        elif action[0] == "delete":
            (root / action[1]).unlink(missing_ok=True)
        lock = read_lock(root / "pkg.lock.json")
        for state in STATES:
            if lock and lock.files == lock_of(state).files and not compare(root, "pkg", state, lock):
                assert tree(root) == {**state, "mine.txt": b"mine"}
        assert (root / "mine.txt").read_bytes() == b"mine"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_real_kill_at_random_moments(root: Path) -> None:
    """The real thing: another process, SIGKILL, moments spread over its run."""
    old = {f"pkg/m{number % 7}/f{number}.py": b"old %d" % number for number in range(90)}
    new = {f"pkg/m{number % 5}/f{number}.py": b"new %d" % number for number in range(30, 120)}
    put(root, old)
    code = (
        "import sys\nfrom pathlib import Path\nfrom tests_writing_states import old, new, lock_of\n"
        "from graphslice.writing import write\nprint('go', flush=True)\n"
        "while True:\n    for files in (new, old):\n        write(Path(sys.argv[1]), 'pkg', files, lock_of(files))\n"
    )
    states = root.parent / "tests_writing_states.py"
    states.write_text(
        "import importlib.util, sys\n"
        f"place = {str(Path(__file__).parent / 'conftest.py')!r}\n"
        "spec = importlib.util.spec_from_file_location('lock_states', place)\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)\n"
        f"lock_of = module.lock_of\nold = {old!r}\nnew = {new!r}\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root.parent), os.environ.get("PYTHONPATH", "")])}
    for moment in range(25):
        with subprocess.Popen([sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, env=env) as process:
            assert process.stdout and process.stdout.readline()
            time.sleep(0.003 * moment % 0.041)
            process.kill()
        lock = read_lock(root / "pkg.lock.json")
        findings = compare(root, "pkg", old, lock)
        assert [f.kind for f in findings] == [Kind.INTERRUPTED] or tree(root) in (old, new)
        put(root, new)
        assert tree(root) == new
