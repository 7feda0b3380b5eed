"""Hold generated clients against what they have to be like: `python -m tests.contract.conformance [--only NAME ...]`.

Prints one table: per piece the lines that are expected, the share that is there, the share that is away on purpose
(tests/contract/deviations.tsv has the reasons) and the rest. Exit code 1 when a goal is missed. What cannot be tried
here is skipped with the reason.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.contract import cases, client, history, history_random, mutations, routes, whole
from tests.contract.places import ROOT, Skipped
from tests.contract.results import Check, NotTried, Result, details, table
from tests.slices import every_slice

PIECES: dict[str, Callable[[Path], Iterator[Result]]] = {
    "client": client.recorded,
    "package": client.published,
    "csdl": cases.csdl,
    "openapi": cases.openapi,
    "openapi-real": cases.openapi_real,
    "whole": whole.plain,
    "whole-published": whole.published,
    "imports": whole.imports,
    "compiles": whole.compiles,
    "again": whole.again,
    "slices": every_slice.slices,
    "routes": routes.routes,
    "history": history.slices,
    "history-whole": history.whole,
    "history-random": history_random.slices,
    "mutants-csdl": mutations.csdl,
    "mutants-openapi": mutations.openapi,
}


def main() -> int:
    """Try the pieces that are asked for, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.conformance", description="Compare with the goals.")
    parser.add_argument("--only", action="append", choices=list(PIECES), help="this piece; may be given again")
    parser.add_argument("--show", type=int, default=20, help="how many missing lines to print per piece")
    wanted = parser.parse_args()
    work = ROOT / ".build" / "conformance"
    work.mkdir(parents=True, exist_ok=True)
    results = collect({name: PIECES[name] for name in wanted.only or PIECES}, work, wanted.show)
    print(table(results))
    return 0 if all(result.holds for result in results) else 1


def collect(pieces: dict[str, Callable[[Path], Iterator[Result]]], work: Path, show: int) -> Sequence[Result]:
    """Try each piece; what is wrong is printed at once, since the whole takes minutes."""
    found: list[Result] = []
    for name, piece in pieces.items():
        started = time.monotonic()
        try:
            for result in piece(work):
                found.append(result)
                print(result.row(), *details(result, show), sep="\n", file=sys.stderr, flush=True)
        except Skipped as reason:
            found.append(NotTried(name, str(reason)))
        except (RuntimeError, OSError, subprocess.SubprocessError) as fault:
            found.append(Check(name, str(fault), holds=False))
        print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
