"""The command line: one module per verb."""

from .command import main

__all__ = ["main"]
