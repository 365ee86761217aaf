"""What does not matter when a request is looked up among recorded ones, by a project's own word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from ..contract.codec.form import read_form, write_form
from ..contract.interaction import Request
from .scrub import is_form

Match = Callable[[Request], Request]
"""Takes out of a request, asked for or recorded, what does not matter; what is left is compared."""


def without_fields(*patterns: str) -> Match:
    r"""Return what leaves form and query fields out of the comparison.

    Args:
        patterns: Regular expressions for whole names, e.g. ``ClientToken`` or ``Tag.member.\d+.Value``.

    Raises:
        ValueError: A pattern is none, or there are none at all.

    >>> request = Request("POST", "https://h/", (), b"Action=Run&ClientToken=drawn-anew")
    >>> without_fields("ClientToken")(request).body
    b'Action=Run'
    """
    if not patterns:
        raise ValueError("without_fields needs the names of the fields that do not matter")
    try:
        names = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    except re.error as wrong:
        raise ValueError(f"without_fields takes regular expressions: {wrong}") from None

    def left(data: bytes) -> bytes:
        pairs = read_form(data).pairs
        kept = [pair for pair in pairs if not names.fullmatch(pair[0])]
        return data if len(kept) == len(pairs) else write_form(kept)

    def match(request: Request) -> Request:
        url = urlsplit(request.url)
        query = left(url.query.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
        body = left(request.body) if is_form(request) else request.body
        return replace(request, url=urlunsplit(url._replace(query=query)), body=body)

    return match
