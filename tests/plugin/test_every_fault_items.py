"""The items of tests that are marked every_fault: real ones, for every way in which pytest chooses and runs items."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from botoproof.ci.report.reading import schema_of
from jsonschema import Draft202012Validator

from .faulty import NEVER_AGAIN, Faulty

BOTH = '"importexport.UpdateJob", survives=[RerouteRefused, OutcomeUnknown]'
MENDED = "assert mended(endpoint.client(), job) is True"
TEXTBOOK = "assert textbook(endpoint.client(), job) is True"
TWO_CALLS = "assert mended(endpoint.client(), job) and endpoint.client().list_jobs()"


def ids(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if "::" in line and " " not in line]


def test_the_items_are_every_documented_error_and_what_the_caller_can_tell_apart(faulty: Faulty) -> None:
    faulty.write(BOTH, MENDED)

    first, again = ids(faulty.run("--collect-only", "-q")), ids(faulty.run("--collect-only", "-q"))

    assert first == again
    assert first[0] == "test_ship.py::test_it[no-fault]"
    assert len([one for one in first if "#0:error(" in one and one.endswith("Exception):always]")]) == 18
    assert "test_ship.py::test_it[UpdateJob#0:response_lost:once]" in first
    assert "test_ship.py::test_it[UpdateJob#0:close.mid_body:always]" in first
    assert len(first) == len(set(first))


@pytest.mark.parametrize(
    ("level", "least", "most"),
    [("smoke", 8, 9), ("ci", 40, 60), pytest.param("full", 250, 600, marks=pytest.mark.slow)],
)
def test_the_level_says_how_many(faulty: Faulty, level: str, least: int, most: int) -> None:
    faulty.write(BOTH, MENDED)

    assert least <= len(ids(faulty.run("--collect-only", "-q", f"--faults={level}"))) <= most


def test_an_item_is_chosen_by_its_id_and_by_words_of_it(faulty: Faulty) -> None:
    faulty.write(BOTH, MENDED)

    by_id = faulty.run("test_ship.py::test_it[UpdateJob#0:close.mid_headers:always]")
    by_words = faulty.run("-k", "mid_headers and always")

    by_id.assert_outcomes(passed=1)
    by_words.assert_outcomes(passed=1, deselected=len(ids(faulty.run("--collect-only", "-q"))) - 1)


def test_lf_runs_what_failed(faulty: Faulty) -> None:
    faulty.write(BOTH, TEXTBOOK)
    failed = faulty.run("--faults=smoke", cache=True).parseoutcomes()["failed"]

    result = faulty.run("--faults=smoke", "--lf", cache=True)

    assert failed
    assert result.parseoutcomes()["failed"] == failed
    assert "passed" not in result.parseoutcomes()


def test_x_stops_at_the_first_fault_that_is_not_survived(faulty: Faulty) -> None:
    faulty.write(BOTH, TEXTBOOK)

    result = faulty.run("-x")

    assert result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines(["*again: pytest *", "*every fault (botoproof)*", "*1 NOT*"])


@pytest.mark.slow
def test_workers_share_the_items_and_the_summary_is_one(faulty: Faulty) -> None:
    faulty.write(BOTH, TEXTBOOK, TWO_CALLS)
    alone = faulty.run("--faults=smoke").parseoutcomes()
    # A worker has seen a part only, and must leave the cache to the process that has all.
    faulty.pytester.makeconftest(
        """
        import pytest

        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(session):
            if hasattr(session.config, "workerinput") and session.config.cache.get("botoproof/faults", None):
                session.config.rootpath.joinpath("early").touch()
        """
    )

    result = faulty.run("--faults=smoke", "-n", "2", cache=True)

    result.stdout.fnmatch_lines(["*discovered 2 calls (UpdateJob#1, ListJobs#0); run again for their faults"])
    assert {word: result.parseoutcomes()[word] for word in alone} == alone
    assert "ListJobs#0" in faulty.run("--collect-only", "-q", cache=True).stdout.str()
    assert not faulty.pytester.path.joinpath("early").exists()


def test_a_parametrised_test_has_the_faults_of_its_own_calls(faulty: Faulty) -> None:
    faulty.pytester.makepyfile(
        test_ship="""
        import pytest
        from shipping import *

        @pytest.mark.parametrize("lists", [True, False])
        @pytest.mark.every_fault
        def test_it(botoproof_endpoint, lists):
            client = botoproof_endpoint.client()
            assert client.list_jobs() if lists else client.get_status(JobId=botoproof_endpoint.job("pending"))
        """
    )
    first = faulty.run(cache=True)
    assert first.parseoutcomes() == {"passed": 2}

    found = ids(faulty.run("--collect-only", "-q", cache=True))

    assert {re.sub(r".*\[(\w+)-(no-fault|\w+).*", r"\1 \2", one) for one in found} == {
        "True no-fault",
        "True ListJobs",
        "False no-fault",
        "False GetStatus",
    }


def test_a_test_without_an_operation_is_struck_at_what_it_was_seen_to_call(faulty: Faulty) -> None:
    faulty.write("survives=[RerouteRefused, OutcomeUnknown]", TWO_CALLS)

    first, second = faulty.run("--faults=smoke", cache=True), faulty.run("--faults=smoke", cache=True)

    first.assert_outcomes(passed=1)
    first.stdout.fnmatch_lines(["*discovered 2 calls (UpdateJob#0, ListJobs#0); run again for their faults"])
    second.stdout.fnmatch_lines(["*: 2 calls, 14 faults: *", "  importexport.ListJobs#0 at test_ship.py:*"])
    second.stdout.no_fnmatch_line("*discovered*")


def test_what_was_seen_is_forgotten_when_the_test_is_another(faulty: Faulty) -> None:
    faulty.write("", "endpoint.client().list_jobs()")
    faulty.run(cache=True)
    faulty.write("", "endpoint.client().get_status(JobId=job)")

    assert ids(faulty.run("--collect-only", "-q", cache=True)) == ["test_ship.py::test_it[no-fault]"]


def test_without_a_cache_a_discovery_says_what_to_do(faulty: Faulty) -> None:
    faulty.write("", "endpoint.client().list_jobs()")

    result = faulty.run()

    result.stdout.fnmatch_lines(["*discovered 1 call (ListJobs#0); pytest's cache is off*name the operations*"])


def test_a_call_that_is_only_made_under_a_fault_is_struck_too(faulty: Faulty) -> None:
    faulty.write("survives='ClientError'", "assert asking(endpoint.client(), job)")
    faulty.run("--faults=smoke", cache=True)
    faulty.run("--faults=smoke", cache=True)

    found = ids(faulty.run("--collect-only", "-q", "--faults=smoke", cache=True))

    pairs = [one for one in found if "+" in one]
    assert len(pairs) == 7
    assert all(re.search(r"\[UpdateJob#0:[^+]*\+GetStatus#0:", one) for one in pairs)
    assert not any(one.count("+") > 1 for one in found)


def test_classes_and_fixtures_of_all_scopes_work_as_without_the_mark(faulty: Faulty) -> None:
    scopes = "".join(
        f"""
