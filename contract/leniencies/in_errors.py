"""Leniencies with errors: what botocore accepts in silence, or makes an error of the service."""

from __future__ import annotations

from .example import document, refusal
from .leniency import Leniency, listed

IN_ERRORS: tuple[Leniency, ...] = (
    listed(
        "lenient-generic-error",
        "body-empty root error-envelope namespace not-well-formed truncated not-utf-8 entity-declaration",
        document("<html><body>Service Unavailable</body></html>", status=503, content_type="text/html"),
        "an empty or HTML body with 5xx is an error whose code is the status",
        "ClientError with `Code` '503' and the status's phrase, whatever else the body says.",
        "Few: callers can handle it. But `<HTML>` or a document type before it is ResponseParserError.",
    ),
    listed(
        "lenient-error-envelope",
        "error-envelope",
        refusal(root="Response"),
        "an error may stand below any root",
        "It looks for Error directly below the root, or below Errors (EC2's envelope), and drops all else.",
        "Keepers of endpoints: other SDKs do not find the error.",
    ),
    listed(
        "lenient-error-elements",
        "member-type error-message error-type request-id",
        refusal("<Error>stray<Type>Sender</Type><Code>NoSuchThing</Code><Message><b>m</b></Message></Error>"),
        "a message with elements in it becomes a dict",
        "`error.response['Error']['Message']` is a dict of what is below; text beside elements is dropped.",
        "Callers that join the message with other text: TypeError in the handling of an error.",
    ),
    listed(
        "lenient-error-repeated",
        "member-repeated",
        refusal("<Error><Type>Sender</Type><Code>NoSuchThing</Code><Message>a</Message><Message>b</Message></Error>"),
        "what stands twice in an error is dropped",
        "A repeated text becomes an empty dict; of two Error elements the first counts.",
        "Callers: the message is lost, and is not even a str.",
    ),
    listed(
        "lenient-no-code",
        "error-code error-envelope",
        refusal("<Error><Type>Sender</Type><Message>m</Message></Error>"),
        "an error without a code is a ClientError without `Code`",
        "The class is ClientError; `error.response['Error']` has no `Code`, or None under it.",
        "Callers that write `error.response['Error']['Code']`: KeyError in the handling of an error.",
    ),
    listed(
        "lenient-code-spaces",
        "error-code",
        refusal("<Error><Type>Sender</Type><Code> NoSuchThing </Code><Message>m</Message></Error>"),
        "white space around a code is part of it",
        "It raises ClientError instead of the class of the code.",
        "Callers: `except client.exceptions.NoSuchThing` does not see the error.",
    ),
    listed(
        "lenient-error-type",
        "error-type",
        refusal("<Error><Code>NoSuchThing</Code><Message>m</Message></Error>"),
        "the type of an error may be missing or any text",
        "`error.response['Error']` has no `Type`, or that text.",
        "Callers that read it to tell whether to try again.",
    ),
    listed(
        "lenient-error-status",
        "status",
        refusal(status=302),
        "an error may come with 3xx",
        "Every status from 301 is read as an error.",
        "Callers behind a proxy: a redirection is told as an error of the service.",
    ),
    listed(
        "lenient-no-message",
        "error-message",
        refusal("<Error><Type>Sender</Type><Code>NoSuchThing</Code></Error>"),
        "the message of an error may be missing",
        "`error.response['Error']` has no `Message`, or None under it.",
        "Callers that write `error.response['Error']['Message']`: KeyError in the handling of an error.",
    ),
)
