"""Compares what botocore's parser made of a reply with the strict reading: agreement, listed leniency, or a finding."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from ..codec.query_reading import ReplyReading
from ..finding import Finding, FindingKind, Severity
from ..interaction import Reply
from ..model import Operation
from ..outcome import Broken, Outcome, Refused, Returned
from .listed import BY_CODE
from .reading import Expected, read_as_botocore
from .values import GUESSING, PARSER_ERROR, Elements, Guess

DISAGREES = FindingKind(
    "sdk-parser-disagrees",
    "botocore_reads_as_listed",
    "botocore's parser makes something of a reply that no list knows",
    Severity.ERROR,
    meaning="What botocore yields is neither the strict reading of the reply nor one of its listed leniencies.",
    harm="Callers, who get a value or an exception that nobody has written down.",
    provoked="A generated reply is handed to botocore's parser; no endpoint takes part.",
    source="the strict reading of the query protocol, and docs/leniencies.md for what botocore is known to do else",
    remedy="An SDK upgrade changed the parser, or the list lacks an entry: report it with the reply.",
)
STRICTER = FindingKind(
    "sdk-parser-stricter",
    "botocore_reads_as_listed",
    "a listed leniency of botocore no longer happens",
    Severity.NOTE,
    meaning="The installed botocore refuses a wrong reply, or reads it strictly, where it is listed as lenient.",
    harm="Keepers of endpoints whose replies depart in this way: callers who upgrade can no longer read them.",
    provoked="A generated reply that is wrong in one way is handed to botocore's parser; no endpoint takes part.",
    source="docs/leniencies.md, with the release of botocore in which the leniency was observed",
    remedy="Nothing is wrong: it is news of a release, and the list may lose an entry.",
)

KINDS = (DISAGREES, STRICTER)


_ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # of XML elements that botocore hands out: another in each process


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing botocore's outcome with the strict reading of the same reply.

    Attributes:
        finding: What is wrong, or None.
        met: The codes of the listed leniencies that explain the difference; empty where both agree.
    """

    finding: Finding | None
    met: frozenset[str]


AGREED = Comparison(None, frozenset())


def compare(operation: Operation, reply: Reply, reading: ReplyReading, outcome: Outcome) -> Comparison:
    """Compare two readings of a reply.

    A right reply must be read as it stands. Of a wrong one botocore must make exactly what the listed leniencies
    together say, and each departure of an accepted reply must be one that an entry of the list names.

    Args:
        operation: Was called.
        reply: As an answer to it.
        reading: The strict reading.
        outcome: What the SDK made of it.
    """
    if not reading.departures:
        strict = _strictly(operation, reply, reading)
        if _same(strict, outcome):
            return AGREED
        return Comparison(_disagreement(operation, strict, outcome, "right-reply"), frozenset())
    expected = read_as_botocore(operation, reply, reading.root)
    met, unlisted = _explained(expected.used, frozenset([departure.code for departure in reading.departures]))
    if not _matches(expected, outcome):
        wanted = any(BY_CODE[code].asked_for for code in met)
        if not wanted and _is_stricter(operation, reply, reading, expected, outcome):
            return Comparison(_news(operation, expected, outcome, met), met)
        return Comparison(_disagreement(operation, expected.outcome, outcome, "wrong-reply"), met)
    if unlisted:
        return Comparison(_unlisted_finding(operation, unlisted, outcome), met)
    return Comparison(None, met)


def _strictly(operation: Operation, reply: Reply, reading: ReplyReading) -> Outcome:
    """Return the outcome that follows from the strict reading alone."""
    if reading.error is not None:
        code = reading.error.code
        name = next((error.name for error in operation.service_errors if error.code == code), "ClientError")
        return Refused(code, reading.error.message, reading.error.fault, reply.status, name, reading.request_id)
    if reading.value is not None:
        return Returned(reading.value, reply.status, reading.request_id)
    return Broken(PARSER_ERROR, "")


def _matches(expected: Expected, outcome: Outcome) -> bool:
    if _same(expected.outcome, outcome):
        return True
    guessed = "lenient-timestamp-guessed" in expected.used
    return guessed and isinstance(outcome, Broken) and outcome.exception in GUESSING


