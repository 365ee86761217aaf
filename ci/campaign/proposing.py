"""Cases that a night made small, proposed for a corpus of recordings: those whose requests are not in it yet.

They are sent to the embedded endpoint, which answers as the contract says; a recording holds what is right.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...cassettes.format import Cassette, Provenance
from ...cassettes.key import request_key
from ...cassettes.recorder import Recorder
from ...contract.case import Case, Parse
from ...contract.specification import Specification
from .recording import UNSIGNED, Sent, is_about_signing, record_cases
from .run_folder_reading import KeptFinding
from .targets import Target


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed of an earlier run's findings.

    Attributes:
        cassette: The new cases with all that they need before them, or None when none is new.
        new: Findings whose cases are in it.
        known: Findings whose requests the corpus holds already.
        left_out: The others, and why nothing is proposed of them.
    """

    cassette: Cassette | None
    new: tuple[KeptFinding, ...]
    known: tuple[KeptFinding, ...]
    left_out: tuple[tuple[KeptFinding, str], ...]


def propose(
    findings: Sequence[KeptFinding],
    specification: Specification,
    open_target: Callable[[], Target],
    corpus: Collection[str],
    provenance: Provenance,
) -> Proposed:
    """Return what of some findings could become part of a corpus.

    Args:
        findings: With the smallest case known of each.
        specification: Of the service.
        open_target: Opens an endpoint that nobody has used yet.
        corpus: Keys of the requests that are there already.
        provenance: Where the recording is from.
    """
    reasons = {kept.fingerprint: why for kept in findings if (why := _not_recordable(kept))}
    wanted = {kept.fingerprint: kept.case for kept in findings if kept.case and kept.fingerprint not in reasons}
    sent, _ = _record(wanted, specification, open_target())
    reasons |= dict(sent.not_reached)
    keys = {fingerprint: request_key(request) for fingerprint, request in sent.answered.items()}
    new = {one: wanted[one] for one, key in _first_of_each(keys).items() if key not in corpus}
    cassette = None
    if new:
        # Once more, with nothing else between them: what a request deserves depends on what came before.
        _, recorder = _record(new, specification, open_target())
        cassette = recorder.cassette(provenance)
    missing = "its request got no reply, or was not sent"
    return Proposed(
        cassette,
        new=tuple(kept for kept in findings if kept.fingerprint in new),
        known=tuple(kept for kept in findings if kept.fingerprint in keys and kept.fingerprint not in new),
        left_out=tuple(
            (kept, reasons.get(kept.fingerprint, missing)) for kept in findings if kept.fingerprint not in keys
        ),
    )


def _not_recordable(kept: KeptFinding) -> str:
    case = kept.case
    if kept.program is not None:
        return "it takes several requests to show it"
    if case is None:
        return kept.why
    if isinstance(case.sent, Parse):
        return "nothing is sent: it is about how botocore reads a reply"
    if case.plan:
        return "it is about a fault that strikes the call"
    return UNSIGNED if is_about_signing(case.signing) else ""


def _first_of_each(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the first finding of each request; two findings may be about one and the same."""
    first = dict[str, str]()
    for fingerprint, key in keys.items():
        first.setdefault(key, fingerprint)
    return {fingerprint: key for key, fingerprint in first.items()}


def _record(cases: Mapping[str, Case], specification: Specification, target: Target) -> tuple[Sent, Recorder]:
    def each(_: Sent) -> Iterator[tuple[str, Case]]:
        yield from cases.items()

    recorder = Recorder([urlsplit(target.url).netloc])
    try:
        return record_cases(specification, target, recorder, each), recorder
    finally:
        target.close()
