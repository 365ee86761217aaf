"""What tests of a session have made, and what stands in the file already, as one pact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...contract.codec.departure import Departures
from ...contract.codec.form import read_form
from ...contract.codec.xml_document import read_document
from .pact import Interaction, Message, Pact
from .rules import step


@dataclass(frozen=True, slots=True)
class Made:
    """An interaction, and where it comes from.

    Attributes:
        test: The test that made it.
        number: The how manieth of the test it is.
        interaction: The interaction, of which others may have the description.
    """

    test: str
    number: int
    interaction: Interaction


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of it.

    Attributes:
        pact: In the order of descriptions.
        new: Descriptions that were not there before.
        kept: Descriptions of what no test has made now, and that stays.
        removed: Descriptions of what no test makes any more.
    """

    pact: Pact
    new: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]


def merge(old: Pact, made: Iterable[Made], *, whole: bool) -> Merged:
    """Return the pact of what tests made.

    One that differs from the old one only in what its rules leave open stays as it is, to the byte.

    Args:
        old: What stood there before; without interactions for nothing.
        made: In any order.
        whole: Whether these were all tests, so that what none of them made is made by none.
    """
    before = {one.description: one for one in old.interactions}
    now = {one.description: one for one in _told_apart(made)}
    for description, one in now.items():
        known = before.get(description)
        if known is not None and _frame(known) == _frame(one):
            now[description] = known
    stale = tuple(sorted(before.keys() - now.keys()))
    rest = {} if whole else {description: before[description] for description in stale}
    every = {**now, **rest}
    return Merged(
        replace(old, interactions=tuple(every[description] for description in sorted(every))),
        tuple(sorted(now.keys() - before.keys())),
        () if whole else stale,
        stale if whole else (),
    )


def _told_apart(made: Iterable[Made]) -> Iterator[Interaction]:
    """Yield every interaction once, under a description of its own: that of the first test, by name, that made it."""
    groups: dict[str, dict[object, Made]] = {}
    for one in sorted(made, key=lambda one: (one.test, one.number)):
        groups.setdefault(one.interaction.description, {}).setdefault(_essence(one.interaction), one)
    taken = set(groups)
    for description, several in groups.items():
        if len(several) == 1:
            yield next(iter(several.values())).interaction
            continue
        for one in several.values():
            name = f"{description}, in {one.test.rpartition('::')[2]}"
            number = 1
            while (own := name if number == 1 else f"{name} ({number})") in taken:
                number += 1
            taken.add(own)
            yield replace(one.interaction, description=own)


def _essence(one: Interaction) -> object:
    """Return what tells apart interactions of one description.

    A refusal may be about any value that was sent. In what succeeds, texts are free, and members are there or not.
    """
    if "Error" in one.references.get("AWS", {}):
        return one.request.body
    return frozenset(key for key, _ in read_form((one.request.body or "").encode()).pairs)


def _frame(one: Interaction) -> object:
    """Return what of an interaction its rules do not leave open; of the request all, as it is what is sent."""
    head = (one.states, one.method, one.path, one.query, one.status, one.request.headers, one.request.body)
    rules = (one.request.rules, one.reply.rules, one.reply.headers)
    return (*head, *rules, tuple(_fixed(one.reply)))


def _fixed(message: Message) -> Iterator[tuple[str, str | None]]:
    root = read_document((message.body or "").encode(), Departures())
    if root is None:
        yield "", message.body
        return
    yield from _texts(root, step("$", root), {rule.path: rule for rule in message.rules})


def _texts(element: Any, at: str, free: Mapping[str, object]) -> Iterator[tuple[str, str | None]]:
    yield at, None if f"{at}['#text']" in free else element.text
    for child in element:
        yield from _texts(child, step(at, child), free)
