"""Error coverage: each documented exception of an operation, and how each run provoked it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..columns import Column
from ..messages import visible
from ..verdicts import operations_of


@dataclass(frozen=True, slots=True)
class Met:
    """How a run met one documented exception.

    Attributes:
        word: ``provoked``, ``unreachable``, ``never``, ``not documented`` or ``not run``.
        times: Requests that deserved it and got it.
        probes: The probes among them.
        evidence: The best on which one deserved it; empty when there is none.
        why: Why it could not be provoked; empty when it was.
    """

    word: str
    times: int = 0
    probes: tuple[str, ...] = ()
    evidence: str = ""
    why: str = ""

    @property
    def tone(self) -> str:
        """How it is drawn."""
        return {"provoked": "good", "unreachable": "gap", "never": "bad"}.get(self.word, "none")


@dataclass(frozen=True, slots=True)
class Coverage:
    """The documented exceptions of one operation.

    Attributes:
        operation: Its full name.
        rows: Each exception with one entry for each run.
        provoked: How many of them every run provoked that could.
    """

    operation: str
    rows: tuple[tuple[str, tuple[Met, ...]], ...]
    provoked: tuple[str, ...]


def coverage_of(columns: Sequence[Column]) -> Iterator[Coverage]:
    """Yield the coverage of each operation that documents errors."""
    for operation in operations_of(columns):
        told = [column.report.data["operations"].get(operation) for column in columns]
        codes = dict.fromkeys(code for one in told if one for code in one["errors"])
        if codes:
            rows = tuple((code, tuple(_met(one, code) for one in told)) for code in codes)
            yield Coverage(
                operation, rows, tuple(_sum([row[number] for _, row in rows]) for number in range(len(told)))
            )


def _met(operation: dict[str, dict[str, dict[str, object]]] | None, code: str) -> Met:
    if operation is None:
        return Met("not run")
    error = operation["errors"].get(code)
    if error is None:
        return Met("not documented")
    match error:
        case {"evidence": str(evidence), "provoked": int(times), "probes": list(probes)}:
            return Met("provoked", times, tuple(map(str, probes)), evidence)
        case {"unreachable": str(why)}:
            return Met("unreachable", why=visible(why))
        case _:
            return Met("never")


def _sum(met: Sequence[Met]) -> str:
    documented = [one for one in met if one.word in ("provoked", "unreachable", "never")]
    if not documented:
        return "none documented"
    provoked = sum(one.word == "provoked" for one in documented)
    return f"{provoked} of {len(documented)}"
