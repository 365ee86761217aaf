"""What a run is to do, as data."""

from __future__ import annotations

from dataclasses import dataclass

from ...contract.finding import Evidence
from .shard import WHOLE, Shard

PHASES = ("table", "random", "stateful", "replies", "faults")
# What a run does unless it is told otherwise: faults say nothing about an endpoint.
USUAL_PHASES = PHASES[:-1]
MAX_EXAMPLES = 1000
MAX_REPLIES = 4096
MAX_PROGRAMS = 200
MAX_STEPS = 20
# So many pages of one list are asked for at most: an account may hold more jobs than a run has time for.
MAX_PAGES = 60
# Of the random cases, one in so many is sent twice; each probe of the table is.
REPEAT_EVERY = 10
# So many unanswered cases in a row end a run: nobody is there.
MAX_SILENCE = 3
# To make a case smaller that waits for the time limit whenever it is sent, so many are sent at most.
MINIMISE_WAITING = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do.

    Attributes:
        service: botocore's name of the service.
        operations: The operations to hold to their contract.
        phases: Which of `PHASES`, in that order.
        seed: From which every random choice follows.
        max_examples: Random cases for each operation.
        max_replies: Replies of our own making for each operation.
        max_time: Seconds after which no further case is begun, or None.
        evidence: Findings on weaker evidence than this are notes.
        minimise_calls: Cases that may be sent to make one finding's case smaller; programs, for a finding of programs.
        max_programs: Programs of several requests.
        max_steps: Steps of a program, of its own; each program ends with a look at all that it made.
        shard: Which of the cases are sent.
    """

    service: str
    operations: tuple[str, ...]
    phases: tuple[str, ...] = USUAL_PHASES
    seed: int = 0
    max_examples: int = MAX_EXAMPLES
    max_replies: int = MAX_REPLIES
    max_time: float | None = None
    evidence: Evidence = Evidence.OBSERVED
    minimise_calls: int = 100
    max_programs: int = MAX_PROGRAMS
    max_steps: int = MAX_STEPS
    shard: Shard = WHOLE
