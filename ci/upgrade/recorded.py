"""Which operations recordings hold, whoever made them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ...cassettes.format import read_file, read_text
from ...contract.adapters.models import read_operations
from ...contract.errors import UnknownService
from ...contract.recognise import Recogniser, recogniser
from ..held import named_services
from ..recordings import files_of

_REFUSED = 400


@dataclass(frozen=True, slots=True)
class RecordedUse:
    """What recordings hold.

    Attributes:
        operations: ``service.Operation``.
        files: Those that hold something of a service, with it.
        doubts: Where no operation could be told.
    """

    operations: frozenset[str]
    files: frozenset[tuple[str, Path]]
    doubts: tuple[str, ...]


def read_recorded(paths: Sequence[Path]) -> RecordedUse:
    """Return which operations recordings hold.

    Args:
        paths: Files, or folders that are searched for them.

    Raises:
        BadConfiguration: A path does not exist, or a folder holds none.
        BadCassette: A file is no recording.
    """
    found, files, doubts = set[str](), set[tuple[str, Path]](), list[str]()
    for file in files_of(paths):
        cassette = read_text(read_file(file), str(file))
        for number, recorded in enumerate(cassette.interactions, start=1):
            request = recorded.request
            names = dict.fromkeys(named_services(request, cassette))
            known = [(name, knows) for name in names if (knows := _recogniser(name)) is not None]
            told = next((f"{name}.{operation.name}" for name, knows in known if (operation := knows(request))), None)
            if told is not None:
                found.add(told)
                files.add((told.partition(".")[0], file))
            elif not known or recorded.reply.status < _REFUSED:
                # A service that knows a request for none of its operations refuses it, and nobody relies on that.
                doubts.append(f"{file}, interaction {number}: {request.method} {request.host} is for no operation")
    return RecordedUse(frozenset(found), frozenset(files), tuple(doubts))


@cache
def _recogniser(service: str) -> Recogniser | None:
    try:
        return recogniser(read_operations(service))
    except UnknownService:
        return None
