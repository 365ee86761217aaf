"""The console report: plain stable lines, a bar on terminals only, and all that is needed to mend what was found."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from botoproof.ci.campaign.collector import Collector
from botoproof.ci.campaign.events import CaseWithheld, LeftBehind, NotReached, RunStarted, RunStopped
from botoproof.ci.campaign.result import RunResult
from botoproof.ci.report.console import IN_FULL, print_summary
from botoproof.ci.report.payload import Redaction, printable
from botoproof.ci.report.progress import ProgressReport, open_console
from botoproof.ci.report.scene import Scene
from botoproof.contract.case import Call, Case, Form, Raw, Signing
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply, Request, TransportFailure
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from .conftest import Ran, judge_of, plan_of, prepared_scene, run_of, with_body

NOTHING = Redaction(())


def plain_console(width: int = 80) -> Console:
    return Console(file=io.StringIO(), width=width, highlight=False, markup=False, emoji=False, soft_wrap=True)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def terminal(**options: str) -> Console:
    environment = {"TERM": "xterm-256color", **options}
    return Console(file=Terminal(), highlight=False, markup=False, emoji=False, soft_wrap=True, _environ=environment)


def text_of(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def summary(result: RunResult, scene: Scene, console: Console | None = None) -> str:
    console = console or plain_console()
    print_summary(console, result, scene, NOTHING, kept=[("report", "json in r.json")])
    return text_of(console)


def told(ran: Ran, console: Console) -> str:
    progress = ProgressReport(console)
    for event in ran.events:
        progress(event)
    progress.close()
    return text_of(console)


CLEAN = """
clean: every reply was one that the contract allows
  target      the embedded endpoint
  seed        1
  table       # cases in # s
  random      # cases in # s

importexport.UpdateJob: # cases, 18 of 18 documented exceptions provoked
  exception                      times  probes  evidence
