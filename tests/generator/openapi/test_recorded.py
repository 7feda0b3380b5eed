"""What was recorded of Kiota's clients, as far as it is decided before any Python is written."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from graphslice.api.model import ApiModel, ComposedType, EnumType, ObjectType, TypeDecl
from graphslice.config import Slice
from graphslice.openapi.reader import read_description
from graphslice.openapi.resolve import resolve
from graphslice.python.types_places import place_types

from .conftest import REPOSITORY, shared

# Kiota writes an enum that only answers use in the case of its key, and a class called like a type word as that type.
ON_PURPOSE = re.compile(r" \S+:[a-z]\w*|models\.uuid:Uuid")


def _cases() -> list[str]:
    folder = Path(os.environ.get("GRAPHSLICE_SHARED", REPOSITORY.parent / "shared")) / "surfaces" / "openapi"
    return sorted(one.stem for one in folder.glob("*.txt")) or ["none"]


def _model(name: str) -> ApiModel:
    file = next(one for one in (shared() / "openapi").glob(name + ".*") if ".part." not in one.name)
    found = re.search(r"^# flags: (.*)$", file.read_text(encoding="utf-8-sig")[:2000], re.M)
    flags = shlex.split(found[1]) if found else []
    pairs = list(pairwise(flags))
    wanted = Slice(
        description=str(file),
        class_name="ExampleClient",
        include=tuple(value for flag, value in pairs if flag == "-i"),
        exclude=tuple(value for flag, value in pairs if flag == "-e"),
    )
    return resolve(read_description(file, wanted), wanted)


def _lines(model: ApiModel) -> Iterator[str]:
    places = place_types(model)
    for declared in model.types.values():
        label = f"{places[declared.id].dotted}:{places[declared.id].name}"
        if isinstance(declared, EnumType):
            yield from (f"enum {label} = {member.value}" for member in declared.members)
            continue
        yield f"model {label} composed={isinstance(declared, ComposedType)}"
        yield from (f"reads {label} {name}" for name in _keys(model, declared))


def _keys(model: ApiModel, declared: TypeDecl | None) -> Iterator[str]:
    while isinstance(declared, ObjectType):
        yield from (one.name for one in declared.properties)
        declared = model.types.get(declared.base) if declared.base else None


def _expected(file: Path) -> Iterator[str]:
    for line in file.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "model":
            label, _, bases = rest.partition(" bases=")
            yield f"model {label} composed={'ComposedTypeWrapper' in bases}"
        elif kind == "enum":
            yield f"enum {rest.split(' ')[0]} = {rest.partition(' = ')[2]}"
        elif kind == "reads":
            yield line


@pytest.mark.parametrize("name", _cases())
def test_recorded_types_are_there(name: str) -> None:
    file = shared() / "surfaces" / "openapi" / f"{name}.txt"
    if not file.is_file() or file.read_text(encoding="utf-8").strip() == "any":
        pytest.skip("nothing was recorded")
    missing = sorted(line for line in set(_expected(file)) - set(_lines(_model(name))) if not ON_PURPOSE.search(line))
    assert missing == []
