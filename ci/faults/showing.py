"""The table of faults for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .observation import Observation


def table_lines(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield a line for each trial: what struck, what the caller saw, attempts, effects, and what else to know."""
    if not observations:
        return
    fault = max(len("fault"), *(len(one.trial) for one in observations))
    outcome = max(len("the caller sees"), *(len(one.outcome) for one in observations))
    yield f"{'fault':<{fault}}  {'the caller sees':<{outcome}}  attempts  effects  seconds"
    for one in observations:
        notes = [*(["escapes"] if one.escapes else []), *(["changed nothing"] if one.inert else [])]
        line = (
            f"{one.trial:<{fault}}  {one.outcome:<{outcome}}  {one.attempts:>8}  {one.effects:>7}  {one.seconds:>7.1f}"
        )
        yield f"{line}  {', '.join(notes)}".rstrip()


def sum_lines(observations: Sequence[Observation]) -> Iterator[str]:
    """Yield what the table says as a whole."""
    total = len(observations)
    escaping = [one for one in observations if one.escapes]
    several = [one for one in observations if one.effects > 1]
    unknown = [one for one in observations if one.effects and not one.outcome.startswith("returned")]
    yield f"{len(escaping)} of {total} end in an exception that is neither a ClientError nor a BotoCoreError"
    yield f"{len(several)} of {total} have the service carry the call out more than once"
    yield f"{len(unknown)} of {total} raise although the service has carried the call out"
