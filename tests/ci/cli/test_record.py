"""`botoproof record`: from a live URL into files, merged or replaced only when told; and run against them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botoproof.cassettes.format import Recorded, read_cassette
from botoproof.cassettes.recorder import HostNotNamed, Recorder
from botoproof.ci.campaign import recording
from botoproof.ci.campaign.tapes import case_of
from botoproof.ci.campaign.targets import Withholding, embedded_target
from botoproof.ci.report.json_report import read_schema
from botoproof.contract.case import Call as Parameters
from botoproof.contract.case import Case
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.services import find_specification
from botoproof.contract.specification import Settings
from jsonschema import validate

from .conftest import Done, reports

Call = Callable[..., Done]
Start = Callable[..., AbstractContextManager[subprocess.Popen[str]]]
SUBJECT = "importexport.CancelJob"
DATA = Path(__file__).parents[3] / "cassettes" / "data" / "importexport"


@pytest.fixture
def endpoint(start: Start) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """An embedded endpoint in another process, described in `served.toml`."""
    with start("serve", "--write-config", "served.toml") as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[2]
        yield url, process


Endpoint = tuple[str, subprocess.Popen[str]]


def arguments(url: str, *more: str, output: str = "out", kind: str = "embedded") -> tuple[str, ...]:
    return ("record", SUBJECT, "--target", url, "--config", "served.toml", "--output", output, "--kind", kind, *more)


@pytest.mark.slow
def test_what_a_live_url_said_is_judged_without_it(call: Call, endpoint: Endpoint) -> None:
    url, process = endpoint

    recorded = call(*arguments(url, "--max-jobs", "100"))
    process.kill()
    process.wait(timeout=20)
    done = call("run", SUBJECT, "--target", "cassette:out", "--report", "json=r.json", "--min-hits", "100")

    assert (recorded.status, recorded.err) == (0, "")
    assert ": its answer is about who signs and how, and a recording holds no signatures\n" in recorded.out
    assert done.status == 0, done.out
    assert done.out.count("clean: every reply was one that the contract allows") == 1
    assert "(the embedded endpoint, not AWS)" in done.out
    report = reports(Path("r.json"))
    (one,) = report["recordings"]
    assert report["target"] == {"kind": "cassette", "endpoint": None, "service": "importexport"}
    assert (one["misses"], one["unplayed"], one["provenance"]["kind"]) == ([], [], "embedded")
    assert one["hits"] == one["interactions"] == len(read_cassette("out/CancelJob/table.yaml").interactions) > 40
    assert "not reached authentication: recordings hold no signatures" in done.out


def test_a_run_against_recordings_has_a_report_by_the_schema(call: Call, endpoint: Endpoint) -> None:

    call(*arguments(endpoint[0], "--few"))
    call("run", SUBJECT, "--target", "cassette:out", "--report", "json=r.json")

    validate(json.loads(Path("r.json").read_text("utf-8")), read_schema())


def test_what_is_there_is_neither_replaced_nor_merged_unless_it_is_told(call: Call, endpoint: Endpoint) -> None:
    url, _ = endpoint
    call(*arguments(url, "--few"))
    file = Path("out/CancelJob/table.yaml")
    before = file.read_bytes()

    refused = call(*arguments(url, "--few"))
    unchanged = file.read_bytes() == before
    replaced = call(*arguments(url, "--few", "--replace"))

    assert (refused.status, refused.told) == (
        2,
        "out/CancelJob/table.yaml is there already: --merge brings it up to date, --replace replaces it",
    )
    assert unchanged
    assert replaced.status == 0
    assert file.read_bytes() != before


def test_a_merge_tells_what_it_did(call: Call, endpoint: Endpoint) -> None:
    url, _ = endpoint
    call(*arguments(url, "--probes", "job.id*"))
    before = {one.key for one in read_cassette("out/CancelJob/table.yaml").interactions}

    done = call(*arguments(url, "--probes", "job.id*", "--probes", "signature.none", "--merge"))

    after = {one.key for one in read_cassette("out/CancelJob/table.yaml").interactions}
    assert done.status == 0, done.err
    assert before <= after
    assert f"{len(after) - len(before)} requests added, " in done.out


def test_an_interrupted_recording_is_kept_beside(
    call: Call, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, _ = endpoint
    asked = iter([False] * 5)
    monkeypatch.setattr("botoproof.ci.cli.interrupts.Interrupt.is_wished", lambda _: next(asked, True))

    done = call(*arguments(url))

    assert done.status == 2
    assert done.err == "botoproof: interrupted; what was recorded until then is kept as told above\n"
    assert not Path("out/CancelJob/table.yaml").exists()
    assert len(read_cassette("out/CancelJob/table.partial.yaml").interactions) > 5


def test_what_was_not_sent_is_told(call: Call, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    url, _ = endpoint

    done = call(*arguments(url, "--max-jobs", "0"))

    assert done.status == 0
    assert ": a run makes at most 0 resources" in done.out
    assert "  not recorded: state pending, state cancelled" in done.out


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--target", "embedded"), "only a live endpoint can be recorded: --target must be a URL, got 'embedded'"),
        (("--kind", "aws"), "--kind aws would not be true: 127.0.0.1 is not a host of Amazon's"),
        (("--merge", "--replace"), "--merge and --replace contradict each other"),
        (("--probes", "job.exipred"), "no probe matches 'job.exipred'; did you mean job.expired or job.id=~?"),
        (("--output", "served.toml"), "the recording cannot be saved as served.toml/CancelJob/table.yaml: HERE"),
        (("--output", "full"), "the recording cannot be saved as full/CancelJob/table.yaml: it is a folder"),
    ],
)
def test_a_mistake_is_told_before_anything_is_sent(call: Call, folder: Path, more: tuple[str, ...], told: str) -> None:
    (folder / "served.toml").write_text(
        '[credentials]\naccess-key-id = "AKIAIOSFODNN7EXAMPLE"\n'
        'secret-access-key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"\n',
        "utf-8",
    )
    (folder / "full" / "CancelJob" / "table.yaml").mkdir(parents=True)

    done = call(*arguments("http://127.0.0.1:9", *more))

    assert (done.status, done.told) == (2, told.replace("HERE", f"{folder}/served.toml: Not a directory"))
    assert not (folder / "out").exists()


def test_who_names_nothing_to_record_is_asked_what_to_record(call: Call) -> None:
    done = call("record", "--target", "http://127.0.0.1:9", "--output", "o")

    assert done.status == 2
    assert done.told.startswith("name what to record: a service or a service.Operation")


def test_one_file_takes_one_operation(call: Call, folder: Path) -> None:
    done = call("record", "importexport", "--target", "http://127.0.0.1:9", "--output", "all.yaml")

    assert (done.status, done.told) == (2, "all.yaml is one file, and 6 operations are recorded: name a folder")


@pytest.mark.parametrize(
    "more", [("--phases", "table"), ("--seed", "1"), ("--max-examples", "200"), ("--shard", "1/2")]
)
def test_what_means_nothing_to_recordings_is_refused(call: Call, more: tuple[str, ...]) -> None:
    done = call("run", "importexport", "--target", f"cassette:{DATA}", *more)

    told = f"{more[0]} does not go with recordings: nothing is drawn, sent or kept for later"
    assert (done.status, done.out, done.told) == (2, "", told)


def test_recordings_are_named_one_by_one_and_no_seed_is_told_since_nothing_is_drawn(call: Call) -> None:
    done = call("run", "importexport", "--target", f"cassette:{DATA}")

    played = [line.partition(": ")[0] for line in done.out.splitlines() if line.startswith("corpus ")]
    assert len(played) > 1
    assert sorted(played) == sorted(f"corpus {path}" for path in DATA.rglob("*.yaml"))
    assert "seed" not in done.out


def test_a_wrong_reply_in_a_copy_of_what_is_shipped_turns_a_run_red(call: Call, folder: Path) -> None:
    text = (DATA / "CancelJob" / "few.yaml").read_text("utf-8")
    (folder / "copy.yaml").write_text(text.replace("<Success>true", "<Success>yes", 1), "utf-8")

    right = call("run", SUBJECT, "--target", f"cassette:{DATA / 'CancelJob'}")
    wrong = call("run", SUBJECT, "--target", "cassette:copy.yaml", "--report", "json=r.json")

    assert (right.status, wrong.status) == (0, 1)
    assert "13 of 13 interactions answered (100.0 %), 0 missed, 0 unplayed" in wrong.out
    assert [one["code"] for one in reports(Path("r.json"))["findings"]] == ["reply-boolean"]


def test_thresholds_fail_a_run(call: Call, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    call(*arguments(endpoint[0], "--few"))
    # As an SDK would do that writes its requests in another way than the one that was recorded.
    monkeypatch.setattr("botoproof.ci.campaign.corpus.case_of", _written_otherwise)

    plain = call("run", SUBJECT, "--target", "cassette:out")
    hits = call("run", SUBJECT, "--target", "cassette:out", "--min-hits", "100")
    unplayed = call("run", SUBJECT, "--target", "cassette:out", "--max-unplayed", "0")

    assert plain.status == 2
    assert "unknown: not all that was recorded could be judged" in plain.out
    assert hits.err.startswith("botoproof: only ")
    assert hits.err.endswith(" % of the requests were answered, and --min-hits asks for 100 %\n")
    assert unplayed.err.endswith(" interactions were not played, and --max-unplayed allows 0\n")
    assert (hits.status, unplayed.status) == (2, 2)


def _written_otherwise(recorded: Recorded, *given: Any) -> Case:
    case = case_of(recorded, *given)
    return replace(case, sent=Parameters({"JobId": "NOTHERE"})) if case.operation == "CancelJob" else case


def test_the_globs_choose_probes() -> None:
    choice = recording.Choice(only=("job.*", "wire.get"), without=("job.id.*",))

    assert [name for name in ("job.expired", "job.id.none", "wire.get", "wire.nul") if choice.takes(name)] == [
        "job.expired",
        "wire.get",
    ]


def test_where_writes_are_not_allowed_only_rehearsals_are_recorded() -> None:
    specification = find_specification("importexport")
    target = embedded_target(specification, specification.world(Settings((EXAMPLE_KEY,))), EXAMPLE_KEY)
    real = replace(target, transport=Withholding(target.transport, specification.is_harmless))
    recorder = Recorder(["embedded.invalid"])

    sent = recording.record_table(specification, real, recorder, "CreateJob")

    recorded = recorder.cassette().interactions
    assert sent.withheld > 0
    assert sent.recorded == len(recorded) > 0
    assert all(specification.is_harmless(one.request) for one in recorded)


def test_a_host_that_was_not_named_is_not_recorded() -> None:
    specification = find_specification("importexport")
    target = embedded_target(specification, specification.world(Settings((EXAMPLE_KEY,))), EXAMPLE_KEY)
    recorder = Recorder(["elsewhere.invalid"])

    with pytest.raises(HostNotNamed, match=r"only elsewhere\.invalid may be recorded"):
        recording.record_table(specification, target, recorder, "CancelJob")

    assert recorder.cassette().interactions == ()
