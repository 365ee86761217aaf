"""The life of jobs as a state machine: programs of several requests, drawn as data.

A rule never sees a reply. It knows how many jobs there are and which of them still wait for their device, as it should
be: so a seed gives the same programs on every endpoint, and a program can be drawn again without being sent. Every
change is followed by a look at the job that it was about; at the end all jobs of a program are looked at and listed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, precondition, rule

from ...contract.case import Call, Case, reference
from ...contract.program import Program, Step
from ...contract.services.importexport.manifests import base_import
from ...contract.services.importexport.world import World
from .manifests import KINDS, malformed_manifests, manifests, near_miss_manifests

MAX_JOBS = 4
# Where an update must be refused. A job of another account is nobody's to look at; pending ones a program makes itself.
_GIVEN = ("cancelled", "expired", "in-progress", "complete")
_JOB_TYPES = {"import": "Import", "export": "Export", "ebs": "Import", "glacier": "Import"}
_WRONG: tuple[dict[str, Any], ...] = ({"JobType": "InvalidJobType"}, {"JobType": ""}, {"APIVersion": "0.0.1-bogus"})
# An account may hold many other jobs, and each page is a request.
_PAGES = (3, 5, 1000)


def lifecycle(*, world: World, states: Collection[str], take: Callable[[Program], None]) -> type[RuleBasedStateMachine]:
    """Return a state machine over the six operations.

    Args:
        world: Whose buckets and era the manifests suit.
        states: Provider states that can be referred to.
        take: Is handed each program when it is complete.
    """
    valid, invalid = _submissions(world)
    good, bad = _named(valid)(), _named(invalid)()
    given = tuple(state for state in _GIVEN if state in states)

    class Lifecycle(RuleBasedStateMachine):
        """Jobs are made, changed, looked at and cancelled."""

        waiting = Bundle("waiting")
        closed = Bundle("closed")

        def __init__(self) -> None:
            super().__init__()
            self.steps: list[Step] = []
            self.jobs: list[str] = []

        @initialize(target=waiting, submitted=good)
        def create_first(self, submitted: dict[str, Any]) -> str:
            """Make the job without which there is little to do."""
            return self._create(submitted)

        @rule(target=waiting, submitted=good)
        @precondition(lambda self: len(self.jobs) < MAX_JOBS)
        def create(self, submitted: dict[str, Any]) -> str:
            """Make another job."""
            return self._create(submitted)

        def _create(self, submitted: dict[str, Any]) -> str:
            name = f"job-{len(self.jobs) + 1}"
            self.jobs.append(name)
            create = Case("CreateJob", Call({**submitted, "ValidateOnly": False}), "create")
            self.steps.append(Step((create, _look(name)), makes=name))
            return name

        @rule(submitted=st.one_of(good, bad))
        def rehearse_create(self, submitted: dict[str, Any]) -> None:
            """Have a new job's manifest checked."""
            self.steps.append(Step((Case("CreateJob", Call({**submitted, "ValidateOnly": True}), "rehearse a job"),)))

        @rule(job=waiting, submitted=good)
        def update(self, job: str, submitted: dict[str, Any]) -> None:
            """Replace the manifest, and perhaps the type."""
            self.steps.append(Step((_update(job, submitted, "update"), _look(job))))

        @rule(job=waiting, submitted=bad)
        def update_wrongly(self, job: str, submitted: dict[str, Any]) -> None:
            """Try what the contract mostly refuses."""
            self.steps.append(Step((_update(job, submitted, "update that deserves a refusal"), _look(job))))

        @rule(job=waiting, submitted=st.one_of(good, bad))
        def rehearse(self, job: str, submitted: dict[str, Any]) -> None:
            """Have an update checked only."""
            rehearsal = _update(job, {**submitted, "ValidateOnly": True}, "rehearse an update")
            self.steps.append(Step((rehearsal, _look(job))))

        @rule(job=waiting, submitted=good)
        def update_twice(self, job: str, submitted: dict[str, Any]) -> None:
            """Send the same update again."""
            update = _update(job, submitted, "update twice")
            self.steps.append(Step((update, _look(job), update, _look(job))))

        @rule(job=waiting, first=good, second=good)
        def update_together(self, job: str, first: dict[str, Any], second: dict[str, Any]) -> None:
            """Let two clients update one job at the same time."""
            updates = (_update(job, first, "update at once"), _update(job, second, "update at once"))
            self.steps += [Step(updates, together=True), Step((_look(job),))]

        @rule(job=closed, submitted=good)
        def update_closed(self, job: str, submitted: dict[str, Any]) -> None:
            """Try to update a job that was cancelled."""
            self.steps.append(Step((_update(job, submitted, "update a cancelled job"), _look(job))))

        @rule(state=st.sampled_from(given), submitted=good)
        @precondition(lambda _: bool(given))
        def update_given(self, state: str, submitted: dict[str, Any]) -> None:
            """Try to update a job that can no longer be updated."""
            self.steps.append(Step((_look(state), _update(state, submitted, f"update: {state}"), _look(state))))

        @rule(job=consumes(waiting), target=closed)
        def cancel(self, job: str) -> str:
            """Cancel a job."""
            self.steps.append(Step((Case("CancelJob", Call({"JobId": reference(job)}), "cancel"), _look(job))))
            return job

        @rule(job=closed)
        def cancel_again(self, job: str) -> None:
            """Try to cancel a job once more."""
            self.steps.append(Step((Case("CancelJob", Call({"JobId": reference(job)}), "cancel again"), _look(job))))

        @rule(job=waiting)
        def look(self, job: str) -> None:
            """Ask how a job stands."""
            self.steps.append(Step((_look(job),)))

        @rule(size=st.sampled_from(_PAGES))
        def list_jobs(self, size: int) -> None:
            """List all jobs, page by page."""
            self.steps.append(Step((_listing(size),), paged=True))

        @rule(job=waiting, other=waiting)
        def label(self, job: str, other: str) -> None:
            """Ask for a shipping label for one job or two."""
            ids = [reference(name) for name in dict.fromkeys((job, other))]
            self.steps.append(Step((Case("GetShippingLabel", Call({"jobIds": ids}), "label"),)))

        def teardown(self) -> None:
            """Hand the program over, unless it could not be drawn to its end."""
            if sys.exception() is not None or not self.steps:
                return
            looks = tuple(_look(name) for name in self.jobs)
            take(Program((*self.steps, Step((*looks, _listing(_PAGES[-1])), paged=True))))

    return Lifecycle


