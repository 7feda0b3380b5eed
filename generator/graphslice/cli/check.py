"""`graphslice check`."""

from __future__ import annotations

from typing import Any

import click

from graphslice import pipeline
from graphslice.cli.options import read_slice, slice_options
from graphslice.cli.printing import progress, say, warn


@click.command("check")
@slice_options
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Show notes, too.")
@click.pass_context
def command(ctx: click.Context, /, as_json: bool, verbose: bool, **rest: Any) -> None:
    """Regenerate in memory and compare with the disk and the lock; write nothing.

    Exit code 1 when a file is missing, changed, edited by hand or orphaned, or a run was interrupted.
    """
    wanted = read_slice(rest)
    with progress() as show:
        result = pipeline.check(wanted, show)
    warn(result.diagnostics, verbose)
    if as_json:
        import json

        content = {
            "package": wanted.package,
            "findings": [{"path": f.path, "kind": f.kind.value} for f in result.findings],
            "causes": list(result.causes),
            "notes": list(result.notes),
        }
        click.echo(json.dumps(content, indent=1, sort_keys=True))
    else:
        for finding in result.findings:
            say(f"{finding.kind.value}: {finding.path}")
        for cause in result.causes:
            say(f"because {cause}" if finding_is_drift(result) else cause)
        for note in result.notes:
            say(f"note: {note}")
        if not result.findings:
            say(f"{wanted.package}: exactly what the inputs give")
    ctx.exit(1 if result.findings else 0)


def finding_is_drift(result: pipeline.Checked) -> bool:
    """Tell whether there is something that a cause can explain."""
    return bool(result.findings)
