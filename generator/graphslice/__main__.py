"""``python -m graphslice``."""

from __future__ import annotations

from graphslice.cli.main import main

if __name__ == "__main__":
    main()
