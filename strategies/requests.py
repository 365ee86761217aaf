"""Form pairs that no SDK sends: good ones with one departure each.

Most malformed requests cannot be made through the SDK, whose validator and serialiser stand before the wire. So they
are made from the serialised form. Nothing is said here about what an endpoint should answer: some are harmless.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from botocore.model import ListShape, MapShape, Shape, StructureShape
from hypothesis import strategies as st

from ..contract.case import Case, Form
from ..contract.codec.form import Pairs
from ..contract.codec.query_request import wire_name
from ..contract.model import Operation

_NOT_TRUE_NOR_FALSE = (
    "True",
    "TRUE",
    "1",
    "yes",
    "on",
    "t",
    "",
    "False",
    "FALSE",
    "0",
    "no",
    "off",
    "null",
    "truefalse",
)
_OTHER_VERSIONS = ("1999-01-01", "", "latest", "{}x", " {}", "{}T00:00:00Z")
_OTHER_ACTIONS = ("NotAnOperation", "", "{lower}", "{upper}", " {}", "{} ", "{}\0", "{}Async")
_WHITE_SPACE = (" {}", "{} ", "\t{}", "{}\n", "{}\r\n", "\u00a0{}")
_OTHER_INDICES = ("0", "-1", "01", "a", "", "1.5", "1000000000")
_MISWRITTEN_KEYS = (" {}", "{} ", "{}.member.1", "{}.1", "{}[]", "{}\0")
_GAP = "with a gap"
_UNKNOWN_KEYS = ("NotAMember", "", "Action.1", "__proto__", "é", "X-Amz-Target")
_INDEX = re.compile(r"(?<=\.)\d+(?=\.|$)")
_PLACES = 240  # divisible by most numbers of pairs, so that each is as likely

# Makes one departure at a place, any number at all; returns None where the pairs have nothing to depart from.
_Make = Callable[[Pairs, int], tuple[str, Form] | None]


@dataclass(frozen=True, slots=True)
class _Departure:
    name: str
    make: _Make

    def case(self, operation: Operation, pairs: Pairs, place: int) -> Case | None:
        made = self.make(pairs, place)
        if made is None or made[1] == Form(pairs):
            return None
        detail, form = made
        return Case(operation.name, form, label=f"form: {self.name}{detail and ' '}{detail}")


def malformed_forms(pairs: Pairs | st.SearchStrategy[Pairs], *, operation: Operation) -> st.SearchStrategy[Case]:
    """Return a strategy for cases whose form departs once from good `pairs`.

    A member is missing; a key is repeated with the same or with another value, is unknown, in the wrong case, has extra
    white space, or is written as a structure; a boolean is not exactly true or false; a value is empty or has extra
    white space; a list has a gap or a wrong index; `Version` or `Action` is absent, another one, or repeated; `Action`
    or all pairs stand in the query string; the method is GET. The label says which.

    Args:
        pairs: Good pairs as `codec.query_request.write_request` makes them, or a strategy for such.
        operation: The query-protocol operation that they are for.

    Raises:
        TypeError: `pairs` are neither.
        ValueError: The operation does not speak the query protocol, or there are no pairs.

    >>> from botoproof.contract.adapters.models import read_operation
    >>> update = read_operation("importexport", "UpdateJob")
    >>> cases = every_malformed_form((("Action", "UpdateJob"), ("JobId", "1")), operation=update)
    >>> cases[0].label, cases[0].sent.pairs
    ('form: member missing JobId', (('Action', 'UpdateJob'),))
    """
    if not isinstance(pairs, st.SearchStrategy):
        return st.sampled_from(every_malformed_form(pairs, operation=operation))
    departures = _departures(operation)

    def case(drawn: tuple[Pairs, int]) -> Case:
        good, choice = drawn
        departure, place = divmod(choice, _PLACES)
        return departures[departure].case(operation, good, place) or _unknown_key(operation, good)

    # One draw for what and where: each draw costs more than all the rest.
    return st.tuples(pairs, st.integers(0, len(departures) * _PLACES - 1)).map(case)


def every_malformed_form(pairs: Pairs, *, operation: Operation) -> tuple[Case, ...]:
    """Return every departure that `malformed_forms` makes from these pairs, each form once.

    Raises:
        TypeError: `pairs` is not a tuple.
        ValueError: The operation does not speak the query protocol, or there are no pairs.
    """
    if not isinstance(pairs, tuple):
        raise TypeError(f"pairs must be a tuple of keys and values or a strategy for such, got {pairs!r}")
    if not pairs:
        raise ValueError("pairs must hold at least one key, got ()")
    cases: dict[Form, Case] = {}
    for departure in _departures(operation):
        for place in range(len(pairs)):
            case = departure.case(operation, pairs, place)
            if case is not None and isinstance(case.sent, Form):
                cases.setdefault(case.sent, case)
    return tuple(cases.values())


def _unknown_key(operation: Operation, pairs: Pairs) -> Case:
    """Return the departure that is always possible."""
    return Case(operation.name, Form((*pairs, ("NotAMember", "1"))), label="form: unknown key NotAMember")


def _departures(operation: Operation) -> tuple[_Departure, ...]:
    if operation.protocol != "query":
        raise ValueError(f"operation must speak the query protocol, got {operation} with {operation.protocol}")
    return tuple(_Departure(name, make) for name, make in _makers(operation))


def _makers(operation: Operation) -> Iterator[tuple[str, _Make]]:
    shape = operation.input_shape
    members = {} if shape is None else {wire_name(name, member): member for name, member in shape.members.items()}
    if shape is not None and shape.required_members:
        required = tuple(wire_name(name, shape.members[name]) for name in shape.required_members)
        yield "member missing", partial(_missing, required)
    yield "repeated key, same value,", partial(_repeated, _as_it_is)
    yield "repeated key, other value,", partial(_repeated, _otherwise)
    yield "repeated key, other value first,", partial(_repeated, _otherwise, first=True)
    for key in _UNKNOWN_KEYS:
        yield "unknown key", partial(_added, key)
    for change in (str.lower, str.upper, str.swapcase):
        yield "wrong case of key", partial(_rekeyed, change)
    for pattern in _MISWRITTEN_KEYS:
        yield "key miswritten,", partial(_rekeyed, pattern.format)
    if shape is not None:
        booleans = tuple(key for key, member in members.items() if member.type_name == "boolean")
        for spelling in _NOT_TRUE_NOR_FALSE:
            yield f"boolean as {spelling!r},", partial(_misspelt, shape, booleans, spelling)
    yield "empty value of", partial(_revalued, _empty)
    for pattern in _WHITE_SPACE:
        yield f"white space as in {pattern!r} around", partial(_revalued, pattern.format)
    lists = tuple(_item_prefixes(members))
    for index in (_GAP, *_OTHER_INDICES):
        yield f"list index {index!r} in", partial(_reindexed, lists, index)
    yield from _envelope_makers(operation)


def _envelope_makers(operation: Operation) -> Iterator[tuple[str, _Make]]:
    for pattern in _OTHER_VERSIONS:
        yield "other Version", partial(_replaced, "Version", pattern.format(operation.api_version))
    name = operation.name
    for pattern in _OTHER_ACTIONS:
        yield "other Action", partial(_replaced, "Action", pattern.format(name, lower=name.lower(), upper=name.upper()))
    for key in ("Version", "Action"):
        yield f"absent {key}", partial(_absent, key)
        yield f"{key} in the query string", partial(_in_query, key)
        yield f"{key} also in the query string", partial(_also_in_query, key)
    yield "all in the query string of a POST", lambda pairs, _: ("", Form((), query=pairs))
    yield "GET instead of POST", lambda pairs, _: ("", Form(pairs, method="GET"))


def _as_it_is(text: str) -> str:
    return text


def _otherwise(text: str) -> str:
    return {"true": "false", "false": "true"}.get(text, f"{text}1")


def _empty(_: str) -> str:
    return ""


def _without(pairs: Pairs, key: str) -> Pairs:
    return tuple(pair for pair in pairs if pair[0] != key)


def _only(pairs: Pairs, key: str) -> Pairs:
    return tuple(pair for pair in pairs if pair[0] == key)


def _with(pairs: Pairs, key: str, value: str) -> Pairs:
    return tuple((name, value if name == key else text) for name, text in pairs)


def _added(key: str, pairs: Pairs, _: int) -> tuple[str, Form]:
    return repr(key), Form((*pairs, (key, "1")))


def _replaced(key: str, value: str, pairs: Pairs, _: int) -> tuple[str, Form]:
    return repr(value), Form(_with(pairs, key, value))


def _absent(key: str, pairs: Pairs, _: int) -> tuple[str, Form]:
    return "", Form(_without(pairs, key))


def _in_query(key: str, pairs: Pairs, _: int) -> tuple[str, Form]:
    return "", Form(_without(pairs, key), query=_only(pairs, key))


def _also_in_query(key: str, pairs: Pairs, _: int) -> tuple[str, Form]:
    return "", Form(pairs, query=_only(pairs, key))


def _missing(required: tuple[str, ...], pairs: Pairs, place: int) -> tuple[str, Form]:
    key = required[place % len(required)]
    return key, Form(tuple(pair for pair in pairs if pair[0] != key and not pair[0].startswith(f"{key}.")))


def _repeated(
    change: Callable[[str], str], pairs: Pairs, place: int, *, first: bool = False
) -> tuple[str, Form] | None:
    if not pairs:
        return None
    key, value = pairs[place % len(pairs)]
    again = (key, change(value))
    return key, Form((again, *pairs) if first else (*pairs, again))


def _rekeyed(change: Callable[[str], str], pairs: Pairs, place: int) -> tuple[str, Form] | None:
    if not pairs:
        return None
    at = place % len(pairs)
    key, value = pairs[at]
    return f"{key} as {change(key)!r}", Form((*pairs[:at], (change(key), value), *pairs[at + 1 :]))


def _revalued(change: Callable[[str], str], pairs: Pairs, place: int) -> tuple[str, Form] | None:
    members = [at for at, (key, _) in enumerate(pairs) if key not in ("Action", "Version")]
    if not members:
        return None
    at = members[place % len(members)]
    key, value = pairs[at]
    return key, Form((*pairs[:at], (key, change(value)), *pairs[at + 1 :]))


def _misspelt(
    shape: StructureShape, booleans: tuple[str, ...], spelling: str, pairs: Pairs, place: int
) -> tuple[str, Form] | None:
    """Return the pairs with one boolean spelt otherwise; an absent one is added."""
    present = {key for key, _ in pairs}
    keys = [key for key in present if key in booleans or ("." in key and _is_boolean(shape, key.split(".")))]
    keys = sorted(keys) + [key for key in booleans if key not in present]
    if not keys:
        return None
    key = keys[place % len(keys)]
    return key, Form(_with(pairs, key, spelling) if key in present else (*pairs, (key, spelling)))


def _is_boolean(shape: Shape, parts: list[str]) -> bool:
    """Whether the member at these parts of a key is a boolean."""
    if not parts:
        return shape.type_name == "boolean"
    index = 1 if shape.serialization.get("flattened") else 2  # the index, and the name before it
    match shape:
        case StructureShape():
            members = (member for name, member in shape.members.items() if wire_name(name, member) == parts[0])
            return any(_is_boolean(member, parts[1:]) for member in members)
        case ListShape():
            return _is_boolean(shape.member, parts[index:])
        case MapShape():
            return parts[-1] != "key" and _is_boolean(shape.value, parts[index + 1 :])
        case _:
            return False


def _item_prefixes(members: dict[str, Shape]) -> Iterator[str]:
    for key, member in members.items():
        if isinstance(member, ListShape):
            flattened = member.serialization.get("flattened")
            yield key if flattened else f"{key}.{member.member.serialization.get('name', 'member')}"


def _reindexed(lists: tuple[str, ...], index: str, pairs: Pairs, place: int) -> tuple[str, Form] | None:
    """Return the pairs with another index somewhere; without any list among them, a list of one item is added."""
    indexed = [at for at, (key, _) in enumerate(pairs) if _INDEX.search(key)]
    if indexed:
        at = indexed[place % len(indexed)]
        key, value = pairs[at]
        changed = _INDEX.sub(lambda old: str(int(old[0]) + 1_000) if index == _GAP else index, key, count=1)
        return key, Form((*pairs[:at], (changed, value), *pairs[at + 1 :]))
    if not lists:
        return None
    key = f"{lists[place % len(lists)]}.{'2' if index == _GAP else index}"
    return key, Form((*pairs, (key, "text")))
