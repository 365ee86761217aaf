from __future__ import annotations

import pytest
from botocore.model import ServiceModel
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.case import Case, Form, reference
from botoproof.contract.codec.form import Pairs
from botoproof.contract.codec.query_request import read_request, write_request
from botoproof.contract.model import describe_operation
from botoproof.strategies import every_malformed_form, malformed_forms
from hypothesis import find, given, settings
from hypothesis import strategies as st

UPDATE = read_operation("importexport", "UpdateJob")
GOOD = write_request(
    UPDATE,
    {"JobId": reference("pending"), "Manifest": "manifestVersion:1.0;", "JobType": "Import", "ValidateOnly": True},
)
TAG = read_operation("iam", "TagUser")
TAGGED = write_request(TAG, {"UserName": "u", "Tags": [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]})


def form(case: Case) -> Form:
    assert isinstance(case.sent, Form)
    return case.sent


def labelled(label: str, *, pairs: Pairs = GOOD) -> Form:
    return form(next(case for case in every_malformed_form(pairs, operation=UPDATE) if case.label == label))


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("form: member missing JobId", Form(GOOD[:2] + GOOD[3:])),
        ("form: repeated key, same value, JobType", Form((*GOOD, ("JobType", "Import")))),
        ("form: repeated key, other value, ValidateOnly", Form((*GOOD, ("ValidateOnly", "false")))),
        ("form: repeated key, other value first, JobType", Form((("JobType", "Import1"), *GOOD))),
        ("form: unknown key 'NotAMember'", Form((*GOOD, ("NotAMember", "1")))),
        ("form: wrong case of key JobId as 'jobid'", Form((*GOOD[:2], ("jobid", "~pending~"), *GOOD[3:]))),
        ("form: boolean as 'True', ValidateOnly", Form((*GOOD[:5], ("ValidateOnly", "True")))),
        ("form: empty value of JobId", Form((*GOOD[:2], ("JobId", ""), *GOOD[3:]))),
        ("form: white space as in '{} ' around JobId", Form((*GOOD[:2], ("JobId", "~pending~ "), *GOOD[3:]))),
        ("form: other Version '1999-01-01'", Form((GOOD[0], ("Version", "1999-01-01"), *GOOD[2:]))),
        ("form: absent Version", Form((GOOD[0], *GOOD[2:]))),
        ("form: other Action 'NotAnOperation'", Form((("Action", "NotAnOperation"), *GOOD[1:]))),
        ("form: absent Action", Form(GOOD[1:])),
        ("form: Action in the query string", Form(GOOD[1:], query=GOOD[:1])),
        ("form: all in the query string of a POST", Form((), query=GOOD)),
        ("form: GET instead of POST", Form(GOOD, method="GET")),
    ],
)
def test_each_departure_is_made_and_labelled(label: str, expected: Form) -> None:
    assert labelled(label) == expected


def test_a_boolean_that_is_absent_is_added_with_a_wrong_spelling() -> None:
    assert labelled("form: boolean as 'yes', ValidateOnly", pairs=GOOD[:5]).pairs == (
        *GOOD[:5],
        ("ValidateOnly", "yes"),
    )


def test_every_form_departs_and_none_comes_twice() -> None:
    cases = every_malformed_form(GOOD, operation=UPDATE)

    forms = [form(case) for case in cases]
    assert len(set(forms)) == len(forms) > 100
    assert Form(GOOD) not in forms
    assert {case.operation for case in cases} == {"UpdateJob"}


def test_a_strict_reader_sees_every_departure() -> None:
    good = read_request(UPDATE, GOOD)

    for case in every_malformed_form(GOOD, operation=UPDATE):
        sent = form(case)
        assert sent.method != "POST" or sent.query or read_request(UPDATE, sent.pairs) != good, case.label


def test_items_of_a_list_get_gaps_and_wrong_indices() -> None:
    cases = every_malformed_form(TAGGED, operation=TAG)
    keys = {key for case in cases if "list index" in case.label for key, _ in form(case).pairs}

    assert keys >= {f"Tags.member.{index}.Key" for index in ("0", "01", "-1", "a", "1001", "1000000000")}


def test_a_list_that_is_absent_is_added_with_a_wrong_index() -> None:
    cases = every_malformed_form(TAGGED[:3], operation=TAG)

    assert form(next(case for case in cases if "list index 'with a gap'" in case.label)).pairs[-1] == (
        "Tags.member.2",
        "text",
    )


