"""What a run of a test under a fault comes to: from the journal, how the test ended, and what its mark says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import botocore.exceptions
import botocore.parsers

from ...contract.adapters.models import read_operation
from ...contract.faults.journal import CallRecord
from ...contract.finding import Finding, FindingKind
from . import kinds
from .calls import Call, Planned, call_of
from .marking import Marked, has_token, is_one_of

Word = Literal["survived", "not survived", "not struck", "nothing changed", "undecided"]

Usual = Mapping[tuple[str, str], int] | None
"""How many calls of each operation, by service and name, a test makes without a fault; None where nobody knows."""

_UNSENT = (
    botocore.exceptions.EndpointConnectionError,
    botocore.exceptions.ConnectTimeoutError,
    botocore.exceptions.SSLError,
    botocore.exceptions.ProxyConnectionError,
)
_UNSENT_NAMES = {kind.__name__ for kind in _UNSENT}
"""By these a client knows that its request did not reach the service."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of a test ended.

    Attributes:
        error: The exception that left it, or None.
        by_assertion: Whether that is an assertion, of the test or an invariant.
        raised_by: The top-level package in which it was raised.
        lines: The consumer's lines through which it came, outermost first.
        looked: Whether the test asked which fault was injected, and so judges itself what success means.
        seconds: How long it took by the virtual clock.
        runaway: Whether it did not stop to make calls.
    """

    error: BaseException | None = None
    by_assertion: bool = False
    raised_by: str = ""
    lines: tuple[str, ...] = ()
    looked: bool = False
    seconds: float = 0.0
    runaway: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it.

    Attributes:
        word: In a word.
        findings: What is wrong; empty unless the fault was not survived.
    """

    word: Word
    findings: tuple[Finding, ...] = ()


def judge(
    planned: Planned,
    calls: Iterable[CallRecord],
    ended: Ended,
    marked: Marked,
    usual: Usual = None,
) -> Verdict:
    """Return what a run under faults comes to.

    Args:
        planned: Which faults, of which the last one is judged.
        calls: The journal.
        ended: How the test ended.
        marked: What its mark says.
        usual: How many calls of each operation the test makes without a fault; None where that is not known.
    """
    calls = tuple(calls)
    target = planned.strikes[-1].call
    record = next((one for one in calls if call_of(one) == target), None)
    struck = [attempt for attempt in record.attempts if attempt.struck] if record else []
    if record is None or not struck:
        named = (_finding(kinds.UNSTRUCK, planned, "a call of it", _made(calls)),) if target in marked.calls else ()
        return Verdict("not survived" if named else "not struck", named)
    if all(attempt.inert for attempt in struck):
        return Verdict("nothing changed")
    success = _told_as_success(planned, calls, record, ended, usual) if ended.error is None else None
    if success is not None and usual is None and _others_returned(calls, record):
        # It may be what the code falls back on, or what it does anyway.
        return Verdict("undecided")
    found = [
        one
        for one in (
            success,
            _too_many_attempts(planned, calls, ended, marked),
            _ending(planned, record, ended, marked),
            _duplicated(planned, calls, marked, usual),
            _too_late(planned, ended, marked),
        )
        if one is not None
    ]
    return Verdict("not survived" if found else "survived", tuple(found))


def _finding(kind: FindingKind, planned: Planned, expected: str, observed: str) -> Finding:
    last = planned.strikes[-1]
    return Finding(
        kind,
        f"{last.call.service}.{last.call.operation}",
        str(last.call),
        expected,
        observed,
        key=(str(last.injected),),
    )


def _made(calls: tuple[CallRecord, ...]) -> str:
    return ", ".join(dict.fromkeys(f"{one.service}.{call_of(one)}" for one in calls)) or "no call at all"


def _ending(planned: Planned, record: CallRecord, ended: Ended, marked: Marked) -> Finding | None:
    error = ended.error
    if error is None or ended.runaway:  # which is told as attempts
        return None
    if ended.by_assertion:
        return _finding(kinds.ASSERTION, planned, "the test passes as without a fault", _where(_said(error), ended))
    if not is_one_of(error, marked.survives):
        return _finding(
            kinds.ESCAPED, planned, _declared(marked), _where(f"{type(error).__name__}, {_sort(ended)}", ended)
        )
    if _says_failure(error, marked) and record.effects != "none" and not ended.looked:
        did = {"unknown": "the service got it", "once": "the service did it"}.get(record.effects) or (
            f"the service did it {record.executions} times"
        )
        return _finding(
            kinds.FAILURE,
            planned,
            "an exception that says that the outcome is unknown",
            _where(f"{did}, and the code raised {type(error).__name__}", ended),
        )
    return None


