"""UpdateJob requests, valid and malformed, at three levels: parameters, form pairs, bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from hypothesis import strategies as st

from ...contract.case import Call, Case, Form, Signing, reference
from ...contract.codec.form import write_form
from ...contract.codec.query_request import write_request
from ...contract.model import Operation
from ...contract.services.importexport.manifests import base_import
from ...contract.services.importexport.world import World
from ..near_misses import near_misses
from ..requests import malformed_forms
from ..shapes import from_shape
from ..wire import malformed_bytes
from .manifests import KINDS, malformed_manifests, manifests, near_miss_manifests

_JOB_TYPES = {"import": "Import", "export": "Export", "ebs": "Import", "glacier": "Import"}
_WRONG_JOB_TYPES = ("InvalidJobType", "import", "EXPORT", "Importt", " Import", "0", "")
_WRONG_JOB_IDS = ("fake_job", "ZZZZZ", "OOOOO", "53TX4X", "~", "53tx", "é")


def update_job_calls(*, world: World, states: Collection[str] = ("pending",)) -> st.SearchStrategy[Case]:
    """Return a strategy for calls through the SDK that break no rule.

    Args:
        world: Whose buckets and era the manifests suit.
        states: Provider states that can be referred to; without ``pending`` the calls name a job that is not there.
    """
    return st.one_of(*(_calls(kind, manifests(kind, world=world), world, states) for kind in KINDS))


def refused_update_job_calls(*, world: World, states: Collection[str] = ("pending",)) -> st.SearchStrategy[Case]:
    """Return a strategy for calls through the SDK that mostly break a rule: in the manifest, in a parameter, or both.

    Args:
        world: Whose buckets and era the manifests would suit.
        states: Provider states that can be referred to.
    """
    near = st.one_of(*(_calls(kind, near_miss_manifests(kind, world=world), world, states) for kind in KINDS))
    malformed = _calls("import", malformed_manifests(world=world), world, states)
    return st.one_of(near, malformed, _wrong_parameters(world, states))


def malformed_update_jobs(operation: Operation, *, world: World) -> st.SearchStrategy[Case]:
    """Return a strategy for requests that the SDK cannot send, as form pairs or as bytes; one departure each.

    Args:
        operation: UpdateJob of the installed model.
        world: Whose buckets and era the manifest suits.
    """
    parameters = {"JobId": reference("pending"), "Manifest": base_import(world), "JobType": "Import"}
    pairs = write_request(operation, {**parameters, "ValidateOnly": False})
    signings = tuple(Signing(version=version, key=key) for version in ("v2", "v4") for key in ("own", "unknown"))
    signed = st.builds(
        lambda signing, method: Case(operation.name, Form(pairs, method=method), "form: another signature", signing),
        st.sampled_from(signings),
        st.sampled_from(("POST", "GET")),
    )
    forms, body = malformed_forms(pairs, operation=operation), write_form(pairs)
    return st.one_of(forms, malformed_bytes(body, operation=operation), signed)


def model_update_jobs(operation: Operation) -> st.SearchStrategy[Case]:
    """Return a strategy for calls from the model alone: values of the shape, and values that break one constraint.

    Args:
        operation: UpdateJob of the installed model.
    """
    shape = operation.input_shape
    if shape is None:
        return st.nothing()
    values = from_shape(shape).map(lambda value: Case(operation.name, Call(value), "model: any value"))
    misses = near_misses(shape).map(
        lambda miss: Case(operation.name, Call(miss.value), f"model: {miss.kind} {miss.path}")
    )
    return st.one_of(values, misses)


def update_jobs(operation: Operation, *, world: World, states: Collection[str]) -> st.SearchStrategy[Case]:
    """Return a strategy for all of the above.

    Args:
        operation: UpdateJob of the installed model.
        world: Whose buckets and era the manifests suit.
        states: Provider states that can be referred to.
    """
    parts = (
        update_job_calls(world=world, states=states),
        refused_update_job_calls(world=world, states=states),
        malformed_update_jobs(operation, world=world),
        model_update_jobs(operation),
    )
    # Hypothesis flattens a choice of choices; a tuple keeps each part one choice, so that none crowds out the others.
    return st.one_of(*(st.tuples(part).map(_first) for part in parts))


def _first(made: tuple[Case]) -> Case:
    return made[0]


def _calls(kind: str, texts: st.SearchStrategy[str], world: World, states: Collection[str]) -> st.SearchStrategy[Case]:
    job = reference("pending") if "pending" in states else "ZZZZZ"
    # Drawn together: each draw costs, and four combinations are soon tried.
    extras: list[dict[str, Any]] = [{"ValidateOnly": flag} for flag in (True, False)]
    extras += [{"ValidateOnly": True, "APIVersion": version} for version in sorted(world.api_versions or ())]

    def case(text: str, extra: dict[str, Any]) -> Case:
        parameters = {"JobId": job, "Manifest": text, "JobType": _JOB_TYPES[kind], **extra}
        return Case("UpdateJob", Call(parameters), f"call: {kind}")

    return st.builds(case, texts, st.sampled_from(extras))


def _wrong_parameters(world: World, states: Collection[str]) -> st.SearchStrategy[Case]:
    manifest = st.one_of(manifests("import", world=world), near_miss_manifests("import", world=world))
    changes = st.sampled_from(tuple(_changes(world, states)))

    def case(text: str, change: dict[str, Any]) -> Case:
        base = {"JobId": reference("pending"), "Manifest": text, "JobType": "Import", "ValidateOnly": True}
        return Case("UpdateJob", Call({**base, **change}), f"call: {next(iter(change))} changed")

    return st.builds(case, manifest, changes)


def _changes(world: World, states: Collection[str]) -> Iterator[dict[str, Any]]:
    for job_type in _WRONG_JOB_TYPES:
        yield {"JobType": job_type}
    for job_id in _WRONG_JOB_IDS:
        yield {"JobId": job_id}
    for state in states:
        if state != "pending":
            yield {"JobId": reference(state)}
    for version in ("0.0.1-bogus", "", *(world.api_versions or ())):
        yield {"APIVersion": version}
    yield {"JobType": "Export"}
