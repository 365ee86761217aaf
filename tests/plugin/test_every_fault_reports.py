"""What came of faults: in reports, in the terminal, and for tests that ask; and what a project declares once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botoproof.ci.report.reading import schema_of
from jsonschema import Draft202012Validator

from .faulty import BOTH, MENDED, TEXTBOOK, Faulty


def test_the_report_holds_what_came_of_every_fault(faulty: Faulty) -> None:
    faulty.write(BOTH, TEXTBOOK)

    faulty.run("--faults=smoke", "--faults-report=report.json")

    report = json.loads(Path("report.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema_of("botoproof/faults/1")).validate(report)
    assert (report["schema"], report["level"]) == ("botoproof/faults/1", "smoke")
    [test] = report["tests"]
    assert (test["test"], test["no-fault"], test["calls"]) == (
        "test_ship.py::test_it",
        "passed",
        ["importexport.UpdateJob#0"],
    )
    assert len(test["faults"]) == sum(report["verdicts"].values()) == 7
    lost = next(one for one in test["faults"] if one["fault"] == "response_lost:once")
    assert lost["findings"][0]["code"] == "fault-effect-duplicated"
    assert lost["site"].startswith("shipping.py:")
    assert lost["replay"] == (
        'pytest "test_ship.py::test_it[UpdateJob#0:response_lost:once]" --fault "UpdateJob#0:response_lost:once"'
    )


def test_the_report_names_what_was_folded_and_which_fault_stands_for_it(faulty: Faulty) -> None:
    faulty.write(BOTH, MENDED)

    faulty.run("-k", "connect", "--faults-report=report.json")
    faulty.run("--fault=UpdateJob:connect.refused:once", "--faults-report=wish.json")

    (test,) = json.loads(Path("report.json").read_text(encoding="utf-8"))["tests"]
    into = test["folded_into"]
    assert len(into) == sum(test["folded"].values()) > 30
    assert into["UpdateJob#0:dns:once"] == "UpdateJob#0:connect.refused:once"
    assert not set(into) & set(into.values())
    (test,) = json.loads(Path("wish.json").read_text(encoding="utf-8"))["tests"]
    assert test["folded_into"] == {}, "where one fault is asked for, none is folded"


def test_the_report_is_written_in_as_many_forms_as_are_asked_for(faulty: Faulty) -> None:
    faulty.write(BOTH, TEXTBOOK)
    wishes = [f"--faults-report={name}" for name in ("html=page.html", "sarif=s.sarif", "markdown=m.md")]

    result = faulty.run("--fault=UpdateJob:response_lost", *wishes)

    result.assert_outcomes(passed=1, failed=1)
    (run,) = json.loads(Path("s.sarif").read_text(encoding="utf-8"))["runs"]
    assert {one["ruleId"] for one in run["results"]} == {"fault-effect-duplicated", "fault-unknown-as-failure"}
    places = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]}
    assert places == {"shipping.py"}
    assert "fault-effect-duplicated" in Path("m.md").read_text(encoding="utf-8")
    assert "fault-effect-duplicated" in Path("page.html").read_text(encoding="utf-8")


def test_a_report_that_could_not_be_written_is_told_and_the_session_is_not_green(faulty: Faulty) -> None:
    faulty.write(BOTH, f"import shutil; shutil.rmtree('folder', ignore_errors=True); {MENDED}")
    Path("folder").mkdir()

    result = faulty.run("--fault=UpdateJob:result.false", "--faults-report=html=folder/page.html")

    result.stdout.fnmatch_lines(["botoproof: the html report could not be written to *page.html: No such file*"])
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR


def test_the_command_that_runs_a_failure_again_shows_the_code_s_own_traceback(faulty: Faulty) -> None:
    faulty.write(BOTH, TEXTBOOK)

    result = faulty.run(
        "test_ship.py::test_it[UpdateJob#0:close.mid_headers:always]", "--fault=UpdateJob#0:close.mid_headers:always"
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*reply = client.update_job(*", "*botocore.parsers.ResponseParserError*"])


def test_invariants_of_the_project_are_held_with_and_without_faults(faulty: Faulty) -> None:
    faulty.pytester.makeconftest(
        """
        import pytest

        @pytest.fixture
        def botoproof_invariants(botoproof_endpoint):
            def at_most_one_attempt(faults):
                assert all(len(call.attempts) == 1 for call in faults.journal), faults.injected
            return [at_most_one_attempt]
        """
    )
    faulty.write(BOTH, MENDED)

    result = faulty.run("--fault=UpdateJob:connect.refused")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*got: AssertionError: InjectedFault(*", "*at_most_one_attempt*"])


def test_something_else_than_invariants_is_refused(faulty: Faulty) -> None:
    faulty.pytester.makeconftest("import pytest\n\n@pytest.fixture\ndef botoproof_invariants(): return [3]")
    faulty.write(BOTH, MENDED)

    result = faulty.run("--fault=UpdateJob:dns")

    result.assert_outcomes(errors=1, skipped=1)
    result.stdout.fnmatch_lines(["botoproof: botoproof_invariants must return functions*, got [[]3]"])


def test_a_project_may_have_tests_in_a_package_called_contract(faulty: Faulty) -> None:
    folder = faulty.pytester.mkpydir("contract")
    (folder / "test_own.py").write_text(
        "import pytest\n@pytest.mark.every_fault('importexport.ListJobs', survives=Exception)\n"
        "def test_it(botoproof_endpoint): botoproof_endpoint.client().list_jobs()",
        encoding="utf-8",
    )

    faulty.run("--faults=smoke").assert_outcomes(passed=8)


def test_a_test_without_the_mark_can_ask_and_nothing_was_injected(faulty: Faulty) -> None:
    faulty.pytester.makepyfile("def test_it(faults): assert (faults.injected, faults.journal) == (None, ())")

    faulty.run().assert_outcomes(passed=1)


def test_what_was_injected_is_told_to_the_test(faulty: Faulty) -> None:
    faulty.write(
        BOTH,
        "one = faults.injected",
        "if one: print('told', one.name, one.code, one.modifier, one.call, one)",
        "mended(endpoint.client(), job)",
        "assert [call.operation for call in faults.journal] == ['UpdateJob']",
    )

    result = faulty.run("-s", "--fault=UpdateJob:error(InvalidJobIdException)")

    result.stdout.fnmatch_lines(
        ["*told error InvalidJobIdException always UpdateJob#0 UpdateJob#0:error(InvalidJobIdException):always"]
    )


def test_a_fault_that_would_never_end_is_skipped_and_counted(faulty: Faulty) -> None:
    faulty.write(BOTH, "assert mended(endpoint.client(read_timeout=None), job) is True")

    result = faulty.run("--fault=UpdateJob:timeout.read", "-rs")

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*0 survived, 0 NOT, 1 not struck", "*cannot strike here*never end*"])


def test_a_test_that_is_answered_from_a_recording_is_struck(faulty: Faulty) -> None:
    faulty.pytester.makepyfile(
        test_ship="""
        import boto3, pytest

        @pytest.mark.cassette("one")
        @pytest.mark.every_fault("importexport.ListJobs")
        def test_it():
            boto3.client("importexport", region_name="us-east-1", aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
                aws_secret_access_key="x").list_jobs()
        """
    )
    folder = faulty.pytester.mkdir("cassettes") / "test_ship"
    folder.mkdir()
    (folder / "one.yaml").write_text(
        """version: 1
interactions:
- request:
    method: POST
    uri: https://importexport.amazonaws.com/
    body: Action=ListJobs&Version=2010-06-01
    headers: {}
  response:
    status: {code: 200, message: OK}
    headers: {}
    body: {string: "<ListJobsResponse><ListJobsResult/></ListJobsResponse>"}
""",
        encoding="utf-8",
    )

    lost = faulty.run("--fault=ListJobs:response_lost:once")
    refused = faulty.run("--fault=ListJobs:error(InvalidParameterException)")

    lost.assert_outcomes(passed=2)
    refused.assert_outcomes(passed=1, failed=1)
