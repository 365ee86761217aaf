"""What tells a case from a valid one, in a few words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import zip_longest

from ...contract.case import Call, Case, Form, Parse, Raw, Signing
from ...contract.codec.form import Pairs, read_form
from ...contract.codec.query_request import write_request
from ...contract.model import Operation

_REFERENCE = re.compile(r"~([a-z0-9-]+)~")
_TEXT = 70
_LINES = 3
_FORM_TYPE = "x-www-form-urlencoded"

_Sent = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Valid:
    """A case that breaks no rule, and all its lines by parameter, by which the nearest one is found."""

    case: Case
    traits: frozenset[tuple[str, str]]


def valid_case(case: Case, operation: Operation) -> Valid:
    """Return `case`, its references unresolved, ready to be compared with."""
    return Valid(case, _traits(case, operation))


def differences(case: Case, valid: Iterable[Valid], operation: Operation, states: Mapping[str, str]) -> tuple[str, ...]:
    """Return in what `case` differs from that one of `valid` to which it is nearest, each difference in a few words.

    Args:
        case: With its references unresolved.
        valid: Cases of the same operation that break no rule.
        operation: Theirs.
        states: The sentence for each provider state.
    """
    traits = _traits(case, operation)
    nearest = min(valid, key=lambda other: len(traits ^ other.traits), default=None)
    return () if nearest is None else _told(case, nearest.case, operation, states)


def _traits(case: Case, operation: Operation) -> frozenset[tuple[str, str]]:
    pairs = _pairs(case, operation)
    lines = {(name, line) for name, values in pairs.items() for value in values for line in value.splitlines()}
    names = {("", name) for name in pairs}
    signing = {("signing", f"{field} {value}") for field, value in asdict(case.signing).items()}
    carrier = {("carrier", part) for part in (_method(case.sent), *_query(case.sent))}
    return frozenset(lines | names | signing | carrier)


def _told(case: Case, valid: Case, operation: Operation, states: Mapping[str, str]) -> tuple[str, ...]:
    ours, theirs = _pairs(case, operation), _pairs(valid, operation)
    told = [*_signing(case.signing, valid.signing), *_carrier(case.sent, valid.sent)]
    if isinstance(case.sent, Raw) and not ours:
        return (*told, f"the body is {_code(case.sent.body.decode('ascii', 'backslashreplace'))}")
    for name in dict.fromkeys([*theirs, *ours]):
        for value, other in zip_longest(ours.get(name, ()), theirs.get(name, ())):
            told += _value(name, value, other, states)
    return tuple(told)


def _pairs(case: Case, operation: Operation) -> _Sent:
    match case.sent:
        case Call(parameters=parameters):
            pairs: Pairs = write_request(operation, parameters)
        case Form(pairs=sent, query=query):
            pairs = (*query, *sent)
        case Raw(body=body):
            reading = read_form(body)
            pairs = () if reading.problems else reading.pairs
        case Parse():
            pairs = ()  # nothing is sent
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _signing(ours: Signing, theirs: Signing) -> list[str]:
    told: list[str] = []
    if ours.key != theirs.key:
        told.append("not signed" if ours.key == "none" else f"signed with the {ours.key} key")
    if ours.version != theirs.version and ours.key != "none":
        told.append(f"signed with version {ours.version.removeprefix('v')}")
    if ours.tampered != theirs.tampered:
        told.append("the signature is changed afterwards" if ours.tampered else "the signature is genuine")
    if ours.age_seconds != theirs.age_seconds:
        told.append(f"signed {ours.age_seconds} s ago")
    return told


def _carrier(ours: Call | Form | Raw | Parse, theirs: Call | Form | Raw | Parse) -> list[str]:
    told: list[str] = []
    if _method(ours) != _method(theirs):
        told.append(f"sent by {_method(ours)}")
    query = _query(ours) - _query(theirs)
    if query:
        told.append(f"{' and '.join(sorted(query))} in the query string")
    if isinstance(ours, Raw) and not isinstance(theirs, Raw) and _FORM_TYPE not in ours.content_type:
        told.append(f"Content-Type is {_code(ours.content_type)}")
    return told


def _method(sent: Call | Form | Raw | Parse) -> str:
    return sent.method if isinstance(sent, Form) else "POST"


def _query(sent: Call | Form | Raw | Parse) -> set[str]:
    return {name for name, _ in sent.query} if isinstance(sent, Form) else set()


def _value(name: str, ours: str | None, theirs: str | None, states: Mapping[str, str]) -> list[str]:
    if ours == theirs:
        return []
    if ours is None:
        return [f"no {name}"]
    if theirs is None:
        return [f"{name} is {_shown(ours, states)} instead of absent"]
    if "\n" in theirs and "\n" in ours:
        return [f"{name}: {text}" for text in _lines(ours, theirs)]
    return [
        f"{name} is {_shown(ours, states)}"
        if "\n" in theirs
        else f"{name} is {_shown(ours, states)} instead of {_shown(theirs, states)}"
    ]


def _lines(ours: str, theirs: str) -> list[str]:
    before, after = theirs.splitlines(), ours.splitlines()
    told: list[str] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, new = _joined(before[a:b], after[c:d]), _joined(after[c:d], before[a:b])
        if tag == "delete":
            told.append(f"without {gone}")
        elif tag == "insert":
            told.append(f"with {new}")
        elif tag == "replace":
            told.append(f"{new} instead of {gone}")
    return told or ["other line ends"]


def _joined(lines: list[str], others: list[str]) -> str:
    if [line.strip() for line in lines] != [line.strip() for line in others]:  # else the white space is what differs
        lines = [line.strip() for line in lines]
    shown = ", ".join(_code(line) for line in lines[:_LINES] if line) or "blank lines"
    left = len(lines) - _LINES
    return shown if left <= 0 else f"{shown} and {left} more line{'' if left == 1 else 's'}"


def _shown(text: str, states: Mapping[str, str]) -> str:
    state = _REFERENCE.fullmatch(text)
    if state and state[1] in states:
        return f"that of {states[state[1]]}"
    return _code(text) if text else "empty"


def _code(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
    if "`" in shown:
        return repr(text)
    return f"`{shown if len(shown) <= _TEXT else f'{shown[:_TEXT]} … ({len(text)} characters)'}`"
