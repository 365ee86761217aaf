"""The table `[nightly]` of a configuration, held to what there is to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from ...contract.errors import BadConfiguration, close_names
from ..campaign.plan import MAX_EXAMPLES, MAX_PROGRAMS, MAX_REPLIES, PHASES
from ..history.store import FILE
from ..report.files import KINDS
from ..upgrade.packages import is_release
from ..upgrade.versions import INSTALLED, LATEST

FOLDER = ".botoproof/nights"
EMBEDDED = "embedded"
_REPORTS = ("html", "junit", "sarif", "markdown", "jsonl", "badge")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a night is to do.

    Attributes:
        folder: Where nights lie, each in a folder of its own.
        history: The file of the history.
        targets: ``embedded`` or URLs; empty for the one that is configured.
        sdks: Releases of the SDK: ``installed``, ``latest`` or numbers.
        services: botocore's names; empty for the one that is configured.
        phases: Of each run.
        shards: Parts of each run.
        seed: From which every choice of chance follows; None for one that follows from the night's name.
        max_examples: Random cases for each operation.
        max_programs: Programs of several requests.
        max_replies: Replies for each operation.
        max_time: Seconds for each shard, or None.
        max_jobs: Resources that each shard may make, or None for the usual number.
        rate: Requests a second of each shard, or None.
        allow_writes: Whether writes to a host of Amazon's are allowed.
        cassettes: Recordings, files or folders.
        record: Whether URLs are recorded, and compared with what they said the night before.
        upgrade: Whether the newest SDK is compared with that of the night before.
        baseline: Known findings, which do not count: a file, or None.
        accept: What is known of upgrades: a file, or None.
        reports: Kinds of reports.
        hook: The command that is told of issues, or None.
    """

    folder: str = FOLDER
    history: str = str(FILE)
    targets: tuple[str, ...] = ()
    sdks: tuple[str, ...] = ("installed",)
    services: tuple[str, ...] = ()
    phases: tuple[str, ...] = PHASES
    shards: int = 1
    seed: int | None = None
    max_examples: int = MAX_EXAMPLES
    max_programs: int = MAX_PROGRAMS
    max_replies: int = MAX_REPLIES
    max_time: float | None = None
    max_jobs: int | None = None
    rate: float | None = None
    allow_writes: bool = False
    cassettes: tuple[str, ...] = ()
    record: bool = True
    upgrade: bool = True
    baseline: str | None = None
    accept: str | None = None
    reports: tuple[str, ...] = _REPORTS
    hook: str | None = None


def read_settings(table: Mapping[str, Any], path: str) -> Settings:
    """Return what a table says; whatever it leaves out is as usual.

    Args:
        table: ``[nightly]``.
        path: The file, for messages.

    Raises:
        BadConfiguration: A key is not known, or a value is not what it should be.
    """
    read: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise BadConfiguration(f"{path}: [nightly] has no key {key!r}; {close_names(key, _KEYS)}")
        expected, is_right = _KEYS[key]
        if not is_right(value):
            raise BadConfiguration(f"{path}: nightly.{key} must be {expected}, got {value!r}")
        read[key.replace("-", "_")] = tuple(value) if isinstance(value, list) else value
    settings = Settings(**read)
    for key, words, known in (("phases", settings.phases, PHASES), ("reports", settings.reports, KINDS)):
        for word in words:
            if word not in known:
                raise BadConfiguration(f"{path}: nightly.{key} has {word!r}; {close_names(word, known)}")
    for given in settings.sdks:
        if given not in (INSTALLED, LATEST) and not is_release(given):
            raise BadConfiguration(
                f"{path}: nightly.sdks has {given!r}; expected installed, latest or a number such as 1.44.0"
            )
    return settings


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, cast("list[object]", value)))


def _is_some_texts(value: object) -> bool:
    return _is_texts(value) and bool(value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_above_zero(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < float("inf")


def _is_number_of_shards(value: object) -> bool:
    return _is_count(value) and cast("int", value) in range(1, 1001)


_TEXT = ("a text that is not empty", _is_text)
_TEXTS = ("a list of texts", _is_texts)
_SOME_TEXTS = ("a list of texts that is not empty", _is_some_texts)
_FLAG = ("true or false", _is_flag)
_COUNT = ("a whole number from 0 on", _is_count)
_NUMBER = ("a number above 0", _is_above_zero)
_KEYS: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "folder": _TEXT,
    "history": _TEXT,
    "targets": _SOME_TEXTS,
    "sdks": _SOME_TEXTS,
    "services": _SOME_TEXTS,
    "phases": _SOME_TEXTS,
    "shards": ("a whole number from 1 to 1000", _is_number_of_shards),
    "seed": _COUNT,
    "max-examples": _COUNT,
    "max-programs": _COUNT,
    "max-replies": _COUNT,
    "max-time": _NUMBER,
    "max-jobs": _COUNT,
    "rate": _NUMBER,
    "allow-writes": _FLAG,
    "cassettes": _TEXTS,
    "record": _FLAG,
    "upgrade": _FLAG,
    "baseline": _TEXT,
    "accept": _TEXT,
    "reports": _TEXTS,
    "hook": _TEXT,
}
