"""The phase `stateful`: programs of several requests drawn from a seed, and what the service promises across them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ...contract.checks.transport import TIMEOUT
from ...contract.exchange import Exchange
from ...contract.finding import Finding
from ...contract.program import Life, Program, Step, Trace
from ...strategies.service import ServiceStrategies, find_strategies
from .drawing import Source, Spent, draw, from_machine, minimise
from .events import CaseJudged, CaseWithheld, Minimised, NotReached, PhaseStarted
from .performance import Performer, Unaffordable, Withheld, judged
from .plan import MINIMISE_WAITING
from .reducing import shorter_programs, tails
from .running import Running

PHASE = "stateful"
_TRIES = 4


class _Ended(Exception):
    """No further program is wanted."""


@dataclass(frozen=True, slots=True)
class _Smaller:
    """A finding, the case that shows it, and the program that ends with this case."""

    finding: Finding
    exchange: Exchange
    program: Program


def open_stateful(run: Running) -> Stateful | None:
    """Return the phase, or None when it has nothing to do.

    That is so for a service of which no life is known, and for subjects of which none changes anything: what they
    answer is judged by itself.

    Args:
        run: The campaign under way.
    """
    life = run.judge.specification.life
    if life is None or not life.changes & {*run.plan.operations}:
        return None
    world, names = run.judge.world, tuple(run.judge.ids)
    strategies = find_strategies(run.judge.specification.service)
    programs = strategies.programs(world=world, states=names)
    if programs is None:
        return None
    return Stateful(run, life, strategies, from_machine(programs, steps=run.plan.max_steps))


@dataclass
class _Search:
    """The search for the smallest program that shows a finding.

    Attributes:
        wanted: The finding.
        left: How many programs may still be sent.
        shows: Sends one, and gives the finding in it.
        found: The smallest so far, or None.
    """

    wanted: Finding
    left: int
    shows: Callable[[Program, Finding], _Smaller | None]
    found: _Smaller | None = None

    @property
    def smallest(self) -> _Smaller:
        """The smallest so far."""
        if self.found is None:
            raise LookupError("nothing has been found yet")
        return self.found

    def attempt(self, program: Program, *, is_plainer: bool = False) -> _Smaller | None:
        """Send a program, and return the finding in it, or None.

        Args:
            program: One that may show the finding.
            is_plainer: Whether it takes the place of the smallest so far also where it is longer.

        Raises:
            Spent: No further program may be sent.
        """
        # What two clients do at once need not come about the same way each time.
        for _ in range(_TRIES if any(step.together for step in program.steps) else 1):
            if self.left <= 0:
                raise Spent
            self.left -= 1
            found = self.shows(program, self.wanted)
            if found is not None:
                if self.found is None or is_plainer or _size(found) < _size(self.found):
                    self.found = found
                return found
        return None

    def leave_out(self) -> None:
        """Send the smallest program without what can be left out.

        Raises:
            Spent: No further program may be sent.
        """
        for shorter in shorter_programs(lambda: self.smallest.program):
            self.attempt(shorter)


def _size(smaller: _Smaller) -> tuple[int, int]:
    program = smaller.program
    return sum(len(step.cases) for step in program.steps), len(repr(program))


@dataclass
class Stateful:
    """The phase in one run.

    Attributes:
        run: The campaign under way.
        life: What the service promises across several requests.
        strategies: Of the service.
        source: Draws the programs.
        unmade: How many programs ended early, since what they were to work on could not be made.
        unread: How many lists were not read to their end.
    """

    run: Running
    life: Life
    strategies: ServiceStrategies
    source: Source[Program]
    unmade: int = 0
    unread: int = 0
    _found: list[tuple[Finding, Program]] = field(default_factory=list[tuple[Finding, Program]])

    def __post_init__(self) -> None:
        self._performer = Performer(self.run.judge, self.life)
        self._at_first = self.run.judge.budget.left

    def collect(self) -> list[tuple[Finding, Program]]:
        """Carry out the programs; return each new finding with the program that showed it."""
        run, count = self.run, self.run.plan.max_programs
        with run.phase(PHASE, "", run.plan.shard.size(count)):
            try:
                self._survey()
                draw(self.source, root=run.plan.seed, count=count, each=self._each)
            except _Ended:
                pass
            except Unaffordable:
                run.emit(self._used_up("the programs"))
            except Withheld:
                run.emit(CaseWithheld(PHASE, "programs that make and change resources"))
            finally:
                for event in self._limits():
                    run.emit(event)
        return self._found

    def minimise(self, wanted: Finding, program: Program) -> None:
        """Make the program of one finding smaller, and tell the smallest.

        First what is not needed is left out; then what the steps submit is made plain, or shrunk by Hypothesis.
        """
        run, plan = self.run, self.run.plan
        run.require_time()
        calls = plan.minimise_calls if wanted.kind is not TIMEOUT else min(plan.minimise_calls, MINIMISE_WAITING)
        run.emit(PhaseStarted("minimise", wanted.operation.partition(".")[2], calls))
        search = _Search(wanted, calls, self._shows)
        try:
            if not any(search.attempt(end) for end in tails(program)):
                return
            search.leave_out()
            for plainer in self.strategies.plainer(lambda: search.smallest.program, world=run.judge.world):
                search.attempt(plainer, is_plainer=True)
            cases = self.strategies.variants(search.smallest.program, world=run.judge.world)
            minimise(cases, root=plan.seed, count=search.left, number=0, calls=search.left, shows=search.attempt)
            search.leave_out()  # what submits less may need less
        except Spent:
            pass
        finally:
            if search.found is not None:
                run.emit(Minimised(search.found.finding, search.found.exchange, search.found.program))

    def _survey(self) -> None:
        """Learn what is there where a budget says that others may have made things, and a quota may be used up."""
        if self.life.survey is None or self.run.judge.budget.left is None:
            return
        with self._performer.begin(Program((Step((self.life.survey,), paged=True),))) as performance:
            try:
                performance.carry_out(self._watch)
            finally:
                for finding, _ in self._tell(0, performance.trace()):
                    self.run.known.add(finding.fingerprint)

    def _each(self, number: int, program: Program) -> None:
        if not self.run.plan.shard.holds(number):
            return
        self._require_budget(program, number)
        run = self.run
        with self._performer.begin(program) as performance:
            try:
                performance.carry_out(self._watch)
            finally:
                # What was taken before an interrupt counts too.
                trace = performance.trace()
                run.programs += 1 if trace.taken else 0
                self.unmade += 1 if trace.unmade else 0
                self.unread += len(trace.unread)
                for finding, shorter in self._tell(number, trace):
                    if finding.fingerprint not in run.known:
                        run.known.add(finding.fingerprint)
                        self._found.append((finding, shorter))

    def _watch(self, exchange: Exchange) -> None:
        self.run.sent += 1
        self.run.require_somebody(exchange)
        self.run.require_time()

    def _tell(self, number: int, trace: Trace) -> Iterator[tuple[Finding, Program]]:
        for exchange, findings, program in judged(trace, self.life):
            self.run.emit(CaseJudged(PHASE, number, "", exchange, findings, program))
            yield from ((finding, program) for finding in findings)

    def _shows(self, program: Program, wanted: Finding) -> _Smaller | None:
        left = self.run.judge.budget.left
        if self.run.is_late() or (left is not None and len(program.makes) > left):
            raise Spent
        with self._performer.begin(program) as performance:
            try:
                performance.carry_out(lambda _: None)
            except Unaffordable:
                raise Spent from None
            for exchange, findings, shorter in judged(performance.trace(), self.life):
                for finding in findings:
                    if finding.fingerprint == wanted.fingerprint:
                        return _Smaller(finding, exchange, shorter)
        return None

    def _require_budget(self, program: Program, number: int) -> None:
        left = self.run.judge.budget.left
        if left is None:
            return
        # Once something was found, half of what there was is kept for making it smaller.
        kept = (self._at_first or 0) // 2 if self._found else 0
        if len(program.makes) > left - kept:
            self.run.emit(self._used_up(f"{number} of {self.run.plan.max_programs} programs"))
            raise _Ended

    def _used_up(self, done: str) -> NotReached:
        why = f"{self.run.judge.budget.why}, and after {done} too few were left; --max-jobs allows more"
        return NotReached(f"phase {PHASE}", why)

    def _limits(self) -> Iterator[NotReached]:
        if self.unmade:
            yield NotReached(
                f"phase {PHASE}",
                f"{self.unmade} of {self.run.programs} programs ended early, as what they were to work on "
                "could not be made",
                failed=True,
            )
        if self.unread:
            yield NotReached(
                f"phase {PHASE}",
                f"{self.unread} lists were not read to their end, after {self._performer.max_pages} pages; what they "
                "lost would not be seen",
            )
