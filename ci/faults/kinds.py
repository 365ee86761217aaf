"""The kinds of findings about what the SDK makes of faults."""

from __future__ import annotations

from ...contract.finding import FindingKind, Severity

_GUIDE = 'the SDK\'s guide, "Retries": modes, and how many attempts a call takes at most'
_SOURCE = "the installed botocore, met with the faults of `botoproof faults`"

ESCAPES = FindingKind(
    "sdk-fault-escapes",
    "what_is_raised_belongs_to_the_sdk",
    "a fault ends in an exception outside of botocore's own tree",
    Severity.NOTE,
    meaning=(
        "The SDK raises something that is neither a ClientError nor a BotoCoreError, such as ResponseParserError or a "
        "bare KeyError; and it has made one attempt only."
    ),
    harm="Callers with the usual `except (ClientError, BotoCoreError)`: none of it catches this, and the program ends.",
    provoked="A proxy's page instead of an answer, a body that is cut, an answer to another request.",
    source='boto3\'s guide, "Error handling": what callers are told to catch',
    remedy=(
        "Callers: catch botocore.parsers.ResponseParserError and KeyError around the call too, and take the outcome "
        "for unknown. It is a fact about the SDK, which `botoproof faults --compare` watches."
    ),
)
SILENT = FindingKind(
    "sdk-fault-silent",
    "what_is_returned_is_what_was_answered",
    "a fault changes the answer, and the caller is not told",
    Severity.NOTE,
    meaning="The call returns, and what it returns is not what the service answered to this request.",
    harm="Callers, who go on with something that the service never said: there is no check of integrity.",
    provoked="A bit that flips in a text, a member that is lost, an answer that was left in a kept connection.",
    source=_SOURCE,
    remedy="Callers: look at what was returned (is every member there, is it a plausible value) before relying on it.",
)
LATE = FindingKind(
    "sdk-fault-late",
    "a_call_ends_within_its_time_limits",
    "a call takes longer than all its time limits together",
    Severity.WARNING,
    graded=True,
    meaning="The call took longer than connect and read timeout for each attempt, and the waits between them.",
    harm="Callers that hold a lock or a thread meanwhile, and count on their timeouts.",
    provoked="Answers that drip in: the read timeout begins anew with each byte, and there is no limit to the whole.",
    source="inferred from what the options connect_timeout and read_timeout are for; no page promises a limit",
    remedy="Callers: set a deadline of their own around calls that must not hang.",
)
ATTEMPTS = FindingKind(
    "sdk-fault-attempts",
    "attempts_stay_within_their_budget",
    "a call takes more attempts than its retry mode allows",
    Severity.ERROR,
    meaning="The SDK made more attempts than the guide gives as the maximum of the retry mode.",
    harm="Services that are down already, by storms of retries; callers, by the time that it takes.",
    provoked="An SDK release counts otherwise, or a handler on the client's events asks for retries of its own.",
    source=_GUIDE,
    remedy="Compare with another release by `botoproof faults --compare`, and set total_max_attempts.",
)
CLASS = FindingKind(
    "sdk-fault-class",
    "a_documented_error_is_raised_as_its_class",
    "a documented error is not raised as its class",
    Severity.ERROR,
    meaning="The service refused with an error that its model documents, and the SDK raised another class.",
    harm="Callers: `except client.exceptions.SomeException` does not see the error.",
    provoked="An SDK release maps codes to classes otherwise, or reads the error envelope otherwise.",
    source="the installed service model: the errors of the operation",
    remedy="Look at what was raised; an SDK upgrade changed the mapping.",
)
EFFECTS = FindingKind(
    "sdk-fault-effects",
    "a_call_has_no_more_effects_than_its_fault_says",
    "a call was carried out more often than its fault says",
    Severity.ERROR,
    meaning=(
        "The service carried the call out more than once although the fault strikes before that, or more often than "
        "there were attempts."
    ),
    harm="Whoever pays for, or waits for, what was done twice.",
    provoked="An SDK release sends again what was answered already.",
    source=_SOURCE,
    remedy="Look at the timeline: which attempt was answered, and what made the SDK go on.",
)
UNTOLD = FindingKind(
    "sdk-fault-untold",
    "an_unknown_outcome_is_told_as_unknown",
    "what happened is not what the caller is told",
    Severity.ERROR,
    graded=True,
    meaning=(
        "The call returned although the service carried nothing out; or it was carried out, and the caller is told of "
        "a refusal or that nothing was sent."
    ),
    harm="Callers, who believe it: they do again what is done, or never do what is not.",
    provoked="The answer is lost, and the service refuses the second attempt since the first has done it already.",
    source="inferred: a caller must be able to tell what is known from what is not",
    remedy="Callers: after a refusal that followed a retry, ask the service how things stand before deciding anything.",
)

KINDS = (ESCAPES, SILENT, LATE, ATTEMPTS, CLASS, EFFECTS, UNTOLD)
"""Every kind, the notes first."""
