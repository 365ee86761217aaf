"""`botoproof record`: a live endpoint's replies to the table of probes, in files without secrets."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import click

from ...cassettes.format import Cassette, read_cassette
from ...cassettes.heading import Kind, Provenance
from ...cassettes.merge import merge
from ...cassettes.recorder import Recorder
from ...cassettes.sensitive import ScrubRules
from ...cassettes.writing import scrubbed, write_cassette
from ...contract.errors import BadConfiguration, close_names
from ...contract.masking import is_secret
from ...contract.specification import Probe, Specification
from ..campaign.recording import Choice, Sent, record_table
from ..campaign.targets import Target, is_amazon
from ..choice import choose_subjects, choose_target
from ..configuration import Configuration, find_configuration, read_configuration
from ..report.known import counted
from ..report.payload import printable
from .command import CLEAN, FAILED
from .interrupts import interruptible
from .keeping import now
from .parameters import AboveZero

_ENDINGS = (".yaml", ".yml")
_NAMED = 3  # of those that were not recorded for one reason


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an operation's recording goes; `before` is what stands there and is to be merged with."""

    path: Path
    before: Cassette | None

    @property
    def partial(self) -> Path:
        """Where it goes when it was interrupted."""
        return self.path.with_name(f"{self.path.stem}.partial{self.path.suffix}")


@click.command(epilog="Exit status: 0 recorded, also in part; 2 failed, interrupted or misused.")
@click.argument("subjects", nargs=-1, metavar="[SERVICE[.OPERATION]]...")
@click.option("--target", required=True, metavar="URL", help="The endpoint; no other is ever sent anything.")
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER|FILE",
    help="A folder for OPERATION/table.yaml, or a .yaml file for a single operation.",
)
@click.option(
    "--kind",
    type=click.Choice(["aws", "emulator", "embedded"]),
    help="What answers, for readers; aws at Amazon's hosts, emulator elsewhere.",
)
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="World and credentials, as for run.")
@click.option("--merge", "merges", is_flag=True, help="Bring recordings that are there up to date, request by request.")
@click.option("--replace", "replaces", is_flag=True, help="Replace recordings that are there.")
@click.option("--few", is_flag=True, help="One probe for each documented error, and one that succeeds.")
@click.option("--probes", multiple=True, metavar="GLOB", help="Only probes whose names match, e.g. 'job.*'.")
@click.option("--no-probes", multiple=True, metavar="GLOB", help="All but those whose names match.")
@click.option("--without-people", "people", is_flag=True, help="Take names and addresses out, too.")
@click.option("--max-jobs", type=click.IntRange(min=0), metavar="N", help="Resources that may be made; 10 by default.")
@click.option("--rate", type=AboveZero(), metavar="N", help="Requests a second at most.")
@click.option("--time-limit", type=AboveZero(), metavar="S", help="Seconds for a whole reply; 10 by default.")
@click.option("--allow-writes", is_flag=True, help="Send what could change something to a host of Amazon's, too.")
def command(
    subjects: tuple[str, ...],
    target: str,
    output: Path,
    kind: Kind | None,
    config: Path | None,
    merges: bool,  # noqa: FBT001 - click passes options by name
    replaces: bool,  # noqa: FBT001
    few: bool,  # noqa: FBT001
    probes: tuple[str, ...],
    no_probes: tuple[str, ...],
    people: bool,  # noqa: FBT001
    max_jobs: int | None,
    rate: float | None,
    time_limit: float | None,
    allow_writes: bool,  # noqa: FBT001
) -> int:
    """Record what the endpoint answers, e.g. botoproof record importexport --target http://127.0.0.1:8000."""
    if merges and replaces:
        raise BadConfiguration("--merge and --replace contradict each other")
    if "://" not in target:
        raise BadConfiguration(f"only a live endpoint can be recorded: --target must be a URL, got {target!r}")
    configuration = read_configuration(config) if config is not None else find_configuration(Path())
    specification, operations = choose_subjects(subjects, configuration.service, to="record")
    places = [_place(output, name, len(operations), merges=merges, replaces=replaces) for name in operations]
    interrupted = False
    with ExitStack() as stack:
        endpoint = choose_target(
            specification,
            configuration,
            wish=target,
            time_limit=time_limit,
            rate=rate,
            allow_writes=allow_writes,
        )
        stack.callback(endpoint.close)
        _require_probes((*probes, *no_probes), specification, operations, endpoint)
        provenance = where_from(specification, endpoint, configuration, kind=kind, allow_writes=allow_writes)
        rules = ScrubRules(people=people, secrets=_secrets(endpoint))
        interrupt = stack.enter_context(interruptible())
        for name, place in zip(operations, places, strict=True):
            recorder = Recorder([urlsplit(endpoint.url).netloc])
            sent = record_table(
                specification,
                endpoint,
                recorder,
                name,
                choice=Choice(few=few, only=probes, without=no_probes),
                max_made=max_jobs,
                interrupted=interrupt.is_wished,
            )
            _keep(name, place, recorder.cassette(provenance), sent, rules)
            interrupted = sent.interrupted
            if interrupted:
                break
    if interrupted:
        click.echo("botoproof: interrupted; what was recorded until then is kept as told above", err=True)
        return FAILED
    return CLEAN


