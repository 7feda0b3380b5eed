"""`graphslice new`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graphslice import pipeline
from graphslice.cli.options import local_copy, slice_flags, take_flags
from graphslice.cli.printing import progress, say, warn
from graphslice.config import Slice
from graphslice.diagnostics import Location, error


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("-d", "--description", required=True, metavar="FILE|URL", help="CSDL or OpenAPI description.")
@slice_flags
def command(folder: Path, description: str, **rest: Any) -> None:
    """Scaffold a project in FOLDER for another slice: slice file, packaging, Makefile, workflow, tests, README.

    The client is generated at once, so the project's own tests pass from the first minute.
    """
    from graphslice.scaffold.project import plan_project, write_project
    from graphslice.slice_file import check_names, load_slice

    flags = take_flags(rest)
    if "package" not in flags:
        raise error("NEW003", "the package has no name", hint="give -n NAME")
    wanted = Slice(description=local_copy(description), **flags)
    check_names(wanted, Location("command line"))
    with progress() as show, pipeline.without_collector():
        show("read")
        project = plan_project(folder, wanted, description, _cut, _recorded)
        write_project(folder, project)
        show("render")
        done = pipeline.generate(load_slice(project.slice_file), progress=show)
    warn(done.diagnostics)
    say(f"{folder}: {len(project.files)} files, and {done.files} generated")
    say(f"next: cd {folder} && git init && make check")


def _recorded(source: str, folder: Path, file: str) -> str:
    """Say where the metadata came from, as `trim` will with every new description."""
    from graphslice.fetch import cached, fetch_url
    from graphslice.fetch_provenance import provenance_text

    whole = cached(source) if "://" in source else fetch_url(source)
    return (provenance_text(folder, file, whole) if whole is not None else None) or ""


def _cut(wanted: Slice) -> bytes | None:
    """Cut CSDL down to the slice; OpenAPI is taken whole."""
    if not pipeline.is_csdl(wanted.description):
        return None
    from graphslice.trimming import trim_document

    return trim_document(wanted).text.encode("utf-8")
