"""The files of recordings: how they are called, who shares them, and what is left over of them."""

from __future__ import annotations

import pytest

from .topics import MARKED, RECORD, Project, recorded

PARAMETRIZED = """
@pytest.mark.parametrize("topic", ["a/b", "a:b", "a.b", "x" * 300, "."])
@pytest.mark.cassette
def test_each(topic):
    assert name_of(topic) == topic

class TestIt:
    @pytest.mark.cassette
    def test_each(self):
        assert name_of("class") == "class"
"""


def test_parametrized_tests_have_a_file_each_in_one_folder(away: Project) -> None:
    recorded(away, PARAMETRIZED, number=6)

    away.run().assert_outcomes(passed=6)

    names = away.files()
    assert len(names) == 6
    assert {"TestIt.test_each.yaml", "test_each[a.b].yaml"} <= set(names)
    assert max(map(len, names)) < 150
    assert not any("/" in name for name in names)


@pytest.mark.slow
def test_workers_play_and_tell_together(away: Project) -> None:
    body = PARAMETRIZED + "\n@pytest.mark.cassette\ndef test_two():\n    name_of('a')\n    name_of('b')\n"
    recorded(away, body, number=7)
    away.write(body.replace("    name_of('b')\n", ""))
    (away.folder / "orphan.yaml").write_bytes((away.folder / "test_two.yaml").read_bytes())

    result = away.run("-n", "2")

    result.assert_outcomes(passed=7)
    result.stdout.fnmatch_lines(
        [
            "*/test_two.yaml: 1 of 2 interactions were not played (number 2)",
            "*/orphan.yaml: no test opened it",
        ]
    )


LEFT = MARKED.replace('    assert name_of("two", make()) == "two"\n', "")


@pytest.mark.parametrize(("wish", "status", "told"), [("warn", 0, True), ("fail", 1, True), ("ignore", 0, False)])
def test_what_was_not_played_is_told_and_can_fail_the_session(
    away: Project, wish: str, status: int, told: bool
) -> None:
    recorded(away, MARKED)
    away.write(LEFT)

    result = away.run(f"--botoproof-unplayed={wish}")

    assert result.ret == status
    assert ("/test_name.yaml: 1 of 2 interactions were not played (number 2)" in result.stdout.str()) is told


def test_an_orphan_fails_the_session_where_that_was_asked_for(away: Project) -> None:
    recorded(away, MARKED)
    (away.folder / "test_gone.yaml").write_bytes((away.folder / "test_name.yaml").read_bytes())

    result = away.run("--botoproof-unplayed=fail")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*/test_gone.yaml: no test opened it"])


TWO = MARKED + '\n@pytest.mark.cassette\ndef test_other():\n    assert name_of("other") == "other"\n'


@pytest.mark.parametrize("arguments", [["-k", "test_name"], ["test_topics.py::test_name"]])
def test_files_of_tests_that_were_not_chosen_are_no_orphans(away: Project, arguments: list[str]) -> None:
    recorded(away, TWO, number=2)

    result = away.run("--botoproof-unplayed=fail", *arguments)

    assert result.ret == 0
    result.stdout.fnmatch_lines(["not all tests that use recordings ran and passed, so what was left over is not*"])
    assert "no test opened" not in result.stdout.str()


def test_names_that_differ_in_case_only_are_not_recorded_over_each_other(project: Project) -> None:
    marked = '\n@pytest.mark.parametrize("topic", ["a", "A"])\n@pytest.mark.cassette\n'
    project.write(f"{marked}def test_it(topic): name_of(topic)")

    result = project.run(RECORD)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["botoproof: */test_it[[]A].yaml is written for test_topics.py::test_it[[]a] already*"])
    assert project.topics("test_it[a].yaml") == ["a"]


@pytest.mark.parametrize("way", ["pytest.skip('later')", "assert False", "pytest.xfail('later')"])
def test_what_a_test_that_did_not_pass_left_is_not_told(away: Project, way: str) -> None:
    recorded(away, TWO, number=2)
    away.write(TWO.replace("def test_name():", f"def test_name():\n    {way}"))

    assert "(botoproof)" not in away.run().stdout.str()


SHARED = """
@pytest.mark.cassette("shared/topics")
def test_a():
    assert name_of("both") == "both"
    assert name_of("a") == "a"

@pytest.mark.cassette(name="shared/topics")
def test_b():
    assert name_of("both") == "both"
    assert name_of("b") == "b"
"""


def test_tests_may_share_a_file_by_name(away: Project) -> None:
    recorded(away, SHARED, number=2)

    result = away.run("--botoproof-unplayed=fail")

    assert result.ret == 0
    assert away.files() == ["shared/topics.yaml"]
    assert away.topics("shared/topics.yaml") == ["both", "a", "b"]


def test_recording_one_of_them_again_keeps_what_the_others_made(project: Project) -> None:
    project.write(SHARED)
    project.run(RECORD).assert_outcomes(passed=2)

    project.run(RECORD, "-k", "test_b").assert_outcomes(passed=1)

    assert sorted(project.topics("shared/topics.yaml")) == ["a", "b", "both"]


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("'../out'", "a recording cannot be called '../out'*"),
        ("''", "a recording cannot be called ''*"),
        ("'a', 'b'", "the mark cassette takes one name, got 'a', 'b'"),
        ("nam='a'", "the mark cassette takes one name, got 'nam'"),
        ("7", "the mark cassette takes a name, got 7"),
    ],
)
def test_a_wrong_name_is_told(away: Project, mark: str, told: str) -> None:
    away.write(f"@pytest.mark.cassette({mark})\ndef test_it(): pass")

    result = away.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"botoproof: {told}"])
