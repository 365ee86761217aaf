"""Cases of any operation: calls from its model alone, and requests that the SDK cannot send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from ..contract.case import Call, Case, Form, Signing
from ..contract.codec.form import write_form
from ..contract.codec.query_request import write_request
from ..contract.model import Operation
from .near_misses import near_misses
from .requests import malformed_forms
from .shapes import from_shape
from .wire import malformed_bytes

_SIGNINGS = tuple(Signing(version=version, key=key) for version in ("v2", "v4") for key in ("own", "unknown"))


def model_calls(operation: Operation) -> st.SearchStrategy[Case]:
    """Return a strategy for calls from the model alone: values of the shape, and values that break one constraint.

    Args:
        operation: From the installed model.
    """
    shape = operation.input_shape
    if shape is None:
        return st.nothing()
    values = from_shape(shape).map(lambda value: Case(operation.name, Call(value), "model: any value"))
    misses = near_misses(shape).map(
        lambda miss: Case(operation.name, Call(miss.value), f"model: {miss.kind} {miss.path}")
    )
    return st.one_of(values, misses)


def malformed_requests(operation: Operation, parameters: Mapping[str, Any]) -> st.SearchStrategy[Case]:
    """Return a strategy for requests that the SDK cannot send, as form pairs or as bytes; one departure each.

    Args:
        operation: A query-protocol operation of the installed model.
        parameters: Of a good request.

    Raises:
        ValueError: The operation does not speak the query protocol.
    """
    pairs = write_request(operation, parameters)
    signed = st.builds(
        lambda signing, method: Case(operation.name, Form(pairs, method=method), "form: another signature", signing),
        st.sampled_from(_SIGNINGS),
        st.sampled_from(("POST", "GET")),
    )
    body = write_form(pairs)
    return st.one_of(malformed_forms(pairs, operation=operation), malformed_bytes(body, operation=operation), signed)


def evenly(*parts: st.SearchStrategy[Case]) -> st.SearchStrategy[Case]:
    """Return a strategy for the cases of all parts, of which none crowds out the others."""
    # Hypothesis flattens a choice of choices; a tuple keeps each part one choice.
    return st.one_of(*(st.tuples(part).map(_only) for part in parts))


def _only(made: tuple[Case]) -> Case:
    return made[0]
