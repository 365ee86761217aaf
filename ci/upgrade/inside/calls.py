"""Calls made from a model: for each operation one with what is required, and one with all that it takes."""

from __future__ import annotations

import datetime
from typing import Any

MINIMAL, FULL = "minimal", "full"

_DEPTH = 5
_LEAVES = 250
"""A full call is left to what is required below this depth and beyond so many values: some models never end."""

_WHEN = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)  # noqa: UP017 - Python 3.8
_ACCOUNT = "123456789012"


class NoCall(Exception):
    """No call can be made from the model alone."""


ARNS = (
    "arn:aws:{service}:us-east-1:{account}:{kind}/name",
    "arn:aws:{service}:us-east-1:{account}:stream/name",
    "arn:aws:cloudfront::{account}:key-value-store/name",
)
"""Forms of names of resources. Some services work their endpoints out from them, and want one of the later ones."""


def make_call(operation: Any, kind: str, arn: str = ARNS[0]) -> dict[str, Any]:
    """Return parameters for an operation; the same model gives the same ones.

    Args:
        operation: botocore's model of it.
        kind: ``minimal`` or ``full``.
        arn: One of `ARNS`.

    Raises:
        NoCall: It takes a stream of events, which is no value, or something that contains itself.
    """
    return make_value(operation.input_shape, kind, operation.service_model.signing_name, arn)


def make_value(shape: Any, kind: str, prefix: str, arn: str = ARNS[0]) -> dict[str, Any]:
    """Return members for a structure; the same model gives the same ones.

    Args:
        shape: botocore's model of it; None for one without members.
        kind: ``minimal`` or ``full``.
        prefix: What stands in names of resources for the service.
        arn: Their form.

    Raises:
        NoCall: As for `make_call`.
    """
    return {} if shape is None else _Making(prefix, arn, full=kind == FULL).structure(shape, ())


def make_member(shape: Any, name: str, kind: str, prefix: str) -> Any:
    """Return a value for a shape of any type; see `make_value`.

    Args:
        shape: botocore's model of it.
        name: Of the member that is to have it, by which some texts are known.
        kind: ``minimal`` or ``full``.
        prefix: What stands in names of resources for the service.

    Raises:
        NoCall: As for `make_call`.
    """
    return _Making(prefix, ARNS[0], full=kind == FULL).value(shape, name, ())


class _Making:
    def __init__(self, prefix: str, arn: str, *, full: bool) -> None:
        self._prefix = prefix
        self._arn = arn
        self._full = full
        self._leaves = 0

    def structure(self, shape: Any, above: tuple[str, ...]) -> dict[str, Any]:
        if len(above) > 4 * _DEPTH:
            raise NoCall(f"{shape.name} contains itself, and is required to")
        names = list(shape.required_members)
        if getattr(shape, "is_tagged_union", False):
            # Exactly one; the first whose shape is not above ends by itself.
            free = [name for name, member in shape.members.items() if member.name not in above]
            names = (free or list(shape.members))[:1]
        elif self._full and len(above) < _DEPTH:
            names += [name for name in shape.members if name not in names and self._fits(shape.members[name], above)]
        return {
            name: self.value(shape.members[name], name, (*above, shape.name)) for name in shape.members if name in names
        }

    def _fits(self, shape: Any, above: tuple[str, ...]) -> bool:
        return self._leaves < _LEAVES and shape.name not in above and not shape.serialization.get("eventstream")

    def value(self, shape: Any, name: str, above: tuple[str, ...]) -> Any:
        kind = shape.type_name
        self._leaves += 1
        if kind == "structure":
            if shape.serialization.get("eventstream"):
                raise NoCall(f"{name} is a stream of events")
            if getattr(shape, "is_document_type", False):
                return {"key": "value"}
            return self.structure(shape, above)
        if kind == "list":
            count = max(int(shape.metadata.get("min", 0)), 1 if self._full and shape.member.name not in above else 0)
            return [self.value(shape.member, name, (*above, shape.name)) for _ in range(count)]
        if kind == "map":
            count = max(int(shape.metadata.get("min", 0)), 1 if self._full and shape.value.name not in above else 0)
            key = self.value(shape.key, "key", above)
            keys = [key] if count == 1 else [f"{key}{number}" for number in range(count)]
            return {one: self.value(shape.value, name, (*above, shape.name)) for one in keys}
        return self._scalar(shape, name)

    def _scalar(self, shape: Any, name: str) -> Any:
        kind, least = shape.type_name, shape.metadata.get("min", 0)
        if kind in ("integer", "long"):
            return max(int(least), 1)
        if kind in ("float", "double"):
            return max(float(least), 1.5)
        if kind == "boolean":
            return True
        if kind == "timestamp":
            return _WHEN
        if kind == "blob":
            return b"botoproof".ljust(int(least), b".")
        if getattr(shape, "enum", None):
            return shape.enum[0]
        return self._text(name.lower(), int(least))

    def _text(self, name: str, least: int) -> str:
        # Endpoints are worked out from some of these, and only well-formed ones get past that.
        if name.endswith(("arn", "arns")):
            text = self._arn.format(service=self._prefix, account=_ACCOUNT, kind=name[:-3] or "thing")
        elif name.endswith("accountid"):
            text = _ACCOUNT
        elif name.endswith("endpoint"):
            text = "https://endpoint.invalid"
        elif name.endswith("region"):
            text = "us-east-1"
        else:
            text = "abc"
        return text.ljust(least, "x")
