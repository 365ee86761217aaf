"""Requests of the operations that take no manifest: CancelJob, GetStatus, ListJobs, GetShippingLabel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from ...contract.case import Call, Case, reference
from ...contract.model import Operation
from ...contract.services.importexport.manifests import ADDRESS, ADDRESS_ABROAD, ADDRESS_IN_EUROPE
from ...contract.services.importexport.world import World
from ..operations import evenly, malformed_requests, model_calls
from .requests import WRONG_JOB_IDS

Parameters = Mapping[str, Any]

# Of the calls of CancelJob, about one in so many has a job of its own to cancel: each must be made first.
_SPARE = 25
_ADDRESSES = tuple(dict(address) for address in (ADDRESS, ADDRESS_ABROAD, ADDRESS_IN_EUROPE))
_ADDRESS_TEXTS = (
    "",
    " ",
    "PO Box 123",
    "p.o. box 7",
    "Po Boxwood Lane 3",
    "Atlantis",
    "USA",
    "Ünïcödé 漢字",
    "x" * 300,
)


def job_requests(operation: Operation, *, world: World, states: Collection[str]) -> st.SearchStrategy[Case]:
    """Return a strategy for cases of an operation: calls good and wrong, requests that the SDK cannot send, any values.

    Args:
        operation: CancelJob, GetStatus, ListJobs or GetShippingLabel of the installed model.
        world: Whose client versions the calls name.
        states: Provider states that can be referred to.

    Raises:
        ValueError: The operation is none of these.
    """
    if operation.name not in _CALLS:
        raise ValueError(f"operation must be {', '.join(_CALLS)}, got {operation}")
    calls, good = _CALLS[operation.name](world, states)
    return evenly(
        calls.map(lambda parameters: Case(operation.name, Call(parameters), "call: from the contract")),
        malformed_requests(operation, good),
        model_calls(operation),
    )


def _referred(states: Collection[str], *, but: Collection[str] = ()) -> tuple[str, ...]:
    """Return the ids that calls name: of jobs in every state but some, and such as are none."""
    known = tuple(reference(state) for state in states if state not in ("spare", *but))
    return (*known, *WRONG_JOB_IDS)


def _id_of(state: str, states: Collection[str]) -> str:
    return reference(state) if state in states else "ZZZZZ"


def _with_versions(world: World) -> Iterator[Parameters]:
    yield from ({}, {}, {})
    for version in ("0.0.1-bogus", "", *sorted(world.api_versions or ())):
        yield {"APIVersion": version}


def _merged(*parts: Parameters) -> dict[str, Any]:
    return {name: value for part in parts for name, value in part.items()}


def _cancellations(world: World, states: Collection[str]) -> tuple[st.SearchStrategy[Parameters], Parameters]:
    # The job that all others refer to stays pending, and one in progress might be the only one.
    refused = _referred(states, but=("pending", "in-progress"))
    ids = [*refused * (_SPARE // len(refused) + 1), *([reference("spare")] if "spare" in states else [])]
    calls = st.builds(
        lambda job_id, more: _merged({"JobId": job_id}, more),
        st.sampled_from(ids),
        st.sampled_from(tuple(_with_versions(world))),
    )
    return calls, {"JobId": _id_of("cancelled", states)}


def _glances(world: World, states: Collection[str]) -> tuple[st.SearchStrategy[Parameters], Parameters]:
    calls = st.builds(
        lambda job_id, more: _merged({"JobId": job_id}, more),
        st.sampled_from(_referred(states)),
        st.sampled_from(tuple(_with_versions(world))),
    )
    return calls, {"JobId": _id_of("pending", states)}


def _pages(world: World, states: Collection[str]) -> tuple[st.SearchStrategy[Parameters], Parameters]:
    numbers = st.one_of(st.integers(0, 12), st.sampled_from((999, 1000, 1001, -1, 2**31 - 1)))
    calls = st.builds(
        _merged,
        st.one_of(st.just({}), st.builds(lambda number: {"MaxJobs": number}, numbers)),
        st.sampled_from(({}, *({"Marker": job_id} for job_id in _referred(states)))),
        st.sampled_from(tuple(_with_versions(world))),
    )
    return calls, {"MaxJobs": 10, "Marker": _id_of("pending", states)}


def _labels(world: World, states: Collection[str]) -> tuple[st.SearchStrategy[Parameters], Parameters]:
    pending = _id_of("pending", states)
    ids = st.one_of(
        st.just([pending]), st.lists(st.sampled_from((pending, *_referred(states))), max_size=4, unique=True)
    )
    edits = st.builds(
        lambda name, text: {name: text},
        st.sampled_from((*ADDRESS, "street2", "street3")),
        st.sampled_from(_ADDRESS_TEXTS),
    )
    calls = st.builds(
        lambda job_ids, *parts: _merged({"jobIds": job_ids}, *parts),
        ids,
        st.sampled_from(({}, *_ADDRESSES)),
        st.one_of(st.just({}), edits),
        st.sampled_from(tuple(_with_versions(world))),
    )
    return calls, {"jobIds": [pending], **ADDRESS}


_CALLS: Mapping[str, Callable[[World, Collection[str]], tuple[st.SearchStrategy[Parameters], Parameters]]] = {
    "CancelJob": _cancellations,
    "GetStatus": _glances,
    "ListJobs": _pages,
    "GetShippingLabel": _labels,
}
