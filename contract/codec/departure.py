"""One way in which bytes depart from the protocol, with its position."""

from __future__ import annotations

from dataclasses import dataclass


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
