"""`python -m desktop`: the window on the sample city; without a display the same work headless."""

from __future__ import annotations

import sys

from desktop.cli import main

if __name__ == "__main__":
    sys.exit(main(["run", *sys.argv[1:]]))
