"""Forms and bytes as they are sent: how they are signed, where they go, and what a real verifier says of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from botoproof.contract.adapters.caller import FORM_TYPE, UNKNOWN_KEY, Caller
from botoproof.contract.adapters.embedded import EmbeddedTransport
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.sdk import ClientSettings, Sdk, make_client, make_session
from botoproof.contract.case import Call, Case, Form, Raw, Signing
from botoproof.contract.codec.form import Pairs, read_form, write_form
from botoproof.contract.codec.signature import EXAMPLE_KEY, is_genuine, read_signature
from botoproof.contract.interaction import Interaction, Request, TransportFailure
from botoproof.contract.outcome import Broken, Outcome, Refused, Returned
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.manifests import base_import
from botoproof.contract.services.importexport.specification import default_world
from hypothesis import given, settings
from hypothesis import strategies as st

OPERATIONS = {operation.name: operation for operation in read_operations("importexport")}
UPDATE = OPERATIONS["UpdateJob"]
SESSION = make_session(EXAMPLE_KEY, "us-east-1")
URL = "http://embedded.invalid"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAIRS: Pairs = (
    ("Action", "UpdateJob"),
    ("Version", "2010-06-01"),
    ("JobId", "PND1A"),
    ("Manifest", f"{base_import(default_world())}generator: é ü 漢 ~*+ & = %\n"),
    ("JobType", "Import"),
    ("ValidateOnly", "true"),
)


@dataclass
class Wire:
    """A transport that remembers what it sent, to an endpoint that verifies signatures."""

    failure: TransportFailure | None = None
    sent: list[Request] = field(default_factory=list[Request])

    def __post_init__(self) -> None:
        endpoint = Endpoint(default_world(), OPERATIONS, now=datetime.now(UTC))
        self._transport = EmbeddedTransport(endpoint.answer)

    def __call__(self, request: Request) -> Interaction:
        self.sent.append(request)
        if self.failure is not None:
            return Interaction(request, None, self.failure, datetime.now(UTC), 0.0)
        return self._transport(request)


def open_caller(wire: Wire, *, url: str = URL, now: datetime | None = None) -> Caller:
    settings = ClientSettings("importexport", url, "us-east-1", EXAMPLE_KEY, {})
    sdk = Sdk(make_client(settings, SESSION), wire)
    scope = SPECIFICATION.scope
    if now is None:
        return Caller(sdk, wire, url=url, credential=EXAMPLE_KEY, scope=scope)
    return Caller(sdk, wire, url=url, credential=EXAMPLE_KEY, scope=scope, now=lambda: now)


@pytest.fixture(scope="module")
def wire() -> Wire:
    """Remembers, and answers by the embedded endpoint."""
    return Wire()


@pytest.fixture(scope="module")
def caller(wire: Wire) -> Caller:
    """Sends over `wire`."""
    return open_caller(wire)


def send(caller: Caller, sent: Form | Raw, signing: Signing) -> Outcome:
    return caller.send(Case("UpdateJob", sent, signing=signing), OPERATIONS)[1]


def verdict(outcome: Outcome) -> str:
    if isinstance(outcome, Refused):
        return f"{outcome.status} {outcome.code}"
    return "accepted" if isinstance(outcome, Returned) else repr(outcome)


WITHOUT_ACTION = tuple(pair for pair in PAIRS if pair[0] != "Action")
WAYS: dict[str, Form | Raw] = {
    "a form": Form(PAIRS),
    "a GET": Form(PAIRS, method="GET"),
    "action in the query string": Form(WITHOUT_ACTION, query=(("Action", "UpdateJob"),)),
    "all in the query string": Form((), query=PAIRS),
    "bytes": Raw(write_form(PAIRS)),
}
SIGNINGS = {
    "own key": (Signing(), "accepted"),
    "version 2": (Signing(version="v2"), "accepted"),
    "unknown key": (Signing(key="unknown"), "403 InvalidClientTokenIdException"),
    "unknown key, version 2": (Signing(version="v2", key="unknown"), "403 InvalidClientTokenIdException"),
    "unsigned": (Signing(key="none"), "403 MissingAuthenticationToken"),
    "unsigned, version 2": (Signing(version="v2", key="none"), "403 MissingAuthenticationToken"),
    "tampered": (Signing(tampered=True), "403 SignatureDoesNotMatch"),
    "tampered, version 2": (Signing(version="v2", tampered=True), "403 SignatureDoesNotMatch"),
    "an hour old": (Signing(age_seconds=3600), "403 RequestExpired"),
    "an hour old, version 2": (Signing(version="v2", age_seconds=3600), "403 RequestExpired"),
    "an hour ahead": (Signing(age_seconds=-3600), "403 RequestExpired"),
    "a minute old": (Signing(age_seconds=60), "accepted"),
}


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("how", sorted(SIGNINGS))
def test_the_endpoint_s_verdict_shows_how_a_request_was_signed(way: str, how: str, caller: Caller) -> None:
    signing, wanted = SIGNINGS[how]

    assert verdict(send(caller, WAYS[way], signing)) == wanted


def test_a_form_goes_out_as_the_sdk_sends_it(caller: Caller, wire: Wire) -> None:
    send(caller, Form(PAIRS), Signing())
    request = wire.sent[-1]

    assert (request.method, request.url) == ("POST", f"{URL}/")
    assert request.header("content-type") == FORM_TYPE
    assert read_form(request.body).pairs == PAIRS


def test_a_get_has_everything_in_the_query_string(caller: Caller, wire: Wire) -> None:
    send(caller, Form(PAIRS, method="GET"), Signing())
    request = wire.sent[-1]

    assert (request.method, request.body) == ("GET", b"")
    assert read_form(request.query.encode()).pairs == PAIRS
    assert "+" not in request.query


def test_query_pairs_of_a_post_stand_in_its_url(caller: Caller, wire: Wire) -> None:
    send(caller, Form((("a", "1"),), query=(("b b", "é"),)), Signing())

    assert wire.sent[-1].url == f"{URL}/?b%20b=%C3%A9"
    assert wire.sent[-1].body == b"a=1"


@given(body=st.binary(max_size=200), content_type=st.sampled_from([FORM_TYPE, "application/json", "text/plain", ""]))
@settings(max_examples=50)
def test_bytes_go_out_as_they_are_and_are_signed_as_they_are(body: bytes, content_type: str) -> None:
    request = CALLER.build(Case("UpdateJob", Raw(body, content_type)))
    reading = read_signature(request, ())

    assert request.body == body
    assert request.header("content-type") == (content_type or None)
    assert reading is not None
    assert is_genuine(request, (), reading, EXAMPLE_KEY.secret_access_key)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)


@given(pairs=st.lists(st.tuples(TEXTS, TEXTS), max_size=4), version=st.sampled_from(["v4", "v2"]), get=st.booleans())
@settings(max_examples=50)
def test_any_form_is_signed_so_that_it_verifies(pairs: list[tuple[str, str]], version: str, get: bool) -> None:
    form = Form(tuple(pairs), method="GET" if get else "POST")
    request = CALLER.build(Case("UpdateJob", form, signing=Signing(version=version)))
    received = read_form(request.query.encode() if get else request.body).pairs
    reading = read_signature(request, received)

    assert set(pairs) <= set(received)
    assert reading is not None
    assert is_genuine(request, received, reading, EXAMPLE_KEY.secret_access_key)


def test_bytes_signed_by_version_2_keep_their_pairs(caller: Caller, wire: Wire) -> None:
    send(caller, Raw(b"b=2&a=1&b=3"), Signing(version="v2"))
    pairs = read_form(wire.sent[-1].body).pairs

    assert [pair for pair in pairs if pair[0] in ("a", "b")] == [("b", "2"), ("a", "1"), ("b", "3")]
    assert wire.sent[-1].header("authorization") is None


def test_an_unsigned_request_carries_no_trace_of_a_key(caller: Caller, wire: Wire) -> None:
    for version in ("v2", "v4"):
        send(caller, Form(PAIRS), Signing(version=version, key="none"))

        assert wire.sent[-1].header("authorization") is None
        assert wire.sent[-1].body == write_form(PAIRS)


@pytest.mark.parametrize("version", ["v2", "v4"])
def test_tampering_changes_one_character_of_the_signature_and_nothing_else(version: str) -> None:
    caller = open_caller(Wire(), now=NOON)
    right, wrong = (
        caller.build(Case("UpdateJob", Form(PAIRS), signing=Signing(version=version, tampered=tampered)))
        for tampered in (False, True)
    )
    signed, spoiled = (
        read_signature(request, read_form(request.body).pairs) or pytest.fail("unsigned") for request in (right, wrong)
    )

    assert len(signed.signature) == len(spoiled.signature)
    assert sum(one != other for one, other in zip(signed.signature, spoiled.signature, strict=True)) == 1
    assert replace(spoiled, signature=signed.signature) == signed
    others = [[pair for pair in request.headers if pair[0] != "Authorization"] for request in (right, wrong)]
    assert others[0] == others[1]


def test_the_unknown_key_is_the_one_that_nobody_issued(caller: Caller, wire: Wire) -> None:
    send(caller, Form(PAIRS), Signing(key="unknown"))
    reading = read_signature(wire.sent[-1], PAIRS)

    assert reading is not None
    assert reading.access_key_id == UNKNOWN_KEY.access_key_id
    assert is_genuine(wire.sent[-1], PAIRS, reading, UNKNOWN_KEY.secret_access_key)


@pytest.mark.parametrize("version", ["v2", "v4"])
@pytest.mark.parametrize("age", [0, 3600, -60])
def test_a_request_is_dated_by_the_caller_s_clock_and_its_age(version: str, age: int) -> None:
    caller = open_caller(Wire(), now=NOON)
    request = caller.build(Case("UpdateJob", Form(PAIRS), signing=Signing(version=version, age_seconds=age)))
    reading = read_signature(request, read_form(request.body).pairs)

    assert reading is not None
    assert reading.signed_at == NOON - timedelta(seconds=age)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://127.0.0.1:8000/"])
def test_the_address_has_one_slash_at_its_end(url: str) -> None:
    request = open_caller(Wire(), url=url).build(Case("UpdateJob", Form(PAIRS)))

    assert request.url == "http://127.0.0.1:8000/"
    assert request.host == "127.0.0.1:8000"


def test_a_call_goes_through_the_sdk(caller: Caller, wire: Wire) -> None:
    case = Case("UpdateJob", Call({"JobId": "PND1A", "Manifest": "m", "JobType": "Import", "ValidateOnly": True}))

    interaction, outcome = caller.send(case, OPERATIONS)

    assert interaction is not None
    assert interaction.request is wire.sent[-1]
    assert verdict(outcome) == "400 MalformedManifestException"


def test_a_call_is_not_built_but_sent() -> None:
    with pytest.raises(TypeError, match=r"^parameters are sent by the SDK$"):
        open_caller(Wire()).build(Case("UpdateJob", Call({})))


def test_a_request_sent_again_is_the_same_to_the_byte(caller: Caller, wire: Wire) -> None:
    first, outcome = caller.send(Case("UpdateJob", Form(PAIRS)), OPERATIONS)
    assert first is not None

    _, again = caller.send_again(first.request, UPDATE)

    assert wire.sent[-1] is first.request
    assert verdict(again) == verdict(outcome) == "accepted"


@pytest.mark.parametrize("kind", ["connect", "timeout", "closed", "not-http", "too-large", "crash", "withheld"])
def test_a_form_that_gets_no_reply_ends_as_a_call_without_reply_does(kind: str) -> None:
    wire = Wire(failure=TransportFailure(kind, "what happened"))
    caller = open_caller(wire)
    parameters = {"JobId": "PND1A", "Manifest": "m", "JobType": "Import", "ValidateOnly": True}

    _, of_form = caller.send(Case("UpdateJob", Form(PAIRS)), OPERATIONS)
    _, of_call = caller.send(Case("UpdateJob", Call(parameters)), OPERATIONS)

    assert of_form == of_call == Broken(kind, "what happened", sdk_error=True)


CALLER = open_caller(Wire())
