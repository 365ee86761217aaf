"""`botoproof run`: a campaign, told on the console and in reports."""

from __future__ import annotations

import os
import secrets
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import click

from ...contract.errors import BadConfiguration, TargetUnusable, ToolkitError
from ...contract.finding import Evidence
from ..campaign.collector import Collector
from ..campaign.corpus import PHASE as CORPUS
from ..campaign.corpus import run_corpus
from ..campaign.events import Event, Listener
from ..campaign.faults_phase import PHASE as FAULTS
from ..campaign.judge import open_judge
from ..campaign.plan import MAX_EXAMPLES, MAX_PROGRAMS, MAX_REPLIES, PHASES, USUAL_PHASES, Plan
from ..campaign.run import run_campaign
from ..campaign.shard import WHOLE, read_shard
from ..campaign.targets import Target
from ..choice import EMBEDDED, choose_subjects, choose_target, endpoint_variables
from ..configuration import find_configuration, read_configuration
from ..report.console import print_summary
from ..report.files import KINDS, read_report_option
from ..report.json_report import json_report
from ..report.kinds import write_reports
from ..report.payload import redaction_of
from ..report.progress import ProgressReport, open_console
from ..report.reading import Report
from ..report.scene import scene_of
from .command import EXIT_STATUS, FAILED, STATUSES
from .interrupts import interruptible
from .keeping import (
    keep_in_history,
    keep_run,
    now,
    require_history,
    require_run_folder,
)
from .known import read_known_findings
from .parameters import AboveZero, AtLeastZero, Words, given_options
from .recorded import PREFIX, Thresholds, open_recordings
from .rendering import past_in
from .sharding import Keeping, begin_shard, find_done, identity_of, require_keepable
from .spreading import MOST, require_spreadable, spread

# A drawn seed is short enough to be typed again.
_SEEDS = 1_000_000_000


