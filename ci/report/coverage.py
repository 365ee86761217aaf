"""Error coverage for the console: a table for one operation, one matrix for several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.text import Text

from ..campaign.result import ErrorCoverage, OperationResult
from .known import counted
from .payload import Redaction, printable, words

_NOT_DOCUMENTED = "-"
_CORNER = "times provoked"


def coverage_lines(service: str, operations: Mapping[str, OperationResult], redaction: Redaction) -> Iterator[Text]:
    """Yield how the documented errors of a run's operations were met: how often, on which evidence, or why not.

    Args:
        service: botocore's name of the service.
        operations: By full name.
        redaction: What must not be shown.
    """
    if len(operations) == 1:
        for name, operation in operations.items():
            yield from _one(name, operation)
    else:
        yield from _several(service, operations)
    yield from _reasons(operations, redaction)


def _one(name: str, operation: OperationResult) -> Iterator[Text]:
    yield Text()
    yield _sum(name, [operation], f"{counted(operation.cases, 'case')}, ")
    if not operation.cases:
        return
    width = max(len(code) for code in ("exception", *operation.errors))
    if operation.errors:
        yield Text(f"  {'exception':<{width}}  times  probes  evidence", style="dim")
    for code, error in operation.errors.items():
        yield _row(code, error, width)


def _row(code: str, error: ErrorCoverage, width: int) -> Text:
    if error.evidence is None:
        why = "unreachable, see below" if error.unreachable else "never provoked"
        return Text(f"  {code:<{width}}      0       0  {why}", style="yellow")
    return Text(f"  {code:<{width}}  {error.provoked:>5}  {len(error.probes):>6}  {error.evidence.value}")


def _several(service: str, operations: Mapping[str, OperationResult]) -> Iterator[Text]:
    yield Text()
    yield _sum(service, list(operations.values()), "")
    for name, operation in operations.items():
        yield _sum(f"  {name}", [operation], f"{counted(operation.cases, 'case')}, ", bold=False)
    codes = list(dict.fromkeys(code for operation in operations.values() for code in operation.errors))
    if not codes:
        return
    names = [name.rpartition(".")[2] for name in operations]
    width = max(len(_CORNER), *(len(code) for code in codes))
    yield Text()
    yield Text(f"  {_CORNER:<{width}}" + "".join(f"  {name:>{_column(name)}}" for name in names), style="dim")
    for code in codes:
        line = Text(f"  {code:<{width}}")
        for name, operation in zip(names, operations.values(), strict=True):
            line.append(*_cell(operation.errors.get(code), _column(name)))
        yield line
    yield Text(
        "  d documented, o observed, i inferred; none: unreachable, see below; -: not documented for it", style="dim"
    )


def _column(name: str) -> int:
    return max(len(name), 6)


def _cell(error: ErrorCoverage | None, width: int) -> tuple[str, str]:
    if error is None:
        return f"  {_NOT_DOCUMENTED:>{width}}", "dim"
    if error.evidence is None:
        return f"  {'none' if error.unreachable else 'never':>{width}}", "yellow"
    return f"  {f'{error.provoked} {error.evidence.value[0]}':>{width}}", ""


def _sum(name: str, operations: list[OperationResult], before: str, *, bold: bool = True) -> Text:
    errors = [error for operation in operations for error in operation.errors.values()]
    provoked = sum(1 for error in errors if error.provoked)
    unreachable = sum(1 for error in errors if error.unreachable)
    style = "green" if provoked + unreachable == len(errors) else "yellow"
    return Text.assemble(
        (name, "bold" if bold else ""), f": {before}", (f"{provoked} of {len(errors)}", style),
        f" documented exceptions provoked{f', {unreachable} unreachable' if unreachable else ''}",
    )  # fmt: skip


def _reasons(operations: Mapping[str, OperationResult], redaction: Redaction) -> Iterator[Text]:
    """Yield why errors could not be provoked, each reason once."""
    reasons: dict[str, dict[str, list[str]]] = {}
    for name, operation in operations.items():
        for code, error in operation.errors.items():
            if error.unreachable:
                reasons.setdefault(error.unreachable, {}).setdefault(code, []).append(name.rpartition(".")[2])
    for why, codes in reasons.items():
        told = ", ".join(f"{code} of {' and '.join(names)}" for code, names in codes.items())
        yield Text(f"  unreachable: {told}: {printable(words(why, redaction))}")
