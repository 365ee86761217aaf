"""Opens the recording of a test by what its project decides, and closes it: counts what was played, writes files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ...cassettes.format import read_cassette
from ...cassettes.matching import Match
from ...cassettes.recorder import Recorder
from ...cassettes.replay import Replayer
from ...cassettes.sensitive import ScrubRules
from ...contract.errors import BadConfiguration
from ...contract.finding import Evidence, Severity
from ..held import hold_to_contract
from .cassette_ledger import File, Ledger
from .cassette_making import Making
from .cassette_names import folder_of, found_place, near, place_of
from .cassette_tape import Policy, Tape, check_policy, played, recorded
from .choices import plainly


@dataclass(frozen=True, slots=True)
class Plan:
    """What a project's fixtures decide about the recording of a test.

    Attributes:
        folder: Where it lies.
        name: How it is called there; None for a name made of the test's id.
        repeats: See `Replayer`.
        in_order: See `Replayer`.
        match: See `Replayer`.
        miss: What a miss means.
        hosts: Hosts that may be reached while the test is answered from the recording.
        scrub: What is taken out of recordings.
        to_record: Hosts that may be recorded; empty when nothing is.
        held: Whether recordings are held to the contract.
    """

    folder: Path
    name: str | None
    repeats: bool
    in_order: bool
    match: Match | None
    miss: Policy
    hosts: tuple[str, ...]
    scrub: ScrubRules
    to_record: tuple[str, ...]
    held: bool


@dataclass(frozen=True, slots=True)
class Session:
    """What the tests of a session share."""

    ledger: Ledger
    making: Making


@contextmanager
def opened(item: pytest.Item, plan: Plan, session: Session, passed: Callable[[], bool]) -> Iterator[Tape]:
    """Play or record a test.

    Args:
        item: The test.
        plan: What its project decides.
        session: Is told what the test did.
        passed: Tells whether the test passed, when it has ended.
    """
    with plainly():
        path = _path(item, plan)
        if plan.to_record:
            tape = Tape(path, recorder=Recorder(plan.to_record))
            session.making.claim(path, f"the name {plan.name!r}" if plan.name is not None else item.nodeid)
        else:
            tape = _playing(item, path, plan)
    if plan.held and not tape.recording:
        _hold(path, session.ledger)
    with recorded(tape) if tape.recording else played(tape, plan.hosts):
        yield tape
    if tape.recorder is not None:
        note = _written(tape, tape.recorder, plan, session.making) if passed() else "not written, as it did not pass"
        session.ledger.notes.append(f"{path}: {note} ({item.nodeid})")
        if plan.held and passed() and path.exists():
            _hold(path, session.ledger)
    elif tape.replayer is not None:
        times = tape.replayer.played
        hit = {index for index, number in enumerate(times) if number}
        file = File(str(plan.folder), len(times), plan.name is not None, hit, passed())
        module = item.nodeid.partition("::")[0]
        session.ledger.note(path, file, module=module, own=plan.folder == folder_of(item))
    if tape.fallbacks:
        count = len(tape.fallbacks)
        session.ledger.notes.append(f"{path}: botoproof_cassette_miss answered {count} calls ({item.nodeid})")


def _path(item: pytest.Item, plan: Plan) -> Path:
    folder: Any = plan.folder
    if not isinstance(folder, Path):
        raise BadConfiguration(f"botoproof_cassette_folder is {folder!r}; expected a pathlib.Path")
    if plan.name is None:
        return found_place(folder, item)
    try:
        return place_of(folder, plan.name)
    except ValueError as wrong:
        raise BadConfiguration(str(wrong)) from None


def _playing(item: pytest.Item, path: Path, plan: Plan) -> Tape:
    check_policy(plan.miss)
    remedy = f'To record it: pytest --botoproof-record=HOST "{item.nodeid}"'
    if not path.exists():
        raise BadConfiguration(f"there is no recording {path}{near(path)}. {remedy}")
    replayer = Replayer(path, repeats=plan.repeats, in_order=plan.in_order, match=plan.match, remedy=remedy)
    return Tape(path, replayer=replayer, policy=plan.miss)


def _hold(path: Path, ledger: Ledger) -> None:
    """Fail the test if a file departs from the contract, and take down what could not be held to it."""
    __tracebackhide__ = True
    with plainly():
        cassette = read_cassette(path)
        held = hold_to_contract(cassette)
    if held.unknown:
        number, why = held.unknown[0]
        text = f"{path}: {len(held.unknown)} interactions were not held to a contract (number {number}: {why})"
        ledger.notes += [text] if text not in ledger.notes else []
    wrong = [
        f"number {number}: {finding}"
        for number, finding in held.findings
        if finding.severity(Evidence.OBSERVED) is not Severity.NOTE
    ]
    if wrong:
        points = "one point" if len(wrong) == 1 else f"{len(wrong)} points"
        source = f"it is {cassette.provenance}" if cassette.provenance else "it does not say where it comes from"
        told = "\n".join([source, *wrong])
        pytest.fail(f"botoproof: {path} departs from its contract in {points}\n{told}", pytrace=False)


def _written(tape: Tape, recorder: Recorder, plan: Plan, making: Making) -> str:
    made = recorder.cassette()
    if not made.interactions:
        return "not written, as no call was made"
    with plainly():
        count = making.add(tape.path, made, tape.services, recorder.rules(plan.scrub), shared=plan.name is not None)
    return f"{len(made.interactions)} interactions recorded, {count} in the file"
