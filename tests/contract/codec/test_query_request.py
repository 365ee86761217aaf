"""Requests of the query protocol: pairs written from parameters, and every departure told when they are read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.codec.form import Pairs
from botoproof.contract.codec.query_request import AUTHENTICATION_KEYS, read_request, write_request
from botoproof.contract.model import Operation
from hypothesis import given
from hypothesis import strategies as st

UPDATE_JOB = {"JobId": "J1", "Manifest": "a: b", "JobType": "Import", "ValidateOnly": True}
UPDATE_JOB_PAIRS = (
    ("Action", "UpdateJob"),
    ("Version", "2010-06-01"),
    ("JobId", "J1"),
    ("Manifest", "a: b"),
    ("JobType", "Import"),
    ("ValidateOnly", "true"),
)


def departures(operation: Operation, *pairs: tuple[str, str]) -> list[tuple[str, str]]:
    """The codes and paths of what is wrong with `pairs`."""
    return [(departure.code, departure.path) for departure in read_request(operation, pairs).departures]


def test_the_pairs_of_update_job_are_written_in_the_model_s_order(update_job: Operation) -> None:
    shuffled = dict(reversed(UPDATE_JOB.items()))

    assert write_request(update_job, shuffled) == UPDATE_JOB_PAIRS


def test_a_right_request_is_read_without_departures(update_job: Operation) -> None:
    reading = read_request(update_job, UPDATE_JOB_PAIRS)

    assert (reading.action, reading.version) == ("UpdateJob", "2010-06-01")
    assert reading.parameters == UPDATE_JOB
    assert reading.departures == ()
    assert reading.texts["ValidateOnly"] == "true"


def test_the_order_of_the_pairs_means_nothing(update_job: Operation) -> None:
    assert read_request(update_job, UPDATE_JOB_PAIRS[::-1]).parameters == UPDATE_JOB


@pytest.mark.parametrize(
    ("parameters", "pairs"),
    [
        ({"Renamed": "x"}, (("OtherName", "x"),)),
        ({"Owner": {"Id": "a", "Active": False}}, (("Owner.OwnerId", "a"), ("Owner.Active", "false"))),
        ({"Words": ["a", ""]}, (("Words.member.1", "a"), ("Words.member.2", ""))),
        ({"Words": []}, (("Words", ""),)),
        ({"Parts": [{"Id": "a"}, {"Id": "b"}]}, (("Parts.member.1.OwnerId", "a"), ("Parts.member.2.OwnerId", "b"))),
        ({"Labelled": [True]}, (("Labelled.Entry.1", "true"),)),
        ({"Flat": [7, 8]}, (("Flat.1", "7"), ("Flat.2", "8"))),
        ({"Flat": []}, (("Flat", ""),)),
        ({"FlatLabelled": ["a"]}, (("Item.1", "a"),)),
        ({"FlatLabelled": []}, (("FlatLabelled", ""),)),
        ({"Map": {"k": 1}}, (("Map.entry.1.key", "k"), ("Map.entry.1.value", "1"))),
        ({"FlatMap": {"k": "v"}}, (("FlatMap.1.Attribute", "k"), ("FlatMap.1.Content", "v"))),
        ({"Tree": {"Branch": {"Branch": {"Leaf": "x"}}}}, (("Tree.Branch.Branch.Leaf", "x"),)),
        ({"Data": b"\0"}, (("Data", "AA=="),)),
        ({"When": datetime(2026, 11, 23, tzinfo=UTC)}, (("When", "2026-11-23T00:00:00Z"),)),
        ({"Count": 0, "Enabled": False, "Ratio": 0.0}, (("Enabled", "false"), ("Count", "0"), ("Ratio", "0.0"))),
    ],
)
def test_each_construct_travels_as_the_protocol_has_it(
    put_record: Operation, parameters: dict[str, Any], pairs: Pairs
) -> None:
    written = write_request(put_record, {"Name": "n", **parameters})

    reading = read_request(put_record, written)
    assert written == (("Action", "PutRecord"), ("Version", "2026-11-23"), ("Name", "n"), *pairs)
    assert reading.parameters == {"Name": "n", **parameters}
    assert reading.departures == ()


def test_an_empty_list_is_present_under_its_own_name() -> None:
    """SimpleDB's BatchPutAttributes requires a flattened list whose items bear another name."""
    operation = read_operation("sdb", "BatchPutAttributes")
    pairs = write_request(operation, {"DomainName": "d", "Items": []})

    reading = read_request(operation, pairs)

    assert pairs[2:] == (("DomainName", "d"), ("Items", ""))
    assert (reading.parameters, reading.departures) == ({"DomainName": "d", "Items": []}, ())


def test_what_is_none_or_unknown_to_the_model_is_not_written(update_job: Operation) -> None:
    assert write_request(update_job, {**UPDATE_JOB, "APIVersion": None, "Other": "x"}) == UPDATE_JOB_PAIRS


