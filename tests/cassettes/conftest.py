"""Interactions to record, for the tests of recordings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from botoproof.cassettes.format import Cassette, Provenance, Recorded
from botoproof.cassettes.key import request_key
from botoproof.contract.codec.form import write_form
from botoproof.contract.interaction import Reply, Request

FORM = ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
ENDPOINT = "https://importexport.amazonaws.com/"
SIGNER = "AKIAIOSFODNN7EXAMPLE"

Asked = Callable[..., Request]


@pytest.fixture
def provenance() -> Provenance:
    return Provenance("embedded", "127.0.0.1", "importexport", "botocore 1.44.5", date(2026, 11, 23), "botoproof 0.1.0")


@pytest.fixture
def asked() -> Asked:
    """Makes a request of form pairs, signed by version 4 as the SDK does."""

    def make(
        *pairs: tuple[str, str], url: str = "https://importexport.amazonaws.com/", signer: str = SIGNER
    ) -> Request:
        scope = f"{signer}/20261123/us-east-1/IngestionService/aws4_request"
        signature = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={'0a' * 32}"
        headers = (FORM, ("X-Amz-Date", "20261123T120000Z"), ("Authorization", signature))
        return Request("POST", url, headers, write_form(pairs))

    return make


@pytest.fixture
def reply() -> Reply:
    return Reply(200, (("Content-Type", "text/xml"),), b"<UpdateJobResponse>caf\xc3\xa9</UpdateJobResponse>")


@pytest.fixture
def recording(provenance: Provenance) -> Callable[..., Cassette]:
    """Makes a recording of pairs of request and reply."""

    def make(*interactions: tuple[Request, Reply]) -> Cassette:
        recorded = tuple(Recorded(request, reply, request_key(request)) for request, reply in interactions)
        return Cassette(provenance, 1, recorded)

    return make
