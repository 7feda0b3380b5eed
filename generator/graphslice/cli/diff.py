"""`graphslice diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphslice import pipeline
from graphslice.cli.options import slice_flags, take_flags
from graphslice.cli.printing import progress, say
from graphslice.diff.rules import Level

if TYPE_CHECKING:
    from graphslice.diff.compare import Difference
    from graphslice.report.changes import Subject

_COLOURS = {Level.BREAKING: "red", Level.COMPATIBLE: "green", Level.DOCUMENTATION: "blue"}


@click.command("diff")
@click.argument("old")
@click.argument("new")
@slice_flags
@click.option("--slice", "slice_path", type=click.Path(dir_okay=False, path_type=Path), help="Slice of both sides.")
@click.option("--markdown", is_flag=True, help="Print the text of a pull request.")
@click.option("--changelog", is_flag=True, help="Print a section for CHANGELOG.md.")
@click.option("--title", "only_title", is_flag=True, help="Print the title of a pull request.")
@click.option("--version-only", is_flag=True, help="Print the proposed version.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write one page that needs no network.")
@click.option("--bump", is_flag=True, help="Raise the version in pyproject.toml and extend CHANGELOG.md, here.")
@click.option("--current", default="", metavar="VERSION", help="The version that users have.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything is breaking.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    old: str,
    new: str,
    slice_path: Path | None,
    html: Path | None,
    current: str,
    bump: bool,
    exit_code: bool,
    **rest: Any,
) -> None:
    """Compare what users of the client see: OLD and NEW are descriptions, slices, git revisions or packages."""
    from graphslice.diff.sources import compare_sources
    from graphslice.report import changes as report
    from graphslice.report.release import version_of

    forms = {name: rest.pop(name) for name in ("markdown", "changelog", "only_title", "version_only", "as_json")}
    with progress() as show, pipeline.without_collector():
        show("comparing")
        found, wanted = compare_sources(old, new, slice_path, take_flags(rest), pipeline.read_model)
    version = current or (dict(wanted.extra).get("version", "") if wanted else "")
    shown = [Path(name).name if Path(name).is_absolute() else name for name in (old, new)]
    subject = report.Subject(shown[0], shown[1], version or version_of(Path("pyproject.toml")) or "0.1.0")
    if bump:
        _bump(subject, found, slice_path or Path(new))
    elif html:
        from graphslice.report.page import page
        from graphslice.writing import replace_file

        replace_file(
            html, page("changes", f"{subject.old} to {subject.new}", report.page_data(subject, found)).encode()
        )
        say(f"{html.name}: {report.summary(found)}")
    elif forms["as_json"]:
        click.echo(report.as_json(subject, found))
    elif forms["markdown"]:
        click.echo(report.as_markdown(subject, found), nl=False)
    elif forms["changelog"]:
        click.echo(report.as_changelog(subject, found), nl=False)
    elif forms["only_title"]:
        click.echo(report.title(subject, found))
    elif forms["version_only"]:
        click.echo(report.proposed_version(subject, found))
    else:
        for line in report.as_text(
            subject, found, lambda text, level: click.style(text, fg=_COLOURS[level], bold=True)
        ):
            click.echo(line)
    ctx.exit(1 if exit_code and found.of(Level.BREAKING) else 0)


def _bump(subject: Subject, found: Difference, slice_file: Path) -> None:
    from graphslice.report import changes as report
    from graphslice.report.release import version_of, with_section, with_version
    from graphslice.writing import replace_file

    version = report.proposed_version(subject, found)
    if version == subject.version:
        say(f"no change for users: still {version}")
        return
    texts = {
        Path("pyproject.toml"): with_version(Path("pyproject.toml"), version),
        Path("CHANGELOG.md"): with_section(Path("CHANGELOG.md"), report.as_changelog(subject, found)),
    }
    if slice_file.suffix == ".toml" and version_of(slice_file):
        texts[slice_file] = with_version(slice_file, version)
    for path, text in texts.items():
        replace_file(path, text)
    say(f"{subject.version} -> {version}")
