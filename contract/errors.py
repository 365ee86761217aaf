"""Errors for the caller's mistakes: one paragraph with the thing, what was expected, and the close alternatives."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ToolkitError(Exception):
    """A mistake in what botoproof was given; the text is complete and needs no traceback."""


class UnknownService(ToolkitError):
    """The installed botocore has no model of that service."""


class UnknownOperation(ToolkitError):
    """The service model has no operation of that name."""


class UnsupportedProtocol(ToolkitError):
    """The service speaks a wire protocol for which there is no strict codec yet."""


class NoSpecification(ToolkitError):
    """Nothing is known about the service beyond its model, so there is no oracle for it."""


class BadConfiguration(ToolkitError):
    """A configuration file or an option holds something that cannot be used."""


class BadPlan(ToolkitError):
    """A plan of faults, or a fault in it, cannot be used; where it came as text, a line points at the column."""

    def __init__(self, message: str, text: str | None = None, column: int = 0) -> None:
        """Say what is wrong.

        Args:
            message: What, with what was expected.
            text: The plan as given.
            column: Where in it, from 0.
        """
        self.message = message
        self.column = column
        super().__init__(message if text is None else f"{message}\n  {text}\n  {' ' * column}^")


class TargetUnusable(ToolkitError):
    """The endpoint cannot be reached, or cannot be prepared for a run."""


class SdkUnavailable(ToolkitError):
    """A release of the SDK cannot be had, or does not run here."""


class Conformance(AssertionError):
    """An interaction departs from its contract; the text lists every finding."""


def close_names(word: str, known: Iterable[str], *, limit: int = 3) -> str:
    """Return the names in `known` that look like `word`, ready to end a sentence.

    Args:
        word: What the caller wrote.
        known: The names that would have been accepted.
        limit: How many names to offer at most.

    >>> close_names("UpdateJobs", ["CancelJob", "UpdateJob", "ListJobs"], limit=1)
    'did you mean UpdateJob?'
    >>> close_names("zzz", ["b", "a"])
    'known: a, b'
    """
    names = sorted(set(known))
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(name.casefold(), name)
    near = [folded[match] for match in difflib.get_close_matches(word.casefold(), list(folded), n=limit, cutoff=0.6)]
    if near:
        return f"did you mean {' or '.join(near)}?"
    if len(names) > 24:
        return f"none of the {len(names)} known names is close"
    return f"known: {', '.join(names) or 'none'}"
