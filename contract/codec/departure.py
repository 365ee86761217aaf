"""Ways in which bytes depart from the protocol, with their positions."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_DEPARTURES = 50
_WIDTH = 300  # of a path or an observation: element names may have any length


@dataclass(frozen=True, slots=True)
class Departure:
    """Something in a request or a reply that a strict reader does not accept.

    Attributes:
        code: Stable, without prose, e.g. ``root``, ``member-unknown``.
        path: Where: element path such as ``/UpdateJobResponse/UpdateJobResult/Success``, a parameter's name, a
            header as ``header:Content-Type``, or ``body``.
        expected: What the protocol asks for.
        observed: What stands there, shortened.
    """

    code: str
    path: str
    expected: str
    observed: str


@dataclass(slots=True)
class Departures:
    """What a reader has told so far: at most `MAX_DEPARTURES`, so that a hostile reply cannot fill the memory."""

    told: list[Departure] = field(default_factory=list[Departure])

    def add(self, code: str, path: str, expected: str, observed: str) -> None:
        """Tell one more departure."""
        if len(self.told) < MAX_DEPARTURES:
            self.told.append(Departure(code, path[:_WIDTH], expected, observed[:_WIDTH]))


def shortened(text: str | None, limit: int = 120) -> str:
    """Return `text` quoted, cut to `limit` characters with the number of those left out.

    >>> shortened("x" * 9, limit=4)
    "'xxxx' and 5 more characters"
    """
    if text is None:
        return "nothing"
    if len(text) <= limit:
        return repr(text)
    return f"{text[:limit]!r} and {len(text) - limit} more characters"
