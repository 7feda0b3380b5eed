"""What is told to a user: where, what, and how to cure it.

Every stage reports through this module and nothing but `cli` prints. A `Diagnostic` is one line; a
`GraphsliceError` carries one or more of them and becomes exit code 2 (bad input) or 3 (refused to write).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x61C, 0x200E, 0x200F}


class Severity(str, Enum):
    """How much a diagnostic weighs: an error stops the run, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in an input: file as the user named it, 1-based line (0: unknown), JSON pointer for OpenAPI."""

    file: str = ""
    line: int = 0
    pointer: str = ""

    def __str__(self) -> str:
        """Spell the place the way compilers do: ``file:line#pointer``."""
        text = self.file
        if self.line:
            text += f":{self.line}"
        return f"{text}#{self.pointer}" if self.pointer else text


NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `code` is stable and listed in docs/diagnostics.md (CSDL001, OAS012, SLICE003, OUT002, ...).
    """

    code: str
    message: str
    location: Location = NOWHERE
    hint: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Give the whole finding as one printable line without control characters."""
        where = f"{self.location}: " if str(self.location) else ""
        cure = f" -- {self.hint}" if self.hint else ""
        return printable(f"{where}{self.severity.value} {self.code}: {self.message}{cure}")


class GraphsliceError(Exception):
    """A fault that the user can cure; carries its diagnostics and the exit code."""

    exit_code = 2

    def __init__(self, *diagnostics: Diagnostic) -> None:
        """Keep the findings in the order in which they are to be shown."""
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


class RefusedError(GraphsliceError):
    """The run was understood but would harm what is on disk; exit code 3."""

    exit_code = 3


def error(code: str, message: str, location: Location = NOWHERE, hint: str = "") -> GraphsliceError:
    """Build the error to raise for a single finding."""
    return GraphsliceError(Diagnostic(code, message, location, hint))


def printable(text: str, limit: int = 600) -> str:
    """Make text from an input safe for a terminal: controls and bidi marks escaped, long text cut.

    Metadata is untrusted: C1 escapes and bidirectional marks could rewrite what the user sees.
    """
    shown = text if len(text) <= limit else text[: limit - 3] + "..."
    return "".join(
        ch if ch.isprintable() and ord(ch) not in _BIDI else ch.encode("unicode_escape").decode("ascii") for ch in shown
    )


def raise_all(diagnostics: Iterable[Diagnostic]) -> None:
    """Raise one error with every finding of severity error, if there is any."""
    errors = [d for d in diagnostics if d.severity is Severity.ERROR]
    if errors:
        raise GraphsliceError(*errors)
