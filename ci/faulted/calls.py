"""The calls of a test, by which its runs are planned and told apart, and the faults that strike them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from ...contract.errors import BadPlan
from ...contract.faults.fault import Fault
from ...contract.faults.journal import CallRecord
from ...contract.faults.kind import When
from ...contract.faults.plan import Plan, Rule, Step
from ...contract.faults.plan_text import parse_fault

Modifier = Literal["always", "once"]

_INJECTED = re.compile(r"(?P<fault>.+?)(?::(?P<modifier>always|once))?(?::(?P<when>pre|post))?")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a test.

    Attributes:
        service: botocore's name.
        operation: botocore's name.
        number: Which call of that operation in its group, from 0.
        group: The function that makes it, for calls of other threads than the test's; else empty.
    """

    service: str
    operation: str
    number: int = 0
    group: str = ""

    def __str__(self) -> str:
        return f"{self.operation}{f'@{self.group}' if self.group else ''}#{self.number}"


def call_of(record: CallRecord) -> Call:
    """Return which call of the test was recorded."""
    return Call(record.service, record.operation, record.number, record.origin.group if record.origin else "")


@dataclass(frozen=True, slots=True)
class Seen:
    """A call that a test was seen to make.

    Attributes:
        call: Which.
        site: The consumer's line, for a reader.
        chain: A digest of the consumer's code that makes it; empty where the test itself does.
        stack: The same with the test's own line, equal for the turns of a loop.
    """

    call: Call
    site: str = ""
    chain: str = ""
    stack: str = ""


def seen_of(record: CallRecord) -> Seen:
    """Return what was seen of a call that is recorded."""
    origin = record.origin
    return Seen(call_of(record), *((origin.site, origin.chain, origin.stack) if origin else ()))


@dataclass(frozen=True, slots=True)
class Injected:
    """A fault, and how often it strikes the attempts of a call.

    Attributes:
        fault: What strikes.
        modifier: ``always`` strikes every attempt, also when the code makes the same call again; ``once`` the first.
        when: Before or after the service has executed the request; None for what is usual for the fault.
    """

    fault: Fault
    modifier: Modifier = "always"
    when: When | None = None

    def __post_init__(self) -> None:
        self.step()  # complains about what cannot be

    def step(self) -> Step:
        """Return what a plan does."""
        return Step((self.fault,), 1 if self.modifier == "once" else None, when=self.when)

    def __str__(self) -> str:
        # Without blanks, as shells and pytest's -k take them apart.
        when = f":{self.when}" if self.when else ""
        return f"{str(self.fault).replace(', ', ',')}:{self.modifier}{when}"


def read_injected(text: str) -> Injected:
    """Return what `text` writes; without a modifier it strikes always.

    Raises:
        BadPlan: It is none; the text offers close names.

    >>> str(read_injected("status(503, body=html)"))
    'status(503,body=html):always'
    """
    found = _INJECTED.fullmatch(text)
    if found is None:
        raise BadPlan("expected a fault such as response_lost:once, got an empty text")
    modifier = cast("Modifier", found["modifier"] or "always")
    return Injected(parse_fault(found["fault"]), modifier, cast("When | None", found["when"]))


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that strikes a call."""

    call: Call
    injected: Injected

    def __str__(self) -> str:
        return f"{self.call}:{self.injected}"


@dataclass(frozen=True, slots=True)
class Planned:
    """One run of a test.

    Attributes:
        strikes: What strikes; nothing in the run that shows that the test passes without. The last one is judged:
            those before it bring about the call that it strikes.
    """

    strikes: tuple[Strike, ...] = ()

    @property
    def name(self) -> str:
        """How the run is called."""
        return "+".join(map(str, self.strikes)) or "no-fault"

    def plan(self) -> Plan:
        """Return what the engine does."""
        return Plan(
            tuple(
                Rule(f"{strike.call.service}.{strike.call.operation}", (strike.injected.step(),), strike.call.number)
                for strike in self.strikes
            )
        )


NO_FAULT = Planned()
