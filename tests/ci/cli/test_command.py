"""The command itself: help, version, and mistakes in one paragraph with exit status 2."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from botoproof.ci.cli import command, main

from .conftest import COMMAND, Done

Call = Callable[..., Done]


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["ruin"]])
def test_nothing_heavy_is_loaded_for(arguments: list[str]) -> None:
    program = (
        "import sys; from botoproof.ci.cli import main; main(); "
        "print({'boto3', 'botocore', 'hypothesis', 'rich', 'pytest'} & set(sys.modules))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, encoding="utf-8", check=True, timeout=60
    )

    assert done.stdout.splitlines()[-1] == "set()"


def test_the_help_names_every_verb(call: Call) -> None:
    done = call("--help")

    assert done.status == 0
    assert all(f"  {verb} " in done.out for verb in ("run", "serve", "explain"))


@pytest.mark.parametrize("verb", command.VERBS)
def test_every_verb_has_help(call: Call, verb: str) -> None:
    done = call(verb, "--help")

    assert done.status == 0
    assert done.out.startswith(f"Usage: botoproof {verb} [OPTIONS]")


def test_the_version_tells_the_sdks_too(call: Call) -> None:
    done = call("--version")

    assert done.status == 0
    assert done.out.startswith("botoproof 0.")
    assert "botocore 1." in done.out


def test_without_a_verb_the_help_is_a_complaint(call: Call) -> None:
    done = call()

    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("Usage: botoproof")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["rum"], "there is no command 'rum'; did you mean run? (see botoproof --help)"),
        (["--verson"], "it has no option --verson; did you mean --version?"),
        (["run", "--sed", "1"], "run has no option --sed; did you mean --seed or --shard or --scheduler?"),
        (["run", "--base"], "run has no option --base; did you mean --baseline or --phases or --seed?"),
        (["run", "--seed"], "option '--seed' requires an argument (see botoproof run --help)"),
    ],
)
def test_a_mistake_is_one_paragraph(call: Call, arguments: list[str], told: str) -> None:
    done = call(*arguments)

    assert (done.status, done.out) == (2, "")
    assert done.told == told


def test_a_bug_of_ours_is_told_as_one_with_its_traceback_in_a_file(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(_: str) -> None:
        raise KeyError("x")

    monkeypatch.setattr("botoproof.ci.explain.kinds.find_specification", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    done = call("explain")

    assert done.status == 2
    told, _, file = done.told.partition("; the traceback stands in ")
    assert told == "this is a bug in botoproof, not in what you gave it: KeyError: 'x'"
    assert Path(file).read_text("utf-8").startswith("Traceback (most recent call last):")


def test_where_no_file_can_be_written_the_traceback_is_printed(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("read-only")

    monkeypatch.setattr("botoproof.ci.explain.kinds.find_specification", broken)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", broken)

    done = call("explain")

    assert done.status == 2
    assert "this is a bug in botoproof, not in what you gave it: OSError: read-only\nTraceback" in done.err


def test_an_interrupt_before_anything_began_is_told(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("botoproof.ci.explain.kinds.find_specification", interrupted)

    done = call("explain")

    assert (done.status, done.err) == (2, "\nbotoproof: interrupted\n")  # the line of the ^C is ended first


def test_a_reader_who_goes_away_is_no_bug() -> None:
    with subprocess.Popen(
        [*COMMAND, "explain"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (2, "")


@pytest.mark.parametrize(
    "words", [("explain",), ("--version",), ("run", "importexport.UpdateJob", "--phases", "table")]
)
def test_an_output_that_is_full_is_told_in_a_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, encoding="utf-8", cwd=tmp_path, check=False
        )

    assert done.returncode == 2
    assert done.stderr == "botoproof: standard output cannot be written: No space left on device\n"


def test_a_closed_output_is_no_bug(tmp_path: Path) -> None:
    words = " ".join(shlex.quote(word) for word in (*COMMAND, "explain", "--list"))

    done = subprocess.run(["sh", "-c", f"{words} >&-"], stderr=subprocess.PIPE, cwd=tmp_path, check=False)

    assert (done.returncode, done.stderr) == (0, b"")


def test_ctrl_c_in_the_first_moment_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupting:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "botoproof.ci.cli.command":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "botoproof.ci.cli.command")
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])

    assert main(["--version"]) == 2
    assert capsys.readouterr().err == "\nbotoproof: interrupted\n"


def test_main_takes_the_command_line_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["botoproof", "--version"])

    assert main() == 0
