"""`botoproof upgrade`: what changes between two releases of the SDK, and whether that is safe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from botocore import xform_name

from ...contract.errors import BadConfiguration, close_names
from ...contract.finding import Severity
from ..report.files import read_report_option
from ..report.kinds import write_reports
from ..report.reading import Report
from ..upgrade.accepting import Accepted, read_accepted, read_severity
from ..upgrade.answer import Scope
from ..upgrade.data import answer_data
from ..upgrade.depths import default_depths, look_at
from ..upgrade.packages import releases
from ..upgrade.rule import Depth, Who
from ..upgrade.sdk import Sdk
from ..upgrade.showing import answer_lines, plainly
from ..upgrade.usage import Usage, find_usage
from ..upgrade.verdict import Answer, Verdict, answer
from ..upgrade.versions import find_sdk
from ..upgrade.walk import walk, way
from ..upgrade.walk_showing import walk_lines
from ..upgrade.weighing import Policy
from ..upgrade.wheels import open_models
from .command import CLEAN, FAILED, FINDINGS, KNOWN
from .parameters import Words

_COLOURS = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow"},
    "note": {"dim": True},
    "safe": {"fg": "green", "bold": True},
    "not safe": {"fg": "red", "bold": True},
    "unknown": {"fg": "yellow", "bold": True},
    "heading": {"bold": True},
}


def _depths(command: Callable[..., int]) -> Callable[..., int]:
    texts = {
        Depth.MODELS: "Compare the service models, without running either SDK.",
        Depth.EFFECTIVE: "Ask each SDK for protocol, signature, hosts, defaults and validation.",
        Depth.WIRE: "Capture the same calls from each SDK.",
        Depth.REPLAY: "Let each SDK parse the same replies.",
        Depth.FAULTS: "Let each SDK meet the same failures.",
    }
    for depth in reversed(Depth):
        command = click.option(f"--{depth.value}", f"by_{depth.value}", is_flag=True, help=texts[depth])(command)
    return command


@click.command(epilog="Exit status: 0 safe, 1 not safe, 2 unknown, failed or misused, 3 safe but for what is accepted.")
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@_depths
@click.option("--service", "services", multiple=True, metavar="SERVICE", help="Look at this one only; may be repeated.")
@click.option("--operation", "listed", multiple=True, metavar="SERVICE.OPERATION", help="In use; may be repeated.")
@click.option("--code", type=click.Path(path_type=Path), multiple=True, help="What this code calls is in use.")
@click.option("--recordings", type=click.Path(path_type=Path), multiple=True, help="What these hold is in use.")
@click.option(
    "--profile",
    type=Words([who.value for who in Who]),
    default=("caller", "reader"),
    metavar="WHO,...",
    help="For whom: caller, reader, emulator; caller,reader by default.",
)
@click.option("--severity", "severities", multiple=True, metavar="RULE=SEVERITY", help="Let a rule weigh otherwise.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="What makes an upgrade unsafe.",
)
@click.option("--accept", "accepted", type=click.Path(path_type=Path), metavar="FILE", help="What is known: TOML.")
@click.option("--walk", "walks", is_flag=True, help="Tell with which release between A and B each finding came.")
@click.option("--all", "every", is_flag=True, help="Tell every finding, also those that do not count.")
@click.option("--report", "reports", multiple=True, metavar="KIND=PATH", help="Write a report, e.g. json=upgrade.json.")
def command(
    old: str,
    new: str,
    services: tuple[str, ...],
    listed: tuple[str, ...],
    code: tuple[Path, ...],
    recordings: tuple[Path, ...],
    profile: tuple[str, ...],
    severities: tuple[str, ...],
    fail_on: str,
    accepted: Path | None,
    walks: bool,  # noqa: FBT001 - click passes options by name
    every: bool,  # noqa: FBT001 - as above
    reports: tuple[str, ...],
    **depths: bool,
) -> int:
    """Tell what changes from release A of the SDK to release B, and whether that is safe.

    A and B are version numbers, wheels, pythons of environments, 'installed' or 'latest'. Without --service, every
    service is looked at; --operation, --code and --recordings say what is in use, and nothing else then counts. Without
    a depth, all are looked at for named services, and models, effective and wire for every service.
    For example: botoproof upgrade installed latest --service sqs
    """
    known = Accepted() if accepted is None else read_accepted(accepted, datetime.now(UTC).date())
    policy = Policy(
        tuple(Who(word) for word in profile),
        {**known.severities, **_severities(severities)},
        Severity(fail_on),
    )
    files = [read_report_option(text) for text in reports]
    for _, file in files:
        file.require_writable()
    tell = _tell if sys.stderr.isatty() else _say_nothing
    tell("finding the releases")
    older, newer = find_sdk(old), find_sdk(new)
    usage = _usage(listed, code, recordings, services, older, newer)
    scope = usage.scope if usage is not None else _scope(services, older, newer)
    on_the_way = way(older, newer, releases()) if walks else ()
    wanted = [depth for depth in Depth if depths[f"by_{depth.value}"]]
    looks = look_at(wanted or default_depths(scope), older, newer, scope, tell)
    answered = answer(older, newer, looks, scope, policy, known)
    if usage is not None:
        answered = replace(answered, doubts=usage.doubts, notes=usage.notes)
    walked = walk(answered, on_the_way, tell) if walks else None
    tell("")
    *lines, verdict = answer_lines(answered, every=every, paint=_paint if _has_colours() else plainly)
    walk_told = () if walked is None else walk_lines(walked, answered, every=every)
    for line in (*lines, *walk_told, verdict):
        click.echo(line)
    report = Report("upgrade", answer_data(answered, walked))
    for kind, file in files:
        file.write(write_reports(kind, [report]))
    return _status(answered)


def _severities(texts: Sequence[str]) -> dict[str, Severity]:
    found = dict[str, Severity]()
    for text in texts:
        rule, equals, value = text.partition("=")
        if not equals:
            raise BadConfiguration(f"--severity is written as RULE=SEVERITY, e.g. min-tightened=note, got {text!r}")
        found[rule] = read_severity("--severity", rule, value)
    return found


def _scope(services: Sequence[str], old: Sdk, new: Sdk) -> Scope:
    if not services:
        return Scope()
    known = set[str]()
    for sdk in (old, new):
        with open_models(sdk) as models:
            known |= set(models.services)
    for service in services:
        if service not in known:
            raise BadConfiguration(f"neither {old} nor {new} has a service {service!r}; {close_names(service, known)}")
    return Scope(tuple(sorted(set(services))))


def _usage(
    listed: Sequence[str],
    code: Sequence[Path],
    recordings: Sequence[Path],
    services: Sequence[str],
    old: Sdk,
    new: Sdk,
) -> Usage | None:
    if not (listed or code or recordings):
        return None
    if services:
        raise BadConfiguration(
            "--service looks at whole services, and --operation, --code and --recordings say what is in use"
        )
    with open_models(old) as before, open_models(new) as after:
        known = {*before.services, *after.services}

        def operations(service: str) -> dict[str, str]:
            names = {name for models in (before, after) for name in models.operations(service)}
            return {name: xform_name(name) for name in names}

        return find_usage(listed, code, recordings, operations, known)


def _status(answered: Answer) -> int:
    match answered.verdict:
        case Verdict.NOT_SAFE:
            return FINDINGS
        case Verdict.UNKNOWN:
            return FAILED
        case Verdict.SAFE:
            return KNOWN if answered.accepted else CLEAN


def _has_colours() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")


def _paint(text: str, role: str) -> str:
    return click.style(text, **_COLOURS[role])  # type: ignore[arg-type] # colours and flags alike


def _say_nothing(_: str) -> None:
    pass


def _tell(text: str) -> None:
    click.echo(f"\r\x1b[K{text}", err=True, nl=False)
