"""Providers held to a pact by Pact's own verifier: one that keeps it, wrong ones, states, and what goes wrong."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.targets import Target, url_target
from botoproof.ci.pacts.pact import GivenState, Pact
from botoproof.ci.pacts.promised import promised_interactions
from botoproof.ci.pacts.verify import Verification, verify
from botoproof.ci.pacts.writing import write_pact
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential
from botoproof.contract.errors import BadConfiguration, TargetUnusable
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.model import Operation
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.specification import default_world

from .conftest import SPECIFICATION, endpoint_of, judge_of

pytest.importorskip("pact", reason="pacts are verified by the extra `pact`")


def verdicts(found: Verification) -> list[str]:
    return [one.verdict for one in found.interactions]


def codes(found: Verification) -> list[str]:
    return [finding.kind.code for finding in found.findings]


def written(tmp_path: Path, pact: Pact) -> Path:
    path = tmp_path / "pact.json"
    path.write_text(write_pact(pact), "utf-8")
    return path


def verified(tmp_path: Path, pact: Pact, target: Target) -> Verification:
    with contextlib.closing(target):
        return verify(written(tmp_path, pact), pact, open_judge(SPECIFICATION, target))


@pytest.mark.parametrize("version", [*(pytest.param(older, marks=pytest.mark.slow) for older in (2, 3)), 4])
def test_the_embedded_endpoint_keeps_what_the_specification_promises(
    version: int, tmp_path: Path, operations: Mapping[str, Operation]
) -> None:
    every = [
        one
        for name in SPECIFICATION.subjects
        for one in promised_interactions(SPECIFICATION, name, operations).interactions
    ]
    pact = Pact("c", "p", tuple(every), version)

    found = verify(written(tmp_path, pact), pact, judge_of())

    assert verdicts(found) == ["kept"] * len(every)
    assert found.findings == ()
    assert found.left_behind == ()


def test_somebody_elses_provider_is_sent_its_own_ids_and_keys_and_fresh_signatures(
    tmp_path: Path, pact: Pact, operations: Mapping[str, Operation]
) -> None:
    key = Credential("AKIASOMEBODYSEXAMPLE", EXAMPLE_KEY.secret_access_key)
    world = default_world((key,))
    endpoint = Endpoint(world, operations)
    # The jobs in other states are made by requests, under the endpoint's own ids.
    ids = {state: endpoint.provide(state, datetime.now(UTC)) for state in ("expired", "in-progress")}
    with Server(endpoint.answer) as server:
        known = SPECIFICATION.with_resources(world, ids, datetime.now(UTC))
        found = verified(tmp_path, pact, url_target(SPECIFICATION, known, key, server.url))

    assert verdicts(found) == ["kept"] * 19
    assert not any(job_id in endpoint.jobs for job_id in ("PND1A", "CNC1A"))


class _Mute(Endpoint):
    """Says something else than the pact, in one error."""

    def answer(self, request: Request, now: datetime) -> Reply:
        reply = super().answer(request, now)
        return replace(reply, body=reply.body.replace(b"ExpiredJobIdException", b"JobExpired"))


class _Lax(Endpoint):
    """Accepts an update of a cancelled job."""

    def answer(self, request: Request, now: datetime) -> Reply:
        reply = super().answer(request, now)
        if b"CanceledJobIdException" not in reply.body:
            return reply
        body = b"<UpdateJobResponse xmlns='http://importexport.amazonaws.com/doc/2010-06-01/'/>"
        return Reply(200, (("Content-Type", "text/xml"),), body)


@pytest.mark.parametrize(
    ("kind", "broken"), [(_Mute, "ExpiredJobIdException"), (_Lax, "CanceledJobIdException")], ids=["code", "success"]
)
def test_a_wrong_provider_breaks_the_interaction_that_it_gets_wrong(
    kind: type[Endpoint], broken: str, tmp_path: Path, pact: Pact, operations: Mapping[str, Operation]
) -> None:
    found = verify(written(tmp_path, pact), pact, judge_of(endpoint_of(kind, operations)))

    assert [one.description for one in found.interactions if one.verdict != "kept"] == [
        f"UpdateJob fails with {broken}"
    ]
    assert set(codes(found)) == {"pact-broken"}
    assert found.findings[0].operation == "importexport.UpdateJob"


def test_an_unknown_state_is_a_finding_at_once(tmp_path: Path, pact: Pact) -> None:
    one = replace(pact.interactions[0], states=(GivenState("a pending jib", {"id": "PND1A"}),))
    pact = replace(pact, interactions=(one, pact.interactions[1]))

    found = verify(written(tmp_path, pact), pact, judge_of(), time_limit=20)

    assert verdicts(found) == ["unknown", "kept"]
    assert codes(found) == ["pact-state-unknown"]
    assert "did you mean a pending job?" in found.findings[0].expected


def test_a_state_that_cannot_be_brought_about_leaves_the_interaction_unknown(
    tmp_path: Path, pact: Pact, operations: Mapping[str, Operation]
) -> None:
    expired = next(one for one in pact.interactions if "Expired" in one.description)
    pact = replace(pact, interactions=(expired,))
    with Server(Endpoint(default_world(), operations).answer) as server:
        found = verified(tmp_path, pact, url_target(SPECIFICATION, default_world(), EXAMPLE_KEY, server.url))

    assert verdicts(found) == ["unknown"]
    assert codes(found) == ["pact-state-unreached"]
    assert "no public operation brings about an expired job" in found.findings[0].observed


def test_a_provider_that_is_down_is_told_within_seconds(tmp_path: Path, pact: Pact) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    target = url_target(SPECIFICATION, default_world(), EXAMPLE_KEY, url)

    with pytest.raises(TargetUnusable, match="gave no reply to the first request"):
        verified(tmp_path, pact, target)


def test_the_verifier_is_ended_when_its_time_is_up(tmp_path: Path, pact: Pact) -> None:
    with pytest.raises(TargetUnusable, match=r"did not end within 0\.01 s and was ended; --max-time S"):
        verify(written(tmp_path, pact), pact, judge_of(), time_limit=0.01)


def test_ctrl_c_ends_the_verifier(tmp_path: Path, pact: Pact, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []

    class Watched(subprocess.Popen[bytes]):
        def wait(self, timeout: float | None = None) -> int:
            if not begun:
                begun.append(self.pid)
                raise KeyboardInterrupt
            return super().wait(timeout)

    monkeypatch.setattr(subprocess, "Popen", Watched)

    with pytest.raises(KeyboardInterrupt):
        verify(written(tmp_path, pact), pact, judge_of())

    with pytest.raises(ProcessLookupError):
        os.kill(begun[0], signal.SIGTERM)


UNLOADABLE = {
    "the extra is not installed": "raise ImportError('No module named pact')",
    "no wheel for the platform": "raise OSError('libpact_ffi.so: wrong ELF class')",
}


@pytest.mark.parametrize("why", UNLOADABLE)
def test_where_pact_cannot_be_loaded_the_reader_is_told_what_to_install(
    why: str, tmp_path: Path, pact: Pact, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pact.py").write_text(UNLOADABLE[why], "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(
        BadConfiguration, match=r"install botoproof\[pact\], on a platform.*(No module|wrong ELF class)"
    ):
        verify(written(tmp_path, pact), pact, judge_of())


class _Crashing(Endpoint):
    """Breaks down when a job is to be made."""

    def answer(self, request: Request, now: datetime) -> Reply:
        if b"Action=CreateJob" in request.body:
            raise RuntimeError("out of disks")
        return super().answer(request, now)


def test_a_state_that_raises_leaves_its_interactions_unknown_and_the_others_judged(
    tmp_path: Path, pact: Pact, operations: Mapping[str, Operation]
) -> None:
    named = ("UpdateJob succeeds", "UpdateJob fails with InvalidJobIdException")
    pact = replace(pact, interactions=tuple(one for one in pact.interactions if one.description in named))
    with Server(_Crashing(default_world(), operations).answer) as server:
        target = url_target(SPECIFICATION, default_world(), EXAMPLE_KEY, server.url)
        found = verified(tmp_path, pact, target)

    assert (verdicts(found), codes(found)) == (["unknown", "kept"], ["pact-state-unreached"])
    assert found.seconds < 20


def test_a_pact_without_interactions_verifies_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="holds no HTTP interaction"):
        verify(tmp_path / "pact.json", Pact("c", "p", ()), judge_of())
