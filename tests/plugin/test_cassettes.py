"""Recordings in a project's tests: made, played, and missed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from botoproof.contract.interaction import Request

from .conftest import Run
from .topics import MARKED, RECORD, Project, answer, recorded

SWALLOWS = """
@pytest.mark.cassette
def test_name():
    assert name_of("one") == "one"
    assert name_of("two", make()) == "two"
    try:
        name_of("three")
    except Exception:
        pass
"""


def test_what_was_recorded_is_played_with_the_server_gone(away: Project) -> None:
    recorded(away, MARKED)

    result = away.run()

    result.assert_outcomes(passed=1)
    assert away.files() == ["test_name.yaml"]
    assert away.topics("test_name.yaml") == ["one", "two"]
    assert "recordings" not in result.stdout.str()


def test_a_recording_tells_where_it_comes_from_and_no_secret(away: Project) -> None:
    recorded(away, MARKED)

    text = (away.folder / "test_name.yaml").read_text(encoding="utf-8")

    assert "# kind: emulator\n# host: 127.0.0.1\n# service: sns\n# sdk: botocore " in text
    assert "AKIA" not in text
    assert "Authorization" not in text


def test_a_session_that_records_tells_what(project: Project) -> None:
    project.write(MARKED + "\n@pytest.mark.cassette\ndef test_none(): pass")

    result = project.run(RECORD)

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [
            "*= recordings (botoproof) =*",
            "*/test_name.yaml: 2 interactions recorded, 2 in the file (test_topics.py::test_name)",
            "*/test_none.yaml: not written, as no call was made (test_topics.py::test_none)",
        ]
    )
    assert project.files() == ["test_name.yaml"]


def test_a_test_that_fails_leaves_its_old_recording_as_it_was(project: Project) -> None:
    project.write(MARKED)
    project.run(RECORD)
    project.write(MARKED.replace('"two"', '"three"') + "    assert False")

    result = project.run(RECORD)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*/test_name.yaml: not written, as it did not pass (test_topics.py::test_name)"])
    assert project.topics("test_name.yaml") == ["one", "two"]


def test_a_host_that_was_not_named_is_not_recorded(project: Project) -> None:
    project.write(MARKED)

    result = project.run("--botoproof-record=*.amazonaws.com")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*a request to 127.0.0.1:* was not sent: only *.amazonaws.com may be recorded*"])
    assert project.files() == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([RECORD, "-n", "2"], "--botoproof-record writes files in one process only; leave out -n"),
        (["--botoproof-record="], "--botoproof-record needs a host that may be recorded*"),
    ],
)
def test_a_wrong_wish_to_record_stops_everything(project: Project, arguments: list[str], told: str) -> None:
    project.write(MARKED)

    result = project.run(*arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {told}"])


def test_a_test_without_recording_says_how_to_make_one(away: Project) -> None:
    recorded(away, MARKED)
    away.write(MARKED.replace("test_name", "test_names"))

    result = away.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "botoproof: there is no recording */test_names.yaml (there is test_name.yaml). To record it: "
            'pytest --botoproof-record=HOST "test_topics.py::test_names"'
        ]
    )
    result.stdout.no_fnmatch_line("During handling of*")


def test_a_miss_fails_the_test_that_swallows_it(away: Project) -> None:
    recorded(away, MARKED)
    away.write(SWALLOWS)

    result = away.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "botoproof: the test swallowed a call that was not recorded:",
            "POST / (GetTopicAttributes) is not among the 2 interactions in */test_name.yaml. The nearest is number *; "
            "it differs in TopicArn: asked for 'three', recorded *",
        ]
    )


def test_secrets_of_a_client_are_not_recorded(project: Project) -> None:
    keys = '"AKIAIOSFODNN7EXAMPLE", "a-secret-key-of-mine", "a-session-token-of-mine"'
    project.write(
        "\noptions = dict(region_name='us-east-1', endpoint_url=client.meta.endpoint_url)\n"
        "@pytest.mark.cassette\ndef test_name():\n"
        f"    for name in ('a-secret-key-of-mine', 'a-session-token-of-mine'):\n"
        f"        name_of(name, boto3.Session({keys}).client('sns', **options))\n"
    )

    project.run(RECORD).assert_outcomes(passed=1)

    text = Path(project.folder / "test_name.yaml").read_text(encoding="utf-8")
    assert "of-mine" not in text
    assert ("TopicArn: <secret-key:1>" in text, "TopicArn: <token:1>" in text) == (True, True)


def test_secrets_of_the_environment_are_not_recorded(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a-token-of-the-environment")
    project.write('\n@pytest.mark.cassette\ndef test_name(): name_of("a-token-of-the-environment")\n')

    project.run(RECORD).assert_outcomes(passed=1)

    assert "of-the-environment" not in (project.folder / "test_name.yaml").read_text(encoding="utf-8")


CREDENTIALS = """
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

