"""`botoproof cassette propose`: from a run folder to a recording that plays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.specification import ImportExport
from botoproof.contract.specification import Unreachable

from .conftest import Done

Call = Callable[..., Done]
DATA = Path(__file__).parents[3] / "cassettes" / "data" / "importexport"


@pytest.fixture
def night(call: Call, monkeypatch: pytest.MonkeyPatch) -> str:
    """The run folder of a night on an endpoint with a wrong code, and its fingerprint."""
    answer, every = Endpoint.answer, ImportExport.probes

    def wrongly(self: Endpoint, request: Request, now: object) -> Reply:
        reply = answer(self, request, now)  # type: ignore[arg-type]
        headers = (("Content-Type", "text/xml"),)
        return replace(reply, headers=headers, body=reply.body.replace(b"InvalidJobId", b"NoSuchJob"))

    def few(*arguments: object) -> object:
        probes = every(*arguments)  # type: ignore[arg-type]
        return tuple(probe for probe in probes if not isinstance(probe, Unreachable) and probe.name == "job.id=ZZZZZ")

    with monkeypatch.context() as patch:
        patch.setattr(Endpoint, "answer", wrongly)
        patch.setattr(ImportExport, "probes", few)
        done = call("run", "importexport.UpdateJob", "--phases", "table", "--seed", "1", "--run-folder", "night")
    assert done.status == 1
    return "night"


def test_a_new_case_makes_a_recording_that_verifies_and_is_there_the_next_time(call: Call, night: str) -> None:
    proposed = call("cassette", "propose", night, "--output", "p.yaml", "--corpus", str(DATA / "CancelJob"))
    verified = call("cassette", "verify", "p.yaml")
    again = call("cassette", "propose", night, "--output", "q.yaml", "--corpus", "p.yaml")

    assert proposed.out.startswith("new       ")
    assert proposed.out.splitlines()[-1].startswith("1 case in p.yaml, ")
    assert (proposed.status, verified.status, again.status) == (0, 0, 0)
    assert again.out.splitlines()[-1] == "nothing to propose"
    assert again.out.startswith("there     ")
    assert not Path("q.yaml").exists()


def test_the_corpus_is_what_is_shipped_unless_another_is_named(call: Call, night: str) -> None:
    assert call("cassette", "propose", night, "--output", "p.yaml").out.startswith("there     ")


def test_a_folder_that_is_none_of_a_run_is_told(call: Call, folder: Path) -> None:
    folder.joinpath("empty").mkdir()

    done = call("cassette", "propose", "empty", "--output", "p.yaml")

    assert (done.status, done.told) == (2, "empty is no run folder: it has no run.json")
