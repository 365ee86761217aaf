from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from botoproof.ci.cli import main
from botoproof.ci.report.json_report import read_schema
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.server import Server
from botoproof.contract.checks import KINDS
from botoproof.contract.codec.wrong_replies import with_body, wrong_form
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.specification import default_world

UPDATE = "importexport.UpdateJob"
COMMAND = [sys.executable, "-c", "import sys; from botoproof.ci.cli import main; sys.exit(main())"]
CREDENTIALS = """
[credentials]
access-key-id = "AKIAIOSFODNN7EXAMPLE"
secret-access-key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
"""


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read_report(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(path.read_text("utf-8"))
    jsonschema.validate(report, read_schema())
    return report


def test_the_main_job_is_clean_and_provokes_every_exception(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["run", UPDATE, "--seed", "1", "--report", "json=r.json"])

    report = read_report(tmp_path / "r.json")
    operation = report["operations"][UPDATE]
    assert status == 0
    assert report["verdict"] == "clean"
    assert report["findings"] == []
    assert operation["cases"] >= 1000
    assert len(operation["errors"]) == 18
    assert all(error["provoked"] and error["probes"] for error in operation["errors"].values())
    assert len(operation["probes"]) == report["phases"]["table"]["cases"]
    assert f"{UPDATE}: {operation['cases']} cases, 18 of 18 documented exceptions provoked" in capsys.readouterr().out


def test_the_same_seed_gives_the_same_report_but_for_seconds(tmp_path: Path) -> None:
    def strip(report: dict[str, Any]) -> dict[str, Any]:
        for phase in report["phases"].values():
            del phase["seconds"]
        return report

    for name in ("a", "b"):
        main(["run", UPDATE, "--seed", "7", "--max-examples", "100", "--report", f"json={name}.json"])

    assert strip(read_report(tmp_path / "a.json")) == strip(read_report(tmp_path / "b.json"))


@pytest.fixture
def undocumented() -> Iterator[str]:
    """An endpoint that answers unknown jobs with a code that nobody documents."""
    operations = {operation.name: operation for operation in read_operations("importexport")}
    endpoint = Endpoint(default_world(), operations, now=datetime.now(UTC))

    def answer(request: Request, now: datetime) -> Reply:
        reply = endpoint.answer(request, now)
        if b"UpdateJob" not in request.body:
            return reply
        return with_body(reply, reply.body.replace(b"InvalidJobIdException", b"JobNotFoundException"))

    with Server(answer) as server:
        yield server.url


def run_at(url: str, tmp_path: Path, *arguments: str) -> int:
    tmp_path.joinpath("botoproof.toml").write_text(f'[target]\nendpoint = "{url}"\n{CREDENTIALS}', "utf-8")
    return main(["run", UPDATE, "--seed", "1", "--report", "json=r.json", *arguments])


def test_a_finding_is_told_with_contract_source_and_reproducers_that_run(
    undocumented: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run_at(undocumented, tmp_path, "--phases", "table")

    (finding,) = read_report(tmp_path / "r.json")["findings"]
    said = capsys.readouterr().out
    assert status == 1
    assert (finding["code"], finding["observed"]) == ("error-undocumented", "JobNotFoundException")
    assert f"error error-undocumented: {KINDS['error-undocumented'].title}" in said
    assert "reproduce   import boto3" in said
    snippet = subprocess.run(
        [sys.executable, "-c", finding["reproduce"]["boto3"]], capture_output=True, text=True, timeout=60, check=False
    )
    assert "JobNotFoundException" in snippet.stdout + snippet.stderr
    test = tmp_path / "test_reproduced.py"
    test.write_text(finding["reproduce"]["pytest"], "utf-8")
    again = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "1 failed" in again.stdout
    assert "JobNotFoundException" in again.stdout


def test_a_random_finding_has_one_entry_however_many_cases_show_it(tmp_path: Path) -> None:
    operations = {operation.name: operation for operation in read_operations("importexport")}
    endpoint = Endpoint(default_world(), operations, now=datetime.now(UTC))
    spoil = wrong_form("namespace.other").alter

    def answer(request: Request, now: datetime) -> Reply:
        reply = endpoint.answer(request, now)
        return spoil(reply) if b"UpdateJob" in request.body else reply

    with Server(answer) as server:
        status = run_at(server.url, tmp_path, "--phases", "random", "--max-examples", "40")

    findings = read_report(tmp_path / "r.json")["findings"]
    assert status == 1
    assert {finding["code"] for finding in findings} == {"reply-namespace"}
    assert sum(finding["count"] for finding in findings) > len(findings)


def test_a_dead_endpoint_is_told_and_the_report_still_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Server(lambda request, now: Reply(200, (), b"")) as server:
        url = server.url

    status = run_at(url, tmp_path)

    assert status == 2
    assert f"botoproof: the endpoint {url} gave no reply to the first request" in capsys.readouterr().err
    assert read_report(tmp_path / "r.json")["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "importexpot.UpdateJob"], "no service 'importexpot'; did you mean importexport?"),
        (
            ["run", "importexport.UpdateJobs"],
            "no operation 'UpdateJobs' in the installed botocore; did you mean UpdateJob",
        ),
        (["run", "s3.PutObject"], "no specification for the service 's3'"),
        (["run"], "name what to run: a service or a service.Operation, e.g. importexport.UpdateJob"),
        (["run", UPDATE, "--seed", "x"], "'--seed'"),
        (["run", UPDATE, "--sed", "1"], "has no option --sed; did you mean --seed"),
        (["run", UPDATE, "--max-time", "nan"], "must be a number above 0, got 'nan'"),
        (["run", UPDATE, "--phases", "tabel"], "there is no 'tabel'; did you mean table?"),
        (["run", UPDATE, "--phases", "stateful"], "this version of botoproof cannot do 'stateful' yet"),
        (["run", UPDATE, "--target", "cassette:x"], "cannot run against a cassette yet"),
        (["run", UPDATE, "--target", "ftp://x"], "must be an http:// or https:// URL with a host, got 'ftp://x'"),
        (["run", UPDATE, "--config", "none.toml"], "there is no configuration file 'none.toml'"),
        (["run", UPDATE, "--report", "jsn=x"], "there is no report kind 'jsn'; did you mean json?"),
        (["run", UPDATE, "--report", "json=no/such/file"], "there is no folder"),
        (["serve", "--host", "192.0.2.1"], "serves on loopback only"),
        (["explain", "reply-rot"], "'reply-rot'; did you mean reply-root"),
        (["rnu"], "there is no command 'rnu'; did you mean run?"),
        (["record"], "this version of botoproof has no command 'record' yet"),
    ],
)
def test_a_mistake_is_one_paragraph_and_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(arguments)

    said = capsys.readouterr().err
    assert status == 2
    assert message in said
    assert said.startswith("botoproof: ")
    assert len(said.strip().splitlines()) == 1


def test_every_code_and_every_rule_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--list"]) == 0

    names = [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()]
    assert set(KINDS) <= set(names)
    assert "manifest.bucket.missing" in names
    for name in names:
        assert main(["explain", name]) == 0
        assert "source" in capsys.readouterr().out


def start(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_tells_its_address_and_a_configuration_and_ends_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with start("serve", "--write-config", "botoproof.toml", folder=tmp_path) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        try:
            assert first.startswith("listening on http://127.0.0.1:")
            assert main(["run", "--seed", "1", "--max-examples", "20", "--report", "json=r.json"]) == 0
        finally:
            process.send_signal(number)
        process.wait(timeout=30)
        assert process.stderr is not None
        out, err = process.stdout.read(), process.stderr.read()

    report = read_report(tmp_path / "r.json")
    assert (process.returncode, err) == (0, "")
    assert "export AWS_ENDPOINT_URL_IMPORTEXPORT=http://127.0.0.1:" in out
    assert report["unreachable"] == []
    assert sum(error["provoked"] > 0 for error in report["operations"][UPDATE]["errors"].values()) == 18


def test_an_interrupt_ends_the_run_with_a_partial_report(tmp_path: Path) -> None:
    with start(
        "run", UPDATE, "--seed", "1", "--max-examples", "100000", "--report", "json=r.json", folder=tmp_path
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("table"):
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)

    report = read_report(tmp_path / "r.json")
    assert process.returncode == 2
    assert report["stopped"] == "it was interrupted"
    assert report["operations"][UPDATE]["cases"] > 0
    assert "Traceback" not in err


def test_help_and_version_load_neither_boto3_nor_hypothesis(tmp_path: Path) -> None:
    code = (
        "import sys; from botoproof.ci.cli import main; main(['--version']); main(['--help']); "
        "print(sorted({'boto3', 'botocore', 'hypothesis', 'rich', 'yaml'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.startswith("botoproof 0.1.0 (botocore ")
    assert done.stdout.splitlines()[-1] == "[]"
