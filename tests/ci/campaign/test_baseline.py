"""Baselines: what is read, what is refused, and what a run says of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from botoproof.ci.campaign.baseline import NO_REASON, As, Baseline, Entry, Place, read_versions
from botoproof.ci.campaign.baseline_file import read_baseline
from botoproof.ci.campaign.baseline_update import update_baseline
from botoproof.ci.campaign.comparing import compare
from botoproof.ci.campaign.events import NotReached
from botoproof.ci.campaign.plan import Plan
from botoproof.ci.campaign.result import RunResult, Status
from botoproof.ci.campaign.shard import Shard
from botoproof.contract.errors import BadConfiguration
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply, Request

from .runs import AlteredEndpoint, is_update, judge_of, refusal, run

TODAY = date(2026, 11, 26)
PLACE = Place("embedded", "", "1.44.5", "botoproof 0.1.0, hypothesis 6.170")
PLAN = Plan("importexport", ("UpdateJob",), seed=1, max_examples=20)
FULL = "importexport.UpdateJob"
PATH = Path("b.toml")


def unknown_jobs(request: Request, right: Reply) -> Reply:
    return refusal("NoSuchJob") if b">InvalidJobIdException<" in right.body else right


def odd(request: Request, right: Reply) -> Reply:
    """Go wrong over whatever deserves an error, which of 20 random cases some always do."""
    return refusal("Odd") if is_update(request) and right.status != 200 else right


def result_of(
    answer: Callable[[Request, Reply], Reply] = unknown_jobs, *, phases: tuple[str, ...] = ("table", "random")
) -> RunResult:
    return run(judge_of(AlteredEndpoint(answer)), phases=phases).result


@pytest.fixture(scope="module")
def wrong() -> RunResult:
    """A run with findings."""
    made = result_of()
    assert made.verdict == "findings"
    return made


@pytest.fixture(scope="module")
def right() -> RunResult:
    """A run of the same cases without a finding."""
    made = result_of(lambda _, reply: reply)
    assert made.verdict == "clean"
    return made


def held(result: RunResult, *entries: Entry, plan: Plan = PLAN, place: Place = PLACE, today: date = TODAY) -> RunResult:
    return compare(result, Baseline("b.toml", "importexport", entries), plan=plan, place=place, today=today)


def known(result: RunResult, **changes: object) -> tuple[Entry, ...]:
    """Return a baseline of all findings of a run, changed."""
    update = update_baseline(PATH, result, plan=PLAN, place=PLACE, today=TODAY)
    return tuple(replace(entry, **changes) for entry in update.baseline.entries)  # type: ignore[arg-type]


def statuses(result: RunResult) -> set[Status]:
    return {group.status for group in result.findings}


# What a run says


def test_known_findings_do_not_count_and_bear_their_reason(wrong: RunResult) -> None:
    compared = held(wrong, *known(wrong, reason="the vendor knows"))

    assert statuses(compared) == {Status.KNOWN}
    assert {group.reason for group in compared.findings} == {"the vendor knows"}
    assert compared.verdict == "known"


def test_one_new_finding_beside_known_ones_counts_and_comes_first(wrong: RunResult) -> None:
    first, *rest = known(wrong)
    assert rest or first

    compared = held(wrong, *rest)

    assert compared.verdict == "findings"
    assert compared.findings[0].finding.fingerprint == first.fingerprint


def test_the_last_day_of_an_entry_is_its_expiry_date(wrong: RunResult) -> None:
    entries = known(wrong, expires=TODAY, reason="until Thursday")

    today, tomorrow = held(wrong, *entries), held(wrong, *entries, today=TODAY + timedelta(days=1))

    assert (today.verdict, statuses(today)) == ("known", {Status.KNOWN})
    assert (tomorrow.verdict, statuses(tomorrow)) == ("findings", {Status.EXPIRED})
    assert tomorrow.findings[0].reason == "known until 2026-11-26: until Thursday"


@pytest.mark.parametrize(
    ("versions", "target", "place", "status"),
    [
        (">=1.44,<1.45", None, PLACE, Status.KNOWN),
        (">=1.45", None, PLACE, Status.NEW),
        (None, "embedded", PLACE, Status.KNOWN),
        (None, "url", PLACE, Status.NEW),
        (None, "url", replace(PLACE, kind="url", endpoint="http://a:1"), Status.KNOWN),
        (None, "http://a:1", replace(PLACE, kind="url", endpoint="http://a:1"), Status.KNOWN),
        (None, "http://b:1", replace(PLACE, kind="url", endpoint="http://a:1"), Status.NEW),
    ],
)
def test_an_entry_holds_on_its_conditions_only(
    wrong: RunResult, versions: str | None, target: str | None, place: Place, status: Status
) -> None:
    condition = read_versions(versions) if versions else None

    assert statuses(held(wrong, *known(wrong, versions=condition, target=target), place=place)) == {status}


HERE = replace(PLACE, python="3.12.1", platform="linux", world={"era": "2010-06-03"})


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ({"python": read_versions(">=3.12")}, ""),
        ({"python": read_versions("<3.12")}, "it is known for Python <3.12, and this is 3.12.1"),
        ({"platform": "linux"}, ""),
        ({"platform": "win32"}, "it is known on win32, and this is linux"),
        ({"world": {"era": "2010-06-03"}}, ""),
        (
            {"world": {"era": "2014-12-18"}},
            "it is known where era of [world] is '2014-12-18', and here it is '2010-06-03'",
        ),
        ({"world": {"kept": 1}}, "it is known where kept of [world] is 1, and here it is not configured"),
    ],
)
def test_an_entry_may_be_about_a_python_a_platform_and_a_world(
    wrong: RunResult, right: RunResult, condition: dict[str, object], why: str
) -> None:
    entries = known(wrong, **condition)

    shown, absent = held(wrong, *entries, place=HERE), held(right, *entries, place=HERE)

    assert statuses(shown) == {Status.NEW if why else Status.KNOWN}
    assert absent.baseline is not None
    assert {unseen.why for unseen in absent.baseline.unseen} == ({why} if why else set())
    assert bool(absent.baseline.passed) is not bool(why)


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({"owner": "Zoë"}, Status.KNOWN, "why (Zoë)"),
        ({"owner": "Zoë", "expires": TODAY}, Status.KNOWN, "why (Zoë, until 2026-11-26)"),
        ({"known_as": As.ACCEPTED}, Status.KNOWN, "accepted: why"),
        ({"known_as": As.FLAKY, "expires": TODAY}, Status.FLAKY, "flaky: why (until 2026-11-26)"),
        (
            {"known_as": As.FLAKY, "expires": TODAY - timedelta(days=1), "owner": "Zoë"},
            Status.EXPIRED,
            "flaky until 2026-11-25: why (Zoë)",
        ),
    ],
)
def test_a_finding_is_told_as_what_it_is_known_by_whom_and_until_when(
    wrong: RunResult, changes: dict[str, object], status: Status, told: str
) -> None:
    compared = held(wrong, *known(wrong, reason="why", **changes))

    assert statuses(compared) == {status}
    assert {group.reason for group in compared.findings} == {told}
    assert compared.verdict == ("findings" if status is Status.EXPIRED else "known")


def test_the_absence_of_a_flaky_finding_says_nothing(wrong: RunResult, right: RunResult) -> None:
    compared = held(right, *known(wrong, known_as=As.FLAKY, expires=TODAY))

    assert compared.baseline is not None
    assert {unseen.why for unseen in compared.baseline.unseen} == {"it comes and goes"}


STATEFUL = {"phase": "stateful", "probe": "", "seed": 1, "examples": PLAN.max_programs, "drawn_by": PLACE.drawn_by}


@pytest.mark.parametrize(
    ("entry", "run_", "why"),
    [
        (STATEFUL, {}, ""),
        ({**STATEFUL, "examples": 3}, {}, "it was seen among 3 cases that chance drew, and this were 200"),
        (
            STATEFUL,
            {"unreachable": (NotReached("phase stateful", "few jobs were left"),)},
            "the phase stateful was not carried out to its end",
        ),
        ({"phase": "faults", "probe": ""}, {"faults": {FULL: ()}}, ""),
        ({"phase": "faults", "probe": ""}, {}, f"no fault struck {FULL}"),
        (
            {"phase": "states", "probe": ""},
            {},
            "it was seen while states were brought about, which depends on what is there already",
        ),
    ],
)
def test_each_phase_says_when_it_could_have_shown_a_known_finding(
    wrong: RunResult, right: RunResult, entry: dict[str, object], run_: dict[str, object], why: str
) -> None:
    plan = replace(PLAN, phases=("table", "stateful", "faults"))

    compared = held(replace(right, **run_), *known(wrong, **entry), plan=plan)  # type: ignore[arg-type]

    assert compared.baseline is not None
    assert {unseen.why for unseen in compared.baseline.unseen} == ({why} if why else set())
    assert bool(compared.baseline.passed) is not bool(why)


def test_a_known_finding_that_no_longer_occurs_fails_the_run(wrong: RunResult, right: RunResult) -> None:
    entries = known(wrong)

    compared = held(right, *entries)

    assert compared.verdict == "findings"
    assert compared.baseline is not None
    assert compared.baseline.passed == entries
    assert compared.baseline.unseen == ()


@pytest.mark.parametrize(
    ("entry", "run_", "plan", "why"),
    [
        ({"intermittent": True}, {}, {}, "it comes and goes"),
        ({}, {"stopped": "why"}, {}, "the run was cut short"),
        ({}, {"shard": Shard(1, 2)}, {}, "this is the shard 1/2 of a run"),
        ({"subject": "importexport.CancelJob"}, {}, {}, "importexport.CancelJob was no subject of this run"),
        ({}, {}, {"phases": ("random",)}, "the phase table was left out"),
        ({"probe": "job.gone"}, {}, {}, "the probe job.gone was not sent"),
        ({"versions": read_versions("<1")}, {}, {}, "it is known for botocore <1, and this is 1.44.5"),
        ({"target": "url"}, {}, {}, "it is known for the target url, and this is embedded"),
    ],
)
def test_the_absence_of_a_finding_that_the_run_could_not_have_seen_says_nothing(
    wrong: RunResult,
    right: RunResult,
    entry: dict[str, object],
    run_: dict[str, object],
    plan: dict[str, object],
    why: str,
) -> None:
    result = replace(right, **run_)  # type: ignore[arg-type]

    compared = held(result, *known(wrong, **entry), plan=replace(PLAN, **plan))  # type: ignore[arg-type]

    assert compared.baseline is not None
    assert compared.baseline.passed == ()
    assert {unseen.why for unseen in compared.baseline.unseen} == {why}
    assert compared.verdict == result.verdict


def test_a_probe_that_was_throttled_says_nothing(wrong: RunResult, right: RunResult) -> None:
    operation = right.operations[FULL]
    throttled = dict.fromkeys(operation.probes, "refused:Throttling")
    result = replace(right, operations={FULL: replace(operation, probes=throttled)})

    compared = held(result, *known(wrong))

    assert compared.baseline is not None
    assert compared.baseline.passed == ()


@pytest.mark.parametrize(
    ("plan", "place", "passes"),
    [
        ({}, {}, True),
        ({"seed": 2}, {}, False),
        ({"max_examples": 21}, {}, False),
        ({}, {"drawn_by": "hypothesis 7"}, False),
    ],
)
def test_what_chance_drew_is_judged_by_the_same_chance_only(
    right: RunResult, plan: dict[str, object], place: dict[str, object], passes: bool
) -> None:
    seen = result_of(odd, phases=("random",))
    entries = known(seen)
    assert {(entry.phase, entry.seed, entry.examples) for entry in entries} == {("random", 1, 20)}

    compared = held(
        right,
        *entries,
        plan=replace(PLAN, **plan),  # type: ignore[arg-type]
        place=replace(PLACE, **place),  # type: ignore[arg-type]
    )

    assert compared.baseline is not None
    assert (compared.baseline.passed == entries, bool(compared.baseline.unseen)) == (passes, not passes)


@pytest.mark.parametrize("lost", [{"lacking": ("state pending",)}, {"withheld": 1}, {"throttled": 1}])
def test_random_cases_of_which_some_were_lost_say_nothing(right: RunResult, lost: dict[str, object]) -> None:
    entries = known(result_of(odd, phases=("random",)))

    compared = held(replace(right, **lost), *entries)  # type: ignore[arg-type]

    assert compared.baseline is not None
    assert {unseen.why for unseen in compared.baseline.unseen} == {"some cases could not be sent or were not looked at"}
    assert compared.baseline.passed == ()


# Bringing it up to date


def test_an_update_takes_in_what_is_new_with_a_place_for_the_reason(wrong: RunResult) -> None:
    update = update_baseline(PATH, wrong, plan=PLAN, place=PLACE, today=TODAY)

    assert {entry.fingerprint for entry in update.added} == {g.finding.fingerprint for g in wrong.findings}
    assert {(entry.reason, entry.first_seen) for entry in update.baseline.entries} == {(NO_REASON, TODAY)}
    assert held(wrong, *update.baseline.entries).verdict == "known"
    assert update.text.startswith("# What is known to be wrong")


def test_an_update_leaves_what_people_wrote_word_for_word(tmp_path: Path, wrong: RunResult) -> None:
    path = tmp_path / "b.toml"
    fresh = update_baseline(path, wrong, plan=PLAN, place=PLACE, today=TODAY).text
    mine = fresh.replace(NO_REASON, 'Zoë says \\"later\\"').replace("[[finding]]", "# ours\n[[finding]] # too")
    path.write_text(mine, "utf-8")

    compared = held(wrong, *read_baseline(path, "importexport").entries)
    update = update_baseline(path, compared, plan=PLAN, place=PLACE, today=TODAY + timedelta(days=9))

    assert update.text == mine
    assert (update.added, update.removed) == ((), ())


def test_an_update_removes_what_passed_and_keeps_what_was_not_seen(
    tmp_path: Path, wrong: RunResult, right: RunResult
) -> None:
    path = tmp_path / "b.toml"
    first = update_baseline(path, wrong, plan=PLAN, place=PLACE, today=TODAY)
    kept = "# not here\n[[finding]]\n" + "\n".join(
        ('fingerprint = "0123456789ab"', 'code = "reply-root"', f'operation = "{FULL}"', 'reason = "old"')
    )
    path.write_text(f'{first.text}\n{kept}\nfirst-seen = 2020-01-01\ntarget = "url"\n', "utf-8")

    compared = held(right, *read_baseline(path, "importexport").entries)
    update = update_baseline(path, compared, plan=PLAN, place=PLACE, today=TODAY)

    assert [entry.fingerprint for entry in update.removed] == [entry.fingerprint for entry in first.baseline.entries]
    assert [entry.fingerprint for entry in update.baseline.entries] == ["0123456789ab"]
    assert kept in update.text


def test_an_expired_entry_stays_and_is_not_written_twice(tmp_path: Path, wrong: RunResult) -> None:
    path = tmp_path / "b.toml"
    text = update_baseline(path, wrong, plan=PLAN, place=PLACE, today=TODAY).text
    path.write_text(text.replace("first-seen", "expires = 2020-01-01\nfirst-seen"), "utf-8")

    compared = held(wrong, *read_baseline(path, "importexport").entries)
    update = update_baseline(path, compared, plan=PLAN, place=PLACE, today=TODAY)

    assert statuses(compared) == {Status.EXPIRED}
    assert (update.added, update.text) == ((), path.read_text("utf-8"))


def test_flaky_findings_and_notes_are_not_taken_in(wrong: RunResult) -> None:
    flaky = replace(wrong, findings=tuple(replace(group, status=Status.FLAKY) for group in wrong.findings))
    inferred = (replace(g, finding=replace(g.finding, evidence=Evidence.INFERRED)) for g in wrong.findings)
    notes = replace(wrong, findings=tuple(inferred))

    for result in (flaky, notes):
        assert update_baseline(PATH, result, plan=PLAN, place=PLACE, today=TODAY).added == ()


def test_an_entry_that_does_not_begin_with_a_line_of_its_own_is_not_brought_up_to_date(
    tmp_path: Path, wrong: RunResult
) -> None:
    path = tmp_path / "b.toml"
    entry = "{ fingerprint = '0123456789ab', code = 'x', operation = 'o', reason = 'r', first-seen = 2026-11-26 }"
    path.write_text(f"schema = 'botoproof/baseline/1'\nservice = 'importexport'\nfinding = [{entry}]\n", "utf-8")
    compared = held(wrong, *read_baseline(path, "importexport").entries)

    with pytest.raises(BadConfiguration, match=r"each finding must begin with the line \[\[finding\]\]$"):
        update_baseline(path, compared, plan=PLAN, place=PLACE, today=TODAY)
