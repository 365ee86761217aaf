"""botocore's parser against the strict codec, on replies of our own making."""

from __future__ import annotations

from collections.abc import Iterator

from ..case import Parse
from ..exchange import Exchange
from ..finding import Finding
from ..leniencies.judging import DISAGREES, STRICTER, compare

KINDS = (DISAGREES, STRICTER)


def botocore_reads_as_listed(exchange: Exchange) -> Iterator[Finding]:
    """Botocore reads a right reply as it stands, and a wrong one as the listed leniencies say."""
    sent = exchange.case.sent
    if not isinstance(sent, Parse) or exchange.reading is None:
        return
    finding = compare(exchange.operation, sent.reply, exchange.reading, exchange.outcome).finding
    if finding is not None:
        yield finding
