"""Two SDKs asked about service after service: the same asks to both, several services at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from ...contract.errors import close_names
from .answer import Gap, Looked, Scope, Tell
from .asking import Asked, NoAnswer, command_of
from .change import Change
from .rule import Depth
from .sdk import Sdk

_TURN = 0.2  # seconds between two moments at which Ctrl-C is heard on every platform


@dataclass(frozen=True, slots=True)
class Pair:
    """The older and the newer SDK, each in a process."""

    old: Asked
    new: Asked

    def both(self, about: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Any, Any]:
        """Ask both at the same time, and return the answers.

        Args:
            about: What is asked.
            old: The arguments for the older one.
            new: Those for the newer one.

        Raises:
            NoAnswer: One of them gives none.
        """
        with ThreadPoolExecutor(1) as executor:
            answer = executor.submit(self.new.ask, about, **new)
            try:
                return self.old.ask(about, **old), answer.result()
            except KeyboardInterrupt:
                self.new.close()  # else the thread is waited for
                raise


@dataclass(frozen=True, slots=True)
class Seen:
    """What one depth saw of one service."""

    looked: int = 0
    changes: tuple[Change, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()


Explore = Callable[[Pair, str], Seen]
"""Asks a pair about one service, and compares the answers; a `NoAnswer` that it lets pass becomes a gap."""


def look_at_services(depth: Depth, old: Sdk, new: Sdk, scope: Scope, tell: Tell, explore: Explore) -> Looked:
    """Look at the services that both releases have, and return what one depth saw of them.

    Args:
        depth: Which.
        old: The older release.
        new: The newer one.
        scope: The services that matter.
        tell: Is told how far it is.
        explore: Looks at one service.
    """
    try:
        with _pairs(old, new, _workers(scope)) as pairs:
            before, after = (_services(asked, sdk) for asked, sdk in zip(_each(pairs[0]), (old, new), strict=True))
            both = sorted(name for name in before & after if scope.has_service(name))
            seen = [_missing(scope, before | after), *_explored(both, pairs, tell, depth, explore)]
    except NoAnswer as wrong:
        return Looked(depth, 0, gaps=(Gap("", "", str(wrong)),))
    return Looked(
        depth,
        sum(one.looked for one in seen),
        tuple(change for one in seen for change in one.changes),
        tuple(gap for one in seen for gap in one.gaps),
        tuple(dict.fromkeys(note for one in seen for note in one.notes)),
    )


def _services(asked: Asked, sdk: Sdk) -> set[str]:
    names = set[str](asked.ask("services"))
    if not names:
        raise NoAnswer(f"{sdk} has no service models")
    return names


def _missing(scope: Scope, known: set[str]) -> Seen:
    """Return what nobody can look at; that a service is in one release only is told by the models."""
    missing = sorted(set(scope.services or ()) - known)
    return Seen(gaps=tuple(Gap(name, "", f"neither release has it; {close_names(name, known)}") for name in missing))


def _each(pair: Pair) -> tuple[Asked, Asked]:
    return pair.old, pair.new


def _workers(scope: Scope) -> int:
    wanted = len(scope.services) if scope.services is not None else 8
    return max(1, min(wanted, os.cpu_count() or 1, 8))


@contextmanager
def _pairs(old: Sdk, new: Sdk, count: int) -> Iterator[list[Pair]]:
    commands = [(command_of(sdk), str(sdk)) for sdk in (old, new)]
    with ExitStack() as stack:
        yield [Pair(*(stack.enter_context(Asked(*command)) for command in commands)) for _ in range(count)]


def _explored(
    services: Sequence[str], pairs: Sequence[Pair], tell: Tell, depth: Depth, explore: Explore
) -> Sequence[Seen]:
    idle: SimpleQueue[Pair] = SimpleQueue()
    for pair in pairs:
        idle.put(pair)

    def one(service: str) -> Seen:
        pair = idle.get()
        try:
            return explore(pair, service)
        except NoAnswer as wrong:
            return Seen(gaps=(Gap(service, "", str(wrong)),))
        finally:
            idle.put(pair)

    if len(pairs) == 1 or len(services) == 1:
        return [one(service) for service in services]
    executor = ThreadPoolExecutor(len(pairs))
    futures: list[Future[Seen]] = [executor.submit(one, service) for service in services]
    try:
        waiting = set(futures)
        while waiting:
            done, waiting = wait(waiting, timeout=_TURN, return_when=FIRST_COMPLETED)
            if done:
                tell(f"{depth.value}: {len(futures) - len(waiting)} of {len(futures)} services")
        return [future.result() for future in futures]
    finally:
        for future in futures:
            future.cancel()
        # On the way out of an interruption the threads wait for processes that have to be ended first.
        for asked in (asked for pair in pairs for asked in _each(pair)):
            asked.close()
        executor.shutdown()
