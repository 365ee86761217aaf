"""The option `--botoproof-pact`: what tests call is the pact of their project, and nothing else is."""

from __future__ import annotations

import pytest
from botoproof.ci.pacts.reading import read_pact

from .run import Run
from .shop import CANCEL, GONE, PROJECT, STATUS, TOPIC, TOPIC_SUCCEEDS, Recorded


def test_what_tests_call_is_recorded_once_in_order_with_the_states_that_held_before(recorded: Recorded) -> None:
    result = recorded(PROJECT)

    result.assert_outcomes(passed=3)
    pact = read_pact(recorded.path)
    assert (pact.consumer, pact.provider) == ("shop", "aws-importexport")
    assert recorded.descriptions == [CANCEL, GONE, STATUS]
    given = {one.description: [(state.name, state.parameters) for state in one.states] for one in pact.interactions}
    assert given == {
        CANCEL: [("a pending job", {"id": "PND1A"})],
        GONE: [],
        STATUS: [("a cancelled job", {"id": "CNC1A"})],
    }
    bodies = {one.description: one.request.body for one in pact.interactions}
    assert bodies[CANCEL] == "Action=CancelJob&Version=2010-06-01&JobId=PND1A"
    assert bodies[GONE] == "Action=GetStatus&Version=2010-06-01&JobId=GONE1"
    assert "<JobId>CNC1A</JobId>" in (pact.interactions[2].reply.body or "")
    result.stdout.fnmatch_lines(["*pact.json: 3 interactions of shop and aws-importexport, 3 new; 3 tests made calls"])


def test_another_run_writes_the_same_bytes_with_and_without_the_old_file(recorded: Recorded) -> None:
    recorded(PROJECT)
    first = recorded.path.read_bytes()

    recorded(PROJECT)
    second = recorded.path.read_bytes()
    recorded.path.unlink()
    recorded("\n".join(["import pytest", *reversed(PROJECT.replace("import pytest", "").split("\n\n"))]))

    assert (second, recorded.path.read_bytes()) == (first, first)


def test_what_no_test_makes_any_more_is_removed_by_a_run_of_all_tests_alone(recorded: Recorded) -> None:
    recorded(PROJECT)
    changed = PROJECT.replace("GONE1", "GONE2").replace('job("cancelled")', 'job("pending")')
    without_status = changed.replace("    botoproof_endpoint.client().get_status(JobId=job)", "")

    part = recorded(without_status, "-k", "gone")
    after_a_part = set(recorded.descriptions)
    failed = recorded(without_status + "\ndef test_wrong(): assert False")
    after_a_failure = set(recorded.descriptions)
    whole = recorded(without_status)

    part.stdout.fnmatch_lines([f"  kept, though no test made it (not all tests were chosen): {STATUS}"])
    failed.stdout.fnmatch_lines([f"  kept, though no test made it (not all tests passed): {STATUS}"])
    whole.stdout.fnmatch_lines([f"  removed, as no test makes it any more: {STATUS}"])
    assert after_a_part == {CANCEL, GONE, STATUS}
    assert after_a_failure > after_a_part
    assert recorded.descriptions == [CANCEL, GONE, STATUS.replace("cancelled", "pending")]
    assert "GONE2" in (recorded.interactions[1].request.body or "")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("test_shop.py",), "the command names what to run"),
        (("--deselect=test_shop.py::test_gone",), "not all tests were chosen"),
        (("-p", "cacheprovider", "--lf"), "not all tests were chosen"),
        ((), "a test was skipped"),
    ],
    ids=["named", "deselected", "last failed", "skipped"],
)
def test_a_run_of_some_tests_says_what_it_keeps(recorded: Recorded, arguments: tuple[str, ...], why: str) -> None:
    recorded(PROJECT)
    instead = "return" if arguments else "pytest.skip('later')"

    result = recorded(PROJECT.replace("with pytest.raises", f"{instead}\n    with pytest.raises"), *arguments)

    assert recorded.descriptions == [CANCEL, GONE, STATUS]
    result.stdout.fnmatch_lines([f"  kept, though no test made it ({why}): {GONE}"])


LEFT = {
    "of a test that did not pass": "    assert False",
    "left out by the test": "    botoproof_pact.leave_out()",
}


@pytest.mark.parametrize("why", LEFT)
def test_calls_that_are_not_the_projects_are_told_and_not_recorded(recorded: Recorded, why: str) -> None:
    head = "\ndef test_left(botoproof_endpoint, botoproof_pact):\n    botoproof_endpoint.client().list_jobs()\n"

    result = recorded(PROJECT + head + LEFT[why])

    assert recorded.descriptions == [CANCEL, GONE, STATUS]
    result.stdout.fnmatch_lines([f"not recorded: 1 {why}"])


def test_generated_examples_are_not_recorded(recorded: Recorded) -> None:
    text = """
from hypothesis import given, settings, strategies

@settings(deadline=None, max_examples=2, database=None)
@given(number=strategies.integers(0, 1))
def test_property(botoproof_endpoint, number):
    botoproof_endpoint.client().list_jobs(MaxJobs=number + 1)
"""
    result = recorded(PROJECT + text)

    assert recorded.descriptions == [CANCEL, GONE, STATUS]
    result.stdout.fnmatch_lines(["not recorded: 2 of a test whose examples are generated"])


def test_of_every_fault_the_run_without_one_is_recorded(recorded: Recorded) -> None:
    mark = "@pytest.mark.every_fault('importexport.CancelJob', survives=[Exception])\n"
    text = mark + "def test_it(botoproof_endpoint):\n    client = botoproof_endpoint.client()\n"
    text += "    client.cancel_job(JobId=botoproof_endpoint.job('pending'))"

    result = recorded("import pytest\n" + text, "--faults=smoke")

    assert recorded.descriptions == [CANCEL]
    result.stdout.fnmatch_lines(["not recorded: * under a fault"])


