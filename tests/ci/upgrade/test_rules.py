from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from botoproof.ci.upgrade.rule import SYMMETRIC, Rule
from botoproof.ci.upgrade.rules import AREAS, RULES
from botoproof.contract.finding import Severity


def unmirrored(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield a complaint for each rule that lacks its mirror: every rule stands for a change seen from both ends."""
    known = {rule.id: rule for rule in rules}
    for rule in known.values():
        if rule.mirror == SYMMETRIC:
            continue
        mirror = known.get(rule.mirror)
        if mirror is None:
            yield f"{rule.id} is mirrored by {rule.mirror}, which is no rule"
        elif mirror.mirror != rule.id:
            yield f"{rule.id} is mirrored by {mirror.id}, which is mirrored by {mirror.mirror}"
        elif mirror is rule:
            yield f"{rule.id} is its own mirror: say that it is symmetric"
        elif set(mirror.decided) != set(rule.decided):
            yield f"{rule.id} and {mirror.id} are decided by different depths"


def test_every_rule_has_its_mirror() -> None:
    assert list(unmirrored(RULES.values())) == []


@pytest.mark.parametrize("wrong", ["no-such-rule", "protocol-effective-changed", "recovery-lost"])
def test_a_rule_whose_mirror_is_not_its_own_is_complained_of(wrong: str) -> None:
    planted = replace(RULES["recovery-lost"], mirror=wrong)

    complaints = list(unmirrored({**RULES, planted.id: planted}.values()))

    assert any(complaint.startswith("recovery-lost") for complaint in complaints)


def test_ids_are_words_joined_by_hyphens_and_belong_to_one_rule() -> None:
    ids = [rule.id for area in AREAS for rule in area]

    assert len(ids) == len(set(ids)) == len(RULES)
    assert all(part.isalnum() and part.islower() for name in ids for part in name.split("-"))


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_says_before_after_who_breaks_and_how_to_adapt(rule: Rule) -> None:
    texts = (rule.before, rule.after, rule.breaks, rule.adapt)

    assert all(text.endswith(".") for text in texts)
    assert len(set(texts)) == len(texts)
    assert not rule.title.endswith(".")
    assert rule.decided


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_an_error_or_a_warning_hurts_somebody(rule: Rule) -> None:
    assert rule.severity is Severity.NOTE or rule.hurts