def _told_as_success(
    planned: Planned, calls: tuple[CallRecord, ...], record: CallRecord, ended: Ended, usual: Usual
) -> Finding | None:
    if record.outcome == "returned" or ended.looked or _made_good(calls, record, usual):
        return None
    site = f" at {record.origin.site}" if record.origin else ""
    observed = f"the call ended in {record.outcome}{site}, and the test passed"
    definite = record.outcome.startswith("refused") or record.outcome in _UNSENT_NAMES
    kind = kinds.SWALLOWED if definite and record.effects == "none" else kinds.SUCCESS
    return _finding(kind, planned, "an exception, or another result", observed)


def _made_good(calls: tuple[CallRecord, ...], record: CallRecord, usual: Usual) -> bool:
    """Return whether a later call succeeded that is the same again, or one that is only made under the fault."""
    later = calls[calls.index(record) + 1 :]
    return any(
        one.outcome == "returned" and (one.operation == record.operation or _is_unusual(one, usual)) for one in later
    )


def _others_returned(calls: tuple[CallRecord, ...], record: CallRecord) -> bool:
    return any(one.outcome == "returned" for one in calls[calls.index(record) + 1 :])


def _is_unusual(call: CallRecord, usual: Usual) -> bool:
    return usual is not None and call.number >= usual.get((call.service, call.operation), 0)


def _declared(marked: Marked) -> str:
    names = [one if isinstance(one, str) else one.__name__ for one in marked.survives]
    return f"no exception but {', '.join(names)}" if names else "no exception (survives=[...] of the mark is empty)"


def _said(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


def _where(text: str, ended: Ended) -> str:
    return f"{text} (at {ended.lines[-1].partition(': ')[0]})" if ended.lines else text


def _sort(ended: Ended) -> str:
    """Say what sort of exception escaped, by which it is seen which `except` would have caught it."""
    error = ended.error
    if isinstance(error, botocore.exceptions.ClientError):
        modelled = type(error) is not botocore.exceptions.ClientError
        return "a documented error, a ClientError" if modelled else "a plain ClientError"
    if isinstance(error, botocore.exceptions.BotoCoreError):
        return "a BotoCoreError"
    if isinstance(error, botocore.parsers.ResponseParserError):
        return "botocore's but no BotoCoreError: except (ClientError, BotoCoreError) does not catch it"
    if ended.raised_by in ("botocore", "boto3"):
        return "a bare one out of botocore: except (ClientError, BotoCoreError) does not catch it"
    return "the code's own"


def _says_failure(error: BaseException, marked: Marked) -> bool:
    """Return whether an exception says that the call failed; transport errors of botocore's say no such thing."""
    if is_one_of(error, marked.unknown):
        return False
    if isinstance(error, botocore.exceptions.HTTPClientError | botocore.exceptions.ConnectionError):
        return isinstance(error, _UNSENT)
    return not isinstance(error, botocore.parsers.ResponseParserError)


def _duplicated(
    planned: Planned,
    calls: tuple[CallRecord, ...],
    marked: Marked,
    usual: Usual,
) -> Finding | None:
    target = planned.strikes[-1].call
    operation = read_operation(target.service, target.operation)
    if marked.is_harmless(operation):
        return None
    same = [one for one in calls if (one.service, one.operation) == (target.service, target.operation)]
    done = sum(min(one.executions, 1) if has_token(operation) else one.executions for one in same)
    allowed = (usual or {}).get((target.service, target.operation), len(same) if usual is None else 1)
    if done <= max(allowed, 1):
        return None
    attempts = sum(len(one.attempts) for one in same)
    made = f"{attempts} attempts in {_counted(len(same), 'call')}"
    observed = f"it did {done}: {made}; the last call ended in {same[-1].outcome}"
    return _finding(kinds.DUPLICATED, planned, f"the service does it {_counted(max(allowed, 1), 'time')}", observed)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _too_many_attempts(planned: Planned, calls: tuple[CallRecord, ...], ended: Ended, marked: Marked) -> Finding | None:
    counts: Counter[Call] = Counter()
    for one in calls:
        counts[Call(one.service, one.operation)] += len(one.attempts)
    last = planned.strikes[-1].call
    made = counts[Call(last.service, last.operation)]
    if ended.runaway:
        return _finding(kinds.ATTEMPTS, planned, "an end", f"{made} attempts, where the run was stopped")
    if marked.attempts is not None and made > marked.attempts:
        return _finding(kinds.ATTEMPTS, planned, f"at most {_counted(marked.attempts, 'attempt')}", f"{made} attempts")
    return None


def _too_late(planned: Planned, ended: Ended, marked: Marked) -> Finding | None:
    if marked.deadline is None or ended.seconds <= marked.deadline:
        return None
    return _finding(kinds.DEADLINE, planned, f"at most {marked.deadline:g} s", f"{ended.seconds:.1f} s")
