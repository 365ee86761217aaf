"""Checks: pure functions from an exchange to findings, one module per concern."""

from __future__ import annotations

from collections.abc import Iterable

from ..case import Parse
from ..exchange import Check, Exchange
from ..finding import Finding, FindingKind
from . import errors, hygiene, parser, reply_form, sdk, transport

CHECKS: tuple[Check, ...] = (
    transport.reply_comes_in_time,
    transport.reply_ends_where_it_says,
    reply_form.reply_decodes_strictly,
    reply_form.success_has_the_documented_shape,
    errors.error_is_documented,
    errors.error_is_deserved,
    errors.undeserving_request_is_refused,
    errors.valid_request_is_accepted,
    errors.request_does_not_break_the_service,
    errors.status_and_fault_fit_the_error,
    sdk.boto3_raises_the_class_of_the_code,
    sdk.boto3_reads_what_the_reply_says,
    sdk.sdk_rejects_what_the_model_forbids,
    parser.botocore_reads_as_listed,
    hygiene.reply_gives_nothing_away,
    transport.same_request_same_outcome,
)
"""Every check, in the order in which its findings are told."""

KINDS: dict[str, FindingKind] = {
    kind.code: kind for module in (reply_form, errors, sdk, transport, hygiene, parser) for kind in module.KINDS
}
"""Every kind of finding, by its code."""


def find(exchange: Exchange, checks: Iterable[Check] = CHECKS) -> tuple[Finding, ...]:
    """Return what `checks` find in an exchange; where nothing was sent, what the parser's own check does."""
    if isinstance(exchange.case.sent, Parse):
        checks = (parser.botocore_reads_as_listed,)
    return tuple(finding for check in checks for finding in check(exchange))
