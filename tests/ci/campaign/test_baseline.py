"""Baselines: what is read, what is refused, and what a run says of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from botoproof.ci.campaign.baseline import NO_REASON, Baseline, Entry, Place, read_versions
from botoproof.ci.campaign.baseline_file import parse_baseline, read_baseline
from botoproof.ci.campaign.baseline_update import update_baseline
from botoproof.ci.campaign.comparing import compare
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


@pytest.mark.parametrize(
    ("condition", "version", "holds"),
    [
        (">=1.44,<1.45", "1.44.5", True),
        (">=1.44,<1.45", "1.45.0", False),
        (">=1.44 , < 1.45", "1.44", True),
        ("==1.44.5", "1.44.5", True),
        ("==1.44", "1.44.0", True),
        ("==1.44", "1.44.5", False),
        ("!=1.44.5", "1.44.5", False),
        (">1.9", "1.10", True),
        ("<=1.44.5", "1.44.5.dev1", True),
    ],
)
def test_versions_are_compared_by_their_numbers(condition: str, version: str, holds: bool) -> None:
    assert read_versions(condition).hold(version) is holds


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


# What is refused

ENTRY = """
[[finding]]
fingerprint = "0123456789ab"
code = "reply-root"
operation = "importexport.UpdateJob"
reason = "why"
first-seen = 2026-11-26
"""
HEAD = 'schema = "botoproof/baseline/1"\nservice = "importexport"\n'


def test_the_least_that_an_entry_must_say_is_enough() -> None:
    (entry,) = parse_baseline("b.toml", HEAD + ENTRY, "importexport").entries

    assert (entry.fingerprint, entry.subject, entry.phase, entry.expires) == ("0123456789ab", FULL, "table", None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("service =", "b.toml: not TOML: invalid value"),
        ('service = "importexport"', "b.toml: schema must be 'botoproof/baseline/1', got None"),
        (HEAD.replace("/1", "/2"), "b.toml: schema must be 'botoproof/baseline/1', got 'botoproof/baseline/2'"),
        (HEAD.replace("importexport", "sqs"), "b.toml is a baseline of 'sqs', and this run is about importexport"),
        (HEAD + "findings = 1", "b.toml: there is no key 'findings'; did you mean finding?"),
        (HEAD + "finding = 1", r"b.toml: finding must be a list of tables, each written as \[\[finding\]\]"),
        (HEAD + "[[finding]]", "b.toml: a finding's fingerprint must be 12 hex digits, got None"),
        (
            HEAD + ENTRY + "expire = 2027-01-01",
            "b.toml: finding 0123456789ab: there is no key 'expire'; did",
        ),
        (
            HEAD + ENTRY + 'expires = "soon"',
            "b.toml: finding 0123456789ab: expires must be a date such as 2027-01",
        ),
        (HEAD + ENTRY.replace('"why"', '" "'), "b.toml: finding 0123456789ab: reason must say why it is known"),
        (HEAD + ENTRY.replace('reason = "why"', ""), "b.toml: finding 0123456789ab: reason is missing"),
        (HEAD + ENTRY.replace('"why"', "7"), "b.toml: finding 0123456789ab: reason must be a string, got 7"),
        (
            HEAD + ENTRY + 'botocore = "1.44"',
            "b.toml: finding 0123456789ab: botocore must be like '>=1.44,<1.45', with >=, <=, ==, !=, >, < before each",
        ),
        (
            HEAD + ENTRY + 'target = "localhost"',
            "b.toml: finding 0123456789ab: target must be 'embedded', 'url' or a URL, got 'localhost'",
        ),
        (HEAD + ENTRY + ENTRY, "b.toml: finding 0123456789ab stands twice, on the same conditions"),
        (HEAD + ENTRY + "seed = true", "b.toml: finding 0123456789ab: seed must be a number, got True"),
    ],
)
def test_what_is_not_understood_is_told_with_file_entry_and_key(text: str, told: str) -> None:
    with pytest.raises(BadConfiguration, match=f"^{told}"):
        parse_baseline("b.toml", text, "importexport")


def test_the_same_finding_may_stand_twice_on_different_conditions() -> None:
    text = HEAD + ENTRY + 'target = "url"\n' + ENTRY

    assert len(parse_baseline("b.toml", text, "importexport").entries) == 2


@pytest.mark.parametrize(("content", "told"), [(None, "there is no baseline "), (b"\xff", ".*: not UTF-8 at byte 0")])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "b.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(BadConfiguration, match=f"^{told}"):
        read_baseline(path, "importexport")


def test_an_entry_that_does_not_begin_with_a_line_of_its_own_is_not_brought_up_to_date(
    tmp_path: Path, wrong: RunResult
) -> None:
    path = tmp_path / "b.toml"
    path.write_text(HEAD + "finding = [{ fingerprint = '0123456789ab', code = 'x', operation = 'o', reason = 'r', "
                    "first-seen = 2026-11-26 }]\n", "utf-8")  # fmt: skip
    compared = held(wrong, *read_baseline(path, "importexport").entries)

    with pytest.raises(BadConfiguration, match=r"each finding must begin with the line \[\[finding\]\]$"):
        update_baseline(path, compared, plan=PLAN, place=PLACE, today=TODAY)