@pytest.fixture(scope="{scope}")
def of_{scope}():
    SEEN.append("{scope}")
    yield
    SEEN.append("-{scope}")
"""
        for scope in ("session", "module", "class", "function")
    )
    faulty.pytester.makepyfile(
        test_ship=f"""import pytest
from shipping import *
SEEN = []
{scopes}
@pytest.mark.every_fault({BOTH})
class TestIt:
    @pytest.fixture(autouse=True)
    def prepared(self):
        self.ready = True

    def test_it(self, of_function, of_class, of_module, of_session, botoproof_endpoint):
        assert self.ready
        assert mended(botoproof_endpoint.client({NEVER_AGAIN}), botoproof_endpoint.job("pending"))

def test_how_often():
    print("seen", *[(one, SEEN.count(one)) for one in dict.fromkeys(SEEN)])
"""
    )

    result = faulty.run("--faults=smoke", "-s")

    result.assert_outcomes(passed=9)
    result.stdout.fnmatch_lines(
        ["*seen ('session', 1) ('module', 1) ('class', 1) ('function', 8) ('-function', 8) ('-class', 1)"]
    )


def test_set_up_and_tear_down_are_left_alone(faulty: Faulty) -> None:
    faulty.write(
        f"{BOTH}, idempotent='UpdateJob'",
        MENDED,
        before="@pytest.fixture(autouse=True)\ndef around(botoproof_endpoint):\n"
        "    update(botoproof_endpoint.client(), botoproof_endpoint.job('pending'))\n    yield\n"
        "    update(botoproof_endpoint.client(), botoproof_endpoint.job('pending'))\n",
    )

    result = faulty.run("--fault=UpdateJob:error(InvalidJobIdException)")

    result.assert_outcomes(passed=2)


def test_what_botoproof_calls_to_prepare_something_is_no_call_of_the_test(faulty: Faulty) -> None:
    faulty.write("", "endpoint.job('cancelled')", "endpoint.client().list_jobs()")

    result = faulty.run(cache=True)

    result.stdout.fnmatch_lines(["*discovered 1 call (ListJobs#0)*"])


def test_a_client_that_was_made_when_the_module_was_imported_is_struck(faulty: Faulty) -> None:
    faulty.write(
        '"importexport.ListJobs"',
        "made.list_jobs()",
        before="import boto3\nmade = boto3.client('importexport', region_name='us-east-1', "
        "endpoint_url='http://127.0.0.1:9', aws_access_key_id='AKIAIOSFODNN7EXAMPLE', aws_secret_access_key='x',\n"
        "    config=__import__('botocore').config.Config(retries={'total_max_attempts': 1}))\n"
        "@pytest.fixture(autouse=True)\ndef wired(botoproof_endpoint):\n"
        "    made.meta.events.register('before-send', answer)\n"
        "def answer(request, **_):\n    from botocore.awsrequest import AWSResponse\n"
        "    import io\n    class Raw(io.BytesIO):\n        stream = lambda self, **_: iter([self.getvalue()])\n"
        "    body = b'<ListJobsResponse><ListJobsResult/></ListJobsResponse>'\n"
        "    return AWSResponse(request.url, 200, {}, Raw(body))\n",
    )

    result = faulty.run("--fault=ListJobs:dns")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*EndpointConnectionError, a BotoCoreError*"])


def test_calls_of_other_threads_are_told_apart_by_the_function_that_makes_them(faulty: Faulty) -> None:
    faulty.write(
        "survives=Exception",
        "client = endpoint.client()",
        "import threading",
        "def listing(): client.list_jobs()",
        "threads = [threading.Thread(target=listing) for _ in range(2)]",
        "[thread.start() for thread in threads]",
        "[thread.join() for thread in threads]",
        "client.list_jobs()",
    )
    first = faulty.run("--faults=smoke", cache=True)

    found = ids(faulty.run("--collect-only", "-q", "--faults=smoke", cache=True))

    first.stdout.fnmatch_lines(["*calls came from several threads: *their numbers may differ*"])
    assert {re.sub(r".*\[([^:\]]*).*", r"\1", one) for one in found} == {
        "no-fault",
        "ListJobs#0",
        "ListJobs@test_it.listing#0",
        "ListJobs@test_it.listing#1",
    }


def test_a_loop_is_struck_at_its_first_a_middle_and_its_last_turn(faulty: Faulty) -> None:
    faulty.write("survives=Exception", "client = endpoint.client()", "for _ in range(9): client.list_jobs()")
    faulty.run("--faults=smoke", cache=True)

    result = faulty.run("--faults=smoke", cache=True)

    result.stdout.fnmatch_lines(["*: 3 calls, 21 faults: * 42 folded", "  folded 42: turns of a loop*"])
    found = faulty.run("--collect-only", "-q", "--faults=smoke", cache=True).stdout.str()
    assert set(re.findall(r"ListJobs#(\d+)", found)) == {"0", "4", "8"}


@pytest.mark.slow
def test_one_test_stands_for_another_that_strikes_the_same_code(faulty: Faulty) -> None:
    another = "def test_another(botoproof_endpoint):\n    job = botoproof_endpoint.job('pending')\n"
    another += "    assert mended(botoproof_endpoint.client(retries=dict(total_max_attempts=1)), job) is True\n"
    faulty.write(BOTH, MENDED, after=f"@pytest.mark.every_fault({BOTH})\n{another}")
    faulty.run("--faults=smoke", cache=True)

    folded = faulty.run("--faults=smoke", cache=True)

    assert len(ids(faulty.run("--collect-only", "-q", "--faults=smoke", cache=True))) == 8 + 1
    folded.stdout.fnmatch_lines(["test_ship.py::test_it: 0 calls, 0 faults: * 7 folded", "  folded 7: another test *"])
    assert len(ids(faulty.run("--collect-only", "-q", "--faults=smoke", "-k", "test_it", cache=True))) == 8
    full = ids(faulty.run("--collect-only", "-q", "--faults=full", cache=True))
    assert len([one for one in full if "test_it" in one]) == len([one for one in full if "test_another" in one]) > 100


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


def test_the_report_holds_what_came_of_every_fault(faulty: Faulty) -> None:
    faulty.write(BOTH, TEXTBOOK)

    faulty.run("--faults=smoke", "--faults-report=report.json")

    report = json.loads(Path("report.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema_of("botoproof/faults/1")).validate(report)
    assert (report["schema"], report["level"]) == ("botoproof/faults/1", "smoke")
    [test] = report["tests"]
    assert (test["test"], test["no-fault"], test["calls"]) == (
        "test_ship.py::test_it",
        "passed",
        ["importexport.UpdateJob#0"],
    )
    assert len(test["faults"]) == sum(report["verdicts"].values()) == 7
    lost = next(one for one in test["faults"] if one["fault"] == "response_lost:once")
    assert lost["findings"][0]["code"] == "fault-effect-duplicated"
    assert lost["site"].startswith("shipping.py:")
    assert lost["replay"] == (
        'pytest "test_ship.py::test_it[UpdateJob#0:response_lost:once]" --fault "UpdateJob#0:response_lost:once"'
    )


def test_the_report_names_what_was_folded_and_which_fault_stands_for_it(faulty: Faulty) -> None:
    faulty.write(BOTH, MENDED)

    faulty.run("-k", "connect", "--faults-report=report.json")
    faulty.run("--fault=UpdateJob:connect.refused:once", "--faults-report=wish.json")

    (test,) = json.loads(Path("report.json").read_text(encoding="utf-8"))["tests"]
    into = test["folded_into"]
    assert len(into) == sum(test["folded"].values()) > 30
    assert into["UpdateJob#0:dns:once"] == "UpdateJob#0:connect.refused:once"
    assert not set(into) & set(into.values())
    (test,) = json.loads(Path("wish.json").read_text(encoding="utf-8"))["tests"]
    assert test["folded_into"] == {}, "where one fault is asked for, none is folded"


def test_the_report_is_written_in_as_many_forms_as_are_asked_for(faulty: Faulty) -> None:
    faulty.write(BOTH, TEXTBOOK)
    wishes = [f"--faults-report={name}" for name in ("html=page.html", "sarif=s.sarif", "markdown=m.md")]

    result = faulty.run("--fault=UpdateJob:response_lost", *wishes)

    result.assert_outcomes(passed=1, failed=1)
    (run,) = json.loads(Path("s.sarif").read_text(encoding="utf-8"))["runs"]
    assert {one["ruleId"] for one in run["results"]} == {"fault-effect-duplicated", "fault-unknown-as-failure"}
    places = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]}
    assert places == {"shipping.py"}
    assert "fault-effect-duplicated" in Path("m.md").read_text(encoding="utf-8")
    assert "fault-effect-duplicated" in Path("page.html").read_text(encoding="utf-8")


def test_a_report_that_could_not_be_written_is_told_and_the_session_is_not_green(faulty: Faulty) -> None:
    faulty.write(BOTH, f"import shutil; shutil.rmtree('folder', ignore_errors=True); {MENDED}")
    Path("folder").mkdir()

    result = faulty.run("--fault=UpdateJob:result.false", "--faults-report=html=folder/page.html")

    result.stdout.fnmatch_lines(["botoproof: the html report could not be written to *page.html: No such file*"])
    assert result.ret == pytest.ExitCode.INTERNAL_ERROR


def test_the_command_that_runs_a_failure_again_shows_the_code_s_own_traceback(faulty: Faulty) -> None:
    faulty.write(BOTH, TEXTBOOK)

    result = faulty.run(
        "test_ship.py::test_it[UpdateJob#0:close.mid_headers:always]", "--fault=UpdateJob#0:close.mid_headers:always"
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*reply = client.update_job(*", "*botocore.parsers.ResponseParserError*"])


def test_invariants_of_the_project_are_held_with_and_without_faults(faulty: Faulty) -> None:
    faulty.pytester.makeconftest(
        """
        import pytest

        @pytest.fixture
        def botoproof_invariants(botoproof_endpoint):
            def at_most_one_attempt(faults):
                assert all(len(call.attempts) == 1 for call in faults.journal), faults.injected
            return [at_most_one_attempt]
        """
    )
    faulty.write(BOTH, MENDED)

    result = faulty.run("--fault=UpdateJob:connect.refused")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*got: AssertionError: InjectedFault(*", "*at_most_one_attempt*"])


def test_something_else_than_invariants_is_refused(faulty: Faulty) -> None:
    faulty.pytester.makeconftest("import pytest\n\n@pytest.fixture\ndef botoproof_invariants(): return [3]")
    faulty.write(BOTH, MENDED)

    result = faulty.run("--fault=UpdateJob:dns")

    result.assert_outcomes(errors=1, skipped=1)
    result.stdout.fnmatch_lines(["botoproof: botoproof_invariants must return functions*, got [[]3]"])


def test_a_project_may_have_tests_in_a_package_called_contract(faulty: Faulty) -> None:
    folder = faulty.pytester.mkpydir("contract")
    (folder / "test_own.py").write_text(
        "import pytest\n@pytest.mark.every_fault('importexport.ListJobs', survives=Exception)\n"
        "def test_it(botoproof_endpoint): botoproof_endpoint.client().list_jobs()",
        encoding="utf-8",
    )

    faulty.run("--faults=smoke").assert_outcomes(passed=8)


def test_a_test_without_the_mark_can_ask_and_nothing_was_injected(faulty: Faulty) -> None:
    faulty.pytester.makepyfile("def test_it(faults): assert (faults.injected, faults.journal) == (None, ())")

    faulty.run().assert_outcomes(passed=1)


def test_what_was_injected_is_told_to_the_test(faulty: Faulty) -> None:
    faulty.write(
        BOTH,
        "one = faults.injected",
        "if one: print('told', one.name, one.code, one.modifier, one.call, one)",
        "mended(endpoint.client(), job)",
        "assert [call.operation for call in faults.journal] == ['UpdateJob']",
    )

    result = faulty.run("-s", "--fault=UpdateJob:error(InvalidJobIdException)")

    result.stdout.fnmatch_lines(
        ["*told error InvalidJobIdException always UpdateJob#0 UpdateJob#0:error(InvalidJobIdException):always"]
    )


def test_a_fault_that_would_never_end_is_skipped_and_counted(faulty: Faulty) -> None:
    faulty.write(BOTH, "assert mended(endpoint.client(read_timeout=None), job) is True")

    result = faulty.run("--fault=UpdateJob:timeout.read", "-rs")

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*0 survived, 0 NOT, 1 not struck", "*cannot strike here*never end*"])


def test_a_test_that_is_answered_from_a_recording_is_struck(faulty: Faulty) -> None:
    faulty.pytester.makepyfile(
        test_ship="""
        import boto3, pytest

        @pytest.mark.cassette("one")
        @pytest.mark.every_fault("importexport.ListJobs")
        def test_it():
            boto3.client("importexport", region_name="us-east-1", aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
                aws_secret_access_key="x").list_jobs()
        """
    )
    folder = faulty.pytester.mkdir("cassettes") / "test_ship"
    folder.mkdir()
    (folder / "one.yaml").write_text(
        """version: 1
interactions:
- request:
    method: POST
    uri: https://importexport.amazonaws.com/
    body: Action=ListJobs&Version=2010-06-01
    headers: {}
  response:
    status: {code: 200, message: OK}
    headers: {}
    body: {string: "<ListJobsResponse><ListJobsResult/></ListJobsResponse>"}
""",
        encoding="utf-8",
    )

    lost = faulty.run("--fault=ListJobs:response_lost:once")
    refused = faulty.run("--fault=ListJobs:error(InvalidParameterException)")

    lost.assert_outcomes(passed=2)
    refused.assert_outcomes(passed=1, failed=1)
