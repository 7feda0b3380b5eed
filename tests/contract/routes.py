"""Two routes to one client: from CSDL, and from the OpenAPI description that we export of the same slice.

Their modules have to be the same but for docstrings, which quote what an export leaves out.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from graphslice import pipeline
from graphslice.api.model import ApiModel
from graphslice.config import Authentication, Slice
from graphslice.csdl.reader import read_document
from graphslice.csdl.resolve import resolve as resolve_csdl
from graphslice.diagnostics import GraphsliceError
from graphslice.emit.render import render
from graphslice.export.openapi import export_openapi, to_yaml
from graphslice.openapi.reader import read_description
from graphslice.openapi.resolve import resolve as resolve_openapi
from graphslice.slice_file import load_slice
from tests.contract.places import SLICE, shared
from tests.contract.results import Check
from tests.contract.whole import DESCRIPTION
from tests.slices.wanted import SLICES

_URL = "https://service.example/v1"
_SHOWN = 6


def routes(work: Path) -> Iterator[Check]:
    """Try our slice, slices of a whole API, and small documents."""
    (work / "routes").mkdir(exist_ok=True)
    wanted = load_slice(SLICE)
    yield _check("our slice", pipeline.read_model(wanted), wanted, work)
    whole = read_document(str(shared(DESCRIPTION)), ())
    for name, patterns in SLICES.items():
        include = tuple(one for one in patterns if not one.startswith("-"))
        exclude = tuple(one[1:] for one in patterns if one.startswith("-"))
        part = Slice(description="whole.xml", package="both", include=include, exclude=exclude)
        yield _check(name, resolve_csdl(whole, part), part, work)
    for path in sorted(shared("csdl").glob("*.xml")):
        part = Slice(description=str(path), package="both")
        try:
            model = resolve_csdl(read_document(str(path), ()), part)
            pipeline.lower(model, part)
        except GraphsliceError:
            continue  # what is refused has no client on either route
        if not any(one.severity.name == "ERROR" for one in model.diagnostics):
            yield _check(path.stem, model, part, work)


def _check(name: str, model: ApiModel, wanted: Slice, work: Path) -> Check:
    file = work / "routes" / f"{name.replace(' ', '-')}.yaml"
    wanted = replace(wanted, backing_store=True, base_url=_URL, authentication=Authentication.NONE)
    try:
        document = export_openapi(model, _URL)
        file.write_text(to_yaml(document), encoding="utf-8")
        again = replace(wanted, description=str(file), annotations=(), include=(), exclude=())
        through = resolve_openapi(read_description(file, again), again)
        there = _code(through, again)
        here = _code(model, wanted)
    except GraphsliceError as fault:
        return Check(f"routes: {name}", str(fault), holds=False)
    apart = [path for path in sorted({*here, *there}) if here.get(path) != there.get(path)]
    told = [str(one) for one in pipeline.warnings_of(through.diagnostics)]
    lines = [f"{len(here)} modules, {len(apart)} differ, {len(told)} warnings", *told[:_SHOWN]]
    for path in apart[:_SHOWN]:
        lines += _difference(path, here.get(path, ""), there.get(path, ""))
    return Check(f"routes: {name}", "\n".join(lines), not apart and not told)


def _difference(path: str, here: str, there: str) -> list[str]:
    if not here or not there:
        return [f"{path}: only {'through OpenAPI' if there else 'from CSDL'}"]
    found = difflib.unified_diff(here.splitlines(), there.splitlines(), lineterm="", n=0)
    return [path, *[line[:200] for line in found if not line.startswith(("---", "+++", "@@"))][:_SHOWN]]


def _code(model: ApiModel, wanted: Slice) -> dict[str, str]:
    files = render(pipeline.lower(model, wanted)).files.items()
    return {path: _bare(text) for path, text in files if path.endswith(".py") and "_runtime" not in path}


def _bare(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            kept = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
            # which clouds serve an operation is no part of an OpenAPI description
            kept = [one for one in kept if not ast.unparse(one).startswith("_settings =")]
            node.body = kept or [ast.Pass()]
    return ast.unparse(tree)
