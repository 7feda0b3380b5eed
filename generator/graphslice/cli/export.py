"""`graphslice export openapi`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graphslice import pipeline
from graphslice.cli.options import read_slice, slice_options
from graphslice.cli.printing import progress, say


@click.group("export", help="Write the slice in a form that other tools take.")
def command() -> None:
    """Hold one command for each form."""


@command.command("openapi")
@slice_options
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else it is printed.")
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), help="Left out: by the file's ending, or YAML.")
def openapi(to: Path | None, form: str | None, **rest: Any) -> None:
    """Write the slice as an OpenAPI description that other tools take as it is."""
    from graphslice.export.openapi import export_openapi, to_json, to_yaml

    wanted = read_slice(rest)
    with progress() as show, pipeline.without_collector():
        document = export_openapi(pipeline.read_model(wanted, show), wanted.base_url or "")
    as_json = form == "json" or (form is None and to is not None and to.suffix == ".json")
    text = to_json(document) if as_json else to_yaml(document)
    if to is None:
        click.echo(text, nl=False)
        return
    from graphslice.writing import replace_file

    replace_file(to, text.encode("utf-8"))
    say(f"{to}: {len(document.get('paths', {})):,} paths, {len(text):,} bytes")
