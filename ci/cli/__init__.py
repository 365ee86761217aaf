"""The command line: one module per verb."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command `botoproof` and return its exit status.

    Args:
        arguments: Those of the command line by default.
    """
    try:
        # Loaded here, so that Ctrl-C in the first moment is told like any other.
        from .command import main as run
    except KeyboardInterrupt:
        sys.stderr.write("\nbotoproof: interrupted\n")
        return 2
    return run(arguments)
