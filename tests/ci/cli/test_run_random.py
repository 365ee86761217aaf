"""`botoproof run --phases random`: many cases that show one departure are one finding."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.wrong_replies import wrong_form
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport import default_world
from botoproof.contract.services.importexport.endpoint import Endpoint

from .conftest import Done


@pytest.mark.slow
def test_a_departure_that_many_cases_show_is_told_once_with_their_number(
    call: Callable[..., Done], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations = {operation.name: operation for operation in read_operations("importexport")}
    endpoint = Endpoint(default_world(), operations, now=datetime.now(UTC))
    spoil = wrong_form("namespace.other").alter

    def answer(request: Request, now: datetime) -> Reply:
        reply = endpoint.answer(request, now)
        return spoil(reply) if b"UpdateJob" in request.body else reply

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    with Server(answer) as server:
        options = ("--target", server.url, "--seed", "1", "--phases", "random", "--max-examples", "40")
        done = call("run", "importexport.UpdateJob", *options, "--report", "json=r.json")

    findings = json.loads(folder.joinpath("r.json").read_text("utf-8"))["findings"]
    assert done.status == 1
    assert {finding["code"] for finding in findings} == {"reply-namespace"}
    assert sum(finding["count"] for finding in findings) > len(findings)
