"""`graphslice why`."""

from __future__ import annotations

from typing import Any

import click

from graphslice import pipeline
from graphslice.cli.options import read_slice, slice_options
from graphslice.cli.printing import say


@click.command("why")
@click.argument("type_name")
@slice_options
def command(type_name: str, **rest: Any) -> None:
    """Print the shortest chain from an operation to TYPE_NAME: why the slice holds it."""
    from graphslice.api.why import chain

    model = pipeline.read_model(read_slice(rest))
    for name, reason in chain(model, type_name):
        say(f"{name}: {reason.role} of {reason.owner}")
