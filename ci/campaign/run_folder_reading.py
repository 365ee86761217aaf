"""Run folders read again: the cases of a run's findings, and where it took place."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ...contract.case import Case
from ...contract.case_data import NotData, read_case
from ...contract.errors import BadConfiguration, close_names
from ...contract.finding import Evidence
from ...contract.program import Program
from ...contract.program_data import read_program
from ..report.payload import REDACTED
from .run_folder import RUN_FILE, RUNS, SCHEMA

_PREFIX = re.compile(r"[0-9a-f]{6,12}")
_FINGERPRINT = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """A finding of an earlier run.

    Attributes:
        fingerprint: Of the finding.
        code: Of its kind.
        title: Of its kind.
        operation: In full.
        is_note: Whether it did not count, on its evidence.
        beside: Fingerprints of the other findings in the same case.
        case: What showed it, with placeholders for ids; None when it could not be kept.
        why: Why it could not, or empty.
        program: What showed it when it took more than one case.
    """

    fingerprint: str
    code: str
    title: str
    operation: str
    is_note: bool
    beside: frozenset[str]
    case: Case | None
    why: str = ""
    program: Program | None = None


@dataclass(frozen=True, slots=True)
class KeptRun:
    """An earlier run.

    Attributes:
        folder: Where it lies.
        service: botocore's name of the service.
        botocore: The version that it was made with.
        endpoint: The URL, or None for the embedded endpoint.
        region: Of the scope of its signatures.
        published: Whether AWS's example key signed its requests.
        time_limit: Seconds for a reply.
        seed: Of its random cases.
        evidence: Findings on weaker evidence are notes.
        world: The table ``[world]`` as configured, or None when it held secrets, which are not kept.
        findings: In the order of its reports.
    """

    folder: Path
    service: str
    botocore: str
    endpoint: str | None
    region: str
    published: bool
    time_limit: float
    seed: int
    evidence: Evidence
    world: Mapping[str, Any] | None
    findings: tuple[KeptFinding, ...]


def find_run(wish: str, runs: Path = RUNS) -> tuple[KeptRun, tuple[KeptFinding, ...]]:
    """Return the run that a folder or a fingerprint names, and those of its findings that are meant.

    Args:
        wish: A folder; or the beginning of a fingerprint, for the newest run with such a finding.
        runs: Where run folders lie.

    Raises:
        BadConfiguration: There is no such folder or finding, or the folder cannot be read.
    """
    folder = Path(wish)
    if folder.is_dir():
        run = read_run_folder(folder)
        return run, run.findings
    if not _PREFIX.fullmatch(wish):
        raise BadConfiguration(
            f"there is no folder {wish!r}, and it is no fingerprint: 12 hex digits, of which 6 will do"
        )
    folders = _newest_first(runs)
    seen: set[str] = set()
    for place in folders:
        names = {file.stem for file in place.iterdir() if _FINGERPRINT.fullmatch(file.stem)}
        found = sorted(name for name in names if name.startswith(wish))
        if len(found) > 1:
            raise BadConfiguration(f"in {place}, {wish} can mean {' or '.join(found)}; write more of it")
        if found:
            run = read_run_folder(place)
            return run, tuple(kept for kept in run.findings if kept.fingerprint == found[0])
        seen |= names
    if not folders:
        raise BadConfiguration(f"there is no run folder in {runs} here in which to look for the finding {wish}")
    raise BadConfiguration(
        f"none of the {len(folders)} run folders in {runs} holds a finding {wish}; {close_names(wish, seen)}"
    )


def _newest_first(runs: Path) -> list[Path]:
    places = [place for place in runs.iterdir() if (place / RUN_FILE).is_file()] if runs.is_dir() else []
    return sorted(places, reverse=True)


def read_run_folder(folder: Path) -> KeptRun:
    """Return the run that lies in a folder.

    Raises:
        BadConfiguration: It is no run folder, one of another version, or broken; the text names the file.
    """
    path = folder / RUN_FILE
    if not path.is_file():
        raise BadConfiguration(f"{folder} is no run folder: it has no {RUN_FILE}")
    table = _read(path)
    schema = table.get("schema")
    if schema != SCHEMA:
        raise BadConfiguration(f"{path}: schema is {schema!r}, and this version of botoproof reads {SCHEMA!r} only")
    target = _of(path, table, "target", dict)
    endpoint = target.get("endpoint")
    world = _of(path, table, "world", dict)
    evidence = _of(path, table, "evidence", str)
    if evidence not in [line.value for line in Evidence]:
        raise BadConfiguration(f"{path}: evidence must be documented, observed or inferred, got {evidence!r}")
    names = _of(path, table, "findings", list)
    for name in names:
        if not isinstance(name, str) or not _FINGERPRINT.fullmatch(name):
            raise BadConfiguration(f"{path}: findings must be fingerprints of 12 hex digits, got {name!r}")
    return KeptRun(
        folder=folder,
        service=_of(path, table, "service", str),
        botocore=_of(path, _of(path, table, "tool", dict), "botocore", str),
        endpoint=None if endpoint is None else _of(path, target, "endpoint", str),
        region=_of(path, target, "region", str),
        published=_of(path, table, "published_key", bool),
        time_limit=float(_of(path, table, "time_limit", float, int)),
        seed=_of(path, table, "seed", int),
        evidence=Evidence(evidence),
        world=None if REDACTED in json.dumps(world) else world,
        findings=tuple(_finding(folder / f"{name}.json") for name in names),
    )


def _finding(path: Path) -> KeptFinding:
    table = _read(path)
    kind = table.get("kind")
    case, program, why = None, None, ""
    try:
        if kind == "case":
            case = read_case(table.get("case"))
        elif kind == "program":
            program = read_program(table.get("program"))
        elif kind is None:
            why = _of(path, table, "why", str)
        else:
            raise BadConfiguration(f"{path}: kind must be 'case', 'program' or null, got {kind!r}")
    except NotData as wrong:
        raise BadConfiguration(f"{path} is broken: {wrong}") from None
    return KeptFinding(
        fingerprint=_of(path, table, "fingerprint", str),
        code=_of(path, table, "code", str),
        title=_of(path, table, "title", str),
        operation=_of(path, table, "operation", str),
        is_note=table.get("severity") == "note",
        beside=frozenset(map(str, _of(path, table, "beside", list))),
        case=case,
        why=why,
        program=program,
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except OSError as wrong:
        raise BadConfiguration(f"{path} cannot be read: {wrong.strerror}") from None
    except (ValueError, RecursionError) as wrong:
        raise BadConfiguration(f"{path} is broken: not JSON: {wrong}") from None
    if not isinstance(data, dict):
        raise BadConfiguration(f"{path} is broken: it must hold a map, got {type(data).__name__}")
    return cast("dict[str, Any]", data)


def _of(path: Path, table: Mapping[str, Any], key: str, *kinds: type) -> Any:
    value = table.get(key)
    if type(value) not in kinds:
        wanted = " or ".join(kind.__name__ for kind in kinds)
        got = type(value).__name__ if key in table else "nothing"
        raise BadConfiguration(f"{path} is broken: {key} must be of type {wanted}, got {got}")
    return value
