"""Every decision about recordings is a fixture that a project can redefine."""

from __future__ import annotations

import re
from pathlib import Path

import botoproof.ci.plugin.cassette
import pytest
from botoproof.contract.adapters.server import Server
from botoproof.contract.interaction import Reply

from .topics import MARKED, RECORD, Project, recorded

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


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        ("'fail'", {"failed": 1}),
        ("'raise'", {"passed": 1}),
        ("'skip'", {"skipped": 1}),
        ("lambda request: ANSWER", {"passed": 1}),
        ("lambda request: None", {"passed": 1}),
        ("'never'", {"errors": 1}),
    ],
)
def test_what_a_miss_means_is_the_projects_decision(away: Project, policy: str, outcome: dict[str, int]) -> None:
    recorded(away, MARKED)
    fixture = f"@pytest.fixture\ndef botoproof_cassette_miss(): return {policy}"
    imports = "from botoproof.contract.interaction import Reply\nANSWER = Reply(200, (), b'<a/>')\n"
    away.write(SWALLOWS, fixtures=imports + fixture)

    result = away.run()

    result.assert_outcomes(**outcome)
    if "ANSWER" in policy:
        result.stdout.fnmatch_lines(["*/test_name.yaml: botoproof_cassette_miss answered 1 calls (*::test_name)"])


FIXTURES = {
    "folder": "import pathlib\n@pytest.fixture\ndef botoproof_cassette_folder(): return pathlib.Path('kept').resolve()",
    "name": "@pytest.fixture\ndef botoproof_cassette_name(request): return 'my-' + request.node.name",
}


def test_folder_and_name_are_the_projects_decisions(away: Project) -> None:
    recorded(away, MARKED, fixtures="\n".join(FIXTURES.values()))

    away.run().assert_outcomes(passed=1)

    assert [path.name for path in (away.pytester.path / "kept").iterdir()] == ["my-test_name.yaml"]


TWICE = MARKED + '    assert name_of("one") == "one"\n'


@pytest.mark.parametrize(
    ("fixture", "body", "told"),
    [
        ("botoproof_cassette_repeats(): return False", TWICE, "*was recorded once in *repeats are off*"),
        (
            "botoproof_cassette_in_order(): return True",
            '\n@pytest.mark.cassette\ndef test_name():\n    name_of("two")\n',
            "*came where POST / (GetTopicAttributes) was next (number 1 of the 2 interactions*",
        ),
    ],
)
def test_repeats_and_order_are_the_projects_decisions(away: Project, fixture: str, body: str, told: str) -> None:
    recorded(away, MARKED)
    away.write(body, fixtures=f"@pytest.fixture\ndef {fixture}")

    result = away.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([told])


def test_the_last_answer_repeats_unless_the_project_decides_otherwise(away: Project) -> None:
    recorded(away, MARKED)
    away.write(TWICE)

    away.run().assert_outcomes(passed=1)


def test_what_does_not_matter_is_the_projects_decision(away: Project) -> None:
    recorded(away, MARKED)
    fixture = """
from botoproof.cassettes.matching import without_fields

@pytest.fixture
def botoproof_cassette_match(): return without_fields("TopicArn")
"""
    away.write('\n@pytest.mark.cassette\ndef test_name():\n    assert name_of("new") == "one"\n', fixtures=fixture)

    away.run("--botoproof-unplayed=ignore").assert_outcomes(passed=1)


def test_what_is_scrubbed_is_the_projects_decision(project: Project) -> None:
    fixture = """
from botoproof.cassettes.sensitive import ScrubRules

@pytest.fixture
def botoproof_cassette_scrub(): return ScrubRules(secrets=frozenset({"known-to-be-secret"}))
"""
    project.write('\n@pytest.mark.cassette\ndef test_name(): name_of("known-to-be-secret")\n', fixtures=fixture)

    project.run(RECORD).assert_outcomes(passed=1)

    assert "known-to-be-secret" not in (project.folder / "test_name.yaml").read_text(encoding="utf-8")


REACHES = """
import socket, urllib.request

@pytest.mark.cassette
def test_name(cassette):
    assert name_of("one") == "one"
    if not cassette.recording:
        urllib.request.urlopen("{elsewhere}")
"""


def test_the_network_is_refused_but_to_hosts_that_the_project_names(away: Project, pytester: pytest.Pytester) -> None:
    with Server(lambda request, now: Reply(200, (), b"")) as elsewhere:
        body = REACHES.replace("{elsewhere}", elsewhere.url)
        recorded(away, body)

        refused = away.run()
        away.write(body, fixtures="@pytest.fixture\ndef botoproof_cassette_hosts(): return ['127.0.0.1']")
        allowed = away.run()

        body = REACHES.replace("{elsewhere}", elsewhere.url.replace("127.0.0.1", "localhost"))
        away.write(body, fixtures="@pytest.fixture\ndef botoproof_cassette_hosts(): return ['localhost']")
        by_name = away.run()

    by_name.assert_outcomes(passed=1)
    refused.assert_outcomes(failed=1)
    refused.stdout.fnmatch_lines(["*a connection to 127.0.0.1:* was refused, since the test is answered from a*"])
    allowed.assert_outcomes(passed=1)


HELD = "@pytest.fixture\ndef botoproof_cassette_contract(): return True"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("Topix", "number 2: sns.GetTopicAttributes*: * [[]reply-*"),
        ("Topic", None),
    ],
)
def test_a_recording_is_held_to_the_contract_where_the_project_says_so(
    away: Project, wrong: str, told: str | None
) -> None:
    recorded(away, MARKED, fixtures=HELD)
    file = away.folder / "test_name.yaml"
    first, second, third = file.read_text(encoding="utf-8").split("- request:")
    third = third.replace("GetTopicAttributesResult>", f"Get{wrong}AttributesResult>")
    file.write_text("- request:".join((first, second, third)), encoding="utf-8")

    result = away.run()

    result.assert_outcomes(errors=1 if told else 0, passed=0 if told else 1)
    if told:
        result.stdout.fnmatch_lines(
            ["botoproof: */test_name.yaml departs from its contract in *", "it is sns of 127.0.0.1 (an emulator*", told]
        )


def test_what_cannot_be_held_to_a_contract_is_told(away: Project) -> None:
    recorded(away, MARKED, fixtures=HELD)
    file = away.folder / "test_name.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("# service: sns", "# service: none"), encoding="utf-8")

    result = away.run()

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*/test_name.yaml: 2 interactions were not held to a contract (number 1: neither *"])


def test_the_page_tells_of_every_fixture_that_decides_something() -> None:
    page = (Path(__file__).parents[2] / "docs" / "recordings-in-tests.md").read_text(encoding="utf-8")
    fixtures = {name for name in vars(botoproof.ci.plugin.cassette) if name.startswith("botoproof_cassette_")}

    assert set(re.findall(r"^\| `(botoproof_\w+)`", page, re.MULTILINE)) == fixtures
