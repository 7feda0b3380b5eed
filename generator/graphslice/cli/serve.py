"""`graphslice serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graphslice import pipeline
from graphslice.cli.options import read_slice, slice_options
from graphslice.cli.printing import say
from graphslice.diagnostics import error


@click.command("serve")
@slice_options
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on loopback; 0 takes a free one.")
@click.option(
    "--seed", type=click.Path(dir_okay=False, path_type=Path), help="JSON file with the first state; else the slice's."
)
def command(port: int, seed: Path | None, **rest: Any) -> None:
    """Answer on loopback as the real service would for this slice; any bearer token is taken. Ends with Ctrl-C."""
    wanted = read_slice(rest)
    model = pipeline.read_model(wanted)
    state = seed or (Path(wanted.seed) if wanted.seed else None)
    try:
        from graphslice.serve.seed import Seed
        from graphslice.serve.server import serve
    except ModuleNotFoundError as fault:
        hint = "pip install 'graphslice[serve]'"
        raise error("SERVE011", f"the emulator needs {fault.name}", hint=hint) from None
    serve(
        model,
        port=port,
        ready=lambda url: say(f"listening on {url}"),
        base_url=wanted.base_url or "",
        seed=Seed.load(state) if state else None,
    )
