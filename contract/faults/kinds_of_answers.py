"""Faults by which something answers in the service's stead: statuses, refusals, throttling, credentials, clocks."""

from __future__ import annotations

from .kind import FaultKind, Parameter

_BODIES = ("empty", "html", "json", "text", "xml", "truncated")
_RETRY = (
    Parameter("retry_after", "whole", least=0, most=86_400),
    Parameter("amz_retry_after", "duration", least=0, most=86_400),
)
"""Of the header ``Retry-After`` in seconds, and of ``x-amz-retry-after``, which is written in milliseconds."""


def _answer(name: str, row: str, summary: str, observed: str, parameters: tuple[Parameter, ...] = ()) -> FaultKind:
    return FaultKind(name, row, summary, "reply", "both", "either", "pre", parameters, observed=observed)


def _status(default: int) -> Parameter:
    return Parameter("status", "whole", default, least=200, most=999)


ANSWERS = (
    _answer(
        "status",
        "26 to 29, 39",
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
        "32, 35, 36",
        "The service refuses with an error that its model documents.",
        "the class of that error, 1 attempt; 3 with a status of 5xx",
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
    _answer(
        "throttle",
        "30, 31",
        "The service asks to come again, in one of the spellings that services use.",
        "ClientError, 3 attempts or 1, by the spelling",
        (Parameter("code", "text", "Throttling"), _status(400), *_RETRY),
    ),
    _answer(
        "skew",
        "34",
        "The service refuses since the clocks differ; its Date says by how much.",
        "ClientError, 1 attempt; the clock is not corrected",
        (
            Parameter("by", "duration", 1200.0, least=-86_400 * 365, most=86_400 * 365),
            Parameter("code", "text", "RequestTimeTooSkewed"),
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
