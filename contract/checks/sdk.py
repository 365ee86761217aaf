"""The SDK as part of the subject: what it rejects, which class it raises, what it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..case import Call
from ..codec.departure import shortened
from ..exchange import Exchange
from ..finding import Finding, FindingKind, Severity
from ..outcome import Broken, Refused, RejectedBySdk, Returned
from ..validation import Complaint

_SDK = "the installed botocore, held to the service model"

CLASS = FindingKind(
    "sdk-exception-class",
    "boto3_raises_the_class_of_the_code",
    "boto3 raised another class than the code's",
    Severity.ERROR,
    meaning="The model gives the reply's code an exception class, and boto3 raised another one.",
    harm="Callers: `except client.exceptions.SomeException` does not see the error, or sees another one.",
    provoked="White space stands around the code in the reply, or an SDK release maps codes to classes otherwise.",
    source=_SDK,
    remedy="Look at the code in the reply, character for character; else an SDK upgrade changed the mapping.",
)
FIELDS = FindingKind(
    "sdk-exception-fields",
    "boto3_raises_the_class_of_the_code",
    "boto3's exception says something else than the reply",
    Severity.ERROR,
    meaning="Code, message, type, status or request id got lost or changed between the reply and `error.response`.",
    harm="Callers who log or branch on `error.response`, and the support desk that is given the request id.",
    provoked="An SDK release reads the error envelope otherwise, or a handler on the client's events rewrites it.",
    source=_SDK,
    remedy="Compare the reply with `error.response`.",
)
VALUE = FindingKind(
    "sdk-value",
    "boto3_reads_what_the_reply_says",
    "boto3's value differs from the strict reading",
    Severity.ERROR,
    meaning="The reply decodes strictly, and boto3 hands its caller another value, or an error for a result.",
    harm="Callers, who work with something that the endpoint never said.",
    provoked="An SDK release parses a type otherwise, or right but unusual XML is read in two ways.",
    source=_SDK,
    remedy="One of the two codecs is wrong; report it with the reply.",
)
BROKE = FindingKind(
    "sdk-broke",
    "boto3_reads_what_the_reply_says",
    "boto3 could not read a reply that is right",
    Severity.ERROR,
    meaning="The reply decodes strictly, and boto3 raises something that is neither a value nor a ClientError.",
    harm="Callers whose handlers are for AWS errors: none of them catches it, and the program ends.",
    provoked="An SDK release's parser fails on a reply that the protocol allows.",
    source=_SDK,
    remedy="Report it to botocore with the reply.",
)
PASSED = FindingKind(
    "sdk-validation-missing",
    "sdk_rejects_what_the_model_forbids",
    "the SDK sent parameters that the model forbids",
    Severity.WARNING,
    meaning="The model says that the SDK must reject these parameters, and it sent them.",
    harm="Callers whose mistakes used to fail on their own side: now they reach the service, written somehow.",
    provoked="The client's configuration has parameter_validation off, or an SDK release checks less.",
    source=_SDK,
    remedy="Switch validation on again, or take over the check that the SDK release gave up.",
)
REJECTED = FindingKind(
    "sdk-validation-excess",
    "sdk_rejects_what_the_model_forbids",
    "the SDK rejected parameters that the model allows",
    Severity.ERROR,
    meaning="The model allows these parameters, and the SDK raised before anything was sent.",
    harm="Callers who need that call: the service would take it, and they cannot make it.",
    provoked="An SDK release checks more than its own model says, or cannot write a value that the model has.",
    source=_SDK,
    remedy="Go back to the SDK release that sent it, and report the difference to botocore.",
)

_WIDTH = 120
_MAP_KEY = re.compile(r"\[(['\"]).*\1\]", re.DOTALL)

KINDS = (CLASS, FIELDS, VALUE, BROKE, PASSED, REJECTED)


def _shown(value: object) -> str:
    return shortened(value) if value is None or isinstance(value, str) else repr(value)[:_WIDTH]


def _place(complaint: Complaint) -> str:
    """Return where a complaint is, without names that a case made up: a finding is the same whatever they were."""
    return "$" if complaint.kind == "unknown" else _MAP_KEY.sub("[…]", complaint.path)


def boto3_raises_the_class_of_the_code(exchange: Exchange) -> Iterator[Finding]:
    """The class raised is exactly the code's, and its fields say what the reply says."""
    outcome, reading = exchange.outcome, exchange.reading
    reply = exchange.interaction.reply if exchange.interaction else None
    if not isinstance(outcome, Refused) or reading is None or reading.error is None or reply is None:
        return
    code, name = reading.error.code, str(exchange.operation)
    modelled = next((error.name for error in exchange.operation.service_errors if error.code == code), "ClientError")
    if outcome.exception != modelled:
        yield Finding(CLASS, name, "", f"{modelled} for {code}", outcome.exception, key=(code or "", outcome.exception))
    if reading.departures:
        return  # the reply itself is wrong; that has been told, and the fields follow from it
    pairs = (
        ("Error.Code", code, outcome.code),
        ("Error.Message", reading.error.message, outcome.message),
        ("Error.Type", reading.error.fault, outcome.fault),
        ("ResponseMetadata.HTTPStatusCode", reply.status, outcome.status),
        ("ResponseMetadata.RequestId", reading.request_id, outcome.request_id),
    )
    for path, said, read in pairs:
        if said != read:
            yield Finding(FIELDS, name, path, _shown(said), _shown(read), key=(path,))


