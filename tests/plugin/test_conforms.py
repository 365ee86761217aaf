"""The mark `conforms` and the option: calls of tests, held to their contract with nothing injected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

# Loaded here, since a run in this process throws away what it was the first to import.
import boto3  # noqa: F401
import botoproof.ci.conforming  # noqa: F401
import pytest
from botoproof.ci.plugin.conforms import LEVELS, ContractWarning
from botoproof.contract.adapters.server import Server
from botoproof.contract.interaction import Reply, Request

from .faulty import Faulty
from .run import Run
from .topics import CLIENT
from .topics import answer as right

FINE = "\ndef test_fine():\n    assert name_of('one') == 'one'\n"
STRAY = "\ndef test_stray():\n    name_of('stray')\n"
CUT = "\ndef test_cut():\n    with pytest.raises(Exception):\n        name_of('cut')\n"
JSON = (
    "\ndef test_json():\n    other = boto3.client('dynamodb', 'us-east-1', endpoint_url='http://127.0.0.1:1',\n"
    "        aws_access_key_id='AKIAIOSFODNN7EXAMPLE', aws_secret_access_key='example',\n"
    "        config=boto3.session.Config(retries={'total_max_attempts': 1}))\n"
    "    with pytest.raises(Exception):\n        other.list_tables()\n"
)
MARK = "@pytest.mark.conforms\ndef "


def marked(text: str) -> str:
    return text.replace("def ", MARK, 1)


def answer(request: Request, now: datetime) -> Reply:
    """Answer rightly, but for topics whose names say otherwise."""
    reply = right(request, now)
    body = reply.body
    if b"stray" in request.body:
        body = body.replace(b"</GetTopicAttributesResult>", b"<Stray/></GetTopicAttributesResult>")
    if b"cut" in request.body:
        body = body[:-20]
    return Reply(200, reply.headers, body)


class Suite:
    """A suite of tests that call a service."""

    def __init__(self, pytester: pytest.Pytester, run: Run, url: str) -> None:
        self._pytester, self._run, self._url = pytester, run, url

    def __call__(self, body: str, *arguments: str) -> pytest.RunResult:
        self._pytester.makepyfile(test_it=CLIENT.format(url=self._url) + body)
        return self._run("--strict-markers", "-W", "default", *arguments)  # without our own filters


@pytest.fixture
def suite(pytester: pytest.Pytester, run: Run) -> Iterator[Suite]:
    with Server(answer) as server:
        yield Suite(pytester, run, server.url)


def test_a_marked_test_fails_for_a_reply_that_boto3_takes(suite: Suite) -> None:
    result = suite(marked(STRAY) + FINE)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "botoproof: calls do not keep their contract:",
            "  sns.GetTopicAttributes /GetTopic*Stray*[[]reply-member-unknown]*",
            "    called at test_it.py:* in name_of",
            "*= conforms (botoproof) =*",
            "1 reply of 1 test held to the contract: 1 reply-member-unknown",
        ]
    )


def test_a_reply_that_botocore_cannot_read_is_heard_all_the_same(suite: Suite) -> None:
    result = suite(marked(CUT))

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*[[]reply-truncated]*"])


def test_what_keeps_the_contract_passes_and_is_counted(suite: Suite) -> None:
    result = suite(marked(FINE))

    result.assert_outcomes(passed=1, warnings=0)
    result.stdout.fnmatch_lines(["1 reply of 1 test held to the contract: no findings"])


@pytest.mark.parametrize("option", ["--botoproof-conforms", "--botoproof-conforms=fail"])
def test_the_option_holds_every_test(suite: Suite, option: str) -> None:
    result = suite(FINE + STRAY + CUT, option)

    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["3 replies of 3 tests held to the contract: *1 reply-member-unknown*"])


def test_findings_can_be_warnings(suite: Suite) -> None:
    result = suite(FINE + STRAY, "--botoproof-conforms=warn")

    result.assert_outcomes(passed=2, warnings=1)
    result.stdout.fnmatch_lines(["*ContractWarning: sns.GetTopicAttributes *[[]reply-member-unknown]*"])


def test_a_mark_is_as_strict_as_ever_where_the_option_only_warns(suite: Suite) -> None:
    suite(marked(STRAY), "--botoproof-conforms=warn").assert_outcomes(failed=1)


def test_without_mark_and_option_nothing_is_heard(suite: Suite) -> None:
    result = suite(STRAY)

    result.assert_outcomes(passed=1, warnings=0)
    result.stdout.no_fnmatch_line("*conforms (botoproof)*")


def test_a_marked_test_does_not_answer_for_those_before_it(suite: Suite) -> None:
    suite(STRAY + marked(FINE)).assert_outcomes(passed=2)


def test_calls_of_fixtures_count_also_where_they_are_torn_down(suite: Suite) -> None:
    fixture = "\n@pytest.fixture\ndef one():\n    yield\n    name_of('stray')\n"

    result = suite(fixture + marked(FINE).replace("test_fine()", "test_fine(one)"))

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["2 replies of 1 test held to the contract: 1 reply-member-unknown"])


def test_calls_in_threads_count(suite: Suite) -> None:
    body = "\ndef test_it():\n    from threading import Thread\n    one = Thread(target=name_of, args=('stray',))\n"

    suite(marked(body + "    one.start(); one.join()\n")).assert_outcomes(failed=1)


def test_a_test_that_fails_itself_tells_both(suite: Suite) -> None:
    result = suite(marked(STRAY) + "    assert 1 == 2\n")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert 1 == 2", "*botoproof conforms*", "*[[]reply-member-unknown]*"])


def test_calls_of_other_protocols_are_counted_as_not_judged(suite: Suite) -> None:
    result = suite(marked(JSON))

    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(
        [
            "*ContractWarning: conforms: no call was held to its contract: 1 dynamodb (json)",
            "0 replies of 1 test held to the contract: no findings",
            "not judged: 1 dynamodb (json); only the query protocol has a strict codec so far",
        ]
    )


def test_a_marked_test_without_a_call_fails(suite: Suite) -> None:
    result = suite(marked("\ndef test_it(): pass\n"))

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["botoproof: conforms: the test made no call by boto3, so that nothing is shown"])


def test_what_a_plan_strikes_is_not_taken_for_the_service(suite: Suite) -> None:
    body = (
        "\ndef test_it():\n    from botoproof.contract.adapters.hook import inject\n"
        "    with inject(client, 'GetTopicAttributes=close.mid_body'), pytest.raises(Exception):\n"
        "        name_of('one')\n    name_of('one')\n"
    )

    result = suite(marked(body))

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["1 reply of 1 test held to the contract: no findings", "not judged: * changed by a plan of faults; *"]
    )


def test_a_test_under_every_fault_is_held_to_the_contract_in_its_run_without_one(faulty: Faulty) -> None:
    mark = "'importexport.UpdateJob', survives=[RerouteRefused, OutcomeUnknown]"
    faulty.write(mark, "assert mended(endpoint.client(**dict(retries=dict(total_max_attempts=1))), job) is True")

    result = faulty.run("--botoproof-conforms", "--faults=smoke")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["* held to the contract: no findings", "not judged: * changed by a plan of faults*"])


def test_what_botoproof_calls_itself_is_none_of_the_tests_calls(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        "import pytest\n\n@pytest.mark.conforms\ndef test_it(botoproof_endpoint): botoproof_endpoint.job('pending')"
    )

    run().assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("mark", "argument", "message"),
    [
        ("conforms('warn')", "-q", "botoproof: the mark 'conforms' takes no arguments"),
        ("conforms", "--botoproof-conforms=loud", "*--botoproof-conforms: must be warn or fail, got 'loud' (*"),
    ],
)
def test_wrong_use_is_told(suite: Suite, mark: str, argument: str, message: str) -> None:
    result = suite(FINE.replace("def ", f"@pytest.mark.{mark}\ndef ", 1), argument)

    assert result.ret != 0
    assert any(message.strip("*").split("(")[0] in line for line in [*result.outlines, *result.errlines])


def test_an_argument_of_the_mark_is_all_that_a_test_is_told(suite: Suite) -> None:
    result = suite(FINE.replace("def ", "@pytest.mark.conforms('loud')\ndef ", 1))

    result.assert_outcomes(errors=1)
    assert "KeyError" not in result.stdout.str()


@pytest.mark.parametrize("place", ["pytestmark = pytest.mark.conforms", "@pytest.mark.conforms\nclass TestIt:"])
def test_a_mark_on_a_class_or_a_module_counts(pytester: pytest.Pytester, run: Run, place: str) -> None:
    body = "    def test_it(self): pass" if "class" in place else "def test_it(): pass"
    pytester.makepyfile(f"import pytest\n{place}\n{body}")

    run().assert_outcomes(failed=1)


@pytest.mark.parametrize("line", ["conforms: to our own rules", "conforms(level): to our own rules", "conforms"])
def test_a_mark_that_the_project_registers_itself_is_left_alone(pytester: pytest.Pytester, run: Run, line: str) -> None:
    pytester.makeini(f"[pytest]\nmarkers =\n    {line}\n")
    pytester.makepyfile("import pytest\n\n@pytest.mark.conforms\ndef test_it(): pass")

    run("--strict-markers").assert_outcomes(passed=1)


def test_botocore_is_left_as_it_was(suite: Suite) -> None:
    from botocore.endpoint import Endpoint

    before = Endpoint.__dict__["_do_get_response"]
    suite(marked(FINE))

    assert Endpoint.__dict__["_do_get_response"] is before


def test_the_example_of_the_page_does_what_the_page_shows(pytester: pytest.Pytester, run: Run) -> None:
    page = (Path(__file__).parents[2] / "docs" / "conforms.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)
    pytester.makepyfile(test_it=example)

    result = run("--strict-markers")

    result.assert_outcomes(passed=1)
    assert shown in result.outlines


def test_the_page_tells_of_the_option_and_its_levels() -> None:
    page = (Path(__file__).parents[2] / "docs" / "conforms.md").read_text(encoding="utf-8")

    assert [level for level in LEVELS if f"={level}" not in page] == []
    assert f"`{ContractWarning.__module__}.{ContractWarning.__name__}`" in page
