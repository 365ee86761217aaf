"""Calls of a consumer's tests held to the contract, as they were overheard: requests and replies read strictly.

As for recordings, nobody knows what the endpoint held, so that the installed model is all that is asked.
"""

from __future__ import annotations

import gzip
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..contract.adapters.overhearing import Overheard
from ..contract.checks import find
from ..contract.finding import Evidence, Finding, Severity
from ..contract.interaction import Reply, Request
from ..contract.model import Operation, describe_operation
from .faulted.sites import call_site
from .held import exchange_of

_LINE = Evidence.OBSERVED
_STRUCK = "changed by a plan of faults"
_NO_REPLY = "without a reply"


@dataclass(frozen=True, slots=True)
class _Attempt:
    operation: Operation
    site: str
    request: Request
    reply: Reply


@dataclass(frozen=True, slots=True)
class Told:
    """A finding, and where the call comes from."""

    finding: Finding
    site: str

    def __str__(self) -> str:
        return f"{self.finding}\n  called at {self.site}"


@dataclass(slots=True)
class Tally:
    """What came of the attempts that were heard in a test, or in a session.

    Attributes:
        judged: How many were held to the contract.
        unjudged: How many were not, by why.
        told: Errors and warnings, each once.
        notes: How many notes there were beside them, by code.
    """

    judged: int = 0
    unjudged: Counter[str] = field(default_factory=Counter[str])
    told: tuple[Told, ...] = ()
    notes: Counter[str] = field(default_factory=Counter[str])

    @property
    def heard(self) -> int:
        """How many attempts there were."""
        return self.judged + self.unjudged.total()

    def data(self) -> dict[str, Any]:
        """Return the figures in types that can be sent to another process."""
        return {
            "judged": self.judged,
            "unjudged": dict(self.unjudged),
            "codes": dict(Counter(one.finding.kind.code for one in self.told)),
            "notes": dict(self.notes),
        }


class Ear:
    """Takes down what it hears, until somebody asks for it."""

    def __init__(self, root: Path) -> None:
        """Take the folder from which places in code are told."""
        self._root = root
        self._heard: list[_Attempt] = []
        self._unjudged: Counter[str] = Counter()
        self._operations: dict[int, Operation] = {}
        self._lock = threading.Lock()

    def __call__(self, heard: Overheard) -> None:
        """Take down an attempt; what botoproof itself calls to prepare something is none of the test's."""
        site = call_site(self._root)
        if site is None:
            return
        with self._lock:
            taken = self._taken(heard, site)
            if isinstance(taken, str):
                self._unjudged[taken] += 1
            else:
                self._heard.append(taken)

    def _taken(self, heard: Overheard, site: str) -> _Attempt | str:
        operation = self._described(heard)
        if operation.protocol != "query":
            return f"{operation.service} ({operation.protocol})"
        if heard.struck:
            return _STRUCK
        if heard.response is None:
            return _NO_REPLY
        try:
            body = heard.response.content
        except Exception as wrong:  # noqa: BLE001 - it broke off, and botocore has told the caller
            return f"{_NO_REPLY} that could be read whole ({type(wrong).__name__})"
        headers = tuple((str(name), str(value)) for name, value in heard.response.headers.items())
        return _Attempt(operation, site, _request(heard), Reply(heard.response.status_code, _decoded(headers), body))

    def _described(self, heard: Overheard) -> Operation:
        # The client's own model counts: it may come from elsewhere than the installed botocore.
        found = self._operations.get(id(heard.operation))
        if found is None or found.declared is not heard.operation:
            model = heard.operation.service_model
            found = describe_operation(model, model.service_name, heard.operation.name)
            self._operations[id(heard.operation)] = found
        return found

    def taken(self) -> Tally:
        """Return what came of all that was heard since the last time."""
        with self._lock:
            heard, self._heard = self._heard, []
            unjudged, self._unjudged = self._unjudged, Counter()
        found = [Told(finding, one.site) for one in heard for finding in _findings(one)]
        notes = Counter(one.finding.kind.code for one in found if one.finding.severity(_LINE) is Severity.NOTE)
        told = {(one.finding.fingerprint, one.site): one for one in found if _counts(one.finding)}
        return Tally(len(heard), unjudged, tuple(told.values()), notes)


def _counts(finding: Finding) -> bool:
    return finding.severity(_LINE) is not Severity.NOTE


def _findings(one: _Attempt) -> Iterable[Finding]:
    return find(exchange_of(one.request, one.reply, one.operation))


def _request(heard: Overheard) -> Request:
    request = heard.request
    body: Any = request.body or b""
    headers = tuple(
        (str(name), value.decode("latin-1") if isinstance(value, bytes) else str(value))
        for name, value in request.headers.items()
    )
    data = body.encode("utf-8") if isinstance(body, str) else bytes(body)
    if request.headers.get("Content-Encoding") in ("gzip", b"gzip"):  # botocore compresses long forms of some services
        data = gzip.decompress(data)
    return Request(str(request.method), str(request.url), headers, data)


def _decoded(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Return the headers of a reply whose body urllib3 has decoded, without what is said of the body as it was."""
    if not any(name.lower() == "content-encoding" for name, _ in headers):
        return headers
    return tuple(pair for pair in headers if pair[0].lower() not in ("content-encoding", "content-length"))


def summary(tallies: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines that tell what came of a session.

    Args:
        tallies: The data of the tests, each with its ``test``; of one test there may be several.
    """
    judged, tests = 0, set[str]()
    unjudged, codes, notes = Counter[str](), Counter[str](), Counter[str]()
    for one in tallies:
        tests.add(one["test"])
        judged += one["judged"]
        unjudged.update(one["unjudged"])
        codes.update(one["codes"])
        notes.update(one["notes"])
    if not tests:
        yield "no test made a call by boto3, so that nothing is shown"
        return
    yield f"{_counted(judged, 'reply', 'replies')} of {_counted(len(tests), 'test')} held to the contract: " + (
        _listed(codes) or "no findings"
    )
    if unjudged:
        yield f"not judged: {_listed(unjudged)}; only the query protocol has a strict codec so far"
    if notes:
        yield f"notes, which do not count: {_listed(notes)}"


def _counted(number: int, word: str, words: str = "") -> str:
    return f"{number} {word if number == 1 else words or f'{word}s'}"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
