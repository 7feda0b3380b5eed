"""Lists what a client shows by running it, in a process that has its libraries already.

A run of the tool costs a second of imports; hundreds of small clients are listed in the time of a few.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path

import httpx  # noqa: F401 (what every client imports is imported before the processes part)
import kiota_abstractions.multipart_body  # noqa: F401
import kiota_http.httpx_request_adapter  # noqa: F401
import kiota_serialization_json.json_parse_node_factory  # noqa: F401

from tests.contract.places import Broken, shared_tool


def listed(files: Mapping[str, str], package: str, asked: Iterable[str] = ()) -> frozenset[str]:
    """Write a client, run the surface tool on it, and give its lines.

    Args:
        files: The client's files by path.
        package: The name of its folder.
        asked: Lines whose discriminator values are tried too.
    """
    tool = shared_tool("surface")
    folder = Path(tempfile.mkdtemp(prefix="listed-"))
    try:
        for path, text in files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        probes = folder / "asked.txt"
        probes.write_text("".join(f"{line}\n" for line in sorted(asked)), encoding="utf-8")
        arguments = [str(folder / package), package, "--probe-from", str(probes)]
        code = _forked(lambda: _run(tool.main, arguments, folder))
        text = (folder / "lines.txt").read_text(encoding="utf-8")
        if code:
            raise Broken(text.strip().splitlines()[-1] if text.strip() else f"listing ended with {code}")
        return frozenset(text.splitlines())
    finally:
        shutil.rmtree(folder)


def _run(main: object, arguments: list[str], folder: Path) -> int:
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    sys.argv = ["surface.py", *arguments]
    printed = io.StringIO()
    code = 0
    try:
        # The tool finds an enum for a body only among what was imported before.
        for path in sorted((folder / arguments[1]).rglob("[a-z]*.py")):
            importlib.import_module(path.relative_to(folder).with_suffix("").as_posix().replace("/", "."))
        with contextlib.redirect_stdout(printed):
            main()  # type: ignore[operator]
    except BaseException:
        printed.write(traceback.format_exc())
        code = 1
    (folder / "lines.txt").write_text(printed.getvalue(), encoding="utf-8")
    return code


def _forked(work: object) -> int:
    child = os.fork()
    if not child:
        code = 1
        try:
            code = work()  # type: ignore[operator]
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
