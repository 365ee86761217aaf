"""What the contract allows for one request: the oracle's answer, with the evidence for each part.

Computed from the request as sent and the world; never from the label under which a case was made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .finding import Evidence

ASSUMED = "the world is assumed, as no [world] is configured"


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that the request breaks, and the errors that it therefore deserves.

    Attributes:
        rule: Stable name of the rule.
        codes: The wire codes that answer it, the likeliest first; more than one where the sources leave it open.
        reason: One sentence with the values in question.
        evidence: How well it is founded that the service refuses such a request.
        naming: How well it is founded that it refuses with one of `codes`; often weaker than `evidence`, since pages
            say "the request will fail" without a name.
        source: Where it stands.
        certain: False where the sources do not say whether the service refuses at all; both answers are then allowed.
        reads_world: Whether that the rule is broken depends on what the endpoint is said to hold.
    """

    rule: str
    codes: tuple[str, ...]
    reason: str
    evidence: Evidence
    naming: Evidence
    source: str
    certain: bool = True
    reads_world: bool = False

    def on_assumed_world(self) -> Violation:
        """Return the violation as it is founded where nobody said what the endpoint holds."""
        if not self.reads_world:
            return self
        return replace(
            self,
            reason=f"{self.reason} ({ASSUMED})",
            evidence=Evidence.INFERRED,
            naming=Evidence.INFERRED,
            source=f"assumed world; {self.source}",
        )


@dataclass(frozen=True, slots=True)
class Promise:
    """A member that a success must carry, beyond what the model requires.

    Attributes:
        member: Name of the output member.
        value: The value that it must have; None for any.
        evidence: How well that is founded.
        source: Where it stands.
    """

    member: str
    value: object
    evidence: Evidence
    source: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """The set of outcomes that the specification allows for a request.

    Attributes:
        violations: Every rule that the request breaks; as no precedence is documented, any of their errors will do.
        success: How well it is founded that a request without violations succeeds.
        undecided: Why nothing is known about requests of this form, or empty. Any documented or common refusal, and
            success, are then allowed; the reply's form is still checked.
        success_source: Where the promise of success stands.
        promises: What a success must carry.
        doubtful: Codes of refusals that may mean only that the endpoint holds something else than was assumed.
    """

    violations: tuple[Violation, ...]
    success: Evidence
    undecided: str = ""
    success_source: str = ""
    promises: tuple[Promise, ...] = ()
    doubtful: frozenset[str] = frozenset()

    def on_assumed_world(self, codes: frozenset[str]) -> Expectation:
        """Return what is allowed where nobody said what the endpoint holds.

        Args:
            codes: Codes with which the service says that it holds something else.
        """
        violations = tuple(violation.on_assumed_world() for violation in self.violations)
        return replace(self, violations=violations, doubtful=codes)

    @property
    def may_succeed(self) -> bool:
        """Whether success is among the allowed outcomes."""
        return bool(self.undecided) or not any(violation.certain for violation in self.violations)

    @property
    def must_succeed(self) -> bool:
        """Whether success is the only allowed outcome."""
        return not self.undecided and not self.violations

    @property
    def codes(self) -> tuple[str, ...]:
        """Every error code that the request deserves, without repeats: those of the certain violations first."""
        in_order = sorted(self.violations, key=lambda violation: not violation.certain)
        return tuple(dict.fromkeys(code for violation in in_order for code in violation.codes))

    @property
    def strongest(self) -> Violation | None:
        """The best founded certain violation (any violation when none is certain), or None."""
        certain = [violation for violation in self.violations if violation.certain]
        return min(certain or self.violations, key=lambda violation: violation.evidence.rank, default=None)