def plainer(smallest: Callable[[], Program], *, world: World) -> Iterator[Program]:
    """Yield programs in which one request submits the plainest that there is: what is taken, or what is refused.

    Args:
        smallest: Gives the smallest program so far; asked for each attempt.
        world: Whose buckets and era the manifests suit.
    """
    for given in [case for step in reversed(smallest().steps) for case in step.cases]:
        for plain in _plain(given, world):
            steps = smallest().steps
            # What is sent twice stays the same both times.
            changed = tuple(
                replace(step, cases=tuple(plain if case == given else case for case in step.cases)) for step in steps
            )
            if changed != steps:
                yield Program(changed)


def _plain(case: Case, world: World) -> tuple[Case, ...]:
    """Return what a case would be with the plainest manifest that is taken, and with one that is refused."""
    texts = (base_import(world), "invalid-manifest") if _submits(case) else ()
    return tuple(_submitting(case, {"Manifest": text, "JobType": "Import"}) for text in texts)


def _submits(case: Case) -> bool:
    return isinstance(case.sent, Call) and "Manifest" in case.sent.parameters


def _submitting(case: Case, submitted: Mapping[str, Any]) -> Case:
    parameters = case.sent.parameters if isinstance(case.sent, Call) else {}
    kept = {name: value for name, value in parameters.items() if name not in _SUBMITTED}
    return replace(case, sent=Call({**kept, **submitted}))


def variants(program: Program, *, world: World) -> st.SearchStrategy[Program]:
    """Return a strategy for programs of the same steps with other manifests, the simplest first.

    What is as plain as `plainer` makes it stays so.

    Args:
        program: Whose steps they have.
        world: Whose buckets and era the manifests suit.
    """
    valid, invalid = _submissions(world)

    def case(given: Case) -> st.SearchStrategy[Case]:
        if not _submits(given) or given in _plain(given, world):
            return st.just(given)
        return st.one_of(
            valid.map(partial(_submitting, given)), invalid.map(partial(_submitting, given)), st.just(given)
        )

    def step(given: Step) -> st.SearchStrategy[Step]:
        # Where the same is sent twice it must stay the same.
        different = list(dict.fromkeys(map(repr, given.cases)))
        places = [different.index(repr(one)) for one in given.cases]
        firsts = [case(given.cases[places.index(place)]) for place in range(len(different))]
        return st.tuples(*firsts).map(lambda drawn: replace(given, cases=tuple(drawn[place] for place in places)))

    return st.tuples(*map(step, program.steps)).map(Program)


# What a request submits; the rest says for which job, and whether it is a rehearsal.
_SUBMITTED = ("Manifest", "JobType", "APIVersion")


def _submissions(world: World) -> tuple[st.SearchStrategy[dict[str, Any]], st.SearchStrategy[dict[str, Any]]]:
    """Return strategies for what the contract takes, and for what it mostly refuses."""
    valid = st.builds(
        _ended, st.one_of(*(_with_type(kind, manifests(kind, world=world)) for kind in KINDS)), st.sampled_from(_ENDS)
    )
    near = st.one_of(*(_with_type(kind, near_miss_manifests(kind, world=world)) for kind in KINDS))
    invalid = st.one_of(
        near,
        _with_type("import", malformed_manifests(world=world)),
        st.builds(lambda submitted, wrong: {**submitted, **wrong}, valid, st.sampled_from(_WRONG)),
    )
    return valid, invalid


def _named(wrapped: st.SearchStrategy[dict[str, Any]]) -> Callable[[], st.SearchStrategy[dict[str, Any]]]:
    """Return a strategy under a name: Hypothesis writes down the arguments of each rule, and these take 50 kB."""

    @st.composite
    def submissions(draw: st.DrawFn) -> dict[str, Any]:
        return draw(wrapped)

    return submissions


def _with_type(kind: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    return texts.map(lambda text: {"Manifest": text, "JobType": _JOB_TYPES[kind]})


# What follows the last option of a manifest matters to nobody who reads it, and is a part of it all the same.
_ENDS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text.rstrip("\n"),
    lambda text: f"{text}\n\n",
    lambda text: f"{text}# the end",
    lambda text: text.replace("\n", "\r\n"),
)


def _ended(submitted: dict[str, Any], end: Callable[[str], str]) -> dict[str, Any]:
    return {**submitted, "Manifest": end(submitted["Manifest"])}


def _update(name: str, submitted: dict[str, Any], label: str) -> Case:
    return Case("UpdateJob", Call({"JobId": reference(name), "ValidateOnly": False, **submitted}), label)


def _look(name: str) -> Case:
    return Case("GetStatus", Call({"JobId": reference(name)}), "look")


def _listing(size: int) -> Case:
    return Case("ListJobs", Call({"MaxJobs": size}), "list")
