"""The oracle: pure, sure of nothing that no source says, and never at odds with the endpoint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from botoproof.contract.codec.form import write_form
from botoproof.contract.codec.query_reading import ReplyReading, read_reply
from botoproof.contract.codec.signature import sign_v2, sign_v4
from botoproof.contract.interaction import Request
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.manifests import base_fields, with_change, write_manifest
from botoproof.contract.services.importexport.options import COLLECTIONS, KNOWN_OPTIONS
from botoproof.contract.services.importexport.oracle import MAX_REQUEST
from botoproof.contract.services.importexport.world import Era, World
from hypothesis import given
from hypothesis import strategies as st

from .bench import COLLEAGUE, FORM_TYPE, NOW, OPERATIONS, OWN, SCOPE, STRANGER, URL, Bench, the_world
from .dossier import BASE_IMPORT

UNDECIDED = {
    "PUT": "no page speaks of PUT requests",
    "a GET with a body": "no page speaks of GET requests with a body",
    "megabytes": f"the body has {MAX_REQUEST + 1} bytes, and no page states a limit",
    "a broken escape": "the form is not well-formed (bad-percent at byte 11)",
    "JSON": "the body is declared to be application/json, not a form",
    "no type": "the body is declared to be of no type, not a form",
    "another version": "Version is '1999-01-01'; what answers an unknown version is written nowhere",
    "no version": "Version is ''; what answers an unknown version is written nowhere",
    "a repeated key": "JobType: member-repeated (expected each key once)",
    "two operations": "Action and Operation name two operations",
    "a repeated option": "the option 'bucket' stands twice",
    "a deep manifest": "it nests deeper than 32 levels",
}


def undecided_request(bench: Bench, name: str) -> Request:
    good = bench.update()
    form = "Action=UpdateJob&Version=2010-06-01"
    requests = {
        "PUT": lambda: replace(good, method="PUT"),
        "a GET with a body": lambda: replace(good, method="GET", url=f"{URL}?{form}"),
        "megabytes": lambda: replace(good, body=b"x" * (MAX_REQUEST + 1), url=f"{URL}?{form}"),
        "a broken escape": lambda: replace(good, body=b"Action=Upda%ob"),
        "JSON": lambda: replace(good, headers=(("Content-Type", "application/json"),)),
        "no type": lambda: replace(good, headers=()),
        "another version": lambda: bench.update(Version="1999-01-01"),
        "no version": lambda: bench.update(Version=None),
        "a repeated key": lambda: bench.post((*_pairs(bench), ("JobType", "Export"))),
        "two operations": lambda: bench.update(Operation="CancelJob"),
        "a repeated option": lambda: bench.update(f"{BASE_IMPORT}bucket: other\n"),
        "a deep manifest": lambda: bench.update("[" * 33 + "]" * 33),
    }
    return requests[name]()


def _pairs(bench: Bench) -> tuple[tuple[str, str], ...]:
    return (
        ("Action", "UpdateJob"),
        ("Version", "2010-06-01"),
        ("JobId", "53TX4"),
        ("JobType", "Import"),
        ("Manifest", BASE_IMPORT),
        ("ValidateOnly", "true"),
    )


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_no_source_speaks_of_is_undecided(bench: Bench, name: str) -> None:
    expectation = bench.expect(undecided_request(bench, name))

    assert expectation.undecided == UNDECIDED[name]
    assert expectation.may_succeed
    assert not expectation.must_succeed


def test_the_operation_is_read_from_the_request(bench: Bench) -> None:
    for name in OPERATIONS:
        operation, _ = SPECIFICATION.expect(bench.ask(name), world=bench.world, now=bench.now, operations=OPERATIONS)
        assert operation is OPERATIONS[name]


def test_a_request_that_names_no_operation_deserves_a_common_error(bench: Bench) -> None:
    unnamed, misnamed = bench.update(Action=None), bench.update(Action="UpdateJobs")

    assert bench.expect(unnamed).codes == (
        "InvalidAction",
        "MissingAction",
        "MissingAuthenticationToken",
        "MissingParameterException",
    )
    assert bench.expect(misnamed).codes == ("InvalidAction",)
    assert not bench.expect(misnamed).may_succeed
    assert SPECIFICATION.expect(misnamed, world=bench.world, now=NOW, operations={})[0] is None


def test_all_broken_rules_are_collected(bench: Bench) -> None:
    text = f"{BASE_IMPORT}acl: public\nlogBucket: ck-no-such-bucket\nserviceLevel: overnight\n"

    rules = [violation.rule for violation in bench.expect(bench.update(text, JobId="CNC11")).violations]

    assert rules == [
        "job.cancelled",
        "manifest.acl.invalid",
        "manifest.serviceLevel.invalid",
        "bucket.unknown",
    ]


def test_a_manifest_that_is_not_well_formed_breaks_no_other_rule(bench: Bench) -> None:
    assert bench.expect(bench.update("INVALID MANIFEST")).codes == ("MalformedManifestException",)


def test_the_verdict_does_not_depend_on_where_the_pairs_stand(bench: Bench) -> None:
    pairs = _pairs(bench)
    query = write_form(pairs, plus=False).decode()
    as_get = sign_v4(Request("GET", f"{URL}?{query}", (), b""), OWN, SCOPE, NOW)

    assert bench.expect(as_get) == bench.expect(bench.post(pairs)) == bench.expect(bench.post(pairs[::-1]))


# What a form may hold: each value with every other, so that rules meet that no example brings together.

JOB_IDS = ("53TX4", "53tx4", "CNC11", "EXP11", "RUN11", "DNE11", "FRN11", "ZZZZZ", "fake_job", "", None)
BUCKETS = (*the_world().buckets, "ck-no-such-bucket", "")
VALUES = st.one_of(
    st.sampled_from(["yes", "no", "true", "3.0", "2.0", "1.3", "public", "private", "NTFS", "XFS", "ext3", "glacier"]),
    st.sampled_from(["USA", "Canada", "France", "United Kingdom", "Atlantis", "PO Box 1", "us-east-1", "eu-west-1"]),
    st.sampled_from(["toaster", "standard", "expeditedShipping", "p" * 1009, "é" * 504, OWN.access_key_id, "lots"]),
    st.sampled_from(BUCKETS),
    st.none(),
    st.text(max_size=8),
    st.lists(st.text(max_size=4), max_size=2),
    st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2),
)
PATHS = st.sampled_from(
    [
        *sorted(KNOWN_OPTIONS - COLLECTIONS.keys()),
        *COLLECTIONS,
        *(f"returnAddress.{name}" for name in ("name", "street1", "country", "stateOrProvince")),
        *(f"customs.{name}" for name in ("deviceType", "deviceValue", "dataDescription")),
        *(f"operations.0.{name}" for name in ("exportBucket", "destination", "region", "vaultName")),
        "someNewOption",
    ]
)


@st.composite
def manifests(draw: st.DrawFn, world: World) -> tuple[str, str]:
    """Job types and texts of manifests: a baseline with a few options changed, or any text."""
    kind = draw(st.sampled_from(["import", "export", "ebs", "glacier"]))
    job_type = "Export" if kind == "export" else "Import"
    if draw(st.integers(0, 9)) == 9:
        texts = st.one_of(st.text(max_size=40), st.sampled_from(["", " ", "a: b\na: c", "- a", "{", "[" * 40]))
        return job_type, draw(texts)
    fields = base_fields(world, kind)
    for path, value in draw(st.lists(st.tuples(PATHS, VALUES), max_size=3)):
        if "." not in path or _is_whole(fields.get(path.partition(".")[0], {})):
            fields = with_change(fields, path, value)
    text = write_manifest(fields)
    return job_type, text.replace(": ", ":") if draw(st.integers(0, 9)) == 9 else text


def _is_whole(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def perhaps(strategy: st.SearchStrategy[Any], usual: str | None) -> st.SearchStrategy[Any]:
    """Mostly the usual value."""
    return st.integers(0, 9).flatmap(lambda number: strategy if number == 9 else st.just(usual))


@st.composite
def asked(draw: st.DrawFn) -> tuple[World, Request]:
    """A world and a request: any operation, any of the parameters, signed in any way."""
    world = replace(
        the_world(),
        era=draw(st.sampled_from(Era)),
        api_versions=draw(st.sampled_from([frozenset({"1.0"}), None])),
        strict_yaml=draw(st.booleans()),
    )
    job_type, manifest = draw(manifests(world))
    wanted: dict[str, str | None] = {
        "Action": draw(perhaps(st.sampled_from([*OPERATIONS, "UpdateJobs", "", None]), "UpdateJob")),
        "Version": draw(perhaps(st.sampled_from(["2010-06-03", "1999-01-01", None]), "2010-06-01")),
        "JobId": draw(perhaps(st.sampled_from(JOB_IDS), "53TX4")),
        "JobType": draw(perhaps(st.sampled_from(["Import", "Export", "import", "Copy", "", None]), job_type)),
        "ValidateOnly": draw(perhaps(st.sampled_from(["true", "True", "1", "maybe", "", None]), "false")),
        "Manifest": draw(perhaps(st.none(), manifest)),
        "APIVersion": draw(perhaps(st.sampled_from(["1.0", "0.0.1-bogus", ""]), None)),
        "MaxJobs": draw(perhaps(st.sampled_from(["0", "2", "1001", "x"]), None)),
        "Marker": draw(perhaps(st.sampled_from(["53TX4", "ZZZZZ", ""]), None)),
        "jobIds.member.1": draw(perhaps(st.sampled_from(JOB_IDS), None)),
        "street1": draw(perhaps(st.sampled_from(["PO Box 1", ""]), None)),
        "Surprise": draw(perhaps(st.text(max_size=5), None)),
    }
    pairs = tuple((name, value) for name, value in wanted.items() if value is not None)
    if pairs and draw(st.integers(0, 19)) == 19:
        pairs += (draw(st.sampled_from(pairs)),)
    key = draw(perhaps(st.sampled_from([COLLEAGUE, STRANGER]), "")) or OWN
    if draw(st.booleans()):
        return world, sign_v4(Request("POST", URL, (FORM_TYPE,), write_form(pairs)), key, SCOPE, NOW)
    signed = write_form(sign_v2(pairs, key, NOW, method="GET", host="importexport.amazonaws.com"), plus=False)
    return world, Request("GET", f"{URL}?{signed.decode()}", (), b"")


def exchange(world: World, request: Request) -> tuple[Bench, ReplyReading]:
    bench = Bench(Endpoint(world, OPERATIONS), None)
    operation, _ = SPECIFICATION.expect(request, world=bench.world, now=NOW, operations=OPERATIONS)
    reply = bench.answer(request)
    named = operation or OPERATIONS["UpdateJob"]
    return bench, read_reply(named, reply, namespaces=SPECIFICATION.namespaces)


@given(given_=asked())
def test_the_endpoints_answer_is_always_one_that_the_oracle_allows(given_: tuple[World, Request]) -> None:
    world, request = given_
    expectation = Bench(Endpoint(world, OPERATIONS), None).expect(request)

    bench, reading = exchange(world, request)

    assert reading.departures == ()
    if reading.error is None:
        assert expectation.may_succeed
    else:
        assert expectation.undecided or reading.error.code in expectation.codes
        assert bench.endpoint.jobs == world.jobs
    if expectation.must_succeed:
        assert reading.value is not None


@given(given_=asked())
def test_the_same_request_deserves_the_same(given_: tuple[World, Request]) -> None:
    world, request = given_
    bench = Bench(Endpoint(world, OPERATIONS), None)

    first = bench.expect(request)

    assert bench.expect(request) == first
    assert bench.endpoint.jobs == world.jobs
    assert set(first.codes) == {code for violation in first.violations for code in violation.codes}


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", ""]),
    target=st.text(st.characters(codec="latin-1"), max_size=30),
    headers=st.lists(
        st.tuples(st.sampled_from(["Content-Type", "Authorization", "X-Amz-Date", "x"]), st.text(max_size=20)),
        max_size=4,
    ),
    body=st.one_of(
        st.binary(max_size=60),
        st.binary(max_size=30).map(lambda data: b"Action=UpdateJob&Version=2010-06-01&Manifest=" + data),
        st.binary(max_size=30).map(lambda data: b"Action=GetShippingLabel&Version=2010-06-01&jobIds." + data),
    ),
)
def test_no_bytes_break_the_endpoint_or_the_oracle(
    method: str, target: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    request = Request(method, f"{URL}{target}", tuple(headers), body)
    expectation = Bench(Endpoint(the_world(), OPERATIONS), None).expect(request)

    _, reading = exchange(the_world(), request)

    assert reading.departures == ()
    assert reading.error is not None
    assert expectation.undecided or reading.error.code in expectation.codes


@given(body=st.binary(max_size=60))
def test_no_signed_bytes_break_them_either(body: bytes) -> None:
    form = b"Action=UpdateJob&Version=2010-06-01&JobId=53TX4&JobType=Import&ValidateOnly=true&Manifest=" + body
    request = sign_v4(Request("POST", URL, (FORM_TYPE,), form), OWN, SCOPE, NOW)
    expectation = Bench(Endpoint(the_world(), OPERATIONS), None).expect(request)

    _, reading = exchange(the_world(), request)

    assert reading.departures == ()
    assert reading.error is not None
    assert expectation.undecided or reading.error.code in expectation.codes
