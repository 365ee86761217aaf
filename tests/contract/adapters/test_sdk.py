"""The real boto3 client over a transport of ours: what leaves it, and what its caller sees."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.exceptions
import botocore.parsers
import pytest
from botocore.awsrequest import AWSPreparedRequest, HeadersDict
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.adapters.sdk import (
    USER_AGENT,
    ClientSettings,
    Sdk,
    as_request,
    find_credential,
    make_client,
    make_session,
)
from botoproof.contract.codec.form import read_form
from botoproof.contract.codec.query_reply import write_error, write_result
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential, is_genuine, read_signature
from botoproof.contract.codec.wrong_replies import WRONG_FORMS, WrongForm, with_header
from botoproof.contract.errors import BadConfiguration
from botoproof.contract.interaction import Interaction, Reply, Request, TransportFailure
from botoproof.contract.outcome import Broken, Refused, RejectedBySdk, Returned
from hypothesis import given, settings
from hypothesis import strategies as st

UPDATE = read_operation("importexport", "UpdateJob")
STATUS = read_operation("importexport", "GetStatus")
LIST = read_operation("importexport", "ListJobs")
URL = "http://embedded.invalid"
PARAMETERS: dict[str, Any] = {"JobId": "J é+~", "Manifest": "a: b\n", "JobType": "Import", "ValidateOnly": True}
SUCCESS = write_result(UPDATE, {"Success": True, "WarningMessage": "careful"}, request_id="an-id")
REFUSAL = write_error("InvalidJobIdException", "No such job", request_id="an-id")
WHEN = datetime(2026, 11, 23, tzinfo=UTC)
FAILURES = {
    "connect": botocore.exceptions.EndpointConnectionError,
    "timeout": botocore.exceptions.ReadTimeoutError,
    "closed": botocore.exceptions.ConnectionClosedError,
    "not-http": botocore.exceptions.ConnectionClosedError,
    "too-large": botocore.exceptions.ConnectionClosedError,
    "crash": botocore.exceptions.ConnectionClosedError,
    "withheld": botocore.exceptions.ConnectionClosedError,
}


class Wire:
    """A transport that gives the replies it is told to, and remembers what went over it."""

    def __init__(self) -> None:
        self.came: Reply | TransportFailure = SUCCESS
        self.interactions: list[Interaction] = []

    def __call__(self, request: Request) -> Interaction:
        reply, failure = (self.came, None) if isinstance(self.came, Reply) else (None, self.came)
        self.interactions.append(Interaction(request, reply, failure, WHEN, 0.0))
        return self.interactions[-1]


def open_sdk(wire: Wire, **options: Any) -> Sdk:
    return Sdk(make_client(ClientSettings("importexport", URL, "us-east-1", EXAMPLE_KEY, options)), wire)


WIRE = Wire()
SDK = open_sdk(WIRE)


@pytest.fixture
def wire() -> Iterator[Wire]:
    """The wire that the client below uses; nothing is left on it."""
    WIRE.came, WIRE.interactions = SUCCESS, []
    yield WIRE
    WIRE.came = SUCCESS


@pytest.fixture
def sdk(wire: Wire) -> Sdk:
    """A client, made once: making one costs more than a hundred calls."""
    return SDK


def test_what_is_captured_is_what_was_signed(sdk: Sdk, wire: Wire) -> None:
    interaction, _ = sdk.call(UPDATE, PARAMETERS)

    assert interaction is wire.interactions[-1]
    assert interaction is not None
    request = interaction.request
    pairs = read_form(request.body).pairs
    reading = read_signature(request, pairs)
    assert reading is not None
    assert is_genuine(request, pairs, reading, EXAMPLE_KEY.secret_access_key)
    assert (reading.access_key_id, reading.region, reading.service) == (
        EXAMPLE_KEY.access_key_id,
        "us-east-1",
        "IngestionService",
    )
    assert (request.method, request.url) == ("POST", f"{URL}/")
    assert dict(pairs) == {
        "Action": "UpdateJob",
        "Version": "2010-06-01",
        "JobId": "J é+~",
        "Manifest": "a: b\n",
        "JobType": "Import",
        "ValidateOnly": "true",
    }


def test_the_keeper_of_the_endpoint_sees_who_asks(sdk: Sdk, wire: Wire) -> None:
    sdk.call(UPDATE, PARAMETERS)

    assert wire.interactions[-1].request.header("user-agent") == f"{USER_AGENT} Botocore/{botocore.__version__}"


def test_a_success_is_returned_without_its_metadata(sdk: Sdk) -> None:
    assert sdk.call(UPDATE, PARAMETERS)[1] == Returned(
        {"Success": True, "WarningMessage": "careful"}, status=200, request_id="an-id"
    )


def test_a_refusal_is_told_with_its_fields_and_its_class(sdk: Sdk, wire: Wire) -> None:
    wire.came = REFUSAL

    assert sdk.call(UPDATE, PARAMETERS)[1] == Refused(
        code="InvalidJobIdException",
        message="No such job",
        fault="Sender",
        status=400,
        exception="InvalidJobIdException",
        request_id="an-id",
    )


def test_what_the_sdk_rejects_is_not_sent_and_each_complaint_is_told(sdk: Sdk, wire: Wire) -> None:
    interaction, outcome = sdk.call(UPDATE, {"JobId": 5, "Surprise": 1})

    assert interaction is None
    assert wire.interactions == []
    assert isinstance(outcome, RejectedBySdk)
    assert [report.partition(":")[0] for report in outcome.reports] == [
        "Missing required parameter in input",
        "Missing required parameter in input",
        "Missing required parameter in input",
        "Unknown parameter in input",
        "Invalid type for parameter JobId, value",
    ]


def test_an_interaction_of_the_call_before_is_not_told_again(sdk: Sdk) -> None:
    sdk.call(UPDATE, PARAMETERS)

    assert sdk.call(UPDATE, {})[0] is None


@pytest.mark.parametrize("kind", sorted(FAILURES))
def test_each_failure_of_the_transport_is_raised_from_the_sdk_s_own_tree(kind: str, sdk: Sdk, wire: Wire) -> None:
    wire.came = TransportFailure(kind, "what happened")

    interaction, outcome = sdk.call(UPDATE, PARAMETERS)
    with pytest.raises(botocore.exceptions.BotoCoreError) as raised:
        sdk.client.update_job(**PARAMETERS)

    assert interaction is not None
    assert interaction.failure is wire.came
    assert outcome == Broken(kind, "what happened", sdk_error=True)
    assert type(raised.value) is FAILURES[kind]


def test_a_transport_that_says_nothing_at_all_counts_as_closed(sdk: Sdk, monkeypatch: pytest.MonkeyPatch) -> None:
    silence = Interaction(Request("POST", URL, (), b""), None, None, WHEN, 0.0)
    monkeypatch.setattr(sdk, "_transport", lambda _: silence)

    _, outcome = sdk.call(UPDATE, PARAMETERS)

    assert isinstance(outcome, Broken)
    assert outcome.exception == "botocore.exceptions.ConnectionClosedError"
    assert outcome.sdk_error


def test_what_the_sdk_cannot_read_is_broken_with_the_name_of_what_it_raised(sdk: Sdk, wire: Wire) -> None:
    wire.came = Reply(200, (), b"no XML")

    interaction, outcome = sdk.call(UPDATE, PARAMETERS)

    assert interaction is not None
    assert isinstance(outcome, Broken)
    assert (outcome.exception, outcome.sdk_error) == ("botocore.parsers.ResponseParserError", False)


@pytest.mark.parametrize(
    "came",
    [Reply(503, (), b""), write_error("Throttling", "Slow", request_id="r"), TransportFailure("closed", "gone")],
    ids=["503", "throttled", "closed"],
)
def test_a_call_is_one_attempt(came: Reply | TransportFailure, sdk: Sdk, wire: Wire) -> None:
    wire.came = came

    sdk.call(UPDATE, PARAMETERS)

    assert len(wire.interactions) == 1


def test_options_can_ask_for_more_attempts_and_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    wire = Wire()
    wire.came = TransportFailure("closed", "gone")
    sdk = open_sdk(wire, retries={"total_max_attempts": 3}, user_agent="someone else")

    interaction, _ = sdk.call(UPDATE, PARAMETERS)

    assert len(wire.interactions) == 3
    assert interaction is wire.interactions[-1]
    assert interaction is not None
    assert (interaction.request.header("user-agent") or "").startswith("someone else ")


def agree(operation: Any, parameters: dict[str, Any], reply: Reply) -> None:
    """Assert that `parse` makes of a reply what the client itself makes of it."""
    WIRE.came = reply

    _, outcome = SDK.call(operation, parameters)

    assert SDK.parse(operation, reply) == outcome


REPLIES = {
    "result": write_result(
        UPDATE,
        {"Success": True, "WarningMessage": "é", "ArtifactList": [{"Description": "d", "URL": "u"}]},
        request_id="r",
    ),
    "error": REFUSAL,
}


@pytest.mark.parametrize("form", WRONG_FORMS, ids=lambda form: form.name)
@pytest.mark.parametrize("of", ["result", "error"])
def test_parse_makes_of_a_wrong_reply_what_the_client_makes_of_it(form: WrongForm, of: str) -> None:
    altered = form.alter(REPLIES[of])

    for status in (altered.status, 200, 300, 301, 400, 404, 500, 503):
        agree(UPDATE, PARAMETERS, Reply(status, altered.headers, altered.body))


@pytest.mark.parametrize("code", [*sorted(error.code for error in UPDATE.service_errors), "Other", "", "404", " X "])
def test_parse_makes_of_an_error_what_the_client_makes_of_it(code: str) -> None:
    agree(UPDATE, PARAMETERS, write_error(code, "m", request_id="r"))


def test_parse_reads_timestamps_numbers_and_lists_as_the_client_does() -> None:
    jobs = [{"JobId": "A", "CreationDate": WHEN, "IsCanceled": False, "JobType": "Import"}] * 2
    agree(LIST, {}, write_result(LIST, {"Jobs": jobs, "IsTruncated": True}, request_id="r"))
    agree(STATUS, {"JobId": "A"}, write_result(STATUS, {"CreationDate": WHEN, "ErrorCount": 7}, request_id="r"))


STATUSES = st.sampled_from([200, 201, 204, 299, 300, 301, 304, 400, 403, 404, 500, 503, 599])
PIECES = st.sampled_from(
    [
        b"<UpdateJobResponse>",
        b"</UpdateJobResponse>",
        b"<UpdateJobResult>",
        b"</UpdateJobResult>",
        b"<Success>true</Success>",
        b"<ErrorResponse>",
        b"</ErrorResponse>",
        b"<Error>",
        b"</Error>",
        b"<Code>InvalidJobIdException</Code>",
        b"<Code><x/></Code>",
        b"<Message/>",
        b"<ResponseMetadata>",
        b"</ResponseMetadata>",
        b"<RequestId>r</RequestId>",
        b"<html>",
        b"text",
        b"\xff",
        b"&amp;",
        b"<!DOCTYPE a>",
    ]
)
BODIES = st.lists(PIECES, max_size=8).map(b"".join) | st.binary(max_size=20)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["Content-Type", "content-length", "x-amzn-RequestId", "x-amzn-ErrorType", "Location", "X"]),
        st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=6),
    ),
    max_size=3,
).map(tuple)


@settings(max_examples=200)
@given(status=STATUSES, body=BODIES, headers=HEADERS)
def test_parse_makes_of_any_reply_what_the_client_makes_of_it(
    status: int, body: bytes, headers: tuple[tuple[str, str], ...]
) -> None:
    agree(UPDATE, PARAMETERS, Reply(status, headers, body))


def test_a_header_is_found_in_any_spelling_as_over_a_socket() -> None:
    reply = with_header(Reply(200, (), SUCCESS.body), "X-AMZN-REQUESTID", "from-the-header")

    agree(UPDATE, PARAMETERS, reply)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (None, b""),
        ("é", "é".encode()),
        (b"\xff", b"\xff"),
        (bytearray(b"ab"), b"ab"),
        (io.BytesIO(b"read"), b"read"),
    ],
)
def test_any_body_that_botocore_prepares_becomes_bytes(body: Any, data: bytes) -> None:
    headers: Any = HeadersDict({"A": "text", "B": "bytes é".encode("latin-1")})
    prepared = AWSPreparedRequest("POST", f"{URL}/?a=b", headers, body, stream_output=False)

    assert as_request(prepared) == Request("POST", f"{URL}/?a=b", (("A", "text"), ("B", "bytes é")), data)


def test_without_a_credential_the_usual_chain_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFROMTHECHAIN")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")
    wire = Wire()

    found = find_credential(make_session(None, "eu-west-1"))
    Sdk(make_client(ClientSettings("importexport", URL, "us-east-1", None, {})), wire).call(UPDATE, PARAMETERS)

    assert found == Credential("AKIAFROMTHECHAIN", "a secret")
    reading = read_signature(wire.interactions[0].request, ())
    assert reading is not None
    assert reading.access_key_id == "AKIAFROMTHECHAIN"


def test_a_credential_of_ours_goes_before_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAFROMTHECHAIN")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")

    session = make_session(EXAMPLE_KEY, "eu-west-1")

    assert find_credential(session) == EXAMPLE_KEY
    assert session.region_name == "eu-west-1"


def test_where_the_chain_has_nothing_there_is_no_credential_and_the_sdk_says_so() -> None:
    assert find_credential(make_session(None, "us-east-1")) is None

    wire = Wire()
    sdk = Sdk(make_client(ClientSettings("importexport", URL, "us-east-1", None, {})), wire)
    interaction, outcome = sdk.call(UPDATE, PARAMETERS)

    assert interaction is None
    assert isinstance(outcome, Broken)
    assert (outcome.exception, outcome.sdk_error) == ("botocore.exceptions.NoCredentialsError", True)


def test_temporary_credentials_are_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a token")

    with pytest.raises(
        BadConfiguration,
        match=(
            r"^the AWS credentials found \(env\) are temporary ones with a session token, which botoproof "
            r"cannot sign with yet; use an access key of a user$"
        ),
    ):
        find_credential(make_session(None, "us-east-1"))


def test_no_secret_is_shown_by_the_settings() -> None:
    settings_of_a_client = ClientSettings("importexport", URL, "us-east-1", EXAMPLE_KEY, {})

    assert EXAMPLE_KEY.secret_access_key not in repr(settings_of_a_client)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "' + b"x" * 1000 + b'">]><UpdateJobResponse><UpdateJobResult>'
    b"<WarningMessage>" + b"&a;" * 1000 + b"</WarningMessage></UpdateJobResult></UpdateJobResponse>"
)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (BOMB, "it declares a document type"),
        (BOMB.decode().encode("utf-16"), "it declares a document type"),
        (SUCCESS.body + b" " * 5_000_000, "it has 5000"),
    ],
    ids=["entities", "utf-16", "megabytes"],
)
@pytest.mark.parametrize("status", [200, 400])
def test_a_reply_that_could_take_the_memory_is_kept_from_the_parser(
    status: int, body: bytes, why: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[object] = []
    monkeypatch.setattr(botocore.parsers.ResponseParser, "parse", lambda *_, **__: parsed.append(1))
    wire.came = Reply(status, (("Content-Type", "text/xml"),), body)

    interaction, called = SDK.call(UPDATE, PARAMETERS)
    outcomes = [called, SDK.parse(UPDATE, wire.came)]

    assert interaction is not None
    assert interaction.reply == wire.came
    assert parsed == []
    for outcome in outcomes:
        assert isinstance(outcome, Broken)
        assert outcome.exception == "not-parsed"
        assert why in outcome.message


def test_sessions_share_what_was_read_of_the_models_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, environment = make_session(EXAMPLE_KEY, "us-east-1"), Credential("AKIAOTHEREXAMPLE", "another-secret")
    loaders: list[Any] = [ours._session.get_component("data_loader")]
    paths = [list(loaders[0].search_paths)]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", environment.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", environment.secret_access_key)

    other = make_session(None, "eu-west-1")

    loaders.append(other._session.get_component("data_loader"))
    paths.append(list(loaders[1].search_paths))
    assert loaders[0] is loaders[1]
    assert paths[0] == paths[1]
    assert (find_credential(ours), find_credential(other)) == (EXAMPLE_KEY, environment)
    assert (ours.region_name, other.region_name) == ("us-east-1", "eu-west-1")


def test_a_folder_of_models_that_the_environment_names_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))

    loader: Any = make_session(EXAMPLE_KEY, "us-east-1")._session.get_component("data_loader")

    assert str(tmp_path) in loader.search_paths
