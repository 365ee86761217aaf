"""docs/pact.md: its commands and options are there, its codes are all of them, and its tests pass."""

from __future__ import annotations

import re
from pathlib import Path

# Loaded here, since a run in this process throws away what it was the first to import.
import botoproof.ci.pacts.case
import botoproof.ci.plugin.properties  # noqa: F401
import click
import pytest
from botoproof.ci.cli.pact import command
from botoproof.ci.pacts.kinds import KINDS
from botoproof.ci.plugin import pact as plugin

PAGE = Path(__file__).parents[3].joinpath("docs", "pact.md").read_text("utf-8")


def options(verb: str) -> set[str]:
    parameters = command.commands[verb].params
    return {name for one in parameters if isinstance(one, click.Option) for name in one.opts}


def table(heading: str) -> set[str]:
    """Return the first words of the rows of the first table after a heading."""
    rows = re.search(r"\| --- .*?\n((?:\|.*\n)+)", PAGE.partition(f"## {heading}")[2])
    return set() if rows is None else set(re.findall(r"(?m)^\| `([\w-]+)", rows[1]))


def test_the_options_of_verify_are_those_of_the_command() -> None:
    assert table("Holding a provider to a pact") == options("verify")


def test_the_options_of_the_plugin_are_those_that_it_adds(pytestconfig: pytest.Config) -> None:
    told = table("What your code relies on is what your tests call")

    assert told == {f"--{name.replace('_', '-')}" for name in (plugin.FILE, plugin.CONSUMER, plugin.PROVIDER)}
    assert all(pytestconfig.getoption(name.removeprefix("--").replace("-", "_"), "none") is None for name in told)


def test_every_code_is_told() -> None:
    codes = {kind.code for kind in KINDS}

    assert set(re.findall(r"`(pact-[a-z-]+)`", PAGE)) == codes
    assert table("What can be wrong") < codes


def test_its_commands_have_the_options_that_it_gives_them() -> None:
    commands = re.findall(r"(?m)(?:^    |^- run: |^ +|`)(botoproof pact [a-z]+ [^\n`]+)", PAGE)
    wrong = [
        (line, option)
        for line in commands
        for option in re.findall(r"--[a-z-]+", line)
        if option not in options(line.split()[2])
    ]

    assert len(commands) >= 4
    assert wrong == []


def test_the_tests_that_it_shows_pass(pytester: pytest.Pytester) -> None:
    [text] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    pytester.makepyfile(test_page=text)

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:randomly")

    result.assert_outcomes(passed=text.count("def test_") + 1)  # one of them has two parameters
