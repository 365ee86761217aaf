"""`botoproof cassette`: recordings verified, compared, scanned, pruned and held to an age."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from botoproof.cassettes.format import Cassette, Provenance, Recorded, read_cassette
from botoproof.cassettes.key import request_key
from botoproof.cassettes.replay import CassetteMiss, Replayer
from botoproof.cassettes.writing import write_cassette
from botoproof.ci import recordings
from botoproof.ci.cli import cassette as verb
from botoproof.contract.codec.form import write_form
from botoproof.contract.interaction import Reply, Request

from .conftest import Done

Call = Callable[..., Done]

NAMESPACE = "http://importexport.amazonaws.com/doc/2010-06-01/"
SOURCE = Provenance("embedded", "127.0.0.1", "importexport", "botocore 1.44.5", date(2026, 11, 23), "botoproof 0.1.0")
DONE = (
    f'<CancelJobResponse xmlns="{NAMESPACE}"><CancelJobResult><Success>true</Success></CancelJobResult>'
    "<ResponseMetadata><RequestId>b5ac-1</RequestId></ResponseMetadata></CancelJobResponse>"
)
FORM = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)


def recorded(job: str, body: str = DONE, action: str = "CancelJob") -> Recorded:
    pairs = (("Action", action), ("Version", "2010-06-01"), ("JobId", job))
    request = Request("POST", "http://127.0.0.1/", FORM, write_form(pairs))
    return Recorded(request, Reply(200, (("Content-Type", "text/xml"),), body.encode()), request_key(request))


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes a recording."""

    def write(*ones: Recorded, name: str = "one.yaml", source: Provenance | None = SOURCE) -> Path:
        path = tmp_path / name
        write_cassette(path, Cassette(source, 1, ones))
        return path

    return write


Written = Callable[..., Path]


def test_a_right_recording_is_verified(call: Call, written: Written) -> None:
    path = written(recorded("A1"), recorded("A2"), recorded("A1"))

    done = call("cassette", "verify", str(path))

    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"{path}: 3 of 3 played; importexport of 127.0.0.1 (the embedded endpoint, not AWS), recorded 2026-11-23 with "
        "botocore 1.44.5",
        "1 file, 3 of 3 interactions played, no problems",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("JobId: A1", "JobId: A9", "recording-key: number 1: the key beside it is not its own, which is "),
        ("<Success>true", "<Success>yes", "recording-reply: number 1: its reply has 'yes' at /CancelJobResponse/"),
        ("method: POST", "method: [", "recording-unreadable: "),
        ("JobId: A1", "JobId: AKIAI44QH8DHBEXAMPLE", "recording-secret: what looks like a secret stands in line "),
        ("# key-version: 1", "# key-version: 7", "recording-key: its keys are of version 7; expected 1"),
    ],
)
def test_what_is_wrong_with_a_recording_is_told(call: Call, written: Written, old: str, new: str, told: str) -> None:
    path = written(recorded("A1"))
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")

    done = call("cassette", "verify", str(path))

    assert done.status == 1
    assert f"\n  {told}" in done.out


class _Forgetful(Replayer):
    """Loses the second of its interactions, and answers the third request with the first reply."""

    def answer(self, request: Request) -> Reply:
        if b"A2" in request.body:
            raise CassetteMiss("A2 is lost", request, None)
        return super().answer(self.interactions[0].request if b"A3" in request.body else request)


def test_what_does_not_play_is_told(call: Call, written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    other = DONE.replace("b5ac-1", "b5ac-3")
    path = written(recorded("A1"), recorded("A2"), recorded("A3", other))
    monkeypatch.setattr(recordings, "Replayer", lambda cassette, **_: _Forgetful(cassette))

    done = call("cassette", "verify", str(path))

    assert done.status == 1
    assert [line for line in done.out.splitlines() if line.startswith("  ")] == [
        "  recording-miss: number 2: A2 is lost",
        "  recording-miss: number 3: its request is given another's reply",
        "  recording-unplayed: number 2: none of the recorded requests plays it",
        "  recording-unplayed: number 3: none of the recorded requests plays it",
    ]


def test_what_cannot_be_found_out_is_told_as_unknown(call: Call, written: Written) -> None:
    path = written(recorded("A1"), source=None)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("#")), "utf-8")

    done = call("cassette", "verify", str(path))

    assert done.status == 0
    assert done.out.count("  unknown: ") == 2
    assert "it does not say where it comes from" in done.out


