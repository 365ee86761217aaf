"""The items of tests that are marked every_fault: real ones, for every way in which pytest chooses and runs items."""

from __future__ import annotations

import re

import pytest

from .faulty import BOTH, MENDED, NEVER_AGAIN, TEXTBOOK, TWO_CALLS, Faulty


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
