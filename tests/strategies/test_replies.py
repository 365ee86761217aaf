"""Replies: right ones decode strictly and both parsers agree; each wrong one departs as it claims."""

from __future__ import annotations

import pytest
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.adapters.sdk import parse_reply
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.leniencies.judging import AGREED, compare
from botoproof.strategies.replies import ReplyCase, batches, full_replies, replies, right_replies, wrong_replies
from hypothesis import find, given, settings
from hypothesis import strategies as st

# dateutil, which guesses timestamps for botocore, tells of each time zone that it does not know.
pytestmark = pytest.mark.filterwarnings("ignore::dateutil.parser.UnknownTimezoneWarning")

OPERATIONS = [
    read_operation("importexport", "UpdateJob"),
    read_operation("importexport", "GetStatus"),
    read_operation("importexport", "ListJobs"),
    read_operation("iam", "DeleteUser"),
    read_operation("iam", "GetContextKeysForCustomPolicy"),
    read_operation("sns", "GetTopicAttributes"),
    read_operation("redshift", "DescribeRedshiftIdcApplications"),
]
ANY = st.sampled_from(OPERATIONS)
UPDATE = OPERATIONS[0]
PARTS = (b"<ArtifactList><member><", b"<Success>")


def departures(case: ReplyCase) -> set[str]:
    return {departure.code for departure in read_reply(case.operation, case.reply).departures}


@given(case=ANY.flatmap(right_replies))
def test_a_right_reply_decodes_strictly_and_botocore_agrees(case: ReplyCase) -> None:
    reading = read_reply(case.operation, case.reply)

    assert reading.departures == ()
    assert compare(case.operation, case.reply, reading, parse_reply(case.operation, case.reply)) == AGREED


@settings(max_examples=10)
@given(case=ANY.flatmap(right_replies))
def test_each_wrong_reply_departs_as_it_claims_and_botocore_reads_it_as_listed(case: ReplyCase) -> None:
    for wrong in wrong_replies(case):
        reading = read_reply(wrong.operation, wrong.reply)
        told = {departure.code for departure in reading.departures}
        outcome = parse_reply(wrong.operation, wrong.reply)

        assert not wrong.departures or told & wrong.departures, wrong
        assert compare(wrong.operation, wrong.reply, reading, outcome).finding is None, wrong


@settings(max_examples=20)
@given(data=st.data())
def test_a_batch_begins_with_its_right_reply_and_is_the_same_every_time(data: st.DataObject) -> None:
    batch = data.draw(batches(data.draw(ANY)))
    first, second = list(batch.replies(20)), list(batch.replies(20))

    assert first == second
    assert first[0] == batch.right
    assert len(first) == 20
    assert departures(first[0]) == set()


def test_every_departure_that_the_operation_can_show_is_drawn() -> None:
    case = find(right_replies(UPDATE), lambda drawn: all(part in drawn.reply.body for part in PARTS))

    told = set[str]().union(*(departures(wrong) for wrong in wrong_replies(case)))

    assert {"boolean", "list-member", "member-type", "member-unknown", "member-repeated", "wrapper"} <= told
    assert {"root", "namespace", "request-id", "status", "truncated", "not-utf-8", "content-type"} <= told


def test_a_full_reply_is_right_and_holds_every_member() -> None:
    for operation in OPERATIONS:
        result, error = full_replies(operation)
        members = operation.output_shape.members if operation.output_shape else {}

        assert departures(result) == departures(error) == set()
        assert (read_reply(operation, result.reply).value or {}).keys() == members.keys()
        assert error.reply.status >= 400


def test_a_reply_shrinks_to_a_small_readable_one() -> None:
    smallest = find(replies(UPDATE), lambda case: "boolean" in departures(case))

    assert len(smallest.reply.body) < 300
    assert smallest.reply.body.isascii()
