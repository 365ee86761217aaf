"""The depth ``replay``: the same replies are parsed by each SDK; values, exception classes and fields are compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...cassettes.format import BadCassette, read_cassette
from ...contract.interaction import Reply
from ...contract.recognise import recogniser
from .answer import Gap, Looked, Scope, Tell
from .change import Change
from .faults import how_it_ended
from .grouping import Difference, grouped
from .leaves import differing, json_leaves
from .pairs import Pair, Seen, look_at_services
from .replies import Said, replies_for
from .requests import PRESENT
from .rule import Depth
from .scripts import reply_step
from .sdk import Sdk
from .subjects import Subject, find_subjects

_SETTINGS = {"retries": {"total_max_attempts": 1}}
_TELLING = 20
_WIDTH = 200  # so much of a value is told
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_RETRIES = re.compile(r" \(reached max retries: \d+\)")
SHIPPED = Path(__file__).parents[2] / "cassettes" / "data"

Ended = Mapping[str, Any]
Recordings = Callable[[str], tuple[Path, ...]]
"""Returns the recordings of a service."""


def shipped(service: str) -> tuple[Path, ...]:
    """Return the recordings of a service that botoproof ships."""
    return tuple(sorted((SHIPPED / service).rglob("*.yaml")))


def look(old: Sdk, new: Sdk, scope: Scope, tell: Tell) -> Looked:
    """Look at what both releases make of the same replies: those recorded or shipped, and those made from the model.

    Args:
        old: The older release.
        new: The newer one.
        scope: What matters.
        tell: Is told how far it is.
    """

    def recordings(service: str) -> tuple[Path, ...]:
        return (*shipped(service), *(file for name, file in scope.recordings if name == service))

    return look_with(recordings)(old, new, scope, tell)


def look_with(recordings: Recordings) -> Callable[[Sdk, Sdk, Scope, Tell], Looked]:
    """Return a look that takes replies from recordings, beside those made from the model.

    Args:
        recordings: Tells the files.
    """

    def look_at(old: Sdk, new: Sdk, scope: Scope, tell: Tell) -> Looked:
        def explore(pair: Pair, service: str) -> Seen:
            subjects, gaps = find_subjects(pair, service, scope)
            recorded, unreadable = read_recordings(recordings(service), subjects)
            changes = list[Change]()
            for number, subject in enumerate(subjects, start=1):
                if number % _TELLING == 0:
                    tell(f"replay: {number} of {len(subjects)} operations of {service}")
                said = replies_for(subject, recorded.get(subject.old.name, ()))
                changes += compare_ends(service, subject.old.name, said, *parse_replies(pair, subject, said))
            return Seen(len(subjects), tuple(changes), (*gaps, *(Gap(service, "", why) for why in unreadable)))

        return look_at_services(Depth.REPLAY, old, new, scope, tell, explore)

    return look_at


def read_recordings(
    files: Iterable[Path], subjects: Sequence[Subject]
) -> tuple[dict[str, list[tuple[str, Reply]]], list[str]]:
    """Return recorded replies by operation, each once and with where it stands, and what could not be read.

    Args:
        files: The recordings.
        subjects: All that is looked at; replies to others are left aside.
    """
    recognise = recogniser([one.old for one in subjects])
    found: dict[str, list[tuple[str, Reply]]] = {}
    known = set[tuple[str, Reply]]()
    unreadable = list[str]()
    for file in files:
        try:
            interactions = read_cassette(file).interactions
        except BadCassette as wrong:
            unreadable.append(str(wrong))
            continue
        for number, one in enumerate(interactions, start=1):
            operation = recognise(one.request)
            if operation is not None and (operation.name, one.reply) not in known:
                known.add((operation.name, one.reply))
                found.setdefault(operation.name, []).append((f"{file.name}, interaction {number}", one.reply))
    return found, unreadable


def parse_replies(pair: Pair, subject: Subject, said: Sequence[Said]) -> tuple[list[Ended], list[Ended]]:
    """Let both releases parse replies to a call, and return what came of each.

    Args:
        pair: The two releases.
        subject: What is called.
        said: The replies.

    Raises:
        NoAnswer: One of the releases gives none.
    """
    return parse_with(pair, subject.old.service, subject.old.name, subject.parameters, said)


def parse_with(
    pair: Pair, service: str, operation: str, parameters: Any, said: Sequence[Said]
) -> tuple[list[Ended], list[Ended]]:
    """Let both releases parse replies to a call with parameters of somebody's own; see `parse_replies`."""
    given = {"service": service, "operation": operation, "parameters": parameters}

    def scripts(replies: Iterable[Reply]) -> Mapping[str, Any]:
        return {**given, "scripts": [{"steps": [reply_step(reply)], "settings": _SETTINGS} for reply in replies]}

    old, new = pair.both("tried", scripts(one.old for one in said), scripts(one.new for one in said))
    return [calls[0] for calls in old], [calls[0] for calls in new]