def test_the_verdict_on_every_file_is_there_as_json(call: Call, written: Written) -> None:
    path = written(recorded("A1", DONE.replace("true", "yes")))

    done = call("cassette", "verify", str(path), "--json")

    (file,) = json.loads(done.out)["files"]
    assert done.status == 1
    assert (file["path"], file["played"], file["problems"][0]["what"]) == (str(path), 1, "recording-reply")


def test_drift_is_told_with_its_path(call: Call, written: Written) -> None:
    old = written(recorded("A1"), recorded("A2"), name="old.yaml")
    new = written(recorded("A1", DONE.replace("true", "1")), name="new.yaml", source=replace(SOURCE, kind="emulator"))

    done = call("cassette", "drift", str(old), str(new))

    assert done.status == 1
    assert done.out.splitlines() == [
        f"old: {SOURCE}",
        f"new: {replace(SOURCE, kind='emulator')}",
        "CancelJob 200: drift-element-kind /CancelJobResponse/CancelJobResult/Success: boolean -> integer (1 reply)",
        f"1 drift in 1 pair of replies; not compared: 1 that are only in {old}, 0 only in {new}",
    ]


def test_files_of_folders_are_compared_each_with_its_own(call: Call, written: Written, tmp_path: Path) -> None:
    other = DONE.replace("<Success>true", "<Other>true").replace("</Success>", "</Other>")
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        # The same request in each file, and answered otherwise: the ids of one recording are those of the next.
        written(*([recorded("A1")] * (2 if folder == "new" else 1)), name=f"{folder}/1.yaml")
        written(recorded("A1", other), name=f"{folder}/2.yaml")
    written(recorded("A2"), name="old/gone.yaml", source=replace(SOURCE, kind="emulator"))

    done = call("cassette", "drift", str(tmp_path / "old"), str(tmp_path / "new"))

    assert done.status == 0
    assert done.out.splitlines() == [
        f"old: {SOURCE} and {replace(SOURCE, kind='emulator')}",
        f"new: {SOURCE}",
        f"0 drifts in 2 pairs of replies; not compared: 1 that are only in {tmp_path / 'old'}, 1 only in "
        f"{tmp_path / 'new'}",
    ]


def test_folders_without_a_common_name_are_compared_as_wholes(call: Call, written: Written, tmp_path: Path) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        written(recorded("A1"), name=f"{folder}/{folder}.yaml")

    done = call("cassette", "drift", str(tmp_path / "old"), str(tmp_path / "new"))

    assert (done.status, done.out.splitlines()[-1].partition(";")[0]) == (0, "0 drifts in 1 pair of replies")


def test_no_drift_is_clean(call: Call, written: Written) -> None:
    old = written(recorded("A1"), name="old.yaml")
    new = written(recorded("A1", DONE.replace("b5ac-1", "b5ac-2")), name="new.yaml")

    done = call("cassette", "drift", str(old), str(new), "--json")

    assert (done.status, json.loads(done.out)["compared"], json.loads(done.out)["drifts"]) == (0, 1, [])


def test_what_cannot_be_compared_is_not_clean(call: Call, written: Written) -> None:
    old, new = written(recorded("A1"), name="old.yaml"), written(recorded("A2"), name="new.yaml")

    done = call("cassette", "drift", str(old), str(new))

    assert (done.status, done.out) == (2, "")
    assert done.err == ("botoproof: no request of the 1 in the older recording is among the 1 in the newer\n")


