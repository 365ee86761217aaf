"""A rule: a condition on (request, world) and the documented error that answers it, with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .expectation import Violation
from .finding import Evidence

Facts = TypeVar("Facts")


@dataclass(frozen=True, slots=True)
class Rule(Generic[Facts]):
    """One condition under which a service refuses a request.

    Attributes:
        name: Stable, e.g. ``manifest.bucket.missing``.
        codes: Wire codes that answer it, the likeliest first.
        operations: Names of the operations to which it applies.
        condition: One sentence that a reader can check a request against.
        evidence: How well it is founded that the service refuses.
        source: Where it stands.
        broken: Gives the reason with the values in question when the request breaks the rule, else None.
        naming: How well the code is founded; `evidence` when None.
        certain: False where it is open whether the service refuses at all.
        reads_world: Whether it depends on what the endpoint is said to hold beside what a run was told to have made.
    """

    name: str
    codes: tuple[str, ...]
    operations: frozenset[str]
    condition: str
    evidence: Evidence
    source: str
    broken: Callable[[Facts], str | None]
    naming: Evidence | None = None
    certain: bool = True
    reads_world: bool = False


def violations(rules: Iterable[Rule[Facts]], facts: Facts) -> Iterator[Violation]:
    """Yield the rules that `facts` break, in the order given; none is looked at before it is asked for."""
    for rule in rules:
        reason = rule.broken(facts)
        if reason is not None:
            yield Violation(
                rule.name,
                rule.codes,
                reason,
                rule.evidence,
                rule.naming or rule.evidence,
                rule.source,
                certain=rule.certain,
                reads_world=rule.reads_world,
            )


def world_codes(rules: Iterable[Rule[Any]]) -> frozenset[str]:
    """Return the codes with which a service most likely says that it holds something else than it is taken to."""
    return frozenset(rule.codes[0] for rule in rules if rule.reads_world and rule.certain)
