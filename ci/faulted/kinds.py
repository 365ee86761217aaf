"""What can be wrong with how a consumer's code bears a fault."""

from __future__ import annotations

from ...contract.finding import FindingKind, Severity

_RELAX = "Where the test knows better, it asks `faults.injected` and asserts what is right under that fault."
_SOURCE = "the test, its mark every_fault, and the journal of what the service and the client saw"


def _kind(code: str, check: str, title: str, *, meaning: str, harm: str, provoked: str, remedy: str, silence: str = _RELAX) -> FindingKind:  # noqa: E501 - one line tells all  # fmt: skip
    return FindingKind(
        code,
        check,
        title,
        Severity.ERROR,
        meaning=meaning,
        harm=harm,
        provoked=provoked,
        source=_SOURCE,
        remedy=remedy,
        silence=silence,
    )


ESCAPED = _kind(
    "fault-escaped",
    "only_declared_exceptions_leave_the_code",
    "an exception that was not declared escaped",
    meaning="The code let an exception through that is none of those in survives=[...] of the mark.",
    harm="Callers of the code, who do not expect it: ResponseParserError and a KeyError out of botocore's parser are "
    "caught neither by except ClientError nor by except BotoCoreError.",
    provoked="A fault strikes a call of the test, and an exception ends the test.",
    remedy="Catch it where the call is made and raise an exception of your own, or declare it in survives=[...].",
)
SWALLOWED = _kind(
    "fault-swallowed",
    "a_refusal_is_not_told_as_success",
    "the code reported success though the service did not do it",
    meaning="The call was refused, or never reached the service, no later call did better, and the test passes as it "
    "does without a fault.",
    harm="Users of the code, who are told that something was done which was not.",
    provoked="A call of the test is refused, or not connected, and the code goes on.",
    remedy="Raise an exception, or return something that tells.",
)
SUCCESS = _kind(
    "fault-unknown-as-success",
    "an_unknown_outcome_is_not_told_as_success",
    "an unknown outcome was told as success",
    meaning="The answer of the call was lost or could not be read, no later call did better, and the test passes as it "
    "does without a fault.",
    harm="Users of the code, who are told that something was done which may not have been.",
    provoked="A connection breaks, a time limit passes, or an answer is cut, and the code goes on.",
    remedy="Raise an exception that says that the outcome is unknown, or look what became of it.",
)
FAILURE = _kind(
    "fault-unknown-as-failure",
    "an_unknown_outcome_is_not_told_as_failure",
    "the code reported failure though the service did it",
    meaning="The service carried the call out, and the code ended with a declared exception that says it failed.",
    harm="Users of the code, who do again what was done already, or tell others that it was not.",
    provoked="The answer of a call that took effect is lost, and the code raises what it raises for a refusal.",
    remedy="Raise an exception of its own for unknown outcomes, and declare it in unknown=[...]; those in "
    "survives=[...] that are called ...Unknown... are taken for such.",
)
DUPLICATED = _kind(
    "fault-effect-duplicated",
    "a_call_takes_effect_once",
    "the service did it more than once",
    meaning="The service carried out more calls of the operation than the test makes without a fault.",
    harm="Whoever pays for the second shipment: the SDK sends again what it has no answer to, by default three times.",
    provoked="The answer of a call is lost, and the SDK or the code tries again.",
    remedy='Do not let the SDK try again (Config(retries={"total_max_attempts": 1})), look before trying again, or '
    "give a token that makes the operation idempotent.",
    silence="idempotent=[...] in the mark names operations that may take effect several times. Those called Get..., "
    "List..., Describe... and the like may, and those with an idempotency token.",
)
ATTEMPTS = _kind(
    "fault-attempts",
    "attempts_stay_within_their_budget",
    "the operation was attempted too many times",
    meaning="The code and the SDK together made more attempts of the operation than attempts=N of the mark allows, or "
    "did not stop at all.",
    harm="The service, when it is in trouble already: loops multiply what the SDK repeats.",
    provoked="A fault strikes every attempt, and the code tries again.",
    remedy="Bound the loop, or leave trying again to the SDK.",
    silence="attempts=N in the mark.",
)
DEADLINE = _kind(
    "fault-deadline",
    "the_deadline_holds_under_a_fault",
    "the run took longer than its deadline",
    meaning="With the waits between attempts and the time limits that passed, all by a virtual clock, the run took "
    "longer than deadline=SECONDS of the mark.",
    harm="Whoever waits: botocore has a time limit for each read, and none for the whole.",
    provoked="Nothing comes within the read timeout, three times.",
    remedy="Set read_timeout and the number of attempts such that their product is below the deadline.",
    silence="deadline=SECONDS in the mark.",
)
ASSERTION = _kind(
    "fault-assertion",
    "the_test_passes_under_the_fault",
    "an assertion failed under the fault",
    meaning="An assertion of the test, or an invariant of the project, holds without a fault and fails under this one.",
    harm="Users of the code, as far as the assertion says what they rely on.",
    provoked="A fault strikes a call, and the code returns something else or leaves something else behind.",
    remedy="Mend the code.",
)
UNSTRUCK = _kind(
    "fault-unstruck",
    "the_named_call_is_made",
    "the call that the mark names was not made",
    meaning="The mark names an operation, and the test made no such call, so nothing was struck and nothing is shown.",
    harm="The authors of the test, who take its silence for a proof.",
    provoked="The test does not come so far, or calls something else.",
    remedy="Name the operations that the test calls, or none: then they are found by a first run.",
    silence="Leave the name out of the mark.",
)

KINDS = (ESCAPED, SWALLOWED, SUCCESS, FAILURE, DUPLICATED, ATTEMPTS, DEADLINE, ASSERTION, UNSTRUCK)
