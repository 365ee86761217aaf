"""What a project sees of the plugin when it does not use it: nothing."""

from __future__ import annotations

import re

import pytest

from .conftest import Run

PROJECT = """
    import pytest

    def test_passes(): pass

    @pytest.mark.skip(reason="later")
    def test_is_skipped(): pass

    @pytest.mark.parametrize("number", range(3))
    def test_fails(number, tmp_path): assert number != 1
"""
LOADED = """
    import sys

    def test_it():
        print("loaded", sorted({name.partition(".")[0] for name in sys.modules}))
"""
STRANGERS = {"boto3", "botocore", "click", "defusedxml", "h11", "hypothesis", "jinja2", "rich", "yaml"}


def told(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    """Return what a run in a process of its own says, without durations and the list of installed plugins."""
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly", *arguments)
    lines = [*result.outlines, *result.errlines]
    return [re.sub(r"in \d+\.\d+s|runpytest-\d+", "", line) for line in lines if not line.startswith("plugins: ")]


def test_a_project_that_does_not_use_it_sees_the_same_output(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(PROJECT)
    strict = ("-ra", "-v", "-W", "error", "--strict-markers", "--strict-config", "-p", "no:hypothesispytest")

    assert told(pytester, *strict) == told(pytester, *strict, "-p", "no:botoproof")


def test_nothing_beyond_the_standard_library_and_pytest_is_imported(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(LOADED)
    alone = ("-s", "-p", "no:hypothesispytest", "-p", "no:xdist")

    plain = next(line for line in told(pytester, *alone, "-p", "no:botoproof") if "loaded" in line)
    with_plugin = next(line for line in told(pytester, *alone) if "loaded" in line)

    assert not STRANGERS & set(re.findall(r"\w+", with_plugin))
    assert set(re.findall(r"\w+", with_plugin)) - set(re.findall(r"\w+", plain)) == {"botoproof"}


def test_a_project_may_have_a_folder_called_contract(pytester: pytest.Pytester, run: Run) -> None:
    folder = pytester.mkpydir("contract")
    (folder / "test_own.py").write_text("def test_it(botoproof_url): assert botoproof_url", encoding="utf-8")

    run().assert_outcomes(passed=1)
