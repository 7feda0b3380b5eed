"""What a run is asked to do: one frozen `Slice`, from a slice file (TOML) or from command-line flags.

docs/slice-file.md has every key. `load_slice` (in `graphslice.slice_file`) reads TOML; the CLI builds the same type
from flags.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class Subtypes(str, Enum):
    """Which derived types come along: ALL of every used class (Kiota), or those that some result can hold."""

    ALL = "all"
    REACHABLE = "reachable"


class Authentication(str, Enum):
    """How the generated root signs in by itself; NONE: only through a request adapter or a provider given."""

    AZURE = "azure"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One client to generate. Relative paths are already resolved against the slice file's folder."""

    description: str
    """Path or https URL of the CSDL or OpenAPI document that is read."""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Kiota's globs with optional ``#VERB,VERB``."""
    package: str = "ApiSdk"
    class_name: str = "ApiClient"
    output: Path = Path("output")
    """The folder in which the package folder is made."""
    base_url: str | None = None
    shortcuts: tuple[tuple[str, str], ...] = ()
    """Property name on the root, and the URL path whose builder it gives."""
    exports: tuple[str, ...] = ()
    """Globs of class names that the package's __init__ offers besides client and error."""
    annotations: tuple[str, ...] = ()
    """Overlay files: CSDL with external Annotations, or a correction overlay."""
    backing_store: bool | None = None
    additional_data: bool = True
    subtypes: Subtypes = Subtypes.ALL
    authentication: Authentication | None = None
    """None: AZURE for CSDL, NONE for OpenAPI."""
    sync: bool = True
    """Whether the blocking twins (`client.sync`) are generated."""
    relied_upon: tuple[str, ...] = ()
    """Surface patterns whose loss stops `generate` until it is accepted."""
    max_loss: float = 0.10
    max_path: int | None = None
    path_limit: int = 20_000
    """Expansion stops with an error beyond this many paths."""
    allowed_origins: tuple[str, ...] = ()
    """Folders and https origins from which `$ref` of an OpenAPI description may read, besides its own folder."""
    structured_mime_types: tuple[str, ...] = ()
    clouds: tuple[str, ...] = ()
    source_url: str = ""
    """What `fetch` gets."""
    seed: str = ""
    """JSON file with the first state of `serve`; it decides nothing about the client."""
    name: str = ""
    """The slice file's stem; empty when the slice came from flags."""
    extra: tuple[tuple[str, str], ...] = field(default=())
    """Project metadata for `new` and the wheel: version, author, licence."""
