"""Recordings looked after: the files that a path names, and what is found out about each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from ..cassettes.format import BadCassette, Cassette, read_file, read_text, rules_of
from ..cassettes.key import KEY_VERSION, canonical
from ..cassettes.replay import CassetteMiss, Replayer
from ..cassettes.scan import secrets_in
from ..contract.adapters.models import read_operations
from ..contract.codec.query_reading import read_reply
from ..contract.errors import BadConfiguration, UnknownService
from ..contract.model import Operation
from ..contract.services import find_specification, specified_services

_ENDINGS = (".yaml", ".yml")


What = Literal[
    "recording-unreadable",
    "recording-key",
    "recording-reply",
    "recording-miss",
    "recording-unplayed",
    "recording-secret",
    "recording-age",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a recording.

    Attributes:
        path: The file.
        what: What is wrong; `botoproof explain` tells of each.
        number: The interaction's place in the file, from 1, or None.
        text: One sentence.
    """

    path: str
    what: What
    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What is known of one recording.

    Attributes:
        path: The file.
        provenance: Where it comes from, as a sentence; says so when the file does not.
        interactions: How many there are.
        played: How many of them were played.
        unknown: What could not be found out, each as a sentence.
        problems: What is wrong.
    """

    path: str
    provenance: str
    interactions: int
    played: int
    unknown: tuple[str, ...]
    problems: tuple[Problem, ...]


def files_of(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the recordings that `paths` name: files as they are, folders with all that is in them.

    Raises:
        BadConfiguration: A path does not exist, or a folder holds none.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(file for ending in _ENDINGS for file in path.rglob(f"*{ending}"))
            if not inside:
                raise BadConfiguration(f"the folder {path} holds no recordings (files that end in .yaml or .yml)")
            found.update(dict.fromkeys(inside))
        elif path.exists():
            found[path] = None
        else:
            raise BadConfiguration(f"there is no recording {path}")
    return tuple(found)


def read_together(path: Path) -> Cassette:
    """Return all interactions of a file or folder as one recording; the provenance is that of the first file.

    Raises:
        BadConfiguration: There is none, or names and addresses were taken out of some of the files only.
        BadCassette: A file cannot be read.
    """
    cassettes = [(file, read_text(read_file(file), str(file))) for file in files_of([path])]
    (_, first), *others = cassettes
    for file, one in others:
        if one.people != first.people:
            raise BadConfiguration(f"names and addresses were taken out of some files of {path} only, e.g. {file}")
    return replace(first, interactions=tuple(one for _, cassette in cassettes for one in cassette.interactions))


def read_couples(old: Path, new: Path) -> tuple[tuple[Cassette, Cassette], ...]:
    """Return which recordings are to be compared: files of two folders by their names there.

    The ids in one file may be those in the next, so that its requests would be taken for the other's. Where no names
    meet, all that is in one folder is held against all that is in the other.

    Raises:
        BadConfiguration: There are none.
        BadCassette: A file cannot be read.
    """
    if old.is_dir() and new.is_dir():
        before, after = ({file.relative_to(folder): file for file in files_of([folder])} for folder in (old, new))
        if before.keys() & after.keys():
            return tuple(_couple(before.get(name), after.get(name)) for name in sorted({*before, *after}))
    return ((read_together(old), read_together(new)),)


def _couple(old: Path | None, new: Path | None) -> tuple[Cassette, Cassette]:
    before, after = (read_text(read_file(file), str(file)) if file is not None else None for file in (old, new))
    nothing = Cassette(None, None, (), people=next(one.people for one in (before, after) if one is not None))
    return before or nothing, after or nothing


def provenance_of(cassette: Cassette) -> str:
    """Return where a recording comes from, for readers."""
    return str(cassette.provenance or "it does not say where it comes from")


def operations_of(cassette: Cassette) -> dict[str, Operation] | None:
    """Return the operations of a recording's service; None when the file does not say which, or nobody knows it."""
    if cassette.provenance is None:
        return None
    try:
        return {operation.name: operation for operation in read_operations(cassette.provenance.service)}
    except UnknownService:
        return None


