"""What a test under a fault can ask: which fault, and what the service and the client saw so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...contract.faults.journal import CallRecord
from .calls import Planned


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """The fault of this run.

    Attributes:
        name: The kind, e.g. ``response_lost``, or ``error`` for a documented one.
        code: The error code with which the service refuses, where it does.
        modifier: ``always`` or ``once``.
        call: Which call is struck, e.g. ``UpdateJob#0``.
        text: The whole, as in the test's id.
    """

    name: str
    code: str | None
    modifier: str
    call: str
    text: str

    def __str__(self) -> str:
        return self.text


class Faults:
    """What the fixture `faults` is."""

    def __init__(self, planned: Planned) -> None:
        """Take what is planned for the run."""
        self._planned = planned
        self._journal: Callable[[], tuple[CallRecord, ...]] = tuple
        self.looked = False

    @property
    def injected(self) -> InjectedFault | None:
        """The fault of this run; None in the run without one, and in tests without the mark.

        A test that asks takes it on itself to say what is right under the fault: that it passes is then no longer taken
        for a report of success.
        """
        self.looked = True
        if not self._planned.strikes:
            return None
        last = self._planned.strikes[-1]
        code = last.injected.fault.value("code")
        return InjectedFault(
            last.injected.fault.kind,
            code if isinstance(code, str) else None,
            last.injected.modifier,
            str(last.call),
            self._planned.name,
        )

    @property
    def journal(self) -> tuple[CallRecord, ...]:
        """The calls of the test so far, with their attempts, and what the service did."""
        return self._journal()

    def follow(self, journal: Callable[[], tuple[CallRecord, ...]]) -> None:
        """Take the journal from here from now on; the plugin calls it."""
        self._journal = journal
