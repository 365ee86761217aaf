"""Pact's own verifier, in a process of its own: ``python -m botoproof.ci.pacts.verifier ORDER RESULT``.

Its core is a library in which a wrong provider state is tried for two minutes and Ctrl-C is not heard, so whoever
starts this must be able to kill it. Both arguments are JSON files; what Pact prints goes to standard output.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import sys
from pathlib import Path
from typing import Any

NOT_INSTALLED = 3
"""Exit status when the package pact-python cannot be loaded; the reason is on standard error."""


def main(order_path: str, result_path: str) -> int:
    """Verify a pact and write what Pact found.

    Args:
        order_path: A file with ``provider``, ``pact`` (a path), ``url`` of the provider, ``states`` (the URL that
            brings provider states about) and ``seconds`` for a reply.
        result_path: The file to write: Pact's results as they are.
    """
    order = json.loads(Path(order_path).read_text("utf-8"))
    try:
        pact: Any = importlib.import_module("pact")
        # Else each event of the core is handed to Python's logging, which takes longer than the verification.
        logging.getLogger("pact.ffi").setLevel(logging.ERROR)
        verifier: Any = pact.Verifier(order["provider"], host="127.0.0.1")
    except (ImportError, OSError) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return NOT_INSTALLED
    verifier = (
        verifier.add_transport(url=order["url"])
        .add_source(order["pact"])
        .state_handler(order["states"], body=True)
        .set_request_timeout(int(order["seconds"] * 1000))
        .set_coloured_output(enabled=False)
        .set_error_on_empty_pact(enabled=True)
    )
    with contextlib.suppress(RuntimeError):  # how it tells that something is broken; what is, stands in the results
        verifier.verify()
    Path(result_path).write_text(json.dumps(verifier.results), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
