"""The files of one description, and what `$ref` means between them.

A reference may lead anywhere inside its own file and to files below the folder of the main one. Every other place is
read only when the slice allows its folder or origin: a description is untrusted, and following it could read
private files or reach private hosts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from graphslice.diagnostics import Diagnostic, GraphsliceError, Location, Severity, error
from graphslice.openapi.identifiers import address_of, addresses, nearest
from graphslice.openapi.places import escape, lines_of, unescape
from graphslice.openapi.references import REFERENCE
from graphslice.openapi.swagger import MOVED, upgrade, upgrade_part
from graphslice.openapi.text import MAX_BYTES, decode, parse

_PARTS = ("info", "paths", "webhooks", "components", "definitions", "parameters", "responses", "securityDefinitions")
_LISTED = 25
"""Findings of one kind beyond this many are only counted."""


@dataclass(slots=True)
class Document:
    """One file: `name` for people, `origin` (absolute path or URL) to tell files apart."""

    name: str
    origin: str
    root: Any
    version: str
    text: Any = None
    """Gives the text again, for line numbers."""
    dynamic: bool = False
    """Whether there is any `$dynamicRef` in it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a reference leads to."""

    document: Document
    pointer: str
    value: Any


@dataclass(slots=True)
class Findings:
    """Collects warnings; lines are looked up once, at the end."""

    items: dict[tuple[str, str, str], Diagnostic] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)

    def warn(self, code: str, message: str, document: Document, pointer: str, hint: str = "") -> None:
        """Keep a warning; the same one about the same place counts once."""
        self.documents[document.name] = document
        where = Location(document.name, 0, pointer)
        self.items.setdefault((code, str(where), message), Diagnostic(code, message, where, hint, Severity.WARNING))

    def note(self, code: str, message: str, document: Document, hint: str = "") -> None:
        """Keep a note about the whole document."""
        self.documents[document.name] = document
        self.items.setdefault(
            (code, document.name, message), Diagnostic(code, message, Location(document.name), hint, Severity.NOTE)
        )

    def place(self, document: Document, pointer: str) -> Location:
        """Give a place with its line, for an error that is raised at once."""
        line = lines_of(document.text(), [pointer]).get(pointer, 0) if document.text else 0
        return Location(document.name, line, pointer)

    def located(self) -> tuple[Diagnostic, ...]:
        """Give all findings with their lines, by file and place; many of one kind become a few and a count."""
        kept: list[Diagnostic] = []
        for code in sorted({code for code, _, _ in self.items}):
            same = [item for (kind, _, _), item in self.items.items() if kind == code]
            kept.extend(same[:_LISTED])
            if len(same) > _LISTED:
                message = f"{len(same) - _LISTED} more findings of this kind"
                kept.append(Diagnostic(code, message, same[0].location, "", Severity.NOTE))
        lines = {
            name: lines_of(document.text(), {item.location.pointer for item in kept if item.location.file == name})
            for name, document in self.documents.items()
            if document.text
        }
        placed = [locate(item, lines.get(item.location.file, {})) for item in kept]
        return tuple(sorted(placed, key=lambda item: (item.location, item.code, item.message)))


def locate(item: Diagnostic, lines: Mapping[str, int]) -> Diagnostic:
    """Give a diagnostic its line."""
    where = Location(item.location.file, lines.get(item.location.pointer, 0), item.location.pointer)
    return Diagnostic(item.code, item.message, where, item.hint, item.severity)


class Library:
    """Reads the main file at once and others when a reference leads to them."""

    def __init__(self, source: str, allowed: Iterable[str]) -> None:
        """Read the main file."""
        self._allowed = tuple(allowed)
        self._documents: dict[str, Document] = {}
        self.findings = Findings()
        remote = _is_remote(source)
        self._home = urljoin(source, ".") if remote else str(Path(source).resolve().parent)
        origin = source if remote else str(Path(source).resolve())
        self._stated: dict[str, Any] = {}
        self._addresses: dict[str, tuple[Document, str]] = {}
        """Schemas that references may name by their `$id`."""
        self.main = self._read(origin, source if remote else Path(source).name, None)

    def _read(self, origin: str, name: str, version: str | None) -> Document:
        data = _load_remote(origin, name) if _is_remote(origin) else _load(Path(origin), name)
        root = parse(data, name)
        if version is None:
            version = _version(root, name)
            self._gather(Document(name, origin, root, version))
            self._stated = root
        if version == "2.0" and isinstance(root, dict):
            root = upgrade(root) if "swagger" in root else upgrade_part(root, self._stated)
        text = None if _is_remote(origin) else lambda: decode(Path(origin).read_bytes(), name)
        document = Document(name, origin, root, version, text, b"$dynamicRef" in data)
        self._documents[origin] = document
        if b"$id" in data:
            for address, pointer in addresses(root).items():
                self._addresses.setdefault(address, (document, pointer))
        if any(_is_remote(found.decode("utf-8", "replace")) for found in REFERENCE.findall(data)):
            self._refuse_outside(document, root, "")
        return document

    def _gather(self, main: Document) -> None:
        """Give a part that stands in a file of its own as references to each of its members."""
        for key in _PARTS:
            self._gather_part(main, main.root, key, f"/{key}")
        components = main.root.get("components")
        for key in components if isinstance(components, dict) else ():
            self._gather_part(main, components, key, f"/components/{escape(str(key))}")

    def _gather_part(self, main: Document, holder: dict[str, Any], key: str, pointer: str) -> None:
        part = holder.get(key)
        reference = part.get("$ref") if isinstance(part, dict) else None
        uri, _, fragment = str(reference or "").partition("#")
        if not uri or _is_remote(uri):
            return
        origin, name = self._allowed_origin(main, uri, pointer)
        value = parse(_load(Path(origin), name), name) if Path(origin).is_file() else None
        for step in unquote(fragment).split("/")[1:]:
            value = value.get(unescape(step)) if isinstance(value, dict) else None
        if isinstance(value, dict):
            members = {one: {"$ref": f"{uri}#{fragment}/{escape(one).replace('%', '%25')}"} for one in value}
            holder[key] = value if key == "info" else members

    def _refuse_outside(self, document: Document, value: Any, pointer: str) -> None:
        """Refuse references to origins that are not allowed, even where no operation leads to them."""
        if isinstance(value, dict):
            reference = value.get("$ref")
            if isinstance(reference, str) and _is_remote(reference) and not self._addressed(document, reference, ""):
                self._allowed_origin(document, reference.partition("#")[0], pointer)
            for key, inner in value.items():
                if key not in ("example", "examples", "default", "enum", "const") and isinstance(inner, (dict, list)):
                    self._refuse_outside(document, inner, f"{pointer}/{escape(key)}")
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                self._refuse_outside(document, inner, f"{pointer}/{index}")

    def find(self, document: Document, reference: str, pointer: str) -> Found | None:
        """Follow one reference that stands at `pointer`; None, with a warning, when nothing is there."""
        uri, _, fragment = reference.partition("#")
        addressed = self._addressed(document, reference, pointer) if uri else None
        if addressed is not None:
            # from here on it is a reference by place
            document, uri = addressed[0], ""
            fragment = addressed[1].replace("%", "%25") + (fragment if fragment.startswith("/") else "")
        target = document if not uri else self._other(document, uri, pointer)
        path = unquote(fragment)
        value = target.root
        if path and not path.startswith("/"):
            anchored = _anchor(value, path)
            if anchored is not None:
                return Found(target, *anchored)
            path = f"/components/schemas/{path}"
        if target.version == "2.0" and "openapi" in target.root:
            for old, new in MOVED:
                if path.startswith(old):
                    path = new + path[len(old) :]
        for part in path.split("/")[1:]:
            key = unescape(part)
            if isinstance(value, dict) and key in value:
                value = value[key]
            elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
                value = value[int(key)]
            elif not uri and target is not self.main:
                return self.find(
                    self.main, reference, pointer
                )  # tools that join files leave such references as they are
            else:
                inside = nearest(document.root, pointer, path) if not uri and path.startswith("/$defs/") else ""
                if inside:
                    return self.find(document, "#" + inside.replace("%", "%25"), pointer)
                message = f"{reference!r} leads nowhere and is left out"
                self.findings.warn("OAS101", message, document, pointer, "correct the reference or define its target")
                return None
        return Found(target, path, value)

    def _addressed(self, document: Document, reference: str, pointer: str) -> tuple[Document, str] | None:
        """The schema whose `$id` a reference names, with the addresses around `pointer` in mind."""
        uri = reference.partition("#")[0]
        if not self._addresses:
            return None
        return self._addresses.get(uri) or self._addresses.get(address_of(document.root, pointer, uri))

    def has(self, document: Document, reference: str) -> bool:
        """Whether there is a file for a reference, in a place that may be read; says nothing about what is in it."""
        uri = reference.partition("#")[0]
        if not uri:
            return True
        try:
            origin, _ = self._allowed_origin(document, uri, "")
        except (GraphsliceError, ValueError):
            return False
        return origin in self._documents or _is_remote(origin) or Path(origin).is_file()

    def _other(self, document: Document, uri: str, pointer: str) -> Document:
        origin, name = self._allowed_origin(document, uri, pointer)
        if origin not in self._documents:
            if not _is_remote(origin) and not Path(origin).is_file():
                where = self.findings.place(document, pointer)
                raise error("OAS103", f"{uri!r} is no file", where, "correct the reference or add the file")
            self._read(origin, name, document.version)
        return self._documents[origin]

    def _allowed_origin(self, document: Document, uri: str, pointer: str) -> tuple[str, str]:
        """The origin and the shown name of another file; raises where it may not be read."""
        if _is_remote(uri) or _is_remote(document.origin):
            origin = urljoin(document.origin, uri) if _is_remote(document.origin) else uri
            name, allowed = origin, any(_below_url(origin, base) for base in self._allowed_urls())
        else:
            path = unquote(uri.removeprefix("file://"))
            origin = str((Path(document.origin).parent / path).resolve())
            folders = [Path(self._home), *(Path(base).resolve() for base in self._allowed if not _is_remote(base))]
            allowed = any(Path(origin).is_relative_to(folder) for folder in folders)
            name = str(Path(origin).relative_to(self._home)) if Path(origin).is_relative_to(self._home) else path
        if not allowed:
            where = self.findings.place(document, pointer)
            hint = "allow its folder or origin with allowed_origins (--allowed-external-origins) if you trust it"
            raise error("OAS102", f"{uri!r} is outside the description's folder and is not read", where, hint)
        return origin, name

    def _allowed_urls(self) -> list[str]:
        own = [self._home] if _is_remote(self._home) else []
        return own + [base for base in self._allowed if _is_remote(base)]


def _version(root: Any, name: str) -> str:
    if not isinstance(root, dict):
        raise error(
            "OAS013", "the document is no object", Location(name), "give an OpenAPI 3.0, 3.1 or Swagger 2.0 description"
        )
    stated = str(root.get("openapi") or root.get("swagger") or "")
    for known in ("2.0", "3.0", "3.1"):
        if stated == known or stated.startswith(known + "."):
            return known
    if stated == "2":
        return "2.0"
    if stated.startswith("3."):
        return "3.1"
    message = f"version {stated!r} is not known" if stated else "neither `openapi` nor `swagger` says a version"
    raise error("OAS013", message, Location(name), "give an OpenAPI 3.0, 3.1 or Swagger 2.0 description")


def _anchor(root: Any, name: str) -> tuple[str, Any] | None:
    """Find a component by its `$anchor` or `$id`."""
    components = root.get("components") if isinstance(root, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for key, schema in schemas.items() if isinstance(schemas, dict) else ():
        if isinstance(schema, dict) and name in (schema.get("$anchor"), schema.get("$id")):
            return f"/components/schemas/{key}", schema
    return None


def _is_remote(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _below_url(url: str, base: str) -> bool:
    wanted, given = urlsplit(url), urlsplit(base)
    same = (wanted.scheme, wanted.netloc) == (given.scheme, given.netloc)
    return same and (wanted.path == given.path or wanted.path.startswith(given.path.rstrip("/") + "/"))


def _load(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise error(
                "OAS001", "the description is too large", Location(name), f"at most {MAX_BYTES:,} bytes are read"
            )
        return path.read_bytes()
    except OSError as fault:
        reason = fault.strerror or "unreadable"
        raise error(
            "OAS014", f"the description cannot be read: {reason}", Location(name), "check its path and rights"
        ) from None


def _load_remote(url: str, name: str) -> bytes:
    # most descriptions never need what this imports
    from graphslice.openapi.remote import fetch

    return fetch(url, name)
