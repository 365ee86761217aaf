"""Which operations are in use: those that somebody lists, that code calls, and that recordings hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...contract.errors import BadConfiguration, close_names
from .answer import Scope
from .calls_in_code import CallsInCode, read_code
from .recorded import read_recorded

Operations = Callable[[str], Mapping[str, str]]
"""Gives the operations of a service with the names of their methods; of either release, empty when neither has it."""

# What boto3 adds to clients, and the operations that it makes of it; a service has those of them that it has.
_ADDED: Mapping[str, tuple[str, ...]] = {
    "upload": (
        *("PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload"),
        "HeadObject",
    ),
    "download": ("HeadObject", "GetObject"),
    "copy": (
        *("HeadObject", "CopyObject", "CreateMultipartUpload", "UploadPartCopy", "CompleteMultipartUpload"),
        *("AbortMultipartUpload", "GetObjectTagging", "PutObjectTagging"),
    ),
}
_METHODS: Mapping[str, str] = {
    **dict.fromkeys(("upload_file", "upload_fileobj"), "upload"),
    **dict.fromkeys(("download_file", "download_fileobj"), "download"),
    "copy": "copy",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """What is in use.

    Attributes:
        operations: ``service.Operation``.
        doubts: What could not be told, each with its place; what is in use may be more.
        notes: What was taken to be in use as a whole, and why.
        recordings: Files with recorded replies, each with a service that it holds some of.
    """

    operations: frozenset[str]
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    recordings: tuple[tuple[str, Path], ...] = ()

    @property
    def scope(self) -> Scope:
        """What is looked at for it."""
        services = tuple(sorted({name.partition(".")[0] for name in self.operations}))
        return Scope(services, self.operations, self.recordings)


def find_usage(
    listed: Sequence[str],
    code: Sequence[Path],
    recordings: Sequence[Path],
    operations: Operations,
    known: Iterable[str],
) -> Usage:
    """Return what is in use by any of the given means.

    Args:
        listed: ``service.Operation``, as somebody wrote them.
        code: Files and folders with Python.
        recordings: Files and folders with recordings.
        operations: Of a service.
        known: The services of both releases.

    Raises:
        BadConfiguration: Something listed does not exist, a path does not, or nothing at all is in use.
        BadCassette: A recording cannot be read.
    """
    known = tuple(known)
    found = {_listed(name, operations, known) for name in listed}
    doubts, notes = list[str](), list[str]()
    if code:
        of_code = used_by(read_code(code), operations)
        found |= of_code.operations
        doubts += of_code.doubts
        notes += of_code.notes
    files = frozenset[tuple[str, Path]]()
    if recordings:
        recorded = read_recorded(recordings)
        found |= recorded.operations
        doubts += recorded.doubts
        files = recorded.files
    if not found and not doubts:
        raise BadConfiguration("no operation is in use: neither a client's nor a recorded one was found")
    return Usage(frozenset(found), tuple(doubts), tuple(notes), tuple(sorted(files)))


def _listed(name: str, operations: Operations, known: Sequence[str]) -> str:
    service, dot, operation = name.partition(".")
    if not dot or not operation:
        raise BadConfiguration(f"an operation is written as SERVICE.Operation, got {name!r}")
    if service not in known:
        raise BadConfiguration(f"neither release has a service {service!r}; {close_names(service, known)}")
    names = operations(service)
    if operation not in names:
        raise BadConfiguration(f"{service} has no operation {operation!r}; {close_names(operation, names)}")
    return name


def used_by(code: CallsInCode, operations: Operations) -> Usage:
    """Return what code uses; more than it does rather than less, as it is not known which client a method is called on.

    Args:
        code: What is written there.
        operations: Of a service.
    """
    found, doubts, notes = set[str](), list(code.doubts), list[str]()
    for service, place in code.services.items():
        names = operations(service)
        if not names and service not in code.certain:
            continue  # a client of something else
        if not names:
            doubts.append(f"{place}: neither release has the service {service!r} that the code names")
            continue
        whole = service in code.resources
        added = {name for method, sort in _METHODS.items() if method in code.words for name in _ADDED[sort]}
        used = {name for name, method in names.items() if {name, method} & code.words or name in added}
        if whole or not used:
            why = "is used as a resource" if whole else "is made into a client on which no operation is called"
            notes.append(f"{place}: {service} {why}, so that all its operations count")
            used = set(names)
        found |= {f"{service}.{name}" for name in used}
    return Usage(frozenset(found), tuple(doubts), tuple(notes))
