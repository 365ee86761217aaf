from __future__ import annotations

import pytest

from .conftest import CREDENTIALS, Kept, Run

SEEN = """
    from hypothesis import given, settings, strategies as st

    SEEN = []

    @settings(max_examples=20)
    @given(number=st.integers())
    def test_examples(botoproof_endpoint, number):
        SEEN.append(number)

    def test_they_are_shown():
        print("seen", SEEN)
"""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--botoproof-config=none.toml"],
            "*botoproof: there is no configuration file *none.toml'; did you mean nine.toml?",
        ),
        (["--botoproof-config=no/none.toml"], "*botoproof: there is no configuration file *; there is no folder *"),
        (["--botoproof-config="], "*botoproof: the configuration file * cannot be read: *"),
        (["--botoproof-target=embeded"], "*botoproof: the target must be 'embedded', *; did you mean embedded?"),
        (
            ["--botoproof-target=localhost:8000"],
            "*botoproof: the target must be *; did you mean http://localhost:8000?",
        ),
        (["--botoproof-target="], "*botoproof: --botoproof-target must be 'embedded' or a URL, got an empty text"),
        (["--botoproof-target=ftp://host"], "*botoproof: the endpoint must be an http*'ftp://host'"),
        (["--botoproof-target=http://127.0.0.1:1/path"], "*botoproof: the endpoint must be scheme, host and port *"),
        (
            ["--botoproof-target=cassette:x.yaml"],
            "*botoproof: recordings are a target of `botoproof run --target` only, got *",
        ),
        (["--botoproof-target=http://127.0.0.1:1"], "*botoproof: there are no credentials for http://127.0.0.1:1: *"),
        (["--botoproof-seed=-3"], "*argument --botoproof-seed: must be a whole number of at least 0, got '-3'"),
        (["--botoproof-seed=x"], "*argument --botoproof-seed: must be a whole number of at least 0, got 'x'"),
        (["--fault=nonsense"], "*--fault nonsense: expected a call and a fault such as *, got 'nonsense'"),
        (["--fault=UpdateJob#0:respons_lost:once"], "*unknown fault 'respons_lost'; did you mean response_lost?"),
        (
            ["--faults-report=none/r.json"],
            "*--faults-report: the json report cannot be written to *none/r.json: *",
        ),
        (["--faults-report=htm=r.html"], "*--faults-report: there is no report kind 'htm'; did you mean html*"),
        (["--faults=some"], "*argument --faults: invalid choice: 'some'*"),
    ],
)
def test_a_bad_option_is_told_before_any_test_and_without_a_traceback(
    pytester: pytest.Pytester, run: Run, arguments: list[str], message: str
) -> None:
    pytester.makepyfile("def test_it(): pass")
    pytester.makefile(".toml", nine="")

    result = run(*arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
    result.stderr.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[taget]", "*mine.toml: there is no table 'taget'; did you mean target?"),
        ("[target]\nendpiont = 'http://x'", "*mine.toml: [[]target] has no key 'endpiont'; did you mean endpoint?"),
        ("[target]\nendpoint = 8000", "*mine.toml: target.endpoint must be a string that is not empty, got 8000"),
        (
            "[target]\nservice = 'importexprt'",
            "*botoproof has no specification for the service 'importexprt'*importexport?",
        ),
        ("[world]\nerra = '2014-12-18'", "*mine.toml: *no key 'erra'; did you mean era?"),
        ("[world", "*mine.toml: not TOML: *"),
    ],
)
def test_a_bad_configuration_that_an_option_names_is_told_before_any_test(
    pytester: pytest.Pytester, run: Run, text: str, message: str
) -> None:
    pytester.makepyfile("def test_it(): pass")
    pytester.makefile(".toml", mine=text)

    result = run("--botoproof-config=mine.toml")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
    result.stderr.no_fnmatch_line("*Traceback*")


