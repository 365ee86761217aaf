"""A baseline as a file: TOML that people read and edit, held to what there is to say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from ...contract.errors import BadConfiguration, close_names
from .baseline import SCHEMA, As, Baseline, Entry, Versions, read_versions

_TOP = ("schema", "service", "finding")
_REQUIRED = ("fingerprint", "code", "operation", "reason", "first-seen")
_KEYS = (
    *_REQUIRED,
    *("title", "expires", "botocore", "target", "phase", "subject", "probe", "seed", "examples", "drawn-by"),
    *("intermittent", "owner", "status", "python", "platform", "world"),
)
_FINGERPRINT = re.compile(r"[0-9a-f]{12}")
_OPENING = re.compile(r"[ \t]*\[\[[ \t]*finding[ \t]*\]\]")


def read_baseline(path: Path, service: str) -> Baseline:
    """Return the baseline that stands in a file.

    Args:
        path: The file.
        service: The service that the run is about.

    Raises:
        BadConfiguration: There is none, it is another service's, or something in it is not understood; the text names
            the file, the entry and the key, and what was expected.
    """
    return parse_baseline(str(path), read_text(path), service)


def read_text(path: Path) -> str:
    """Return the text of a baseline; raises `BadConfiguration` when it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise BadConfiguration(f"there is no baseline {str(path)!r}; --update-baseline writes one") from None
    except UnicodeDecodeError as wrong:
        raise BadConfiguration(f"{path}: not UTF-8 at byte {wrong.start}, as TOML must be") from None
    except (OSError, ValueError) as wrong:
        told = getattr(wrong, "strerror", None) or wrong
        raise BadConfiguration(f"the baseline {str(path)!r} cannot be read: {told}") from None


def _parse(path: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        told = str(wrong)
        raise BadConfiguration(f"{path}: not TOML: {told[:1].lower()}{told[1:]}") from None
    except RecursionError:
        raise BadConfiguration(f"{path}: not TOML: nested too deep") from None


def parse_baseline(path: str, text: str, service: str) -> Baseline:
    """Return what the text of a file says; see `read_baseline`."""
    document = _parse(path, text)
    schema = document.get("schema")
    if schema != SCHEMA:
        raise BadConfiguration(f"{path}: schema must be {SCHEMA!r}, got {schema!r}; it is no baseline of this version")
    for key in document:
        if key not in _TOP:
            raise BadConfiguration(f"{path}: there is no key {key!r}; {close_names(key, _TOP)}")
    if document.get("service") != service:
        raise BadConfiguration(f"{path} is a baseline of {document.get('service')!r}, and this run is about {service}")
    tables = document.get("finding", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadConfiguration(f"{path}: finding must be a list of tables, each written as [[finding]]")
    entries = tuple(_entry(path, table) for table in cast("list[dict[str, Any]]", tables))
    seen: set[tuple[str, ...]] = set()
    for entry in entries:
        same = (entry.fingerprint, *entry.conditions)
        if same in seen:
            raise BadConfiguration(f"{path}: finding {entry.fingerprint} stands twice, on the same conditions")
        seen.add(same)
    return Baseline(path, service, entries)


@dataclass(frozen=True, slots=True)
class _Table:
    """An entry of the file, with its place for messages."""

    where: str
    entries: Mapping[str, Any]

    def of(self, key: str, kind: type, told: str) -> Any:
        value = self.entries.get(key)
        if value is not None and type(value) is not kind:
            raise BadConfiguration(f"{self.where}: {key} must be {told}, got {value!r}")
        return value

    def text(self, key: str) -> str:
        return self.of(key, str, "a string") or ""

    def versions(self, key: str) -> Versions | None:
        text = self.text(key)
        try:
            return read_versions(text) if text else None
        except BadConfiguration as wrong:
            raise BadConfiguration(f"{self.where}: {key} {wrong}") from None

    def day(self, key: str) -> date | None:
        value = self.entries.get(key)
        return value.date() if isinstance(value, datetime) else self.of(key, date, "a date such as 2027-01-31")


def _entry(path: str, entries: Mapping[str, Any]) -> Entry:
    fingerprint = entries.get("fingerprint")
    if not isinstance(fingerprint, str) or not _FINGERPRINT.fullmatch(fingerprint):
        raise BadConfiguration(f"{path}: a finding's fingerprint must be 12 hex digits, got {fingerprint!r}")
    table = _Table(f"{path}: finding {fingerprint}", entries)
    for key in entries:
        if key not in _KEYS:
            raise BadConfiguration(f"{table.where}: there is no key {key!r}; {close_names(key, _KEYS)}")
    for key in _REQUIRED:
        if key not in entries:
            raise BadConfiguration(f"{table.where}: {key} is missing")
    first_seen, operation, expires = table.day("first-seen"), table.text("operation"), table.day("expires")
    if first_seen is None:
        raise BadConfiguration(f"{table.where}: first-seen is missing")
    if not table.text("reason").strip():
        raise BadConfiguration(f"{table.where}: reason must say why it is known")
    known_as = _known_as(table)
    if known_as is As.FLAKY and expires is None:
        raise BadConfiguration(f"{table.where}: a flaky finding must have a day on which it expires")
    return Entry(
        fingerprint=fingerprint,
        code=table.text("code"),
        operation=operation,
        title=table.text("title"),
        reason=table.text("reason"),
        first_seen=first_seen,
        expires=expires,
        versions=table.versions("botocore"),
        target=_target(table),
        phase=table.text("phase") or "table",
        subject=table.text("subject") or operation,
        probe=table.text("probe"),
        seed=table.of("seed", int, "a number"),
        examples=table.of("examples", int, "a number"),
        drawn_by=table.text("drawn-by"),
        intermittent=table.of("intermittent", bool, "true or false") or False,
        owner=table.text("owner"),
        known_as=known_as,
        python=table.versions("python"),
        platform=table.text("platform"),
        world=table.of("world", dict, 'a table such as { era = "2010-06-03" }') or {},
    )


def _known_as(table: _Table) -> As:
    status = table.text("status") or As.KNOWN.value
    try:
        return As(status)
    except ValueError:
        names = [one.value for one in As]
        raise BadConfiguration(f"{table.where}: there is no status {status!r}; {close_names(status, names)}") from None


def _target(table: _Table) -> str | None:
    target = table.text("target").rstrip("/")
    if target and target not in ("embedded", "url") and "://" not in target:
        raise BadConfiguration(f"{table.where}: target must be 'embedded', 'url' or a URL, got {target!r}")
    return target or None
