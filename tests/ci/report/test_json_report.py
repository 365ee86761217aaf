"""The JSON report: held to its schema, free of secrets, and the same for the same seed."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from botoproof.ci.campaign.collector import Collector
from botoproof.ci.campaign.events import CaseWithheld, LeftBehind, NotReached, PhaseFinished, RunStarted, RunStopped
from botoproof.ci.report.console import print_summary
from botoproof.ci.report.json_report import case_data, json_report, read_schema, write_json_report
from botoproof.ci.report.payload import LIMIT, Redaction, body_data, plain, redaction_of, request_data, words
from botoproof.contract.case import Call, Case, Form, Raw, Signing
from botoproof.contract.checks import KINDS
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply, Request
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.console import Console

from .conftest import Ran, judge_of, plan_of, prepared_scene, renames_an_error, run_of, with_body

VALIDATOR = Draft202012Validator(read_schema())
NOTHING = Redaction(())
SECRET = "Xr7/+eal0ne-40-characters-long+secret/key"


def parsed(ran: Ran, redaction: Redaction = NOTHING) -> Any:
    return json.loads(write_json_report(ran.result, ran.scene, redaction))


def without_named_fields(report: Any) -> Any:
    """Drop what the schema's description names as different from run to run on the embedded endpoint."""
    phases = {name: phase["cases"] for name, phase in report["phases"].items()}
    return {**report, "tool": None, "phases": phases}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(read_schema())


def test_a_report_of_a_clean_run_fits_the_schema() -> None:
    report = parsed(run_of(plan_of("table", "random")))

    VALIDATOR.validate(report)
    assert (report["schema"], report["verdict"], report["findings"]) == ("botoproof/report/1", "clean", [])


def test_a_report_with_findings_fits_the_schema(flawed: Ran) -> None:
    report = parsed(flawed)

    VALIDATOR.validate(report)
    [finding] = [finding for finding in report["findings"] if finding["code"] == "error-undocumented"]
    assert (finding["expected"], finding["observed"]) == ("InvalidJobIdException", "JobNotFoundException")
    assert (finding["severity"], finding["evidence"]) == ("error", "documented")
    assert finding["source"] == KINDS["error-undocumented"].source
    assert finding["count"] > 3
    assert finding["case"]["reply"]["status"] == 400
    assert finding["case"]["outcome"] == "refused:JobNotFoundException"
    assert finding["case"]["probe"] in report["operations"]["importexport.UpdateJob"]["probes"]


