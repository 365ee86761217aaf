"""What differs in the same way in many tries of one operation is one change, with the names of the tries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .change import Change
from .rule import Depth, Side

_EXAMPLES = 6


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs in one try.

    Attributes:
        name: Of the try.
        rule: The id of the rule.
        old: What was.
        new: What is.
        path: Where; the name of the first try when empty.
    """

    name: str
    rule: str
    old: str
    new: str
    path: str = ""


def grouped(
    depth: Depth, service: str, operation: str, differences: Iterable[Difference], *, where: str
) -> tuple[Change, ...]:
    """Return one change for all differences that are the same but for the try.

    Args:
        depth: Which saw them.
        service: botocore's name.
        operation: Its name in the model.
        differences: In the order of the tries, those that tell most first.
        where: What the tries are: begins the evidence, which lists them.
    """
    found: dict[tuple[str, str, str, str], dict[str, None]] = {}
    for one in differences:
        found.setdefault((one.rule, one.path, one.old, one.new), {})[one.name] = None
    return tuple(
        Change(
            rule, service, operation, path or next(iter(names)), Side.OUTPUT, old, new, depth, f"{where}{_list(names)}"
        )
        for (rule, path, old, new), names in found.items()
    )


def _list(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - _EXAMPLES
    return "; ".join(every[:_EXAMPLES]) + (f"; and {more} more" if more > 0 else "")
