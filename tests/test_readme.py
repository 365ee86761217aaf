"""The README's code runs, and its commands say what it shows."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from botoproof.ci.cli.command import VERBS
from botoproof.contract.services import find_specification
from botoproof.contract.specification import Settings

README = Path(__file__).parents[1].joinpath("README.md").read_text("utf-8")
CONSTRAINTS = Path(__file__).parents[1].joinpath("ci/constraints.txt").read_text("utf-8")
PINNED = dict(re.findall(r"^([\w.-]+)==(\S+)$", CONSTRAINTS, re.MULTILINE))
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


@pytest.mark.parametrize("name", VERBS)
def test_each_command_is_told_of_in_the_readme(name: str) -> None:
    assert f"botoproof {name}" in README


def test_the_tests_in_the_readme_pass(pytester: pytest.Pytester) -> None:
    text = "\n\n".join(blocks("python"))
    for number, block in enumerate(blocks("python")):  # each as it stands, with its own imports
        pytester.path.joinpath(f"test_readme_{number}.py").write_text(block, "utf-8")

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    # One with the mark every_fault is a test for each fault.
    assert set(result.parseoutcomes()) == {"passed"}
    assert result.parseoutcomes()["passed"] >= text.count("def test_")
    assert text.count("def test_") >= 2


def test_the_configuration_in_the_readme_is_understood() -> None:
    (text,) = blocks("toml")
    tables = tomllib.loads(text)

    world = find_specification(tables["target"]["service"]).world(Settings((), tables["world"]))

    assert set(world.buckets) == {"my-import", "my-export-eu"}


# Programs and parsers take most of its time; the night runs the command as it stands, and each day its table.
@pytest.mark.parametrize(
    "less", [["--phases", "table,random", "--max-examples", "100"], pytest.param([], marks=pytest.mark.slow)]
)
def test_the_first_command_in_the_readme_says_what_it_shows_and_provokes_every_documented_exception(
    tmp_path: Path, less: list[str]
) -> None:
    (text,) = blocks("console")
    command, *shown = text.splitlines()
    arguments = [*command.removeprefix("$ botoproof ").split(), *less]

    done = subprocess.run(
        [sys.executable, "-c", "import sys; from botoproof.ci.cli import main; sys.exit(main())", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    promised = [line for line in shown if not line.startswith(("$", "..."))]
    assert done.returncode == int(promised.pop())
    said = done.stdout
    if less or importlib.metadata.version("hypothesis") != PINNED["hypothesis"]:
        # What is drawn for a seed differs between releases of Hypothesis: the README shows the pinned one's number.
        promised, said = (
            [re.sub(r"\d+ cases", "N cases", line) for line in promised],
            re.sub(r"\d+ cases", "N cases", said),
        )
    assert [line for line in promised if line not in said.splitlines()] == []

    report = json.loads(tmp_path.joinpath("report.json").read_text("utf-8"))
    [operation] = report["operations"].values()
    assert (report["verdict"], report["findings"]) == ("clean", [])
    assert len(operation["errors"]) == 18
    assert all(error["provoked"] and error["probes"] for error in operation["errors"].values())
    assert operation["cases"] >= (300 if less else 1000)
