"""`graphslice map`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graphslice import pipeline
from graphslice.cli.options import read_slice, slice_options
from graphslice.cli.printing import progress, say


@click.command("map")
@slice_options
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Where to put the page.")
@click.option("--json", "as_json", is_flag=True, help="Print the map as JSON.")
def command(html: Path | None, as_json: bool, **rest: Any) -> None:
    """Draw the client as one page: builders, operations, types and permissions, with search; it needs no network."""
    from graphslice.diff.client import Side
    from graphslice.report.map import map_data, map_page

    wanted = read_slice(rest)
    with progress() as show, pipeline.without_collector():
        side = Side(pipeline.read_model(wanted, show), wanted)
        if as_json:
            import json

            click.echo(json.dumps(map_data(side), indent=1))
            return
        text = map_page(side)
    from graphslice.writing import replace_file

    target = html or Path(f"{wanted.package}.map.html")
    replace_file(target, text.encode("ascii", "xmlcharrefreplace"))
    say(f"{target}: {len(text):,} bytes")