def test_empty_structures_and_maps_leave_no_trace(put_record: Operation) -> None:
    """The protocol has no way to say them; botocore's serialiser leaves them out as well."""
    assert write_request(put_record, {"Name": "n", "Tree": {}, "Map": {}, "FlatMap": {}})[2:] == (("Name", "n"),)


def test_an_operation_without_input_takes_only_the_action() -> None:
    operation = read_operation("iam", "GetAccountSummary")

    assert operation.input_shape is None
    assert write_request(operation, {"Any": 1}) == (("Action", "GetAccountSummary"), ("Version", "2010-05-08"))
    assert departures(operation, ("Action", "GetAccountSummary"), ("UserName", "x")) == [("member-unknown", "UserName")]


@pytest.mark.parametrize(
    ("pair", "found"),
    [
        (("Other", "x"), ("member-unknown", "Other")),
        (("jobId", "x"), ("member-unknown", "jobId")),
        (("JobId", "J2"), ("member-repeated", "JobId")),
        (("Action", "CreateJob"), ("member-repeated", "Action")),
        (("JobId.1", "x"), ("member-unknown", "JobId.1")),
        (("JobId.", "x"), ("member-unknown", "JobId..")),
        (("APIVersion.a.b", "x"), ("member-unknown", "APIVersion.a")),
        (("", "x"), ("member-unknown", ".")),
    ],
)
def test_a_key_that_does_not_belong_is_told(
    update_job: Operation, pair: tuple[str, str], found: tuple[str, str]
) -> None:
    reading = read_request(update_job, (*UPDATE_JOB_PAIRS, pair))

    assert [(departure.code, departure.path) for departure in reading.departures] == [found]
    assert reading.parameters == UPDATE_JOB


@pytest.mark.parametrize("text", ["", "True", "yes", "1", " true"])
def test_a_boolean_is_exactly_true_or_false(update_job: Operation, text: str) -> None:
    reading = read_request(update_job, (*UPDATE_JOB_PAIRS[:-1], ("ValidateOnly", text)))

    (departure,) = reading.departures
    assert (departure.code, departure.path, departure.expected, departure.observed) == (
        "member-type",
        "ValidateOnly",
        "exactly true or false",
        repr(text),
    )
    assert "ValidateOnly" not in reading.parameters
    assert reading.texts["ValidateOnly"] == text


@pytest.mark.parametrize("name", ["JobId", "Manifest", "JobType", "ValidateOnly"])
def test_an_absent_required_member_is_told(update_job: Operation, name: str) -> None:
    assert departures(update_job, *(pair for pair in UPDATE_JOB_PAIRS if pair[0] != name)) == [("member-missing", name)]


def test_an_empty_value_is_present(update_job: Operation) -> None:
    reading = read_request(update_job, tuple((key, "" if key == "JobId" else value) for key, value in UPDATE_JOB_PAIRS))

    assert (reading.parameters["JobId"], reading.departures) == ("", ())


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([("Count", "x")], [("member-type", "Count")]),
        ([("When", "today")], [("member-type", "When")]),
        ([("Data", "=")], [("member-type", "Data")]),
        ([("Owner", "x")], [("member-type", "Owner"), ("member-missing", "Owner.OwnerId")]),
        ([("Owner.OwnerId", "x"), ("Owner", "")], [("member-type", "Owner")]),
        ([("Owner.Id", "x")], [("member-unknown", "Owner.Id"), ("member-missing", "Owner.OwnerId")]),
        ([("Owner.Active", "false")], [("member-missing", "Owner.OwnerId")]),
        (
            [("Parts.member.1.Active", "no")],
            [("member-type", "Parts.member.1.Active"), ("member-missing", "Parts.member.1.OwnerId")],
        ),
        ([("Words.1", "x")], [("list-index", "Words.1")]),
        ([("Words.item.1", "x")], [("list-index", "Words.item")]),
        ([("Words", "x")], [("member-type", "Words")]),
        ([("Words", ""), ("Words.member.1", "x")], [("member-type", "Words")]),
        ([("Words.member", "x")], [("member-type", "Words.member")]),
        ([("Words.member", "")], [("member-type", "Words.member")]),
        ([("Words.member.0", "x")], [("list-index", "Words.member.0")]),
        ([("Words.member.01", "x")], [("list-index", "Words.member.01")]),
        ([("Words.member.x", "x")], [("list-index", "Words.member.x")]),
        ([("Words.member.\u0661", "x")], [("list-index", "Words.member.\u0661")]),
        ([("Words.member.2", "x")], [("list-index", "Words.member")]),
        ([("Words.member.1", "x"), ("Words.member.3", "x")], [("list-index", "Words.member")]),
        ([("Words.member.99999999", "x")], [("list-index", "Words.member.99999999")]),
        ([("Labelled.Entry.1", "no")], [("member-type", "Labelled.Entry.1")]),
        ([("Labelled.member.1", "true")], [("list-index", "Labelled.member")]),
        ([("Flat.1", "x")], [("member-type", "Flat.1")]),
        ([("Flat.member.1", "1")], [("list-index", "Flat.member")]),
        ([("Flat", "x")], [("member-type", "Flat")]),
        ([("FlatLabelled", "x")], [("member-unknown", "FlatLabelled")]),
        ([("FlatLabelled.1", "x")], [("member-unknown", "FlatLabelled")]),
        ([("Map.entry.1.key", "k")], [("member-missing", "Map.entry.1.value")]),
        ([("Map.entry.1.value", "1")], [("member-missing", "Map.entry.1.key")]),
        ([("Map.entry.1.key", "k"), ("Map.entry.1.value", "x")], [("member-type", "Map.entry.1.value")]),
        (
            [("Map.entry.1.key", "k"), ("Map.entry.1.value", "1"), ("Map.entry.1.more", "1")],
            [("member-unknown", "Map.entry.1.more")],
        ),
        (
            [("Map.entry.1.key", "k"), ("Map.entry.1.value", "1"), ("Map.entry.1", "x")],
            [("member-type", "Map.entry.1")],
        ),
        (
            [(f"Map.entry.{index}.{name}", "1") for index in (1, 2) for name in ("key", "value")],
            [("member-repeated", "Map.entry.2.key")],
        ),
        ([("Map.1.key", "k"), ("Map.1.value", "1")], [("list-index", "Map.1")]),
        ([("Map", "x")], [("member-type", "Map")]),
        ([("FlatMap.2.Attribute", "k"), ("FlatMap.2.Content", "1")], [("list-index", "FlatMap")]),
        ([("FlatMap.entry.1.Attribute", "k")], [("list-index", "FlatMap.entry")]),
    ],
    ids=lambda value: value[0][0] if isinstance(value, list) else None,
)
def test_departures_below_the_top_level_are_told_with_their_keys(
    put_record: Operation, pairs: list[tuple[str, str]], found: list[tuple[str, str]]
) -> None:
    assert departures(put_record, ("Name", "n"), *pairs) == found


