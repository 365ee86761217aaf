"""`botoproof explain`: every code, rule and documented error is told, and close names where there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botoproof.contract.checks import KINDS
from botoproof.contract.services import find_specification

from .conftest import Done

Call = Callable[..., Done]
RULES = {rule.name: rule for rule in find_specification("importexport").rules("UpdateJob")}


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_of_finding_is_explained(call: Call, code: str) -> None:
    kind = KINDS[code]

    done = call("explain", code)

    assert done.status == 0
    assert done.out.startswith(f"{code}: {kind.title}\n")
    assert all(text in done.out for text in (kind.check, kind.severity.value, kind.source, kind.meaning, kind.remedy))


@pytest.mark.parametrize("name", ["manifest.bucket.missing", "job.id.malformed", "signature.unknown-key"])
def test_a_rule_is_told_with_condition_error_evidence_and_source(call: Call, name: str) -> None:
    rule = RULES[name]

    done = call("explain", name)

    assert done.status == 0
    assert all(text in done.out for text in (rule.condition, *rule.codes, rule.evidence.value, rule.source))
    assert "importexport.UpdateJob" in done.out


def test_a_documented_error_is_told_with_its_rules(call: Call) -> None:
    done = call("explain", "ExpiredJobIdException")

    assert done.status == 0
    assert "Indicates that the specified job has expired out of the system." in done.out
    assert "job.expired: the job has expired" in done.out


@pytest.mark.parametrize("arguments", [[], ["--list"], ["--list", "reply-root"]])
def test_the_list_has_one_line_for_every_code_and_rule(call: Call, arguments: list[str]) -> None:
    done = call("explain", *arguments)

    names = [line.split()[0] for line in done.out.splitlines()]
    assert done.status == 0
    assert len(names) == len(set(names))
    assert set(names) >= {*KINDS, *RULES}


@pytest.mark.parametrize(
    ("code", "near"),
    [("reply-rot", "reply-root"), ("manifest.buckt.missing", "manifest.bucket.missing"), ("REPLY-ROOT", "reply-root")],
)
def test_an_unknown_code_is_told_with_close_names(call: Call, code: str, near: str) -> None:
    done = call("explain", code)

    assert done.status == 2
    assert done.told.startswith(f"there is no finding, rule or error {code!r}; did you mean {near}")
