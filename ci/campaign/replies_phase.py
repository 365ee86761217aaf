"""The phase `replies`: botocore's parser against the strict codec, on replies of our own making."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from ...contract.adapters.sdk import parse_reply
from ...contract.case import Case, Parse
from ...contract.checks import find
from ...contract.codec.query_reading import read_reply
from ...contract.finding import Finding
from ...contract.leniencies.judging import compare
from ...contract.model import Operation
from ...strategies.replies import ReplyBatch, ReplyCase, batches, full_replies, wrong_replies
from .drawing import Smaller, draw_cases, minimise
from .events import CaseJudged, Minimised, PhaseStarted, RepliesCompared
from .judge import parse_exchange, without_warnings
from .running import Running, Shown

PHASE = "replies"
FULL = -1  # the number of what is not drawn: a result with every member, an error, and all that can be wrong with them
BATCH = 128  # replies for one draw, which costs about as much as thirty of them


@dataclass(frozen=True, slots=True)
class WrongParse:
    """A finding, and where it was found.

    Attributes:
        finding: The finding.
        number: The number of the batch.
        draws: How many batches were to be drawn; the same number draws the same ones again.
        wrong: What was wrong with the reply, or empty.
    """

    finding: Finding
    number: int
    draws: int
    wrong: str


def run_replies(run: Running, operation: str) -> list[WrongParse]:
    """Parse replies of `operation`; return what is to be made smaller."""
    plan, subject, found = run.plan, run.judge.operations[operation], list[WrongParse]()
    every = (case for right in full_replies(subject) for case in (right, *wrong_replies(right)))
    full = tuple(islice(every, plan.max_replies))
    sizes = _sizes(plan.max_replies - len(full))

    def each(number: int, batch: ReplyBatch) -> None:
        if plan.shard.holds(number + 1):
            parse(number, batch.replies(sizes[number]))

    def parse(number: int, cases: Iterable[ReplyCase]) -> None:
        run.require_time()
        met: Counter[str] = Counter()
        count = 0
        with without_warnings():
            for case in cases:
                count += 1
                reading = read_reply(subject, case.reply)
                comparison = compare(subject, case.reply, reading, parse_reply(subject, case.reply))
                met.update(comparison.met)
                if comparison.finding is not None and _tell(run, number, case, comparison.finding) and number != FULL:
                    found.append(WrongParse(comparison.finding, number, len(sizes), case.wrong))
        run.sent += count
        run.emit(RepliesCompared(operation, count, met))

    drawn = sum(size for number, size in enumerate(sizes) if plan.shard.holds(number + 1))
    with run.phase(PHASE, operation, drawn + len(full) * plan.shard.holds(0)):
        if plan.shard.holds(0):
            parse(FULL, full)  # what is found here is readable as it is, and not made smaller
        if sizes:
            draw_cases(batches(subject), root=plan.seed, count=len(sizes), each=each)
    return found


def _sizes(replies: int) -> list[int]:
    """Return how many replies are made from each draw."""
    return [min(BATCH, replies - begun) for begun in range(0, replies, BATCH)]


def _tell(run: Running, number: int, case: ReplyCase, finding: Finding) -> bool:
    """Tell a finding; return whether it is a new one."""
    exchange = parse_exchange(case.operation, _case(case), case.reply)
    run.shown.setdefault(finding.fingerprint, Shown(finding, exchange, PHASE))
    run.emit(CaseJudged(PHASE, number, "", exchange, (finding,)))
    new = finding.fingerprint not in run.known
    run.known.add(finding.fingerprint)
    return new


def minimise_replies(run: Running, operation: str, wanted: WrongParse) -> None:
    """Make the reply of one finding smaller, and tell the smallest."""
    run.require_time()
    subject, calls = run.judge.operations[operation], run.plan.minimise_calls

    def shows(batch: ReplyBatch) -> Smaller | None:
        made = wrong_replies(batch.right, named=wanted.wrong) if wanted.wrong else iter((batch.right,))
        smallest: Smaller | None = None
        for case in sorted(made, key=lambda case: len(case.reply.body)):
            if run.is_late():
                break
            smallest = _shown(subject, case, wanted.finding)
            if smallest is not None:
                break
        return smallest

    run.emit(PhaseStarted("minimise", operation, calls))
    smaller = minimise(
        batches(subject), root=run.plan.seed, count=wanted.draws, number=wanted.number, calls=calls, shows=shows
    )
    if smaller is not None:
        run.shown[wanted.finding.fingerprint] = Shown(smaller.finding, smaller.exchange, PHASE)
        run.emit(Minimised(smaller.finding, smaller.exchange))


def _shown(operation: Operation, case: ReplyCase, wanted: Finding) -> Smaller | None:
    exchange = parse_exchange(operation, _case(case), case.reply)
    found = next((finding for finding in find(exchange) if finding.fingerprint == wanted.fingerprint), None)
    return None if found is None else Smaller(found, exchange)


def _case(case: ReplyCase) -> Case:
    return Case(case.operation.name, Parse(case.reply), label=case.wrong or "a right reply")
