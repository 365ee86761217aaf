"""What a plan does to the attempts of the clients that it is at work on."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakSet

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.endpoint import Endpoint
from botocore.model import OperationModel

from ..errors import BadPlan
from ..faults.fault import Fault
from ..faults.journal import Attempt, CallRecord, Origin
from ..faults.plan import Plan, Rule, Strike
from ..faults.replies import altered, answer
from ..interaction import Reply
from ..model import Operation, describe_operation
from .hook_deliveries import Deliveries, Sending
from .hook_seams import EMITTER, Intercepted, is_failure, outcome_of, raised, seen_of, sent, time_limit, with_emitter
from .ledger import Ledger
from .retry_quota import fill_quota
from .sdk import as_response
from .virtual_time import Clock, backoff

_CALL = "botoproof_call"
"""Where a call is kept in botocore's own context of it, by the injection."""

Watch = Callable[[str, str, Any], Origin | None]
"""Asked before each call, in its thread: where it comes from. It is given botocore's names of service and operation,
and the request as serialised.

None leaves the call alone: it is neither counted nor noted."""


@dataclass(slots=True)
class _Call:
    """A call that is being made."""

    service: str
    operation: OperationModel
    context: dict[str, Any]
    origin: Origin | None = None
    elapsed: float = 0.0
    attempt: int = 0
    number: int = 0

    @property
    def invocation(self) -> str:
        return str(self.context.get("retries", {}).get("invocation-id", ""))


@dataclass(slots=True)
class _Attempt:
    """An attempt that is being made."""

    call: _Call
    sending: Sending
    connection: Any
    strike: Strike | None
    inert: bool = False