def test_a_secret_is_found_and_not_shown(call: Call, written: Written) -> None:
    path = written(recorded("A1"))
    path.write_text(path.read_text("utf-8").replace("JobId: A1", "JobId: AKIAI44QH8DHBEXAMPLE"), "utf-8")

    done = call("cassette", "scan", str(path))

    assert done.status == 1
    assert "AKIA" not in done.out
    assert done.out.splitlines()[-1] == "1 file, 1 problem"


@pytest.mark.parametrize(
    ("today", "status", "told"),
    [
        (date(2026, 12, 23), 0, "1 file, no problems"),
        (date(2026, 12, 24), 1, "it was recorded on 2026-11-23, 31 days ago (at most 30 are allowed)"),
        (date(2026, 11, 22), 1, "it says that it was recorded on 2026-11-23, which is yet to come"),
    ],
)
def test_age_is_held_to_its_limit(
    call: Call, written: Written, monkeypatch: pytest.MonkeyPatch, today: date, status: int, told: str
) -> None:
    path = written(recorded("A1"))
    monkeypatch.setattr(verb, "now", lambda: datetime(today.year, today.month, today.day, tzinfo=UTC))

    done = call("cassette", "age", str(path), "--max-days", "30")

    assert done.status == status
    assert told in done.out


def test_a_recording_of_unknown_age_is_not_young_enough(call: Call, written: Written) -> None:
    done = call("cassette", "age", str(written(recorded("A1"), source=None)), "--max-days", "30")

    assert done.status == 1
    assert "it does not say when it was recorded" in done.out


def test_pruning_only_says_what_would_go_until_it_is_told_to_write(call: Call, written: Written) -> None:
    path = written(recorded("A1"), recorded("A1"), recorded("A2", action="Gone"))
    before = path.read_bytes()

    dry = call("cassette", "prune", str(path))
    unchanged = path.read_bytes() == before
    wet = call("cassette", "prune", str(path), "--write")

    assert unchanged
    assert dry.out.splitlines() == [
        f"{path}: number 2 (CancelJob): repeated",
        f"{path}: number 3 (Gone): orphan",
        "2 interactions of 1 file would go; --write takes them out",
    ]
    assert (wet.status, wet.out.splitlines()[-1]) == (0, "2 interactions of 1 file taken out")
    left = read_cassette(path)
    assert (len(left.interactions), left.provenance, left.stale) == (1, SOURCE, ())


def test_pruning_leaves_alone_what_others_wrote(call: Call, written: Written) -> None:
    path = written(recorded("A1"), recorded("A1"), source=None)
    before = path.read_bytes()

    done = call("cassette", "prune", str(path), "--write")

    assert path.read_bytes() == before
    assert f"{path}: left alone, as botoproof did not write it" in done.out


def test_a_folder_stands_for_all_recordings_in_it(call: Call, written: Written, tmp_path: Path) -> None:
    written(recorded("A1"), name="one.yaml")
    (tmp_path / "deep").mkdir()
    written(recorded("A2"), name="deep/two.yml", source=replace(SOURCE, kind="emulator"))

    done = call("cassette", "verify", str(tmp_path))

    assert done.out.splitlines()[-1] == "2 files, 2 of 2 interactions played, no problems"
    assert "an emulator, not AWS" in done.out


PARTS = "verify, drift, scan, age, prune, propose"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("verify", "nowhere.yaml"), "there is no recording nowhere.yaml"),
        (("verify", "."), "the folder . holds no recordings (files that end in .yaml or .yml)"),
        (("verfy", "."), "there is no command 'cassette verfy'; did you mean verify? (see botoproof cassette --help)"),
        (("age", "."), "missing option '--max-days' (see botoproof cassette age --help)"),
        ((), f"say what to do with the recordings: {PARTS} (see botoproof cassette --help)"),
        (("verify",), "missing argument 'PATH...' (see botoproof cassette verify --help)"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)

    done = call("cassette", *arguments)

    assert (done.status, done.out, done.err) == (2, "", f"botoproof: {told}\n")