"""


def without_numbers(text: str) -> str:
    return re.sub(r"[0-9.]+(?= s\b| cases?)", "#", text)


def test_a_clean_run_reads_so() -> None:
    ran = run_of(plan_of("table", "random"))

    text = summary(ran.result, ran.scene)

    assert without_numbers(text).startswith(CLEAN)
    assert re.search(r"^  ExpiredJobIdException +\d+ +2  documented$", text, re.MULTILINE)
    assert text.endswith("\n  report      json in r.json\n")


def test_a_finding_is_told_whole(flawed: Ran) -> None:
    text = summary(flawed.result, flawed.scene)

    [head] = re.findall(r"^error error-undocumented: .*$", text, re.MULTILINE)
    group = next(group for group in flawed.result.findings if group.finding.kind.code == "error-undocumented")
    assert head == (
        "error error-undocumented: the error is not documented for the operation  "
        f"({group.count} cases, {group.finding.fingerprint})"
    )
    labels = re.findall(r"^  (\w+)  ", text.partition(head)[2], re.MULTILINE)
    assert labels[:8] == ["where", "contract", "source", "came", "sent", "reply", "reproduce", "more"]
    assert "from botoproof.ci.embedded import open_embedded" in text


def test_the_verdict_stands_first_and_last_when_there_are_findings(flawed: Ran) -> None:
    lines = summary(flawed.result, flawed.scene).splitlines()

    verdict = re.compile(r"findings: \d+ errors?")
    assert verdict.fullmatch(lines[1])
    assert verdict.fullmatch(lines[-2])


def test_lines_are_not_broken_and_have_no_blanks_at_their_end(flawed: Ran) -> None:
    narrow, wide = summary(flawed.result, flawed.scene, plain_console(20)), summary(flawed.result, flawed.scene)

    assert narrow == wide
    assert [line for line in wide.splitlines() if line != line.rstrip()] == []
    assert "\x1b" not in wide


@pytest.mark.slow
def test_the_same_seed_gives_the_same_text() -> None:
    first, second = (run_of(plan_of("table", "random")) for _ in range(2))

    texts = [without_numbers(told(ran, plain_console()) + summary(ran.result, ran.scene)) for ran in (first, second)]

    assert texts[0] == texts[1]


def test_a_terminal_has_colours_unless_they_are_not_wanted(flawed: Ran) -> None:
    coloured = summary(flawed.result, flawed.scene, terminal())
    without = summary(flawed.result, flawed.scene, terminal(NO_COLOR="1"))

    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", without)


def test_a_terminal_shows_a_bar_and_leaves_nothing_of_it(flawed: Ran) -> None:
    text = told(flawed, terminal())

    assert "\x1b[?25l" in text  # the cursor is hidden for as long as the bar is drawn
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h")
    assert "importexport.UpdateJob" in text
    assert " so far" not in text


@pytest.mark.parametrize("console", [plain_console(), terminal(TERM="dumb")], ids=["file", "dumb terminal"])
def test_elsewhere_there_is_a_line_for_each_phase(console: Console, flawed: Ran) -> None:
    lines = told(flawed, console).splitlines()

    assert re.fullmatch(r"botoproof [\d.]+: importexport.UpdateJob on the embedded endpoint, seed 1", lines[0])
    assert re.fullmatch(r"table importexport.UpdateJob: \d+ cases in [\d.]+ s, \d+ findings? so far", lines[1])
    assert len(lines) == 2


def test_a_bar_is_taken_away_when_the_run_is_cut_short(flawed: Ran) -> None:
    console = terminal()
    progress = ProgressReport(console)
    for event in flawed.events[: len(flawed.events) // 2]:
        progress(event)

    progress.close()
    progress.close()

    assert text_of(console).count("\x1b[?25l") == text_of(console).count("\x1b[?25h") > 0


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (
            Case("UpdateJob", Form((("Action", "X"),), query=(("A", "b"),)), "why", Signing("v2", "unknown", True, 9)),
            "sent        a form by POST, signature v2, unknown key, a tampered signature, signed 9 s ago (random case, "
            "why)\n                Action='X'\n                ?A='b'\n  reply       HTTP",
        ),
        (
            Case("UpdateJob", Raw(b"\xff", content_type=""), signing=Signing(key="none")),
            "sent        1 byte, of no type, unsigned (random case)\n                b'\\xff'\n",
        ),
        (Case("UpdateJob", Call({"JobId": 1})), "reply       none: the SDK sent nothing\n"),
        (Case("UpdateJob", Call({"JobId": "a\n" * 50})), "              … and 22 more lines\n"),
    ],
    ids=["form", "bytes", "rejected", "long"],
)
def test_every_kind_of_case_is_told(case: Case, told: str, flawed: Ran) -> None:
    with judge_of() as judge:
        exchange = judge.exchange(case)
    group = replace(flawed.result.findings[0], exchange=exchange, probe="", phase="random")

    text = summary(replace(flawed.result, findings=(group,)), flawed.scene)

    assert told in text


def test_a_reply_that_did_not_come_is_told_with_its_reason(flawed: Ran) -> None:
    group = flawed.result.findings[0]
    interaction = group.exchange.interaction
    assert interaction is not None
    silent = replace(interaction, reply=None, failure=TransportFailure("timeout", "no complete reply came"))
    group = replace(group, exchange=replace(group.exchange, interaction=silent))

    text = summary(replace(flawed.result, findings=(group,)), flawed.scene)

    assert "  reply       none: no complete reply came\n" in text


def test_what_was_not_learned_is_told() -> None:
    collector = Collector(Evidence.OBSERVED)
    for event in (
        RunStarted("importexport", ("UpdateJob",), "url", "http://127.0.0.1:1", 3, {"UpdateJob": ("SomeException",)}),
        NotReached("state expired", "nobody makes it"),
        CaseWithheld("table", "success.import"),
        LeftBehind("AAAAA", "CancelJob broke"),
        RunStopped("it was interrupted"),
    ):
        collector(event)
    result = replace(collector.result(), undecided=1, throttled=2)
    with judge_of() as judge:
        text = summary(result, prepared_scene(judge))

    assert text == (
        "\n"
        "unknown; the run was cut short: it was interrupted\n"
        "  target      http://127.0.0.1:1\n"
        "  seed        3\n"
        "\n"
        "importexport.UpdateJob: 0 cases, 0 of 1 documented exceptions provoked\n"
        "\n"
        "  not reached state expired: nobody makes it\n"
        "  undecided   1 case: the contract says nothing about them, so only the reply's form was judged\n"
        "  throttled   2 cases: the endpoint asked to come again, so nothing was learned from them\n"
        "  withheld    1 case: they could have changed something; --allow-writes sends them\n"
        "  left behind AAAAA: CancelJob broke\n"
        "  report      json in r.json\n"
    )


def test_what_could_not_be_had_for_one_reason_is_told_in_one_line() -> None:
    collector = Collector(Evidence.OBSERVED)
    collector(RunStarted("importexport", ("UpdateJob",), "embedded", "", 3, {"UpdateJob": ()}))
    for name in ("a", "b", "c", "d", "e"):
        collector(NotReached(name, "it needs the state expired"))
    collector(NotReached("f", "another reason"))
    with judge_of() as judge:
        text = summary(collector.result(), prepared_scene(judge))

    told = [line for line in text.splitlines() if "not reached" in line]
    assert told == ["  not reached a, b, c and 2 more: it needs the state expired", "  not reached f: another reason"]


def test_a_run_that_judged_nothing_says_so() -> None:
    collector = Collector(Evidence.OBSERVED)
    collector(RunStarted("importexport", ("UpdateJob",), "embedded", "", 3, {"UpdateJob": ()}))
    with judge_of() as judge:
        text = summary(collector.result(), prepared_scene(judge))

    assert text.startswith("\nunknown: no case was judged\n")


def test_an_exception_that_was_never_provoked_is_told(flawed: Ran) -> None:
    assert "  InvalidJobIdException              0       0  never provoked\n" in summary(flawed.result, flawed.scene)


def test_many_findings_are_told_in_one_line_each(flawed: Ran) -> None:
    group = flawed.result.findings[0]
    many = replace(flawed.result, findings=(group,) * (IN_FULL + 2))

    text = summary(many, flawed.scene)

    assert "\n2 more findings, which a JSON report (--report json=PATH) tells in full:\n" in text
    assert text.count("  reproduce   ") == IN_FULL
    assert text.count(group.finding.kind.title) == IN_FULL + 2


def test_notes_do_not_make_a_run_red() -> None:
    def renames(_: Request, reply: Reply) -> Reply:
        return with_body(reply, b"InvalidCustomsException", b"InvalidParameterException")

    ran = run_of(plan_of("table"), change=renames)

    text = summary(ran.result, ran.scene)

    assert re.match(r"\nclean: every reply was one that the contract allows \(\d+ notes?\)\n", text)
    assert "\nnote error-undeserved: " in text


def test_a_secret_is_not_shown(flawed: Ran) -> None:
    console = plain_console()

    print_summary(console, flawed.result, flawed.scene, Redaction(("JobNotFoundException",)))

    assert "JobNotFound" not in text_of(console)


def test_standard_output_is_taken_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    open_console().print("[bold]x[/bold] :smile: 1")

    assert capsys.readouterr().out == "[bold]x[/bold] :smile: 1\n"


@given(st.text(st.characters()))
def test_what_is_printed_steers_nothing(text: str) -> None:
    assert printable(text).isprintable()
