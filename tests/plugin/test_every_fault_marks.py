"""What cannot be struck, and what is wrong with a mark or a wish, is told instead of passed over."""

from __future__ import annotations

import pytest

from .faulty import BOTH, MENDED, Faulty


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("async def test_it(): pass", "every_fault runs no async tests"),
        ("@hypothesis.given(hypothesis.strategies.none())\ndef test_it(x): pass", "every_fault runs no @given tests"),
    ],
)
def test_a_test_that_cannot_be_struck_is_skipped_and_says_why(faulty: Faulty, source: str, why: str) -> None:
    faulty.pytester.makepyfile(
        f"import hypothesis, pytest\n\n@pytest.mark.every_fault('importexport.UpdateJob')\n{source}"
    )

    result = faulty.run("-rs")

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines([f"*botoproof: {why}*"])


def test_a_skipped_test_stays_one_skipped_test(faulty: Faulty) -> None:
    faulty.pytester.makepyfile(
        "import pytest\n\n@pytest.mark.skip\n@pytest.mark.every_fault('importexport.UpdateJob')\ndef test_it(): pass"
    )

    faulty.run().assert_outcomes(skipped=1)


@pytest.mark.parametrize(
    "source",
    [
        "import unittest\n@pytest.mark.every_fault\nclass TestIt(unittest.TestCase):\n    def test_it(self): pass",
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.every_fault)])\ndef test_it(x): pass",
    ],
)
def test_a_mark_that_cannot_be_honoured_fails_its_test(faulty: Faulty, source: str) -> None:
    faulty.pytester.makepyfile(f"import pytest\n{source}")

    result = faulty.run()

    assert result.ret == 1
    assert not result.parseoutcomes().get("passed")
    result.stdout.fnmatch_lines(["*botoproof: the mark 'every_fault' is for functions, methods*would prove nothing*"])


MISTAKES = (
    ("'importexport.UpdateJobs'", "*importexport has no operation 'UpdateJobs'*did you mean UpdateJob *"),
    ("'importexprt.UpdateJob'", "*no service 'importexprt'; did you mean importexport?"),
    ("'UpdateJob'", "*takes operations such as 'sqs.SendMessage' *, got 'UpdateJob'"),
    ("survive=[ValueError]", "*has no argument 'survive'; did you mean survives?"),
    ("survives=[1]", "*takes classes of exceptions, or their names, for survives; got 1"),
    ("survives=3", "*takes exceptions for survives, got 3"),
    ("'importexport.UpdateJob', survives='InvalidJobException'", "*'InvalidJobException'*InvalidJobIdException*"),
    ("attempts=0", "*takes a whole number of at least 1 for attempts, got 0"),
    ("attempts=1.5", "*takes a whole number of at least 1 for attempts, got 1.5"),
    ("deadline='soon'", "*takes a number of at least 0 for deadline, got 'soon'"),
    ("depth=2", "*takes 0 or 1 for depth, got 2"),
    ("idempotent=True", "*takes names of operations for idempotent, got True"),
)


def test_a_mistake_in_the_mark_is_told_when_tests_are_collected(faulty: Faulty) -> None:
    for number, (mark, _) in enumerate(MISTAKES):
        test = f"import pytest\n\n@pytest.mark.every_fault({mark})\ndef test_it(): pass"
        faulty.pytester.makepyfile(**{f"test_{number:02}": test})

    result = faulty.run()

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        [f"botoproof: test_{number:02}.py::test_it: {told}" for number, (_, told) in enumerate(MISTAKES)]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("UpdateJob#0:error(NoSuch)", "*documents no error 'NoSuch'*"),
        ("UpdateJob#0:chunk.right", "*chunk.right can only be made by a server: botoproof serve --fault"),
    ],
)
def test_a_fault_that_cannot_strike_the_call_is_told_when_tests_are_collected(
    faulty: Faulty, fault: str, told: str
) -> None:
    faulty.write(BOTH, MENDED)

    result = faulty.run(f"--fault={fault}")

    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines([told])


def test_a_fault_for_a_call_that_no_test_makes_stops_the_session(faulty: Faulty) -> None:
    faulty.write(BOTH, MENDED)

    result = faulty.run("--fault=UpdateJobs#0:dns")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--fault UpdateJobs#0:dns: no test * call UpdateJobs#0; did you mean UpdateJob#0?"])


def test_a_test_that_makes_no_call_fails(faulty: Faulty) -> None:
    faulty.write("", "pass")

    result = faulty.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["botoproof: every_fault: the test made no call by boto3 itself, *"])


def test_a_test_that_does_not_make_the_named_call_fails_also_under_each_fault(faulty: Faulty) -> None:
    faulty.write('"importexport.CancelJob"', "endpoint.client().list_jobs()")

    result = faulty.run("--faults=smoke", "-p", "no:randomly")

    assert result.parseoutcomes()["failed"] == 1  # the faults are skipped, as the test fails without
    result.stdout.fnmatch_lines(["*the test makes no call importexport.CancelJob#0; * [[]fault-unstruck]"])
    alone = faulty.run("-k", "dns or refused")
    assert "passed" not in alone.parseoutcomes()
    alone.stdout.fnmatch_lines(["*[[]fault-unstruck]", "*got: importexport.ListJobs#0"])


def test_a_test_that_fails_without_a_fault_is_not_run_with_faults(faulty: Faulty) -> None:
    faulty.write(BOTH, "assert not mended(endpoint.client(), job)")

    result = faulty.run("--faults=smoke", "-rs")

    result.assert_outcomes(failed=1, skipped=7)
    result.stdout.fnmatch_lines(["*botoproof: the test fails without a fault"])
