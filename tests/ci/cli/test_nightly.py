"""`botoproof nightly`: whole nights on real endpoints, and single steps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.server import Server
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services import find_specification
from botoproof.contract.services.importexport import default_world

from .conftest import Done, reports

Call = Callable[..., Done]
CASSETTE = Path(__file__).parents[3] / "cassettes/data/importexport/GetStatus/few.yaml"
STEPS = ("plan", "conformance", "faults", "cassettes", "drift", "upgrade", "merge", "history", "report", "notify")

WORLD = """
[world.buckets]
my-import = { region = "us-east-1", access = "write" }
my-export-eu = { region = "eu-west-1", access = "write" }
"""


def configure(folder: Path, text: str) -> None:
    (folder / "botoproof.toml").write_text(f'[target]\nservice = "importexport"\n{text}')


def states(folder: Path, night: str) -> dict[str, str]:
    summary = reports(folder / ".botoproof/nights" / night / "summary.json")
    return {step["name"]: step["verdict"] or step["state"] for step in summary["steps"]}


def test_steps_are_taken_alone(call: Call, folder: Path) -> None:
    configure(folder, f'[nightly]\ncassettes = ["{CASSETTE}"]\n')

    done = call("nightly", "--night", "n1", "--step", "cassettes", "--step", "plan")

    assert (done.status, done.err) == (0, "")
    assert [line.split()[:2] for line in done.out.splitlines()] == [
        ["plan", "done"],
        ["cassettes", "clean"],
        ["night", "n1:"],
    ]
    assert states(folder, "n1") == {"plan": "done", "cassettes": "clean"}
    [report] = (folder / ".botoproof/nights/n1/reports").iterdir()
    assert reports(report)["target"]["kind"] == "cassette"


def test_a_step_that_lacks_its_plan_ends_with_2(call: Call, folder: Path) -> None:
    configure(folder, "")

    done = call("nightly", "--night", "n1", "--step", "merge")

    assert done.status == 2
    assert "the step plan has not been taken this night; --step plan takes it" in done.out


def test_a_step_alone_after_another_one_that_failed_ends_with_2(call: Call, folder: Path) -> None:
    configure(folder, "")
    call("nightly", "--night", "n1", "--step", "plan", "--step", "merge")

    for step in ("history", "report", "notify"):
        done = call("nightly", "--night", "n1", "--step", step)

        assert done.status == 2
        assert "because of merge: " in done.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("--night", "../x"),
            "--night must be the name of a folder in .botoproof/nights, such as 2026-11-26, got '../x'",
        ),
        (("--config", "none.toml"), "there is no configuration file 'none.toml'; known: botoproof.toml"),
        (("--shard", "3/2"), "there is no shard 3/2: shards are counted from 1/2 to 2/2"),
    ],
)
def test_mistakes_are_told(call: Call, folder: Path, arguments: tuple[str, ...], told: str) -> None:
    configure(folder, "")

    done = call("nightly", *arguments)

    assert (done.status, done.told) == (2, told)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            'targets = ["embeded"]',
            "nightly.targets: the target must be 'embedded', an http:// or https:// URL or, for `botoproof run`, "
            "cassette:PATH, got 'embeded'; did you mean embedded?",
        ),
        ('targets = ["http://h:0"]', "nightly.targets: the endpoint's port must be 1 to 65535, got 'http://h:0'"),
        ('services = ["s3"]', "nightly.services: botoproof has no specification for the service 's3'"),
        ('services = ["importexport.UpdateJobb"]', "did you mean UpdateJob or CreateJob?"),
        ('accept = "nope.toml"', "nightly.accept: there is no accept file 'nope.toml'"),
        ('baseline = "nope.toml"', "nightly.baseline: there is no baseline 'nope.toml'"),
        ('cassettes = ["nope"]', "nightly.cassettes: there is no recording nope"),
        ('hook = "./nope"', "there is no command './nope', or it may not be executed"),
    ],
)
def test_what_cannot_be_worked_on_is_refused_before_the_first_step(
    call: Call, folder: Path, line: str, told: str
) -> None:
    configure(folder, f"[nightly]\n{line}\n")

    done = call("nightly", "--night", "n1", "--step", "plan")

    assert (done.status, done.out) == (2, "")
    assert done.told.startswith("botoproof.toml: nightly.")
    assert told in done.told
    assert not (folder / ".botoproof").exists()


@pytest.fixture
def served() -> Iterator[tuple[str, list[bytes]]]:
    """An endpoint on loopback, and how its name of an error is to be changed from now on."""
    operations = {operation.name: operation for operation in read_operations("importexport")}
    endpoint = find_specification("importexport").endpoint(default_world(), operations, datetime.now(UTC))
    changed: list[bytes] = []

    def answer(request: Request, now: datetime) -> Reply:
        reply = endpoint.answer(request, now)
        if not changed:
            return reply
        body = reply.body.replace(b"InvalidJobIdException", changed[-1])
        return replace(reply, body=body, headers=(("Content-Type", "text/xml"),))

    with Server(answer, one_at_a_time=False) as server:
        yield server.url, changed


@pytest.mark.slow
def test_a_regression_between_two_nights_turns_the_second_red_and_is_told_as_new(
    call: Call, folder: Path, served: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    url, changed = served
    configure(folder, f'endpoint = "{url}"\n[nightly]\nphases = ["table"]\nshards = 2\n{WORLD}')

    first = call("nightly", "--night", "2026-11-25")
    again = call("nightly", "--night", "2026-11-25")
    changed.append(b"NoSuchJobException")
    second = call("nightly", "--night", "2026-11-26")

    assert (first.status, first.err) == (0, "")
    assert states(folder, "2026-11-25") == {
        **dict.fromkeys(STEPS, "done"),
        **dict.fromkeys(("faults", "merge"), "clean"),
        **dict.fromkeys(("cassettes", "upgrade"), "skipped"),
    }
    assert (again.status, second.status) == (0, 1)
    assert states(folder, "2026-11-26") == {
        **dict.fromkeys(STEPS, "done"),
        **dict.fromkeys(("faults", "upgrade"), "clean"),
        "cassettes": "skipped",
        **dict.fromkeys(("drift", "merge"), "findings"),
    }
    night = folder / ".botoproof/nights/2026-11-26"
    [merged] = (night / "reports").iterdir()
    codes = {found["code"] for found in reports(merged)["findings"] if found["severity"] == "error"}
    assert codes
    assert "new" in (night / "night.md").read_text("utf-8").lower()
    assert len(list((night / "issues").iterdir())) >= 1


@pytest.mark.slow
def test_where_nobody_is_the_night_is_not_green_and_tells_all_it_knows(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    configure(folder, 'endpoint = "http://127.0.0.1:9"\n[nightly]\nphases = ["table"]\n')

    done = call("nightly", "--night", "2026-11-26")

    assert done.status == 2
    assert states(folder, "2026-11-26") == {
        **dict.fromkeys(STEPS, "done"),
        "conformance": "unknown",
        "faults": "clean",
        "cassettes": "skipped",
        "drift": "failed",
        "upgrade": "skipped",
        "merge": "unknown",
    }
    assert json.loads((folder / ".botoproof/nights/2026-11-26/summary.json").read_text())["verdict"] == "unknown"