def _place(output: Path, operation: str, operations: int, *, merges: bool, replaces: bool) -> _Place:
    path = output / operation / "table.yaml"
    if output.suffix in _ENDINGS and not output.is_dir():
        if operations != 1:
            raise BadConfiguration(f"{output} is one file, and {operations} operations are recorded: name a folder")
        path = output
    _require_writable(path)
    if not path.exists() or replaces:
        return _Place(path, None)
    if not merges:
        raise BadConfiguration(f"{path} is there already: --merge brings it up to date, --replace replaces it")
    return _Place(path, read_cassette(path))


def _require_writable(path: Path) -> None:
    """Refuse a place where nothing can be saved before anything is sent; nothing is left behind there."""
    if path.is_dir():
        raise BadConfiguration(f"the recording cannot be saved as {path}: it is a folder")
    folder = next(above for above in path.absolute().parents if above.exists())
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as wrong:
        raise BadConfiguration(
            f"the recording cannot be saved as {path}: {folder}: {wrong.strerror or wrong}"
        ) from None


def _require_probes(globs: Sequence[str], specification: Specification, operations: Sequence[str], at: Target) -> None:
    """Refuse a glob that chooses nothing, as a typing error does."""
    tables = (specification.probes(name, at.world, (at.credential,)) for name in operations)
    names = [probe.name for table in tables for probe in table if isinstance(probe, Probe)]
    for glob in globs:
        if not any(fnmatchcase(name, glob) for name in names):
            raise BadConfiguration(f"no probe matches {glob!r}; {close_names(glob, names)}")


def where_from(
    specification: Specification, target: Target, configuration: Configuration, *, kind: Kind | None, allow_writes: bool
) -> Provenance:
    """Return what a recording is to say of where it comes from.

    Raises:
        BadConfiguration: The kind would not be true.
    """
    host = urlsplit(target.url).hostname or ""
    real = is_amazon(host)
    if kind is not None and (kind == "aws") != real:
        whose = "is" if real else "is not"
        raise BadConfiguration(f"--kind {kind} would not be true: {host} {whose} a host of Amazon's")
    more = [("authentication", "not recorded, as recordings hold no signatures")]
    if configuration.world:
        more.append(("world", json.dumps(dict(configuration.world), sort_keys=True)))
    if real and not allow_writes:
        more.append(("requests", "only such as change nothing"))
    return Provenance(
        kind=kind or ("aws" if real else "emulator"),
        host=host,
        service=specification.service,
        sdk=f"botocore {metadata.version('botocore')}",
        recorded=now().date(),
        tool=f"botoproof {metadata.version('botoproof')}",
        more=tuple(more),
    )


def _secrets(target: Target) -> frozenset[str]:
    keys = (target.credential, *target.accounts.values())
    return frozenset(filter(is_secret, (key.secret_access_key for key in keys)))


def _keep(name: str, place: _Place, new: Cassette, sent: Sent, rules: ScrubRules) -> None:
    """Write what was recorded, and tell what was and what was not."""
    if not new.interactions:
        click.echo(f"{name}: nothing was recorded")
    elif sent.interrupted:
        write_cassette(place.partial, new, rules=rules)
        click.echo(f"{name}: {len(new.interactions)} interactions in {place.partial}, until it was interrupted")
    elif place.before is None:
        write_cassette(place.path, new, rules=rules)
        click.echo(f"{name}: {len(new.interactions)} interactions in {place.path}")
    else:
        # Keys are compared as they stand in files: without secrets.
        merged = merge(place.before, scrubbed(new, rules))
        write_cassette(place.path, merged.cassette, rules=rules)
        told = f"{merged.added} requests added, {merged.renewed} renewed, {merged.kept} kept"
        click.echo(f"{name}: {told} in {place.path}")
    if sent.withheld:
        click.echo(f"  {counted(sent.withheld, 'request')} withheld, as they could change something (--allow-writes)")
    for kind, count in sorted(sent.failed.items()):
        click.echo(f"  {counted(count, 'request')} without reply ({kind}); nothing is recorded of them")
    by_why: dict[str, list[str]] = {}
    for what, why in sent.not_reached:
        by_why.setdefault(why, []).append(what)
    for why, whats in by_why.items():
        more = f" and {len(whats) - _NAMED} more" if len(whats) > _NAMED else ""
        click.echo(printable(f"  not recorded: {', '.join(whats[:_NAMED])}{more}: {why}"))
    for found, why in sent.left_behind:
        click.echo(printable(f"  left behind: {found}: {why}"))
