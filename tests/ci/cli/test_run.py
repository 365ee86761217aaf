"""`botoproof run`: what it prints, writes and ends with, on right endpoints, wrong ones, and none."""

from __future__ import annotations

import itertools
import json
import os
import signal
import stat
import subprocess
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.campaign.judge import Judge
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.cli import main
from botoproof.ci.embedded import open_embedded
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.server import Server
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services import find_specification
from botoproof.contract.services.importexport import default_world

from .conftest import Behaviour, Done, answers, greets, hangs, peer, reports, resets, rest

Call = Callable[..., Done]
Start = Callable[..., AbstractContextManager[subprocess.Popen[str]]]

SUBJECT = "importexport.UpdateJob"
TABLE = (SUBJECT, "--seed", "1", "--phases", "table")
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's example key, where the usual chain finds it."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


def served(answer: Callable[[Request, Reply], Reply] = lambda _, reply: reply) -> Server:
    """Return the embedded endpoint on loopback, with its replies changed."""
    operations = {operation.name: operation for operation in read_operations("importexport")}
    endpoint = find_specification("importexport").endpoint(default_world(), operations, datetime.now(UTC))
    return Server(lambda request, now: answer(request, endpoint.answer(request, now)), one_at_a_time=False)


def renames_an_error(request: Request, reply: Reply) -> Reply:
    return replace(
        reply, headers=(("Content-Type", "text/xml"),), body=reply.body.replace(b"InvalidJobId", b"NoSuchJob_")
    )


# The embedded endpoint


def test_without_a_terminal_the_lines_are_plain(call: Call) -> None:
    done = call("run", *TABLE)

    assert "\x1b" not in done.out
    assert [line for line in done.out.splitlines() if line != line.rstrip()] == []
    assert sum(line.startswith("table ") for line in done.out.splitlines()) == 1


def test_the_service_alone_means_all_six_operations_each_error_provoked_or_said_why_not(
    call: Call, folder: Path
) -> None:
    done = call("run", "importexport", "--phases", "table", "--report", "json=r.json")

    errors = [
        error
        for operation in reports(folder / "r.json")["operations"].values()
        for error in operation["errors"].values()
    ]
    assert (done.status, len(errors)) == (0, 55)
    assert all(bool(error["probes"]) is not bool(error["unreachable"]) for error in errors)
    assert "importexport: 48 of 55 documented exceptions provoked, 7 unreachable" in done.out
    assert "unreachable: InvalidJobIdException of CreateJob: CreateJob takes no JobId" in done.out


@pytest.mark.slow
def test_the_configuration_names_service_and_world(call: Call, folder: Path) -> None:
    folder.joinpath("botoproof.toml").write_text(
        '[target]\nservice = "importexport"\n[world]\nera = "2010-06-03"\n'
        '[world.buckets]\nmine = {}\n[world.jobs]\nexpired = ["XPR1A"]\n'
    )

    done = call("run", "--phases", "table", "--report", "json=r.json")

    assert done.status == 0
    assert reports(folder / "r.json")["target"] == {"kind": "embedded", "endpoint": None, "service": "importexport"}


def test_a_configuration_can_be_named(call: Call, folder: Path) -> None:
    folder.joinpath("other.toml").write_text('[target]\nservice = "importexport"\n')

    assert call("run", "--config", "other.toml", "--phases", "table").status == 0


def test_a_seed_is_drawn_and_told(call: Call, folder: Path) -> None:
    done = call("run", SUBJECT, "--phases", "random", "--max-examples", "1", "--report", "json=r.json")

    assert f"seed {reports(folder / 'r.json')['seed']}" in done.out.splitlines()[0]


def test_time_that_is_used_up_makes_the_verdict_unknown(call: Call, folder: Path) -> None:
    done = call("run", *TABLE, "--max-time", "0.000001", "--report", "json=r.json")

    report = reports(folder / "r.json")
    assert (done.status, report["verdict"]) == (2, "unknown")
    assert "was used up" in report["stopped"]
    assert report["stopped"] in done.out


# URLs


def test_a_url_is_run_against_with_the_usual_chains_keys(call: Call, keys: None, folder: Path) -> None:
    with served() as server:
        done = call("run", *TABLE, "--target", server.url, "--report", "json=r.json")

    assert done.status == 0
    assert "no [world] is configured" in done.told
    assert reports(folder / "r.json")["target"]["endpoint"] == server.url


@pytest.mark.slow
def test_the_configured_endpoint_is_the_target_and_an_option_overrides_it(call: Call, folder: Path) -> None:
    folder.joinpath("botoproof.toml").write_text(
        '[target]\nservice = "importexport"\nendpoint = "http://127.0.0.1:1"\n'
        '[credentials]\naccess-key-id = "A"\nsecret-access-key = "B"\n[world]\nera = "2014-12-18"\n'
        "[world.buckets]\nmy-import = {}\n"
    )

    refused = call("run")
    overridden = call("run", "--target", "embedded", "--phases", "table")

    assert (refused.status, overridden.status) == (2, 0)
    assert refused.told.startswith("the endpoint http://127.0.0.1:1 gave no reply to the first request")


