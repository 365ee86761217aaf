"""Faults that spoil what the service itself answered."""

from __future__ import annotations

from ..codec.wrong_replies import WRONG_FORMS
from .kind import FaultKind, Parameter

_PARSER = "ResponseParserError, 1 attempt"
_RETURNED = "returned, 1 attempt"


def _spoiled(name: str, rows: str, summary: str, observed: str, parameters: tuple[Parameter, ...] = ()) -> FaultKind:
    return FaultKind(name, tuple(rows.split()), summary, "change", "both", "yes", "post", parameters, observed=observed)


SPOILING = (
    _spoiled(
        "bytes.corrupt",
        "16",
        "A byte of the body is another: in a tag, in a text, or one that is no UTF-8.",
        _PARSER,
        (Parameter("where", "choice", "text", choices=("text", "tag", "utf8")),),
    ),
    _spoiled(
        "bytes.flip",
        "17",
        "One bit of a value is another, and the document is as well-formed as before.",
        "returned with the wrong value: there is no check of integrity",
        (Parameter("value", "whole", 0, least=0, most=9999),),
    ),
    _spoiled("body.empty", "18", "The answer comes without its body.", _PARSER),
    _spoiled("body.gzip", "23", "The body is compressed, which nobody asked for.", _PARSER),
    _spoiled(
        "body.large",
        "24",
        "A text in the answer is very long.",
        f"{_RETURNED}: there is no limit",
        (Parameter("size", "size", 20_000_000, least=1, most=200_000_000),),
    ),
    _spoiled(
        "body.deep",
        "24",
        "The document is nested very deeply.",
        f"{_RETURNED}: there is no limit",
        (Parameter("depth", "whole", 200_000, least=1, most=1_000_000),),
    ),
    _spoiled("xml.malformed", "18", "A tag is closed by another.", _PARSER),
    _spoiled("xml.root", "19", "The document is the answer to another operation.", "KeyError, 1 attempt"),
    _spoiled("xml.wrapper", "19", "The element around the result is missing.", "KeyError, 1 attempt"),
    _spoiled("xml.member_missing", "20", "The first member of the result is missing.", "returned without the member"),
    _spoiled("xml.member_repeated", "21", "A member of the result comes twice.", f"{_RETURNED}: the last counts"),
    _spoiled("xml.member_unknown", "22", "The result has a member that the model does not know.", _RETURNED),
    _spoiled("xml.namespace", "22", "The document is in another namespace.", _RETURNED),
    _spoiled("xml.utf16", "22", "The document is in UTF-16.", _RETURNED),
    _spoiled("xml.entity_bomb", "25", "Entities grow without bound.", f"{_PARSER}, by the limit of libexpat"),
    _spoiled("header.content_type", "22", "Content-Type says HTML.", f"{_RETURNED}: it is not looked at"),
    _spoiled("result.false", "50", "Every true of the result is false: the service did not do it.", _RETURNED),
    _spoiled("result.short", "50", "Lists of the result lack their last member.", _RETURNED),
    _spoiled(
        "form",
        "16 17 18 19 20 21 22 23 25 37",
        "The answer departs from the query protocol in one of the ways that the strict reader tells.",
        "see botoproof explain",
        (Parameter("name", "choice", required=True, choices=tuple(form.name for form in WRONG_FORMS)),),
    ),
)
