from __future__ import annotations

from datetime import date

from botoproof.ci.upgrade.accepting import Acceptance, Accepted
from botoproof.ci.upgrade.answer import Scope
from botoproof.ci.upgrade.change import Change
from botoproof.ci.upgrade.clustering import Cluster, cluster, common_mark
from botoproof.ci.upgrade.rule import Depth, Who
from botoproof.ci.upgrade.weighing import Policy, weigh
from botoproof.contract.finding import Severity

from .planted import a_change, saw


def clusters(*changes: Change, accepted: Accepted | None = None) -> tuple[Cluster, ...]:
    weighed, _ = weigh([saw(*changes)], Scope(), Policy(profile=tuple(Who)))
    return cluster(weighed, accepted or Accepted())


def accepting(*fingerprints: str) -> Accepted:
    return Accepted({mark: Acceptance(mark, "known", date(2027, 1, 31)) for mark in fingerprints})


def test_the_same_header_of_every_operation_is_one_finding_with_a_count() -> None:
    header = {"path": "x-request", "old": "1", "new": "2", "depth": Depth.WIRE}
    changes = [a_change("header-changed", f"s{number}.Do", **header) for number in range(500)]

    [finding] = clusters(*changes)

    assert len(finding.changes) == len(finding.subjects) == 500


def test_a_member_that_is_reached_by_two_ways_is_one_finding() -> None:
    changes = [a_change("input-member-removed", path=path, old="Row", new="") for path in ("$.Bed.Row", "$.Beds[].Row")]

    [finding] = clusters(*changes)

    assert [change.path for change in finding.changes] == ["$.Bed.Row", "$.Beds[].Row"]


def test_members_of_different_names_are_different_findings() -> None:
    changes = [a_change("min-tightened", path=path, old="0", new="1") for path in ("$.Row", "$.Bed.Narrow")]

    assert len(clusters(*changes)) == 2


def test_errors_of_models_are_decided_service_by_service_and_notes_over_all() -> None:
    subjects = ("one.Do", "two.Do")

    removed = clusters(*(a_change("input-member-removed", subject) for subject in subjects))
    added = clusters(*(a_change("shape-renamed", subject) for subject in subjects))

    assert [len(finding.changes) for finding in removed] == [1, 1]
    assert [len(finding.changes) for finding in added] == [2]


def test_values_that_follow_the_operations_or_the_errors_name_are_one_finding() -> None:
    wrappers = [a_change("result-wrapper-changed", f"s.{name}", path="", old=f"{name}Result", new="") for name in "AB"]
    codes = [a_change("error-code-changed", "s", path=f"!{name}", old=f"x.{name}", new=name) for name in "AB"]

    assert [len(finding.changes) for finding in clusters(*wrappers)] == [2]
    assert [len(finding.changes) for finding in clusters(*codes)] == [2]


def test_a_finding_of_one_change_bears_its_fingerprint() -> None:
    change = a_change("input-member-removed")

    assert [finding.fingerprint for finding in clusters(change)] == [change.fingerprint]


def test_the_heaviest_come_first() -> None:
    found = clusters(a_change("shape-renamed"), a_change("output-became-optional"), a_change("operation-removed"))

    assert [finding.severity for finding in found] == [Severity.ERROR, Severity.WARNING, Severity.NOTE]


def test_a_change_is_accepted_by_its_own_fingerprint_and_the_others_still_count() -> None:
    changes = [a_change("header-removed", f"s.{name}", depth=Depth.WIRE) for name in "ABC"]

    found = clusters(*changes, accepted=accepting(changes[1].fingerprint))

    assert {finding.subjects: finding.acceptance is not None for finding in found} == {
        ("s.A", "s.C"): False,
        ("s.B",): True,
    }


def test_what_an_sdk_does_is_accepted_for_all_operations_by_the_fingerprint_of_the_finding() -> None:
    changes = [a_change("header-removed", f"s.{name}", depth=Depth.WIRE) for name in "ABC"]
    [whole] = clusters(*changes)

    found = clusters(changes[0], accepted=accepting(whole.fingerprint))

    assert whole.fingerprint == common_mark(changes[0], Severity.ERROR)
    assert [finding.acceptance is not None for finding in found] == [True]


def test_a_finding_over_different_values_is_accepted_with_exactly_the_changes_that_it_had() -> None:
    two = [a_change("error-shape-removed", "s", path=f"!{name}", old=name, new="") for name in "AB"]
    third = a_change("error-shape-removed", "s", path="!C", old="C", new="")
    [whole] = clusters(*two)
    accepted = accepting(whole.fingerprint)

    assert [finding.acceptance is not None for finding in clusters(*two, accepted=accepted)] == [True]
    assert [finding.acceptance is not None for finding in clusters(*two, third, accepted=accepted)] == [False]


def test_fingerprints_hold_no_prose() -> None:
    change = a_change("input-member-removed", evidence="one call")

    assert change.fingerprint == a_change("input-member-removed", evidence="another", depth=Depth.WIRE).fingerprint
    assert change.fingerprint != a_change("input-member-removed", new="other").fingerprint
