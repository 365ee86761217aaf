"""The form of a reply: does it decode strictly, and has a success the shape that the model gives it."""

from __future__ import annotations

from collections.abc import Iterator

from ..exchange import Exchange
from ..finding import Evidence, Finding
from .reply_kinds import FORM, KINDS_BY_DEPARTURE, PROMISE, SHAPE

KINDS = (*KINDS_BY_DEPARTURE.values(), PROMISE)


def _findings(exchange: Exchange, check: str) -> Iterator[Finding]:
    if exchange.reading is None:
        return
    for departure in exchange.reading.departures:
        kind = KINDS_BY_DEPARTURE[departure.code]
        if kind.check == check:
            yield Finding(kind, str(exchange.operation), departure.path, departure.expected, departure.observed)


def reply_decodes_strictly(exchange: Exchange) -> Iterator[Finding]:
    """Bytes, headers, envelope and namespace of the reply are what the protocol says."""
    yield from _findings(exchange, FORM)


def success_has_the_documented_shape(exchange: Exchange) -> Iterator[Finding]:
    """The members of a result are those of the model, each once and of its type, and say what a success says."""
    yield from _findings(exchange, SHAPE)
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
