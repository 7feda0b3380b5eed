"""`graphslice show`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from graphslice import pipeline
from graphslice.cli.options import read_slice, slice_options
from graphslice.cli.printing import say
from graphslice.diagnostics import printable

if TYPE_CHECKING:
    from graphslice.api.model import ApiModel
    from graphslice.api.tree_view import Branch

_COLOURS = {"GET": "blue", "POST": "green", "PATCH": "yellow", "PUT": "yellow", "DELETE": "red"}


@click.command("show")
@slice_options
@click.option("--depth", type=click.IntRange(min=0), help="How many levels to show.")
@click.option("--json", "as_json", is_flag=True, help="Print the tree as JSON.")
def command(depth: int | None, as_json: bool, **rest: Any) -> None:
    """Print the tree of paths with its verbs, and what each branch brings in files and types.

    Behind the slash stands what would go if the branch were left out. A verb in brackets is not documented.
    """
    from graphslice.api.tree_view import branches

    model = pipeline.read_model(read_slice(rest))
    root = branches(model)
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps(asdict(root), indent=1))
        return
    for line in _lines(root, 0, depth, _undocumented(model)):
        click.echo(line)
    operations = sum(len(item.operations) for item in model.paths)
    say(f"{len(model.paths):,} paths, {operations:,} operations, {len(model.types):,} types")


def _undocumented(model: ApiModel) -> set[tuple[str, str]]:
    return {(item.path, op.verb) for item in model.paths for op in item.operations if op.documented is False}


def _lines(branch: Branch, level: int, depth: int | None, undocumented: set[tuple[str, str]]) -> Iterator[str]:
    shown = [
        click.style(f"[{verb}]" if (branch.path, verb) in undocumented else verb, fg=_COLOURS.get(verb))
        for verb in branch.verbs
    ]
    cost = f"{branch.files:,}/{branch.own_files:,} files, {branch.types:,}/{branch.own_types:,} types"
    yield "  ".join([f"{'  ' * level}{printable('/' + branch.segment)}", *([" ".join(shown)] if shown else []), cost])
    if depth is None or level < depth:
        for child in branch.children:
            yield from _lines(child, level + 1, depth, undocumented)
