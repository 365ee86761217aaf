"""Baselines as files: what is read, what is written, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from botoproof.ci.campaign.baseline import As, read_versions
from botoproof.ci.campaign.baseline_file import parse_baseline, read_baseline
from botoproof.ci.campaign.baseline_update import write_entry
from botoproof.contract.errors import BadConfiguration

FULL = "importexport.UpdateJob"
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
        (
            HEAD + ENTRY + 'status = "accept"',
            "b.toml: finding 0123456789ab: there is no status 'accept'; did you",
        ),
        (
            HEAD + ENTRY + 'status = "flaky"',
            "b.toml: finding 0123456789ab: a flaky finding must have a day on",
        ),
        (HEAD + ENTRY + 'python = "3.12"', "b.toml: finding 0123456789ab: python must be like '>=1.44,<1.45', with"),
        (HEAD + ENTRY + 'world = "old"', "b.toml: finding 0123456789ab: world must be a table such as"),
        (HEAD + ENTRY + "seed = true", "b.toml: finding 0123456789ab: seed must be a number, got True"),
    ],
)
def test_what_is_not_understood_is_told_with_file_entry_and_key(text: str, told: str) -> None:
    with pytest.raises(BadConfiguration, match=f"^{told}"):
        parse_baseline("b.toml", text, "importexport")


@pytest.mark.parametrize(
    "condition",
    ['target = "url"', 'botocore = ">1"', 'python = ">3"', 'platform = "linux"', 'world = { era = "2010-06-03" }'],
)
def test_the_same_finding_may_stand_twice_on_different_conditions(condition: str) -> None:
    text = f"{HEAD}{ENTRY}{condition}\n{ENTRY}"

    assert len(parse_baseline("b.toml", text, "importexport").entries) == 2


def test_all_that_an_entry_can_say_is_read_and_what_is_written_is_read_again() -> None:
    said = """
    owner = "team-import"
    status = "accepted"
    expires = 2027-01-31
    botocore = ">=1.44"
    python = ">=3.12"
    platform = "linux"
    target = "url"
    intermittent = true
    seed = 7
    examples = 20
    drawn-by = "x"
    phase = "random"
    probe = "p"
    world = { era = "2010-06-03", buckets = { mine = {} }, jobs = ["A", "B"], until = 2026-11-26 }
    """
    (entry,) = parse_baseline("b.toml", HEAD + ENTRY + said, "importexport").entries

    (again,) = parse_baseline("b.toml", HEAD + write_entry(entry), "importexport").entries

    assert (entry.owner, entry.known_as, entry.platform) == ("team-import", As.ACCEPTED, "linux")
    assert entry.python == read_versions(">=3.12")
    assert again == entry


@pytest.mark.parametrize(("content", "told"), [(None, "there is no baseline "), (b"\xff", ".*: not UTF-8 at byte 0")])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "b.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(BadConfiguration, match=f"^{told}"):
        read_baseline(path, "importexport")


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