def test_a_bad_configuration_that_was_found_fails_only_the_tests_that_obey_it(
    pytester: pytest.Pytester, run: Run
) -> None:
    pytester.makepyfile("def test_it(botoproof_endpoint): pass\ndef test_another(): pass")
    pytester.makefile(".toml", botoproof="[world]\nerra = '2014-12-18'")

    result = run()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["botoproof: *botoproof.toml: *no key 'erra'; did you mean era?"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_relative_path_is_that_of_the_folder_in_which_pytest_was_started(
    pytester: pytest.Pytester, run: Run, kept: Kept
) -> None:
    pytester.makepyfile(f"def test_it(botoproof_url): assert botoproof_url == {kept.url!r}")
    pytester.makefile(".ini", pytest="[pytest]\n")
    folder = pytester.mkdir("below")
    (folder / "mine.toml").write_text(f"[target]\nendpoint = '{kept.url}'\n{CREDENTIALS}", encoding="utf-8")
    pytester._monkeypatch.chdir(folder)  # its own chdir has no public way back

    result = run("--botoproof-config=mine.toml", "..")

    result.assert_outcomes(passed=1)


def test_the_option_overrides_the_configured_endpoint(pytester: pytest.Pytester, run: Run, at_url: Kept) -> None:
    pytester.makepyfile(f"def test_it(botoproof_endpoint): assert botoproof_endpoint.url != {at_url.url!r}")

    run("--botoproof-target=embedded").assert_outcomes(passed=1)


def test_the_table_of_a_pyproject_is_obeyed(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyprojecttoml("[tool.botoproof.world.buckets]\nmine = { region = 'eu-west-1' }")
    pytester.makepyfile("def test_it(botoproof_endpoint): assert list(botoproof_endpoint.world.buckets) == ['mine']")

    run().assert_outcomes(passed=1)


def test_the_header_says_which_options_are_in_force(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("def test_it(): pass")
    pytester.makefile(".toml", mine="")

    result = run("--botoproof-target=embedded", "--botoproof-config=mine.toml", "--botoproof-seed=7")

    result.stdout.fnmatch_lines(["botoproof: target embedded, config mine.toml, seed 7"])


@pytest.mark.parametrize(
    ("file", "heading"), [("botoproof.toml", "target"), ("pyproject.toml", "tool.botoproof.target")]
)
def test_the_header_says_to_which_url_a_configuration_sends_the_tests(
    pytester: pytest.Pytester, run: Run, file: str, heading: str
) -> None:
    pytester.makepyfile("def test_it(): pass")
    (pytester.path / file).write_text(f'[{heading}]\nendpoint = "http://127.0.0.1:9"\n', encoding="utf-8")

    run().stdout.fnmatch_lines(["botoproof: target http://127.0.0.1:9"])
    run("--botoproof-target=embedded").stdout.fnmatch_lines(["botoproof: target embedded"])


@pytest.mark.parametrize("text", ["", '[target]\nendpoint = "http://me:secret@127.0.0.1:9"\n', "[target"])
def test_the_header_names_no_target_where_a_configuration_names_none_that_can_be_used(
    pytester: pytest.Pytester, run: Run, text: str
) -> None:
    pytester.makepyfile("def test_it(): pass")
    (pytester.path / "botoproof.toml").write_text(text, encoding="utf-8")

    result = run()

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("botoproof:*")


def test_the_same_seed_gives_the_same_examples_and_another_one_others(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(SEEN)

    def seen(*arguments: str) -> str:
        result = run("-s", *arguments)
        result.assert_outcomes(passed=2)
        return next(line for line in result.outlines if "seen" in line)

    seven = seen("--botoproof-seed=7")
    assert seen("--botoproof-seed=7") == seven
    assert len({seven, seen("--botoproof-seed=8"), seen()}) == 3


def test_the_seed_can_be_a_fixture_of_the_project(pytester: pytest.Pytester, run: Run) -> None:
    fixture = "import pytest\n\n@pytest.fixture\ndef botoproof_seed(): return 7\n"
    pytester.makepyfile(SEEN)
    by_option = next(line for line in run("-s", "--botoproof-seed=7").outlines if "seen" in line)
    pytester.makeconftest(fixture)

    by_fixture = next(line for line in run("-s").outlines if "seen" in line)

    assert by_fixture == by_option


def test_the_help_lists_every_option(run: Run) -> None:
    result = run("--help")

    result.stdout.fnmatch_lines(
        [
            "*--faults={smoke,ci,full}*",
            "*--fault=CALL:FAULT*",
            "*--faults-report=[[]KIND=[]]FILE*",
            "*--botoproof-target=TARGET*",
            "*--botoproof-config=FILE*",
            "*--botoproof-seed=N*",
        ]
    )


def test_every_fixture_is_listed_with_what_it_is(pytester: pytest.Pytester, run: Run) -> None:
    listed = run("--fixtures").stdout.str()

    names = ("configuration", "service", "target", "seed", "endpoint", "url", "client")
    assert [name for name in names if f"botoproof_{name}" not in listed] == []
    assert "_botoproof_endpoints" not in listed