def test_a_missing_list_takes_all_its_keys_with_it() -> None:
    cases = every_malformed_form(TAGGED, operation=TAG)

    missing = form(next(case for case in cases if case.label == "form: member missing Tags"))
    assert missing.pairs == TAGGED[:3]


def test_a_nested_boolean_is_misspelt() -> None:
    operation = read_operation("autoscaling", "CreateOrUpdateTags")
    pairs = write_request(operation, {"Tags": [{"Key": "k", "PropagateAtLaunch": True}]})

    keys = {
        key
        for case in every_malformed_form(pairs, operation=operation)
        if "boolean" in case.label
        for key, value in form(case).pairs
        if value == "TRUE"
    }

    assert keys == {"Tags.member.1.PropagateAtLaunch"}


def test_booleans_in_maps_and_flattened_lists_are_misspelt() -> None:
    shapes = {
        "In": {"type": "structure", "members": {"Flags": {"shape": "Flags"}, "On": {"shape": "Switches"}}},
        "Flags": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Flag"}},
        "Switches": {"type": "list", "member": {"shape": "Flag"}, "flattened": True},
        "Flag": {"type": "boolean"},
        "Text": {"type": "string"},
    }
    model = ServiceModel(
        {
            "metadata": {"protocol": "query", "apiVersion": "1"},
            "operations": {"Set": {"name": "Set", "input": {"shape": "In"}}},
            "shapes": shapes,
        },
        "made-up",
    )
    operation = describe_operation(model, "made-up", "Set")
    pairs = write_request(operation, {"Flags": {"k": True}, "On": [True]})

    cases = every_malformed_form(pairs, operation=operation)

    misspelt = {key for case in cases if "boolean" in case.label for key, value in form(case).pairs if value == "TRUE"}
    assert misspelt == {"Flags.entry.1.value", "On.1"}
    assert ("On.0", "true") in {pair for case in cases for pair in form(case).pairs}


@pytest.mark.parametrize(("service", "name"), [("iam", "GetAccountSummary"), ("sts", "GetCallerIdentity")])
def test_an_operation_without_members_departs_in_its_envelope(service: str, name: str) -> None:
    cases = every_malformed_form((("Action", name),), operation=read_operation(service, name))

    labels = {case.label for case in cases}
    assert "form: absent Action" in labels
    assert not any("boolean" in label or "missing" in label for label in labels)


def test_keys_below_a_scalar_are_no_booleans() -> None:
    cases = every_malformed_form((*GOOD, ("JobId.1", "1"), ("Nonsense.1", "1")), operation=UPDATE)

    assert {case.label.rsplit(" ", 1)[-1] for case in cases if "boolean" in case.label} == {"ValidateOnly"}


def test_fixed_pairs_and_drawn_pairs_depart_in_the_same_ways() -> None:
    every = {form(case) for case in every_malformed_form(GOOD, operation=UPDATE)}

    @settings(max_examples=300)
    @given(malformed_forms(GOOD, operation=UPDATE), malformed_forms(st.just(GOOD), operation=UPDATE))
    def among(fixed: Case, drawn: Case) -> None:
        assert form(fixed) in every
        assert form(drawn) in every

    among()


@given(malformed_forms(st.sampled_from([GOOD, (("a", "b"),), ()]), operation=UPDATE))
def test_any_pairs_can_depart(case: Case) -> None:
    assert form(case) not in (Form(GOOD), Form((("a", "b"),)), Form(()))
    assert case.label.startswith("form: ")


def test_the_simplest_departure_is_a_missing_member() -> None:
    found = find(malformed_forms(st.just(GOOD), operation=UPDATE), lambda _: True, settings=settings(database=None))

    assert found == Case("UpdateJob", Form(GOOD[:2] + GOOD[3:]), label="form: member missing JobId")


def test_other_protocols_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"^operation must speak the query protocol, got dynamodb\.PutItem with json$"):
        malformed_forms(st.just(GOOD), operation=read_operation("dynamodb", "PutItem"))


def test_no_pairs_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"^pairs must hold at least one key, got \(\)$"):
        malformed_forms((), operation=UPDATE)


def test_a_mapping_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match=r"^pairs must be a tuple of keys and values or a strategy for such, got \{\}$"):
        malformed_forms({}, operation=UPDATE)  # type: ignore[arg-type]
