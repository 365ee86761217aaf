"""Sends the table of probes to a bench, as a campaign would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from botoproof.contract.adapters.caller import Caller
from botoproof.contract.case import Call, Case
from botoproof.contract.codec.query_request import write_request
from botoproof.contract.expectation import Expectation
from botoproof.contract.interaction import Request
from botoproof.contract.services.importexport import SPECIFICATION, World
from botoproof.contract.services.importexport.states import STATES
from botoproof.contract.specification import Probe, Unreachable

from .bench import OPERATIONS, OWN, SCOPE, URL, Bench

RESOURCES = {
    "pending": "53TX4",
    "cancelled": "CNC11",
    "expired": "EXP11",
    "in-progress": "RUN11",
    "complete": "DNE11",
    "foreign": "FRN11",
    "spare": "AGE3A",
}
assert set(RESOURCES) == {state.name for state in STATES}


def table(world: World, operation: str = "UpdateJob") -> tuple[Probe | Unreachable, ...]:
    """Return the table of probes for an operation."""
    return SPECIFICATION.probes(operation, world, (OWN,))


def probes(world: World, operation: str = "UpdateJob") -> Iterator[Probe]:
    """Yield the probes that can be had."""
    return (probe for probe in table(world, operation) if isinstance(probe, Probe))


def build(case: Case, bench: Bench) -> Request:
    """Return the request of a case, its references resolved, signed at the bench's time."""
    case = case.resolve(RESOURCES)
    if isinstance(case.sent, Call):
        return bench.post(write_request(OPERATIONS[case.operation], case.sent.parameters))
    nobody = cast("Any", None)
    caller = Caller(
        nobody, nobody, url=URL, credential=OWN, scope=SCOPE, accounts=SPECIFICATION.accounts, now=lambda: bench.now
    )
    return caller.build(case)


def expectations(bench: Bench, operation: str = "UpdateJob") -> dict[str, Expectation]:
    """Return what the oracle says of each probe, by name."""
    return {probe.name: bench.expect(build(probe.case, bench)) for probe in probes(bench.world, operation)}


def poorer(world: World, *buckets: str) -> World:
    """Return `world` with these buckets only."""
    return replace(world, buckets={name: world.buckets[name] for name in buckets})