def test_items_that_are_not_of_their_type_are_left_out(put_record: Operation) -> None:
    pairs = (("Name", "n"), ("Flat.1", "1"), ("Flat.2", "x"), ("Flat.3", "3"))

    assert read_request(put_record, pairs).parameters == {"Name": "n", "Flat": [1, 3]}


def test_items_are_read_in_the_order_of_their_numbers(put_record: Operation) -> None:
    pairs = (("Name", "n"), *((f"Flat.{number}", str(number)) for number in range(12, 0, -1)))

    assert read_request(put_record, pairs).parameters["Flat"] == list(range(1, 13))


def test_signature_parameters_are_no_members(update_job: Operation) -> None:
    assert departures(update_job, *UPDATE_JOB_PAIRS, *((key, "x") for key in sorted(AUTHENTICATION_KEYS))) == []


def test_the_action_may_be_called_operation(update_job: Operation) -> None:
    """The models' request URIs write ``/?Operation=UpdateJob``."""
    reading = read_request(update_job, (("Operation", "UpdateJob"), *UPDATE_JOB_PAIRS[1:]))

    assert (reading.action, reading.departures) == ("UpdateJob", ())


def test_a_request_without_action_and_version_says_so(update_job: Operation) -> None:
    reading = read_request(update_job, UPDATE_JOB_PAIRS[2:])

    assert (reading.action, reading.version) == (None, None)


def test_a_recursive_shape_is_read_to_the_limit_and_not_below(put_record: Operation) -> None:
    deepest = ".".join(["Tree", *["Branch"] * 62, "Leaf"])
    too_deep = ".".join(["Tree", *["Branch"] * 100_000, "Leaf"])

    assert departures(put_record, ("Name", "n"), (deepest, "x")) == []
    assert departures(put_record, ("Name", "n"), (deepest, "x"), (too_deep, "x")) == [
        ("member-unknown", ".".join(["Tree", *["Branch"] * 63]))
    ]


KEYS = st.lists(
    st.sampled_from(
        ["JobId", "Words", "member", "1", "2", "0", "Map", "entry", "key", "value", "Flat", "Tree", "Branch", "", "x"]
    ),
    min_size=1,
    max_size=5,
).map(".".join)


@given(pairs=st.lists(st.tuples(KEYS | st.text(), st.text())).map(tuple))
def test_no_pairs_make_it_raise(put_record: Operation, pairs: Pairs) -> None:
    reading = read_request(put_record, pairs)

    assert all(departure.path for departure in reading.departures)


@given(pairs=st.lists(st.tuples(KEYS, st.sampled_from(["", "1", "true"]))).map(tuple))
def test_every_pair_is_read_or_told(put_record: Operation, pairs: Pairs) -> None:
    """Nothing is passed over in silence: what is read without departures is all that was sent."""
    reading = read_request(put_record, (("Name", "n"), *pairs))

    if not reading.departures:
        sent = {pair for pair in pairs if not (pair[0] in ("Map", "FlatMap") and not pair[1])}
        assert set(write_request(put_record, reading.parameters)[3:]) == sent
