"""What is known about one kind of fault, beside its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Value = str | int | float
"""Of an argument: text, choices and codes; whole numbers and bytes; numbers, and seconds."""

Place = Literal["hook", "wire", "both"]
"""Which engine can make a fault."""

Effect = Literal["delay", "failure", "cut", "reply", "change", "delivery", "framing"]
"""What a fault does to an attempt.

``delay`` lets time pass, ``failure`` leaves the client without an answer that it could read, ``cut``
lets a part of the answer through, ``reply`` answers in the
service's stead, ``change`` spoils the service's own answer, ``delivery`` brings the request or the answer several
times, late or to somebody else, and ``framing`` sends the right answer in an unusual way.
"""

Executed = Literal["no", "yes", "either"]
"""Whether the request reaches the service."""

When = Literal["pre", "post"]
"""``pre``: the service has not executed the request. ``post``: it has, and its answer is lost or replaced."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument that a kind of fault takes.

    Attributes:
        name: As written in a plan.
        type: ``duration``, ``size``, ``whole``, ``number``, ``choice`` or ``text``.
        default: What holds when it is not given; None when there is no such value.
        required: Whether it must be given.
        least: The smallest number allowed, or None.
        most: The largest, or None.
        choices: Words that are allowed; beside a duration, words that may stand in its place.
    """

    name: str
    type: Literal["duration", "size", "whole", "number", "choice", "text"]
    default: Value | None = None
    required: bool = False
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault.

    Attributes:
        name: Stable and dull, e.g. ``reset.after_request``.
        rows: The rows of the taxonomy that it makes, e.g. ``6``: one for each way in which calls are known to fail.
        summary: What happens, in a sentence.
        effect: What it does to an attempt.
        place: Which engine can make it.
        executed: Whether the service executes the request.
        usual: Where both are possible, what holds unless a plan says otherwise; else the one that is.
        parameters: What it takes; the first may be given without its name.
        raises: The classes of `botocore.exceptions` of which one is raised; the first by the hook, any by the kernel.
        raises_before: A release of botocore and the classes raised by older ones, which took it for a failure.
        waits: Which of the client's time limits passes meanwhile: ``connect``, ``read`` or the empty string.
        observed: What botocore 1.44.5 made of it for a query-protocol operation, by default settings.
    """

    name: str
    rows: tuple[str, ...]
    summary: str
    effect: Effect
    place: Place
    executed: Executed
    usual: When
    parameters: tuple[Parameter, ...] = ()
    raises: tuple[str, ...] = ()
    raises_before: tuple[str, tuple[str, ...]] | None = None
    waits: Literal["connect", "read", ""] = ""
    observed: str = ""
