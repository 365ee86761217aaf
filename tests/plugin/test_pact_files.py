"""Where `--botoproof-pact` writes: files, folders, names, several processes, and what cannot be written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .run import Run
from .shop import CANCEL, GONE, PROJECT, STATUS, TOPIC, Recorded


def test_several_services_are_a_file_each_in_a_folder_and_an_error_in_one_file(
    recorded: Recorded, topics: str, pytester: pytest.Pytester
) -> None:
    text = topics + TOPIC.format(given="", n=1) + PROJECT

    one = recorded(text)
    several = recorded(
        text,
        file="pacts",
    )

    assert one.ret == pytest.ExitCode.TESTS_FAILED
    one.stdout.fnmatch_lines(["nothing is written to *pact.json: tests called importexport and sns, *folder*"])
    assert not recorded.path.exists()
    assert several.ret == pytest.ExitCode.OK
    names = sorted(path.name for path in (pytester.path / "pacts").iterdir())
    assert names == ["shop-aws-importexport.json", "shop-aws-sns.json"]


def test_a_session_that_is_interrupted_keeps_what_was_there(recorded: Recorded) -> None:
    recorded(PROJECT)
    text = PROJECT.replace("def test_status", "def test_stop(): pytest.exit('enough')\n\ndef test_status")

    result = recorded(text)

    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert recorded.descriptions == [CANCEL, GONE, STATUS]
    result.stdout.fnmatch_lines([f"  kept, though no test made it (the session was cut short): {CANCEL}"])


def test_a_file_that_cannot_be_written_in_the_end_fails_the_session(
    recorded: Recorded, pytester: pytest.Pytester
) -> None:
    pytester.mkdir("away")
    text = PROJECT + "\ndef test_away():\n    import shutil; shutil.rmtree('away'); open('away', 'w').close()"

    result = recorded(text, file="away/pact.json")

    result.assert_outcomes(passed=4)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["the folder *away cannot be made: File exists"])


MESSAGES = (
    '"messages": [{"description": "m"}], "consumer": {"name": "c"}, "provider": {"name": "p"}, "interactions": []'
)
BAD = {
    "": "a file or a folder is needed, got an empty text",
    "no/where.json": "*: there is no folder '*no'",
    "no/where": "there is no folder '*no' for *no/where",
    "pyproject.toml": "*pyproject.toml is neither a folder nor a file whose name ends in .json",
    "broken.json": "*broken.json is no JSON: *",
    "others.json": "*others.json holds what no recording writes, and would lose it; name another file, or*",
}


@pytest.mark.parametrize("file", BAD)
def test_a_file_that_cannot_be_used_is_told_before_anything_runs(
    file: str, recorded: Recorded, pytester: pytest.Pytester
) -> None:
    Path("broken.json").write_text("{", "utf-8")
    Path("others.json").write_text(
        f'{{{MESSAGES}, "metadata": {{"pactSpecification": {{"version": "3.0.0"}}}}}}', "utf-8"
    )

    result = recorded(PROJECT, file=file)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*ERROR: --botoproof-pact: {BAD[file]}"])


def test_names_are_those_of_the_options_else_of_the_file(recorded: Recorded) -> None:
    recorded(PROJECT, "--botoproof-pact-consumer=me", "--botoproof-pact-provider=it")
    recorded(PROJECT)

    data = json.loads(recorded.path.read_text("utf-8"))
    assert (data["consumer"], data["provider"]) == ({"name": "me"}, {"name": "it"})


def test_a_name_without_a_file_is_told(pytester: pytest.Pytester, run: Run) -> None:
    result = run("--botoproof-pact-consumer=me")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--botoproof-pact-consumer goes with --botoproof-pact=FILE, which is not given"])


def test_a_run_in_which_nothing_is_called_leaves_the_file_alone(recorded: Recorded) -> None:
    recorded(PROJECT)
    before = recorded.path.read_bytes()

    result = recorded("def test_it(): pass")

    result.stdout.fnmatch_lines(["nothing was recorded, and *pact.json is as it was"])
    assert recorded.path.read_bytes() == before


@pytest.mark.slow
def test_workers_write_what_one_process_writes(recorded: Recorded) -> None:
    recorded(PROJECT)
    alone = recorded.path.read_bytes()
    recorded.path.unlink()

    result = recorded(PROJECT, "-n", "2")

    result.assert_outcomes(passed=3)
    assert recorded.path.read_bytes() == alone
