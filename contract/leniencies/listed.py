"""The listed leniencies of botocore's query parser: where it departs from the strict reading, and whom that hurts.

Each was observed with the release in `OBSERVED_WITH`; `reading.py` says exactly what botocore yields.
"""

from __future__ import annotations

from .in_errors import IN_ERRORS
from .in_results import IN_RESULTS
from .leniency import Leniency
from .raised import RAISED

OBSERVED_WITH = "1.44.5"

LENIENCIES: tuple[Leniency, ...] = (*IN_RESULTS, *IN_ERRORS, *RAISED)
"""Every listed leniency: bytes, headers and results, errors, then what is raised."""

BY_CODE = {leniency.code: leniency for leniency in LENIENCIES}
"""Every listed leniency by its code."""
