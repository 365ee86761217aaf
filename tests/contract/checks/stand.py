"""A stand on which exchanges are made: through the judge with an endpoint whose reply is altered, or by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botoproof.ci.campaign.judge import Judge, open_judge
from botoproof.ci.campaign.states import States
from botoproof.ci.campaign.targets import EMBEDDED_URL, embedded_target
from botoproof.contract.adapters.models import read_operation, read_operations
from botoproof.contract.case import Call, Case, Form, Raw
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.codec.query_reply import write_error, write_result
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.exchange import Exchange
from botoproof.contract.expectation import Expectation, Promise, Violation
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Interaction, Reply, Request
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.endpoint import NAMESPACE, Endpoint
from botoproof.contract.services.importexport.manifests import base_fields, base_import, write_manifest
from botoproof.contract.services.importexport.specification import default_world

UPDATE = read_operation("importexport", "UpdateJob")
PROMISE = Promise("Success", value=True, evidence=Evidence.OBSERVED, source="a live test")
VALID: Mapping[str, Any] = {
    "JobId": "~pending~",
    "Manifest": base_import(default_world()),
    "JobType": "Import",
    "ValidateOnly": True,
}
UNKNOWN_JOB: Mapping[str, Any] = {**VALID, "JobId": "ZZZZZ"}
# An import to EBS is answered with an artifact, and so with a list.
WITH_ARTIFACT: Mapping[str, Any] = {**VALID, "Manifest": write_manifest(base_fields(default_world(), "ebs"))}


def unchanged(reply: Reply) -> Reply:
    return reply


class AlteredEndpoint(Endpoint):
    """The embedded endpoint, whose replies are altered as the test wishes."""

    alter: Callable[[Reply], Reply] = staticmethod(unchanged)

    def answer(self, request: Request, now: datetime) -> Reply:
        return self.alter(super().answer(request, now))


def violation(
    *codes: str,
    rule: str = "a.rule",
    evidence: Evidence = Evidence.DOCUMENTED,
    naming: Evidence | None = None,
    certain: bool = True,
) -> Violation:
    """Return a broken rule that is answered with one of `codes`."""
    return Violation(rule, codes, "the reason", evidence, naming or evidence, f"where {rule} stands", certain)


def success(**members: Any) -> Reply:
    """Return a right reply of UpdateJob."""
    return write_result(UPDATE, {"Success": True, **members}, request_id="an-id", namespace=NAMESPACE)


def refusal(code: str, message: str = "No", *, status: int = 400, fault: str = "Sender") -> Reply:
    """Return a refusal in the documented envelope."""
    return write_error(code, message, request_id="an-id", status=status, fault=fault, namespace=NAMESPACE)


@dataclass
class Stand:
    """Makes exchanges of UpdateJob."""

    judge: Judge
    endpoint: AlteredEndpoint

    def sent(
        self, sent: Call | Form | Raw, *, alter: Callable[[Reply], Reply] = unchanged, repeat: bool = False
    ) -> Exchange:
        """Return what comes of a case sent to the endpoint while its replies are altered."""
        self.endpoint.alter = alter
        try:
            return self.judge.exchange(Case("UpdateJob", sent), repeat=repeat)
        finally:
            self.endpoint.alter = unchanged

    def answered(
        self,
        reply: Reply,
        *violations: Violation,
        undecided: str = "",
        evidence: Evidence = Evidence.DOCUMENTED,
        promises: tuple[Promise, ...] = (PROMISE,),
        query: str = "",
        body: bytes = b"Action=UpdateJob",
    ) -> Exchange:
        """Return an exchange made by hand: this reply to a request that deserves what `violations` say."""
        request = Request("POST", f"{EMBEDDED_URL}/{'?' if query else ''}{query}", (), body)
        reading = read_reply(UPDATE, reply, namespaces=SPECIFICATION.namespaces)
        return Exchange(
            operation=UPDATE,
            case=Case("UpdateJob", Raw(body)),
            interaction=Interaction(request, reply, None, datetime.now(UTC), 0.01),
            outcome=self.judge.caller.sdk.parse(UPDATE, reply),
            reading=reading,
            expectation=Expectation(violations, evidence, undecided, "where success is promised", promises),
            complaints=(),
            allowance=self.judge.allowance,
        )


def open_stand() -> Stand:
    """Return a stand with a job in every provider state."""
    operations = {operation.name: operation for operation in read_operations("importexport")}
    endpoint = AlteredEndpoint(default_world(), operations, now=datetime.now(UTC))
    judge = open_judge(SPECIFICATION, embedded_target(SPECIFICATION, default_world(), EXAMPLE_KEY, endpoint=endpoint))
    for _ in States(judge).prepare():
        continue
    return Stand(judge, endpoint)