@pytest.mark.cassette
def test_name(cassette):
    if cassette.recording:
        assert URLLib3Session().send(AWSRequest("GET", URL).prepare()).status_code == 500
    name_of("one")
"""


def test_what_is_sent_to_find_credentials_is_not_recorded(project: Project) -> None:
    project.write(CREDENTIALS.replace("URL)", "client.meta.endpoint_url)"))

    project.run(RECORD).assert_outcomes(passed=1)

    assert project.topics("test_name.yaml") == ["one"]


def test_only_the_parameter_that_bears_the_mark_is_played(away: Project) -> None:
    body = """
@pytest.mark.parametrize("topic", [pytest.param("marked", marks=pytest.mark.cassette), "plain"])
def test_it(topic, request):
    if topic == "marked":
        assert name_of(topic) == topic
    else:
        assert "botoproof_cassette" not in request.fixturenames
"""
    recorded(away, body, number=2)

    away.run().assert_outcomes(passed=2)

    assert away.files() == ["test_it[marked].yaml"]


def test_fixtures_of_the_test_are_played_too_and_those_that_live_longer_are_not(away: Project) -> None:
    body = """
@pytest.fixture(scope="module")
def longer(): from botocore.httpsession import URLLib3Session; return URLLib3Session.send.__name__

@pytest.fixture
def first(): return name_of("first")

@pytest.mark.cassette
def test_it(first, longer): assert (first, longer) == ("first", "send")
"""
    recorded(away, body)

    away.run().assert_outcomes(passed=1)


def test_the_fixture_tells_what_was_played(away: Project) -> None:
    body = """
def test_it(cassette):
    name_of("a")
    assert cassette.path.name == "test_it.yaml"
    assert cassette.recording or (cassette.hits, cassette.misses, len(cassette.unplayed())) == (1, (), 1)
    name_of("b")
"""
    recorded(away, body)

    away.run().assert_outcomes(passed=1)


THREADS = """
from concurrent.futures import ThreadPoolExecutor

@pytest.mark.cassette
def test_name():
    names = [f"n{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(name_of, names)) == names
"""


def test_threads_are_recorded_and_played(away: Project) -> None:
    recorded(away, THREADS)

    away.run("--botoproof-unplayed=fail").assert_outcomes(passed=1)

    assert len(away.topics("test_name.yaml")) == 40


def test_what_others_recorded_is_played_under_the_name_that_pytest_recording_gave_it(away: Project) -> None:
    away.write('\n@pytest.mark.parametrize("topic", ["a/b"])\n@pytest.mark.cassette\ndef test_it(topic):'
               '\n    assert name_of(topic) == "kept"\n')  # fmt: skip
    body = answer(Request("POST", "http://h/", (), b"TopicArn=kept"), datetime.now(UTC)).body.decode()
    away.folder.mkdir(parents=True)
    (away.folder / "test_it[a-b].yaml").write_text(OTHERS.replace("BODY", body), encoding="utf-8")

    away.run().assert_outcomes(passed=1)


OTHERS = """interactions:
- request:
    body: Action=GetTopicAttributes&Version=2010-03-31&TopicArn=a%2Fb
    headers:
      Authorization: [!!binary QVdTNC1ITUFDLVNIQTI1NiBDcmVkZW50aWFsPUFLSUE=]
      Content-Type: [application/x-www-form-urlencoded; charset=utf-8]
    method: POST
    uri: https://sns.us-east-1.amazonaws.com/
  response:
    body: {string: 'BODY'}
    headers: {Content-Type: [text/xml]}
    status: {code: 200, message: OK}
version: 1
"""


def test_a_mark_of_that_name_which_is_the_projects_own_is_left_alone(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makeini("[pytest]\nmarkers =\n    cassette: our own tapes\n")
    pytester.makepyfile("import pytest\n\n@pytest.mark.cassette\ndef test_it(): pass")

    run("--strict-markers").assert_outcomes(passed=1)


def test_a_file_that_cannot_be_read_is_told_in_one_paragraph(away: Project) -> None:
    away.write(MARKED)
    away.folder.mkdir(parents=True)
    Path(away.folder / "test_name.yaml").write_text("interactions: [", encoding="utf-8")

    result = away.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["botoproof: */test_name.yaml:*: it was cut short, or is not YAML as vcrpy writes it*"])


IN_A_THREAD = """
from threading import Thread

@pytest.mark.cassette
def test_name():
    thread = Thread(target=name_of, args=("one",))
    thread.start()
    thread.join()
"""


@pytest.mark.parametrize("body", [MARKED, SWALLOWS, IN_A_THREAD])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_file_that_turns_out_to_be_broken_fails_the_test_in_one_paragraph(away: Project, body: str) -> None:
    recorded(away, MARKED)
    away.write(body)
    file = away.folder / "test_name.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("code: 200", "code: [200"), encoding="utf-8")

    result = away.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["botoproof: */test_name.yaml:*: it was cut short, or is not YAML as vcrpy writes it*"])
    result.stdout.no_fnmatch_line("*cassettes/format.py*")
