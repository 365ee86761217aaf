"""Reports as a Markdown summary, e.g. for the page of a pipeline's job: the badge, the matrix, what counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...history.markdown import code as span
from ...history.markdown import line
from ..columns import columns_of
from ..news import told_since
from ..past import Since
from ..reading import FAULTS, UPGRADE, Report
from ..states import FAULT_STATES, FOLDED, STATES, UNTRIED, state_of
from ..verdicts import operations_of, verdict_of
from .issues import Issue, issues_of

SIGNS = {
    "good": "\N{WHITE HEAVY CHECK MARK}",
    "bad": "\N{CROSS MARK}",
    "broken": "\N{HEAVY EXCLAMATION MARK SYMBOL}",
    "flaky": "\N{LARGE YELLOW CIRCLE}",
    "known": "\N{LARGE PURPLE CIRCLE}",
    "lenient": "\N{LARGE BLUE CIRCLE}",
    "gap": "\N{MEDIUM WHITE CIRCLE}",
    "none": "\N{WHITE SMALL SQUARE}",
}
# Where summaries are shown they may hold a megabyte; readers of one give up long before.
IN_FULL = 50


def markdown_report(reports: Sequence[Report], past: Sequence[Since] = ()) -> str:
    """Return reports as Markdown.

    Args:
        reports: All of one kind, at least one.
        past: What has become of their targets, if that is known.
    """
    of_faults = reports[0].schema == FAULTS
    verdict = verdict_of(reports)
    if reports[0].schema == UPGRADE:
        from .upgrade_markdown import upgrade_lines

        rest = tuple(upgrade_lines(reports))
    else:
        rest = (*(_tests(reports) if of_faults else _matrix(reports)), *_findings(issues_of(reports)))
    lines = [
        f"## {SIGNS[verdict.tone]} botoproof: {verdict.word}",
        "",
        escaped(verdict.because),
        "",
        *_news(past),
        *rest,
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def escaped(text: str) -> str:
    r"""Return a text in one line, in which nothing has a meaning for Markdown and nothing becomes a link.

    It may stand after words of ours only: at the beginning of a line, it could still make a list.

    >>> print(escaped("see\n*c* http://d"))
    see \*c\* http\://d
    """
    return line(" ".join(text.split())).replace("://", "\\://")


def code(text: str) -> str:
    r"""Return a text as a span of code in one line, whatever stands in it.

    >>> print(code("a\nb"))
    `a b`
    """
    return span(" ".join(text.split()))


def cell(text: str) -> str:
    r"""Return a text as code in a cell of a table.

    >>> print(cell("a|b"))
    `a\|b`
    """
    return code(text).replace("|", "\\|")


def _news(past: Sequence[Since]) -> Iterator[str]:
    for told in map(told_since, past):
        yield f"**{escaped(told.name)}**: {escaped(told.sentence)}"
        yield ""
        for item in told.items[:IN_FULL]:
            what = f"{code(item.code)} {code(item.operation)}: {escaped(item.text)}"
            yield f"- {SIGNS[item.tone]} **{item.kind}** {what}"
        if len(told.items) > IN_FULL:
            yield f"- and {len(told.items) - IN_FULL} more"
        yield ""


def _matrix(reports: Sequence[Report]) -> Iterator[str]:
    columns = columns_of(reports)
    yield f"| operation | {' | '.join(escaped(column.title) for column in columns)} |"
    yield f"| --- |{' --- |' * len(columns)}"
    for name in operations_of(columns):
        states = [state_of(report.data, name) for report in reports]
        cells = " | ".join(f"{SIGNS[state.tone]} {state.word}" for state in states)
        yield f"| {cell(name)} | {cells} |"
    yield ""
    used = {state_of(report.data, name) for report in reports for name in operations_of(columns)}
    for state in STATES:
        if state in used:
            yield f"- {SIGNS[state.tone]} **{state.word}**: {state.meaning}"
    yield ""


def _tests(reports: Sequence[Report]) -> Iterator[str]:
    words = [state for state in FAULT_STATES if state not in (FOLDED, UNTRIED)]
    yield f"| test | {' | '.join(f'{SIGNS[state.tone]} {state.word}' for state in words)} | folded |"
    yield f"| --- |{' ---: |' * (len(words) + 1)}"
    for report in reports:
        for test in report.data["tests"]:
            verdicts = [run["verdict"] for run in test["faults"]]
            counts = " | ".join(str(verdicts.count(state.word)) for state in words)
            yield f"| {cell(test['test'])} | {counts} | {sum(test['folded'].values())} |"
    yield ""


def _findings(issues: Sequence[Issue]) -> Iterator[str]:
    counting = [issue for issue in issues if issue.counts]
    for issue in counting[:IN_FULL]:
        yield f"### {SIGNS['bad']} {code(issue.code)} {code(issue.place)}"
        yield ""
        yield f"{escaped(issue.title)}. Seen: {escaped(issue.seen)}."
        yield ""
        where = f" at {code(issue.path)}" if issue.path else ""
        yield f"- expected{where}: {code(issue.expected)}"
        yield f"- came: {code(issue.observed)}"
        yield f"- source: {escaped(issue.source)}"
        if issue.file:
            yield f"- line: {code(f'{issue.file}:{issue.line}')}"
        again = f"; again: {code(issue.again)}" if issue.again else ""
        yield f"- fingerprint {code(issue.fingerprint)}; more: {code(f'botoproof explain {issue.code}')}{again}"
        yield ""
    if len(counting) > IN_FULL:
        yield f"And {len(counting) - IN_FULL} more, which the JSON report has."
        yield ""
    for name, some in (
        ("known", [issue for issue in issues if issue.status == "known"]),
        ("flaky", [issue for issue in issues if issue.status == "flaky"]),
        ("note", [issue for issue in issues if issue.level == "note" and issue.status == "new"]),
    ):
        yield from _rest(name, some)


def _rest(name: str, issues: Sequence[Issue]) -> Iterator[str]:
    if not issues:
        return
    yield f"<details><summary>{name}: {len(issues)}</summary>"
    yield ""
    for issue in issues[:IN_FULL]:
        reason = f" ({escaped(issue.reason)})" if issue.reason else ""
        yield f"- {code(issue.code)} {code(issue.place)}: {escaped(issue.title)}{reason}"
    if len(issues) > IN_FULL:
        yield f"- and {len(issues) - IN_FULL} more, which the JSON report has"
    yield ""
    yield "</details>"
    yield ""
