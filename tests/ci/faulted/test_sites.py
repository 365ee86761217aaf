"""Where calls and exceptions come from."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from types import CodeType
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botoproof.ci.faulted.calls import Call, Strike, read_injected
from botoproof.ci.faulted.kinds import KINDS
from botoproof.ci.faulted.marking import Marked
from botoproof.ci.faulted.sites import Runaway, Watch, code_digest, lines_of, raised_by
from botoproof.contract.adapters.hook import inject, inject_everywhere
from botoproof.contract.faults.journal import CallRecord
from botoproof.contract.faults.plan import Plan

HERE = Path(__file__).parent
LISTS = Call("importexport", "ListJobs")


def compiled(body: str) -> CodeType:
    names: dict[str, Any] = {}
    exec(f"def test():\n    {body}", names)  # noqa: S102 - functions that differ in their code only
    code: CodeType = names["test"].__code__
    return code


def fails() -> None:
    raise LookupError


@pytest.fixture(scope="module")
def client() -> Any:
    return boto3.client(
        "importexport", "us-east-1", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="x"
    )


def watched(made: Callable[[], object], fault: str, *, limit: int = 100) -> tuple[CallRecord, ...]:
    """Return the journal of calls while a fault strikes the first ListJobs."""
    strike = Strike(LISTS, read_injected(fault))
    watch = Watch(HERE, watched.__code__, (strike,), limit)
    with inject_everywhere(f"ListJobs#0={strike.injected.fault}", watch=watch) as injection:
        made()
    return injection.calls()


def test_a_digest_is_another_when_the_code_is() -> None:
    digests = [code_digest(compiled(body)) for body in ("a()", "b()", "a(1)", "a(2)", "a(lambda: 1)", "a(lambda: 2)")]

    assert len(set(digests)) == 6
    assert digests[0] == code_digest(compiled("a()"))


def test_an_exception_is_told_by_the_lines_through_which_it_came() -> None:
    with pytest.raises(LookupError) as raised:
        fails()

    lines = lines_of(raised.value, HERE)
    assert lines[-1].startswith("test_sites.py:")
    assert lines[-1].endswith("in fails: raise LookupError")
    assert raised_by(raised.value) == __name__.partition(".")[0]


def test_always_strikes_the_same_call_again_and_once_does_not(client: Any) -> None:
    def stubborn() -> None:
        for _ in range(3):
            with pytest.raises(Exception, match="Could not connect"):
                client.list_jobs()

    calls = watched(stubborn, "connect.refused")

    assert [bool(call.attempts[0].struck) for call in calls] == [True, True, True]
    assert {call.origin.site.partition(":")[0] for call in calls if call.origin} == {"test_sites.py"}


def test_another_request_from_the_same_place_is_left_alone(client: Any) -> None:
    def different() -> None:
        for number in (1, 2):
            with pytest.raises((EndpointConnectionError, ZeroDivisionError)) as raised:
                client.list_jobs(MaxJobs=number)
            seen.append(raised.type.__name__)

    def answer(request: Any, **_: Any) -> None:
        raise ZeroDivisionError

    seen: list[str] = []
    client.meta.events.register("before-send.importexport", answer, "test")
    try:
        calls = watched(different, "connect.refused")
    finally:
        client.meta.events.unregister("before-send.importexport", answer, "test")

    assert seen == ["EndpointConnectionError", "ZeroDivisionError"]
    assert [bool(call.attempts[0].struck) for call in calls] == [True, False]


def test_a_loop_that_never_ends_is_stopped(client: Any) -> None:
    def endless() -> None:
        while True:
            with contextlib.suppress(Exception):
                client.list_jobs()

    with pytest.raises(Runaway, match="called more than 5 times"):
        watched(endless, "connect.refused", limit=5)


def test_calls_are_watched_without_a_plan(client: Any) -> None:
    watch = Watch(HERE, None, (), 1)

    with (
        inject_everywhere(Plan(), watch=watch) as injection,
        inject(client, "ListJobs=dns"),
        pytest.raises(EndpointConnectionError),
    ):
        client.list_jobs()

    [call] = injection.calls()
    assert (call.operation, call.outcome, call.attempts[0].struck) == ("ListJobs", "EndpointConnectionError", "")
    assert not watch.threads


def test_the_page_tells_of_every_argument_and_every_code() -> None:
    page = (Path(__file__).parents[3] / "docs" / "every-fault.md").read_text(encoding="utf-8")

    names = [field.name for field in fields(Marked) if field.name != "calls"]
    assert [name for name in (*names, *(kind.code for kind in KINDS)) if f"`{name}`" not in page] == []
