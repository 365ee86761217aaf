"""Calls answered from recordings: per client, in any number of threads, and without a socket.

The client serialises, signs, parses and retries as ever; only sending is replaced, by its event `before-send`. What
was not recorded raises `CassetteMiss`, which the SDK takes for no failure of the network: it does not try again.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from ..contract.adapters.sdk import as_request, as_response
from ..contract.interaction import Reply, Request
from .format import Cassette, Recorded, read_cassette, rules_of
from .key import Canonical, Difference, canonical, differences, nearest, request_key
from .matching import Match

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
        *sources: Cassette | str | Path,
        repeats: bool = True,
        in_order: bool = False,
        match: Match | None = None,
        remedy: str = REMEDY,
    ) -> None:
        """Take recordings.

        Args:
            sources: Recordings, or their files, of any program that writes vcrpy's YAML.
            repeats: Whether the last of several answers to one request is given again and again; otherwise each
                recorded interaction is played once.
            in_order: Whether requests must come in the order in which they were recorded, each once.
            match: Takes out of requests what does not matter; see `matching`.
            remedy: The end of the message of a miss: how to record.

        Raises:
            BadCassette: A file cannot be read.
        """
        self._names = [str(source) for source in sources if not isinstance(source, Cassette)]
        self._in_order = in_order
        self._repeats = repeats and not in_order
        self._match = match
        self._remedy = remedy
        self._lock = threading.Lock()
        self._recorded: list[Recorded] = []
        self._people: list[bool] = []
        self._places: defaultdict[tuple[bool, str], list[int]] = defaultdict(list)
        for source in sources:
            self._add(source if isinstance(source, Cassette) else read_cassette(source))
        self._rules = {people: rules_of(people=people) for people in set(self._people) or {False}}
        self._played = [0] * len(self._recorded)
        self._next: defaultdict[tuple[bool, str], int] = defaultdict(int)
        self._step = 0
        self._hits = 0
        self._misses: list[CassetteMiss] = []
        self._canonicals: list[Canonical] | None = None

    def _add(self, cassette: Cassette) -> None:
        for one in cassette.interactions:
            key = one.key if self._match is None else request_key(self._match(one.request), cassette.rules)
            self._places[cassette.people, key].append(len(self._recorded))
            self._recorded.append(one)
            self._people.append(cassette.people)

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
        """
        compared = request if self._match is None else self._match(request)
        keys = [(people, request_key(compared, rules)) for people, rules in self._rules.items()]
        with self._lock:
            index = self._in_turn(keys) if self._in_order else self._one_of(keys)
            if index is not None:
                self._played[index] += 1
                self._hits += 1
                return self._recorded[index].reply
            miss = self._miss(request, compared, keys)
            self._misses.append(miss)
        raise miss

    def _in_turn(self, keys: Sequence[tuple[bool, str]]) -> int | None:
        if self._step < len(self._recorded) and any(self._step in self._places.get(key, ()) for key in keys):
            self._step += 1
            return self._step - 1
        return None

    def _one_of(self, keys: Sequence[tuple[bool, str]]) -> int | None:
        for key in keys:
            places = self._places.get(key, ())
            turn = self._next[key] if places else 0
            if turn < len(places):
                self._next[key] += 1
                return places[turn]
        if self._repeats:
            return next((self._places[key][-1] for key in keys if key in self._places), None)
        return None

    @property
    def hits(self) -> int:
        """How many requests were answered."""
        return self._hits

    @property
    def misses(self) -> tuple[CassetteMiss, ...]:
        """What was raised for the others, also where the caller's code swallowed it."""
        with self._lock:
            return tuple(self._misses)

    @property
    def interactions(self) -> tuple[Recorded, ...]:
        """What can be played, in the order of the recordings."""
        return tuple(self._recorded)

    @property
    def played(self) -> tuple[int, ...]:
        """How often each interaction was played."""
        with self._lock:
            return tuple(self._played)

    def unplayed(self) -> tuple[Recorded, ...]:
        """Return the interactions that were never played."""
        return tuple(one for one, times in zip(self._recorded, self.played, strict=True) if not times)

    def _miss(self, request: Request, compared: Request, keys: Sequence[tuple[bool, str]]) -> CassetteMiss:
        people = self._people[0] if self._people else False
        wanted = canonical(compared, self._rules.get(people, rules_of(people=people)))
        asked, where = _named(wanted), self._where()
        same = sorted({place for key in keys for place in self._places.get(key, ())})
        if self._in_order:
            return self._out_of_turn(request, wanted, asked, where)
        if same:
            times = "once" if len(same) == 1 else f"{len(same)} times"
            text = f"{asked} was recorded {times} in {where}, and that was played already; repeats are off"
            return CassetteMiss(f"{text}. {self._remedy}", request, same[-1] + 1)
        near = nearest(wanted, self._candidates())
        if near is None:
            return CassetteMiss(
                f"{asked} is not recorded: {where} holds no interactions. {self._remedy}", request, None
            )
        text = (
            f"{asked} is not among the {_number(len(self._recorded))} in {where}. The nearest is number "
            f"{near.index + 1}; {_told(near.differences)}. {self._remedy}"
        )
        return CassetteMiss(text, request, near.index + 1, near.differences)

    def _out_of_turn(self, request: Request, wanted: Canonical, asked: str, where: str) -> CassetteMiss:
        if self._step == len(self._recorded):
            text = f"{asked} came after all {_number(self._step)} in {where} had been played in order"
            return CassetteMiss(f"{text}. {self._remedy}", request, None)
        due = self._candidates()[self._step]
        found = differences(wanted, due)
        text = (
            f"{asked} came where {_named(due)} was next (number {self._step + 1} of the "
            f"{_number(len(self._recorded))} in {where}, which are played in order); {_told(found)}. {self._remedy}"
        )
        return CassetteMiss(text, request, self._step + 1, found)

    def _candidates(self) -> list[Canonical]:
        if self._canonicals is None:
            self._canonicals = [
                canonical(one.request if self._match is None else self._match(one.request), rules_of(people=people))
                for one, people in zip(self._recorded, self._people, strict=True)
            ]
        return self._canonicals

    def _where(self) -> str:
        return ", ".join(self._names) or "the recording"


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
