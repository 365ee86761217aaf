"""The steps of a night that run something: plan, conformance, faults, cassettes, drift, upgrade."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path

from ...contract.errors import BadConfiguration, ToolkitError
from ...contract.services import specified_services
from ..campaign.run_folder import without_secrets
from ..campaign.shard import Shard
from ..faults.table import shipped_table
from ..report.known import counted
from ..shards.gathering import find_files, gather
from ..upgrade.versions import find_sdk
from .outcome import Outcome, State, worst
from .plan import FILE, NightPlan, PlannedRun, PlannedSdk, digest_of, nights_after, read_plan, seed_of, write_plan
from .settings import EMBEDDED
from .tonight import Tonight, failure


def plan(tonight: Tonight) -> Outcome:
    """Find out which releases there are, and write what the night is to do."""
    settings = tonight.settings
    by_version = {sdk.version or sdk.given: sdk for sdk in map(_planned_sdk, reversed(settings.sdks))}
    sdks = tuple(reversed(by_version.values()))
    services = settings.services or ((tonight.configuration.service,) if tonight.configuration.service else ())
    if not services:
        known = ", ".join(specified_services())
        raise BadConfiguration(f"name what the night is about: nightly.services or target.service, e.g. {known}")
    seed = seed_of(tonight.night) if settings.seed is None else settings.seed
    shards = tonight.shard.of if tonight.shard is not None else settings.shards
    options = tuple(_options(tonight, seed))
    versions = [metadata.version(name) for name in ("botoproof", "hypothesis")]
    # Shards of an earlier plan that were run in another world, or by other versions, must not lie beside the new ones.
    about = digest_of(without_secrets(tonight.configuration.world), tonight.configuration.endpoint, *versions)
    runs = [
        PlannedRun(service, target, sdk, options, shards, about)
        for sdk in sdks
        if sdk.version
        for service in services
        for target in settings.targets or ("",)
    ]
    _replace_plan(tonight, NightPlan(tonight.night, seed, sdks, tuple(runs)))
    versions_told = ", ".join(sdk.version for sdk in sdks if sdk.version)
    told = f"{counted(len(runs), 'run')} in {counted(shards, 'shard')}, botocore {versions_told}"
    later = nights_after(tonight.nights, tonight.night)
    if later:
        told += f"; the night {later[-1]} lies after this one: has a clock gone back?"
    missing = [f"{sdk.given}: {sdk.why}" for sdk in sdks if not sdk.version]
    return Outcome(State.FAILED, "; ".join((*missing, told))) if missing else Outcome(State.DONE, told)


def _replace_plan(tonight: Tonight, made: NightPlan) -> None:
    tonight.folder.mkdir(parents=True, exist_ok=True)
    if (tonight.folder / FILE).exists() and read_plan(tonight.folder) != made:
        # What was made after another plan is no part of this night; shards have their own names, and stay.
        shutil.rmtree(tonight.folder / "reports", ignore_errors=True)
    write_plan(made, tonight.folder)


def _planned_sdk(given: str) -> PlannedSdk:
    try:
        return PlannedSdk(given, find_sdk(given).version)
    except ToolkitError as wrong:
        return PlannedSdk(given, why=str(wrong))


def _options(tonight: Tonight, seed: int) -> Iterator[str]:
    settings = tonight.settings
    usual = {
        "--seed": seed,
        "--phases": ",".join(settings.phases),
        "--max-examples": settings.max_examples,
        "--max-programs": settings.max_programs,
        "--max-replies": settings.max_replies,
        "--max-time": settings.max_time,
        "--max-jobs": settings.max_jobs,
        "--rate": settings.rate,
    }
    for name, value in usual.items():
        if value is not None:
            yield from (name, str(value))
    if settings.allow_writes:
        yield "--allow-writes"


def conformance(tonight: Tonight) -> Outcome:
    """Run every shard of every run that is not there yet, several at once."""
    works = [(run, shard) for run in tonight.plan.runs for shard in _shards(tonight, run)]
    with ThreadPoolExecutor(tonight.at_once) as pool:
        # A list: whatever one of them complains of, the others end first.
        complaints = list(pool.map(lambda work: _run_shard(tonight, *work), works))
    outcomes: list[Outcome] = []
    for run in tonight.plan.runs:
        told = {shard.number: why for (one, shard), why in zip(works, complaints, strict=True) if one == run}
        outcomes.append(_gathered(tonight, run, told))
    return worst(outcomes, nothing="the plan has no runs")


def _shards(tonight: Tonight, run: PlannedRun) -> list[Shard]:
    every = [Shard(number, run.shards) for number in range(1, run.shards + 1)]
    if tonight.shard is None:
        return every
    if tonight.shard.of != run.shards:
        raise BadConfiguration(
            f"--shard {tonight.shard} is asked for, and this night is planned in {counted(run.shards, 'shard')}"
        )
    return [tonight.shard]


def _run_shard(tonight: Tonight, run: PlannedRun, shard: Shard) -> str:
    """Run a shard, and return its complaint, in case that there is no result. What it found is told by the merge."""
    target = ("--target", run.target) if run.target else ()
    part = ("--shard", str(shard), "--shard-folder", str(tonight.shards_of(run)))
    arguments = ("run", run.service, *run.options, *target, *part, *tonight.config)
    try:
        return tonight.call(f"{run.name}-{shard.number}-of-{shard.of}", arguments, sdk=run.sdk).failed().detail
    except (ToolkitError, OSError) as wrong:
        return failure(wrong).detail


def _gathered(tonight: Tonight, run: PlannedRun, complaints: Mapping[int, str]) -> Outcome:
    """Return whether the shards that were run are there; their exit statuses are about what they found."""
    folder = tonight.shards_of(run)
    try:
        results = gather(find_files([folder])).results if folder.exists() else ()
    except BadConfiguration as wrong:
        first = next(iter(complaints.values()), "")
        return Outcome(State.FAILED, f"{run.name}: {wrong}; {first}")
    there = {one.identity.shard.number: one.report["stopped"] for one in results}
    missing = [f"shard {number}/{run.shards}: {why}" for number, why in complaints.items() if number not in there]
    if missing:
        return Outcome(State.FAILED, f"{run.name}: {'; '.join(missing)}")
    stopped = [f"shard {number}/{run.shards}: {there[number]}" for number in complaints if there[number]]
    if stopped:
        return Outcome(State.UNKNOWN, f"{run.name}: {'; '.join(stopped)}")
    return Outcome(State.DONE, f"{counted(len(complaints), 'shard')} of {run.name}")


def faults(tonight: Tonight) -> Outcome:
    """Measure what each release makes of each fault, and compare with what it made of it before."""
    outcomes: list[Outcome] = []
    (tonight.folder / "faults").mkdir(parents=True, exist_ok=True)
    for sdk in tonight.plan.sdks:
        if sdk.version:
            name = f"table-{sdk.version}.json"
            other = _earlier_table(tonight, sdk, name)
            compared = () if other is None else ("--compare", other)
            output = ("--output", str(tonight.folder / "faults" / name))
            called = tonight.call(f"faults-{sdk.version}", ("faults", "--measure", *output, *compared), sdk=sdk)
            told = f"botocore {sdk.version}" + ("" if other else ": no earlier table of it to compare with")
            outcomes.append(called.judged(told) if other else called.told(told))
    return worst(outcomes, nothing="no release can be had")


def _earlier_table(tonight: Tonight, sdk: PlannedSdk, name: str) -> str | None:
    if shipped_table(sdk.version).botocore == sdk.version:
        return "shipped"
    earlier = tonight.before / "faults" / name if tonight.before is not None else None
    return str(earlier) if earlier is not None and earlier.exists() else None


def cassettes(tonight: Tonight) -> Outcome:
    """Look through the recordings, and hold what they recorded to the contract."""
    paths = tonight.settings.cassettes
    if not paths:
        return Outcome(State.SKIPPED, "nightly.cassettes names none")
    outcomes = [tonight.call("cassette-verify", ("cassette", "verify", *paths)).judged("verified")]
    (tonight.folder / "reports").mkdir(parents=True, exist_ok=True)
    for sdk in tonight.plan.sdks:
        for service in dict.fromkeys(run.service for run in tonight.plan.runs if run.sdk == sdk):
            for number, path in enumerate(paths, 1):
                name = f"{service}-cassette-{number}-botocore-{sdk.version}"
                report = f"json={tonight.folder / 'reports' / f'{name}.json'}"
                arguments = ("run", service, "--target", f"cassette:{path}", "--report", report, *tonight.config)
                outcomes.append(tonight.call(name, arguments, sdk=sdk).judged("replayed"))
    return worst(outcomes, nothing="")


def drift(tonight: Tonight) -> Outcome:
    """Record what each URL says tonight, and compare it with what it said the night before."""
    if not tonight.settings.record:
        return Outcome(State.SKIPPED, "nightly.record is false")
    usual = tonight.configuration.endpoint or EMBEDDED
    pairs = [(run.service, run.target or usual) for run in tonight.plan.runs]
    urls = [(service, target) for service, target in dict.fromkeys(pairs) if target != EMBEDDED]
    outcomes: list[Outcome] = []
    for number, (service, url) in enumerate(urls, 1):
        name = f"{service}-{number}"
        new = tonight.folder / "recorded" / name
        extra = [word for word in ("--allow-writes",) if tonight.settings.allow_writes]
        arguments = ("record", service, "--target", url, "--output", str(new), "--replace", *extra, *tonight.config)
        called = tonight.call(f"record-{name}", arguments)
        if called.status != 0:
            outcomes.append(called.failed())
            continue
        before = tonight.before / "recorded" / name if tonight.before is not None else None
        outcomes.append(_drifted(tonight, name, before, new))
    return worst(outcomes, nothing="no target is a URL")


def _drifted(tonight: Tonight, name: str, before: Path | None, new: Path) -> Outcome:
    pairs = [] if before is None else [(old, new / old.relative_to(before)) for old in sorted(before.rglob("*.yaml"))]
    if not pairs:
        return Outcome(State.DONE, "recorded; there is no recording of the night before")
    outcomes: list[Outcome] = []
    for old, now in pairs:
        if now.exists():
            outcomes.append(
                tonight.call(f"drift-{name}-{old.parent.name}", ("cassette", "drift", str(old), str(now))).judged()
            )
        else:
            outcomes.append(Outcome(State.UNKNOWN, f"{old.parent.name} was not recorded tonight"))
    return worst(outcomes, nothing="")


def upgrade(tonight: Tonight) -> Outcome:
    """Compare the newest release of tonight with that of the night before."""
    if not tonight.settings.upgrade:
        return Outcome(State.SKIPPED, "nightly.upgrade is false")
    if tonight.before is None:
        return Outcome(State.SKIPPED, "there is no night before, so no release to compare with")
    old, new = read_plan(tonight.before).newest, tonight.plan.newest
    if not old or not new:
        return Outcome(State.UNKNOWN, "no release could be had last night or tonight")
    if old == new:
        return Outcome(State.DONE, f"botocore {new} is still the newest", "clean")
    report = tonight.folder / "upgrade.json"
    report.unlink(missing_ok=True)
    services = [
        word for name in dict.fromkeys(run.service for run in tonight.plan.runs) for word in ("--service", name)
    ]
    accept = ("--accept", tonight.settings.accept) if tonight.settings.accept else ()
    called = tonight.call("upgrade", ("upgrade", old, new, *services, *accept, "--report", f"json={report}"))
    told = f"botocore {old} to {new}"
    if called.status == 2 and report.exists():
        return Outcome(State.UNKNOWN, f"{told}: {called.last}")
    return called.judged(told)
