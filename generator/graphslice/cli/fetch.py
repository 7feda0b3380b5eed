"""`graphslice fetch`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from graphslice.cli.printing import say
from graphslice.diagnostics import Location, error


@click.command("fetch")
@click.argument("slice_file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--url", default="", help="Fetch this instead of what a slice names.")
@click.option("--expect-sha256", default="", metavar="HASH", help="Refuse any other content.")
@click.option("--force", is_flag=True, help="Ask for the bytes even if nothing has changed.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def command(slice_file: Path | None, url: str, expect_sha256: str, force: bool, as_json: bool) -> None:
    """Get the description that SLICE_FILE names into the cache; https, or a file.

    Offline the last copy is used, and that is said.
    """
    from graphslice.fetch import check_description, fetch_url

    if not url:
        url = _source(slice_file)
    with _bar() as told:
        got = fetch_url(url, expect_sha256=expect_sha256, force=force, check=check_description, progress=told)
    if as_json:
        import json

        names = ("url", "sha256", "size", "date", "etag", "build", "fresh", "offline")
        click.echo(json.dumps({name: getattr(got, name) for name in names}, indent=1, sort_keys=True))
        return
    if got.offline:
        say(f"offline ({got.offline}): using the copy of {got.date}")
    state = "new" if got.fresh else "unchanged"
    say(f"{got.url}: {got.size:,} bytes, {state}")
    say(
        f"sha256 {got.sha256}"
        + (f", build {got.build}" if got.build else "")
        + (f", got {got.date}" if got.date else "")
    )


def _source(slice_file: Path | None) -> str:
    if slice_file is None:
        raise error("SLICE001", "neither a slice file nor --url", hint="name what to fetch")
    from graphslice.slice_file import load_slice

    wanted = load_slice(slice_file)
    if not wanted.source_url:
        raise error("SLICE007", "the slice names no source", Location(str(slice_file)), "write [source] url")
    if "://" not in wanted.source_url:
        return str(slice_file.parent / wanted.source_url)
    return wanted.source_url


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TransferSpeedColumn

    with Progress(
        *Progress.get_default_columns(), DownloadColumn(), TransferSpeedColumn(), console=Console(stderr=True)
    ) as bar:
        task = bar.add_task("downloading", total=None)
        yield lambda so_far, total: bar.update(task, completed=so_far, total=total or None)
