"""The listed leniencies of botocore's parser as pages, with what the installed release does with their examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata

from ...contract.adapters.sdk import parse_reply
from ...contract.codec.query_reading import ReplyReading, read_reply
from ...contract.leniencies.judging import compare
from ...contract.leniencies.leniency import Leniency
from ...contract.leniencies.listed import LENIENCIES, OBSERVED_WITH
from ...contract.outcome import Broken, Outcome, Refused, Returned
from .page import Page, Section, page_markdown

_LONGEST = 400
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # of an XML element: another in each process
_HEAD = """\
# Where botocore's parser departs from the strict reading

`botoproof run` hands replies of its own making, right ones and ones that are wrong in one way, to botocore's query
parser (the phase `replies`), and reads them strictly beside it. Each difference is one of the entries below, or a
finding: `sdk-parser-disagrees` for what no entry says, and the note `sdk-parser-stricter` for one that holds no longer.

{still} of the {listed} entries, observed with botocore {observed}, hold for botocore {installed}.

`lenient-…` is accepted, `raised-…` ends in an exception that callers of AWS do not handle. The examples answer a
made-up operation, `GetThing` (`DeleteThing` where there is no output), with HTTP 200 and `text/xml` unless they say
otherwise. `botoproof explain CODE` tells one of them, `botoproof explain --leniencies` this page.
"""


def holds(leniency: Leniency) -> bool:
    """Return whether the installed botocore does with the example what the entry says."""
    outcome = parse_reply(leniency.operation, leniency.example)
    compared = compare(leniency.operation, leniency.example, _reading(leniency), outcome)
    return compared.finding is None and leniency.code in compared.met


def leniencies_page() -> Iterator[str]:
    """Yield the lines of the page in Markdown; what it shows of botocore is asked of the installed one."""
    yield from _HEAD.format(
        still=sum(map(holds, LENIENCIES)),
        listed=len(LENIENCIES),
        observed=OBSERVED_WITH,
        installed=metadata.version("botocore"),
    ).splitlines()
    for leniency in LENIENCIES:
        yield ""
        yield from list(page_markdown(leniency_page(leniency)))[:-1]


def leniency_page(leniency: Leniency) -> Page:
    """Return what there is to say about one leniency."""
    told = sorted({f"`{departure.code}`" for departure in _reading(leniency).departures})
    asked = ("the protocol asks clients for it: to refuse would be a finding",) if leniency.asked_for else ()
    installed = f"botocore {metadata.version('botocore')}"
    news = (f"{installed} does otherwise than botocore {OBSERVED_WITH}",) if not holds(leniency) else ()
    return Page(
        leniency.code,
        leniency.title,
        (
            Section("botocore", (leniency.does,)),
            Section("hurts", (leniency.hurts,)),
            Section("example", (_example(leniency),)),
            Section("yields", (_told(parse_reply(leniency.operation, leniency.example)),)),
            Section("strictly", (f"the reply departs by {', '.join(told)}",)),
            Section("wanted", asked),
            Section("news", news),
        ),
    )


def _reading(leniency: Leniency) -> ReplyReading:
    return read_reply(leniency.operation, leniency.example)


def _example(leniency: Leniency) -> str:
    reply = leniency.example
    said = [f"HTTP {reply.status}"] if reply.status != 200 else []
    content_type = reply.header("content-type")
    said += [str(content_type)] if content_type != "text/xml" else []
    text = reply.body.decode("utf-8", "replace")
    shown = _shortened(text if text.isprintable() else repr(reply.body))
    return f"{', '.join(said)}{': ' if said else ''}`{shown}`"


def _told(outcome: Outcome) -> str:
    match outcome:
        case Returned(value=value, request_id=request_id):
            shown = _shortened(_ADDRESS.sub("", repr(dict(value))))
            return f"`{shown}`{'' if request_id else ', without a request id'}"
        case Refused(code=code, message=message, fault=fault, exception=exception):
            return f"`{exception}` with Code `{code!r}`, Message `{message!r}`, Type `{fault!r}`"
        case Broken(exception=exception):
            return f"`{exception}`"
        case _:
            return "nothing"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:200]}… ({len(text)} characters)"
