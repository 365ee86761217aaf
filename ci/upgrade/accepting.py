"""What is known and accepted of an upgrade: a file with fingerprints, reasons and days on which they expire."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

from ...contract.errors import BadConfiguration, close_names
from ...contract.finding import Severity
from .rules import RULES

_KEYS = ("fingerprint", "reason", "expires")
_TOP = ("accept", "severity")
_FINGERPRINT = re.compile(r"[0-9a-f]{12}")
SEVERITIES = tuple(severity.value for severity in Severity)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One accepted change, or one accepted finding with all its changes.

    Attributes:
        fingerprint: Its own.
        reason: Why it does not matter.
        expires: The last day on which it holds; None for ever.
    """

    fingerprint: str
    reason: str
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a file accepts on a day.

    Attributes:
        entries: What holds, by fingerprint.
        expired: What no longer does, and counts again, by fingerprint.
        severities: What rules weigh, where its user says so.
        path: The file; empty when there is none.
    """

    entries: Mapping[str, Acceptance] = field(default_factory=dict[str, Acceptance])
    expired: Mapping[str, Acceptance] = field(default_factory=dict[str, Acceptance])
    severities: Mapping[str, Severity] = field(default_factory=dict[str, Severity])
    path: str = ""

    def of(self, fingerprint: str) -> Acceptance | None:
        """Return what accepts a fingerprint, if anything does."""
        return self.entries.get(fingerprint)


def read_accepted(path: Path, today: date) -> Accepted:
    """Return what a file accepts.

    Args:
        path: TOML: ``[[accept]]`` with fingerprint, reason and perhaps expires; ``[severity]`` with RULE = "note".
        today: An entry holds up to the day that it names, and on that day.

    Raises:
        BadConfiguration: There is no such file, or something in it is not understood; the text names it and the key.
    """
    try:
        text = path.read_bytes().decode("utf-8")
        document = tomllib.loads(text)
    except FileNotFoundError:
        raise BadConfiguration(f"there is no accept file {str(path)!r}") from None
    except UnicodeDecodeError as wrong:
        raise BadConfiguration(f"{path}: not UTF-8 at byte {wrong.start}, as TOML must be") from None
    except tomllib.TOMLDecodeError as wrong:
        raise BadConfiguration(f"{path}: not TOML: {str(wrong)[:1].lower()}{str(wrong)[1:]}") from None
    except (OSError, ValueError, RecursionError) as wrong:
        told = getattr(wrong, "strerror", None) or wrong
        raise BadConfiguration(f"the accept file {str(path)!r} cannot be read: {told}") from None
    for key in document:
        if key not in _TOP:
            raise BadConfiguration(f"{path}: there is no key {key!r}; {close_names(key, _TOP)}")
    tables = document.get("accept", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadConfiguration(f"{path}: accept must be a list of tables, each written as [[accept]]")
    entries: dict[str, Acceptance] = {}
    for table in cast("list[dict[str, Any]]", tables):
        entry = _entry(path, table)
        if entry.fingerprint in entries:
            raise BadConfiguration(f"{path}: {entry.fingerprint} is accepted twice")
        entries[entry.fingerprint] = entry
    expired = {one.fingerprint: one for one in entries.values() if one.expires is not None and one.expires < today}
    holding = {name: one for name, one in entries.items() if name not in expired}
    return Accepted(holding, expired, _severities(path, document.get("severity", {})), str(path))


def _entry(path: Path, table: Mapping[str, Any]) -> Acceptance:
    mark = table.get("fingerprint")
    if not isinstance(mark, str) or not _FINGERPRINT.fullmatch(mark):
        raise BadConfiguration(f"{path}: the fingerprint of an [[accept]] must be 12 hex digits, got {mark!r}")
    where = f"{path}: [[accept]] {mark}"
    for key in table:
        if key not in _KEYS:
            raise BadConfiguration(f"{where}: there is no key {key!r}; {close_names(key, _KEYS)}")
    reason, expires = table.get("reason"), table.get("expires")
    if not isinstance(reason, str) or not reason.strip():
        raise BadConfiguration(f"{where}: reason must say why it is accepted, got {reason!r}")
    if expires is not None and type(expires) is not date:
        raise BadConfiguration(f"{where}: expires must be a date such as 2027-01-31, got {expires!r}")
    return Acceptance(mark, reason.strip(), expires)


def _severities(path: Path, table: Any) -> Mapping[str, Severity]:
    if not isinstance(table, dict):
        raise BadConfiguration(f'{path}: severity must be a table, written as [severity] and RULE = "note"')
    given = cast("dict[str, Any]", table)
    return {rule: read_severity(f"{path}: [severity]", rule, value) for rule, value in given.items()}


def read_severity(where: str, rule: str, value: Any) -> Severity:
    """Return the severity that somebody gives to a rule.

    Args:
        where: Where it stands, for messages.
        rule: The id of the rule.
        value: As written.

    Raises:
        BadConfiguration: There is no such rule, or no such severity; the text offers close names.
    """
    if rule not in RULES:
        raise BadConfiguration(f"{where}: there is no rule {rule!r}; {close_names(rule, RULES)}")
    if value not in SEVERITIES:
        raise BadConfiguration(
            f"{where}: {rule} must be {', '.join(SEVERITIES[:-1])} or {SEVERITIES[-1]}, got {value!r}"
        )
    return Severity(value)
