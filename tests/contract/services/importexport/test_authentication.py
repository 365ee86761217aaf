"""Signatures are verified for real: those of botocore's own signers, and those that are not right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botoproof.contract.codec.form import Pairs, write_form
from botoproof.contract.codec.signature import Credential, sign_v2, sign_v4
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Request

from .bench import COLLEAGUE, FORM_TYPE, NOW, OWN, SCOPE, STRANGER, URL, Bench, Wire
from .dossier import BASE_IMPORT

HOST = "importexport.amazonaws.com"
PAIRS: Pairs = (
    ("Action", "UpdateJob"),
    ("Version", "2010-06-01"),
    ("JobId", "53TX4"),
    ("JobType", "Import"),
    ("Manifest", BASE_IMPORT),
    ("ValidateOnly", "true"),
)
KEYS = {"own": OWN, "colleague": COLLEAGUE}


def credentials(key: Credential) -> Credentials:
    return Credentials(key.access_key_id, key.secret_access_key)


@pytest.fixture
def live_bench(bench: Bench) -> Bench:
    """A bench whose clock shows the real time, as botocore's signers do."""
    bench.now = datetime.now(UTC)
    job = bench.endpoint.jobs["53TX4"]
    bench.endpoint.jobs["53TX4"] = replace(job, created=bench.now)
    return bench


def test_what_boto3_itself_signs_is_genuine(live_bench: Bench, wire: Wire) -> None:
    wire.answer = live_bench.answer

    assert live_bench.call("UpdateJob", **{**dict(PAIRS[2:]), "ValidateOnly": True})["Success"] is True
    assert "IngestionService" in str(live_bench.exchanges[-1][0].header("authorization"))


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_botocores_signer_of_version_4_is_believed(live_bench: Bench, verb: str, name: str) -> None:
    url, body = (f"{URL}?{urlencode(PAIRS).replace('+', '%20')}", b"") if verb == "GET" else (URL, write_form(PAIRS))
    headers: dict[str, str] = {} if verb == "GET" else dict([FORM_TYPE])
    signed = AWSRequest(verb, url, headers, body)
    auth.SigV4Auth(credentials(KEYS[name]), "IngestionService", "us-east-1").add_auth(signed)

    request = Request(verb, url, tuple((key, str(value)) for key, value in signed.headers.items()), body)

    assert live_bench.read(request).value is not None
    assert live_bench.expect(request).may_succeed


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_botocores_signer_of_version_2_is_believed(live_bench: Bench, verb: str) -> None:
    made = AWSRequest(verb, URL, data=dict(PAIRS)) if verb == "POST" else AWSRequest(verb, URL, params=dict(PAIRS))
    signer: Any = auth.SigV2Auth(credentials(OWN))
    signer.add_auth(made)
    prepared = made.prepare()
    headers = tuple((key, str(value)) for key, value in prepared.headers.items())
    content: Any = prepared.body or b""

    request = Request(verb, str(prepared.url), (FORM_TYPE, *headers), content.encode() if content else b"")

    assert live_bench.expect(request).must_succeed
    assert live_bench.read(request).value is not None


def v4(key: Credential = OWN, age: timedelta = timedelta()) -> Request:
    return sign_v4(Request("POST", URL, (FORM_TYPE,), write_form(PAIRS)), key, SCOPE, NOW - age)


def v2(key: Credential = OWN, age: timedelta = timedelta(), *, verb: str = "POST") -> Request:
    form = write_form(sign_v2(PAIRS, key, NOW - age, method=verb, host=HOST), plus=False)
    if verb == "GET":
        return Request("GET", f"{URL}?{form.decode()}", (), b"")
    return Request("POST", URL, (FORM_TYPE,), form)


def without_header(request: Request, name: str) -> Request:
    return replace(request, headers=tuple(pair for pair in request.headers if pair[0] != name))


def with_body(request: Request, old: bytes, new: bytes) -> Request:
    assert request.body.count(old) == 1
    return replace(request, body=request.body.replace(old, new))


UNKNOWN = ("InvalidClientTokenIdException",)
MISSING = (
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "InvalidClientTokenIdException",
    "IncompleteSignature",
)
WRONG = ("SignatureDoesNotMatch", "SignatureDoesNotMatchException", "IncompleteSignature")
LATE = ("RequestExpired", "SignatureDoesNotMatch", "RequestTimeTooSkewed")
SECRET = Credential(OWN.access_key_id, "another secret")