def test_a_departure_is_told_with_all_that_is_needed_to_mend_it(call: Call, keys: None, folder: Path) -> None:
    with served(renames_an_error) as server:
        done = call("run", *TABLE, "--target", server.url, "--report", "json=r.json")

    assert done.status == 1
    assert "error error-undocumented: the error is not documented for the operation" in done.out
    for told in (
        "contract    InvalidJobIdException",
        "came        NoSuchJob_Exception",
        "sent        UpdateJob through the SDK (probe job.id",
        "reply       HTTP 400",
        "reproduce   import boto3",
        "more        botoproof explain error-undocumented",
    ):
        assert f"  {told}" in done.out
    assert reports(folder / "r.json")["findings"][0]["fingerprint"] in done.out


def test_what_the_endpoint_says_cannot_steer_the_terminal(call: Call, keys: None) -> None:
    def steers(request: Request, reply: Reply) -> Reply:
        body = reply.body.replace(b"<Message>", b"<Message>\x1b[2J")
        return replace(renames_an_error(request, reply), body=body.replace(b"InvalidJobId", b"\xc2\x9bX"))

    with served(steers) as server:
        done = call("run", *TABLE, "--target", server.url)

    assert done.status == 1
    assert not [char for char in done.out if not char.isprintable() and char != "\n"]


def test_states_that_cannot_be_had_are_told(call: Call, keys: None, folder: Path) -> None:
    with served() as server:
        call("run", *TABLE, "--target", server.url, "--report", "json=r.json")

    states = {entry["state"] for entry in reports(folder / "r.json")["unreachable"] if "state" in entry}
    assert states == {"expired", "in-progress", "complete", "foreign"}