def compare_ends(
    service: str, operation: str, said: Sequence[Said], before: Sequence[Ended], after: Sequence[Ended]
) -> tuple[Change, ...]:
    """Return what differs, one change for all replies that are read otherwise in the same way.

    Args:
        service: botocore's name.
        operation: What was called.
        said: The replies.
        before: What the older release made of each.
        after: What the newer one made of it.
    """
    found = (
        difference for one, *ends in zip(said, before, after, strict=True) for difference in _differences(one, *ends)
    )
    return grouped(Depth.REPLAY, service, operation, found, where="the replies ")


def _differences(said: Said, old: Ended, new: Ended) -> Iterator[Difference]:
    name = said.name
    if "returned" in old and "returned" in new:
        places = list(_places(old, new, ("returned", "metadata")))
        if said.is_former and places:
            places = [("$", "what the reply says", "otherwise or less")]
        for path, was, now in places:
            yield Difference(name, "parsed-value-changed", was, now, path)
    elif "returned" in old or "returned" in new:
        rule = "reply-rejected" if "returned" in old else "reply-accepted"
        yield Difference(name, rule, how_it_ended(old), how_it_ended(new))
    elif _class(old) != _class(new):
        yield Difference(name, "exception-class-changed", _class(old), _class(new))
    else:
        for path, was, now in _places(old, new, ("fields", "metadata")):
            if not path.endswith(".Error.Message"):
                yield Difference(name, "exception-fields-changed", was, now, path)
        yield from _messages(name, *(_ADDRESS.sub("", str(one["message"])) for one in (old, new)))


def _class(end: Ended) -> str:
    return how_it_ended(end) if end["family"] else f"{how_it_ended(end)}, which is none of botocore's own"


def _messages(name: str, old: str, new: str) -> Iterator[Difference]:
    # The texts are for readers: a change is known by its place, and not by prose.
    if _RETRIES.sub("", old) != _RETRIES.sub("", new):
        example = f"{name}: {old[:_WIDTH]!r}, then {new[:_WIDTH]!r}"
        yield Difference(example, "exception-message-changed", "a text", "another text", "message")
    elif old != new:
        was, now = ("told" if _RETRIES.search(text) else "not told" for text in (old, new))
        yield Difference(name, "exception-message-changed", was, now, "the number of retries in the message")


def _places(old: Ended, new: Ended, parts: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield path, old and new value where two mappings differ; nothing stands for a place that is not there."""
    was, now = (dict(json_leaves({part: end.get(part) or {} for part in parts})) for end in (old, new))
    for path, one, other in differing(was, now):
        # What is new or gone is known by its place: its value would tell as many changes as there are replies.
        both = bool(one and other)
        yield _called(path), one[:_WIDTH] if both else one and PRESENT, other[:_WIDTH] if both else other and PRESENT


def _called(path: str) -> str:
    for part in ("returned", "fields"):
        path = path.replace(f"$.{part}", "$", 1)
    return (path or "$").replace("$.metadata", "$.ResponseMetadata", 1)
