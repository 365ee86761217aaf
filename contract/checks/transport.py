"""Replies that did not come, came late, or changed when the same request was sent again."""

from __future__ import annotations

from collections.abc import Iterator

from ..common_errors import THROTTLING_ERRORS
from ..exchange import Exchange
from ..finding import Finding, FindingKind, Severity
from ..outcome import outcome_kind

_HTTP = "HTTP/1.1 (RFC 9112), and the time limit of the run"


def _kind(
    code: str, title: str, meaning: str, remedy: str = "Look at the endpoint's log for this request."
) -> FindingKind:
    return FindingKind(code, "reply_comes_in_time", title, Severity.ERROR, meaning, _HTTP, remedy)


TIMEOUT = _kind(
    "reply-timeout",
    "no complete reply came within the time limit",
    "Callers wait for a minute by default, and boto3 then sends again what may have been executed already.",
    "Find the input that makes the endpoint hang; --time-limit changes the limit.",
)
_KINDS = {
    "timeout": TIMEOUT,
    "connect": _kind("connection-refused", "no connection could be made", "The endpoint went away during the run."),
    "closed": _kind(
        "connection-closed", "the connection closed before the reply was complete", "boto3 sends the request again."
    ),
    "not-http": _kind(
        "reply-not-http", "the reply is not HTTP", "boto3 raises ConnectionClosedError and sends it again."
    ),
    "too-large": _kind("reply-oversized", "the reply is larger than any reply can be", "boto3 would read all of it."),
    "crash": _kind("endpoint-crashed", "the embedded endpoint raised instead of replying", "Over HTTP this is a 500."),
}
SLOW = _kind(
    "reply-slow",
    "the reply came after the time limit",
    "It came, but later than the run allows.",
    "Find what makes the endpoint slow; --time-limit changes the limit.",
)
UNSTABLE = FindingKind(
    "outcome-unstable",
    "same_request_same_outcome",
    "the same request, sent twice, had two outcomes",
    Severity.ERROR,
    "Nothing changed between the two, and yet the second was answered otherwise. No caller can rely on the first.",
    "the operation's documentation: carried out twice in a row, it leaves what it left the first time",
    "Look for state that a request leaves behind, or for replies that depend on time or chance.",
)

KINDS = (*_KINDS.values(), SLOW, UNSTABLE)


def reply_comes_in_time(exchange: Exchange) -> Iterator[Finding]:
    """A complete HTTP reply comes within the time limit."""
    interaction, name = exchange.interaction, str(exchange.operation)
    if interaction is None:
        return
    failure = interaction.failure
    if failure is not None:
        if failure.kind in _KINDS:
            yield Finding(_KINDS[failure.kind], name, "", "a reply", failure.detail, key=(failure.kind,))
    elif interaction.seconds > exchange.time_limit:
        wanted, came = f"a reply within {exchange.time_limit:g} s", f"after {interaction.seconds:.1f} s"
        yield Finding(SLOW, name, "", wanted, came)


def same_request_same_outcome(exchange: Exchange) -> Iterator[Finding]:
    """The same request, sent again at once, has the same outcome."""
    if exchange.repeated is None:
        return
    first, second = outcome_kind(exchange.outcome), outcome_kind(exchange.repeated)
    throttled = any(kind.removeprefix("refused:") in THROTTLING_ERRORS for kind in (first, second))
    if first != second and not throttled:
        yield Finding(UNSTABLE, str(exchange.operation), "", f"{first} again", second, key=(first, second))
