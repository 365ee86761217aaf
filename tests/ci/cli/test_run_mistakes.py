"""Mistakes in what `botoproof run` is given: nothing runs, one paragraph, exit status 2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Done

Call = Callable[..., Done]
SUBJECT = "importexport.UpdateJob"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "name what to run: a service or a service.Operation, e.g. importexport.UpdateJob"),
        (["importexpot"], "the installed botocore has no service 'importexpot'; did you mean importexport?"),
        (["importexport.UpdateJobs"], "importexport has no operation 'UpdateJobs' in the installed botocore; did you"),
        (["importexport."], "'importexport.' names no operation after the dot"),
        (["UpdateJob"], "'UpdateJob' is no service; did you mean importexport.UpdateJob?"),
        (["s3.PutObject"], "botoproof has no specification for the service 's3'"),
        (["importexport", "--target", "embeded"], "the target must be 'embedded', an http:// or https:// URL"),
        (["importexport", "--target", "cassette:x"], "there is no recording x"),
        (["importexport", "--target", "cassette:"], "the target names no recording: it must be cassette:PATH, a fi"),
        (["importexport", "--target", "cassette:.", "--shard", "1/2"], "--shard does not go with recordings: nothing"),
        (["importexport", "--min-hits", "90"], "--min-hits and --max-unplayed go with --target cassette:PATH only"),
        (["importexport", "--min-hits", "101"], "invalid value for '--min-hits': 101.0 is not in the range 0<=x<=100"),
        (["importexport", "--target", "127.0.0.1:80"], "the target must be 'embedded', an http:// or https:// URL"),
        (
            ["importexport", "--target", "cassete:recordings"],
            "the target must be 'embedded', an http:// or https:// URL or, for `botoproof run`, cassette:PATH, got "
            "'cassete:recordings'; did you mean cassette:recordings?",
        ),
        (["importexport", "--target", "http://a b/"], "the endpoint must be a URL"),
        (["importexport", "--target", "http://x/path"], "the endpoint must be scheme, host and port"),
        (["importexport", "--target", "ftp://x"], "the endpoint must be an http:// or https:// URL"),
        (["importexport", "--target", "http://127.0.0.1:1"], "there are no credentials for http://127.0.0.1:1"),
        (["importexport", "--config", "none.toml"], "there is no configuration file 'none.toml'"),
        (
            ["importexport", "--phases", "tabel"],
            "invalid value for '--phases': there is no 'tabel'; did you mean table or stateful?",
        ),
        (
            ["importexport", "--phases", "fault"],
            "invalid value for '--phases': there is no 'fault'; did you mean faults?",
        ),
        (
            ["importexport", "--phases", ""],
            "invalid value for '--phases': there is no ''; known: faults, random, replies,",
        ),
        (
            ["importexport", "--phases", "faults", "--target", "http://localhost:1"],
            "--target does not go with --phases faults, which strikes calls to an embedded endpoint of its own",
        ),
        (["importexport", "--seed", "x"], "invalid value for '--seed': 'x' is not a whole number"),
        (["importexport", "--seed", "1.5"], "invalid value for '--seed': '1.5' is not a whole number"),
        (["importexport", "--seed", "9" * 101], "invalid value for '--seed': must have 100 digits at most, and has"),
        (["importexport", "--target", ""], "the target is empty; it must be 'embedded', an http:// or https:// URL"),
        (["importexport", "--target", " "], "the target is empty; it must be 'embedded', an http:// or https:// URL"),
        (["importexport", "--report", "json=-"], "a report is written to a file, since standard output holds the sum"),
        (["importexport", "--seed", "-1"], "invalid value for '--seed': must be at least 0, got '-1'"),
        (["importexport", "--max-examples", "-1"], "invalid value for '--max-examples': must be at least 0, got '-1'"),
        (["importexport", "--max-time", "nan"], "invalid value for '--max-time': must be a number above 0, got 'nan'"),
        (["importexport", "--time-limit", "0"], "invalid value for '--time-limit': must be a number above 0, got '0'"),
        (["importexport", "--rate", "inf"], "invalid value for '--rate': must be a number above 0, got 'inf'"),
        (["importexport", "--evidence", "guessed"], "invalid value for '--evidence': 'guessed' is not one of"),
        (["importexport", "--report", "jsn=x"], "there is no report kind 'jsn'; did you mean json or jsonl?"),
        (["importexport", "--report", "json"], "a report is written as KIND=PATH, e.g. json=report.json, got 'json'"),
        (
            ["importexport", "--report", "json=none/r.json"],
            "the json report cannot be written to none/r.json: there is no",
        ),
        (["importexport", "--report", "json=."], "the json report cannot be written to .: it is a folder"),
        (["importexport", "--report", "json=/proc/r.json"], "the json report cannot be written to /proc/r.json: "),
        (["importexport", "--baseline", "x"], "there is no baseline 'x'; --update-baseline writes one"),
        (["importexport", "--baseline", "."], "the baseline '.' cannot be read: Is a directory"),
        (["importexport", "--update-baseline"], "--update-baseline needs --baseline FILE, which it brings up to date"),
        (
            ["importexport", "--baseline", "none/b.toml", "--update-baseline"],
            "the baseline cannot be written to none/b.toml: there is no",
        ),
        (
            ["importexport", "--baseline", "b.toml", "--update-baseline", "--shard", "1/2"],
            "a baseline comes of a whole run, and --shard 1/2 is a part",
        ),
        (
            ["importexport", "--next-baseline", "none/b.toml"],
            "the baseline cannot be written to none/b.toml: there is no",
        ),
        (["importexport", "--shard", "0/3"], "there is no shard 0/3: shards are counted from 1/3 to 3/3"),
        (["importexport", "--shard", "4/3"], "there is no shard 4/3: shards are counted from 1/3 to 3/3"),
        (["importexport", "--shard", "0/0"], "there is no shard 0/0: there must be one shard at least, 1/1"),
        (["importexport", "--shard", "a/b"], "a shard is written as K/N, the K-th of N, e.g. 1/4, got 'a/b'"),
        (["importexport", "--shard", "2"], "a shard is written as K/N, the K-th of N, e.g. 1/4, got '2'"),
        (
            ["importexport", "--run-folder", "x", "--no-run-folder"],
            "--run-folder and --no-run-folder contradict each other",
        ),
        (
            ["importexport", "--run-folder", "/proc/self/exe"],
            "the run folder cannot be written to /proc/self/exe: it is a",
        ),
    ],
)
def test_a_mistake_is_one_paragraph_and_nothing_runs(call: Call, arguments: list[str], told: str) -> None:
    done = call("run", *arguments)

    assert (done.status, done.out) == (2, "")
    assert done.told.startswith(told)


def test_a_mistake_in_the_configuration_is_told_with_the_file(call: Call, folder: Path) -> None:
    folder.joinpath("botoproof.toml").write_text("[world]\nbuckts = {}\n")

    done = call("run", SUBJECT)

    assert (done.status, done.told) == (2, "botoproof.toml: [world] has no key 'buckts'; did you mean buckets?")


def test_the_configuration_of_another_service_is_refused(call: Call, folder: Path) -> None:
    folder.joinpath("botoproof.toml").write_text('[target]\nservice = "s3"\n')

    assert call("run", SUBJECT).told == "importexport is named, but the configuration is for 's3'"


def test_temporary_credentials_are_refused(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "temporary")

    assert "temporary ones with a session token" in call("run", SUBJECT, "--target", "http://127.0.0.1:1").told


def test_a_profile_that_does_not_exist_is_told(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "none")

    done = call("run", SUBJECT, "--target", "http://127.0.0.1:1")

    assert done.told == "the AWS settings of this machine cannot be used: The config profile (none) could not be found"


def test_one_run_is_about_one_service(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botoproof.ci.choice.specified_services", lambda: ("importexport", "s3"))

    assert call("run", "importexport", "s3").told == "one run is about one service, and importexport and s3 are named"
