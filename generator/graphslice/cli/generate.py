"""`graphslice generate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from graphslice import pipeline
from graphslice.cli.options import read_slice, slice_options
from graphslice.cli.printing import progress, say, warn
from graphslice.config import Slice


@click.command("generate")
@slice_options
@click.option(
    "--wheel", type=click.Path(file_okay=False, path_type=Path), help="Write a wheel here; a folder only with -o."
)
@click.option("--accept", multiple=True, metavar="PATTERN", help="Losses that are meant; * for all.")
@click.option("--overwrite-edited", is_flag=True, help="Replace edited files, keeping copies as .orig.")
@click.option("--co", "--clean-output", is_flag=True, hidden=True, help="What is not ours is never removed.")
@click.option("--allow-downgrade", is_flag=True, help="Let an older graphslice replace a newer one's output.")
@click.option("--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Wait for another run.")
@click.option("--force", is_flag=True, help="Render even if nothing has changed.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Show notes, too.")
def command(
    wheel: Path | None,
    accept: tuple[str, ...],
    as_json: bool,
    verbose: bool,
    overwrite_edited: bool,
    allow_downgrade: bool,
    wait: float,
    force: bool,
    **rest: Any,
) -> None:
    """Generate a client from SLICE_FILE, or from flags as Kiota spells them.

    Nothing is written before everything is rendered and checked; a second run with the same inputs writes nothing.
    """
    rest.pop("co")
    wheel_only = wheel is not None and rest["output"] is None
    wanted = read_slice(rest)
    if wheel is not None and wheel_only:
        _pack(wanted, wheel, as_json, verbose)
        return
    options = pipeline.Options(
        overwrite_edited=overwrite_edited, allow_downgrade=allow_downgrade, wait=wait, force=force, accept=accept
    )
    with progress() as show:
        done = pipeline.generate(wanted, options, show)
    warn(done.diagnostics, verbose)
    _print(wanted, done, as_json)
    if wheel is not None:
        from graphslice.scaffold.wheel import build_wheel, written_files

        say(f"wheel {build_wheel(wanted, written_files(wanted), wheel).name}")


def _pack(wanted: Slice, folder: Path, as_json: bool, verbose: bool) -> None:
    """Make a client in memory and write nothing but its wheel."""
    from graphslice.scaffold.wheel import build_wheel

    with progress() as show:
        made = pipeline.make(wanted, progress=show)
        show("write")
        wheel = build_wheel(wanted, made.files, folder)
    warn(made.diagnostics, verbose)
    if as_json:
        import json

        click.echo(json.dumps({"package": wanted.package, "files": len(made.files), "wheel": wheel.name}, indent=1))
    else:
        say(f"wheel {wheel.name}")


def _print(wanted: Slice, done: pipeline.Generated, as_json: bool) -> None:
    if as_json:
        import json

        content = {
            "package": wanted.package,
            "files": done.files,
            "written": list(done.report.written),
            "removed": list(done.report.removed),
            "kept": done.report.kept,
            "rescued": list(done.report.rescued),
            "recovered": done.report.recovered,
            "notes": list(done.notes),
            "warnings": [str(finding) for finding in pipeline.warnings_of(done.diagnostics)],
        }
        click.echo(json.dumps(content, indent=1, sort_keys=True))
        return
    if done.report.recovered:
        say("finished an interrupted run first")
    for copy in done.report.rescued:
        say(f"kept a copy of an edited file: {copy}")
    for note in done.notes:
        say(f"note: {note}")
    if not done.report.written and not done.report.removed:
        say(f"{wanted.package}: {done.files} files, unchanged")
    else:
        changes = (
            f"{len(done.report.written)} written, {len(done.report.removed)} removed, {done.report.kept} unchanged"
        )
        say(f"{wanted.package}: {done.files} files, {changes}")