REFUSED: dict[str, tuple[Callable[[], Request], tuple[str, ...]]] = {
    "version 4, unknown key": (lambda: v4(STRANGER), UNKNOWN),
    "version 2, unknown key": (lambda: v2(STRANGER), UNKNOWN),
    "version 2 by GET, unknown key": (lambda: v2(STRANGER, verb="GET"), UNKNOWN),
    "no signature": (lambda: without_header(v4(), "Authorization"), MISSING),
    "another scheme": (
        lambda: replace(v4(), headers=(FORM_TYPE, ("Authorization", "Basic dXNlcjpwYXNz"))),
        MISSING,
    ),
    "version 2 without its version": (lambda: with_body(v2(), b"SignatureVersion=2", b"SignatureVersion=1"), MISSING),
    "version 4, another secret": (lambda: v4(SECRET), WRONG),
    "version 2, another secret": (lambda: v2(SECRET), WRONG),
    "version 4, another body": (lambda: with_body(v4(), b"ValidateOnly=true", b"ValidateOnly=false"), WRONG),
    "version 2, another body": (lambda: with_body(v2(), b"ValidateOnly=true", b"ValidateOnly=false"), WRONG),
    "version 4, another host": (lambda: replace(v4(), url="https://example.com/"), WRONG),
    "version 2 by GET, sent by POST": (lambda: replace(v2(verb="GET"), method="POST"), WRONG),
    "version 2, an addition": (lambda: replace(v2(), body=v2().body + b"&APIVersion=1.0"), WRONG),
    "version 4, 15 minutes and a second ago": (lambda: v4(age=timedelta(minutes=15, seconds=1)), LATE),
    "version 4, in 15 minutes and a second": (lambda: v4(age=-timedelta(minutes=15, seconds=1)), LATE),
    "version 2, an hour ago": (lambda: v2(age=timedelta(hours=1)), LATE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_request_that_is_not_authentic_is_refused_with_403(bench: Bench, name: str) -> None:
    make, codes = REFUSED[name]
    before = dict(bench.endpoint.jobs)

    reading = bench.read(make())

    assert reading.error is not None
    assert (reading.error.code, reading.error.fault) == (codes[0], "Sender")
    assert bench.exchanges[-1][1].status == 403
    assert bench.endpoint.jobs == before


@pytest.mark.parametrize("name", REFUSED)
def test_the_oracle_asks_for_the_refusal_of_what_is_not_authentic(bench: Bench, name: str) -> None:
    make, codes = REFUSED[name]

    expectation = bench.expect(make())

    assert expectation.codes == codes
    assert not expectation.may_succeed
    assert not expectation.undecided


@pytest.mark.parametrize("age", [timedelta(minutes=15), -timedelta(minutes=15), timedelta()])
@pytest.mark.parametrize("make", [v4, v2])
def test_a_signature_is_good_for_15_minutes_either_way(
    bench: Bench, make: Callable[..., Request], age: timedelta
) -> None:
    assert bench.expect(make(age=age)).must_succeed
    assert bench.code(make(age=age)) is None


def test_the_status_for_an_unknown_key_is_documented(bench: Bench) -> None:
    violation = bench.expect(v4(STRANGER)).strongest

    assert violation is not None
    assert (violation.evidence, violation.naming) == (Evidence.DOCUMENTED, Evidence.DOCUMENTED)
    assert violation.source.endswith("DG/Errors.html")


def test_a_signature_of_version_2_without_a_date_is_out_of_date(bench: Bench) -> None:
    undated = with_body(v2(), b"Timestamp=", b"Timestam=")

    assert set(bench.expect(undated).codes) == {*WRONG, *LATE}
    assert "the signature bears no date that can be read" in [v.reason for v in bench.expect(undated).violations]


def test_what_a_signature_in_the_query_string_is_worth_is_unknown(bench: Bench) -> None:
    """Presigned requests of version 4: botocore makes them for any service."""
    made = AWSRequest("GET", f"{URL}?{urlencode(PAIRS).replace('+', '%20')}")
    auth.SigV4QueryAuth(credentials(OWN), "IngestionService", "us-east-1").add_auth(made)
    request = Request("GET", str(made.url), (), b"")

    assert bench.expect(request).undecided.startswith("the signature of version 4 stands in the query string")
    assert bench.code(request) == "MissingAuthenticationToken"


def test_who_asks_may_be_looked_at_before_what_is_asked(bench: Bench) -> None:
    nothing = Request("POST", URL, (FORM_TYPE,), b"Action=UpdateJobs&Version=2010-06-01")

    assert bench.expect(nothing).codes == ("InvalidAction", *MISSING)
    assert bench.expect(sign_v4(nothing, OWN, SCOPE, NOW)).codes == ("InvalidAction",)
    assert bench.code(nothing) == "InvalidAction"


def test_all_operations_ask_for_a_signature(bench: Bench) -> None:
    for operation in ("CreateJob", "UpdateJob", "CancelJob", "GetStatus", "ListJobs", "GetShippingLabel"):
        unsigned = without_header(bench.ask(operation), "Authorization")

        assert bench.code(unsigned, operation) == "MissingAuthenticationToken"
