"""Programs as boto3 code: every kind of step runs as it stands, and what has no source is said."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from botoproof.ci.campaign.judge import Judge
from botoproof.ci.report.program_snippets import program_snippet, program_test
from botoproof.ci.report.reproduce import reproduce
from botoproof.ci.report.source import NotWritable
from botoproof.contract.case import Call, Case, Raw, reference
from botoproof.contract.errors import Conformance
from botoproof.contract.finding import Finding
from botoproof.contract.interaction import Reply
from botoproof.contract.outcome import Returned
from botoproof.contract.program import Program, Step
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.facts import Facts
from botoproof.contract.services.importexport.life_kinds import REFUSED_LEFT_TRACE

from .conftest import judge_of, prepared_scene
from .reproducing import MANIFEST

FINDING = Finding(REFUSED_LEFT_TRACE, "importexport.UpdateJob", "", "the manifest as it was", "another")


def create(**more: object) -> Case:
    return Case("CreateJob", Call({"JobType": "Import", "Manifest": MANIFEST, "ValidateOnly": False, **more}))


def update(job: str, manifest: str = MANIFEST) -> Case:
    parameters = {"JobId": reference(job), "JobType": "Import", "Manifest": manifest, "ValidateOnly": False}
    return Case("UpdateJob", Call(parameters))


def look(job: str) -> Case:
    return Case("GetStatus", Call({"JobId": reference(job)}))


LISTING = Case("ListJobs", Call({"MaxJobs": 1}))
REFUSED = Program((Step((create(),), makes="job-1"), Step((update("job-1", "no: manifest"), look("job-1")))))
# A program, and what its code prints: the operation of each line, and a word that stands in it.
PROGRAMS: Mapping[str, tuple[Program, list[tuple[str, str]]]] = {
    "a job is made, an update is refused": (
        REFUSED,
        [("create_job", "JobId"), ("update_job", "error"), ("get_status", "Pending"), ("cancel_job", "Success")],
    ),
    "two clients at once": (
        Program(
            (Step((create(), look("job-1")), makes="job-1"), Step((update("job-1"), update("job-1")), together=True))
        ),
        [
            ("create_job", "JobId"),
            ("get_status", "Pending"),
            ("update_job", "Success"),
            ("update_job", "Success"),
            ("cancel_job", "Success"),
        ],
    ),
    "a list of several pages": (
        Program((Step((create(),), makes="job-1"), Step((create(),), makes="job-2"), Step((LISTING,), paged=True))),
        [("create_job", "JobId")] * 2 + [("list_jobs", "IsTruncated")] * 2 + [("cancel_job", "Success")] * 2,
    ),
    "a job in a provider state": (
        Program((Step((look("expired"), update("expired"))),)),
        [("get_status", "Expired"), ("update_job", "ExpiredJobId")],
    ),
    "a job that the run itself had made and cancelled": (
        Program((Step((update("cancelled"),)),)),
        [("update_job", "CanceledJobId")],
    ),
}


def printed(source: str) -> list[str]:
    """Run a program as `python FILE` would; return the lines that it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(source, "snippet.py", "exec"), {"__name__": "__main__"})  # noqa: S102 - ours
    return out.getvalue().splitlines()


def are_as(lines: list[str], expected: list[tuple[str, str]]) -> bool:
    """Whether each line tells of its operation and holds its word."""
    pairs = zip(lines, expected, strict=True)
    return all(line.startswith(f"{operation} ") and word in line for line, (operation, word) in pairs)


@pytest.mark.parametrize(("program", "expected"), PROGRAMS.values(), ids=PROGRAMS)
def test_every_kind_of_step_runs_as_it_stands(program: Program, expected: list[tuple[str, str]]) -> None:
    with judge_of() as judge:
        source = program_snippet(FINDING, program, prepared_scene(judge))

    assert are_as(printed(source), expected)
    assert source.count("# Here it shows: a refused update changed the job.") == 1


@pytest.mark.parametrize("name", ["two clients at once", "a job that the run itself had made and cancelled"])
def test_at_a_url_it_makes_what_it_needs_and_leaves_nothing_open(name: str) -> None:
    program, expected = PROGRAMS[name]
    with judge_of(by_url=True) as judge:
        scene = prepared_scene(judge)
        before = are_open(judge)

        lines = printed(program_snippet(FINDING, program, scene))

        assert are_as(lines, expected)
        assert are_open(judge) == before