def test_two_refusals_of_one_description_are_told_apart_by_their_tests(recorded: Recorded) -> None:
    again = PROJECT.replace("test_gone", "test_lost").replace("GONE1", "LOST1").partition("def test_status")[0]

    recorded(PROJECT + again.replace("import pytest", ""))

    assert recorded.descriptions == [CANCEL, f"{GONE}, in test_gone", f"{GONE}, in test_lost", STATUS]


def test_a_service_without_specification_is_recorded_too_with_states_that_the_test_gives(
    recorded: Recorded, topics: str
) -> None:
    given = "botoproof_pact.given('a topic', id='arn-1'); "

    recorded(topics + TOPIC.format(given=given, n=1)).assert_outcomes(passed=1)

    [one] = recorded.interactions
    assert one.description == "GetTopicAttributes given a topic succeeds"
    assert [(state.name, state.parameters) for state in one.states] == [("a topic", {"id": "arn-1"})]
    assert read_pact(recorded.path).provider == "aws-sns"
    assert one.request.headers == (("Content-Type", "application/x-www-form-urlencoded"),)


def test_a_reply_that_differs_where_it_may_leaves_the_file_as_it_is(recorded: Recorded, topics: str) -> None:
    recorded(topics + TOPIC.format(given="", n=1))
    before = recorded.path.read_bytes()
    path = recorded.path
    path.write_text(path.read_text("utf-8").replace("<value>arn-1<", "<value>arn-0<"), "utf-8")
    changed = path.read_bytes()

    recorded(topics + TOPIC.format(given="", n=1))

    assert before != changed
    assert path.read_bytes() in (before, changed)


def test_what_a_test_knew_of_its_resources_ends_with_it(recorded: Recorded, topics: str) -> None:
    given = "botoproof_pact.given('a topic', id='arn-1'); "
    again = TOPIC.format(given="", n=1).replace("test_topic", "test_topic_again")
    both = TOPIC.format(given=given, n=1) + again
    known = "jobs = []\n\ndef test_1(botoproof_endpoint):\n    jobs.append(botoproof_endpoint.job('pending'))\n"
    client = (
        "    client = botoproof_endpoint.client()\n    with pytest.raises(client.exceptions.InvalidJobIdException):\n"
    )
    asked = f"\ndef test_2(botoproof_endpoint):\n{client}        client.get_status(JobId=jobs[0])\n"

    recorded(topics + both)
    topics_made = recorded.descriptions
    recorded.path.unlink()
    recorded("import pytest\n" + known + asked)

    assert topics_made == [TOPIC_SUCCEEDS, "GetTopicAttributes given a topic succeeds"][::-1]
    assert recorded.descriptions == [GONE]


def test_an_unknown_state_fails_the_test_that_gives_it(recorded: Recorded) -> None:
    text = "\ndef test_it(botoproof_endpoint, botoproof_pact):\n"
    text += "    job = botoproof_endpoint.job('pending')\n    botoproof_pact.given('a pending jib', id=job)\n"
    text += "    botoproof_endpoint.client().get_status(JobId=job)\n"

    result = recorded(text)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["botoproof: importexport has no provider state 'a pending jib'; did you mean a pending job?"]
    )
    assert not recorded.path.exists()


def test_a_state_that_no_call_is_about_fails_the_test_that_gives_it(recorded: Recorded) -> None:
    result = recorded("def test_it(botoproof_pact):\n    botoproof_pact.given('a pending job', id='X')")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["botoproof: the state 'a pending job' was given of 'X', which no recorded call names"])


def test_without_the_option_the_fixture_records_nothing(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        "def test_it(botoproof_pact):\n    botoproof_pact.given('x', 'y')\n    assert not botoproof_pact.recording"
    )

    run().assert_outcomes(passed=1)


def test_secrets_are_taken_out(recorded: Recorded, topics: str) -> None:
    key = "AKIA" + "B2C3D4E5F6G7H2J3"

    recorded(topics + f"\ndef test_it():\n    name_of('password: hunter2 {key}')\n")

    text = recorded.path.read_text("utf-8")
    assert key not in text
    assert "hunter2" not in text
    assert "Signature" not in text


CASES = """
import pytest

@pytest.mark.every_fault("importexport.GetStatus", survives=[Exception])
def test_status(botoproof_pact_case):
    failed = []
    with botoproof_pact_case("importexport.GetStatus") as case:
        try:
            case.client().get_status(**case.parameters)
        except Exception as wrong:
            failed.append(wrong)
    if failed:
        raise failed[0]

def test_refused(botoproof_pact_case):
    with botoproof_pact_case("importexport.CancelJob", "ExpiredJobIdException") as case:
        with pytest.raises(case.client().exceptions.ExpiredJobIdException):
            case.client().cancel_job(**case.parameters)
"""


def test_cases_are_recorded_and_stand_beside_every_fault(recorded: Recorded) -> None:
    result = recorded(CASES, "--faults=smoke")

    assert result.ret == pytest.ExitCode.OK
    assert recorded.descriptions == [
        "CancelJob given an expired job fails with ExpiredJobIdException",
        "GetStatus given a pending job succeeds",
    ]


def test_a_case_that_there_is_not_is_told_in_one_paragraph(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        "def test_it(botoproof_pact_case): botoproof_pact_case('importexport.CancelJob', 'ExpiredJobId')"
    )

    result = run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["botoproof: importexport.CancelJob has no documented error 'ExpiredJobId'; did you mean Exp*"]
    )
