"""The stages in a row. Every import of a room happens where it is needed: a run that finds nothing to do loads none.

Nothing here prints; what happened is given back, or raised as a `GraphsliceError`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import graphslice
from graphslice import lock as locks
from graphslice import writing
from graphslice.config import Slice
from graphslice.diagnostics import Diagnostic, Location, Severity, error, raise_all
from graphslice.writing_brake import brake
from graphslice.writing_scan import check_root

if TYPE_CHECKING:
    from graphslice.api.model import ApiModel
    from graphslice.python.views import ClientPlan

Progress = Callable[[str], None]
_SIZE_LIMIT = 64 * 1024 * 1024
_JSON_SIZE_LIMIT = 512 * 1024 * 1024


def _silent(stage: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Made:
    """A client in memory: its files as bytes, its lock, and what the stages had to say."""

    files: Mapping[str, bytes]
    lock: locks.Lock
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Generated:
    """What a run did: `made` is None when nothing had changed and nothing was rendered."""

    report: writing.Report
    files: int
    diagnostics: tuple[Diagnostic, ...] = ()
    notes: tuple[str, ...] = ()
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """Every difference, and why there may be some."""

    findings: tuple[writing.Finding, ...]
    causes: tuple[str, ...]
    notes: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to write."""

    overwrite_edited: bool = False
    allow_downgrade: bool = False
    wait: float = 0.0
    force: bool = False
    """Render even if nothing has changed."""
    accept: tuple[str, ...] = ()
    """Patterns of losses that are meant."""


def generate(wanted: Slice, options: Options | None = None, progress: Progress = _silent) -> Generated:
    """Make the output folder hold exactly the client of this slice."""
    options = options or Options()
    check_root(wanted.output)
    place = locks.lock_path(wanted.output, wanted.package)
    old = locks.read_lock(place)
    refuse_downgrade(old, place, options.allow_downgrade)
    if old and not options.force and _up_to_date(wanted, old) and writing.unchanged(wanted.output, old):
        writing.tidy(wanted.output)
        return Generated(writing.Report(kept=len(old.files)), len(old.files), unchanged=True)
    made = make(wanted, old, progress)
    if old and not options.force and _only_sources_differ(old, made.lock) and writing.unchanged(wanted.output, old):
        # A change of the generator that changes no output is no reason to change a file of the repository.
        writing.tidy(wanted.output)
        return Generated(writing.Report(kept=len(old.files)), len(old.files), made.diagnostics, unchanged=True)
    brake(wanted, old, made.files[f"{wanted.package}.api.txt"], options.accept)
    progress("write")
    report = writing.write(
        wanted.output,
        wanted.package,
        made.files,
        made.lock,
        overwrite_edited=options.overwrite_edited,
        wait=options.wait,
    )
    return Generated(report, len(made.files), made.diagnostics, _history_notes(old, made.lock))


def check(wanted: Slice, progress: Progress = _silent) -> Checked:
    """Compare the disk with what the inputs give; writes nothing."""
    check_root(wanted.output)
    place = locks.lock_path(wanted.output, wanted.package)
    old = locks.read_lock(place)
    refuse_downgrade(old, place, allowed=False)
    made = make(wanted, old, progress)
    findings = writing.compare(wanted.output, wanted.package, made.files, old)
    causes = _causes(old, made.lock)
    notes: tuple[str, ...] = ()
    if not findings and causes:
        notes = tuple(f"{cause}, with the same output: generate --force notes it in the lock" for cause in causes)
    return Checked(tuple(findings), causes if findings else (), notes, made.diagnostics)


def make(wanted: Slice, old: locks.Lock | None = None, progress: Progress = _silent) -> Made:
    """Render the client of a slice in memory."""
    with without_collector():
        return _make(wanted, old, progress)


