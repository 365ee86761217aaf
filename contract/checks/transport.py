"""Replies that did not come, came late, went on after their end, or changed when the same request was sent again."""

from __future__ import annotations

from collections.abc import Iterator

from ..common_errors import THROTTLING_ERRORS
from ..exchange import Exchange
from ..finding import Finding, FindingKind, Severity
from ..outcome import outcome_kind

_HTTP = "HTTP/1.1 (RFC 9112), and the time limit of the run"


_LOG = "Look at the endpoint's log for this request."
_LIMIT = "--time-limit S allows a reply more seconds."


def _kind(
    code: str, title: str, *, meaning: str, harm: str, provoked: str, remedy: str = _LOG, silence: str = ""
) -> FindingKind:
    return FindingKind(
        code,
        "reply_comes_in_time",
        title,
        Severity.ERROR,
        meaning=meaning,
        harm=harm,
        provoked=provoked,
        source=_HTTP,
        remedy=remedy,
        silence=silence,
    )


TIMEOUT = _kind(
    "reply-timeout",
    "no complete reply came within the time limit",
    meaning="The connection stood, and the whole reply had not come when the time limit of the run was over.",
    harm="Callers, who wait for a minute by default; boto3 then sends again what may have been carried out already.",
    provoked="The endpoint hangs on an input, or sends its reply a byte at a time.",
    remedy="Find the input that makes the endpoint hang.",
    silence=_LIMIT,
)
_KINDS = {
    "timeout": TIMEOUT,
    "connect": _kind(
        "connection-refused",
        "no connection could be made",
        meaning="Earlier requests were answered, and for this one no connection could be made.",
        harm="Every caller, until the endpoint is back: boto3 uses up its attempts and raises EndpointConnectionError.",
        provoked="The endpoint crashed or was restarted during the run, or takes no more connections.",
    ),
    "closed": _kind(
        "connection-closed",
        "the connection closed before the reply was complete",
        meaning="The endpoint closed or reset the connection in the middle of the reply, or before it.",
        harm="Callers of operations that must not be carried out twice: boto3 sends the request again.",
        provoked="A worker dies while it handles the request, or Content-Length promises more than comes.",
    ),
    "not-http": _kind(
        "reply-not-http",
        "the reply is not HTTP",
        meaning="What came over the connection cannot be read as a reply of HTTP/1.1.",
        harm="Callers, who get ConnectionClosedError after boto3 has sent the request again and again.",
        provoked="Another protocol answers at that port, or the endpoint writes its status line or its chunks wrongly.",
    ),
    "too-large": _kind(
        "reply-oversized",
        "the reply is larger than any reply can be",
        meaning="The reply was still going on after more bytes than the run reads of any reply.",
        harm="Callers' memory: boto3 reads all of it, whatever its size.",
        provoked="The endpoint repeats an input without a limit, or streams without an end.",
    ),
    "crash": _kind(
        "endpoint-crashed",
        "the embedded endpoint raised instead of replying",
        meaning="The endpoint that runs in this process raised an exception where it should have returned a reply.",
        harm="Whoever serves it: over HTTP this is a 500, or a connection that closes.",
        provoked="The endpoint's code does not handle what stands in the request.",
        remedy="Call the endpoint with this request under a debugger.",
    ),
}
SLOW = _kind(
    "reply-slow",
    "the reply came after the time limit",
    meaning="The reply is complete, but it came later than the run allows.",
    harm="Callers with the same time limit: they have given up by then, and repeat what was carried out.",
    provoked="An endpoint in this process, which no deadline can interrupt, takes long over an input.",
    remedy="Find what makes the endpoint slow.",
    silence=_LIMIT,
)
STRAY = FindingKind(
    "reply-stray-bytes",
    "reply_ends_where_it_says",
    "bytes came after the end of a reply",
    Severity.ERROR,
    meaning="After the end that the reply's own framing states, more bytes came on the connection, though nothing "
    "had been asked for.",
    harm="Callers on a kept connection: what is left over is read as the beginning of the next reply, which fails, or "
    "answers another request than it was sent for.",
    provoked="A line end is written after the body and not counted in Content-Length, which may count characters "
    "instead of bytes; or two parts of the endpoint answer the same request.",
    source="HTTP/1.1 (RFC 9112, 9.2: what comes while no request is outstanding is no valid reply)",
    remedy="Count the bytes of the whole body, and write nothing after them.",
)
UNSTABLE = FindingKind(
    "outcome-unstable",
    "same_request_same_outcome",
    "the same request, sent twice, had two outcomes",
    Severity.ERROR,
    meaning="The same bytes were sent again at once, nothing else changed between the two, and yet the second was "
    "answered otherwise.",
    harm="Callers, who cannot rely on the first answer, and SDKs, whose retry after a lost reply sees another one.",
    provoked="A request leaves something behind that it should not, or the reply depends on time, chance or the worker "
    "that it meets.",
    source="the operation's documentation: carried out twice in a row, it leaves what it left the first time",
    remedy="Look for state that a request leaves behind, or for replies that depend on time or chance.",
)

KINDS = (*_KINDS.values(), SLOW, STRAY, UNSTABLE)


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


def reply_ends_where_it_says(exchange: Exchange) -> Iterator[Finding]:
    """Nothing comes after the end of a reply until something is asked for."""
    interaction = exchange.interaction
    if interaction is not None and interaction.stray:
        yield Finding(STRAY, str(exchange.operation), "", "nothing after the reply's end", repr(interaction.stray[:80]))


def same_request_same_outcome(exchange: Exchange) -> Iterator[Finding]:
    """The same request, sent again at once, has the same outcome."""
    if exchange.repeated is None:
        return
    first, second = outcome_kind(exchange.outcome), outcome_kind(exchange.repeated)
    throttled = any(kind.removeprefix("refused:") in THROTTLING_ERRORS for kind in (first, second))
    if first != second and not throttled:
        # Which of the two comes first is chance.
        key = tuple(sorted((first, second)))
        yield Finding(UNSTABLE, str(exchange.operation), "", f"{first} again", second, key=key)
