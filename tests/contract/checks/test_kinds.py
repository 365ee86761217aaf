"""Every kind of finding is found where it was planted, by its own check, and nothing is found where all is right."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from botoproof.contract.case import Call, Form, Raw
from botoproof.contract.checks import CHECKS, KINDS, find
from botoproof.contract.exchange import Check, Exchange
from botoproof.contract.finding import Evidence, Finding

from .planted import PLANTS
from .stand import UNKNOWN_JOB, VALID, WITH_ARTIFACT, Stand, refusal, success, violation


def test_every_kind_is_planted() -> None:
    assert PLANTS.keys() == KINDS.keys()


@pytest.mark.parametrize("code", sorted(PLANTS))
def test_a_kind_is_found_where_it_was_planted_and_by_its_own_check(code: str, stand: Stand) -> None:
    exchange = PLANTS[code](stand)
    own = next(check for check in CHECKS if check.__name__ == KINDS[code].check)

    assert code in {finding.kind.code for finding in find(exchange)}
    assert code in {finding.kind.code for finding in own(exchange)}


@pytest.mark.parametrize("code", sorted(PLANTS))
def test_a_finding_says_where_it_stands_what_was_expected_and_what_came(code: str, stand: Stand) -> None:
    found = next(finding for finding in find(PLANTS[code](stand)) if finding.kind.code == code)

    assert found.operation == "importexport.UpdateJob"
    assert found.expected
    assert found.observed
    assert found.source or found.kind.source


@pytest.mark.parametrize("code", sorted(PLANTS))
def test_no_prose_enters_the_fingerprint(code: str, stand: Stand) -> None:
    """Baselines hold fingerprints: what a reader is told may change, also with the values of a request."""

    def reworded(finding: Finding) -> Finding:
        return replace(finding, expected="other words", observed="other words", source="elsewhere")

    found = find(PLANTS[code](stand))

    assert [reworded(finding).fingerprint for finding in found] == [finding.fingerprint for finding in found]
    assert all(" " not in word for finding in found for word in finding.key if not word.startswith("refused:"))


@pytest.mark.parametrize("code", sorted(PLANTS))
def test_the_same_plant_has_the_same_fingerprints_again(code: str, stand: Stand) -> None:
    first, second = find(PLANTS[code](stand)), find(PLANTS[code](stand))

    assert [finding.fingerprint for finding in first] == [finding.fingerprint for finding in second]
    assert max(Counter(finding.fingerprint for finding in first).values()) == 1


def test_kinds_have_codes_and_checks_that_exist() -> None:
    names = {check.__name__ for check in CHECKS}

    assert {kind.check for kind in KINDS.values()} == names
    assert all(code == kind.code for code, kind in KINDS.items())


@pytest.mark.parametrize("field", ["title", "meaning", "harm", "provoked"])
def test_each_kind_has_words_of_its_own(field: str) -> None:
    texts = Counter(str(getattr(kind, field)) for kind in KINDS.values())

    assert {text: count for text, count in texts.items() if count > 1 or len(text.split()) < 3} == {}


@pytest.mark.parametrize("field", ["meaning", "harm", "provoked", "remedy", "silence"])
def test_a_kind_is_told_in_sentences(field: str) -> None:
    texts = {code: str(getattr(kind, field)) for code, kind in KINDS.items()}

    loose = {code: text for code, text in texts.items() if not text.endswith(".") or text.endswith("..")}
    assert {code: text for code, text in loose.items() if text or field != "silence"} == {}


def test_each_kind_has_a_source_and_a_remedy() -> None:
    assert [kind.code for kind in KINDS.values() if not kind.source or not kind.remedy] == []


@pytest.mark.parametrize("code", sorted(PLANTS))
def test_weaker_evidence_than_documented_comes_only_with_a_graded_kind(code: str, stand: Stand) -> None:
    found = [finding for finding in find(PLANTS[code](stand)) if finding.kind.code == code]

    assert all(finding.evidence is Evidence.DOCUMENTED for finding in found if not finding.kind.graded)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_check_says_in_a_sentence_which_fact_should_hold(check: Check) -> None:
    assert (check.__doc__ or "").splitlines()[0].endswith(".")


def right(stand: Stand) -> dict[str, Exchange]:
    return {
        "a success": stand.sent(Call(VALID), repeat=True),
        "a success with a list": stand.sent(Call(WITH_ARTIFACT), repeat=True),
        "a deserved refusal": stand.sent(Call(UNKNOWN_JOB), repeat=True),
        "a rejection by the SDK": stand.sent(Call({})),
        "a form": stand.sent(Form((("Action", "UpdateJob"), ("Version", "2010-06-01"))), repeat=True),
        "no form": stand.sent(Raw(b"%zz\xff"), repeat=True),
        "another operation": stand.sent(Form((("Action", "ListJobs"), ("Version", "2010-06-01"))), repeat=True),
        "by hand, a success": stand.answered(success()),
        "by hand, a refusal": stand.answered(refusal("InvalidJobIdException"), violation("InvalidJobIdException")),
    }


def test_nothing_is_found_where_all_is_right(stand: Stand) -> None:
    found = {about: [str(finding) for finding in find(exchange)] for about, exchange in right(stand).items()}

    assert found == {about: [] for about in found}
