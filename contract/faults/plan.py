"""Which fault strikes which attempt of which call: data, and a decision that depends on nothing else.

Calls are counted from 0 for each operation, attempts from 1 within each call, as the SDK's own header counts them.
The first rule that fits a call decides. Its steps go by attempts: `2*reset.after_request->ok` strikes the first two.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import BadPlan
from .drawing import drawn_latency
from .fault import Fault
from .kind import When


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to so many attempts in a row.

    Attributes:
        faults: Together, in this order; none when the attempt is left alone.
        times: To how many attempts; None for all that follow.
        percent: How often, by the plan's seed; None for always.
        when: Before or after the service has executed the request; None for what is usual for the faults.
    """

    faults: tuple[Fault, ...] = ()
    times: int | None = None
    percent: float | None = None
    when: When | None = None

    def __post_init__(self) -> None:
        if self.times is not None and self.times < 1:
            raise BadPlan(f"a count must be at least 1, got {self.times}")
        if self.percent is not None and not 0 < self.percent < 100:
            raise BadPlan(f"a percentage must be above 0 and below 100, got {self.percent}")
        if not self.faults and (self.percent is not None or self.when is not None):
            raise BadPlan("ok takes neither a percentage nor pre or post")
        if why := _not_together(self.faults):
            raise BadPlan(why)
        if self.when is not None and (why := _not_when(self.faults, self.when)):
            raise BadPlan(why)

    @property
    def settled_when(self) -> When:
        """Whether the service executes the request that is struck."""
        if self.when is not None:
            return self.when
        made = [one for one in self.faults if one.described.effect in ("failure", "reply", "delivery")]
        return made[0].described.usual if made else "post"

    def __str__(self) -> str:
        count = "" if self.times is None else f"{self.times}*"
        chance = "" if self.percent is None else f"{_plain(self.percent)}%"
        when = "" if self.when is None else f":{self.when}"
        return f"{count}{chance}{'+'.join(map(str, self.faults)) or 'ok'}{when}"


@dataclass(frozen=True, slots=True)
class Rule:
    """The steps for the calls of an operation.

    Attributes:
        operation: Its name, with or without the service's name and a dot before it; ``*`` for all.
        steps: What happens to the attempts of each such call.
        call: Which call only, counted from 0; None for every one.
    """

    operation: str
    steps: tuple[Step, ...]
    call: int | None = None

    def __post_init__(self) -> None:
        if not self.steps:
            raise BadPlan(f"the rule for {self.operation} has no steps")
        if self.call is not None and self.call < 0:
            raise BadPlan(f"calls are counted from 0, got {self.call}")
        for number, step in enumerate(self.steps[:-1]):
            if step.times is None:
                raise BadPlan(
                    f"{self.steps[number + 1]} is never reached: {step} before it has no count, so that it holds for "
                    f"all attempts; write 1*{step}"
                )

    def fits(self, service: str, operation: str, call: int) -> bool:
        """Return whether this rule is about that call."""
        return self.call in (None, call) and self.operation in (
            "*",
            operation,
            f"{service}.{operation}",
            f"{service}.*",
        )

    def step(self, attempt: int) -> Step | None:
        """Return the step for an attempt, counted from 1; None when they are used up."""
        left = attempt
        for step in self.steps:
            if step.times is None or left <= step.times:
                return step
            left -= step.times
        return None

    def __str__(self) -> str:
        call = "" if self.call is None else f"#{self.call}"
        return f"{self.operation}{call}={'->'.join(map(str, self.steps))}"


@dataclass(frozen=True, slots=True)
class Strike:
    """What a plan has decided for one attempt.

    Attributes:
        rule: The number of the rule, from 0.
        faults: What strikes, in this order.
        when: Before or after the service has executed the request.
        seconds: How much later the answer comes, drawn from the latencies among the faults.
    """

    rule: int
    faults: tuple[Fault, ...]
    when: When
    seconds: float = 0.0

    def __str__(self) -> str:
        return "+".join(map(str, self.faults))


