from __future__ import annotations

import pytest
from botoproof.ci.upgrade.answer import Gap, Looked, Scope
from botoproof.ci.upgrade.change import Witness
from botoproof.ci.upgrade.rule import Depth, Who
from botoproof.ci.upgrade.rules import RULES
from botoproof.ci.upgrade.weighing import Policy, weigh
from botoproof.contract.finding import Severity

from .planted import a_change, saw

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
EMULATOR = Policy(profile=(Who.EMULATOR,))
DECLARED = a_change("http-binding-changed")


def severities(*looks: Looked, scope: Scope | None = None, policy: Policy | None = None) -> list[Severity]:
    weighed, _ = weigh(looks, scope or Scope(), policy or Policy())
    return [one.severity for one in weighed]


@pytest.mark.parametrize(
    ("rule", "profile", "severity"),
    [
        ("input-member-removed", (Who.CALLER,), ERROR),
        ("input-member-removed", (Who.READER,), NOTE),
        ("input-member-removed", (Who.EMULATOR,), NOTE),
        ("output-member-removed", (Who.CALLER,), NOTE),
        ("output-member-removed", (Who.CALLER, Who.READER), ERROR),
        ("output-became-optional", (Who.READER,), WARNING),
        ("service-removed", (Who.EMULATOR,), ERROR),
        ("header-removed", (Who.CALLER, Who.READER), NOTE),
        ("header-removed", (Who.EMULATOR,), ERROR),
    ],
)
def test_a_change_weighs_for_those_whom_its_rule_hurts_and_is_a_note_for_others(
    rule: str, profile: tuple[Who, ...], severity: Severity
) -> None:
    assert severities(saw(a_change(rule)), policy=Policy(profile=profile)) == [severity]


def test_what_hurts_nobody_who_asks_says_whom_it_hurts() -> None:
    [weighed], _ = weigh([saw(a_change("header-removed"))], Scope(), Policy())

    assert weighed.reason == "hurts emulator only, for whom nobody asked"


@pytest.mark.parametrize("severity", Severity)
def test_a_rule_weighs_what_its_user_says_even_for_those_whom_it_does_not_hurt(severity: Severity) -> None:
    policy = Policy(severities={"header-removed": severity})

    assert severities(saw(a_change("header-removed")), policy=policy) == [severity]


def test_what_a_model_only_declares_is_a_warning_while_nobody_looked_whether_it_is_felt() -> None:
    [weighed], _ = weigh([saw(DECLARED)], Scope(), EMULATOR)

    assert (weighed.severity, weighed.reason) == (WARNING, "declared only: wire would tell whether it is felt")


def test_what_a_model_declares_and_the_wire_shows_is_an_error() -> None:
    shown = saw(a_change("request-url-changed", depth=Depth.WIRE), depth=Depth.WIRE)

    assert severities(saw(DECLARED), shown, policy=EMULATOR) == [ERROR, ERROR]


@pytest.mark.parametrize("elsewhere", ["planted.Water", "second.Plant"])
def test_what_the_wire_shows_elsewhere_confirms_nothing(elsewhere: str) -> None:
    shown = saw(a_change("request-url-changed", elsewhere, depth=Depth.WIRE), depth=Depth.WIRE)

    assert severities(saw(DECLARED), shown, policy=EMULATOR) == [NOTE, ERROR]


def test_what_a_model_declares_and_the_wire_does_not_show_is_a_note() -> None:
    [weighed], _ = weigh([saw(DECLARED), saw(depth=Depth.WIRE)], Scope(), EMULATOR)

    assert (weighed.severity, weighed.reason) == (NOTE, "declared only: nothing of it is felt by wire")


@pytest.mark.parametrize(
    "gap", [Gap("", "", "broken"), Gap("planted", "", "broken"), Gap("planted", "Plant", "broken")]
)
def test_a_look_that_came_to_nothing_there_clears_no_declared_change(gap: Gap) -> None:
    assert severities(saw(DECLARED), saw(depth=Depth.WIRE, gaps=(gap,)), policy=EMULATOR) == [WARNING]


def test_a_declared_change_of_a_service_is_felt_by_any_of_its_operations() -> None:
    declared = saw(a_change("protocol-declared-changed", "planted"))
    felt = saw(a_change("protocol-effective-changed", "planted", depth=Depth.EFFECTIVE), depth=Depth.EFFECTIVE)

    assert severities(declared, felt, policy=EMULATOR) == [WARNING, ERROR]


@pytest.mark.parametrize("rule", [rule.id for rule in RULES.values() if rule.confirmed_by])
def test_nothing_that_is_declared_is_an_error_on_its_own(rule: str) -> None:
    everybody = Policy(profile=tuple(Who))

    assert ERROR not in severities(saw(a_change(rule)), policy=everybody)


def test_what_confirms_a_rule_is_a_rule_of_a_deeper_look() -> None:
    confirming = {name for rule in RULES.values() for name in rule.confirmed_by}

    assert [name for name in confirming if Depth.MODELS in RULES[name].decided] == []


def test_what_was_tried_and_not_felt_is_a_note_with_that_reason() -> None:
    tried = Witness("Plant(Name='x')", "accepted", "accepted", confirms=False)

    [weighed], _ = weigh([saw(a_change("min-tightened", witness=tried))], Scope(), Policy())

    assert weighed.severity is NOTE
    assert weighed.reason == "tried and not felt: Plant(Name='x') gave accepted before and accepted after"


def test_what_was_tried_and_felt_remains_an_error() -> None:
    tried = Witness("Plant(Name='x')", "accepted", "ParamValidationError", confirms=True)

    assert severities(saw(a_change("min-tightened", witness=tried))) == [ERROR]


def test_operations_that_are_not_in_use_are_set_aside_and_services_as_a_whole_are_not() -> None:
    scope = Scope(("planted",), frozenset({"planted.Plant"}))
    changes = [
        a_change("operation-removed", subject)
        for subject in ("planted.Plant", "planted.Water", "planted", "second.Plant", "")
    ]

    weighed, beyond = weigh([saw(*changes)], scope, Policy())

    assert [one.change.subject for one in weighed] == ["planted.Plant", "planted", "*"]
    assert [one.subject for one in beyond] == ["planted.Water", "second.Plant"]
