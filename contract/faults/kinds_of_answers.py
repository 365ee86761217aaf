"""Faults by which something answers in the service's stead: statuses, refusals, throttling, credentials, clocks."""

from __future__ import annotations

from .kind import FaultKind, Parameter

_BODIES = ("empty", "html", "json", "text", "xml", "truncated")
_RETRY = (
    Parameter("retry_after", "whole", least=0, most=86_400),
    Parameter("amz_retry_after", "duration", least=0, most=86_400),
)
"""Of the header ``Retry-After`` in seconds, and of ``x-amz-retry-after``, which is written in milliseconds."""

THROTTLING = (
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "ProvisionedThroughputExceededException",
    "RequestThrottled",
    "TooManyRequestsException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
    "RequestTimeout",
    "throttling",
    "ReducePriority",
    "TooManyRequests",
    "InternalFailure",
    "InternalError",
    "ServiceUnavailable",
)
"""The spellings that services use, and a few that look like one: the SDK retries those by the status alone."""


def _answer(name: str, rows: str, summary: str, observed: str, parameters: tuple[Parameter, ...] = ()) -> FaultKind:
    return FaultKind(
        name, tuple(rows.split()), summary, "reply", "both", "either", "pre", parameters, observed=observed
    )


def _status(default: int) -> Parameter:
    return Parameter("status", "whole", default, least=200, most=999)


def _credentials(name: str, summary: str, code: str, status: int) -> FaultKind:
    parameters = (Parameter("code", "text", code), _status(status))
    return _answer(f"credentials.{name}", "33", summary, "ClientError, 1 attempt", parameters)


_BY_ANSWER = (
    _answer(
        "status",
        "18 19 26 27 28 29 38 39",
        "Something in between answers with a status and a body that is not the service's.",
        "5xx, empty or HTML: ClientError, 3 attempts; other bodies, and 4xx: ResponseParserError, 1 attempt",
        (
            Parameter("code", "whole", required=True, least=200, most=999),
            Parameter("body", "choice", "empty", choices=_BODIES),
            *_RETRY,
        ),
    ),
    _answer(
        "error",
        "19 32 35 36 38",
        "The service refuses with an error that its model documents.",
        "the class of that error, 1 attempt; 3 with a status of 5xx; KeyError with a status of 200",
        (
            Parameter("code", "text", required=True),
            Parameter("status", "whole", least=200, most=999),
            *_RETRY,
        ),
    ),
    _answer(
        "error.undocumented",
        "37",
        "The service refuses with a code that its model does not know.",
        "ClientError, 1 attempt",
        (Parameter("code", "text", "ABrandNewException"), _status(400)),
    ),
    _answer("error.no_code", "37", "The service refuses without a code.", "ClientError without Code, 1 attempt"),
    _answer(
        "throttle",
        "30 31 38",
        "The service asks to come again, in one of the spellings that services use.",
        "ClientError, 3 attempts or 1, by the spelling",
        (Parameter("code", "choice", "Throttling", choices=THROTTLING), _status(400), *_RETRY),
    ),
    _answer(
        "skew",
        "34",
        "The service refuses since the clocks differ; its Date says by how much.",
        "ClientError, 1 attempt; the clock is not corrected",
        (
            Parameter("by", "duration", 1200, least=-86_400 * 365, most=86_400 * 365),
            Parameter("code", "choice", "RequestTimeTooSkewed", choices=("RequestTimeTooSkewed", "RequestExpired")),
            Parameter("date", "choice", "right", choices=("right", "absent", "garbage")),
        ),
    ),
    _answer(
        "redirect",
        "39",
        "Something in between points elsewhere.",
        "ResponseParserError, 1 attempt; not followed",
        (Parameter("status", "whole", 302, least=300, most=399),),
    ),
)

_BY_CREDENTIALS = (
    _credentials("expired", "The session token has expired.", "ExpiredToken", 403),
    _credentials("invalid", "The access key is not known.", "InvalidClientTokenId", 403),
    _credentials("signature", "The signature is not the expected one.", "SignatureDoesNotMatch", 403),
    _credentials("denied", "Nothing allows this.", "AccessDenied", 403),
    _credentials("failure", "The credentials could not be validated.", "AuthFailure", 401),
    _credentials("missing", "The request carries no credentials.", "MissingAuthenticationToken", 403),
    _credentials("unrecognized", "The security token is not known.", "UnrecognizedClientException", 400),
    _credentials("opt_in", "The account has not subscribed to the service.", "OptInRequired", 400),
)

ANSWERS = (*_BY_ANSWER, *_BY_CREDENTIALS)
