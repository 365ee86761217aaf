"""Which recorded request is meant: the key of a request, and the nearest one when there is none.

A key holds neither host, port nor scheme, so that what was recorded anywhere is replayed anywhere; no signature, so
that versions 2 and 4 match each other; and no order, but for values of one name among themselves. Secrets stand in it
as the scrubber leaves them: a scrubbed request has the key of the request that it was.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b

from ..contract.codec.form import Pairs
from ..contract.interaction import Request
from .scrub import scrub_parts
from .sensitive import STANDARD, ScrubRules
from .texts import scrub_text

KEY_VERSION = 1

# Likeness of texts is measured for so many candidates only, and on so much of each.
_MOST_COMPARED = 40
_LONGEST_COMPARED = 4_000


@dataclass(frozen=True, slots=True)
class Canonical:
    """What tells a request from others.

    Attributes:
        method: Upper-case verb.
        path: The path, ``/`` when empty.
        target: The header ``X-Amz-Target``, by which the JSON protocols name the operation, else empty.
        query: Pairs of the query string, sorted by name.
        form: Pairs of the body, sorted by name. ``Action`` is among them however the operation was named.
        body: The body when it is not a form; JSON without what does not matter.
    """

    method: str
    path: str
    target: str
    query: Pairs
    form: Pairs
    body: str

    @property
    def operation(self) -> str:
        """The operation that the request names, or empty."""
        named = next((value for name, value in (*self.form, *self.query) if name == "Action"), "")
        return named or self.target.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which two requests differ.

    Attributes:
        place: Name of the field, e.g. ``JobId``, ``method``, or ``Text line 3``.
        wanted: What the request has there; None when it lacks the field.
        recorded: What the recorded request has there; None when it lacks the field.
    """

    place: str
    wanted: str | None
    recorded: str | None

    def __str__(self) -> str:
        sides = [("nothing" if side is None else _shown(side)) for side in (self.wanted, self.recorded)]
        return f"{self.place}: asked for {sides[0]}, recorded {sides[1]}"


@dataclass(frozen=True, slots=True)
class Nearest:
    """The recorded request that is nearest to the one asked for.

    Attributes:
        index: Its place among the candidates.
        differences: Where the two differ, in the order of fields.
    """

    index: int
    differences: tuple[Difference, ...]


def canonical(request: Request, rules: ScrubRules = STANDARD) -> Canonical:
    """Return what tells `request` from others."""
    parts, tokens = scrub_parts(request, rules)
    query, form = _name_the_operation(parts.query, parts.form or ())
    return Canonical(
        request.method.upper(),
        parts.path,
        scrub_text(request.header("x-amz-target") or "", tokens),
        _sorted(query),
        _sorted(form),
        _canonical_body(parts.body),
    )


def request_key(request: Request, rules: ScrubRules = STANDARD) -> str:
    """Return the key of `request`: 32 hex digits.

    Args:
        request: As sent, or scrubbed.
        rules: Those by which the recording was scrubbed.

    >>> post = Request("POST", "https://h/", (), b"Action=GetUser&Version=1")
    >>> get = Request("POST", "http://127.0.0.1:80/?Operation=GetUser", (), b"Version=1")
    >>> request_key(post) == request_key(get)
    True
    """
    return key_of(canonical(request, rules))


def key_of(request: Canonical) -> str:
    """Return the key of a canonical request."""
    parts = [request.method, request.path, request.target, request.query, request.form, request.body]
    # JSON's own escapes keep lone surrogates apart from what they might be mistaken for.
    return blake2b(json.dumps(parts).encode("ascii"), digest_size=16).hexdigest()


def nearest(wanted: Canonical, candidates: Sequence[Canonical]) -> Nearest | None:
    """Return which candidate is nearest to `wanted` and where it differs; None when there are none.

    Those of the same operation come first, then those that differ in fewer fields, then those whose texts are more
    alike.
    """
    ranks = [(other.operation != wanted.operation, _distance(wanted, other)) for other in candidates]
    if not ranks:
        return None
    first = min(ranks)
    best = [index for index, rank in enumerate(ranks) if rank == first][:_MOST_COMPARED]
    index = best[0] if len(best) == 1 else min(best, key=lambda index: (-_likeness(wanted, candidates[index]), index))
    return Nearest(index, differences(wanted, candidates[index]))


def differences(wanted: Canonical, recorded: Canonical) -> tuple[Difference, ...]:
    """Return where two requests differ."""
    whole = ("method", "path", "target")
    found = [
        difference for name in whole for difference in _compare(name, getattr(wanted, name), getattr(recorded, name))
    ]
    for place, left_pairs, right_pairs in (("query ", wanted.query, recorded.query), ("", wanted.form, recorded.form)):
        for name in sorted({name for name, _ in (*left_pairs, *right_pairs)}):
            one = [value for other, value in left_pairs if other == name]
            two = [value for other, value in right_pairs if other == name]
            for number in range(max(len(one), len(two))):
                left, right = (values[number] if number < len(values) else None for values in (one, two))
                repeat = f" (number {number + 1} of that name)" if number else ""
                found += _compare(f"{place}{name}{repeat}", left, right)
    return (*found, *_compare("body", wanted.body, recorded.body))


def _compare(place: str, wanted: str | None, recorded: str | None) -> list[Difference]:
    if wanted == recorded:
        return []
    if wanted is None or recorded is None or "\n" not in wanted + recorded:
        return [Difference(place, wanted, recorded)]
    ours, theirs = wanted.splitlines(keepends=True), recorded.splitlines(keepends=True)
    length = max(len(ours), len(theirs))
    for number in range(length):
        left, right = (lines[number] if number < len(lines) else None for lines in (ours, theirs))
        if left != right:
            return [Difference(f"{place} line {number + 1}", left, right)]
    return [Difference(place, wanted, recorded)]


def _distance(wanted: Canonical, other: Canonical) -> int:
    apart = Counter(wanted.form)
    apart.subtract(Counter(other.form))
    query = Counter(wanted.query)
    query.subtract(Counter(other.query))
    whole = (wanted.method, wanted.path, wanted.target, wanted.body)
    differing = sum(a != b for a, b in zip(whole, (other.method, other.path, other.target, other.body), strict=True))
    return 2 * differing + sum(map(abs, apart.values())) + sum(map(abs, query.values()))


def _likeness(wanted: Canonical, other: Canonical) -> float:
    def text(request: Canonical) -> str:
        return "\n".join([*(f"{name}={value}" for name, value in request.form), request.body])[:_LONGEST_COMPARED]

    matcher = SequenceMatcher(None, text(other), text(wanted), autojunk=False)
    return matcher.quick_ratio()


def _name_the_operation(query: Pairs, form: Pairs) -> tuple[Pairs, Pairs]:
    """Return the pairs with the operation named once, as ``Action`` in the form.

    The SDK says ``Action`` in the body; the documentation of some services shows ``?Operation=`` in the URL.
    """
    said = [value for name, value in form if name == "Action"]
    asked = [value for name, value in query if name in ("Action", "Operation")]
    if len(asked) != 1 or said not in ([], asked):
        return query, form
    rest = tuple(pair for pair in query if pair[0] not in ("Action", "Operation"))
    return rest, form if said else (*form, ("Action", asked[0]))


def _sorted(pairs: Pairs) -> Pairs:
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def _canonical_body(body: str) -> str:
    if not body.lstrip().startswith(("{", "[")):
        return body
    try:
        return json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError):
        return body


def _shown(text: str) -> str:
    return repr(text) if len(text) <= 80 else f"{text[:60]!r}... ({len(text)} characters)"
