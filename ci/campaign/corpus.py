"""The phase `corpus`: what was recorded, held to the contract; nothing is sent, nothing is drawn."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from ...contract.adapters.caller import UNKNOWN_KEY
from ...contract.checks import find
from ...contract.exchange import Exchange
from ...contract.interaction import Interaction
from ...contract.outcome import Refused
from .events import (
    CaseJudged,
    CorpusPlayed,
    Listener,
    NotReached,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    RunStopped,
)
from .judge import Judge
from .plan import Plan
from .tapes import KIND, NOT_RECORDED, Player, Tape, case_of, mistrusted

PHASE = "corpus"
_UNSIGNED = "a recording holds no signature, so that it is open whether the refusal was about that"


def run_corpus(
    plan: Plan,
    judge: Judge,
    player: Player,
    tapes: tuple[Tape, ...],
    emit: Listener,
    *,
    clock: Callable[[], float] = time.monotonic,
    interrupted: Callable[[], bool] = lambda: False,
) -> None:
    """Judge every interaction of `tapes`, in the order of each, and tell every event to `emit`.

    Args:
        plan: Its operations are the subject; whatever else stands in the recordings is judged as well, since it made
            the world what it was.
        judge: Of the player's target.
        player: Answers from the tape that is put in.
        tapes: The recordings.
        emit: Told every event, in order.
        clock: Gives seconds, from any beginning.
        interrupted: Whether the run was asked to end; asked between two cases.

    Raises:
        KeyboardInterrupt: After the last event.
    """
    started = clock()
    documented = {name: tuple(error.code for error in judge.operations[name].errors) for name in plan.operations}
    emit(RunStarted(plan.service, plan.operations, KIND, "", plan.seed, documented))
    why = "recordings hold no signatures; refusals that may be about one are undecided"
    emit(NotReached("authentication", why))
    try:
        for tape in tapes:
            _play(plan, judge, player, tape, emit, clock, interrupted)
    except KeyboardInterrupt:
        emit(RunStopped("it was interrupted"))
        raise
    except Exception as wrong:
        emit(RunStopped(f"it failed: {type(wrong).__name__}: {wrong}"))
        raise
    finally:
        emit(RunFinished(clock() - started))


def _play(
    plan: Plan,
    judge: Judge,
    player: Player,
    tape: Tape,
    emit: Listener,
    clock: Callable[[], float],
    interrupted: Callable[[], bool],
) -> None:
    player.tape, judge.world = tape, tape.world
    judge.target = replace(judge.target, world=tape.world, world_assumed=tape.world_assumed)
    begun, judged, misses = clock(), 0, list[str]()
    emit(PhaseStarted(PHASE, "", len(tape.cassette.interactions), tape.path))
    try:
        for number, one in enumerate(tape.cassette.interactions):
            if interrupted():
                raise KeyboardInterrupt
            case = case_of(one, judge.operations, tape.cassette, plan.operations[0])
            exchange = judge.exchange(case)
            interaction = exchange.interaction
            if interaction is None:
                misses.append(f"number {number + 1}: the installed SDK rejects its parameters")
            elif interaction.failure is not None and interaction.failure.kind == NOT_RECORDED:
                misses.append(f"number {number + 1}: {interaction.failure.detail}")
            else:
                exchange = _undecided(judge, exchange, interaction, tape)
                judged += 1
                emit(CaseJudged(PHASE, number, "", exchange, find(exchange)))
    finally:
        emit(PhaseFinished(PHASE, "", judged, clock() - begun, recording=tape.path))
        keys = Counter(one.key for one in tape.replayer.unplayed())
        source = tape.cassette.provenance
        emit(
            CorpusPlayed(
                tape.path,
                source,
                len(tape.cassette.interactions),
                tape.replayer.hits,
                tuple(misses),
                tuple(sorted(keys.elements())),
            )
        )


def _undecided(judge: Judge, exchange: Exchange, interaction: Interaction, tape: Tape) -> Exchange:
    """Return `exchange` with nothing decided where its refusal may be about the signature."""
    expectation, said = exchange.expectation, exchange.outcome
    if expectation is None or not isinstance(said, Refused) or said.code in expectation.codes:
        return exchange
    target = judge.target
    credentials = (target.credential, UNKNOWN_KEY, *target.accounts.values())
    for request in mistrusted(interaction.request, credentials, target.scope, tape.day):
        _, other = judge.specification.expect(request, world=judge.world, now=tape.day, operations=judge.operations)
        if said.code in other.codes:
            return replace(exchange, expectation=replace(expectation, undecided=_UNSIGNED))
    return exchange
