"""What the commands print: findings on stderr, one line each; results on stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from graphslice.diagnostics import Diagnostic, Severity, printable

_FEW = 20
_STAGES = {
    "read": "reading the description",
    "resolve": "cutting the slice",
    "plan": "planning modules",
    "render": "rendering and formatting",
    "write": "writing",
    "fetch": "downloading",
}


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show on a terminal which stage runs; elsewhere nothing, and nothing is imported for it."""
    if not sys.stderr.isatty():
        yield lambda stage: None
        return
    from rich.console import Console

    with Console(stderr=True).status("starting") as status:
        yield lambda stage: status.update(_STAGES.get(stage, stage))


def warn(diagnostics: Sequence[Diagnostic], everything: bool = False) -> None:
    """Print warnings, the first few of them; notes only when asked for."""
    shown = [d for d in diagnostics if everything or d.severity is not Severity.NOTE]
    for finding in shown if everything else shown[:_FEW]:
        click.echo(str(finding), err=True)
    if not everything and len(shown) > _FEW:
        click.echo(f"and {len(shown) - _FEW} more; --verbose shows all", err=True)


def say(text: str) -> None:
    """Print one line of a result."""
    click.echo(printable(text, limit=2000))
