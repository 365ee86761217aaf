"""The hook is a copy of the truth, and the wire is the truth: both say the same of each fault, or the copy is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from botoproof.ci.faults.comparing import agree
from botoproof.ci.faults.engine import Engine
from botoproof.ci.faults.measuring import observe, open_engine
from botoproof.ci.faults.observation import MODES, Trial, trials
from botoproof.ci.faults.subject import Subject, open_subject
from botoproof.contract.faults.kinds import KINDS
from botoproof.contract.faults.plan_text import parse_fault

# One for each way in which an attempt can end that takes no time; the rest is run by ci/nightly.
QUICK = (
    "connect.refused",
    "reset.before_request",
    "reset.after_request",
    "reset.mid_body",
    "close.mid_headers",
    "close.mid_body",
    "length.long",
    "chunk.cut",
    "garbage.bytes",
    "length.two",
    "response_lost",
    "duplicate",
    "poison",
    "status(503, body=html)",
    "status(429)",
    "error(InvalidJobIdException)",
    "throttle(SlowDown)",
    "bytes.flip",
    "xml.wrapper",
    "tls.expired",
    "tls.close",
)
EngineOf = Callable[[Trial], Engine]
Engines = tuple[Subject, EngineOf, EngineOf]


@pytest.fixture(scope="module", params=MODES)
def engines(request: pytest.FixtureRequest) -> Iterator[Engines]:
    """A call, and both engines for it, in each retry mode."""
    subject = open_subject("importexport", "UpdateJob")
    with open_engine("hook", subject, request.param) as hook, open_engine("wire", subject, request.param) as wire:
        yield subject, hook, wire


def require_agreement(trial: Trial, engines: Engines) -> None:
    subject, hook, wire = engines
    by_hook, by_wire = (observe(trial, subject, engine_of(trial)) for engine_of in (hook, wire))

    assert agree(by_hook, by_wire), f"hook: {by_hook} {by_hook.waits}; wire: {by_wire} {by_wire.waits}"


@pytest.mark.parametrize("fault", QUICK)
def test_both_engines_agree_on_a_fault_of_each_sort(fault: str, engines: Engines) -> None:
    require_agreement(Trial(parse_fault(fault)), engines)


@pytest.mark.parametrize("fault", ["reset.before_request", "response_lost", "reorder"])
def test_both_engines_agree_on_what_strikes_once(fault: str, engines: Engines) -> None:
    require_agreement(Trial(parse_fault(fault), once=True), engines)


@pytest.mark.slow
def test_both_engines_agree_on_every_fault(engines: Engines) -> None:
    subject, hook, wire = engines
    both = [one for one in trials(subject.operation, engine="wire") if one.fault.described.place == "both"]
    differing = []
    for trial in both:
        by_hook, by_wire = (observe(trial, subject, engine_of(trial)) for engine_of in (hook, wire))
        if not agree(by_hook, by_wire):
            differing.append(f"{trial}: hook: {by_hook} {by_hook.waits}; wire: {by_wire} {by_wire.waits}")

    assert differing == []
    assert {one.fault.kind for one in both} == {name for name, kind in KINDS.items() if kind.place == "both"}


def test_a_wrong_copy_is_seen(engines: Engines) -> None:
    subject, hook, wire = engines
    by_hook, by_wire = (
        observe(Trial(parse_fault(text)), subject, engine_of(Trial(parse_fault(text))))
        for text, engine_of in (("reset.mid_body", hook), ("close.mid_body", wire))
    )

    assert not agree(by_hook, by_wire)
