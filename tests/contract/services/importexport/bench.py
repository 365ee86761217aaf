"""A bench: the embedded endpoint in a world and at a time of its own, a real boto3 client, the oracle beside them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.codec.form import Pairs, write_form
from botoproof.contract.codec.query_reading import ReplyReading, read_reply
from botoproof.contract.codec.signature import Credential, Scope, sign_v4
from botoproof.contract.expectation import Expectation
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.model import Operation
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.configuration import other_keys
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.world import AccessKey, Bucket, Era, Job, JobState, World

from .dossier import BASE_IMPORT

OWN = Credential("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
COLLEAGUE = Credential("AKIAI7777777COLLEAGU", "the colleague's secret")
STRANGER = Credential("AKIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")
NOW = datetime(2015, 5, 27, 18, 58, 21, tzinfo=UTC)
URL = "https://importexport.amazonaws.com/"
FORM_TYPE = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
SCOPE = Scope("us-east-1", "IngestionService")

OPERATIONS: Mapping[str, Operation] = {operation.name: operation for operation in read_operations("importexport")}


def the_world() -> World:
    """The world of the dossier's truth table: its buckets, and a job in every state."""

    def job(job_id: str, state: JobState = JobState.PENDING, days: int = 1, account: str = "111122223333") -> Job:
        made_with = OWN.access_key_id if account == "111122223333" else STRANGER.access_key_id
        return Job(job_id, account, "Import", BASE_IMPORT, NOW - timedelta(days=days), state, made_with)

    jobs = (
        job("53TX4"),
        job("CNC11", JobState.CANCELLED),
        job("EXP11", days=31),
        job("AGE3A", days=30),
        job("ATAWS", JobState.RECEIVED, days=40),
        job("RUN11", JobState.IN_PROGRESS),
        job("DNE11", JobState.COMPLETE),
        job("ERR11", JobState.SUCCESS_WITH_ERRORS),
        job("FRN11", account="444455556666"),
    )
    return World(
        era=Era.B,
        access_keys={
            **{key.access_key_id: AccessKey(key.secret_access_key) for key in (OWN, COLLEAGUE)},
            **other_keys(SPECIFICATION.accounts),
        },
        buckets={
            "ck-import-use1": Bucket(),
            "ck-log-use1": Bucket(),
            "ck-export-use1": Bucket(),
            "ck-import-usw2": Bucket("us-west-2"),
            "ck-import-euw1": Bucket("eu-west-1"),
            "ck-export-euw1": Bucket("eu-west-1"),
            "ck-import-sgp": Bucket("ap-southeast-1"),
            "ck-import-jp": Bucket("ap-northeast-1"),
            "ck-not-mine": Bucket("us-east-1", "denied"),
        },
        jobs={job.job_id: job for job in jobs},
        api_versions=frozenset({"1.0"}),
    )


@dataclass
class Bench:
    """An endpoint with a clock.

    Attributes:
        endpoint: Answers; its jobs can be looked at.
        now: The time, for the endpoint, the signatures and the oracle alike.
        exchanges: Every request sent, and its reply.
    """

    endpoint: Endpoint
    client: Any
    now: datetime = NOW
    exchanges: list[tuple[Request, Reply]] = field(default_factory=list[tuple[Request, Reply]])

    @property
    def world(self) -> World:
        return self.endpoint.world

    def post(self, pairs: Pairs, *, credential: Credential = OWN) -> Request:
        """Return a form as a signed POST."""
        return sign_v4(Request("POST", URL, (FORM_TYPE,), write_form(pairs)), credential, SCOPE, self.now)

    def update(self, manifest: str | None = BASE_IMPORT, **changes: str | None) -> Request:
        """Return the dossier's baseline request, with some parameters changed, added, or left out where None."""
        pairs = {"Action": "UpdateJob", "Version": "2010-06-01", "JobId": "53TX4", "JobType": "Import"}
        merged: dict[str, str | None] = {**pairs, "Manifest": manifest, "ValidateOnly": "false", **changes}
        return self.post(tuple((name, value) for name, value in merged.items() if value is not None))

    def ask(self, operation: str, **parameters: str) -> Request:
        """Return a request of another operation."""
        return self.post((("Action", operation), ("Version", "2010-06-01"), *parameters.items()))

    def expect(self, request: Request) -> Expectation:
        """Return what the oracle says of a request."""
        return SPECIFICATION.expect(request, world=self.world, now=self.now, operations=OPERATIONS)[1]

    def answer(self, request: Request) -> Reply:
        """Return what the endpoint answers."""
        reply = self.endpoint.answer(request, self.now)
        self.exchanges.append((request, reply))
        return reply

    def read(self, request: Request, operation: str = "UpdateJob") -> ReplyReading:
        """Return what the endpoint answers, read strictly: a reply is never at odds with the protocol."""
        reading = read_reply(OPERATIONS[operation], self.answer(request), namespaces=SPECIFICATION.namespaces)
        assert reading.departures == ()
        return reading

    def code(self, request: Request, operation: str = "UpdateJob") -> str | None:
        """Return the code with which the endpoint refuses, or None when it accepts."""
        error = self.read(request, operation).error
        return error.code if error else None

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call through boto3, and return what it returns: that and the strict reading of the reply agree."""
        method = {api: name for name, api in self.client.meta.method_to_api_mapping.items()}[operation]
        value: dict[str, Any] = getattr(self.client, method)(**parameters)
        reading = read_reply(OPERATIONS[operation], self.exchanges[-1][1], namespaces=SPECIFICATION.namespaces)
        metadata = value.pop("ResponseMetadata")
        assert reading.departures == ()
        assert value == reading.value
        assert metadata["RequestId"] == reading.request_id
        return value

    def refusal(self, operation: str, **parameters: Any) -> str:
        """Return the name of the exception that a call through boto3 raises; its fields are those of the reply."""
        with pytest.raises(self.client.exceptions.ClientError) as raised:
            self.call(operation, **parameters)
        reading = read_reply(OPERATIONS[operation], self.exchanges[-1][1], namespaces=SPECIFICATION.namespaces)
        assert reading.departures == ()
        assert reading.error is not None
        error = raised.value.response["Error"]
        told = (error.get("Code"), error.get("Message"), error.get("Type"))
        assert told == (reading.error.code, reading.error.message, reading.error.fault)
        return type(raised.value).__name__

    def later(self, **passed: float) -> None:
        """Let time pass."""
        self.now += timedelta(**passed)


class _Body(io.BytesIO):
    """A body as botocore expects it from urllib3."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


def as_data(prepared: AWSPreparedRequest) -> Request:
    """Return botocore's prepared request as data."""
    body: Any = prepared.body or b""
    data: bytes = body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else body.read()
    headers = [
        (name, value.decode() if isinstance(value, bytes) else str(value)) for name, value in prepared.headers.items()
    ]
    return Request(str(prepared.method), str(prepared.url), tuple(headers), data)


def as_response(url: str, reply: Reply) -> AWSResponse:
    """Return a reply as what botocore gets from its HTTP session."""
    raw: Any = _Body(reply.body)
    headers: Any = HeadersDict(reply.headers)
    return AWSResponse(url, reply.status, headers, raw)


@dataclass
class Wire:
    """A boto3 client, and who answers it."""

    client: Any
    answer: Callable[[Request], Reply] | None = None
