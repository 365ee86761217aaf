"""What a mark `every_fault` says about a test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, NoReturn

import botocore.exceptions
import botocore.parsers

from ...contract.adapters.models import read_operation
from ...contract.errors import BadConfiguration, close_names
from ...contract.model import Operation
from .calls import Call

Named = type[BaseException] | str
"""An exception: its class, or the class's name, as those of `client.exceptions` cannot be imported."""

_OPERATION = re.compile(r"(?P<service>[^.#]+)\.(?P<operation>[^.#]+)(?:#(?P<number>\d{1,4}))?")
LIMIT = 100
"""Of calls of one operation in one run, where attempts of the mark are fewer; a loop that never gives up ends here."""

_HARMLESS = (
    "BatchGet", "Check", "Count", "Describe", "Estimate", "Filter", "Get", "Head", "List", "Lookup", "Preview", "Query",
    "Scan", "Search", "Select", "Simulate", "Test", "Validate", "Verify",
)  # fmt: skip
"""How the names of operations begin that change nothing."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What a mark says.

    Attributes:
        calls: The calls that are struck also when no earlier run has seen them.
        survives: Exceptions by which the code may end under a fault.
        unknown: Those by which it says that it does not know whether the service did it.
        idempotent: Operations that may take effect several times.
        attempts: How many attempts of one operation may be made; None for none, but for `LIMIT`.
        deadline: Seconds that a run may take, by the virtual clock; None for no limit.
        depth: Whether calls that are only made under a fault are struck too: 1, or 0.
    """

    calls: tuple[Call, ...] = ()
    survives: tuple[Named, ...] = ()
    unknown: tuple[Named, ...] = ()
    idempotent: tuple[str, ...] = ()
    attempts: int | None = None
    deadline: float | None = None
    depth: int = 1

    def is_harmless(self, operation: Operation) -> bool:
        """Whether an operation may take effect several times: it changes nothing, or is said to bear it."""
        return (
            operation.name in self.idempotent
            or str(operation) in self.idempotent
            or operation.name.startswith(_HARMLESS)
        )


def has_token(operation: Operation) -> bool:
    """Whether a service can tell that attempts belong to one call: botocore sends the same token with all of them."""
    return bool(operation.declared.idempotent_members)


def read_mark(arguments: tuple[Any, ...], options: Mapping[str, Any]) -> Marked:
    """Return what a mark with these arguments says.

    Args:
        arguments: Operations, such as ``importexport.UpdateJob`` or, for another call than the first, with ``#1``.
        options: The fields of `Marked` beside `calls`.

    Raises:
        BadConfiguration: An argument is of no use; the text says what was expected.
        UnknownService: The installed botocore does not have that service.
        UnknownOperation: The service does not have that operation.
    """
    known = [field.name for field in fields(Marked) if field.name != "calls"]
    for name in options:
        if name not in known:
            _wrong(f"has no argument {name!r}; {close_names(name, known)}")
    calls = tuple(dict.fromkeys(_call(text) for text in arguments))
    survives = _named("survives", options.get("survives", ()), calls)
    unknown = _named("unknown", options["unknown"], calls) if "unknown" in options else _says_so(survives)
    return Marked(
        calls,
        (*survives, *(one for one in unknown if one not in survives)),
        unknown,
        _idempotent(options.get("idempotent", ())),
        _number("attempts", options.get("attempts"), whole=True, least=1),
        _number("deadline", options.get("deadline"), whole=False, least=0),
        _depth(options.get("depth", 1)),
    )


def _wrong(what: str) -> NoReturn:
    raise BadConfiguration(f"the mark every_fault {what}")


def _call(text: Any) -> Call:
    found = _OPERATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        _wrong(f"takes operations such as 'sqs.SendMessage' or, for its second call, 'sqs.SendMessage#1', got {text!r}")
    operation = read_operation(found["service"], found["operation"])
    return Call(operation.service, operation.name, int(found["number"] or 0))


def _named(name: str, given: Any, calls: tuple[Call, ...]) -> tuple[Named, ...]:
    if isinstance(given, (str, type)):
        given = (given,)
    if not isinstance(given, Iterable):
        _wrong(f"takes exceptions for {name}, got {given!r}")
    found: list[Named] = []
    for one in given:
        if isinstance(one, str):
            _check_name(name, one, calls)
        elif not (isinstance(one, type) and issubclass(one, BaseException)):
            _wrong(f"takes classes of exceptions, or their names, for {name}; got {one!r}")
        found.append(one)
    return tuple(found)


def _check_name(place: str, name: str, calls: tuple[Call, ...]) -> None:
    """Complain about a name that neither botocore nor the services of the mark know; without any, all may be."""
    modelled = {error.name for call in calls for error in read_operation(call.service, call.operation).service_errors}
    known = modelled | _OF_BOTOCORE
    if calls and name not in known:
        _wrong(
            f"names {name!r} for {place}, which neither botocore nor the services of the mark raise: "
            f"{close_names(name, known)} (give exceptions of your own as classes)"
        )


_OF_BOTOCORE = {
    name
    for module in (botocore.exceptions, botocore.parsers)
    for name, value in vars(module).items()
    if isinstance(value, type) and issubclass(value, Exception)
}


def _says_so(survives: tuple[Named, ...]) -> tuple[Named, ...]:
    """Return the exceptions that say by their name that an outcome is unknown."""
    return tuple(one for one in survives if "unknown" in _name(one).casefold())


def _name(one: Named) -> str:
    return one if isinstance(one, str) else one.__name__


def is_one_of(error: BaseException, named: Iterable[Named]) -> bool:
    """Whether an exception is of one of these classes, or of one that is called so."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return any(one in names if isinstance(one, str) else isinstance(error, one) for one in named)


def _idempotent(given: Any) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) else given
    if not isinstance(names, (tuple, list, set, frozenset)) or not all(isinstance(name, str) for name in names):
        _wrong(f"takes names of operations for idempotent, got {given!r}")
    return tuple(names)


def _number(name: str, given: Any, *, whole: bool, least: float) -> Any:
    if given is None:
        return None
    kinds = (int,) if whole else (int, float)
    if isinstance(given, bool) or not isinstance(given, kinds) or given < least:
        _wrong(f"takes a {'whole number' if whole else 'number'} of at least {least} for {name}, got {given!r}")
    return given


def _depth(given: Any) -> int:
    if isinstance(given, bool) or given not in (0, 1):
        _wrong(f"takes 0 or 1 for depth, got {given!r}")
    return int(given)
