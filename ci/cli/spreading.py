"""`botoproof run --shards N`: the shards of a run at once, here or on a cluster, put together to one report."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.errors import BadConfiguration
from ...contract.specification import Specification
from ..campaign.plan import Plan
from ..campaign.shard import Shard
from ..choice import choose_target
from ..configuration import Configuration, write_configuration
from ..report.files import OutputFile
from ..report.kinds import write_reports
from ..report.payload import printable
from ..report.reading import Report
from ..shards.gathering import gather
from ..shards.identity import Identity
from ..shards.merging import merge_results
from ..shards.result_file import DONE, HalfWritten, read_result
from ..shards.spreading import Ended, Engine, here
from ..shards.work import Work
from .command import FAILED, STATUSES
from .interrupts import interruptible
from .keeping import keep_in_file, now, require_history
from .merging import summary
from .rendering import past_in
from .sharding import find_done, identity_of

SHARDS = Path(".botoproof") / "shards"
# What says how a single part is kept, or what a whole run is held against.
_OTHERS = (
    "--shard",
    "--baseline",
    "--update-baseline",
    "--next-baseline",
    "--run-folder",
    "--min-hits",
    "--max-unplayed",
)
USUAL = 8
MOST = 1000


def require_spreadable(given: Collection[str], shards: int | None, target: str | None) -> None:
    """Raise `BadConfiguration` unless a run can be made in shards at once as the options say.

    Args:
        given: The options that were written.
        shards: How many shards, or None.
        target: As written.
    """
    for option in _OTHERS:
        if option in given:
            raise BadConfiguration(f"{option} and --{'shards' if shards else 'scheduler'} do not go together")
    if (target or "").startswith("cassette:"):
        raise BadConfiguration("a recording is played as a whole, and not in shards")


@dataclass(frozen=True)
class Spread:
    """A run in shards at once.

    Attributes:
        plan: What the whole run is to do.
        identity: What its first shard would follow from.
        shards: How many shards there are to be.
        folder: Where their results are kept.
        arguments: Of `botoproof run` for each of them, but for shard and configuration.
        configuration: As read here.
        files: Reports to be written, by kind.
        history: The file that the run is added to, or None.
    """

    plan: Plan
    identity: Identity
    shards: int
    folder: Path
    arguments: tuple[str, ...]
    configuration: Configuration
    files: tuple[tuple[str, OutputFile], ...]
    history: Path | None = None

    def carry_out(self, scheduler: str | None) -> int:
        """Run what is not done yet, tell what ends, and put all together; return the exit status.

        Args:
            scheduler: The address of a cluster, or None for processes of this machine.

        Raises:
            ToolkitError: Nothing could be begun, or no shard gave a result.
        """
        started = now()
        every = [replace(self.identity, shard=Shard(number, self.shards)) for number in range(1, self.shards + 1)]
        done = [identity for identity in every if find_done(self.folder, identity)]
        works = [self._work(identity, scheduler) for identity in every if identity not in done]
        if done:
            click.echo(f"shards      {len(done)} of {len(every)} were run before, and their results are taken")
        failed: dict[int, str] = {}
        with interruptible() as interrupt:
            try:
                with _engine(scheduler if works else None) as engine:
                    self._tell(engine, works, interrupt.is_wished, failed)
            except KeyboardInterrupt:
                if not interrupt.is_wished():
                    raise
        return self._merge(every, failed, started, interrupted=interrupt.is_wished())

    def _work(self, identity: Identity, scheduler: str | None) -> Work:
        if scheduler is None:
            # Its own processes may read the keys where they stand.
            path = self.configuration.path
            arguments = (*self.arguments, *(("--config", str(Path(path).absolute())) if path else ()))
            return Work(identity.shard, identity.key, arguments)
        return Work(identity.shard, identity.key, self.arguments, _sent(self.configuration))

    def _tell(
        self, engine: Engine, works: list[Work], is_interrupted: Callable[[], bool], failed: dict[int, str]
    ) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        begun = time.monotonic()
        for count, ended in enumerate(engine(works, lambda: not is_interrupted()), 1):
            told = self._keep(ended, failed)
            click.echo(
                f"shard       {ended.work.shard} {told} ({count} of {len(works)}, {time.monotonic() - begun:.1f} s)"
            )

    def _keep(self, ended: Ended, failed: dict[int, str]) -> str:
        if ended.why:
            failed[ended.work.shard.number] = ended.why
            return f"failed: {printable(ended.why)}"
        path = self.folder / f"{ended.work.key}{DONE}"
        OutputFile(f"result of shard {ended.work.shard}", path).write(ended.result.decode("ascii"))
        result = read_result(path)
        if isinstance(result, HalfWritten):
            failed[ended.work.shard.number] = "its result came in part only"
            return "failed: its result came in part only"
        verdict: str = result.report["verdict"]
        return verdict

    def _merge(self, every: list[Identity], failed: Mapping[int, str], started: datetime, *, interrupted: bool) -> int:
        paths = [path for path in (self.folder / f"{identity.key}{DONE}" for identity in every) if path.exists()]
        if not paths:
            why = "it was interrupted" if interrupted else next(iter(failed.values()), "none was begun")
            raise BadConfiguration(f"no shard gave a result: {why}")
        gathered = gather(paths)
        missing = {number: failed.get(number, why) for number, why in gathered.missing.items()}
        if interrupted:
            missing = dict.fromkeys(gathered.missing, "the run was interrupted")
        report = merge_results(gathered.results, missing)
        for line in summary(report):
            click.echo(printable(line))
        told, past = [Report("this run", report)], None
        if self.history is not None:
            label, line = keep_in_file(self.history, report, started)
            click.echo(f"{label:<12}{line}")
            past = past_in(self.history, told)
        for kind, file in self.files:
            file.write(write_reports(kind, told, past=past))
            click.echo(f"report      {kind} in {file.path}")
        click.echo(f"shards      {len(paths)} of {len(every)} in {self.folder}")
        if missing or interrupted:
            click.echo(
                f"botoproof: {len(missing)} of {len(every)} shards are missing; the same command with "
                f"--seed {self.plan.seed} runs these and no others",
                err=True,
            )
            return FAILED
        return STATUSES[report["verdict"]]


@contextmanager
def _engine(scheduler: str | None) -> Iterator[Engine]:
    if scheduler is None:
        yield here
        return
    from ..shards.cluster import open_cluster

    with open_cluster(scheduler) as cluster:
        yield cluster


def _sent(configuration: Configuration) -> str:
    """Return the configuration as it may be sent to other machines."""
    keys = [
        key for key in (configuration.credential, *configuration.accounts.values()) if key not in (None, EXAMPLE_KEY)
    ]
    if keys:
        raise BadConfiguration(
            f"{configuration.path} holds keys, which are not sent to other machines; leave [credentials] and "
            "[accounts] out, and let each worker find its own by the usual AWS chain"
        )
    return write_configuration(configuration)


def spread(
    plan: Plan,
    specification: Specification,
    configuration: Configuration,
    files: Sequence[tuple[str, OutputFile]],
    *,
    shards: int | None,
    scheduler: str | None,
    folder: Path | None,
    history: Path | None,
    target: str | None,
    time_limit: float | None,
    rate: float | None,
    max_jobs: int | None,
    allow_writes: bool,
) -> int:
    """Carry out a plan in shards at once, and return the exit status.

    Args:
        plan: What to do.
        specification: Of the service.
        configuration: As read here.
        files: Reports to be written, by kind.
        shards: How many shards; `USUAL` when None.
        scheduler: The address of a cluster, or None for processes of this machine.
        folder: Where results are kept and taken from; `SHARDS` when None.
        history: The file that the run is added to, or None.
        target: As written, or None.
        time_limit: Seconds for a reply, or None.
        rate: Requests a second of all shards together, or None.
        max_jobs: How many resources each shard may make, or None.
        allow_writes: Whether writes to a host of Amazon's are allowed.

    Raises:
        ToolkitError: Nothing could be begun, or no shard gave a result.
    """
    require_history(history)
    number = shards or USUAL
    place = choose_target(
        specification, configuration, wish=target, time_limit=time_limit, rate=rate, allow_writes=allow_writes
    )
    place.close()  # it is the shards that send
    if place.kind == "url":
        click.echo(f"botoproof: each of the {number} shards makes and disposes of resources of its own", err=True)
    options: dict[str, Any] = {
        "--phases": ",".join(plan.phases),
        "--max-examples": plan.max_examples,
        "--max-programs": plan.max_programs,
        "--max-replies": plan.max_replies,
        "--seed": plan.seed,
        "--evidence": plan.evidence.value,
        "--max-time": plan.max_time,
        "--target": target,
        "--time-limit": time_limit,
        "--rate": None if rate is None else rate / number,
        "--max-jobs": max_jobs,
    }
    subjects = [f"{plan.service}.{operation}" for operation in plan.operations]
    given = [word for name, value in options.items() if value is not None for word in (name, str(value))]
    return Spread(
        plan,
        identity_of(plan, place, configuration, max_jobs=max_jobs, allow_writes=allow_writes),
        number,
        folder or SHARDS,
        (*subjects, *given, *(("--allow-writes",) if allow_writes else ())),
        configuration,
        tuple(files),
        history,
    ).carry_out(scheduler)
