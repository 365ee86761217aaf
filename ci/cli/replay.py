"""`botoproof replay`: the cases of an earlier run's findings, sent again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import click
from botocore import __version__ as botocore_version

from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.errors import BadConfiguration
from ...contract.services import find_specification
from ...contract.specification import Specification
from ..campaign.judge import open_judge
from ..campaign.replaying import Replayed, Standing, replay_finding
from ..campaign.run_folder_reading import KeptRun, find_run
from ..choice import EMBEDDED, choose_target
from ..configuration import Configuration, find_configuration, read_configuration
from ..replay import Replay
from ..report.payload import Redaction, printable, redaction_of, words
from .command import CLEAN, FAILED, FINDINGS
from .parameters import AboveZero


@click.command(epilog="Exit status: 0 all are fixed, 1 one is still there or has changed, 2 it could not be found out.")
@click.argument("wish", metavar="FOLDER|FINGERPRINT")
@click.option("--target", metavar="TARGET", help="'embedded' or a URL; that of the run by default.")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Credentials and world of the target; by default the world of the run, and the credentials configured here.",
)
@click.option(
    "--time-limit", type=AboveZero(), metavar="S", help="Seconds for a whole reply; that of the run by default."
)
@click.option("--rate", type=AboveZero(), metavar="N", help="Requests a second at most, to a URL.")
@click.option("--allow-writes", is_flag=True, help="Send what could change something to a host of Amazon's, too.")
def command(
    wish: str,
    target: str | None,
    config: Path | None,
    time_limit: float | None,
    rate: float | None,
    allow_writes: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Send the cases of an earlier run's findings again: all those of a FOLDER, or one by its FINGERPRINT.

    A fingerprint, or its first 6 digits, is looked for in the run folders here, the newest first.
    """
    run, chosen = find_run(wish)
    specification = find_specification(run.service)
    configuration = configuration_of(run, specification, config)
    with ExitStack() as stack:
        place = choose_target(
            specification,
            configuration,
            wish=target or configuration.endpoint or EMBEDDED,
            time_limit=time_limit,
            rate=rate,
            allow_writes=allow_writes,
        )
        stack.callback(place.close)
        replay = Replay(open_judge(specification, place), run.evidence)
        redaction = redaction_of(place.credential, *place.accounts.values())
        stack.callback(_tell_what_is_left, replay, redaction)
        where = place.url if place.kind == "url" else "the embedded endpoint"
        click.echo(f"replaying {_counted(len(chosen), 'finding')} of {run.folder}, seed {run.seed}, on {where}")
        if run.botocore != botocore_version:
            click.echo(f"  the run was made with botocore {run.botocore}, and this is {botocore_version}")
        done: list[Replayed] = []
        for kept in chosen:
            done.append(replay_finding(kept, replay, run.evidence))
            _tell(done[-1], redaction)
    counts = Counter(replayed.standing for replayed in done)
    click.echo(", ".join(f"{counts[standing]} {standing.value}" for standing in Standing if counts[standing]) or "none")
    return _status(done, by_name=not Path(wish).is_dir())


def configuration_of(run: KeptRun, specification: Specification, config: Path | None) -> Configuration:
    """Return the configuration with which an earlier run's cases are sent again.

    Args:
        run: The run.
        specification: Of its service.
        config: A configuration in place of the run's world, or None.

    Raises:
        BadConfiguration: The run's world held secrets, and no other is given.
    """
    if config is not None:
        given = read_configuration(config)
        return replace(given, endpoint=given.endpoint or run.endpoint, time_limit=given.time_limit or run.time_limit)
    here = find_configuration(Path())
    if run.world is None and not here.world:
        raise BadConfiguration(
            f"the world of the run in {run.folder} held secrets, which are not kept; name its configuration by --config"
        )
    return Configuration(
        path=here.path,
        service=run.service,
        endpoint=run.endpoint,
        region=run.region,
        time_limit=run.time_limit,
        rate=here.rate,
        credential=here.credential or (EXAMPLE_KEY if run.published else None),
        world=here.world if run.world is None else run.world,
        accounts={**(specification.accounts if run.published else {}), **here.accounts},
    )


def _tell_what_is_left(replay: Replay, redaction: Redaction) -> None:
    for left in replay.close():
        click.echo(f"left behind  {printable(words(left, redaction))}")


def _tell(replayed: Replayed, redaction: Redaction) -> None:
    kept = replayed.kept
    note = " (a note)" if kept.is_note else ""
    head = f"{kept.fingerprint}  {replayed.standing.value:<11}  {kept.code}: {kept.title}, {kept.operation}{note}"
    click.echo(printable(head))
    if replayed.detail:
        click.echo(f"{'':<14}{printable(words(replayed.detail, redaction))}")


def _status(done: Sequence[Replayed], *, by_name: bool) -> int:
    # A note counts only for who asks for that very finding.
    counting = [replayed for replayed in done if by_name or not replayed.kept.is_note]
    standings = {replayed.standing for replayed in counting}
    if standings & {Standing.STILL_THERE, Standing.CHANGED}:
        return FINDINGS
    return FAILED if Standing.UNKNOWN in standings else CLEAN


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
