"""One case, sent and judged again: what the reproducers in reports are made with."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ..contract.case import Case
from ..contract.codec.signature import Credential
from ..contract.errors import BadConfiguration, NoSpecification, TargetUnusable
from ..contract.exchange import Exchange
from ..contract.finding import Evidence, Finding
from ..contract.program import Program, Trace
from ..contract.services import find_specification
from .campaign.events import LeftBehind, NotReached
from .campaign.judge import Judge, open_judge
from .campaign.performance import Performer, Unaffordable, Withheld, judged
from .campaign.states import States, told
from .choice import EMBEDDED, choose_target
from .configuration import Configuration
from .conformance import require_conformance, require_none


class Replay:
    """Sends cases to one target and judges them as a run would."""

    def __init__(self, judge: Judge, evidence: Evidence) -> None:
        """Take what sends, and the evidence below which findings are notes."""
        self._judge = judge
        self._states = States(judge)
        self._evidence = evidence

    def exchange(self, case: Case) -> Exchange:
        """Send a case twice, and return all that the checks look at.

        Args:
            case: Placeholders such as ``~pending~`` become ids of resources in that provider state.

        Raises:
            TargetUnusable: A provider state that the case needs cannot be had, or the key that is to sign it.
        """
        key = case.signing.key
        if key not in ("own", "unknown", "none", *self._judge.target.accounts):
            raise TargetUnusable(f"it is signed with the key of the account {key!r}; [accounts.{key}] would name one")
        self._prepare(case.references())
        exchange = self._judge.exchange(case, repeat=True)
        self._states.forget(case)
        return exchange

    def _prepare(self, states: frozenset[str]) -> None:
        known = {recipe.name for recipe in self._judge.specification.states}
        for event in self._states.prepare(only=(states & known) - self._judge.ids.keys()):
            if isinstance(event, NotReached):
                raise TargetUnusable(f"{event.what}: {event.why}")

    def trace(self, program: Program) -> Trace:
        """Carry out a program, and return what came of it.

        Args:
            program: Placeholders such as ``~expired~`` become ids of resources in that provider state.

        Raises:
            TargetUnusable: A provider state that it needs cannot be had, or it may not be sent there.
            NoSpecification: Nothing is known of what the service promises across several requests.
        """
        self._prepare(program.references())
        life = self._judge.specification.life
        if life is None:
            raise NoSpecification(
                f"no promises across several requests are known of {self._judge.specification.service}"
            )
        with Performer(self._judge, life).begin(program) as performance:
            try:
                performance.carry_out(lambda _: None)
            except Withheld:
                raise TargetUnusable("it changes something, and writes to this host were not allowed") from None
            except Unaffordable:
                raise TargetUnusable(self._judge.budget.why) from None
            return performance.trace()

    def judged(self, trace: Trace) -> list[tuple[Exchange, tuple[Finding, ...]]]:
        """Return every exchange of a trace, and what is wrong with it."""
        life = self._judge.specification.life
        return [] if life is None else [(exchange, findings) for exchange, findings, _ in judged(trace, life)]

    def require_program(self, program: Program) -> Trace:
        """Carry out a program, and raise an error that lists what is wrong with the first case that departs.

        Raises:
            Conformance: There are findings; notes do not count.
            TargetUnusable: As for `trace`, or a resource that it works on could not be made.
        """
        trace = self.trace(program)
        for exchange, findings in self.judged(trace):
            require_none(exchange, findings, self._evidence)
        if trace.unmade:
            raise TargetUnusable(f"{trace.unmade} could not be made: {told(trace.taken[-1].exchange.outcome)}")
        return trace

    def require_conformance(self, case: Case) -> Exchange:
        """Send a case, and raise one error that lists all that is wrong with what came.

        Raises:
            Conformance: There are findings; notes do not count.
            TargetUnusable: A provider state that the case needs cannot be had.
        """
        exchange = self.exchange(case)
        require_conformance(exchange, self._evidence)
        return exchange

    def forget_used(self, case: Case) -> None:
        """Let the next case have fresh resources where `case` has used up the ones that were made for it."""
        judge = self._judge
        for recipe in judge.specification.states:
            found = judge.ids.get(recipe.name) if recipe.name in case.references() else None
            # What more than one call has made is at its end from the beginning, a cancelled job for one.
            if found and len(recipe.calls) == 1 and judge.specification.is_disposed_of(judge.world, found):
                del judge.ids[recipe.name]

    def close(self) -> tuple[str, ...]:
        """Dispose of what was made for the cases, and return what could not be, each with why."""
        # Whether the clean-up kept the contract is a run's to say.
        left = (event for event in self._states.dispose() if isinstance(event, LeftBehind))
        return tuple(f"{event.resource_id}: {event.why}" for event in left)


@contextmanager
def open_replay(
    service: str,
    *,
    endpoint: str | None = None,
    region: str | None = None,
    credential: Credential | None = None,
    world: Mapping[str, Any] | None = None,
    time_limit: float | None = None,
    evidence: str = Evidence.OBSERVED.value,
    allow_writes: bool = False,
    accounts: Mapping[str, Credential] | None = None,
) -> Iterator[Replay]:
    """Yield what sends cases to an endpoint and judges them.

    Args:
        service: botocore's name of a service that has a specification.
        endpoint: A URL; the embedded endpoint when None.
        region: For the scope of signatures.
        credential: Signs the requests; when None, the usual AWS chain for a URL, and AWS's example key otherwise.
        world: The table ``[world]`` of a configuration file.
        time_limit: Seconds for a reply.
        evidence: Findings on weaker evidence are notes.
        allow_writes: Send what could change something to a host of Amazon's too.
        accounts: Keys of other accounts, by what the account is for.

    What cases needed is disposed of at the end; a warning tells what could not be.

    Raises:
        ToolkitError: The target cannot be used.

    >>> from botoproof.contract.case import Call, Case
    >>> with open_replay("importexport") as replay:
    ...     exchange = replay.require_conformance(Case("CancelJob", Call({"JobId": "~expired~"})))
    >>> exchange.outcome.code
    'ExpiredJobIdException'
    """
    if evidence not in [known.value for known in Evidence]:
        raise BadConfiguration(f"evidence must be documented, observed or inferred, got {evidence!r}")
    specification = find_specification(service)
    configuration = Configuration(
        region=region, credential=credential, world=world or {}, time_limit=time_limit, accounts=accounts or {}
    )
    target = choose_target(specification, configuration, wish=endpoint or EMBEDDED, allow_writes=allow_writes)
    replay = Replay(open_judge(specification, target), Evidence(evidence))
    try:
        yield replay
    finally:
        if left := replay.close():
            warnings.warn(f"botoproof could not dispose of {'; '.join(left)}", stacklevel=3)
        target.close()