def test_writes_to_amazon_are_withheld_and_counted(call: Call, keys: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # No request leaves: those that would are rehearsals, and this transport answers them.
    from botoproof.contract.adapters.http import HttpTransport

    with open_embedded("importexport") as endpoint:
        answer = endpoint.target().transport
        monkeypatch.setattr(HttpTransport, "__call__", lambda _, request: answer(request))
        done = call("run", *TABLE, "--target", "https://importexport.amazonaws.com")

    assert "withheld    " in done.out


# Peers that are no endpoint: (behaviour, exit status, what is told)

PEERS: dict[str, tuple[Behaviour, int, str]] = {
    "hangs": (hangs, 2, "no complete reply within the time limit"),
    "resets": (resets, 2, "gave no reply to the first request"),
    "says no HTTP": (greets, 2, "gave no reply to the first request"),
    "closes mid-body": (answers("200 OK", b"<Upd", length=400), 2, "gave no reply to the first request"),
    "answers HTML": (
        answers("200 OK\r\nContent-Type: text/html", b"<html><body>Welcome</body></html>"),
        1,
        "reply-root",
    ),
    "answers 503": (answers("503 Service Unavailable", b""), 1, "server-error"),
}


@pytest.mark.parametrize("name", PEERS)
def test_whoever_is_there_the_run_ends_and_the_report_is_written(
    call: Call, keys: None, folder: Path, name: str
) -> None:
    behaviour, status, told = PEERS[name]

    with peer(behaviour) as url:
        done = call("run", *TABLE, "--target", url, "--time-limit", "0.3", "--report", "json=r.json")

    report = reports(folder / "r.json")
    assert done.status == status
    assert told in done.err + done.out
    assert report["verdict"] == ("unknown" if status == 2 else "findings")
    assert bool(report["stopped"]) == (status == 2)


def test_megabytes_are_not_swallowed(call: Call, keys: None, folder: Path) -> None:
    with peer(answers("200 OK", b"a" * 17_000_000)) as url:
        done = call("run", *TABLE, "--target", url, "--max-time", "2", "--report", "json=r.json")

    assert done.status == 1
    assert {"reply-oversized"} <= {finding["code"] for finding in reports(folder / "r.json")["findings"]}


def test_nobody_there_is_one_paragraph_and_a_report(call: Call, keys: None, folder: Path) -> None:
    done = call("run", *TABLE, "--target", "http://127.0.0.1:1", "--report", "json=r.json")

    assert done.status == 2
    assert "botoproof: the endpoint http://127.0.0.1:1 gave no reply to the first request" in done.err
    assert reports(folder / "r.json")["verdict"] == "unknown"


# Reports


def test_a_report_replaces_the_old_one_and_leaves_nothing_else(call: Call, folder: Path) -> None:
    folder.joinpath("r.json").write_text("old")

    call("run", *TABLE, "--report", "json=r.json")

    assert reports(folder / "r.json")["verdict"] == "clean"
    assert [path.name for path in folder.iterdir()] == ["r.json"]


def test_a_refused_report_leaves_the_old_one(call: Call, folder: Path) -> None:
    folder.joinpath("r.json").write_text("old")

    call("run", "importexpot", "--report", "json=r.json")

    assert folder.joinpath("r.json").read_text() == "old"


def test_a_report_through_a_link_replaces_what_it_points_to(call: Call, folder: Path) -> None:
    folder.joinpath("real.json").write_text("old")
    folder.joinpath("r.json").symlink_to("real.json")

    call("run", *TABLE, "--report", "json=r.json")

    assert folder.joinpath("r.json").is_symlink()
    assert reports(folder / "real.json")["verdict"] == "clean"


def test_a_pipe_is_written_to_and_not_replaced(call: Call, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    reading = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)

    done = call("run", *TABLE, "--report", "json=pipe")
    text = os.read(reading, 1_000_000)
    os.close(reading)

    assert done.status == 0
    assert json.loads(text)["verdict"] == "clean"
    assert stat.S_ISFIFO(folder.joinpath("pipe").stat().st_mode)


def test_a_failure_of_our_own_still_leaves_the_report(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("botoproof.ci.campaign.running.find", fails)

    done = call("run", *TABLE, "--report", "json=r.json")

    assert done.status == 2
    assert "this is a bug in botoproof, not in what you gave it: RuntimeError: planted" in done.err
    assert "RuntimeError: planted" in reports(folder / "r.json")["stopped"]


def test_a_reader_who_goes_away_does_not_end_the_run(start: Start, folder: Path) -> None:
    with start("run", *TABLE, "--report", "json=r.json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
        process.wait(timeout=20)

    assert (process.returncode, err) == (0, "")
    assert reports(folder / "r.json")["verdict"] == "clean"


# Interrupts


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_at_once_with_a_partial_report(start: Start, folder: Path, number: signal.Signals) -> None:
    arguments = ("run", SUBJECT, "--seed", "1", "--max-examples", "1000000", "--report", "json=r.json")
    with start(*arguments) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("table "):
                break
        process.send_signal(number)
        out, err = rest(process)

    report = reports(folder / "r.json")
    assert process.returncode == 2
    assert err == "botoproof: interrupted; what was learned until then is told above\n"
    assert (report["verdict"], report["stopped"]) == ("unknown", "it was interrupted")
    assert report["phases"]["table"]["cases"] > 200
    assert "unknown; the run was cut short: it was interrupted" in out


@pytest.mark.parametrize(
    ("hangs_on", "interrupts", "why"),
    [
        (False, 1, []),
        (True, 1, ["CancelJob broke: timeout: no complete reply within the time limit"]),
        (True, 2, ["CancelJob was interrupted"]),
    ],
    ids=["once", "for good", "for good and in haste"],
)
def test_an_interrupt_of_a_request_that_hangs_still_cleans_up_or_says_what_is_left(
    start: Start, folder: Path, keys: None, hangs_on: bool, interrupts: int, why: list[str]
) -> None:
    hanging, more, over = threading.Event(), threading.Event(), threading.Event()
    count = itertools.count()

    def hangs_late(_: Request, reply: Reply) -> Reply:
        number = next(count)
        if number == 20 or (number > 20 and hangs_on):
            (more if hanging.is_set() else hanging).set()
            over.wait(timeout=60)
        return reply

    with (
        served(hangs_late) as server,
        start("run", *TABLE, "--target", server.url, "--report", "json=r.json", "--time-limit", "50") as process,
    ):
        for expected in (hanging, more)[:interrupts]:
            assert expected.wait(timeout=30)
            process.send_signal(signal.SIGINT)
        rest(process)
        over.set()

    report = reports(folder / "r.json")
    assert (process.returncode, report["stopped"]) == (2, "it was interrupted")
    assert [left["why"] for left in report["left_behind"]] == why


def test_the_plan_is_what_the_options_say(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    seen: list[tuple[Plan, Judge]] = []

    def carried_out(plan: Plan, judge: Judge, *_: object, **__: object) -> None:
        seen.append((plan, judge))
        raise KeyboardInterrupt

    monkeypatch.setattr("botoproof.ci.cli.run.run_campaign", carried_out)

    counts = ("--max-examples", "5", "--max-programs", "3", "--max-jobs", "4")
    main(["run", SUBJECT, "--phases", "random,table", "--seed", "7", "--evidence", "inferred", *counts])

    [(plan, judge)] = seen
    assert (plan.operations, plan.phases, plan.seed, plan.max_examples) == (("UpdateJob",), ("table", "random"), 7, 5)
    assert (plan.max_programs, judge.budget.limit, plan.evidence.value) == (3, 4, "inferred")
