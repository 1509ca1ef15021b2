"""Runs the command line: `python -m build_tools`."""

import sys

from build_tools.cli import main

if __name__ == "__main__":
    sys.exit(main())
