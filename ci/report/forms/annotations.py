"""Reports as GitHub's workflow commands: what a job prints becomes a mark on the lines of a change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..reading import UPGRADE, Report
from ..verdicts import verdict_of
from .issues import Issue, issues_of

# GitHub shows so many of each kind for a step, and drops the others without a word.
LIMIT = 10


def annotations_report(reports: Sequence[Report]) -> str:
    """Return reports as workflow commands, one a line; those that count, and one line for all others.

    Args:
        reports: All of one kind, at least one.
    """
    issues = issues_of(reports)
    counting = [issue for issue in issues if issue.counts]
    lines: list[str] = []
    for level in ("error", "warning"):
        lines += _told(level, [issue for issue in counting if issue.level == level])
    verdict = verdict_of(reports)
    rest = len(issues) - len(counting)
    others = "accepted or lighter" if reports[0].schema == UPGRADE else "known, flaky or noted"
    told = f" {rest} {others} findings are not marked." if rest else ""
    # A verdict of unknown has no finding, and must not be overlooked for that.
    kind = "warning" if verdict.word == "unknown" else "notice"
    lines.append(_command(kind, {"title": f"botoproof: {verdict.word}"}, f"{verdict.because}{told}"))
    return "\n".join(lines) + "\n"


def _told(level: str, issues: Sequence[Issue]) -> Iterator[str]:
    shown = issues if len(issues) <= LIMIT else issues[: LIMIT - 1]
    for issue in shown:
        place = {"file": issue.file, "line": str(issue.line)} if issue.file else {}
        again = f"\nagain: {issue.again}" if issue.again else ""
        told = f"{issue.place}: {issue.told}{again}\nbotoproof explain {issue.code}"
        yield _command(level, {**place, "title": issue.code}, told)
    if len(shown) < len(issues):
        more = f"{len(issues) - len(shown)} more {level}s are not marked here; a page or the JSON report has them."
        yield _command(level, {"title": "botoproof"}, more)


def _command(kind: str, properties: dict[str, str], text: str) -> str:
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {told}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
