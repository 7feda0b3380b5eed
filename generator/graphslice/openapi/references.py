"""Which other files a description refers to, found in its text alone: for the lock's list of inputs."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from graphslice.config import Slice

REFERENCE = re.compile(rb"""\$ref["']?\s*:\s*["']?([^"'#\s,}\]][^"'#\s,}\]]*)""")
"""The file part of a reference to another file, in JSON or YAML text."""


def referenced_files(description: str, wanted: Slice) -> tuple[str, ...]:
    """Give the local files that a description refers to, and those that these refer to, sorted; never the main file.

    Files outside of the folders that may be read are left out: reading the description refuses them with a reason.
    """
    if description.startswith(("https://", "http://")):
        return ()
    main = Path(description).resolve()
    folders = [main.parent, *(Path(one).resolve() for one in wanted.allowed_origins if "://" not in one)]
    found: set[Path] = {main}
    waiting = [main]
    while waiting:
        current = waiting.pop()
        try:
            data = current.read_bytes()
        except OSError:
            continue
        for reference in sorted(set(REFERENCE.findall(data))):
            text = unquote(reference.decode("utf-8", "replace")).removeprefix("file://")
            if "://" in text:
                continue
            target = (current.parent / text).resolve()
            if target not in found and target.is_file() and any(target.is_relative_to(one) for one in folders):
                found.add(target)
                waiting.append(target)
    return tuple(sorted(str(one) for one in found - {main}))
