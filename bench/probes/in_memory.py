"""Generate a client from a description in memory; print what it took and what came out.

Arguments: the description, then patterns to include (none: everything) and, behind `--`, patterns to exclude.
"""

from __future__ import annotations

import json
import resource
import sys
import time

started = time.perf_counter()
from graphslice.config import Slice  # noqa: E402
from graphslice.pipeline import make  # noqa: E402

description, *patterns = sys.argv[1:]
include, _, exclude = (" ".join(patterns)).partition("--")
wanted = Slice(
    description=description, include=tuple(include.split()), exclude=tuple(exclude.split()), package="bench_client"
)
made = make(wanted)
seconds = time.perf_counter() - started
mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
print(
    json.dumps(
        {
            "seconds": seconds,
            "cpu": sum((mine.ru_utime, mine.ru_stime, children.ru_utime, children.ru_stime)),
            "peak": max(mine.ru_maxrss, children.ru_maxrss) / 1024,
            "modules": sum(name.endswith("_request_builder.py") for name in made.files),
            "megabytes": sum(map(len, made.files.values())) / 1e6,
        }
    )
)
