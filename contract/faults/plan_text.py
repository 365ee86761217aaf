"""Plans as one line of text. `parse_plan(str(plan))` is the plan again.

    plan   = [ "seed=" number ";" ] rule *( ";" rule )
    rule   = operation [ "#" call ] "=" step *( "->" step )
    step   = [ count "*" ] ( "ok" / [ percent "%" ] fault *( "+" fault ) [ ":pre" / ":post" ] )
    fault  = kind [ "(" argument *( "," argument ) ")" ]

`once*` is `1*`, and no count, or `always*`, stands for all attempts that follow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import NoReturn, TypeVar

from ..errors import BadPlan, close_names
from .fault import Fault, find_kind, settled_argument, settled_arguments
from .kind import Value, When
from .kinds import KINDS
from .plan import Plan, Rule, Step

T = TypeVar("T")

_BLANK = re.compile(r"\s*")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.]*")
_OPERATION = re.compile(r"[A-Za-z0-9_\-]+\.\*|\*|[A-Za-z0-9_][A-Za-z0-9_.\-]*")
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,()=;"]+')
_COUNT = re.compile(r"(\d+|once|always)\s*\*")
_PERCENT = re.compile(r"(\d+(?:\.\d{1,3})?)\s*%")


def parse_plan(
    text: str,
    *,
    seed: int | None = None,
    operations: Iterable[str] | None = None,
    check: Callable[[str, Fault], None] | None = None,
) -> Plan:
    """Return the plan that `text` writes.

    Args:
        text: Such as ``UpdateJob#0=2*reset.after_request->ok``.
        seed: Holds when the text names none.
        operations: The names that a rule may be for, with or without their service; None when they are not known.

        check: Raises `BadPlan` where a fault cannot strike an operation, which may be ``*``.

    Raises:
        BadPlan: It is none; the text points at the column, and offers close names.

    >>> str(parse_plan("UpdateJob#0=2*reset.after_request->ok; GetStatus=latency(lognormal, median=50ms, p99=2s)"))
    'UpdateJob#0=2*reset.after_request->ok; GetStatus=latency(lognormal, median=50ms, p99=2s)'
    """
    return _Reader(text, None if operations is None else tuple(operations), check).plan(seed)


def parse_fault(text: str) -> Fault:
    """Return the fault that `text` writes, such as ``status(503, body=html)``.

    Raises:
        BadPlan: It is none.
    """
    reader = _Reader(text)
    found = reader.fault()
    reader.end("the end of the fault")
    return found


class _Reader:
    def __init__(
        self,
        text: str,
        operations: tuple[str, ...] | None = None,
        check: Callable[[str, Fault], None] | None = None,
    ) -> None:
        self._text = text
        self._at = 0
        self._operations = operations
        self._check = check

    def plan(self, seed: int | None) -> Plan:
        if not self._text.strip():
            raise BadPlan("the plan is empty; write a rule such as *=status(503)")
        if self._take(re.compile(r"seed\s*=")):
            number = self._take(re.compile(r"\d+")) or self._fail("a seed must be a whole number")
            seed = int(number)
            if not self._take(";"):
                self.end("; and a rule")
        rules: list[Rule] = []
        while not rules or self._take(";"):
            start = self._here()
            if rules and start == len(self._text):
                break  # a semicolon at the end is no mistake
            rules.append(self._rule())
            try:
                Plan(tuple(rules), seed)
            except BadPlan as wrong:
                self._fail(wrong.message, start)
        self.end("; and another rule, or the end")
        return Plan(tuple(rules), seed)

    def _rule(self) -> Rule:
        start = self._here()
        operation = self._take(_OPERATION) or self._fail("expected the name of an operation, or *")
        if operation in KINDS and not self._text.startswith(("=", "#"), self._here()):
            self._fail(
                f"{operation} is a fault; write which operation it strikes, such as *={operation} for all", start
            )
        self._known(operation, start)
        call = None
        if self._take("#"):
            number = self._take(re.compile(r"\d+")) or self._fail("expected the number of a call, from 0")
            call = int(number)
        if not self._take("="):
            self._fail(f"expected = and what happens to {operation}")
        places, steps = [self._here()], [self._step(operation)]
        while self._take("->"):
            places.append(self._here())
            steps.append(self._step(operation))
            self._checked(lambda: Rule(operation, tuple(steps), call), places[-1])
        return Rule(operation, tuple(steps), call)

    def _step(self, operation: str) -> Step:
        start = self._here()
        times = None
        if counted := self._take(_COUNT):
            word = counted[:-1].strip()
            times = {"once": 1, "always": None}.get(word, int(word) if word.isdigit() else None)
        if self._take(re.compile(r"ok(?![\w.(])")):
            self._checked(lambda: Step(times=times), start)
            return Step(times=times)
        percent = None
        if chance := self._take(_PERCENT):
            percent = float(chance[:-1])
        faults = [self._fault_for(operation)]
        while self._take("+"):
            place = self._here()
            faults.append(self._fault_for(operation))
            self._checked(lambda: Step(tuple(faults)), place)
        when: When | None = None
        if self._take(":"):
            place = self._here()
            word = self._take(_NAME)
            when = "pre" if word == "pre" else "post" if word == "post" else self._fail("expected pre or post", place)
            self._checked(lambda: Step(tuple(faults), when=when), place)
        self._checked(lambda: Step(tuple(faults), times, percent, when), start)
        return Step(tuple(faults), times, percent, when)

    def _fault_for(self, operation: str) -> Fault:
        start = self._here()
        found = self.fault()
        check = self._check
        if check is not None:
            self._checked(lambda: check(operation, found), start)
        return found

    def fault(self) -> Fault:
        """Read a fault."""
        start = self._here()
        name = self._take(_NAME) or self._fail("expected a fault or ok")
        kind = self._checked(lambda: find_kind(name), start)
        given: dict[str, Value] = {}
        if self._take("("):
            while not self._take(")"):
                if given and not self._take(","):
                    self._fail("expected , or )")
                place = self._here()
                key, value = self._argument()
                if key is None:
                    if given:
                        self._fail(f"only the first argument goes without its name, as in {name}(x, name=y)", place)
                    if not kind.parameters:
                        self._fail(f"{name} takes nothing", place)
                    key = kind.parameters[0].name
                if key in given:
                    self._fail(f"{key} is given twice", place)
                checked = partial(settled_argument, kind, key, value)
                given[key] = self._checked(checked, place)
        return self._checked(lambda: Fault(name, settled_arguments(kind, given)), start)

    def _argument(self) -> tuple[str | None, str]:
        """Return the name of an argument, or None, and its value as written."""
        place = self._here()
        word = self._take(_WORD) or self._fail("expected an argument or )")
        if not self._take("="):
            return None, self._unquoted(word, place)
        place = self._here()
        return word, self._unquoted(self._take(_WORD) or self._fail(f"expected a value for {word}"), place)

    def _unquoted(self, word: str, place: int) -> str:
        if not word.startswith('"'):
            return word
        try:
            return str(json.loads(word))
        except ValueError:
            self._fail("expected a text in quotes as JSON writes it", place)

    def _known(self, operation: str, start: int) -> None:
        known = self._operations
        if known is None or operation == "*" or operation in known:
            return
        services = {name.rpartition(".")[0] for name in known} - {""}
        service, _, bare = operation.rpartition(".")
        if bare == "*" and service in services:
            return
        alike = [name for name in known if ("." in name) == ("." in operation)]  # each is known by two names
        self._fail(f"no operation {operation!r} here; {close_names(operation, alike or known)}", start)

    def end(self, expected: str) -> None:
        """Fail unless nothing follows."""
        if self._here() < len(self._text):
            self._fail(f"expected {expected}")

    def _here(self) -> int:
        """Skip blanks, and return where we are."""
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _take(self, wanted: str | re.Pattern[str]) -> str:
        """Return what comes next when it is what is wanted, else the empty string."""
        start = self._here()
        if isinstance(wanted, str):
            taken = wanted if self._text.startswith(wanted, start) else ""
        else:
            found = wanted.match(self._text, start)
            taken = found[0] if found else ""
        self._at += len(taken)
        return taken

    def _checked(self, make: Callable[[], T], start: int) -> T:
        """Return what is made; what is wrong with it points at `start`."""
        try:
            return make()
        except BadPlan as wrong:
            self._fail(wrong.message, start)

    def _fail(self, message: str, at: int | None = None) -> NoReturn:
        raise BadPlan(message, self._text, self._here() if at is None else at) from None