def _same(expected: Outcome, outcome: Outcome) -> bool:
    match expected, outcome:
        case Broken(exception=wanted), Broken(exception=found):
            return wanted == found and not outcome.sdk_error
        case Returned(value=wanted), Returned(value=found):
            alike = expected.status == outcome.status and expected.request_id == outcome.request_id
            return alike and _difference(wanted, found) is None
        case _:
            return expected == outcome


def _is_stricter(
    operation: Operation, reply: Reply, reading: ReplyReading, expected: Expected, outcome: Outcome
) -> bool:
    if isinstance(outcome, Broken):
        better = outcome.sdk_error or outcome.exception == PARSER_ERROR
        return better and expected.outcome != outcome
    return not isinstance(expected.outcome, Returned | Refused) and _same(_strictly(operation, reply, reading), outcome)


@lru_cache(maxsize=4096)
def _explained(used: frozenset[str], told: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return which of the leniencies used explain a departure that was told, and the departures that none explains."""
    met = frozenset(code for code in used if not BY_CODE[code].departures.isdisjoint(told))
    if any(BY_CODE[code].refuses for code in met):
        return met, frozenset()  # for a reply that is refused as a whole, one reason is enough
    return met, told.difference(*(BY_CODE[code].departures for code in met))


def _disagreement(operation: Operation, expected: Outcome, outcome: Outcome, of: str) -> Finding:
    path, wanted, found = _first_difference(expected, outcome)
    key = (of, _word(expected), _word(outcome))
    return Finding(DISAGREES, str(operation), path, _shown(wanted), _shown(found), key=key)


def _unlisted_finding(operation: Operation, codes: frozenset[str], outcome: Outcome) -> Finding:
    names = tuple(sorted(codes))
    return Finding(
        DISAGREES,
        str(operation),
        "",
        f"a refusal, as the reply departs by {', '.join(names)}",
        _shown(outcome),
        key=("unlisted", *names),
    )


def _news(operation: Operation, expected: Expected, outcome: Outcome, met: frozenset[str]) -> Finding:
    names = tuple(sorted(met))
    listed = f"{', '.join(names)}: {_shown(expected.outcome)}"
    return Finding(STRICTER, str(operation), "", listed, _shown(outcome), key=(*names, _word(outcome)))


def _word(outcome: Outcome) -> str:
    return f"broken:{outcome.exception}" if isinstance(outcome, Broken) else type(outcome).__name__.lower()


def _shown(value: object) -> str:
    if isinstance(value, Broken):
        return f"{value.exception}: {value.message}"[:200].removesuffix(": ")
    return _ADDRESS.sub("", repr(value))[:200]


def _first_difference(expected: Outcome, outcome: Outcome) -> tuple[str, object, object]:
    match expected, outcome:
        case Returned(), Returned():
            found = _difference(expected.value, outcome.value)
            if found is not None:
                return found
            names: tuple[str, ...] = ("status", "request_id")
        case Refused(), Refused():
            names = ("exception", "code", "message", "fault", "status", "request_id")
        case _:
            return "", expected, outcome
    for name in names:
        wanted, read = getattr(expected, name), getattr(outcome, name)
        if wanted != read:
            return name, wanted, read
    return "", expected, outcome


def _difference(expected: Any, found: Any, path: str = "") -> tuple[str, object, object] | None:
    """Return where two values differ first, and what stands there; NaN is equal to itself."""
    match expected:
        case Mapping() if isinstance(found, dict):
            for key in (*expected, *(key for key in found if key not in expected)):
                if key not in expected or key not in found:
                    return f"{path}/{key}", expected.get(key, "nothing"), found.get(key, "nothing")
                if differs := _difference(expected[key], found[key], f"{path}/{key}"):
                    return differs
            return None
        case list() if isinstance(found, list) and len(expected) == len(found):
            pairs = enumerate(zip(expected, found, strict=True))
            differences = (_difference(wanted, item, f"{path}[{index}]") for index, (wanted, item) in pairs)
            return next((differs for differs in differences if differs), None)
        case Guess():
            same = isinstance(found, datetime)
        case Elements(texts=texts):
            same = isinstance(found, list) and tuple(getattr(item, "text", item) for item in found) == texts
        case float() if math.isnan(expected):
            same = isinstance(found, float) and math.isnan(found)
        case _:
            same = type(expected) is type(found) and expected == found
    return None if same else (path, expected, found)
