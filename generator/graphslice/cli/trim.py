"""`graphslice trim`."""

from __future__ import annotations

from pathlib import Path

import click

from graphslice import pipeline
from graphslice.cli.printing import say


@click.command("trim")
@click.argument("slice_file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "source", default="", metavar="FILE|URL", help="The full document; else what was fetched.")
@click.option("--explain", is_flag=True, help="Say of each kept thing why, and what was dropped.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print the metadata instead of writing it.")
def command(slice_file: Path, source: str, explain: bool, to_stdout: bool) -> None:
    """Cut the metadata of SLICE_FILE out of the full document; the same slice gives the same bytes."""
    from graphslice.slice_file import load_slice
    from graphslice.trimming import trim_slice, write_trimmed

    result = trim_slice(load_slice(slice_file), source, slice_file.parent, pipeline.is_csdl)
    if explain and result.trimmed is None:
        say("an OpenAPI description is taken whole")
    elif explain and result.trimmed is not None:
        for kept in result.trimmed.kept:
            say(f"kept {kept.name}: {kept.why}")
        for kind, count in result.trimmed.dropped:
            say(f"dropped {count} {kind}")
    if to_stdout:
        click.echo(result.data, nl=False)
        return
    written = write_trimmed(result)
    size = len(result.data)
    say(f"{result.target.name}: {size:,} bytes, {'written' if written else 'unchanged'}")
