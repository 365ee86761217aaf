"""The result of a shard as a file of JSON lines, `botoproof/shard/1`, which tells by itself whether it is whole.

The first line says what the shard is, then come a line for each case as it is judged, one for each finding, one with
the rest of the report, and at last one with the number and the digest of the lines before it. While the shard is under
way the file is called ``KEY.TOKEN.part``, and ``KEY.jsonl`` when it is done.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from ...contract.errors import BadConfiguration
from ..report.files import Unwritten
from .identity import Identity, read_identity
from .recorder import Place

SCHEMA = "botoproof/shard/1"
_FAMILY = "botoproof/shard/"
DONE, PART = ".jsonl", ".part"
_CASE = b'{"kind": "case"'


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding of a shard.

    Attributes:
        data: As the JSON report has it.
        place: Where its case has its place in the whole run.
        around: How often it was seen in no phase.
    """

    data: Mapping[str, Any]
    place: Place
    around: int = 0


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What a shard found out.

    Attributes:
        identity: What it follows from.
        report: The JSON report, without its findings.
        findings: In the order of the report.
        lacking: What was tried to be brought about, and could not be.
        probes: By operation, the number of each probe in the table.
        withheld_programs: How often all programs were held back.
        path: The file that it was read from, or empty.
        cases: How many lines the file has for cases.
    """

    identity: Identity
    report: Mapping[str, Any]
    findings: tuple[PlacedFinding, ...]
    lacking: tuple[str, ...] = ()
    probes: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    withheld_programs: int = 0
    path: str = ""
    cases: int = 0


@dataclass(frozen=True, slots=True)
class HalfWritten:
    """A file that breaks off.

    Attributes:
        path: The file.
        identity: Of the shard, or None when not even the first line is whole.
    """

    path: str
    identity: Identity | None


class ShardFile:
    """The file of a shard under way. A disk that is full is told at the end: until then the run has better to do."""

    def __init__(self, folder: Path, identity: Identity) -> None:
        """Begin it.

        Args:
            folder: Where it is to lie; made when there is none.
            identity: What the shard is.

        Raises:
            BadConfiguration: Nothing can be written there.
        """
        self.path = folder / f"{identity.key}{DONE}"
        self._part = folder / f"{identity.key}.{secrets.token_hex(4)}{PART}"
        self._digest = hashlib.sha256()
        self._lines = 0
        self._wrong: OSError | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._left = sorted(folder.glob(f"{identity.key}.*{PART}"))
            self._file: IO[bytes] = self._part.open("xb")
        except OSError as wrong:
            raise BadConfiguration(f"no shard can be kept in {folder}: {wrong.strerror or wrong}") from None
        self.line({"kind": "shard", "schema": SCHEMA, **identity.data()})

    def line(self, data: Mapping[str, Any]) -> None:
        """Add a line."""
        if self._wrong is not None:
            return
        text = json.dumps(data, allow_nan=False).encode() + b"\n"
        self._digest.update(text)
        self._lines += 1
        try:
            self._file.write(text)
        except OSError as wrong:
            self._wrong = wrong

    def finish(self, result: ShardResult) -> None:
        """Add what the shard found out, and give the file its name.

        Raises:
            Unwritten: The disk is full, or the folder has gone. What was written until then lies there as a part.
        """
        for found in result.findings:
            self.line({"kind": "finding", "place": found.place, "around": found.around, "finding": found.data})
        about = {"lacking": result.lacking, "probes": result.probes, "withheld_programs": result.withheld_programs}
        self.line({"kind": "report", "report": result.report, **about})
        self.line({"kind": "end", "lines": self._lines, "sha256": self._digest.hexdigest()})
        try:
            if self._wrong is not None:
                raise self._wrong
            self._file.flush()
            os.fsync(self._file.fileno())
            self._part.replace(self.path)
        except OSError as wrong:
            raise Unwritten(
                f"the result of shard {result.identity.shard} could not be written to {self.path}: "
                f"{wrong.strerror or wrong}; run the shard again where there is room"
            ) from None
        finally:
            self.close()
        for part in self._left:  # of runs of the same shard that came to no end
            part.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the file as it is."""
        with contextlib.suppress(OSError):  # what a full disk does not take is told already
            self._file.close()


def read_result(path: Path) -> ShardResult | HalfWritten:
    """Return what a file says.

    Raises:
        BadConfiguration: It cannot be read, or is no shard's; the text says what is wrong with it.
    """
    try:
        text = path.read_bytes()
    except OSError as wrong:
        raise BadConfiguration(f"the shard {str(path)!r} cannot be read: {wrong.strerror or wrong}") from None
    lines = text.splitlines(keepends=True)
    if not lines or not lines[0].endswith(b"\n"):
        if text and not b'{"kind": "shard"'.startswith(text[:16]):
            raise _no_shard(path)
        return HalfWritten(str(path), None)
    identity = _read_head(path, lines[0])
    if not _is_whole(lines):
        return HalfWritten(str(path), identity)
    return _read_lines(path, identity, lines[1:-1])


def _no_shard(path: Path) -> BadConfiguration:
    return BadConfiguration(
        f"{path} is not the result of a shard, as `botoproof run --shard K/N --shard-folder FOLDER` keeps it"
    )


def _read_head(path: Path, line: bytes) -> Identity:
    try:
        head = json.loads(line)
        schema = head["schema"]
    except (ValueError, KeyError, TypeError):
        raise _no_shard(path) from None
    if not str(schema).startswith(_FAMILY):
        raise _no_shard(path)
    if schema != SCHEMA:
        raise BadConfiguration(f"{path} is written as {schema!r}, and this version of botoproof reads {SCHEMA!r}")
    try:
        return read_identity(head)
    except (KeyError, TypeError, ValueError):
        raise _no_shard(path) from None


def _is_whole(lines: Sequence[bytes]) -> bool:
    try:
        end = json.loads(lines[-1])
        counted, digest = end["lines"], end["sha256"]
    except (ValueError, KeyError, TypeError):
        return False
    return (counted, digest) == (len(lines) - 1, hashlib.sha256(b"".join(lines[:-1])).hexdigest())


def _read_lines(path: Path, identity: Identity, lines: Sequence[bytes]) -> ShardResult:
    findings, cases, rest = list[PlacedFinding](), 0, dict[str, Any]()
    for line in lines:
        if line.startswith(_CASE):
            cases += 1
            continue
        data = json.loads(line)
        if data["kind"] == "finding":
            phase, operation, number = data["place"]
            findings.append(PlacedFinding(data["finding"], (phase, operation, number), data["around"]))
        elif data["kind"] == "report":
            rest = data
    return ShardResult(
        identity=identity,
        report=rest["report"],
        findings=tuple(findings),
        lacking=tuple(rest["lacking"]),
        probes=rest["probes"],
        withheld_programs=rest["withheld_programs"],
        path=str(path),
        cases=cases,
    )
