"""The executable specification: an endpoint that answers as the contract says, without touching socket or clock.

Requests come in as data, with the time; replies go out as data. It authenticates for real, keeps jobs, and answers the
first broken rule in the order of `rules.RULES`. Where the sources leave open whether the service refuses, it does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ...codec.form import FormReading
from ...codec.query_reply import write_error, write_result
from ...expectation import Violation
from ...interaction import Reply, Request
from ...model import Operation
from ...rule import violations
from . import effects
from .facts import Facts
from .oracle import MAX_REQUEST, VERSIONS, named_action, read_facts, read_pairs
from .rules import rules_of
from .states import STATES, jobs_in_every_state
from .world import Job, World

NAMESPACE = "http://importexport.amazonaws.com/doc/2010-06-01/"

_FORBIDDEN = frozenset({"signature.unknown-key", "signature.missing", "signature.wrong", "signature.out-of-date"})
_NO_SUCH_JOB = frozenset({"job.id.malformed", "job.id.unknown", "job.id.foreign"})
_USED_UP = frozenset(state.name for state in STATES if state.used_up)
_MESSAGES = {
    "MalformedManifestException": "Your manifest is not well-formed",  # observed word for word by aws-sdk-js
}


class Endpoint:
    """AWS Import/Export, held in memory.

    Attributes:
        world: What it holds; `world.jobs` is the endpoint's own table and changes with the requests.
        operations: The operations of the installed model, by name.
        requests: How many requests it has answered.
    """

    def __init__(
        self,
        world: World,
        operations: Mapping[str, Operation],
        *,
        jobs: Iterable[Job] = (),
        now: datetime | None = None,
    ) -> None:
        """Prepare an endpoint.

        Args:
            world: Credentials, buckets, era. Its own jobs are taken over.
            operations: The operations of the installed model, by name.
            jobs: More jobs to begin with.
            now: When given, one job is added in each provider state, as of this time.
        """
        self.resources: dict[str, str] = {}
        table = dict(world.jobs)
        table.update({job.job_id: job for job in jobs})
        if now is not None:
            for state, job in jobs_in_every_state(world, now).items():
                if job.job_id not in table:
                    table[job.job_id] = job
                    self.resources[state] = job.job_id
        self.jobs: dict[str, Job] = table
        self.world = replace(world, jobs=self.jobs)
        self.operations = operations
        self.requests = 0

    def answer(self, request: Request, now: datetime) -> Reply:
        """Return the reply to `request` at time `now`, and change the jobs accordingly."""
        self.requests += 1
        request_id = self._request_id()
        form = read_pairs(request)
        refusal = _unreadable(request, form)
        if refusal is not None:
            return self._refuse(*refusal, request_id)
        facts = read_facts(request, form, world=self.world, now=now, operations=self.operations)
        if facts is None:
            code = "MissingAction" if named_action(form) is None else "InvalidAction"
            return self._refuse(400, code, "The request names no operation of this service", request_id)
        if facts.reading.version not in VERSIONS:
            return self._refuse(400, "NoSuchVersion", f"No version {(facts.reading.version or '')[:60]!r}", request_id)
        broken = next(iter(self.broken_rules(facts)), None)
        if broken is not None:
            return self.refusal(facts, broken, request_id)
        value = self.apply(facts)
        return write_result(facts.operation, value, request_id=request_id, namespace=NAMESPACE)

    def provide(self, state: str, now: datetime) -> str:
        """Return the id of a job in provider state `state`, putting one there when there is none for this case."""
        if state in _USED_UP:
            spare = replace(jobs_in_every_state(self.world, now)["pending"], job_id=effects.next_job_id(self.jobs))
            self.jobs[spare.job_id] = spare
            return spare.job_id
        if state not in self.resources:
            job = jobs_in_every_state(self.world, now)[state]
            if job.job_id in self.jobs:
                job = replace(job, job_id=effects.next_job_id(self.jobs))
            self.jobs[job.job_id] = job
            self.resources[state] = job.job_id
        return self.resources[state]

    def bookmark(self) -> Callable[[], None]:
        """Return what puts the jobs back to how they stand now."""
        jobs, resources = dict(self.jobs), dict(self.resources)

        def put_back() -> None:
            # In place: the world shows this very table.
            self.jobs.clear()
            self.jobs.update(jobs)
            self.resources = dict(resources)

        return put_back

    def broken_rules(self, facts: Facts) -> Iterable[Violation]:
        """Return the rules that a request certainly breaks, in the order in which they are answered."""
        return (found for found in violations(rules_of(facts.operation.name), facts) if found.certain)

    def refusal(self, facts: Facts, broken: Violation, request_id: str) -> Reply:
        """Return the reply to a request that breaks rules: the error of the first of them."""
        status = 403 if broken.rule in _FORBIDDEN else 400
        message = _MESSAGES.get(broken.codes[0], f"{broken.reason[:1].upper()}{broken.reason[1:]}")
        if broken.rule in _NO_SUCH_JOB:
            message = f"No such job {(facts.text('JobId') or '')[:60]} for your account"
        return self._refuse(status, broken.codes[0], message, request_id)

    def apply(self, facts: Facts) -> Mapping[str, Any]:
        """Carry a permitted request out and return the members of its result."""
        value, changed = effects.EFFECTS[facts.operation.name](facts)
        for job in changed:
            self.jobs[job.job_id] = job
        return value

    def _refuse(self, status: int, code: str, message: str, request_id: str) -> Reply:
        return write_error(code, message, request_id=request_id, status=status, namespace=NAMESPACE)

    def _request_id(self) -> str:
        digest = hashlib.sha256(b"request %d" % self.requests).hexdigest()
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _unreadable(request: Request, form: FormReading) -> tuple[int, str, str] | None:
    if request.method not in ("GET", "POST"):
        return 405, "InvalidAction", f"{request.method} requests are not taken"
    if len(request.body) > MAX_REQUEST:
        return 413, "ValidationError", f"The request is larger than {MAX_REQUEST} bytes"
    if form.problems:
        return 400, "MalformedQueryString", f"The form is not well-formed: {form.problems[0][0]}"
    return None
