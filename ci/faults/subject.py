"""The call that faults are tried on: one that succeeds, made anew on an embedded endpoint that knows nothing yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ...contract.adapters.models import read_operation
from ...contract.case import Call, Case
from ...contract.errors import BadConfiguration, close_names
from ...contract.interaction import Reply, Request
from ...contract.model import Operation
from ...contract.specification import Probe
from ..embedded import EmbeddedService, open_embedded


@dataclass
class Subject:
    """A call that succeeds, and the endpoint that it is sent to.

    Attributes:
        operation: What is called.
        case: The call.
        service: The embedded endpoint.
        served: Each answer that the endpoint has given since `renew`, oldest first.
    """

    operation: Operation
    case: Case
    service: EmbeddedService
    served: list[tuple[Request, Reply]] = field(default_factory=list[tuple[Request, Reply]])

    def renew(self) -> Mapping[str, Any]:
        """Put the endpoint back to its beginning, and return the parameters of a call that will succeed."""
        self.service.reset()
        case = self.case.resolve({state: self.service.job(state) for state in sorted(self.case.references())})
        self.served.clear()
        if not isinstance(case.sent, Call):
            raise TypeError(f"faults are tried on calls through the SDK, not on {case.sent!r}")
        return case.sent.parameters

    def answer(self, request: Request, now: datetime) -> Reply:
        """Answer as the endpoint does, and remember the answer."""
        reply = self.service.answer(request, now)
        self.served.append((request, reply))
        return reply


def open_subject(service: str, operation: str) -> Subject:
    """Return the call that faults are tried on: the first of the specification's probes that is to succeed.

    Raises:
        NoSpecification: Nothing is known about the service beyond its model.
        BadConfiguration: The operation has no such probe.
    """
    embedded = open_embedded(service)
    specification = embedded.specification
    if operation not in specification.subjects:
        raise BadConfiguration(
            f"no faults can be tried on {operation} of {service}; {close_names(operation, specification.subjects)}"
        )
    for probe in specification.probes(operation, embedded.world, (embedded.credential,)):
        if isinstance(probe, Probe) and probe.provokes is None and isinstance(probe.case.sent, Call):
            return Subject(read_operation(service, operation), probe.case, embedded)
    raise BadConfiguration(f"the specification of {service} has no call of {operation} that is to succeed")