class Injection:
    """A plan at work: what it has done so far."""

    def __init__(self, plan: Plan, clock: Clock, watch: Watch | None = None) -> None:
        """Take a plan that was checked, what lets time pass, and what is asked where calls come from."""
        self.plan = plan
        self.clock = clock
        self._watch = watch
        self._ledger = Ledger()
        self._lock = threading.Lock()
        self._met: set[int] = set()
        self._filled: WeakSet[Any] = WeakSet()
        self._operations: dict[int, Operation] = {}
        self._answers: dict[tuple[Fault, str, str], Reply] = {}
        self._texts: dict[int, str] = {}
        self._misuse: BadPlan | None = None
        struck = [one for rule in plan.rules for step in rule.steps for one in step.faults]
        self._deliveries = Deliveries() if any(one.described.effect == "delivery" for one in struck) else None

    def calls(self) -> tuple[CallRecord, ...]:
        """Return the journal: the calls so far, with their attempts."""
        return self._ledger.calls()

    @property
    def idle(self) -> tuple[Rule, ...]:
        """The rules that have struck no attempt so far, though they hold a fault."""
        return tuple(
            rule
            for number, rule in enumerate(self.plan.rules)
            if number not in self._met and any(step.faults for step in rule.steps)
        )

    def close(self) -> None:
        """End what is under way.

        Raises:
            BadPlan: The plan could not strike where it was to; the code that called may have swallowed it.
        """
        if self._deliveries is not None:
            self._deliveries.release()
        if self._misuse is not None:
            raise self._misuse

    def make_request(self, onward: Any, endpoint: Endpoint, operation: OperationModel, request: dict[str, Any]) -> Any:
        """Make a call; `onward` is what botocore would do."""
        service = operation.service_model.service_name
        origin = self._watch(service, operation.name, request) if self._watch else None
        if self._watch and origin is None:
            return onward(endpoint, operation, request)
        call = _Call(service, operation, request["context"], origin)
        self._fill_quota(endpoint, operation)
        call.context[f"{_CALL}_{id(self)}"] = call
        outer = backoff.get()

        def passing(seconds: float) -> None:
            self._ledger.amend(call.invocation, call.attempt, waited=seconds)
            call.elapsed += seconds
            (outer or self.clock.sleep)(seconds)

        token = backoff.set(passing)
        outcome = ""
        try:
            made = onward(endpoint, operation, request)
            outcome = outcome_of(made)
        except BaseException as wrong:
            outcome = type(wrong).__name__
            raise
        else:
            return made
        finally:
            backoff.reset(token)
            self._ledger.end(call.invocation, outcome)

    def get_response(
        self, onward: Any, endpoint: Endpoint, request: Any, operation: OperationModel, context: dict[str, Any]
    ) -> Any:
        """Make an attempt; `onward` is what botocore would do."""
        call: _Call | None = context.get(f"{_CALL}_{id(self)}")
        if call is None:  # the plan came while the call was under way
            return onward(endpoint, request, operation, context)
        call.attempt = int(context["retries"]["attempt"])
        call.number = self._ledger.call(call.service, operation.name, call.invocation, call.origin)
        strike = self._decided(call)
        attempt: list[_Attempt] = []

        def exchange(event: str, prepared: AWSPreparedRequest) -> AWSResponse:
            sending = Sending(prepared, lambda: sent(endpoint, event, prepared))
            attempt.append(_Attempt(call, sending, endpoint.http_session, strike))
            return self._exchange(attempt[0])

        # Where answers go astray, also those to other calls do.
        struck = strike is not None or self._deliveries is not None
        view = with_emitter(endpoint, Intercepted(getattr(endpoint, EMITTER), exchange, struck=struck))
        at, seen = call.elapsed, ""
        try:
            response = onward(view, request, operation, context)
            seen = seen_of(response)
        except BaseException as wrong:
            seen = type(wrong).__name__
            raise
        else:
            return response
        finally:
            self._ledger.note(
                call.invocation,
                Attempt(
                    number=call.attempt,
                    at=at,
                    struck=self._written(strike) if strike and attempt else "",
                    served=tuple(attempt[0].sending.served) if attempt else (),
                    seen=seen,
                    seconds=call.elapsed - at,
                    inert=bool(attempt and attempt[0].inert),
                    note=attempt[0].sending.note if attempt else "",
                ),
            )

    def _written(self, strike: Strike) -> str:
        key = id(strike.faults)  # of the plan, which outlives this
        if key not in self._texts:
            self._texts[key] = str(strike)
        return self._texts[key]

    def _decided(self, call: _Call) -> Strike | None:
        number, origin = call.number, call.origin
        if origin is not None:
            if not origin.exposed:
                return None
            number = number if origin.repeats is None else origin.repeats
        return self.plan.decide(call.service, call.operation.name, number, call.attempt)

    def _exchange(self, attempt: _Attempt) -> AWSResponse:
        strike, url = attempt.strike, attempt.sending.request.url
        if strike is None:
            if self._deliveries is None:
                return attempt.sending.passed_on()
            return as_response(url, self._deliveries.exchange(attempt.sending, attempt.connection))
        with self._lock:
            self._met.add(strike.rule)
        reply = self._delivered(attempt, strike)
        self._delay(attempt, strike, reply)
        for one in strike.faults:
            if is_failure(one.described):
                self._fail(attempt, one)
            if one.described.effect == "reply":
                reply = self._answer(attempt, one)
        if reply is None:
            raise BadPlan(f"{strike} leaves no answer to give")
        left = altered(reply, strike.faults)
        if any(one.described.effect in ("change", "cut") for one in strike.faults):
            attempt.inert = left == reply
        return as_response(url, left)

    def _delivered(self, attempt: _Attempt, strike: Strike) -> Reply | None:
        """Let the service see what it sees of a request that is struck, and return its answer."""
        sending, call, deliveries = attempt.sending, attempt.call, self._deliveries
        astray = next((one for one in strike.faults if one.described.effect == "delivery"), None)
        if deliveries is None:
            return sending.deliver() if strike.when == "post" else None
        if astray is None:
            return deliveries.exchange(sending, attempt.connection) if strike.when == "post" else None
        if astray.kind == "reorder":
            number = call.attempt
            deliveries.hold(
                Sending(sending.request, sending.send),
                lambda served: self._ledger.amend(call.invocation, number, served=served),
            )
            sending.note = "held until after the next"
            self._fail(attempt, astray)
        return deliveries.astray(astray, sending, attempt.connection)

    def _delay(self, attempt: _Attempt, strike: Strike, reply: Reply | None) -> None:
        limit = time_limit(attempt.call.context, "read")
        for one in strike.faults:
            if one.kind == "drip":
                every = one.number("every")
                if every > limit:
                    self._late(attempt, one, limit)
                self._pass(attempt, every * (len(reply.body if reply else b"") // one.number("size")))
        if strike.seconds > limit:
            self._late(attempt, next(one for one in strike.faults if one.kind == "latency"), limit)
        self._pass(attempt, strike.seconds)

    def _late(self, attempt: _Attempt, one: Fault, limit: float) -> None:
        self._pass(attempt, limit)
        raise raised(one, attempt.sending.request.url, "ReadTimeoutError")

    def _fail(self, attempt: _Attempt, one: Fault) -> None:
        kind = one.described
        if kind.waits:
            limit = time_limit(attempt.call.context, kind.waits)
            if limit == math.inf:
                self._misuse = BadPlan(f"{one} would never end: the client has no {kind.waits} timeout")
                raise self._misuse
            self._pass(attempt, limit)
        raise raised(one, attempt.sending.request.url)

    def _pass(self, attempt: _Attempt, seconds: float) -> None:
        if seconds:
            attempt.call.elapsed += seconds
            self.clock.sleep(seconds)

    def _answer(self, attempt: _Attempt, one: Fault) -> Reply:
        operation = self._described(attempt.call.operation)
        key = (one, operation.service, operation.name)
        known = self._answers.get(key)
        if known is not None:
            return known
        try:
            made = answer(one, operation, datetime.now(UTC))
        except BadPlan as wrong:
            self._misuse = wrong
            raise
        if one.kind != "skew":  # which tells the time
            self._answers[key] = made
        return made

    def _described(self, operation: OperationModel) -> Operation:
        found = self._operations.get(id(operation))
        if found is None or found.declared is not operation:
            model = operation.service_model
            found = self._operations[id(operation)] = describe_operation(model, model.service_name, operation.name)
        return found

    def _fill_quota(self, endpoint: Endpoint, operation: OperationModel) -> None:
        with self._lock:
            if endpoint.http_session in self._filled:
                return
            self._filled.add(endpoint.http_session)
        service = operation.service_model.service_id.hyphenize()
        fill_quota(getattr(endpoint, EMITTER), f"needs-retry.{service}.{operation.name}")
