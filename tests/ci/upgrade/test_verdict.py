"""The verdict on an upgrade, and the answer around it as text and as JSON."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.upgrade.accepting import Acceptance, Accepted
from botoproof.ci.upgrade.answer import Gap, Looked, Scope
from botoproof.ci.upgrade.change import Witness
from botoproof.ci.upgrade.data import answer_json, read_schema
from botoproof.ci.upgrade.rule import Depth
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.showing import answer_lines
from botoproof.ci.upgrade.verdict import Answer, Verdict, answer, verdict_line
from botoproof.ci.upgrade.weighing import Policy
from botoproof.contract.finding import Severity
from jsonschema import Draft202012Validator

from .planted import a_change, saw

OLD, NEW = Sdk("1.0.0", "1.0.0", Path("old.whl")), Sdk("latest", "2.0.0", Path("new.whl"))
REMOVED = a_change("input-member-removed", old="Name", new="")
OPTIONAL = a_change("output-became-optional", old="required", new="optional")
VALIDATOR = Draft202012Validator(read_schema())


def answered(
    *looks: Looked, scope: Scope | None = None, policy: Policy | None = None, accepted: Accepted | None = None
) -> Answer:
    return answer(OLD, NEW, looks, scope or Scope(("planted",)), policy or Policy(), accepted or Accepted())


def accepting(fingerprint: str) -> Accepted:
    return Accepted({fingerprint: Acceptance(fingerprint, "nobody gives it", date(2027, 1, 31))})


def text(one: Answer, *, every: bool = False) -> str:
    return "\n".join(answer_lines(one, every=every))


def data(one: Answer) -> Any:
    parsed = json.loads(answer_json(one))
    VALIDATOR.validate(parsed)
    return parsed


def test_nothing_that_counts_is_safe_as_far_as_was_looked() -> None:
    one = answered(saw(OPTIONAL), saw(depth=Depth.WIRE))

    assert one.verdict is Verdict.SAFE
    assert verdict_line(one) == "safe, as far as models and wire can tell"


def test_one_error_is_not_safe() -> None:
    one = answered(saw(REMOVED, OPTIONAL))

    assert (one.verdict, verdict_line(one)) == (Verdict.NOT_SAFE, "not safe (1)")


def test_warnings_count_where_their_user_says_so() -> None:
    one = answered(saw(REMOVED, OPTIONAL), policy=Policy(line=Severity.WARNING))

    assert verdict_line(one) == "not safe (2)"


@pytest.mark.parametrize(
    ("gaps", "told"),
    [
        ([Gap("planted", "Plant", "a stream")], "unknown (1 operation without evidence)"),
        ([Gap("planted", "Plant", "x"), Gap("planted", "Water", "x")], "unknown (2 operations without evidence)"),
        ([Gap("planted", "", "x")], "unknown (1 service without evidence)"),
        ([Gap("", "", "x")], "unknown (1 depth without evidence)"),
        ([Gap("", "", "x"), Gap("planted", "Plant", "x")], "unknown (1 depth and 1 operation without evidence)"),
    ],
)
def test_what_could_not_be_looked_at_is_unknown_and_never_safe(gaps: list[Gap], told: str) -> None:
    one = answered(saw(), saw(depth=Depth.WIRE, gaps=tuple(gaps)))

    assert (one.verdict, verdict_line(one)) == (Verdict.UNKNOWN, told)


def test_nothing_looked_at_is_unknown() -> None:
    assert verdict_line(answered()) == "unknown (nothing was looked at)"


def test_an_error_outweighs_what_is_unknown_and_both_are_told() -> None:
    one = answered(saw(REMOVED), saw(depth=Depth.WIRE, gaps=(Gap("planted", "Water", "x"),)))

    assert (one.verdict, verdict_line(one)) == (Verdict.NOT_SAFE, "not safe (1); 1 operation without evidence")


def test_what_is_unknown_of_an_operation_that_is_not_in_use_does_not_matter() -> None:
    scope = Scope(("planted",), frozenset({"planted.Plant"}))

    one = answered(saw(gaps=(Gap("planted", "Water", "x"),)), scope=scope)

    assert one.verdict is Verdict.SAFE


def test_what_is_accepted_does_not_count_and_is_told() -> None:
    one = answered(saw(REMOVED), accepted=accepting(REMOVED.fingerprint))

    assert verdict_line(one) == "safe, as far as models can tell, 1 accepted"
    assert "accepted: a parameter is no longer known [input-member-removed]" in text(one)
    assert "accepted until 2027-01-31: nobody gives it" in text(one)


def test_what_was_accepted_until_a_day_that_has_passed_counts_and_says_so() -> None:
    expired = Acceptance(REMOVED.fingerprint, "known", date(2026, 1, 1))
    one = answered(saw(REMOVED), accepted=Accepted(expired={REMOVED.fingerprint: expired}))

    assert verdict_line(one) == "not safe (1)"
    assert f"1 acceptance has expired and counts again: {REMOVED.fingerprint}" in text(one)
    assert data(one)["expired"] == [REMOVED.fingerprint]


def test_an_expired_acceptance_of_what_is_not_there_is_not_told() -> None:
    expired = Acceptance("0123456789ab", "known", date(2026, 1, 1))

    assert answered(saw(REMOVED), accepted=Accepted(expired={"0123456789ab": expired})).expired == ()


def test_the_text_tells_each_depth_each_finding_and_the_verdict_last() -> None:
    gap = Gap("planted", "Water", "it takes a stream")
    shown = text(answered(saw(REMOVED, a_change("shape-renamed")), saw(depth=Depth.WIRE, gaps=(gap,))))

    assert shown.splitlines() == [
        "botocore 1.0.0 -> 2.0.0, planted",
        "",
        "  models  2 operations compared, 2 differences",
        "  wire    2 operations compared, nothing differs, 1 operation unknown",
        "",
        "error: a parameter is no longer known [input-member-removed]",
        f"  {REMOVED.fingerprint}  planted.Plant",
        "                $.Name: Name is gone, seen by models",
        "",
        "not counted: 1 shape-renamed (--all tells them)",
        "",
        "unknown  wire: planted.Water: it takes a stream",
        "",
        "not safe (1); 1 operation without evidence",
    ]


def test_what_does_not_count_is_told_when_it_is_asked_for() -> None:
    one = answered(saw(a_change("shape-renamed", old="A", new="B")))

    assert "A -> B" not in text(one)
    assert "A -> B" in text(one, every=True)


def test_many_findings_of_one_rule_are_told_in_part_and_the_rest_is_counted() -> None:
    one = answered(saw(*(a_change("min-tightened", path=f"$.Name{number}") for number in range(30))))

    shown = text(one)
    assert "and 22 more of this rule, which --all tells" in shown
    assert shown.count("seen by models") == 8
    assert text(one, every=True).count("seen by models") == 30


def test_what_comes_from_models_cannot_write_to_the_terminal() -> None:
    change = a_change("input-member-removed", "planted.Pl\x1b[2Jant", old="a\x07", evidence="b\x1b", path="$.\x1b")

    assert "\x1b" not in text(answered(saw(change, gaps=(Gap("planted", "", "\x1b"),))))
    assert "\x07" not in text(answered(saw(change)))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(read_schema())


def test_the_json_tells_everything_and_fits_the_schema() -> None:
    tried = Witness("Plant()", "accepted", "ParamValidationError", confirms=True)
    changes = (a_change("min-tightened", old="1", new="2", witness=tried), OPTIONAL, a_change("shape-renamed"))
    beyond = a_change("operation-removed", "planted.Water")
    wire = saw(depth=Depth.WIRE, gaps=(Gap("", "", "it does not run here"),))
    scope = Scope(("planted",), frozenset({"planted.Plant"}))

    found = data(answered(saw(*changes, beyond), wire, scope=scope, accepted=accepting(OPTIONAL.fingerprint)))

    assert (found["schema"], found["verdict"]) == ("botoproof/upgrade/1", "not safe")
    assert (found["counting"], found["accepted"]) == (1, 0)
    assert [finding["severity"] for finding in found["findings"]] == ["error", "warning", "note"]
    assert found["findings"][0]["changes"][0]["witness"]["after"] == "ParamValidationError"
    assert found["findings"][1]["accepted"]["expires"] == "2027-01-31"
    assert [change["operation"] for change in found["not_in_use"]] == ["Water"]
    assert found["depths"]["wire"]["state"] == "unknown"
    assert found["depths"]["models"]["state"] == "known"
    assert found["operations"] == ["planted.Plant"]


def test_the_schema_refuses_what_is_not_of_it() -> None:
    found = data(answered(saw(REMOVED)))

    for wrong in (
        {**found, "verdict": "clean"},
        {**found, "more": 1},
        {**found, "findings": [{**found["findings"][0], "severity": "info"}]},
        {**found, "depths": {"deep": found["depths"]["models"]}},
    ):
        assert not VALIDATOR.is_valid(wrong)


def test_equal_answers_are_equal_bytes_however_the_changes_were_found() -> None:
    changes = [a_change("min-tightened", f"planted.{name}") for name in "ABC"]

    assert answer_json(answered(saw(*changes))) == answer_json(answered(saw(*reversed(changes))))