def boto3_reads_what_the_reply_says(exchange: Exchange) -> Iterator[Finding]:
    """boto3's value equals the strict reading of the same reply."""
    outcome, reading = exchange.outcome, exchange.reading
    if reading is None or reading.departures:
        return
    name = str(exchange.operation)
    if isinstance(outcome, Broken):
        yield Finding(
            BROKE,
            name,
            "",
            "a value or a ClientError",
            f"{outcome.exception}: {outcome.message}",
            key=(outcome.exception,),
        )
    elif isinstance(outcome, Returned) and reading.error is not None:
        yield Finding(VALUE, name, "", f"a ClientError with {reading.error.code}", "a value", key=("returned",))
    elif isinstance(outcome, Refused) and reading.value is not None:
        yield Finding(VALUE, name, "", "a value", outcome.exception, key=("refused",))
    elif isinstance(outcome, Returned) and reading.value is not None and dict(outcome.value) != dict(reading.value):
        members = [
            key for key in {**reading.value, **outcome.value} if reading.value.get(key) != outcome.value.get(key)
        ]
        for member in members:
            said, read = _shown(reading.value.get(member)), _shown(outcome.value.get(member))
            yield Finding(VALUE, name, f"/{member}", said, read, key=(member,))


def sdk_rejects_what_the_model_forbids(exchange: Exchange) -> Iterator[Finding]:
    """The SDK rejects exactly the parameters that its model says it must, before anything is sent."""
    if not isinstance(exchange.case.sent, Call):
        return
    name, outcome = str(exchange.operation), exchange.outcome
    if exchange.complaints and exchange.interaction is not None:
        first = exchange.complaints[0]
        observed = f"{shortened(first.path)} was sent as it stands"
        yield Finding(
            PASSED, name, _place(first), f"ParamValidationError: {first.expected}", observed, key=(first.kind,)
        )
    if exchange.complaints or exchange.interaction is not None:
        return
    if isinstance(outcome, RejectedBySdk):
        yield Finding(REJECTED, name, "", "to be sent", shortened(outcome.reports[0] if outcome.reports else None))
    elif isinstance(outcome, Broken):
        observed = f"{outcome.exception}: {outcome.message}"
        yield Finding(REJECTED, name, "", "to be sent", shortened(observed), key=(outcome.exception,))
