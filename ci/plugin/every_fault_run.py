"""The call phase of an item: the fault strikes, the test runs, and what came of it is judged and told."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from ...contract.adapters.hook import inject_everywhere
from ...contract.adapters.hook_engine import Injection
from ...contract.adapters.virtual_time import VirtualClock
from ...contract.errors import BadPlan, close_names
from ...contract.faults.journal import CallRecord, timeline
from ..faulted.calls import call_of, seen_of
from ..faulted.injection import Faults
from ..faulted.marking import LIMIT
from ..faulted.sites import Watch, lines_of, raised_by
from ..faulted.stored import Known
from ..faulted.telling import baseline_result, failure_text, fault_result
from ..faulted.verdict import Ended, Verdict, judge
from .every_fault import HELD, RESULT
from .every_fault_items import Run
from .every_fault_session import Session

_PASSED_ON = (pytest.skip.Exception, pytest.xfail.Exception, pytest.exit.Exception, KeyboardInterrupt, GeneratorExit)
_ASSERTIONS = (AssertionError, pytest.fail.Exception)


class Running:
    """One run of a test.

    Attributes:
        error: With what the test ended, or None.
    """

    def __init__(self, item: pytest.Item, run: Run, session: Session) -> None:
        """Prepare it."""
        self.error: BaseException | None = None
        self._item = item
        self._run = run
        self._session = session
        self._root = item.config.rootpath
        self._clock = VirtualClock()
        self._injection: Injection | None = None
        self._misuse: BadPlan | None = None
        self._watch = Watch(self._root, run.code, run.planned.strikes, max(LIMIT, run.marked.attempts or 0))

    @contextlib.contextmanager
    def struck(self) -> Iterator[None]:
        """Let the fault strike any client for the duration."""
        try:
            with inject_everywhere(self._run.planned.plan(), clock=self._clock, watch=self._watch) as injection:
                self._injection = injection
                self._run.faults.follow(injection.calls)
                yield
        except BadPlan as wrong:  # it turned out that the fault cannot strike this client
            self._misuse = wrong

    @property
    def _calls(self) -> tuple[CallRecord, ...]:
        return self._injection.calls() if self._injection else ()

    def end(self) -> None:
        """Pass the test, or raise what it comes to."""
        if isinstance(self.error, _PASSED_ON):
            raise self.error
        if self._misuse is not None:
            self._note(Verdict("not struck"), Ended())
            pytest.skip(f"botoproof: the fault cannot strike here: {self._misuse}")
        self._hold_invariants()
        if self._run.planned.strikes:
            self._end_under_a_fault()
        else:
            self._end_without_a_fault()

    def _note(self, verdict: Verdict, ended: Ended) -> None:
        run = self._run
        self._item.stash[RESULT] = fault_result(
            run.test, self._item.nodeid, run.planned, verdict, self._calls, ended, run.programme
        )

    def _hold_invariants(self) -> None:
        """Call the invariants of the project, of which the first that does not hold ends the test, if nothing else."""
        asked = Faults(self._run.planned)
        asked.follow(lambda: self._calls)
        for one in self._item.stash.get(HELD, ()):
            try:
                one(asked)
            except Exception as wrong:
                if not isinstance(wrong, _ASSERTIONS):
                    raise
                wrong.add_note(f"invariant {getattr(one, '__name__', one)}")
                if self.error is None or not isinstance(self.error, _ASSERTIONS):
                    self.error = wrong

    def _end_without_a_fault(self) -> None:
        run = self._run
        if self.error is not None:
            raise self.error
        seen = tuple(seen_of(record) for record in self._calls)
        if not seen:
            pytest.fail(
                "botoproof: every_fault: the test made no call by boto3 itself, so that nothing can be struck; calls "
                "of its fixtures do not count, nor those that botoproof makes to prepare something",
                pytrace=False,
            )
        made = {one.call for one in seen}
        for call in run.marked.calls:
            if call not in made:
                names = sorted({f"{one.service}.{one}" for one in made})
                pytest.fail(
                    f"botoproof: every_fault: the test makes no call {call.service}.{call}; "
                    f"{close_names(f'{call.service}.{call}', names)} [fault-unstruck]",
                    pytrace=False,
                )
        fallbacks = run.known.fallbacks if run.known else ()
        known = Known(run.digest, seen, fallbacks)
        self._session.usual[run.test] = known.usual()
        self._item.stash[RESULT] = baseline_result(run.test, known, run.programme, threads=self._watch.threads)

    def _end_under_a_fault(self) -> None:
        run, error, calls = self._run, self.error, self._calls
        ended = Ended(
            error=error,
            by_assertion=isinstance(error, _ASSERTIONS),
            raised_by=raised_by(error) if error else "",
            lines=tuple(lines_of(error, self._root)) if error else (),
            looked=run.faults.looked,
            seconds=self._clock.elapsed,
            runaway=self._watch.runaway,
        )
        usual = self._session.usual.get(run.test, run.known.usual() if run.known else None)
        verdict = judge(run.planned, calls, ended, run.marked, usual)
        self._note(verdict, ended)
        if verdict.word == "not struck":
            made = ", ".join(dict.fromkeys(str(call_of(one)) for one in calls)) or "none"
            pytest.skip(f"botoproof: the test did not make the call {run.planned.strikes[-1].call} (it made {made})")
        if verdict.word == "undecided":
            pytest.skip(
                "botoproof: the test passes though its call failed, and whether a later one is made for that or anyway "
                "is not known before the test has run without a fault; run again"
            )
        if verdict.word == "nothing changed":
            pytest.skip("botoproof: the fault changes nothing in this answer")
        if verdict.findings:
            text = failure_text(self._item.nodeid, run.planned, verdict, calls, ended, timeline(calls))
            if error is not None and self._session.wish is not None:
                error.add_note(text)
                raise error
            raise pytest.fail.Exception(text, pytrace=False) from None
