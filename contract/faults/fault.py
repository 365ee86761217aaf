"""One fault: its kind and its arguments, which parse and print back."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import BadPlan, close_names
from .kind import FaultKind, Value
from .kinds import KINDS
from .values import settled, written

Arguments = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure, as data. Make it with `fault`, which settles the arguments, or from text.

    Attributes:
        kind: The name of its kind.
        arguments: Those that differ from what holds anyway, in the order of the kind's parameters; durations are
            seconds, sizes are bytes.
    """

    kind: str
    arguments: Arguments = ()

    def __post_init__(self) -> None:
        if self.arguments != settled_arguments(find_kind(self.kind), dict(self.arguments)):
            raise BadPlan(f"the arguments of {self.kind} are not settled: {self.arguments!r}; make faults with fault()")

    @property
    def described(self) -> FaultKind:
        """What is known about its kind."""
        return KINDS[self.kind]

    def value(self, name: str) -> Value | None:
        """Return the argument of that name, or what holds when it was not given; None where the kind takes none."""
        for given, value in self.arguments:
            if given == name:
                return value
        return next((one.default for one in self.described.parameters if one.name == name), None)

    def number(self, name: str) -> float:
        """Return the argument of that name, or what holds when it was not given, as a number.

        Raises:
            TypeError: It is none.
        """
        value = self.value(name)
        if isinstance(value, (int, float)):
            return value
        raise TypeError(f"{name} of {self} is no number")

    def __str__(self) -> str:
        parameters = {parameter.name: parameter for parameter in self.described.parameters}
        first = next(iter(parameters), None)
        texts = [
            ("" if name == first else f"{name}=") + written(parameters[name], value) for name, value in self.arguments
        ]
        return f"{self.kind}({', '.join(texts)})" if texts else self.kind


def fault(kind: str, **arguments: Value) -> Fault:
    """Return a fault of that kind.

    Args:
        kind: The name of a kind.
        arguments: What it takes; durations as text with a unit or as seconds.

    Raises:
        BadPlan: There is no such kind, or it does not take that; the text offers close names.

    >>> str(fault("status", code=503, body="html"))
    'status(503, body=html)'
    """
    return Fault(kind, settled_arguments(find_kind(kind), arguments))


def find_kind(name: str) -> FaultKind:
    """Return the kind of that name.

    Raises:
        BadPlan: There is none; the text offers close names.
    """
    if name not in KINDS:
        raise BadPlan(f"unknown fault {name!r}; {close_names(name, KINDS)}")
    return KINDS[name]


def settled_arguments(kind: FaultKind, given: dict[str, Value]) -> Arguments:
    """Return arguments as a fault keeps them: in order, settled, without what holds anyway.

    Raises:
        BadPlan: The kind does not take them, or they do not fit together.
    """
    values = {name: settled_argument(kind, name, value) for name, value in given.items()}
    for parameter in kind.parameters:
        if parameter.required and parameter.name not in values:
            raise BadPlan(f"{kind.name} needs {parameter.name}")
    arguments = tuple(
        (parameter.name, values[parameter.name])
        for parameter in kind.parameters
        if parameter.name in values and values[parameter.name] != parameter.default
    )
    if why := _at_odds(kind.name, dict(arguments)):
        raise BadPlan(f"{kind.name}: {why}")
    return arguments


def settled_argument(kind: FaultKind, name: str, value: Value) -> Value:
    """Return one argument as a fault keeps it.

    Raises:
        BadPlan: The kind does not take it.
    """
    for parameter in kind.parameters:
        if parameter.name == name:
            try:
                return settled(parameter, value)
            except ValueError as wrong:
                raise BadPlan(f"{kind.name}: {wrong}") from None
    names = [parameter.name for parameter in kind.parameters]
    takes = f"it takes {', '.join(names)}; {close_names(name, names)}" if names else "it takes nothing"
    raise BadPlan(f"{kind.name} has no argument {name!r}; {takes}")


_SHAPES = {"uniform": ("low", "high"), "lognormal": ("median", "p99")}


def _at_odds(kind: str, given: dict[str, Value]) -> str | None:
    """Return why these arguments do not fit together, or None."""
    if kind != "latency":
        return None
    shape = given.get("time")
    wanted = _SHAPES.get(str(shape), ())
    for name in wanted:
        if name not in given:
            return f"{shape} needs {' and '.join(wanted)}"
    for name in given:
        if name not in ("time", *wanted):
            return f"{name} has no meaning for {shape if wanted else 'a fixed time'}"
    if wanted and float(given[wanted[0]]) > float(given[wanted[1]]):
        return f"{wanted[0]} must not be above {wanted[1]}"
    return None
