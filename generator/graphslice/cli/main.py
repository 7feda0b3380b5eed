"""The command `graphslice`: arguments in, printing and exit codes out. Each command is loaded when it is asked for.

Exit codes: 0 done, 1 drift or breaking changes found, 2 bad input, 3 refused to write (docs/exit-codes.md).
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

import graphslice
from graphslice.diagnostics import GraphsliceError

# Command to module and one line of help: the list must not cost the import of every command.
COMMANDS = {
    "generate": "generate a client from a slice file or flags",
    "check": "tell whether the generated files are exactly what the inputs give",
    "fetch": "get the newest description that a slice names",
    "trim": "cut a slice's metadata out of the full document",
    "diff": "tell what changes for users between two descriptions, slices, revisions or packages",
    "show": "show the tree of paths of a slice with its verbs and its size",
    "why": "tell which operation keeps a type in the slice",
    "map": "draw the client as a page: builders, operations, types, permissions",
    "serve": "answer on loopback as the real service would",
    "export": "write the slice in another form: `openapi`",
    "new": "scaffold a project for another slice",
}


class _Commands(click.Group):
    """A group whose commands are imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"graphslice.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(graphslice.__version__, prog_name="graphslice")
def cli() -> None:
    """Slim, typed, Kiota-compatible Python clients from CSDL or OpenAPI."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    try:
        code = cli.main(args=arguments, prog_name="graphslice", standalone_mode=False)
    except GraphsliceError as fault:
        for finding in fault.diagnostics:
            click.echo(str(finding), err=True)
        code = fault.exit_code
    except click.ClickException as fault:
        fault.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        code = 130
    except BrokenPipeError:
        # The reader of a pipe went away; the interpreter must not try to flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.stdout.flush()
    sys.exit(code if isinstance(code, int) else 0)