def are_open(judge: Judge) -> set[str]:
    """Return the ids of the jobs that are not cancelled."""
    outcome = judge.exchange(Case("ListJobs", Call({"MaxJobs": 1000}))).outcome
    assert isinstance(outcome, Returned)
    return {job["JobId"] for job in outcome.value["Jobs"] if not job["IsCanceled"]}


def test_what_the_program_made_is_cancelled_also_when_it_breaks_off() -> None:
    with judge_of(by_url=True) as judge:
        scene, before = prepared_scene(judge), are_open(judge)
        source = program_snippet(FINDING, REFUSED, scene)

        with pytest.raises(ZeroDivisionError):
            printed(source.replace("    tell(client.get_status", "    1 / 0\n    tell(client.get_status"))

        assert are_open(judge) == before


# A defect that is seen again


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every embedded endpoint stores the manifest of a refused update."""
    right = Endpoint.refusal

    def refusal(self: Endpoint, facts: Facts, *arguments: Any) -> Reply:
        if facts.operation.name == "UpdateJob" and facts.job is not None:
            self.jobs[facts.job.job_id] = replace(facts.job, manifest=facts.text("Manifest") or "")
        return right(self, facts, *arguments)

    monkeypatch.setattr(Endpoint, "refusal", refusal)


def stored(lines: list[str]) -> bool:
    [look_of] = [line for line in lines if line.startswith("get_status ")]
    return "'CurrentManifest': 'no: manifest'" in look_of


def source_of(kind: str) -> str:
    with judge_of() as judge:
        scene = prepared_scene(judge)
    write = program_snippet if kind == "boto3" else program_test
    return write(FINDING, REFUSED, scene)


@pytest.mark.usefixtures("careless")
def test_the_code_shows_a_seeded_defect_of_the_embedded_endpoint() -> None:
    assert stored(printed(source_of("boto3")))


def test_the_code_shows_no_defect_where_there_is_none() -> None:
    assert not stored(printed(source_of("boto3")))


def the_test() -> Any:
    names: dict[str, Any] = {}
    exec(compile(source_of("pytest"), "test_it.py", "exec"), names)  # noqa: S102 - ours
    return names[f"test_{REFUSED_LEFT_TRACE.check}"]


@pytest.mark.usefixtures("careless")
def test_the_test_fails_on_a_seeded_defect() -> None:
    with pytest.raises(Conformance, match=r"\[refused-left-trace\]"):
        the_test()()


def test_the_test_passes_where_there_is_no_defect() -> None:
    the_test()()


@pytest.mark.parametrize(("program", "_"), PROGRAMS.values(), ids=PROGRAMS)
def test_the_test_holds_the_very_program(program: Program, _: object) -> None:
    with judge_of() as judge:
        source = program_test(FINDING, program, prepared_scene(judge))
    head = source.partition("\n\n\ndef test_")[0]
    names: dict[str, Any] = {}

    exec(compile(head, "test_it.py", "exec"), names)  # noqa: S102 - ours

    without_labels = [
        replace(step, cases=tuple(replace(case, label="") for case in step.cases)) for step in program.steps
    ]
    assert names["PROGRAM"] == Program(tuple(without_labels))


# What has no source


def test_what_boto3_cannot_send_has_no_place_in_a_program_of_calls() -> None:
    program = Program((Step((create(),), makes="job-1"), Step((Case("UpdateJob", Raw(b"Action=UpdateJob")),))))
    with judge_of() as judge:
        scene = prepared_scene(judge)
        exchange = judge.exchange(look("pending"))
        found = reproduce(FINDING, exchange, scene, program)

        with pytest.raises(NotWritable, match="no place for what boto3 cannot send"):
            program_snippet(FINDING, program, scene)

    assert found.boto3.startswith("# This case cannot be written down: a program of boto3 calls has no place for")
    assert "There is no curl command for this finding: it takes several requests" in found.curl
    assert 'Raw(b"Action=UpdateJob")' in found.pytest  # the test needs no boto3
