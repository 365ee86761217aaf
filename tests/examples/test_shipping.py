"""A consumer's project, as it stands: textbook code fails under faults, and the mended code survives all of them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

# Loaded here, since a run in this process throws away what it was the first to import.
import botoproof.ci.conforming
import botoproof.ci.faulted.summary
import botoproof.ci.pacts.case
import botoproof.ci.plugin.every_fault_run
import botoproof.ci.plugin.pact_session
import botoproof.ci.plugin.properties  # noqa: F401
import pytest
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.targets import embedded_target
from botoproof.ci.pacts.lint import lint
from botoproof.ci.pacts.reading import read_pact
from botoproof.ci.pacts.verify import verify
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.services import find_specification
from botoproof.contract.specification import Settings

SHIPPING = Path(__file__).with_name("shipping")
PACT = SHIPPING / "pacts" / "shipping-aws-importexport.json"
ROOT = Path(__file__).parents[2]
README = ROOT.joinpath("README.md").read_text("utf-8")
Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run tests of a copy of the project in this process."""
    shutil.copytree(SHIPPING, pytester.path, dirs_exist_ok=True)
    pytester.syspathinsert(pytester.path)
    return lambda *arguments: pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:randomly", *arguments)


def test_textbook_code_bears_documented_errors_but_neither_a_cut_reply_nor_a_lost_one(run: Run) -> None:
    """What the README shows."""
    (shown,) = re.findall(r"```shell-session\n(.*?)```", README, re.DOTALL)
    command, *lines = shown.splitlines()

    result = run(*command.removeprefix("$ pytest ").split())

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([re.sub(r"\[", "[[]", line).replace("...", "*") for line in lines])


def test_mended_code_survives_all_of_them_and_its_endpoint_keeps_the_contract(
    run: Run, pytester: pytest.Pytester
) -> None:
    """And what its tests call is the pact that stands beside them, to the byte."""
    result = run("tests/test_shipping.py", "tests/test_refusals.py", "--faults=smoke", "--botoproof-pact=pacts")

    result.assert_outcomes(passed=16)
    result.stdout.fnmatch_lines(["*1 call, 7 faults: 7 survived, 0 NOT*", "2 replies of 1 test held to the contract:*"])
    result.stdout.fnmatch_lines(["*8 interactions of shipping and aws-importexport; 9 tests made calls"])
    written = {path.name: path.read_bytes() for path in pytester.path.joinpath("pacts").iterdir()}
    assert written == {PACT.name: PACT.read_bytes()}


def test_it_is_written_anew_by_the_same_bytes(run: Run, pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("pacts", PACT.name).unlink()

    chosen = ("-k", "not once and not always")  # the faults
    run("tests/test_shipping.py", "tests/test_refusals.py", "--faults=smoke", *chosen, "--botoproof-pact=pacts")

    assert pytester.path.joinpath("pacts", PACT.name).read_bytes() == PACT.read_bytes()


@pytest.mark.skipif(find_spec("pact") is None, reason="pacts are verified by the extra `pact`")
def test_the_embedded_endpoint_keeps_the_pact_and_it_holds_nothing_that_the_contract_forbids() -> None:
    pact, specification = read_pact(PACT), find_specification("importexport")
    target = embedded_target(specification, specification.world(Settings((EXAMPLE_KEY,))), EXAMPLE_KEY)

    found = verify(PACT, pact, open_judge(specification, target))

    assert [one.verdict for one in found.interactions] == ["kept"] * 8
    wrong = lint(specification, pact, {one.name: one for one in read_operations("importexport")})
    assert {finding.kind.code for finding in wrong} == {"pact-error-unused"}


def test_what_was_mended_is_needed(run: Run, pytester: pytest.Pytester) -> None:
    path = pytester.path / "shipping.py"
    text = path.read_text("utf-8").replace("except Exception as wrong:  #", "except OSError as wrong:  #")
    path.write_text(text, "utf-8")

    result = run("tests/test_shipping.py", "--fault=UpdateJob#0:close.mid_body:always")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*[[]fault-escaped]*"])


def _done(*command: str | Path, cwd: Path, status: int = 0) -> str:
    done = subprocess.run(
        command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An empty environment with our wheel and the project; its Python, and the project's tests elsewhere."""
    away = tmp_path_factory.mktemp("away")
    source = away / "source"
    ours = ("contract", "strategies", "cassettes", "ci", "pyproject.toml", "README.md", "LICENSE")
    for name in ours:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    project = shutil.copytree(SHIPPING, away / "project")
    build = ("-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", away / "wheels")
    _done(sys.executable, *build, source, project, cwd=away)
    _done(sys.executable, "-m", "venv", away / "venv", cwd=away)
    python = away / "venv" / "bin" / "python"
    wheels = sorted((away / "wheels").glob("*.whl"))
    pinned = ("-c", ROOT / "ci" / "constraints.txt")
    _done(python, "-m", "pip", "install", "-q", *pinned, *wheels, "pytest-xdist", cwd=away)
    return python, shutil.move(project / "tests", away / "tests")


@pytest.mark.slow
@pytest.mark.parametrize("processes", [(), ("-n", "2")])
def test_the_installed_project_shows_the_same(installed: tuple[Path, Path], processes: tuple[str, ...]) -> None:
    python, tests = installed
    pytest_ = (python, "-m", "pytest", "-W", "error", *processes)

    textbook = _done(*pytest_, tests / "test_textbook.py", cwd=tests, status=1)
    mended = _done(*pytest_, tests / "test_shipping.py", cwd=tests)

    assert "18 of 18 documented errors" in textbook
    assert {"fault-escaped", "fault-unknown-as-failure", "fault-effect-duplicated"} <= set(
        re.findall(r"\[(fault-[a-z-]+)\]", textbook)
    )
    assert re.search(r"1 call, (\d+) faults: \1 survived, 0 NOT", mended)
    assert "2 replies of 1 test held to the contract: no findings" in mended
