from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from botoproof.ci.upgrade.accepting import Accepted, read_accepted
from botoproof.contract.errors import BadConfiguration
from botoproof.contract.finding import Severity

TODAY = date(2026, 11, 26)
MARK = "0123456789ab"


def read(folder: Path, text: str) -> Accepted:
    file = folder / "accept.toml"
    file.write_text(text, "utf-8")
    return read_accepted(file, TODAY)


def entry(*lines: str) -> str:
    return "\n".join(["[[accept]]", f'fingerprint = "{MARK}"', 'reason = "looked at"', *lines])


@pytest.mark.parametrize("expires", ["2026-11-26", "2027-01-31"])
def test_an_entry_holds_up_to_the_day_that_it_names(tmp_path: Path, expires: str) -> None:
    accepted = read(tmp_path, entry(f"expires = {expires}"))

    acceptance = accepted.of(MARK)
    assert acceptance is not None
    assert (acceptance.reason, str(acceptance.expires)) == ("looked at", expires)
    assert accepted.expired == {}


def test_an_entry_whose_day_has_passed_accepts_nothing_and_is_known_as_expired(tmp_path: Path) -> None:
    accepted = read(tmp_path, entry("expires = 2026-11-25"))

    assert accepted.of(MARK) is None
    assert list(accepted.expired) == [MARK]


def test_rules_can_weigh_otherwise(tmp_path: Path) -> None:
    accepted = read(tmp_path, '[severity]\nheader-removed = "note"\n')

    assert accepted.severities == {"header-removed": Severity.NOTE}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("accept = 1", "accept must be a list of tables, each written as [[accept]]"),
        ("x =", "not TOML: invalid value (at end of document)"),
        ("[[accepts]]", "there is no key 'accepts'; did you mean accept?"),
        ('[[accept]]\nreason = "x"', "the fingerprint of an [[accept]] must be 12 hex digits, got None"),
        ('[[accept]]\nfingerprint = "xyz"', "the fingerprint of an [[accept]] must be 12 hex digits, got 'xyz'"),
        (
            entry("until = 2027-01-01"),
            f"[[accept]] {MARK}: there is no key 'until'; known: expires, fingerprint, reason",
        ),
        (
            entry('expires = "2027-01-01"'),
            f"[[accept]] {MARK}: expires must be a date such as 2027-01-31, got '2027-01-01'",
        ),
        (f'[[accept]]\nfingerprint = "{MARK}"', f"[[accept]] {MARK}: reason must say why it is accepted, got None"),
        (
            f'[[accept]]\nfingerprint = "{MARK}"\nreason = " "',
            f"[[accept]] {MARK}: reason must say why it is accepted, got ' '",
        ),
        (f"{entry()}\n{entry()}", f"{MARK} is accepted twice"),
        ("severity = 1", 'severity must be a table, written as [severity] and RULE = "note"'),
        (
            '[severity]\nheader-remove = "note"',
            "[severity]: there is no rule 'header-remove'; did you mean header-removed",
        ),
        ("[severity]\nheader-removed = 1", "[severity]: header-removed must be error, warning or note, got 1"),
        ("[severity]\nheader-removed = []", "[severity]: header-removed must be error, warning or note, got []"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        read(tmp_path, text)

    assert str(refused.value).startswith(f"{tmp_path / 'accept.toml'}: {told}")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"there is no accept file '.*none\.toml'"):
        read_accepted(tmp_path / "none.toml", TODAY)


def test_a_folder_is_no_accept_file(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="cannot be read: Is a directory"):
        read_accepted(tmp_path, TODAY)


def test_what_is_not_utf8_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "accept.toml").write_bytes(b"a\xff")

    with pytest.raises(BadConfiguration, match="not UTF-8 at byte 1"):
        read_accepted(tmp_path / "accept.toml", TODAY)
