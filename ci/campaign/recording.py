"""The table of probes sent to be recorded: with what is made for them and disposed of, in the order in which it went.

A recording that is to be judged later must hold all of it: what a request deserves depends on what came before. Only
probes of authentication are left out. A recording holds no signatures, so that the refusal of a wrong one would be
played to requests that are right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from ...cassettes.recorder import Recorder
from ...contract.adapters.sdk import Transport
from ...contract.case import SIGNED_AS_THE_SDK_DOES, Case, Signing
from ...contract.interaction import Interaction, Request
from ...contract.specification import Probe, Specification, Unreachable
from .budget import UNAFFORDABLE
from .events import LeftBehind, NotReached
from .judge import open_judge
from .states import States
from .table_phase import missing_states
from .targets import Target


@dataclass
class Sent:
    """What became of the requests of one operation.

    Attributes:
        recorded: How many have a reply, those that make and dispose of states among them.
        failed: How many have none, by the kind of failure; nothing is recorded of them.
        withheld: How many were not sent, since they could have changed something.
        not_reached: Probes and states that could not be had, and why.
        left_behind: What was made and could not be disposed of, and why.
        interrupted: Whether it ended before its time.
        answered: The requests of the cases that got a reply, by the names of the cases.
    """

    recorded: int = 0
    failed: Counter[str] = field(default_factory=Counter[str])
    withheld: int = 0
    not_reached: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    left_behind: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    interrupted: bool = False
    answered: dict[str, Request] = field(default_factory=dict[str, Request])


@dataclass(frozen=True, slots=True)
class Choice:
    """Which probes are sent.

    Attributes:
        few: Only one for each documented error, and one that succeeds.
        only: Only those whose names match one of these globs; all when there are none.
        without: None whose name matches one of these globs.
    """

    few: bool = False
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def takes(self, name: str) -> bool:
        """Return whether the globs take the probe of that name."""
        return (not self.only or _matches(name, self.only)) and not _matches(name, self.without)


ALL = Choice()

UNSIGNED = "its answer is about who signs and how, and a recording holds no signatures"


def _matches(name: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)


def record_table(
    specification: Specification,
    target: Target,
    recorder: Recorder,
    operation: str,
    *,
    choice: Choice = ALL,
    max_made: int | None = None,
    interrupted: Callable[[], bool] = lambda: False,
) -> Sent:
    """Send the probes of an operation, and record what is sent and what comes.

    Args:
        specification: Of the service.
        target: Answers.
        recorder: Keeps; it refuses hosts that were not named to it.
        operation: Whose probes.
        choice: Which probes.
        max_made: How many resources may be made; see `open_judge`.
        interrupted: Whether the recording was asked to end; asked between two probes.

    Raises:
        TargetUnusable: The endpoint gave no reply to the first request.
        HostNotNamed: The target is at a host that may not be recorded.
    """

    def cases(sent: Sent) -> Iterator[tuple[str, Case]]:
        for probe in _chosen(specification, operation, target.world, target, sent, choice):
            yield probe.name, probe.case

    return record_cases(specification, target, recorder, cases, max_made=max_made, interrupted=interrupted)


def record_cases(
    specification: Specification,
    target: Target,
    recorder: Recorder,
    cases: Callable[[Sent], Iterator[tuple[str, Case]]],
    *,
    max_made: int | None = None,
    interrupted: Callable[[], bool] = lambda: False,
) -> Sent:
    """Send cases, and record what is sent and what comes; arguments and what is raised as for `record_table`.

    Args:
        specification: Of the service.
        target: Answers.
        recorder: Keeps.
        cases: Gives them with their names, and tells of those that are not to be sent.
        max_made: How many resources may be made.
        interrupted: Whether the recording was asked to end.
    """
    recorder.admit(target.url)  # every request goes there, and no redirection is followed
    sent = Sent()
    noting = replace(target, transport=_noting(target.transport, recorder, sent), connect=None)
    judge = open_judge(specification, noting, max_made=max_made)
    states, hurried = States(judge), False
    try:
        for event in states.prepare():
            if isinstance(event, NotReached):
                sent.not_reached.append((event.what, event.why))
        for name, case in cases(sent):
            if interrupted():
                raise KeyboardInterrupt
            if missing := missing_states(judge, case):
                why = f"it needs the state {missing[0]}, which this target does not have"
                sent.not_reached.append((name, why))
                continue
            failed = [event for event in states.needed_by(case) if isinstance(event, NotReached)]
            if failed:
                sent.not_reached.append((name, failed[0].why))
                continue
            exchange = judge.exchange(case)
            states.forget(case)
            failure = exchange.interaction.failure if exchange.interaction else None
            if exchange.interaction is not None and exchange.interaction.reply is not None:
                sent.answered[name] = exchange.interaction.request
            if failure is not None and failure.kind == UNAFFORDABLE:
                sent.not_reached.append((name, failure.detail))
    except KeyboardInterrupt:
        sent.interrupted = hurried = True
        target.hurry()
    finally:
        for left in states.dispose(hurried=hurried):
            if isinstance(left, LeftBehind):
                sent.left_behind.append((left.resource_id, left.why))
    return sent


def _noting(transport: Transport, recorder: Recorder, sent: Sent) -> Transport:
    def noting(request: Request) -> Interaction:
        interaction = transport(request)
        failure = interaction.failure
        if interaction.reply is not None:
            recorder.note(request, interaction.reply)
            sent.recorded += 1
        elif failure is not None and failure.kind == "withheld":
            sent.withheld += 1
        else:
            sent.failed[failure.kind if failure else "closed"] += 1
        return interaction

    return noting


def _chosen(
    specification: Specification, operation: str, world: object, target: Target, sent: Sent, choice: Choice
) -> Iterator[Probe]:
    provoked = set[str | None]()
    for probe in specification.probes(operation, world, (target.credential,)):
        if isinstance(probe, Unreachable):
            sent.not_reached.append((probe.what or f"{operation}: {probe.error}", probe.why))
        elif not choice.takes(probe.name):
            continue
        elif is_about_signing(probe.case.signing):
            sent.not_reached.append((probe.name, UNSIGNED))
        elif not (choice.few and probe.provokes in provoked):
            provoked.add(probe.provokes)
            yield probe


def is_about_signing(signing: Signing) -> bool:
    """Return whether a request may be answered otherwise than one that the SDK would sign, with the same key."""
    return replace(signing, version=SIGNED_AS_THE_SDK_DOES.version) != SIGNED_AS_THE_SDK_DOES
