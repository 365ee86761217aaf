"""The kinds of findings about the form of a reply: one for each code of departure that the strict codec tells."""

from __future__ import annotations

from ..finding import FindingKind, Severity

FORM = "reply_decodes_strictly"
SHAPE = "success_has_the_documented_shape"
_PROTOCOL = "AWS query protocol (Smithy, awsQuery), and the envelopes in the service's documentation"
_SERIALISER = "Mend the endpoint's serialiser."


def _kind(
    code: str,
    title: str,
    *,
    meaning: str,
    harm: str,
    provoked: str,
    check: str = FORM,
    severity: Severity = Severity.ERROR,
    remedy: str = _SERIALISER,
) -> FindingKind:
    return FindingKind(
        f"reply-{code}",
        check,
        title,
        severity,
        meaning=meaning,
        harm=harm,
        provoked=provoked,
        source=_PROTOCOL,
        remedy=remedy,
    )


_BYTES = (
    _kind(
        "content-type",
        "the reply's content headers do not fit an XML document",
        meaning="The body is XML, and Content-Type or Content-Encoding says that it is something else.",
        harm="SDKs and proxies that go by the headers; botocore looks at neither.",
        provoked="A framework's default, such as text/html or application/json, is left in place.",
        severity=Severity.WARNING,
        remedy="Send text/xml, and no content encoding.",
    ),
    _kind(
        "body-empty",
        "the reply has no body",
        meaning="Every reply of the protocol is an XML document, and this one has no byte but white space.",
        harm="Callers, who get ResponseParserError: it is no BotoCoreError, and is not retried.",
        provoked="The endpoint answers with a status alone, such as 204, or loses the body on the way.",
    ),
    _kind(
        "body-too-large",
        "the reply is too large to be read",
        meaning="The body has more than 4 MiB; no reply of the model needs as much, and it is not parsed.",
        harm="Callers' memory and time: botocore parses documents of any size.",
        provoked="A list without a page size, or an input that is repeated in the reply.",
        remedy="Answer in pages, and do not repeat what the request said.",
    ),
    _kind(
        "not-utf-8",
        "the reply is not UTF-8",
        meaning="The bytes are not UTF-8, or the document declares another encoding.",
        harm="Callers, who get ResponseParserError, or names and texts with other letters than were meant.",
        provoked="Text is written in the encoding of the machine, the body is compressed, or bytes are cut in half.",
    ),
    _kind(
        "entity-declaration",
        "the reply declares a document type or entities",
        meaning="The document has a DOCTYPE; no reply of the protocol has one.",
        harm="Callers, who are told what an entity hides: botocore expands internal ones, others do not.",
        provoked="The endpoint passes on a document that somebody else wrote.",
        remedy="Write the document without a DOCTYPE.",
    ),
    _kind(
        "truncated",
        "the reply ends in the middle",
        meaning="The document stops before its root element is closed.",
        harm="Callers, who get ResponseParserError, and boto3 does not try again though trying again would do.",
        provoked="The reply is cut at a buffer's size, or Content-Length counts characters instead of bytes.",
        remedy="Send the whole document, and count its bytes.",
    ),
    _kind(
        "not-well-formed",
        "the reply is not well-formed XML",
        meaning="Something in the body is not XML: text, JSON, a second document, a character that XML forbids.",
        harm="Callers, who get ResponseParserError instead of the error or the value that was meant.",
        provoked="A value is written without escaping it, or something in front of the endpoint answers in plain text.",
        remedy="Write XML with a serialiser that escapes what it is given.",
    ),
)
_ENVELOPES = (
    _kind(
        "root",
        "the root element is not the one of the operation's reply",
        meaning="The root element is not named after the operation, or the document is none of the protocol's at all.",
        harm="SDKs that look at the root; botocore accepts any, so a mix-up of two replies goes unseen.",
        provoked="A reply is copied from another operation, or a proxy answers with a page of its own.",
    ),
    _kind(
        "namespace",
        "the XML namespace is not the documented one",
        meaning="The elements are in a namespace that no page and no model shows, in none, or in several.",
        harm="Parsers that look elements up by namespace: they find nothing. botocore ignores namespaces.",
        provoked="The namespace is left out, or taken from another service or API version.",
    ),
    _kind(
        "wrapper",
        "the result wrapper is missing",
        meaning="The root holds no element of the name that the model gives for the result.",
        harm="Callers, who get a bare KeyError: no handler for AWS errors sees it.",
        provoked="The members stand directly below the root, or in an element of another name.",
    ),
    _kind(
        "wrapper-unknown",
        "there is an element beside the result wrapper",
        meaning="Below the root stands something that is neither the result nor ResponseMetadata.",
        harm="Whoever needs what it holds: SDKs drop it without a word.",
        provoked="The wrapper is misspelt, or a field is written one level too high.",
    ),
    _kind(
        "too-deep",
        "the reply nests too deep",
        meaning="Elements nest deeper than the strict codec follows, which is deeper than any model's shapes.",
        harm="Parsers that recurse: they run out of stack.",
        provoked="A shape that refers to itself is written without an end.",
    ),
    _kind(
        "request-id",
        "the reply carries no request id in its body",
        meaning="ResponseMetadata, or the error envelope, has no RequestId, or an empty one.",
        harm="Callers who report a problem: without the id nobody can find their request.",
        provoked="The endpoint sends the id in a header only, or not at all.",
        severity=Severity.WARNING,
    ),
    _kind(
        "error-envelope",
        "the error envelope is not the documented one",
        meaning="The error is not written as ErrorResponse with Error and RequestId, but as EC2 or S3 write theirs.",
        harm="SDKs that read the documented envelope only; botocore takes some others, and loses the code of the rest.",
        provoked="The envelope is another protocol's, or a name in it is misspelt.",
    ),
    _kind(
        "error-type",
        "Type is neither Sender nor Receiver",
        meaning="The error envelope does not say which side is at fault, or says it in a word of its own.",
        harm="Callers who decide by `Error.Type` whether to try again.",
        provoked="Type is left out, or holds Client or Server.",
    ),
    _kind(
        "error-code",
        "the error has no usable Code",
        meaning="Code is absent, empty, or has white space around it.",
        harm="Callers who branch on the code: boto3 raises a bare ClientError, or one whose response has no Code.",
        provoked="The envelope is indented within Code, or written with a message alone.",
    ),
    _kind(
        "error-message",
        "the error has no Message",
        meaning="Message is absent or empty.",
        harm="Whoever reads the log: nothing tells which of several possible mistakes it was.",
        provoked="The endpoint writes the code alone.",
        severity=Severity.WARNING,
    ),
    _kind(
        "status",
        "HTTP status and kind of reply contradict each other",
        meaning="A result must come with 200, and an ErrorResponse with 4xx or 5xx.",
        harm="Callers: an error with 200 is a bare KeyError in boto3, a result with 4xx a ClientError without Error.",
        provoked="The framework's default status is left in place for errors, or a result says 201.",
        remedy="Send results with 200, and errors with their documented status.",
    ),
)
_MEMBERS = (
    _kind(
        "member-unknown",
        "the result has a member that the model lacks",
        meaning="An element of the result is no member of the operation's output shape.",
        harm="Callers who need it: SDKs drop it, and the member that was meant is absent.",
        provoked="A member is misspelt, has another case, or is known to a newer model only.",
        check=SHAPE,
    ),
    _kind(
        "member-missing",
        "a required member is missing from the result",
        meaning="The model requires a member of the output, and the result does not have it.",
        harm="Callers, who get KeyError at `response[...]`: the SDK does not check replies.",
        provoked="A value that is empty or unknown is left out.",
        check=SHAPE,
    ),
    _kind(
        "member-repeated",
        "an element stands twice",
        meaning="An element that may stand once stands again.",
        harm="Callers: botocore takes the last of two scalars, and loses the items of two lists.",
        provoked="A list is written as one wrapper for each item, or a member is written by two parts of the code.",
        check=SHAPE,
    ),
    _kind(
        "member-type",
        "a member is not of its type",
        meaning="There is text where elements belong, elements where text belongs, or text that is no such value.",
        harm="Callers: botocore reads an empty text or an empty list, and what was sent is lost.",
        provoked="A structure is written where the model has a scalar, or a value in another format.",
        check=SHAPE,
    ),
    _kind(
        "union",
        "a union has not exactly one member",
        meaning="The model says that exactly one member of this structure is there; there are none or several.",
        harm="Callers: botocore raises ResponseParserError, which is not a BotoCoreError.",
        provoked="Every member is written, those without a value empty.",
        check=SHAPE,
    ),
    _kind(
        "boolean",
        "a boolean is neither true nor false",
        meaning="A boolean is written in another way than exactly true or false.",
        harm="Callers, for whom a success turns into a failure: botocore reads all but exactly true as False.",
        provoked="A language's own spelling, such as True, 1 or yes, is written into the document.",
        check=SHAPE,
        remedy="Write true or false, in lower case.",
    ),
    _kind(
        "list-member",
        "a list element has the wrong name",
        meaning="An item of a list is not in an element of the name that the model gives, which is member by default.",
        harm="SDKs that look items up by name: their lists are empty. botocore takes any name.",
        provoked="Items are named after the thing that they are, or have no element of their own.",
        check=SHAPE,
    ),
)

KINDS_BY_DEPARTURE: dict[str, FindingKind] = {
    kind.code.removeprefix("reply-"): kind for kind in (*_BYTES, *_ENVELOPES, *_MEMBERS)
}
"""By the code of departure that the strict codec tells."""

PROMISE = FindingKind(
    "reply-promise",
    SHAPE,
    "a success lacks what it must say",
    Severity.ERROR,
    meaning="A member that documentation or live tests show in every success is absent, or has another value.",
    harm="Callers who look at that member to see whether it was done.",
    provoked="The endpoint answers an accepted request with an empty result, or with a success that says false.",
    source="the specification's promises for the operation",
    remedy="Fill the member in as the source shows it.",
    graded=True,
)
