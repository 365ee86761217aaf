"""The report for the person who waited: what a run found out.

Nothing that an endpoint says reaches the terminal as it stands: control characters are escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from ...contract.case import Call, Form, Parse, Raw
from ...contract.exchange import Exchange
from ...contract.finding import Severity
from ..campaign.result import FindingGroup, RunResult, Status
from ..faults.showing import sum_lines, table_lines
from .coverage import coverage_lines
from .known import baseline_lines, counted, not_rechecked, status_lines, told_findings
from .payload import Redaction, printable, words
from .program_data import program_lines
from .progress import place_of, sent_in
from .recordings import recording_lines
from .reproduce import reproduce
from .scene import Scene

# More findings than this are told in one line each; the JSON report holds all of them.
IN_FULL = 20
_LABEL = 11
_SNIPPET = 100  # lines
_NAMED = 3  # of what could not be had for one and the same reason; the JSON report names all
_STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.NOTE: "bold cyan",
}
_VERDICTS = {"clean": "bold green", "known": "bold green", "findings": "bold red", "unknown": "bold yellow"}


def print_summary(
    console: Console, result: RunResult, scene: Scene, redaction: Redaction, *, kept: Sequence[tuple[str, str]] = ()
) -> None:
    """Print what a run found out.

    Args:
        console: Where to.
        result: What the run found out.
        scene: Where it took place.
        redaction: What must not be shown.
        kept: What was written, as label and text, for the last lines.
    """
    for line in _summary(result, scene, redaction):
        console.print(line)
    for label, text in kept:
        console.print(_labelled(label, printable(text)))


def _summary(result: RunResult, scene: Scene, redaction: Redaction) -> Iterator[Text]:
    verdict = Text.assemble((result.verdict, _VERDICTS[result.verdict]), _because(result, redaction))
    yield Text()
    yield verdict
    yield _labelled("target", place_of(result.target, result.endpoint))
    if result.target != "cassette":
        yield _labelled("seed", str(result.seed))
    for name, (cases, seconds) in result.phases.items():
        programs = result.programs if name == "stateful" else 0
        own = ", on an embedded endpoint of its own" if name == "faults" and result.target != "embedded" else ""
        yield _labelled(name, f"{sent_in(cases, programs)} in {seconds:.1f} s{own}")
    for line in recording_lines(result):
        yield _labelled("recording", printable(words(line, redaction)))
    if result.leniencies:
        met = f"botocore's parser showed {len(result.leniencies)} of its listed ones (botoproof explain --leniencies)"
        yield _labelled("leniencies", met)
    if result.phases.keys() != {"faults"}:  # which provoke nothing at an endpoint
        yield from coverage_lines(result.service, result.operations, redaction)
    for name, seen in result.faults.items():
        yield Text()
        yield Text(f"{name}, struck by {counted(len(seen), 'fault')} (default retries)", style="bold")
        yield from (Text(f"  {line}") for line in (*table_lines(seen), *sum_lines(seen)))
    yield from _findings(result, scene, redaction)
    yield from _remainder(result, redaction)
    if result.findings:
        yield Text()
        yield verdict


def _because(result: RunResult, redaction: Redaction) -> str:
    found = told_findings(result)
    part = f"; the run was cut short: {words(result.stopped, redaction)}" if result.stopped else ""
    match result.verdict:
        case "clean" if result.phases.keys() == {"faults"}:
            return f": what must hold whatever happens to a call does{f' ({found})' if found else ''}"
        case "clean":
            return f": every reply was one that the contract allows{f' ({found})' if found else ''}"
        case "known":
            return f": nothing but known or flaky findings ({found})"
        case "unknown" if result.lacking and not result.stopped:
            return f": the run lacks the {' and the '.join(result.lacking)}, which could not be made"
        case "unknown" if result.has_gaps and not result.stopped:
            return ": not all that was recorded could be judged"
        case "unknown" if not result.stopped:
            return ": no case was judged"
        case "unknown":
            return f"{f': {found}' if found else ''}{part}"
        case _:
            return f": {found}{part}"


def _labelled(label: str, text: str) -> Text:
    if not label and not text:
        return Text()
    return Text.assemble("  ", (f"{label:<{_LABEL}}", "dim"), " ", text)


def _findings(result: RunResult, scene: Scene, redaction: Redaction) -> Iterator[Text]:
    news = [group for group in result.findings if group.status is not Status.KNOWN]
    known = [group for group in result.findings if group.status is Status.KNOWN]
    for group in news[:IN_FULL]:
        yield Text()
        yield _heading(group, result)
        yield from _finding(group, scene, redaction)
    rest = news[IN_FULL:]
    if rest:
        yield Text()
        yield Text(f"{counted(len(rest), 'more finding')}, which a JSON report (--report json=PATH) tells in full:")
        for group in rest:
            yield _heading(group, result)
    if known:
        yield Text()
    for group in known:
        yield _heading(group, result)
        yield from _status(group, redaction)


def _status(group: FindingGroup, redaction: Redaction) -> Iterator[Text]:
    for label, text in status_lines(group):
        yield from _block(label, [text], redaction)


def _heading(group: FindingGroup, result: RunResult) -> Text:
    finding = group.finding
    severity = finding.severity(result.evidence)
    seen = f"  ({counted(group.count, 'case')}, {finding.fingerprint})"
    return Text.assemble(
        (severity.value, _STYLES[severity]), " ", (finding.kind.code, "bold"), f": {finding.kind.title}", (seen, "dim")
    )


def _finding(group: FindingGroup, scene: Scene, redaction: Redaction) -> Iterator[Text]:
    finding, exchange = group.finding, group.exchange
    yield from _status(group, redaction)
    yield from _block("where", [f"{finding.operation} {finding.path}".rstrip()], redaction)
    yield from _block("contract", [f"{finding.expected} ({finding.evidence.value})"], redaction)
    yield from _block("source", [finding.source or finding.kind.source], redaction)
    yield from _block("came", [finding.observed], redaction)
    if group.program is not None:
        yield from _block("program", program_lines(group.program), redaction)
    yield from _block("sent", _sent(group, redaction), redaction)
    yield from _block("reply", _reply(exchange, redaction), redaction)
    boto3 = reproduce(finding, exchange, scene, group.program).boto3
    yield from _block("reproduce", boto3.splitlines(), redaction, limit=_SNIPPET)
    yield from _block("more", [f"botoproof explain {finding.kind.code}"], redaction)


def _block(label: str, lines: Iterable[str], redaction: Redaction, *, limit: int = 30) -> Iterator[Text]:
    shown = [printable(_cut(words(line, redaction))) for line in lines]
    if len(shown) > limit:
        shown = [*shown[:limit], f"… and {counted(len(shown) - limit, 'more line')}"]
    for number, line in enumerate(shown):
        yield _labelled("" if number else label, line)


def _cut(line: str) -> str:
    return line if len(line) <= 500 else f"{line[:500]}… ({len(line)} characters)"


def _sent(group: FindingGroup, redaction: Redaction) -> Iterator[str]:
    case = group.exchange.case
    why = f"probe {group.probe}" if group.probe else f"{group.phase} case{f', {case.label}' if case.label else ''}"
    signing = case.signing
    signed = [f"signature {signing.version}"] if signing.version != "v4" else []
    signed += [f"{signing.key} key"] if signing.key != "own" else []
    signed += ["a tampered signature"] if signing.tampered else []
    signed += [f"signed {signing.age_seconds} s ago"] if signing.age_seconds else []
    signed = ["unsigned"] if signing.key == "none" else signed
    told = "".join(f", {what}" for what in signed)
    match case.sent:
        case Call(parameters=parameters):
            yield f"{case.operation} through the SDK ({why})"
            for name, value in parameters.items():
                lines = value.splitlines() if isinstance(value, str) and "\n" in value else []
                yield f"  {name}: {'|' if lines else repr(value)}"
                yield from (f"    {line}" for line in lines)
        case Form(pairs=pairs, method=method, query=query):
            yield f"a form by {method}{told} ({why})"
            yield from (f"  {name}={value!r}" for name, value in pairs)
            yield from (f"  ?{name}={value!r}" for name, value in query)
        case Raw(body=body, content_type=content_type):
            yield f"{counted(len(body), 'byte')}, {content_type or 'of no type'}{told} ({why})"
            yield f"  {redaction.data(body)[:500]!r}"
        case Parse():
            yield f"nothing: the reply below was handed to botocore's parser ({case.label})"


def _reply(exchange: Exchange, redaction: Redaction) -> Iterator[str]:
    interaction = exchange.interaction
    if exchange.case.plan:
        yield "as the fault has it; the snippet below shows the timeline"
    elif isinstance(exchange.case.sent, Parse):
        yield f"HTTP {exchange.case.sent.reply.status}"
        yield repr(redaction.data(exchange.case.sent.reply.body)[:2000])
    elif interaction is None:
        yield "none: the SDK sent nothing"
    elif interaction.reply is None:
        yield f"none: {interaction.failure.detail if interaction.failure else ''}"
    else:
        yield f"HTTP {interaction.reply.status}"
        body = redaction.data(interaction.reply.body)[:2000].decode("utf-8", "replace")
        yield from (line for line in body.splitlines() if line)


def _remainder(result: RunResult, redaction: Redaction) -> Iterator[Text]:
    lines: list[Text] = []
    reasons: dict[str, list[str]] = {}
    for event in result.unreachable:
        operation = f"{event.operation} " if event.operation and len(result.operations) > 1 else ""
        reasons.setdefault(event.why, []).append(f"{operation}{event.what}")
    for why, names in reasons.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        lines += _block("not reached", [f"{', '.join(names[:_NAMED])}{more}: {why}"], redaction)
    told = (
        ("undecided", result.undecided, "the contract says nothing about them, so only the reply's form was judged"),
        ("throttled", result.throttled, "the endpoint asked to come again, so nothing was learned from them"),
        ("withheld", result.withheld, "they could have changed something; --allow-writes sends them"),
        ("once", not_rechecked(result), "not sent again at the end, so it is open whether they are flaky"),
    )
    lines += [_labelled(label, f"{counted(count, 'case')}: {why}") for label, count, why in told if count]
    for label, text in baseline_lines(result):
        lines += _block(label, [text], redaction)
    for found, why in result.left_behind:
        lines += _block("left behind", [f"{found}: {why}"], redaction)
    if lines:
        yield Text()
        yield from lines
