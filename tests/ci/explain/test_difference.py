"""What tells a case from a valid one, in a few words."""

from __future__ import annotations

import pytest
from botoproof.ci.explain.difference import differences, valid_case
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.case import Call, Case, Form, Raw, Signing, reference

UPDATE = read_operation("importexport", "UpdateJob")
STATES = {"pending": "a pending job", "expired": "an expired job"}
TEXT = "one: 1\ntwo: 2\nthree: 3\n"
PAIRS = (("Action", "UpdateJob"), ("JobId", reference("pending")), ("Manifest", TEXT), ("JobType", "Import"))


def form(**changes: str | None) -> Form:
    merged: dict[str, str | None] = {**dict(PAIRS), **changes}
    return Form(tuple((name, value) for name, value in merged.items() if value is not None))


def told(case: Case, *valid: Case) -> tuple[str, ...]:
    found = [valid_case(other, UPDATE) for other in valid or (Case("UpdateJob", Form(PAIRS)),)]
    return differences(case, found, UPDATE, STATES)


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"JobType": None}, "no JobType"),
        ({"JobType": ""}, "JobType is empty instead of `Import`"),
        ({"JobType": "Importt"}, "JobType is `Importt` instead of `Import`"),
        ({"Surprise": "1"}, "Surprise is `1` instead of absent"),
        ({"JobId": reference("expired")}, "JobId is that of an expired job instead of that of a pending job"),
        ({"Manifest": "one: 1\nthree: 3\n"}, "Manifest: without `two: 2`"),
        ({"Manifest": TEXT + "four: 4\n"}, "Manifest: with `four: 4`"),
        ({"Manifest": TEXT.replace("2", "9")}, "Manifest: `two: 9` instead of `two: 2`"),
        ({"Manifest": TEXT.replace("two", "\ttwo")}, r"Manifest: `\x09two: 2` instead of `two: 2`"),
        ({"Manifest": "no lines"}, "Manifest is `no lines`"),
    ],
)
def test_a_changed_parameter_is_told(changes: dict[str, str | None], difference: str) -> None:
    assert told(Case("UpdateJob", form(**changes))) == (difference,)


@pytest.mark.parametrize(
    ("signing", "difference"),
    [
        (Signing(key="none"), "not signed"),
        (Signing(key="unknown"), "signed with the unknown key"),
        (Signing(version="v2"), "signed with version 2"),
        (Signing(tampered=True), "the signature is changed afterwards"),
        (Signing(age_seconds=3600), "signed 3600 s ago"),
    ],
)
def test_another_way_to_sign_is_told(signing: Signing, difference: str) -> None:
    assert told(Case("UpdateJob", Form(PAIRS), signing=signing)) == (difference,)


def test_the_carrier_is_told() -> None:
    assert told(Case("UpdateJob", Form(PAIRS, method="GET"))) == ("sent by GET",)
    assert told(Case("UpdateJob", Form(PAIRS[1:], query=PAIRS[:1]))) == ("Action in the query string",)


def test_a_body_that_is_no_form_is_shown() -> None:
    found = told(Case("UpdateJob", Raw(b"%zz\x00", content_type="text/plain")))

    assert found == ("Content-Type is `text/plain`", r"the body is `%zz\x00`")


def test_the_nearest_valid_case_is_compared_with() -> None:
    near = Case("UpdateJob", Call({"JobId": "A", "Manifest": TEXT, "JobType": "Export"}))
    far = Case("UpdateJob", Call({"JobId": "A", "Manifest": "x\ny\n", "JobType": "Export"}))

    found = told(Case("UpdateJob", Call({"JobId": "A", "Manifest": TEXT, "JobType": "Exports"})), far, near)

    assert found == ("JobType is `Exports` instead of `Export`",)


def test_the_same_case_differs_in_nothing() -> None:
    assert told(Case("UpdateJob", Form(PAIRS))) == ()
