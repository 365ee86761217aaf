"""The runs of a test: which faults strike which of its calls, and what is left out as another run shows the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ...contract.adapters.models import read_operation
from ...contract.errors import BadPlan, UnknownOperation, UnknownService, close_names
from ...contract.faults.replies import check_for
from .calls import NO_FAULT, Call, Injected, Planned, Seen, Strike, read_injected
from .levels import Level, select
from .marking import Marked
from .stored import Known


@dataclass(frozen=True, slots=True)
class Wish:
    """The run that `--fault` asks for.

    Attributes:
        text: As written.
        parts: Calls as written, e.g. ``UpdateJob#0``, with or without a service, and what strikes each.
    """

    text: str
    parts: tuple[tuple[str, Injected], ...]


def read_wish(text: str) -> Wish:
    """Return what ``UpdateJob#0:response_lost:once`` asks for; several are joined by ``+``.

    Raises:
        BadPlan: It is no call and fault; the text offers close names.
    """
    parts: list[tuple[str, Injected]] = []
    for part in text.split("+"):
        call, _, rest = part.strip().partition(":")
        if not call or not rest:
            raise BadPlan(f"expected a call and a fault such as SendMessage#0:response_lost:once, got {part!r}")
        parts.append((call if "#" in call else f"{call}#0", read_injected(rest)))
    return Wish(text, tuple(parts))


@dataclass(slots=True)
class Programme:
    """The runs of one test.

    Attributes:
        runs: The one without a fault first.
        calls: All calls that are known, struck or not.
        folded: How many runs are left out, by what they would have shown again.
        inapplicable: What cannot strike, and why.
    """

    runs: list[Planned] = field(default_factory=lambda: [NO_FAULT])
    calls: list[Call] = field(default_factory=list[Call])
    folded: dict[str, int] = field(default_factory=dict[str, int])
    inapplicable: dict[str, str] = field(default_factory=dict[str, str])

    def fold(self, why: str, count: int = 1) -> None:
        """Count runs that are left out."""
        if count:
            self.folded[why] = self.folded.get(why, 0) + count


SAME_SIGHT = "the caller sees the same of another fault"
SAME_LOOP = "turns of a loop, of which the first, one in the middle and the last are struck"
SAME_FALLBACK = "a call that other faults bring about as well"


def programme(marked: Marked, known: Known | None, level: Level, wish: Wish | None = None) -> Programme:
    """Return the runs of a test.

    Args:
        marked: What its mark says.
        known: What earlier runs have seen, if anything.
        level: How many faults are tried.
        wish: The one run that is asked for; where it is about none of the test's calls, only the run without a fault
            is left.

    Raises:
        BadPlan: The wish cannot strike the call that it is about.
    """
    planned = Programme()
    seen = list(known.calls) if known else []
    seen += [Seen(call) for call in marked.calls if call not in {one.call for one in seen}]
    planned.calls += [one.call for one in (*seen, *_fallbacks(known))]
    if wish is not None:
        _add_wish(planned, wish)
        return planned
    for one, count in _struck(seen, level):
        _add(planned, (), one.call, level, count)
    if known is not None and marked.depth:
        _add_fallbacks(planned, known, level)
    return planned


def _fallbacks(known: Known | None) -> Iterable[Seen]:
    return [late for _, late in known.fallbacks] if known else []


def _add(planned: Programme, before: tuple[Strike, ...], call: Call, level: Level, stands_for: int = 1) -> None:
    """Add the runs that strike a call, which may stand for others."""
    try:
        selection = select(read_operation(call.service, call.operation), level)
    except (UnknownService, UnknownOperation) as wrong:  # seen with another botocore than the installed one
        planned.inapplicable[str(call)] = str(wrong)
        return
    planned.runs += [Planned((*before, Strike(call, one))) for one in selection.chosen]
    planned.fold(SAME_SIGHT, len(selection.folded))
    planned.fold(SAME_LOOP, (stands_for - 1) * len(selection.chosen))
    for text in selection.inapplicable:
        name, _, why = text.partition(": ")
        planned.inapplicable[name] = why


def _struck(seen: list[Seen], level: Level) -> Iterable[tuple[Seen, int]]:
    """Yield the calls to strike, and how many each stands for: of a loop's turns the first, a middle and the last."""
    loops: defaultdict[object, list[Seen]] = defaultdict(list)
    for one in seen:
        loops[(one.call.service, one.call.operation, one.stack or one.call)].append(one)
    for turns in loops.values():
        if level == "full" or len(turns) <= 3:
            yield from ((one, 1) for one in turns)
        else:
            middle = len(turns) // 2
            yield turns[0], 1
            yield turns[middle], len(turns) - 2
            yield turns[-1], 1


def _add_fallbacks(planned: Programme, known: Known, level: Level) -> None:
    """Add the runs that strike calls which are only made under a fault, each under the first that brought it about."""
    done: set[object] = set()
    for under, one in known.fallbacks:
        made = (one.call.service, one.call.operation, one.stack or one.call)
        if made in done:
            planned.fold(SAME_FALLBACK)
            continue
        done.add(made)
        _add(planned, (under,), one.call, level)


def _add_wish(planned: Programme, wish: Wish) -> None:
    strikes: list[Strike] = []
    for written, injected in wish.parts:
        call = next((one for one in planned.calls if written in (str(one), f"{one.service}.{one}")), None)
        if call is None:
            return
        if injected.fault.described.place == "wire":
            raise BadPlan(f"{injected.fault} can only be made by a server: botoproof serve --fault")
        check_for(injected.fault, read_operation(call.service, call.operation))
        strikes.append(Strike(call, injected))
    planned.runs.append(Planned(tuple(strikes)))


def unmet(wish: Wish, calls: Iterable[Call]) -> str:
    """Return the complaint about a wish that is about no call of any test."""
    known = {str(call) for call in calls}
    missing = next((written for written, _ in wish.parts if written.rpartition(".")[2] not in known), wish.text)
    return f"no test that is marked every_fault is known to call {missing}; {close_names(missing, known)}"
