"""Calls answered from recordings: per client, in any number of threads, and without a socket.

The client serialises, signs, parses and retries as ever; only sending is replaced, by its event `before-send`. What
was not recorded raises `CassetteMiss`, which the SDK takes for no failure of the network: it does not try again.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from ..contract.adapters.sdk import as_request, as_response
from ..contract.interaction import Reply, Request
from .format import Cassette, Recorded
from .index import Found, Index, Lookup
from .key import KEY_VERSION, Canonical, Difference, canonical, differences, nearest, request_key
from .lazy import LazyCassette
from .matching import Match
from .sensitive import STANDARD, ScrubRules

REMEDY = "To record it, attach a botoproof.cassettes.recorder.Recorder to the client"

_TOLD = 4  # differences


class CassetteMiss(LookupError):
    """A request is not in the recording; the text names the nearest one that is, and where the two differ.

    Attributes:
        request: As it would have been sent; it holds the caller's signature.
        nearest: The number of the recorded request that is nearest, from 1, or None when there are none.
        differences: Where that one differs; empty when it was recorded, but played already.
    """

    def __init__(
        self, text: str, request: Request, nearest_number: int | None, found: tuple[Difference, ...] = ()
    ) -> None:
        super().__init__(text)
        self.request = request
        self.nearest = nearest_number
        self.differences = found


class Replayer:
    """Answers requests from recordings. Safe for several threads and several clients."""

    def __init__(
        self,
        *sources: Cassette | Lookup | str | Path,
        repeats: bool = True,
        in_order: bool = False,
        match: Match | None = None,
        remedy: str = REMEDY,
    ) -> None:
        """Take recordings.

        Args:
            sources: Recordings, or their files, of any program that writes vcrpy's YAML. Files of ours are parsed
                where they are hit.
            repeats: Whether the last of several answers to one request is given again and again; otherwise each
                recorded interaction is played once.
            in_order: Whether requests must come in the order in which they were recorded, each once.
            match: Takes out of requests what does not matter; see `matching`.
            remedy: The end of the message of a miss: how to record.

        Raises:
            BadCassette: A file cannot be read, as far as that shows without parsing it.
        """
        self._in_order = in_order
        self._repeats = repeats and not in_order
        self._match = match
        self._remedy = remedy
        self._lock = threading.Lock()
        self._sources = [_opened(source, match) for source in sources]
        self._names = [str(source) for source in sources if isinstance(source, (str, Path))]
        self._played: defaultdict[int, int] = defaultdict(int)
        self._turns: defaultdict[int, int] = defaultdict(int)
        self._step = 0
        self._hits = 0
        self._misses: list[CassetteMiss] = []
        self._canonicals: list[Canonical] | None = None

    def attach(self, client: Any) -> None:
        """Answer all requests of a boto3 or botocore client from now on; attaching twice is attaching once."""
        client.meta.events.register_first("before-send", self._before_send, unique_id=self._id)

    def detach(self, client: Any) -> None:
        """Let the client send its requests itself again."""
        client.meta.events.unregister("before-send", self._before_send, unique_id=self._id)

    @property
    def _id(self) -> str:
        return f"botoproof-replay-{id(self)}"

    def _before_send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        return self.send(request)

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Return the recorded reply to botocore's prepared request, as its HTTP session would.

        Raises:
            CassetteMiss: There is none.
        """
        return as_response(str(request.url), self.answer(as_request(request)))

    def answer(self, request: Request) -> Reply:
        """Return the recorded reply to a request, and count it as played.

        Raises:
            CassetteMiss: There is none, or its turn has not come, or is over.
            BadCassette: The file turns out to be no recording where it is parsed.
        """
        compared = request if self._match is None else self._match(request)
        found = self._find(compared)
        with self._lock:
            hit = self._in_turn(found) if self._in_order else self._one_of(found)
            if hit is not None:
                place, recorded = hit
                self._played[place] += 1
                self._hits += 1
                return recorded.reply
            miss = self._miss(request, compared, found)
            self._misses.append(miss)
        raise miss

    def _find(self, request: Request) -> Found:
        """Return what was recorded for a request, with its places among all that was recorded."""
        keys = dict[bool, str]()
        found: Found = ()
        before = 0
        for source in self._sources:
            rules = source.rules
            if rules.people not in keys:
                keys[rules.people] = request_key(request, rules)
            found += tuple((before + place, one) for place, one in source.find(keys[rules.people]))
            before += len(source)
        return found

    def _in_turn(self, found: Found) -> tuple[int, Recorded] | None:
        hit = next(((place, one) for place, one in found if place == self._step), None)
        self._step += hit is not None
        return hit

    def _one_of(self, found: Found) -> tuple[int, Recorded] | None:
        if not found:
            return None
        first = found[0][0]
        turn = self._turns[first]
        if turn < len(found):
            self._turns[first] += 1
            return found[turn]
        return found[-1] if self._repeats else None

    @property
    def hits(self) -> int:
        """How many requests were answered."""
        return self._hits

    @property
    def misses(self) -> tuple[CassetteMiss, ...]:
        """What was raised for the others, also where the caller's code swallowed it."""
        with self._lock:
            return tuple(self._misses)

    def __len__(self) -> int:
        """Return how many interactions can be played."""
        return sum(map(len, self._sources))

    @property
    def interactions(self) -> tuple[Recorded, ...]:
        """What can be played, in the order of the recordings."""
        return tuple(one for _, one in self._all())

    @property
    def played(self) -> tuple[int, ...]:
        """How often each interaction was played."""
        count = len(self)
        with self._lock:
            return tuple(self._played.get(place, 0) for place in range(count))

    def unplayed(self) -> tuple[Recorded, ...]:
        """Return the interactions that were never played."""
        played = self.played
        if all(played):
            return ()  # nothing is parsed to say so
        return tuple(one for one, times in zip(self.interactions, played, strict=True) if not times)

    def _all(self) -> Iterator[tuple[ScrubRules, Recorded]]:
        for source in self._sources:
            rules = source.rules
            for one in source:
                yield rules, one

    def _miss(self, request: Request, compared: Request, found: Found) -> CassetteMiss:
        wanted = canonical(compared, self._sources[0].rules if self._sources else STANDARD)
        asked, where = _named(wanted), self._where()
        if self._in_order:
            return self._out_of_turn(request, wanted, asked, where)
        if found:
            times = "once" if len(found) == 1 else f"{len(found)} times"
            text = f"{asked} was recorded {times} in {where}, and that was played already; repeats are off"
            return CassetteMiss(f"{text}. {self._remedy}", request, found[-1][0] + 1)
        near = nearest(wanted, self._candidates())
        if near is None:
            return CassetteMiss(
                f"{asked} is not recorded: {where} holds no interactions. {self._remedy}", request, None
            )
        text = (
            f"{asked} is not among the {_number(len(self))} in {where}. The nearest is number "
            f"{near.index + 1}; {_told(near.differences)}. {self._remedy}"
        )
        return CassetteMiss(text, request, near.index + 1, near.differences)

    def _out_of_turn(self, request: Request, wanted: Canonical, asked: str, where: str) -> CassetteMiss:
        if self._step == len(self):
            text = f"{asked} came after all {_number(self._step)} in {where} had been played in order"
            return CassetteMiss(f"{text}. {self._remedy}", request, None)
        due = self._candidates()[self._step]
        found = differences(wanted, due)
        text = (
            f"{asked} came where {_named(due)} was next (number {self._step + 1} of the "
            f"{_number(len(self))} in {where}, which are played in order); {_told(found)}. {self._remedy}"
        )
        return CassetteMiss(text, request, self._step + 1, found)

    def _candidates(self) -> list[Canonical]:
        if self._canonicals is None:
            self._canonicals = [
                canonical(one.request if self._match is None else self._match(one.request), rules)
                for rules, one in self._all()
            ]
        return self._canonicals

    def _where(self) -> str:
        return ", ".join(self._names) or "the recording"


def _opened(source: Cassette | Lookup | str | Path, match: Match | None) -> Lookup:
    if isinstance(source, Cassette):
        opened: Lookup = Index(source)
    else:
        opened = LazyCassette(source) if isinstance(source, (str, Path)) else source
    if match is None:
        return opened
    rules = opened.rules
    remade = tuple(replace(one, key=request_key(match(one.request), rules)) for one in opened)
    return Index(Cassette(opened.provenance, KEY_VERSION, remade, rules.people))


def _named(request: Canonical) -> str:
    operation = f" ({request.operation})" if request.operation else ""
    return f"{request.method} {request.path}{operation}"


def _number(count: int) -> str:
    return "one interaction" if count == 1 else f"{count} interactions"


def _told(found: tuple[Difference, ...]) -> str:
    if not found:
        return "it differs in nothing that a key holds"
    more = f"; and {len(found) - _TOLD} more" if len(found) > _TOLD else ""
    return f"it differs in {'; '.join(map(str, found[:_TOLD]))}{more}"
