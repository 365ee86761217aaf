"""Values of arguments as a plan writes them: durations with a unit, sizes with a unit, numbers, words."""

from __future__ import annotations

import json
import math
import re
from fractions import Fraction

from ..errors import close_names
from .kind import Parameter, Value

_DURATIONS = {
    "h": Fraction(3600),
    "m": Fraction(60),
    "s": Fraction(1),
    "ms": Fraction(1, 10**3),
    "us": Fraction(1, 10**6),
}
_SIZES = {"GB": Fraction(10**9), "MB": Fraction(10**6), "kB": Fraction(10**3), "B": Fraction(1)}
_UNITS = {"duration": _DURATIONS, "size": _SIZES, "whole": {"": Fraction(1)}, "number": {"": Fraction(1)}}
_QUANTITY = re.compile(r"([+-]?\d+(?:\.\d+)?)([A-Za-z]*)")
_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/-]*")


def settled(parameter: Parameter, value: Value) -> Value:
    """Return `value` as it is kept: durations as seconds, sizes as bytes.

    Args:
        parameter: What the value is for.
        value: A text is read as a plan would write it.

    Raises:
        ValueError: It is not one, or beyond its limits; the text says what was expected.

    >>> settled(Parameter("time", "duration"), "50ms")
    0.05
    """
    if isinstance(value, str) and (value in parameter.choices or parameter.type == "text"):
        return value
    if parameter.type == "choice":
        raise ValueError(f"{parameter.name} has no choice {value!r}; {close_names(str(value), parameter.choices)}")
    number = _number(parameter.type, value)
    if number is None or (parameter.type in ("whole", "size") and number.denominator != 1):
        raise ValueError(f"{parameter.name} must be {expected(parameter)}, got {value!r}")
    # Microseconds are the finest that a plan can write.
    kept: int | float = int(number) if number.denominator == 1 else float(round(number, 6))
    below = parameter.least is not None and kept < parameter.least
    if below or (parameter.most is not None and kept > parameter.most):
        raise ValueError(f"{parameter.name} must be {expected(parameter)}, got {written(parameter, kept)}")
    return kept


def _number(kind: str, value: Value) -> Fraction | None:
    if isinstance(value, bool) or kind not in _UNITS:
        return None
    if isinstance(value, (int, float)):
        return Fraction(str(value)) if math.isfinite(value) else None
    match = _QUANTITY.fullmatch(value)
    if match is None:
        return None
    size = _UNITS[kind].get(match[2])
    if size is None:
        return Fraction(0) if not match[2] and not Fraction(match[1]) else None
    return Fraction(match[1]) * size


def expected(parameter: Parameter) -> str:
    """Return in words what a parameter takes."""
    words = {
        "duration": "a duration such as 50ms or 2s",
        "size": "a size such as 64B or 20MB",
        "whole": "a whole number",
        "number": "a number",
        "choice": "",
        "text": "a text",
    }[parameter.type]
    if parameter.least is not None:
        words += f", at least {written(parameter, parameter.least)}"
    if parameter.most is not None:
        words += f", at most {written(parameter, parameter.most)}"
    choices = " or ".join(parameter.choices)
    return f"{words}, or {choices}" if words and choices else words or choices


def written(parameter: Parameter, value: Value) -> str:
    """Return `value` as a plan writes it.

    >>> written(Parameter("time", "duration"), 0.05)
    '50ms'
    """
    if isinstance(value, str):
        return value if _WORD.fullmatch(value) else json.dumps(value)
    exact = round(Fraction(str(value)), 6)
    units = _UNITS.get(parameter.type, _UNITS["number"])
    if exact == 0 or "" in units:
        none = {"duration": "0s", "size": "0B"}.get(parameter.type, "0")
        return (
            none if exact == 0 else str(int(exact)) if exact.denominator == 1 else format(float(exact), "f").rstrip("0")
        )
    return next(f"{exact / size}{unit}" for unit, size in units.items() if (exact / size).denominator == 1)