@dataclass(frozen=True, slots=True)
class Plan:
    """Rules, of which the first that fits decides.

    Attributes:
        rules: In their order.
        seed: For percentages, which need one, and for latencies, for which it is 0 otherwise.
    """

    rules: tuple[Rule, ...] = ()
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.seed is None and any(step.percent is not None for rule in self.rules for step in rule.steps):
            raise BadPlan("a percentage needs a seed, so that a run can be repeated: begin the plan with seed=1;")
        for number, rule in enumerate(self.rules):
            for other in self.rules[:number]:
                if _covers(other, rule):
                    raise BadPlan(f"the rule {rule} is never reached, since {other} before it fits the same calls")

    def decide(self, service: str, operation: str, call: int, attempt: int) -> Strike | None:
        """Return what strikes an attempt, or None.

        The same arguments give the same strike, whatever other threads do: chances and latencies are drawn from the
        seed and the attempt's own place.

        Args:
            service: botocore's name of the service.
            operation: botocore's name of the operation.
            call: Which call of that operation, counted from 0.
            attempt: Which attempt of that call, counted from 1.
        """
        for number, rule in enumerate(self.rules):
            if not rule.fits(service, operation, call):
                continue
            step = rule.step(attempt)
            if step is None or not step.faults:
                return None
            latencies = [one for one in step.faults if one.kind == "latency"]
            if step.percent is None and not latencies:
                return Strike(number, step.faults, step.settled_when)
            place = f"{self.seed or 0}/{service}.{operation}/{call}/{attempt}"
            draw = random.Random(place)  # noqa: S311 - drawn again from the same seed, not for secrets
            if step.percent is not None and draw.random() >= step.percent / 100:
                return None
            seconds = sum(drawn_latency(one, draw) for one in latencies)
            return Strike(number, step.faults, step.settled_when, seconds)
        return None

    def __str__(self) -> str:
        seed = [] if self.seed is None else [f"seed={self.seed}"]
        return "; ".join([*seed, *map(str, self.rules)])


def once(*faults: Fault) -> Step:
    """Return the step by which the first attempt is struck."""
    return Step(faults, times=1)


def times(count: int, *faults: Fault) -> Step:
    """Return the step by which so many attempts are struck."""
    return Step(faults, times=count)


def always(*faults: Fault) -> Step:
    """Return the step by which every attempt is struck."""
    return Step(faults)


def on(operation: str, *steps: Step, call: int | None = None) -> Rule:
    """Return the rule for the calls of an operation, or for one of them.

    >>> from .fault import fault
    >>> str(on("UpdateJob", times(2, fault("reset.after_request")), Step(), call=0))
    'UpdateJob#0=2*reset.after_request->ok'
    """
    return Rule(operation, steps, call)


def kinds_struck(plan: Plan) -> Iterable[Fault]:
    """Yield every fault of a plan, in its order."""
    return (one for rule in plan.rules for step in rule.steps for one in step.faults)


def _covers(first: Rule, second: Rule) -> bool:
    """Return whether every call that fits `second` fits `first` already."""
    if first.call is not None and first.call != second.call:
        return False
    service, _, bare = first.operation.rpartition(".")
    if first.operation in ("*", second.operation):
        return True
    # A bare name covers that operation of any service, and `service.*` every operation of it.
    other_service, _, other_bare = second.operation.rpartition(".")
    return (not service and bare == other_bare and other_bare != "*") or (bare == "*" and service == other_service)


def _not_together(faults: tuple[Fault, ...]) -> str | None:
    """Return why faults cannot strike the same attempt, or None."""
    effects = [(one, one.described.effect) for one in faults]
    for effect, whole in (("failure", True), ("delivery", True), ("reply", False), ("cut", False), ("framing", False)):
        having = [one for one, had in effects if had == effect]
        if len(having) > 1:
            return f"{having[0]} and {having[1]} cannot strike the same attempt"
        others = [one for one, had in effects if had not in (effect, "delay")]
        if whole and having and others:
            return f"{having[0]} leaves no answer of this attempt for {others[0]} to strike"
    return None


def _not_when(faults: tuple[Fault, ...], when: When) -> str | None:
    for one in faults:
        executed = one.described.executed
        if executed == "no" and when == "post":
            return f"{one} cannot be post: the request does not reach the service"
        if executed == "yes" and when == "pre" and not any(other.described.effect == "reply" for other in faults):
            return f"{one} cannot be pre: the request reaches the service"
    return None


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)