def verify(file: Path) -> Verified:
    """Return what is known of a recording: whether it can be read, its keys, replies, playing, and secrets."""
    path = str(file)
    try:
        text = read_file(file)
        cassette = read_text(text, path)
    except BadCassette as wrong:
        return Verified(path, "unknown", 0, 0, (), (Problem(path, "recording-unreadable", None, str(wrong)),))
    unknown = list[str]()
    problems = [*_keys(path, cassette, unknown), *_replies(path, cassette, unknown)]
    played, unplayed = _played(path, cassette)
    problems += unplayed
    problems += scan(path, text)
    return Verified(path, provenance_of(cassette), len(cassette.interactions), played, tuple(unknown), tuple(problems))


def scan(path: str, text: str) -> tuple[Problem, ...]:
    """Return the secrets in a recording's text; only where they stand, never themselves."""
    return tuple(
        Problem(path, "recording-secret", None, f"what looks like a secret stands in {hit}") for hit in secrets_in(text)
    )


def too_old(path: str, cassette: Cassette, *, today: date, most: int) -> Problem | None:
    """Return what is wrong with a recording's age, or None; one without a day is of no known age."""
    if cassette.provenance is None:
        return Problem(path, "recording-age", None, "it does not say when it was recorded")
    recorded = cassette.provenance.recorded
    days = (today - recorded).days
    if days < 0:
        return Problem(path, "recording-age", None, f"it says that it was recorded on {recorded}, which is yet to come")
    if days > most:
        return Problem(
            path, "recording-age", None, f"it was recorded on {recorded}, {days} days ago (at most {most} are allowed)"
        )
    return None


def _keys(path: str, cassette: Cassette, unknown: list[str]) -> Iterator[Problem]:
    if cassette.key_version is None:
        unknown.append("it has no keys, so that nobody can tell whether it was edited by hand")
    elif cassette.key_version != KEY_VERSION:
        text = f"its keys are of version {cassette.key_version}; expected {KEY_VERSION}"
        yield Problem(path, "recording-key", None, text)
    for index in cassette.stale:
        key = cassette.interactions[index].key
        yield Problem(
            path, "recording-key", index + 1, f"the key beside it is not its own, which is {key}: it was edited by hand"
        )


def _replies(path: str, cassette: Cassette, unknown: list[str]) -> Iterator[Problem]:
    operations = operations_of(cassette)
    if operations is None:
        unknown.append("its replies are not decoded: it names no service that the installed botocore knows")
        return
    others = {operation.protocol for operation in operations.values()} - {"query"}
    if others:
        unknown.append(f"its replies are not decoded: there is no strict reader for the protocol {min(others)}")
        return
    service = next(iter(operations.values())).service
    namespaces = find_specification(service).namespaces if service in specified_services() else None
    unnamed = 0
    for number, one in enumerate(cassette.interactions, start=1):
        operation = operations.get(canonical(one.request, rules_of(people=cassette.people)).operation)
        # A refusal has the same form for every operation, so that any will do to read it by.
        if operation is None and one.reply.status >= 300:
            operation = next(iter(operations.values()))
        if operation is None:
            unnamed += 1
            continue
        for departure in read_reply(operation, one.reply, namespaces=namespaces).departures:
            text = f"its reply has {departure.observed} at {departure.path}; expected {departure.expected}"
            yield Problem(path, "recording-reply", number, f"{text} ({departure.code})")
    if unnamed:
        unknown.append(f"{unnamed} replies are not decoded: their requests name no operation of {service}")


def _played(path: str, cassette: Cassette) -> tuple[int, list[Problem]]:
    """Play a recording's own requests in its own order, and tell what is missed, answered wrongly, or left over."""
    replayer, problems = Replayer(cassette, repeats=False), list[Problem]()
    for number, one in enumerate(cassette.interactions, start=1):
        try:
            if replayer.answer(one.request) != one.reply:
                problems.append(Problem(path, "recording-miss", number, "its request is given another's reply"))
        except CassetteMiss as miss:
            problems.append(Problem(path, "recording-miss", number, str(miss)))
    for one in replayer.unplayed():
        number = cassette.interactions.index(one) + 1
        problems.append(Problem(path, "recording-unplayed", number, "none of the recorded requests plays it"))
    return replayer.hits, problems
