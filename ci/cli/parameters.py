"""Kinds of values that options take, beside click's own."""

from __future__ import annotations

import math
from collections.abc import Sequence

import click
from click.core import ParameterSource

from ...contract.errors import close_names

_DIGITS = 100  # far more than a seed needs, and fewer than int() refuses


class AboveZero(click.ParamType):  # type: ignore[type-arg] # generic from click 8.5 only
    """A number above 0, and neither infinite nor NaN."""

    name = "number"

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number that was written."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 < number < math.inf:
            self.fail(f"must be a number above 0, got {value!r}", param, ctx)
        return number


class AtLeastZero(click.ParamType):  # type: ignore[type-arg] # as above
    """A whole number from 0 on."""

    name = "number"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number that was written."""
        text = str(value).strip()
        if not text.removeprefix("-").isdecimal() or not text.isascii():
            self.fail(f"{value!r} is not a whole number", param, ctx)
        if text.startswith("-"):
            self.fail(f"must be at least 0, got {value!r}", param, ctx)
        if len(text) > _DIGITS:
            self.fail(f"must have {_DIGITS} digits at most, and has {len(text)}", param, ctx)
        return int(text)


class Words(click.ParamType):  # type: ignore[type-arg] # as above
    """Some of a few known words, joined by commas."""

    name = "words"

    def __init__(self, known: Sequence[str]) -> None:
        """Take the known words."""
        self._known = tuple(known)

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the words that were written, in the order in which they are known."""
        if isinstance(value, tuple):
            return value
        words = [word.strip() for word in value.split(",")]
        for word in words:
            if word not in self._known:
                self.fail(f"there is no {word!r}; {close_names(word, self._known)}", param, ctx)
        return tuple(word for word in self._known if word in words)


def given_options() -> frozenset[str]:
    """Return the options of the running command that were written by the user, by their names."""
    ctx = click.get_current_context()
    named = [one for one in ctx.command.params if isinstance(one, click.Option) and one.name is not None]
    return frozenset(
        one.opts[0] for one in named if ctx.get_parameter_source(str(one.name)) is ParameterSource.COMMANDLINE
    )
