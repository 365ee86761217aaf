"""The pact of UpdateJob, and providers that keep it or do not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from botoproof.ci.campaign.judge import Judge, open_judge
from botoproof.ci.campaign.targets import embedded_target
from botoproof.ci.pacts.pact import Interaction, Pact
from botoproof.ci.pacts.promised import promised_interactions
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.model import Operation
from botoproof.contract.services import find_specification
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.specification import default_world

SPECIFICATION = find_specification("importexport")
CONSUMER, PROVIDER = "importexport-client", "aws-importexport"


@pytest.fixture(scope="session")
def operations() -> Mapping[str, Operation]:
    return {operation.name: operation for operation in read_operations("importexport")}


@pytest.fixture(scope="session")
def update_job(operations: Mapping[str, Operation]) -> tuple[Interaction, ...]:
    return promised_interactions(SPECIFICATION, "UpdateJob", operations).interactions


@pytest.fixture(scope="session")
def pact(update_job: tuple[Interaction, ...]) -> Pact:
    return Pact(CONSUMER, PROVIDER, update_job)


def judge_of(endpoint: Endpoint | None = None) -> Judge:
    """Return a judge of an embedded endpoint, or of one that a test has made."""
    return open_judge(SPECIFICATION, embedded_target(SPECIFICATION, default_world(), EXAMPLE_KEY, endpoint=endpoint))


def endpoint_of(kind: type[Endpoint], operations: Mapping[str, Operation]) -> Endpoint:
    """Return an endpoint of a class of its own."""
    return kind(SPECIFICATION.without_quotas(default_world()), operations, now=datetime.now(UTC))
