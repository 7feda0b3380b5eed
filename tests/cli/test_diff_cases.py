"""Every hand-made change is judged right, and the judgement is what really happens to a user's code."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from graphslice import pipeline
from graphslice.config import Slice
from graphslice.diff.changes import next_version, worst
from graphslice.diff.client import Side
from graphslice.diff.compare import Difference, compare
from graphslice.diff.rules import Level

from .diff_cases import CASES, TITLE, Case
from .diff_cases_openapi import FURTHER, OPENAPI_CASES

HERE = Path(__file__).parent / "diff"
BASE = (HERE / "base.csdl.xml").read_text(encoding="utf-8")
KENNEL = (HERE / "kennel.openapi.yaml").read_text(encoding="utf-8")
EXTRA = {
    "complex type added and used": '<ComplexType Name="spot"><Property Name="x" Type="Edm.Int32" /></ComplexType>',
}
EVERY = (*CASES, *OPENAPI_CASES)
USERS = {
    BASE: (HERE / "user.py").read_text(encoding="utf-8"),
    KENNEL: (HERE / "kennel_user.py").read_text(encoding="utf-8"),
}
VERSIONS = {"breaking": "2.0.0", "compatible": "1.5.0", "documentation": "1.4.3"}


def base_of(case: Case) -> str:
    return KENNEL if case in OPENAPI_CASES else BASE


def edited(case: Case) -> str:
    base = base_of(case)
    text = base
    for old, new in ((case.old, case.new), *FURTHER.get(case.id, ())):
        assert old in text, (case.id, old)
        text = text.replace(old, new)
    if base is KENNEL:
        return text
    if case.id == "type renamed":
        text = text.replace('<EntityType Name="settings"', '<EntityType Name="settingz"')
    if case.id == "property moved to the base":
        head, tail = text.split('<EntityType Name="order"')
        text = f'{head}<EntityType Name="order"{tail.replace(TITLE, "", 1)}'
    return text.replace("<EntityContainer", EXTRA.get(case.id, "") + "<EntityContainer", 1)


def side(text: str, folder: Path) -> Side:
    path = folder / ("shop.csdl.xml" if text.startswith("<") else "shop.openapi.yaml")
    path.write_text(text, encoding="utf-8")
    wanted = Slice(description=str(path), package="shop_client", class_name="Shop")
    return Side(pipeline.read_model(wanted), wanted)


def difference(case: Case, tmp_path: Path) -> Difference:
    return compare(side(base_of(case), tmp_path), side(edited(case), tmp_path))


def test_there_are_many() -> None:
    assert len(EVERY) >= 130 and len({case.id for case in EVERY}) == len(EVERY)


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.id)
def test_the_change_is_judged_right(case: Case, tmp_path: Path) -> None:
    found = difference(case, tmp_path)
    rules = {change.rule for change in found.changes}
    assert set(case.rules) <= rules, rules
    level = worst(found.changes)
    assert level is not None and level.value == case.level, [change.title for change in found.changes]
    assert next_version("1.4.2", level) == VERSIONS[case.level]


def test_nothing_changed_is_no_change(tmp_path: Path) -> None:
    assert compare(side(BASE, tmp_path), side(BASE, tmp_path)).changes == ()
    # Where things stand in the file is no part of what it says.
    assert compare(side(BASE, tmp_path), side(BASE.replace("<Property ", "\n<Property "), tmp_path)).changes == ()


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[bool, bool]]]:
    """Generate the client of every case and try the user's code on it: does it pass the type checker, does it run."""
    folder = tmp_path_factory.mktemp("users")
    names = {case.id: f"shop_{number:03}" for number, case in enumerate(EVERY)} | {
        "csdl": "shop_a",
        "openapi": "shop_b",
    }
    texts = {case.id: edited(case) for case in EVERY} | {"csdl": BASE, "openapi": KENNEL}
    for id, package in names.items():
        path = folder / f"{package}{'.csdl.xml' if texts[id].startswith('<') else '.yaml'}"
        path.write_text(texts[id], encoding="utf-8")
        user = USERS[BASE if texts[id].startswith("<") else KENNEL]
        wanted = Slice(description=str(path), package=package, class_name="Shop", output=folder)
        pipeline.generate(wanted)
        (folder / f"user_{package}.py").write_text(user.replace("shop_client", package), encoding="utf-8")
    checker = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--python-version", "3.10", "--follow-imports=silent"),
            *("--no-error-summary", f"--cache-dir={folder / 'cache'}"),
            *(f"user_{package}.py" for package in names.values()),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not checker.stderr, checker.stderr
    wrong = set(re.findall(r"^user_(\w+)\.py:", checker.stdout, re.M))

    def runs(package: str) -> bool:
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        arguments = [sys.executable, "-W", "ignore", f"user_{package}.py"]
        return not subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, check=False).returncode

    with ThreadPoolExecutor(2) as pool:
        ran = dict(zip(names.values(), pool.map(runs, names.values()), strict=True))
    yield {id: (package not in wrong, ran[package]) for id, package in names.items()}


@pytest.mark.slow
@pytest.mark.xdist_group("users")
def test_the_users_code_fits_the_base(users: dict[str, tuple[bool, bool]]) -> None:
    assert (users["csdl"], users["openapi"]) == ((True, True), (True, True))


@pytest.mark.slow
@pytest.mark.xdist_group("users")
@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.id)
def test_the_judgement_is_what_happens(case: Case, users: dict[str, tuple[bool, bool]]) -> None:
    checks, runs = users[case.id]
    if case.user == "passes":
        assert checks and runs, (checks, runs)
    elif case.user == "fails":
        assert not (checks and runs)
    assert (case.level == Level.BREAKING.value) == (case.user != "passes") or case.user == "any"