@click.command(epilog=EXIT_STATUS)
@click.argument("subjects", nargs=-1, metavar="[SERVICE[.OPERATION]]...")
@click.option("--target", metavar="TARGET", help="'embedded', a URL or cassette:PATH; as configured, else embedded.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration; botoproof.toml or pyproject.toml here by default.",
)
@click.option(
    "--phases",
    type=Words(PHASES),
    default=USUAL_PHASES,
    metavar="PHASE,...",
    help="Which of table, random, stateful, replies and faults; all but faults by default.",
)
@click.option(
    "--max-examples",
    type=AtLeastZero(),
    default=MAX_EXAMPLES,
    show_default=True,
    metavar="N",
    help="Random cases for each operation.",
)
@click.option(
    "--max-programs",
    type=click.IntRange(min=0),
    default=MAX_PROGRAMS,
    show_default=True,
    metavar="N",
    help="Programs of several requests, in the phase stateful.",
)
@click.option(
    "--max-jobs",
    type=click.IntRange(min=0),
    metavar="N",
    help="Resources that the run may make; 10 at a URL by default, any number on the embedded endpoint.",
)
@click.option(
    "--max-replies",
    type=click.IntRange(min=0),
    default=MAX_REPLIES,
    show_default=True,
    metavar="N",
    help="Replies for each operation, for botocore's parser.",
)
@click.option("--max-time", type=AboveZero(), metavar="S", help="Begin no case after so many seconds.")
@click.option(
    "--seed", type=AtLeastZero(), metavar="N", help="All chance follows from it; drawn and told when not given."
)
@click.option(
    "--evidence",
    type=click.Choice([evidence.value for evidence in Evidence]),
    default=Evidence.OBSERVED.value,
    show_default=True,
    help="Findings on weaker evidence are notes, and do not count.",
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="KIND=PATH",
    help=f"Write a report, e.g. json=report.json; kinds: {', '.join(KINDS)}.",
)
@click.option("--time-limit", type=AboveZero(), metavar="S", help="Seconds for a whole reply; 10 by default.")
@click.option("--rate", type=AboveZero(), metavar="N", help="Requests a second at most, to a URL.")
@click.option("--allow-writes", is_flag=True, help="Send what could change something to a host of Amazon's, too.")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Known findings, which do not count.")
@click.option("--update-baseline", is_flag=True, help="Bring the baseline up to date, or write a first one.")
@click.option(
    "--next-baseline",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the baseline that this run leads to, for review; --baseline is left alone.",
)
@click.option("--history", type=click.Path(path_type=Path), metavar="FILE", help="Add the run to a history.")
@click.option("--shard", metavar="K/N", help="Send only the K-th of N parts of the cases.")
@click.option(
    "--shard-folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Keep the shard's result there for `botoproof report merge`; one that is there already is not run again.",
)
@click.option("--shards", type=click.IntRange(1, MOST), metavar="N", help="Run so many shards at once, here.")
@click.option("--scheduler", metavar="URL", help="Run the shards, 8 by default, on a cluster of Dask's distributed.")
@click.option(
    "--run-folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to keep the cases of findings for replay; a new folder in .botoproof/runs by default.",
)
@click.option(
    "--min-hits", type=click.FloatRange(0, 100), metavar="PERCENT", help="With cassette:, fail when fewer are answered."
)
@click.option(
    "--max-unplayed", type=click.IntRange(min=0), metavar="N", help="With cassette:, fail when more are left over."
)
@click.option("--no-run-folder", is_flag=True, help="Keep none.")
def command(
    subjects: tuple[str, ...],
    target: str | None,
    config: Path | None,
    phases: tuple[str, ...],
    max_examples: int,
    max_replies: int,
    max_programs: int,
    max_jobs: int | None,
    max_time: float | None,
    seed: int | None,
    evidence: str,
    reports: tuple[str, ...],
    time_limit: float | None,
    rate: float | None,
    allow_writes: bool,  # noqa: FBT001 - click passes options by name
    baseline: Path | None,
    update_baseline: bool,  # noqa: FBT001 - as above
    next_baseline: Path | None,
    history: Path | None,
    shard: str | None,
    shard_folder: Path | None,
    shards: int | None,
    scheduler: str | None,
    run_folder: Path | None,
    no_run_folder: bool,  # noqa: FBT001 - as above
    min_hits: float | None,
    max_unplayed: int | None,
) -> int:
    """Hold operations to their contract, e.g. botoproof run importexport.UpdateJob."""
    files = [read_report_option(text) for text in reports]
    configuration = read_configuration(config) if config is not None else find_configuration(Path())
    specification, operations = choose_subjects(subjects, configuration.service)
    for _, file in files:
        file.require_writable()
    line = Evidence(evidence)
    if phases == (FAULTS,):
        target = _own_endpoint(target)
    plan = Plan(
        service=specification.service,
        operations=operations,
        phases=phases,
        seed=secrets.randbelow(_SEEDS) if seed is None else seed,
        max_examples=max_examples,
        max_replies=max_replies,
        max_programs=max_programs,
        max_time=max_time,
        evidence=line,
        shard=WHOLE if shard is None else read_shard(shard),
    )
    if shards is not None or scheduler is not None:
        require_spreadable(given_options(), shards, target)
        return spread(
            plan,
            specification,
            configuration,
            files,
            shards=shards,
            scheduler=scheduler,
            folder=shard_folder,
            history=history,
            target=target,
            time_limit=time_limit,
            rate=rate,
            max_jobs=max_jobs,
            allow_writes=allow_writes,
        )
    known = read_known_findings(
        baseline, updates=update_baseline, following=next_baseline, service=specification.service, plan=plan
    )
    require_run_folder(run_folder, none=no_run_folder)
    require_keepable(shard_folder, given_options())
    require_history(history)
    thresholds = Thresholds(min_hits, max_unplayed)
    recordings = None
    if (target or "").startswith(PREFIX):
        recordings = open_recordings(target or "", specification, operations, given=given_options())
        plan = replace(plan, phases=(CORPUS,))
    elif thresholds != Thresholds(None, None):
        raise BadConfiguration("--min-hits and --max-unplayed go with --target cassette:PATH only")
    started = now()
    console, collector = open_console(), Collector(line)
    progress = ProgressReport(console)
    listeners: list[Listener] = [collector, progress]
    keeping: Keeping | None = None

    def emit(event: Event) -> None:
        for listener in listeners:
            listener(event)

    failure: BaseException | None = None
    with ExitStack() as stack:
        if recordings is not None:
            place = recordings.target
        else:
            place = choose_target(
                specification, configuration, wish=target, time_limit=time_limit, rate=rate, allow_writes=allow_writes
            )
        stack.callback(place.close)
        judge = open_judge(specification, place, max_made=max_jobs)
        _tell_what_is_not_used(place, specification.service, target=target, rate=rate)
        _warn_of_unknown_world(place)
        redaction = redaction_of(place.credential, *place.accounts.values())
        if shard_folder is not None:
            identity = identity_of(plan, place, configuration, max_jobs=max_jobs, allow_writes=allow_writes)
            done = find_done(shard_folder, identity)
            if done is not None:
                click.echo(f"shard       {plan.shard} was run before, and its result is taken: {done.path}")
                return _status(done.report["verdict"])
            keeping = begin_shard(shard_folder, identity, plan, redaction)
            listeners.append(keeping.recorder)
        stack.callback(progress.close)
        interrupt = stack.enter_context(interruptible())
        try:
            if recordings is not None:
                tapes, player = recordings.tapes, recordings.player
                run_corpus(plan, judge, player, tapes, emit, interrupted=interrupt.is_wished)
            else:
                run_campaign(plan, judge, emit, interrupted=interrupt.is_wished)
        except (Exception, KeyboardInterrupt) as wrong:  # noqa: BLE001 - what was learned until then is still told
            failure = wrong
    result = collector.result()
    scene = scene_of(judge, configuration, states=result.resources, evidence=line, allow_writes=allow_writes)
    kept: list[tuple[str, str]] = []
    try:
        result, kept = known.compare(result, plan, started, configuration.world)
    except ToolkitError as wrong:  # what the run found out is told all the same
        failure = failure or wrong
    if not no_run_folder and recordings is None:
        kept += keep_run(result, plan=plan, scene=scene, redaction=redaction, wish=run_folder, started=started)
    if keeping is not None:
        try:
            kept.append(keeping.finish(result, scene, redaction))
        except ToolkitError as wrong:  # as above
            failure = failure or wrong
    told = [Report("this run", json_report(result, scene, redaction))] if files else []
    past = None
    try:
        kept += keep_in_history(history, result, scene=scene, redaction=redaction, started=started)
        past = past_in(history, told) if history is not None and told else None
    except ToolkitError as wrong:  # as above
        failure = failure or wrong
    for kind, file in files:
        file.write(write_reports(kind, told, past=past))
        kept.append(("report", f"{kind} in {file.path}"))
    print_summary(console, result, scene, redaction, kept=kept)
    if isinstance(failure, KeyboardInterrupt):
        click.echo("botoproof: interrupted; what was learned until then is told above", err=True)
        return FAILED
    if failure is not None:
        raise failure
    if missed := thresholds.missed(result):
        raise TargetUnusable(missed)
    return _status(result.verdict)


def _warn_of_unknown_world(target: Target) -> None:
    if target.world_assumed and target.kind == "url":
        click.echo(
            "botoproof: no [world] is configured, so the endpoint is taken to hold what the embedded one does; where "
            "that decides, findings are notes",
            err=True,
        )


def _tell_what_is_not_used(place: Target, service: str, *, target: str | None, rate: float | None) -> None:
    """Tell of an endpoint in the environment, where nobody named one, and of a pace that paces nothing."""
    if place.kind == "url":
        return
    if target is None:
        for name in endpoint_variables(service):
            if os.environ.get(name):
                click.echo(f"botoproof: {name} is set and not used; --target names an endpoint", err=True)
    if rate is not None:
        click.echo("botoproof: --rate has no effect on the embedded endpoint", err=True)


def _own_endpoint(target: str | None) -> str:
    """Return the target of a run of the phase `faults` alone, whatever endpoint is configured."""
    if target not in (None, EMBEDDED):
        raise BadConfiguration(
            "--target does not go with --phases faults, which strikes calls to an embedded endpoint of its own"
        )
    return EMBEDDED


def _status(verdict: str) -> int:
    return STATUSES.get(verdict, FAILED)
