"""Which requests can change nothing, however they are read: only they may go to the real service unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...codec.form import read_form
from ...interaction import Request
from .operations import WRITES
from .oracle import read_pairs, undecided_form

# Forms as an SDK writes them: a raw ";", a blank or a line end parts pairs for some readers only.
_PLAIN_FORM = re.compile(rb"[A-Za-z0-9%&=+._~*-]*")
# In other keys blanks, brackets, a second layer of escapes or letters that resemble ASCII ones may hide a known name.
_PLAIN_KEY = re.compile(r"[A-Za-z0-9.-]+")
_DECISIVE = {"action": "Action", "operation": "Operation", "validateonly": "ValidateOnly"}
# By these the body is another one than it seems, or another operation is meant.
_TWISTING = frozenset({"content-encoding", "transfer-encoding", "x-amz-target"})


def is_rehearsal(request: Request) -> bool:
    """Return whether every reading of the request is a rehearsal of CreateJob or UpdateJob.

    ``ValidateOnly`` is there and always ``true``, also for who reads only the body of a POST; only operations that
    look at it are named; and nobody reads the form otherwise: who ignores the case of keys, parts pairs at ``;``,
    decodes by a declared charset, or takes the first or the last of two headers.
    """
    form = read_pairs(request)
    if undecided_form(request, form) or request.path != "/" or _has_other_readings(request):
        return False
    if request.method == "POST" and "ValidateOnly" not in dict(read_form(request.body).pairs):
        return False
    if any(_hides_a_name(key) for key, _ in form.pairs):
        return False
    rehearsals = {value for key, value in form.pairs if key == "ValidateOnly"}
    named = {value for key, value in form.pairs if key in ("Action", "Operation")}
    return rehearsals == {"true"} and bool(named) and named <= WRITES


def _has_other_readings(request: Request) -> bool:
    raw = (request.query.encode("utf-8", "surrogatepass"), request.body)
    names = [name.strip().lower() for name, _ in request.headers]
    return (
        not all(_PLAIN_FORM.fullmatch(part) for part in raw)
        or any(name in _TWISTING or "override" in name for name in names)
        or names.count("content-type") > 1
        or any(parameter != "charset=utf-8" for parameter in _media_parameters(request))
    )


def _media_parameters(request: Request) -> Iterator[str]:
    for parameter in (request.header("content-type") or "").split(";")[1:]:
        if parameter.strip():
            yield "".join(parameter.lower().split()).replace('"', "")


def _hides_a_name(key: str) -> bool:
    """Whether a key could be read as one of those that decide, and is spelled otherwise."""
    if not _PLAIN_KEY.fullmatch(key):
        return True
    stem = key.casefold().replace("-", "").partition(".")[0]
    return _DECISIVE.get(stem, key) != key
