"""A finding that takes several requests, from the terminal to `botoproof replay`: what is told, kept and sent again."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.cli import main
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.server import Server
from botoproof.contract.errors import Conformance
from botoproof.contract.expectation import Violation
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport import default_world
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.facts import Facts
from botoproof.contract.services.importexport.world import JobState

from .conftest import Done

Call = Callable[..., Done]
Answer = Callable[[Request, Reply], Reply]
OPERATIONS = {operation.name: operation for operation in read_operations("importexport")}
README = Path(__file__).parents[3] / "README.md"
AT_README = "http://127.0.0.1:8000"


def as_it_is(_: Request, reply: Reply) -> Reply:
    return reply


class Keeper(Endpoint):
    """An endpoint that stores the manifest of a refused update, until its keeper mends it.

    Attributes:
        careless: Whether it does.
        answering: What its keeper makes of its replies.
    """

    def __init__(self) -> None:
        super().__init__(default_world(), OPERATIONS, now=datetime.now(UTC))
        self.at_first = frozenset(self.jobs)
        self.careless = True
        self.answering: Answer = as_it_is

    def answer(self, request: Request, now: datetime) -> Reply:
        return self.answering(request, super().answer(request, now))

    def refusal(self, facts: Facts, broken: Violation, request_id: str) -> Reply:
        is_update = facts.operation.name == "UpdateJob" and facts.job_state is JobState.PENDING
        if self.careless and is_update and facts.job is not None:
            self.jobs[facts.job.job_id] = replace(facts.job, manifest=facts.text("Manifest") or "")
        return super().refusal(facts, broken, request_id)

    def forget(self) -> None:
        """Forget the jobs that were made."""
        for job_id in self.jobs.keys() - self.at_first:
            del self.jobs[job_id]

    @property
    def left(self) -> set[str]:
        """The states of the jobs that were made since."""
        return {job.state.value for job in self.jobs.values() if job.job_id not in self.at_first}


@dataclass(frozen=True)
class Kept:
    """What a run of programs left.

    Attributes:
        url: The endpoint that it was sent to.
        keeper: Of that endpoint.
        folder: Its run folder, and beside it the report.
        out: What the terminal said.
    """

    url: str
    keeper: Keeper
    folder: Path
    out: str

    @property
    def finding(self) -> Any:
        """The only finding of the report."""
        [found] = json.loads(self.folder.parent.joinpath("report.json").read_text("utf-8"))["findings"]
        return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A run of programs against a careless endpoint, by the command that README shows."""
    folder, keeper = tmp_path_factory.mktemp("ran"), Keeper()
    [command] = re.findall(r"`botoproof (run importexport --phases stateful.*?)`", README.read_text("utf-8"))
    with pytest.MonkeyPatch.context() as patch, Server(keeper.answer) as server:
        patch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        arguments = [*command.replace(AT_README, server.url).split(), "--report", "json=report.json"]
        with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as out:
            status = main([*arguments, "--run-folder", "kept"])
        assert status == 1
        assert keeper.left == {"cancelled"}
        yield Kept(server.url, keeper, folder / "kept", out.getvalue())


@pytest.fixture
def kept(ran: Kept) -> Kept:
    """The same run; the endpoint is as careless as it was, and nobody's jobs of today are used up."""
    ran.keeper.careless, ran.keeper.answering = True, as_it_is
    ran.keeper.forget()
    return ran


def test_the_readme_shows_what_the_terminal_says(kept: Kept) -> None:
    [shown] = re.findall(r"```text\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    said = iter(kept.out.replace(kept.url, AT_README).splitlines())

    missing = [
        line
        for line in shown.splitlines()
        if line.strip() != "..." and not any(_is_shown(line, told) for told in said)  # in this order
    ]

    assert missing == []
    assert shown.count("\n") > 10


def _is_shown(line: str, told: str) -> bool:
    return re.fullmatch(re.escape(line).replace(re.escape("..."), ".*"), told) is not None


def test_the_smallest_program_makes_a_job_has_an_update_refused_and_looks(kept: Kept) -> None:
    sent = [[case["operation"] for case in step["cases"]] for step in kept.finding["program"]]

    assert sent == [["CreateJob"], ["UpdateJob", "GetStatus"]]


def test_the_boto3_program_shows_the_finding_for_as_long_as_it_is_there(kept: Kept) -> None:
    source = kept.finding["reproduce"]["boto3"]
    stored = "'CurrentManifest': 'invalid-manifest'"

    careless = said_by(source)
    kept.keeper.careless = False
    careful = said_by(source)

    assert [line.split()[0] for line in careless] == ["create_job", "update_job", "get_status", "cancel_job"]
    assert [stored in said[2] for said in (careless, careful)] == [True, False]
    assert kept.keeper.left == {"cancelled"}


def said_by(source: str) -> list[str]:
    """Run a program as `python FILE` would; return what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(source, "snippet.py", "exec"), {"__name__": "__main__"})  # noqa: S102 - ours
    return out.getvalue().splitlines()


def test_the_pytest_test_fails_for_as_long_as_the_finding_is_there(kept: Kept) -> None:
    names: dict[str, Any] = {}
    exec(compile(kept.finding["reproduce"]["pytest"], "test_it.py", "exec"), names)  # noqa: S102 - ours
    [test] = [value for name, value in names.items() if name.startswith("test_")]

    with pytest.raises(Conformance, match=r"a refused update changed the job \[refused-left-trace\]"):
        test()
    kept.keeper.careless = False
    test()


def test_the_run_folder_keeps_how_many_programs_there_were(kept: Kept) -> None:
    run = json.loads(kept.folder.joinpath("run.json").read_text("utf-8"))
    report = json.loads(kept.folder.parent.joinpath("report.json").read_text("utf-8"))

    assert (run["max_programs"], run["max_steps"], run["seed"]) == (200, 20, 7)
    assert run["programs"] == report["programs"] > 1
    assert f" in {run['programs']} programs" in kept.out


def mended(keeper: Keeper) -> None:
    keeper.careless = False


def wrong_in_another_way(keeper: Keeper) -> None:
    """Mend it, and give each look a status that is no success's."""
    keeper.careless = False
    keeper.answering = lambda request, reply: replace(reply, status=203) if b"=GetStatus&" in request.body else reply


@pytest.mark.parametrize(
    ("change", "status", "standing"),
    [(None, 1, "still there"), (mended, 0, "fixed"), (wrong_in_another_way, 1, "changed")],
)
@pytest.mark.parametrize("by", ["folder", "fingerprint"])
def test_a_program_is_sent_again(
    call: Call, kept: Kept, folder: Path, by: str, change: Callable[[Keeper], None] | None, status: int, standing: str
) -> None:
    fingerprint = kept.finding["fingerprint"]
    shutil.copytree(kept.folder, folder / ".botoproof" / "runs" / "20261126T043000Z-00ff00")
    if change is not None:
        change(kept.keeper)

    done = call("replay", fingerprint[:8] if by == "fingerprint" else ".botoproof/runs/20261126T043000Z-00ff00")

    assert (done.status, done.out.splitlines()[-1]) == (status, f"1 {standing}")
    assert f"{fingerprint}  {standing:<11}  refused-left-trace: a refused update changed the job" in done.out
    assert kept.keeper.left == {"cancelled"}  # that it made one shows that the program was sent