@pytest.mark.parametrize("extra", [{"surprise": 1}, {"seed": "1"}, {"verdict": "fine"}])
def test_the_schema_refuses_what_is_not_described(flawed: Ran, extra: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid({**parsed(flawed), **extra})


def test_the_schema_refuses_what_a_case_of_its_kind_does_not_have(flawed: Ran) -> None:
    report = parsed(flawed)
    report["findings"][0]["case"]["pairs"] = []

    assert not VALIDATOR.is_valid(report)


def test_the_same_seed_gives_the_same_report_but_for_named_fields() -> None:
    first, second = (parsed(run_of(plan_of("table", "random", seed=7), change=renames_an_error)) for _ in range(2))

    assert without_named_fields(first) == without_named_fields(second)
    assert list(first) == list(second)


@pytest.mark.slow
def test_another_seed_gives_another_report() -> None:
    first, second = (parsed(run_of(plan_of("random", seed=seed), change=renames_an_error)) for seed in (1, 2))

    assert first["operations"] != second["operations"]


def test_evidence_below_the_line_makes_a_note() -> None:
    def renames(_: Request, reply: Reply) -> Reply:
        return with_body(reply, b"InvalidAddressException", b"InvalidParameterException")

    for line, severity in ((Evidence.OBSERVED, "note"), (Evidence.INFERRED, "error")):
        report = parsed(run_of(plan_of("table", evidence=line), change=renames))
        severities = {finding["severity"] for finding in report["findings"] if finding["evidence"] == "inferred"}
        assert severities == {severity}


def test_a_run_that_was_cut_short_is_told_in_full() -> None:
    collector = Collector(Evidence.OBSERVED)
    for event in (
        RunStarted(
            "importexport",
            ("UpdateJob",),
            "url",
            "http://127.0.0.1:1",
            3,
            {"UpdateJob": ("SomeException", "OtherException")},
        ),
        NotReached("state expired", "nobody makes it"),
        NotReached("job.expired", "it needs the state expired", operation="UpdateJob", error="SomeException"),
        NotReached("3 random cases", "a run makes at most 10", operation="UpdateJob", cases=3),
        NotReached("", "no source says when", operation="UpdateJob", error="OtherException"),
        CaseWithheld("table", "success.import"),
        LeftBehind("AAAAA", "CancelJob broke"),
        PhaseFinished("table", "UpdateJob", 0, 0.5),
        RunStopped("it was interrupted"),
    ):
        collector(event)
    with judge_of() as judge:
        report = json_report(collector.result(), prepared_scene(judge), NOTHING)

    VALIDATOR.validate(report)
    assert report["target"] == {"kind": "url", "endpoint": "http://127.0.0.1:1", "service": "importexport"}
    assert report["unreachable"] == [
        {"state": "expired", "why": "nobody makes it"},
        {"probe": "job.expired", "operation": "UpdateJob", "why": "it needs the state expired"},
        {"cases": 3, "operation": "UpdateJob", "why": "a run makes at most 10"},
    ]
    assert (report["withheld"], report["left_behind"]) == (1, [{"id": "AAAAA", "why": "CancelJob broke"}])
    assert (report["verdict"], report["stopped"]) == ("unknown", "it was interrupted")
    assert report["operations"]["importexport.UpdateJob"]["errors"] == {
        "SomeException": {
            "provoked": 0,
            "probes": [],
            "evidence": None,
            "unreachable": "it needs the state expired",
        },
        "OtherException": {"provoked": 0, "probes": [], "evidence": None, "unreachable": "no source says when"},
    }


CASES = (
    Case("UpdateJob", Call({"JobId": "~pending~", "JobType": 3, "Manifest": b"\xff", "ValidateOnly": float("nan")})),
    Case(
        "UpdateJob", Call({"JobId": "~pending~", "Manifest": "x" * 20_000, "JobType": "Import", "ValidateOnly": True})
    ),
    Case("UpdateJob", Form((("Action", "UpdateJob"), ("JobId", "\udcff"), ("JobId", "2")), query=(("a", "b"),))),
    Case("UpdateJob", Form((("Action", "UpdateJob"),), method="GET"), signing=Signing(key="none")),
    Case("UpdateJob", Form((("Action", "UpdateJob"),)), signing=Signing(version="v2", tampered=True)),
    Case("UpdateJob", Raw(b"\xff\x00" * 10_000, content_type="")),
    Case("UpdateJob", Raw("é".encode() * 10_000)),
)


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_every_kind_of_case_fits_the_schema(case: Case, flawed: Ran) -> None:
    report = parsed(flawed)
    with judge_of() as judge:
        prepared_scene(judge)
        data = case_data(judge.exchange(case), NOTHING, phase="random", probe="")

    report["findings"][0]["case"] = json.loads(json.dumps(data, allow_nan=False))

    VALIDATOR.validate(report)


def test_of_a_request_nothing_is_shown_that_differs_from_run_to_run() -> None:
    with judge_of() as judge:
        prepared_scene(judge)
        call = judge.exchange(
            Case("UpdateJob", Call({"JobId": "A", "Manifest": "", "JobType": "", "ValidateOnly": True}))
        )
        old = judge.exchange(Case("UpdateJob", Form((("Action", "X"),)), signing=Signing(version="v2")))
        got = judge.exchange(Case("UpdateJob", Form((("Action", "X"),), method="GET"), signing=Signing(version="v2")))

    assert call.interaction and old.interaction and got.interaction  # noqa: PT018 - for the types
    assert request_data(call.interaction.request, NOTHING)["headers"] == [
        ["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"],
        ["Content-Length", "80"],
        ["Authorization", "(redacted)"],
    ]
    shown = (
        "Action=X&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&SignatureVersion=2&SignatureMethod=HmacSHA256"
        "&Timestamp=(redacted)&Signature=(redacted)"
    )
    assert request_data(old.interaction.request, NOTHING)["body"]["text"] == shown
    assert request_data(got.interaction.request, NOTHING)["url"] == f"http://embedded.invalid/?{shown}"


def test_a_secret_stands_nowhere_in_a_report() -> None:
    def leaks(request: Request, reply: Reply) -> Reply:
        leaked = with_body(reply, b"</Message>", f" {SECRET} {quote(SECRET, safe='')}</Message>".encode())
        return replace(leaked, headers=(*leaked.headers, ("X-Debug", SECRET)))

    credential = Credential("AKIDMINE", SECRET)
    ran = run_of(plan_of("table"), change=leaks, credential=credential)

    text = write_json_report(ran.result, ran.scene, redaction_of(credential))

    assert "leak-secret" in text
    assert "*" * len(SECRET) in text
    assert SECRET not in text
    assert quote(SECRET, safe="") not in text
    assert EXAMPLE_KEY.secret_access_key in text  # reproducers on the embedded endpoint sign with the example


def test_what_is_cut_off_in_the_middle_of_a_secret_shows_nothing_of_it() -> None:
    """Observations are cut to some 120 characters, and the console shows 2,000 bytes of a reply."""

    def leaks(_: Request, reply: Reply) -> Reply:
        typed = with_body(reply, b"<Type>Sender", b"<Type>" + b"y" * 100 + SECRET.encode())
        return with_body(typed, b"</Message>", b"x" * (1985 - typed.body.find(b"</Message>")) + SECRET.encode())

    credential = Credential("AKIDMINE", SECRET)
    ran = run_of(plan_of("table"), change=leaks, credential=credential)
    told = io.StringIO()

    print_summary(Console(file=told, width=200), ran.result, ran.scene, redaction_of(credential))

    for text in (write_json_report(ran.result, ran.scene, redaction_of(credential)), told.getvalue()):
        assert "y" * 100 in text
        assert SECRET[:9] not in text


def test_the_repr_of_a_redaction_shows_none() -> None:
    assert SECRET not in repr(redaction_of(Credential("A", SECRET)))


@pytest.mark.parametrize("secret", ["test", EXAMPLE_KEY.secret_access_key])
def test_what_everybody_knows_is_not_hidden(secret: str) -> None:
    assert redaction_of(Credential("A", secret)).text(f"x {secret}") == f"x {secret}"


def test_a_long_body_is_cut_at_a_character_and_its_length_told() -> None:
    data = body_data("é".encode() * LIMIT + b"x", NOTHING)

    assert (data["bytes"], data["shortened"]) == (2 * LIMIT + 1, True)
    assert data["text"] == "é" * (LIMIT // 2)
    assert body_data(b"x" + "é".encode() * LIMIT, NOTHING)["text"] == "x" + "é" * (LIMIT // 2 - 1)


def test_a_body_that_is_no_text_is_base64() -> None:
    data = body_data(b"\xff" * 20_000, NOTHING)

    assert base64.b64decode(data["base64"]) == b"\xff" * LIMIT


@given(st.binary(max_size=50))
def test_a_short_body_is_shown_whole(body: bytes) -> None:
    data = body_data(body, NOTHING)

    shown = data["text"].encode() if "text" in data else base64.b64decode(data["base64"])
    assert (shown, data["bytes"], data["shortened"]) == (body, len(body), False)


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.binary()
    | st.just(datetime(2020, 1, 1, tzinfo=UTC)),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(st.characters()) | st.integers(), inner),
    max_leaves=5,
)


@given(values)
def test_any_value_becomes_json(value: Any) -> None:
    text = json.dumps(plain(value, NOTHING), ensure_ascii=False, allow_nan=False)

    assert text.encode("utf-8")


@given(st.text(st.characters()))
def test_any_text_for_readers_can_be_encoded(text: str) -> None:
    assert words(text, NOTHING).encode("utf-8") is not None
