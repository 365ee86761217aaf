"""What must hold whatever happens to a call, and what does not: facts about the installed SDK, as findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...contract.finding import Evidence, Finding, FindingKind
from ...contract.model import Operation
from .kinds import ATTEMPTS, CLASS, EFFECTS, ESCAPES, LATE, SILENT, UNTOLD
from .observation import OTHER_VALUE, OTHERS_ANSWER, RETURNED, TIME_LIMIT, Observation, Trial

# What the machine may take for itself, beside the limits of the client.
_SLACK = 2.0
# By these the SDK says that nothing was sent; whoever sees them may send again without a second thought.
_NOT_SENT = ("EndpointConnectionError", "ConnectTimeoutError", "SSLError")


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial and what came of it.

    Attributes:
        trial: What struck, and how often.
        seen: What came of it.
        operation: What was called.
        budget: How many attempts a call may take.
    """

    trial: Trial
    seen: Observation
    operation: Operation
    budget: int

    def finding(
        self, kind: FindingKind, expected: str, *, key: str = "", evidence: Evidence = Evidence.DOCUMENTED
    ) -> Finding:
        """Return that something does not hold; without a key, each trial is a finding of its own."""
        return Finding(
            kind,
            f"{self.operation.service}.{self.operation.name}",
            "",
            expected,
            f"{self.seen}, in {self.seen.seconds:.1f} s where {self.trial} strikes",
            evidence,
            key=(key or str(self.trial).replace(" ", ""),),
        )


Check = Callable[[Tried], Iterator[Finding]]


def what_is_raised_belongs_to_the_sdk(tried: Tried) -> Iterator[Finding]:
    """Find exceptions outside of the tree that callers are told to catch; one finding for each class."""
    if tried.seen.escapes:
        yield tried.finding(ESCAPES, "a ClientError or a BotoCoreError", key=tried.seen.outcome)


def what_is_returned_is_what_was_answered(tried: Tried) -> Iterator[Finding]:
    """Find damage that nobody is told of; one finding for each sort. What a fault has the service say is none."""
    if tried.seen.outcome in (OTHER_VALUE, OTHERS_ANSWER) and not tried.trial.fault.kind.startswith("result."):
        key = "value" if tried.seen.outcome == OTHER_VALUE else "request"
        yield tried.finding(SILENT, "what the service answered, or an exception", key=key)


def a_call_ends_within_its_time_limits(tried: Tried) -> Iterator[Finding]:
    """Find calls that hang: beyond connect and read timeout for each attempt that they may take, and the waits."""
    limit = tried.budget * 2 * TIME_LIMIT + sum(tried.seen.waits)
    if tried.seen.seconds > limit + _SLACK:
        yield tried.finding(LATE, f"an end within {limit:.1f} s", evidence=Evidence.INFERRED)


def attempts_stay_within_their_budget(tried: Tried) -> Iterator[Finding]:
    """Find calls that take more attempts than their retry mode has."""
    if tried.seen.attempts > tried.budget:
        yield tried.finding(ATTEMPTS, f"{tried.budget} attempts at most")


def a_documented_error_is_raised_as_its_class(tried: Tried) -> Iterator[Finding]:
    """Find documented errors of the service that come as another class; a refusal with a status of 2xx is none."""
    fault = tried.trial.fault
    if fault.kind != "error" or tried.trial.once or fault.value("status") in range(200, 300):
        return
    code = fault.value("code")
    error = next((one for one in tried.operation.service_errors if code in (one.code, one.name)), None)
    if error is not None and tried.seen.outcome != error.name:
        yield tried.finding(CLASS, f"client.exceptions.{error.name}")


def a_call_has_no_more_effects_than_its_fault_says(tried: Tried) -> Iterator[Finding]:
    """Find calls that were carried out too often."""
    step = tried.trial.plan(tried.operation.name).rules[0].steps[0]
    # A struck attempt that the service sees may have an effect, and so may the one with which the call ends.
    most = tried.seen.attempts if step.settled_when == "post" else 1
    if tried.trial.fault.kind == "duplicate":
        most *= int(tried.trial.fault.number("times"))
    if tried.seen.effects > most:
        yield tried.finding(EFFECTS, f"{most} effect{'' if most == 1 else 's'} at most")


def an_unknown_outcome_is_told_as_unknown(tried: Tried) -> Iterator[Finding]:
    """Find success without an effect, and a refusal after one; the second is the SDK's way, and a note.

    A fault that brings an old answer or somebody else's makes success itself.
    """
    seen = tried.seen
    if seen.outcome.startswith(RETURNED) and not seen.effects and tried.trial.fault.described.effect != "delivery":
        yield tried.finding(UNTOLD, "an exception, as nothing was carried out")
    refused = seen.outcome in {error.name for error in tried.operation.service_errors}
    if seen.effects and (refused or seen.outcome in _NOT_SENT):
        told = "an exception from which it can be seen that it may have been carried out"
        yield tried.finding(UNTOLD, told, key=seen.outcome, evidence=Evidence.INFERRED)


CHECKS: tuple[Check, ...] = (
    what_is_raised_belongs_to_the_sdk,
    what_is_returned_is_what_was_answered,
    a_call_ends_within_its_time_limits,
    attempts_stay_within_their_budget,
    a_documented_error_is_raised_as_its_class,
    a_call_has_no_more_effects_than_its_fault_says,
    an_unknown_outcome_is_told_as_unknown,
)
"""Every check, in the order in which its findings are told."""


def held(tried: Tried) -> tuple[Finding, ...]:
    """Return what does not hold of a trial."""
    return tuple(finding for check in CHECKS for finding in check(tried))
