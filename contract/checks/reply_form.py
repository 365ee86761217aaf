"""The form of a reply: does it decode strictly, and has a success the shape that the model gives it."""

from __future__ import annotations

from collections.abc import Iterator

from ..exchange import Exchange
from ..finding import Evidence, Finding, FindingKind, Severity

_FORM = "reply_decodes_strictly"
_SHAPE = "success_has_the_documented_shape"
_PROTOCOL = "AWS query protocol (Smithy, awsQuery), and the envelopes in the service's documentation"
_FORGIVING = "botocore accepts it in silence; other SDKs and parsers may not."


def _kind(
    code: str,
    title: str,
    meaning: str,
    *,
    check: str = _FORM,
    severity: Severity = Severity.ERROR,
    source: str = _PROTOCOL,
) -> FindingKind:
    return FindingKind(f"reply-{code}", check, title, severity, meaning, source, "Mend the endpoint's serialiser.")


_WARNING = Severity.WARNING

_KINDS: dict[str, FindingKind] = {
    kind.code.removeprefix("reply-"): kind
    for kind in (
        _kind(
            "content-type",
            "the reply's content headers do not fit an XML document",
            f"The body is XML, but Content-Type or Content-Encoding says otherwise. {_FORGIVING}",
            severity=_WARNING,
        ),
        _kind("body-empty", "the reply has no body", "boto3 raises ResponseParserError, which is not a BotoCoreError."),
        _kind(
            "body-too-large", "the reply is too large to be read", "More than 4 MiB; no reply of the model needs it."
        ),
        _kind("not-utf-8", "the reply is not UTF-8", "boto3 raises ResponseParserError, or reads something else."),
        _kind(
            "entity-declaration",
            "the reply declares a document type or entities",
            "botocore expands internal entities, so that a reply can say other things to other readers.",
        ),
        _kind("truncated", "the reply ends in the middle", "boto3 raises ResponseParserError and does not try again."),
        _kind("not-well-formed", "the reply is not well-formed XML", "boto3 raises ResponseParserError."),
        _kind(
            "root",
            "the root element is another operation's",
            f"The root must be named after the operation. {_FORGIVING}",
        ),
        _kind(
            "namespace", "the XML namespace is not the documented one", f"A namespace that no page shows. {_FORGIVING}"
        ),
        _kind(
            "wrapper",
            "the result wrapper is missing",
            "boto3 raises a bare KeyError: no handler for AWS errors sees it.",
        ),
        _kind("wrapper-unknown", "there is an element beside the result wrapper", f"It belongs nowhere. {_FORGIVING}"),
        _kind("too-deep", "the reply nests too deep", "Deeper than any shape of the model."),
        _kind(
            "request-id",
            "the reply carries no request id in its body",
            "Without it nobody can ask the service's keeper about this request.",
            severity=_WARNING,
        ),
        _kind("error-envelope", "the error envelope is not the documented one", f"{_FORGIVING}"),
        _kind("error-type", "Type is neither Sender nor Receiver", "Callers cannot tell whose fault it is."),
        _kind(
            "error-code", "the error has no usable Code", "boto3 raises a bare ClientError, or one without a Code key."
        ),
        _kind(
            "error-message",
            "the error has no Message",
            "The caller is told nothing but the code.",
            severity=_WARNING,
        ),
        _kind(
            "status",
            "HTTP status and kind of reply contradict each other",
            "A result must come with 200, an ErrorResponse with 4xx or 5xx. An error with 200 makes boto3 raise a bare "
            "KeyError; a result with 4xx a ClientError without Error.",
        ),
        _kind(
            "member-unknown",
            "the result has a member that the model lacks",
            f"Lost for callers. {_FORGIVING}",
            check=_SHAPE,
        ),
        _kind("member-missing", "a required member is missing from the result", f"{_FORGIVING}", check=_SHAPE),
        _kind(
            "member-repeated",
            "an element stands twice",
            "botocore takes the last scalar, and loses lists.",
            check=_SHAPE,
        ),
        _kind("member-type", "a member is not of its type", "botocore reads an empty text instead.", check=_SHAPE),
        _kind(
            "boolean",
            "a boolean is neither true nor false",
            "botocore reads everything but exactly true as False: a success turns into a failure in silence.",
            check=_SHAPE,
        ),
        _kind("list-member", "a list element has the wrong name", f"{_FORGIVING}", check=_SHAPE),
    )
}

PROMISE = _kind(
    "promise",
    "a success lacks what it must say",
    "A member that documentation or live tests show in every success is absent or has another value.",
    check=_SHAPE,
    source="the specification's promises for the operation",
)

KINDS = (*_KINDS.values(), PROMISE)


def _findings(exchange: Exchange, check: str) -> Iterator[Finding]:
    if exchange.reading is None:
        return
    for departure in exchange.reading.departures:
        kind = _KINDS[departure.code]
        if kind.check == check:
            yield Finding(kind, str(exchange.operation), departure.path, departure.expected, departure.observed)


def reply_decodes_strictly(exchange: Exchange) -> Iterator[Finding]:
    """Bytes, headers, envelope and namespace of the reply are what the protocol says."""
    yield from _findings(exchange, _FORM)


def success_has_the_documented_shape(exchange: Exchange) -> Iterator[Finding]:
    """The members of a result are those of the model, each once and of its type, and say what a success says."""
    yield from _findings(exchange, _SHAPE)
    reading, expectation = exchange.reading, exchange.expectation
    if reading is None or reading.value is None or expectation is None or not expectation.may_succeed:
        return
    told = {departure.path.rpartition("/")[2] for departure in reading.departures}
    for promise in expectation.promises:
        found = reading.value.get(promise.member)
        if promise.member in told or (found is not None and promise.value in (None, found)):
            continue
        wanted = promise.member if promise.value is None else f"{promise.member} {promise.value!r}"
        evidence = max(promise.evidence, expectation.success, key=lambda evidence: evidence.rank)
        yield Finding(
            PROMISE,
            str(exchange.operation),
            f"/{promise.member}",
            wanted,
            "nothing" if found is None else repr(found),
            evidence=evidence if expectation.must_succeed else Evidence.INFERRED,
            key=(promise.member,),
            source=promise.source,
        )
