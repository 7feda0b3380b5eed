"""Run benchmarks and print their rows; exit code 1 when a limit is missed or a benchmark fails."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import subprocess
import sys

import bench
from bench.report import Row, as_json, as_table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Benchmarks beside named peers.")
    parser.add_argument("names", nargs="*", help="parts of module names; all when left out")
    parser.add_argument("--json", action="store_true", help="rows as JSON")
    wanted = parser.parse_args()
    rows: list[Row] = []
    failed = False
    for info in sorted(pkgutil.iter_modules(bench.__path__), key=lambda info: info.name):
        if info.name == "__main__" or (wanted.names and not any(name in info.name for name in wanted.names)):
            continue
        module = importlib.import_module(f"bench.{info.name}")
        if hasattr(module, "measure"):
            print(f"{info.name} ...", file=sys.stderr, flush=True)
            try:
                rows += module.measure()
            except (RuntimeError, OSError, subprocess.CalledProcessError) as fault:
                print(f"{info.name} failed: {fault}", file=sys.stderr)
                failed = True
    print(as_json(rows) if wanted.json else as_table(rows))
    return 0 if not failed and all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
