"""What can be wrong with a pact, and with a provider that is held to one."""

from __future__ import annotations

from ...contract.finding import FindingKind, Severity

_FORMAT = "Pact's specification, and what its matcher was measured to do"
_CONTRACT = "the installed service model and the specification of the service"


def _kind(
    code: str,
    check: str,
    title: str,
    severity: Severity = Severity.ERROR,
    *,
    meaning: str,
    harm: str,
    provoked: str,
    remedy: str,
    source: str = _FORMAT,
    silence: str = "Nothing does: it is told for as long as the pact says so.",
) -> FindingKind:
    return FindingKind(
        code,
        check,
        title,
        severity,
        meaning=meaning,
        harm=harm,
        provoked=provoked,
        source=source,
        remedy=remedy,
        silence=silence,
    )


BROKEN = _kind(
    "pact-broken",
    "provider_keeps_the_pact",
    "the reply is not the one that the consumer relies on",
    meaning="Pact's verifier sent the interaction's request, and status, headers or body of the reply do not match.",
    harm="The consumer that wrote the pact: its tests pass against replies that this provider does not give.",
    provoked="The provider answers an interaction of the pact otherwise.",
    source="the pact, read by Pact's own verifier",
    remedy="Mend the provider, or agree on another pact with the consumer.",
)
NO_REPLY = _kind(
    "pact-no-reply",
    "provider_replies",
    "the provider gave no reply",
    meaning="The interaction's request was sent, and nothing that is HTTP came back in time.",
    harm="Whoever calls the provider.",
    provoked="The provider closes the connection, is too slow, or speaks something else than HTTP.",
    source="HTTP/1.1 (RFC 9112), and the time limit of the run",
    remedy="Look at the provider's log for this request; --time-limit S allows a reply more seconds.",
)
STATE_UNKNOWN = _kind(
    "pact-state-unknown",
    "states_are_known",
    "no provider state has that name",
    meaning="The pact asks for a state that the specification of the service does not know; the interaction is "
    "neither kept nor broken, as nobody can say what must hold before it.",
    harm="Whoever verifies the pact by Pact's own means: a state that cannot be set up takes its verifier two minutes.",
    provoked="A provider state of the pact is misspelt, or made up.",
    source="the provider states of the specification",
    remedy="Use the name or the sentence of a state that the specification has.",
)
STATE_UNREACHED = _kind(
    "pact-state-unreached",
    "states_can_be_brought_about",
    "the provider state could not be brought about",
    Severity.WARNING,
    meaning="The state is known, but this provider could not be brought into it, so that nothing is known of the "
    "interaction.",
    harm="Whoever takes the pact for verified.",
    provoked="No public operation brings the state about and [world.jobs] names none, or the provider refuses to.",
    source="the provider states of the specification",
    remedy="Name a resource in that state in the configuration, or mend the provider.",
)
DESCRIPTION_REPEATED = _kind(
    "pact-description-repeated",
    "descriptions_tell_interactions_apart",
    "two interactions have the same description",
    meaning="Pact tells the interactions of a file apart by their description; of two with the same one, merging keeps "
    "the last.",
    harm="The consumer, of whose promises one vanishes without a word.",
    provoked="Two interactions of the file have one description.",
    remedy="Give each its own description.",
)
STATE_MISSING = _kind(
    "pact-state-missing",
    "interactions_say_what_must_hold",
    "the interaction asks for no provider state, and needs one",
    meaning="By the contract the reply follows only from a provider that holds what the request refers to, and the "
    "interaction does not say so.",
    harm="Whoever verifies the pact: whether it is kept depends on what the provider happens to hold.",
    provoked="An interaction refers to a resource and has no provider state.",
    source=_CONTRACT,
    remedy="Name the state, with the resource's id among its parameters.",
)
RULE_UNUSED = _kind(
    "pact-rule-unused",
    "matching_rules_match_something",
    "a matching rule points at nothing",
    meaning="The path of the rule names no place in the body that stands beside it. Pact drops such a rule without a "
    "word, and the example must be met literally.",
    harm="The provider, whose replies are refused though they are right.",
    provoked="A misspelt path, or an XML path without the namespace of its elements.",
    remedy="Correct the path; elements are named with their namespace, $['NAMESPACE:Name']['#text'].",
)
SECRET = _kind(
    "pact-secret",
    "pacts_hold_no_secret",
    "the pact holds what looks like a secret",
    meaning="A signature, a token, or something that has the form of a key stands in the file.",
    harm="Whoever the secret belongs to: pacts are published.",
    provoked="Authorization or a security token was recorded, or a key stands in a body.",
    source="AWS's forms of keys and signatures",
    remedy="Take it out, change the key, and record without authentication: the verifier signs for itself.",
)
REQUEST_FORBIDDEN = _kind(
    "pact-request-forbidden",
    "requests_are_of_the_model",
    "the model knows no such request",
    meaning="The request names no operation of the service, or has a member that the input shape does not have, or a "
    "value of the wrong type.",
    harm="The consumer: the service ignores or refuses what it sends.",
    provoked="A misspelt member, or a request of another version of the service.",
    source=_CONTRACT,
    remedy="Correct the request, or install the botocore that knows the member.",
)
ERROR_UNDOCUMENTED = _kind(
    "pact-error-undocumented",
    "errors_are_documented",
    "the reply is an error that the operation does not document",
    meaning="The code is neither among the operation's errors in the model nor among those documented beside it.",
    harm="The consumer, which handles an error that never comes and perhaps not the one that does.",
    provoked="A misspelt code, or one of another operation.",
    source=_CONTRACT,
    remedy="Use the code of a documented error; the finding offers close names.",
)
REPLY_WRONG = _kind(
    "pact-reply-wrong",
    "replies_decode_strictly",
    "the reply is none of the protocol",
    meaning="The strict codec, which reads replies as the protocol has them, departs from the reply.",
    harm="The consumer: its tests pass against what the service never sends.",
    provoked="A missing envelope, a wrong namespace, a member of another name, a value of the wrong type.",
    source=_CONTRACT,
    remedy="Correct the reply, or write the interaction by `botoproof pact write`.",
)
UNDESERVED = _kind(
    "pact-reply-undeserved",
    "replies_are_deserved",
    "by the contract, the request is answered otherwise",
    meaning="In the states that the interaction names, the rules of the service allow other outcomes than its reply.",
    harm="The consumer, which relies on what no provider true to the contract does.",
    provoked="A success for a request that breaks a rule, an error that it does not deserve, or an error for a request "
    "that breaks none.",
    source=_CONTRACT,
    remedy="Correct the request, the states or the reply.",
)
ERROR_UNUSED = _kind(
    "pact-error-unused",
    "every_documented_error_is_exercised",
    "the consumer never exercises a documented error",
    Severity.NOTE,
    meaning="The pact has interactions of the operation, and none that is refused with this documented error.",
    harm="Nobody yet: it is not known what the consumer does when the error comes.",
    provoked="No interaction has a reply with the error's code.",
    source=_CONTRACT,
    remedy="Let a test of the consumer meet the error.",
)

KINDS = (
    BROKEN,
    NO_REPLY,
    STATE_UNKNOWN,
    STATE_UNREACHED,
    DESCRIPTION_REPEATED,
    STATE_MISSING,
    RULE_UNUSED,
    SECRET,
    REQUEST_FORBIDDEN,
    ERROR_UNDOCUMENTED,
    REPLY_WRONG,
    UNDESERVED,
    ERROR_UNUSED,
)
