"""The plan of a night: targets x releases of the SDK x services, in shards; written, so that all machines agree."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...contract.errors import BadConfiguration
from ..report.files import OutputFile

SCHEMA = "botoproof/night-plan/1"
FILE = "plan.json"
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class PlannedSdk:
    """A release of the SDK.

    Attributes:
        given: As it is configured.
        version: Of botocore; empty when it cannot be had.
        why: Why it cannot.
    """

    given: str
    version: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """One run of a night.

    Attributes:
        service: botocore's name.
        target: ``embedded``, a URL, or empty for the one that is configured.
        sdk: Of which release.
        options: Of `botoproof run`, but for target, shard and configuration.
        shards: How many parts.
        about: What else its result follows from, in short.
    """

    service: str
    target: str
    sdk: PlannedSdk
    options: tuple[str, ...]
    shards: int
    about: str = ""

    @property
    def name(self) -> str:
        """A name for files; two runs of one night have two."""
        place = re.sub(r"[^A-Za-z0-9.]+", "-", self.target or "configured").strip("-")
        digest = digest_of(self.service, self.target, self.options, self.shards, self.about)
        return f"{self.service}-{place}-botocore-{self.sdk.version or self.sdk.given}-{digest}"


@dataclass(frozen=True, slots=True)
class NightPlan:
    """What a night is to do.

    Attributes:
        night: Its name.
        seed: From which every choice of chance follows.
        sdks: The releases.
        runs: The runs; none for a release that cannot be had.
    """

    night: str
    seed: int
    sdks: tuple[PlannedSdk, ...]
    runs: tuple[PlannedRun, ...]

    @property
    def newest(self) -> str:
        """The newest release, or empty when none can be had."""
        return max((sdk.version for sdk in self.sdks if sdk.version), key=_as_number, default="")


def digest_of(*parts: Any) -> str:
    """Return a short text that is another one for other parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:8]


def _as_number(version: str) -> tuple[int, ...]:
    return tuple(map(int, _NUMBER.findall(version)))


def seed_of(night: str) -> int:
    """Return the seed that follows from a night's name.

    >>> seed_of("2026-11-26")
    20261126
    """
    digits = night.replace("-", "")
    if digits.isdecimal() and digits.isascii() and len(digits) < 10:
        return int(digits)
    return int(hashlib.sha256(night.encode()).hexdigest()[:8], 16)


def write_plan(plan: NightPlan, folder: Path) -> None:
    """Write a plan into the folder of its night.

    Raises:
        Unwritten: The disk is full, or the folder has gone.
    """
    text = json.dumps({"schema": SCHEMA, **asdict(plan)}, indent=2, ensure_ascii=False)
    OutputFile("plan of the night", folder / FILE).write(text + "\n")


def read_plan(folder: Path) -> NightPlan:
    """Return the plan in the folder of a night.

    Raises:
        BadConfiguration: There is none, or it cannot be read.
    """
    path = folder / FILE
    try:
        data = json.loads(path.read_bytes())
        if data["schema"] != SCHEMA:
            raise BadConfiguration(f"{path} is written as {data['schema']!r}, and this version reads {SCHEMA!r}")
        return NightPlan(
            data["night"],
            data["seed"],
            tuple(PlannedSdk(**sdk) for sdk in data["sdks"]),
            tuple(_run(run) for run in data["runs"]),
        )
    except FileNotFoundError:
        raise BadConfiguration(f"there is no plan of this night, {path}; --step plan makes one") from None
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise BadConfiguration(f"{path} is no plan of a night: {wrong}") from None


def _run(data: Mapping[str, Any]) -> PlannedRun:
    sdk, options = PlannedSdk(**data["sdk"]), tuple(data["options"])
    return PlannedRun(data["service"], data["target"], sdk, options, data["shards"], data["about"])


def nights_before(folder: Path, night: str) -> Sequence[str]:
    """Return the names of the nights before one, newest first, as far as they have a plan."""
    names = [path.parent.name for path in folder.glob(f"*/{FILE}")]
    return sorted((name for name in names if name < night), reverse=True)


def nights_after(folder: Path, night: str) -> Sequence[str]:
    """Return the names of the nights that lie after one: a clock may have gone back."""
    names = [path.parent.name for path in folder.glob(f"*/{FILE}")]
    return sorted(name for name in names if name > night)
