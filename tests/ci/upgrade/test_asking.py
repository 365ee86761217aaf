"""Whatever the process of an SDK does, an ask comes to an end, and what is not known is told as such."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from botoproof.ci.upgrade.asking import Asked, NoAnswer, command_of
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.versions import INSTALLED, find_sdk

ANSWER = "import sys, json\nfor line in sys.stdin:\n  ask = json.loads(line)\n  "
SAY = "print(json.dumps({'id': ask['id'], 'answer': ask['about']}), flush=True)\n"


def python(source: str) -> tuple[str, ...]:
    return sys.executable, "-I", "-S", "-c", source


@pytest.fixture(scope="module")
def installed() -> Iterator[Asked]:
    with Asked(command_of(find_sdk(INSTALLED)), "botocore installed") as asked:
        yield asked


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise ImportError('no module named six')", "ended with status 1: ImportError: no module named six"),
        (ANSWER + "import os; os.kill(os.getpid(), 9)", "ended with signal 9"),
        (ANSWER + "print('hello', flush=True)", "said something that is no answer: 'hello'"),
        (ANSWER + "print('[1]', flush=True)", "said something that is no answer"),
        (ANSWER + "print(json.dumps({'id': 0, 'answer': 1}), flush=True)", "said something that is no answer"),
        (ANSWER + "print(json.dumps({'id': ask['id'], 'failed': 'KeyError: x'}), flush=True)", "x: KeyError: x"),
        (ANSWER + "import threading; threading.Event().wait()", "did not answer within 0.5 s, and was ended"),
        (ANSWER + "import os, threading; os.close(1); threading.Event().wait()", "closed its output without an answer"),
    ],
)
def test_no_answer_has_a_reason(source: str, reason: str) -> None:
    time_limit = 0.5 if "0.5 s" in reason else 30
    with Asked(python(source), "x", time_limit=time_limit) as asked, pytest.raises(NoAnswer, match=reason):
        asked.ask("anything")


def test_a_command_that_does_not_start_is_no_answer() -> None:
    with Asked(("/nowhere/python",), "x") as asked, pytest.raises(NoAnswer, match=r"does not start: .*No such file"):
        asked.ask("anything")


def test_after_a_crash_the_next_ask_is_answered_by_another_process(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    crash_once = f"import os\n  if not os.path.exists({str(mark)!r}): open({str(mark)!r}, 'w'); os._exit(3)\n  "
    with Asked(python(ANSWER + crash_once + SAY), "x") as asked:
        with pytest.raises(NoAnswer, match="status 3"):
            asked.ask("first")

        answer = asked.ask("second")

    assert answer == "second"


def test_an_ask_that_fails_leaves_the_process_and_the_others(installed: Asked) -> None:
    with pytest.raises(NoAnswer, match="botocore installed: ValueError: nothing is known about 'nonsense'"):
        installed.ask("nonsense")

    hello = installed.ask("hello")

    assert hello["botocore"] == find_sdk(INSTALLED).version


def test_what_the_sdk_prints_is_no_answer(plant: Callable[[str], Sdk]) -> None:
    sdk = plant("print('surprise', flush=True); __version__ += ' planted'")

    with Asked(command_of(sdk), "x") as asked:
        hello = asked.ask("hello")

    assert hello["botocore"] == f"{sdk.version} planted"


def test_an_interrupted_program_leaves_no_process(tmp_path: Path) -> None:
    source = f"""
import os, signal, sys
from botoproof.ci.upgrade.asking import Asked
child = '''
import os, signal, sys
sys.stdin.readline()
with open({str(tmp_path / "pid")!r}, 'w') as file:
    file.write(str(os.getpid()))
signal.pause()
'''
with Asked((sys.executable, "-I", "-S", "-c", child), "x") as asked:
    print("asking", flush=True)
    asked.ask("anything")
"""
    program = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert program.stdout is not None
    program.stdout.readline()
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text("utf-8"):
        assert program.poll() is None

    program.send_signal(signal.SIGINT)
    program.wait(30)
    program.stdout.close()

    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text("utf-8")), 0)
