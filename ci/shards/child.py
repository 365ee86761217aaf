"""The process that runs one shard: the command, which ends in order as soon as nobody waits for it any more.

Whoever starts it holds its standard input open. When that is closed, by intention or since the holder was killed, the
run is ended as by a pipeline's signal: no orphan goes on sending, and what the run made is disposed of.
"""

from __future__ import annotations

import os
import signal
import sys
import threading


def main() -> int:
    """Run the command whose arguments were given, for as long as standard input is open."""
    threading.Thread(target=_watch, daemon=True).start()
    from ..cli.command import main as command

    return command()


def _watch() -> None:
    # Not sys.stdin: its lock would still be held when the interpreter ends.
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
