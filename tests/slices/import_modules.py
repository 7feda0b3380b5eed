"""Import every module below a package's folder in a random order: `import_modules.py FOLDER SEED`.

A warning that comes from the package is a fault, too.
"""

from __future__ import annotations

import importlib
import random
import sys
import warnings
from pathlib import Path


def main(package: Path, seed: str) -> int:
    """Import and say how many modules there are; the first faults and status 1 when one does not come."""
    warnings.filterwarnings("error", module=rf"{package.name}\b")
    names = []
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    random.Random(seed).shuffle(names)
    faults = []
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as fault:
            faults.append(f"{name}: {type(fault).__name__}: {fault}")
    print(f"{len(names)} modules")
    print(*faults[:10], sep="\n", end="")
    return 1 if faults or not names else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2]))