@contextmanager
def without_collector() -> Iterator[None]:
    """Pause the garbage collector: walking a large model again and again takes half the time, and finds nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _make(wanted: Slice, old: locks.Lock | None, progress: Progress) -> Made:
    progress("read")
    model = read_model(wanted, progress)
    raise_all(model.diagnostics)
    progress("plan")
    plan = lower(model, wanted)
    raise_all(plan.diagnostics)
    progress("render")
    from graphslice.emit.render import render

    rendered = render(plan)
    surface = f"{wanted.package}.api.txt"
    files = {**rendered.contents, surface: rendered.surface.encode("utf-8")}
    digests = {**rendered.digests, surface: locks.digest(files[surface])}
    inputs = input_files(wanted)
    lock = locks.Lock(
        generator_version=graphslice.__version__,
        generator_sources=generator_sources(),
        inputs=inputs,
        source_url=wanted.source_url.partition("?")[0],
        configuration=configuration(wanted),
        files={path: locks.LockedFile(digests[path], len(files[path])) for path in sorted(files)},
        history=locks.extend_history(old, inputs[0].canonical),
    )
    return Made(files, lock, plan.diagnostics)


def read_model(wanted: Slice, progress: Progress = _silent) -> ApiModel:
    """Read the description, whatever format it has, and cut the slice out of it."""
    if is_csdl(wanted.description):
        from graphslice.csdl.reader import read_document
        from graphslice.csdl.resolve import resolve

        document = read_document(wanted.description, wanted.annotations)
        progress("resolve")
        return resolve(document, wanted)
    from graphslice.openapi.reader import read_description
    from graphslice.openapi.resolve import resolve as resolve_openapi

    description = read_description(wanted.description, wanted)
    progress("resolve")
    return resolve_openapi(description, wanted)


def lower(model: ApiModel, wanted: Slice) -> ClientPlan:
    """Plan the Python client of a model."""
    from graphslice.python.lower import lower as lower_to_python

    return lower_to_python(model, wanted)


def is_csdl(description: str) -> bool:
    """Tell CSDL from OpenAPI by the first character that is not white space, not by the file's ending."""
    try:
        with open(description, "rb") as file:
            head = file.read(4096)
    except OSError as fault:
        raise cannot_read(description, fault) from None
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\0", b"")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"<") or (not text and description.lower().endswith((".xml", ".csdl", ".edmx")))


def input_files(wanted: Slice) -> tuple[locks.InputFile, ...]:
    """Hash everything that a run reads, the description first."""
    found = []
    for name in (wanted.description, *wanted.annotations, *_referenced(wanted)):
        try:
            data = Path(name).read_bytes()
        except OSError as fault:
            raise cannot_read(name, fault) from None
        found.append(locks.input_file(Path(name).name, data))
    return tuple(found)


def configuration(wanted: Slice) -> dict[str, Any]:
    """Give the slice as plain data without a path of this machine."""
    values = asdict(wanted)
    for name in ("output", "name", "description", "annotations", "source_url", "seed"):
        del values[name]
    return {name: _plain(value) for name, value in values.items()}


def generator_sources() -> str:
    """Hash the generator's own sources."""
    return locks.source_hash(Path(graphslice.__file__).parent)


def refuse_downgrade(old: locks.Lock | None, place: Path, allowed: bool) -> None:
    """Stop an older generator from undoing the work of a newer one unawares."""
    if old is None or allowed:
        return
    if locks.version_key(old.generator_version) > locks.version_key(graphslice.__version__):
        message = f"graphslice {old.generator_version} made this client, this is {graphslice.__version__}"
        raise locks.refused("LOCK005", message, place, "upgrade graphslice, or give --allow-downgrade")


def cannot_read(path: str, fault: OSError) -> Exception:
    """Build the error for an input that is not there or not to be read."""
    reason = fault.strerror or str(fault)
    return error("IN001", f"cannot read: {reason}", Location(path), "check the path, or run fetch or trim first")


def warnings_of(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Give the findings that a user should see without asking."""
    return tuple(d for d in diagnostics if d.severity is Severity.WARNING)


def _up_to_date(wanted: Slice, old: locks.Lock) -> bool:
    return (
        old.generator_version == graphslice.__version__
        and old.inputs == input_files(wanted)
        and old.configuration == configuration(wanted)
        and old.source_url == wanted.source_url.partition("?")[0]
        and old.generator_sources == generator_sources()
    )


def _only_sources_differ(old: locks.Lock, new: locks.Lock) -> bool:
    return replace(old, generator_sources=new.generator_sources) == new


def _referenced(wanted: Slice) -> tuple[str, ...]:
    """Give the files that the description itself refers to; only OpenAPI descriptions may."""
    if is_csdl(wanted.description):
        return ()
    from graphslice.openapi.references import referenced_files

    return referenced_files(wanted.description, wanted)


def _causes(old: locks.Lock | None, new: locks.Lock) -> tuple[str, ...]:
    if old is None:
        return ("there is no lock: run generate",)
    causes = []
    if old.inputs[:1] != new.inputs[:1]:
        causes.append("the description changed")
    if old.inputs[1:] != new.inputs[1:]:
        causes.append("an annotation file changed")
    if old.configuration != new.configuration:
        names = [n for n in new.configuration if old.configuration.get(n) != new.configuration[n]]
        causes.append(f"the slice changed ({', '.join(names)})" if names else "the slice changed")
    if old.generator_version != new.generator_version:
        causes.append(f"the generator changed ({old.generator_version} to {new.generator_version})")
    elif old.generator_sources != new.generator_sources:
        causes.append("the generator changed")
    return tuple(causes)


def _history_notes(old: locks.Lock | None, new: locks.Lock) -> tuple[str, ...]:
    present = new.history[-1]
    if old and old.history and old.history[-1] != present and present in old.history:
        return ("this description was accepted before and replaced since: an older one has come back",)
    return ()


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value
