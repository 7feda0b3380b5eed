"""XML in, plain nodes out: the only place that touches an XML parser, and so the place that says no.

Metadata comes from the network or from strangers. DOCTYPE (and with it every entity), processing instructions,
encodings other than UTF-8 and UTF-16, absurd sizes and depths are refused before anything is built, and nothing is ever
fetched. Expat is called directly because a tree of tuples costs half of what an element tree does, and every
run pays it.
"""

from __future__ import annotations

import codecs
from typing import NoReturn
from xml.parsers import expat

from graphslice.diagnostics import GraphsliceError, Location, error

EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
EDM = "http://docs.oasis-open.org/odata/ns/edm"

MAX_BYTES = 64 * 1024 * 1024
MAX_ELEMENTS = 1_000_000
MAX_DEPTH = 100
MAX_ATTRIBUTES = 64

Node = tuple[str, dict[str, str], int, "list[Node]"]
"""Tag (simple for elements of EDM and EDMX, ``namespace name`` for foreign ones), attributes, line, children.

The text of an element that can hold text stands among its attributes under the empty name.
"""

_TEXTUAL = frozenset(
    f"{EDM} {name}"
    for name in (
        *("Binary", "Bool", "Date", "DateTimeOffset", "Decimal", "Duration", "EnumMember", "Float", "Guid", "Int"),
        *(
            "String",
            "TimeOfDay",
            "Path",
            "PropertyPath",
            "NavigationPropertyPath",
            "AnnotationPath",
            "ModelElementPath",
        ),
        *("AnyPropertyPath", "LabeledElementReference"),
    )
)
_CHARSETS = {"utf-8", "utf8", "utf-16", "utf16", "us-ascii", "ascii"}


def parse(data: bytes, file: str) -> Node:
    """Parse a document and give its root; `file` is the name for messages."""
    if len(data) > MAX_BYTES:
        raise error("CSDL001", f"the file has {len(data):,} bytes; the limit is {MAX_BYTES:,}", Location(file))
    if not data.strip():
        raise error("CSDL002", "the file is empty", Location(file), "fetch the metadata again")
    return _Tree(file).parse(_as_utf8(data, file))


def _as_utf8(data: bytes, file: str) -> bytes:
    """Bring UTF-16 (which must have its mark) to UTF-8; everything else is left for expat to judge as UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode("utf-8")
        except UnicodeError:
            raise error("CSDL003", "the file is not valid UTF-16", Location(file), "save it as UTF-8") from None
    return data.removeprefix(codecs.BOM_UTF8)


class _Tree:
    """Expat's handlers."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = True
        self.count = 0

    def parse(self, data: bytes) -> Node:
        parser = self.parser
        roots: list[Node] = []
        self._handle_elements(roots)
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        try:
            parser.Parse(data, True)
        except expat.ExpatError as fault:
            reason = expat.ErrorString(fault.code)
            hint = "the file is damaged or not XML; fetch it again"
            raise error(
                "CSDL004", f"not well-formed XML: {reason}", Location(file=self.file, line=fault.lineno), hint
            ) from None
        return roots[0]

    def _handle_elements(self, roots: list[Node]) -> None:
        """Install the two handlers that see every element: closures over locals, the hottest code of a run."""
        parser = self.parser
        open_lists: list[list[Node]] = []
        push, pop = open_lists.append, open_lists.pop
        children = roots
        seen = 0
        names: dict[str, str] = {}
        texts: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal children, seen
            name = names.get(tag)
            if name is None:
                name = names[tag] = _simple(tag)
            push(children)
            below: list[Node] = []
            children.append((name, attributes, parser.CurrentLineNumber, below))
            children = below
            seen += 1
            if tag in _TEXTUAL:
                texts.clear()
                parser.CharacterDataHandler = texts.append
            if seen > MAX_ELEMENTS or len(attributes) > MAX_ATTRIBUTES or len(open_lists) > MAX_DEPTH:
                self._too_much(seen, len(attributes))

        def end(tag: str) -> None:
            nonlocal children
            children = pop()
            if tag in _TEXTUAL:
                children[-1][1][""] = "".join(texts)
                parser.CharacterDataHandler = None

        parser.StartElementHandler = start
        parser.EndElementHandler = end

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _CHARSETS:
            raise self._refusal("CSDL003", f"encoding {encoding!r} is refused", "only UTF-8 and UTF-16 are read")

    def _doctype(self, name: str, *_: object) -> NoReturn:
        if name.lower() == "html":
            hint = "a sign-in or error page was saved in place of the metadata; fetch it again"
            raise self._refusal("CSDL011", "not an edmx:Edmx document but a web page", hint)
        hint = "remove the DOCTYPE; metadata has none, and entities can hide anything"
        raise self._refusal("CSDL005", "a DTD is not allowed", hint)

    def _instruction(self, target: str, data: str) -> NoReturn:
        raise self._refusal("CSDL006", f"a processing instruction ({target[:40]}) is not allowed", "remove it")

    def _too_much(self, seen: int, attributes: int) -> NoReturn:
        if seen > MAX_ELEMENTS:
            raise self._refusal("CSDL001", f"more than {MAX_ELEMENTS:,} elements", "is this really metadata?")
        if attributes > MAX_ATTRIBUTES:
            raise self._refusal("CSDL007", f"an element with {attributes} attributes", "is this really metadata?")
        raise self._refusal("CSDL008", f"elements nested deeper than {MAX_DEPTH}", "is this really metadata?")

    def _refusal(self, code: str, message: str, hint: str) -> GraphsliceError:
        return error(code, message, Location(self.file, self.parser.CurrentLineNumber), hint)


def _simple(tag: str) -> str:
    namespace, _, name = tag.rpartition(" ")
    if namespace == EDM:
        return name
    return f"edmx:{name}" if namespace == EDMX else tag
