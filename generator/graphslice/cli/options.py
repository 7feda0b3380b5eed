"""Arguments that several commands share: a slice file, or Kiota's flags, as one frozen `Slice`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from graphslice.config import Slice, Subtypes
from graphslice.diagnostics import Location, error

F = TypeVar("F", bound=Callable[..., Any])

# Flags of Kiota that choose what is fixed here; taken so that a command line can be kept as it is.
_HARMLESS = (
    ("-l", "--language"),
    ("--ll", "--log-level"),
    ("--tam", "--type-access-modifier"),
    ("-s", "--serializer"),
    ("--ds", "--deserializer"),
    ("--dvr", "--disable-validation-rules"),
)
_HARMLESS_SWITCHES = (
    ("--ebc", "--exclude-backward-compatible"),
    ("--cc", "--clear-cache"),
    ("--dsv", "--disable-ssl-validation"),
)


def slice_options(function: F) -> F:
    """Add the slice argument and the flags that describe a slice; `read_slice` turns them into one."""
    for option in reversed(_options()):
        function = option(function)
    return function


def slice_flags(function: F) -> F:
    """Add the flags that describe a slice, without the argument for a slice file."""
    for option in reversed(_options()[2:]):
        function = option(function)
    return function


def take_flags(given: dict[str, Any]) -> dict[str, Any]:
    """Take the options of `slice_flags` out of `given`: the fields of a slice that they change."""
    return _changes({**dict.fromkeys(("slice_file", "description")), **given}, given)


def _options() -> list[Callable[[F], F]]:
    def many(*names: str, **rest: Any) -> Callable[[F], F]:
        return click.option(*names, multiple=True, **rest)

    return [
        click.argument("slice_file", required=False, type=click.Path(dir_okay=False)),
        click.option("-d", "--description", "--openapi", metavar="FILE|URL", help="CSDL or OpenAPI description."),
        many("-i", "--include-path", "include", metavar="GLOB", help="Paths to take, with #VERB,VERB."),
        many("-e", "--exclude-path", "exclude", metavar="GLOB", help="Paths to leave out."),
        click.option("-c", "--class-name", help="Name of the client class."),
        click.option("-n", "--namespace-name", "package", help="Name of the package."),
        click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for the package's folder."),
        click.option("-b", "--backing-store/--no-backing-store", default=None, help="Make models BackedModel."),
        click.option("--ad", "--additional-data", type=bool, default=None, help="Keep unknown properties."),
        click.option(
            "--subtypes", type=click.Choice([s.value for s in Subtypes]), help="Which derived types come along."
        ),
        click.option("--max-path", type=click.IntRange(min=40), help="Longest path of an output file."),
        many("--overlay", "annotations", type=click.Path(), help="File with external annotations or corrections."),
        many("-m", "--structured-mime-types", "structured", metavar="TYPE", help="Content types, with weights."),
        many("--allowed-external-origins", "--aeo", "origins", metavar="ORIGIN", help="Where $ref may read besides."),
        many("--export", "exports", metavar="GLOB", help="Classes that the package itself offers."),
        click.option("--base-url", help="Base URL of the service."),
        click.option("--no-sync", is_flag=True, help="Leave the blocking client out."),
        *(many(*names, f"kiota{i}", hidden=True) for i, names in enumerate(_HARMLESS)),
        *(click.option(*n, f"kiota_switch{i}", is_flag=True, hidden=True) for i, n in enumerate(_HARMLESS_SWITCHES)),
    ]


def read_slice(given: dict[str, Any]) -> Slice:
    """Take the options of `slice_options` out of `given` and make the slice of them."""
    slice_file = given.pop("slice_file")
    changes = _changes(dict(given), given)
    if slice_file:
        return _from_file(slice_file, changes)
    if "description" not in changes:
        raise error("SLICE001", "neither a slice file nor a description", hint="name a slice file, or give -d FILE")
    changes["description"] = local_copy(changes["description"])
    made = Slice(**changes)
    from graphslice.slice_file import check_names

    check_names(made, Location("command line"))
    return made


def _changes(values: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    for name in _NAMES:
        given.pop(name, None)
    for name in [name for name in given if name.startswith("kiota")]:
        _check_language(given.pop(name), name)
    changes = {field: value for name, field in _FIELDS.items() if (value := values[name]) not in (None, ())}
    if values["no_sync"]:
        changes["sync"] = False
    if values["subtypes"]:
        changes["subtypes"] = Subtypes(values["subtypes"])
    return changes


def _from_file(path: str, changes: dict[str, Any]) -> Slice:
    from graphslice.slice_file import check_names, load_slice

    made = replace(load_slice(Path(path)), **changes)
    check_names(made, Location("command line"))
    return made


def local_copy(description: str) -> str:
    """Give a file for a description: itself, or the cached copy of an https URL."""
    if "://" not in description:
        return description
    from graphslice.fetch import fetch_url

    return str(fetch_url(description).path)


def _check_language(value: Any, name: str) -> None:
    if name == "kiota0" and any(str(language).lower() != "python" for language in value):
        raise error("SLICE005", "only Python clients are made here", hint="leave -l out")


_FIELDS = {
    "description": "description",
    "include": "include",
    "exclude": "exclude",
    "class_name": "class_name",
    "package": "package",
    "output": "output",
    "backing_store": "backing_store",
    "ad": "additional_data",
    "max_path": "max_path",
    "annotations": "annotations",
    "structured": "structured_mime_types",
    "origins": "allowed_origins",
    "exports": "exports",
    "base_url": "base_url",
}
_NAMES = (*_FIELDS, "slice_file", "subtypes", "no_sync")
