"""Faults inside the process: on a client, or on every client of it.

botocore's retry loop, signer and parser are the real ones. Where an attempt would be sent, by its `before-send` event
and then by its HTTP session, a plan is asked first; an attempt that is not struck goes the usual way. An answer that
is struck after the service gave it was really asked for, by whatever transport the client has: its own session, moto's
handler, a transport of ours.

Handlers of `before-send` cannot keep each other from sending (all are called, and the first answer counts), so the
event is intercepted in the endpoint rather than handled.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from botocore.endpoint import Endpoint
from botocore.model import ServiceModel

from ..errors import BadPlan, ToolkitError
from ..faults.fault import Fault
from ..faults.plan import Plan
from ..faults.plan_text import parse_plan
from ..faults.replies import check_for
from ..model import describe_operation, operation_names
from .hook_engine import Injection, Watch
from .virtual_time import Clock, VirtualClock, noted_sleeps


class AlreadyInjected(ToolkitError):
    """A plan is at work there already."""


@contextlib.contextmanager
def inject(client: Any, plan: Plan | str, *, clock: Clock | None = None) -> Iterator[Injection]:
    """Let `plan` strike what a client does, for the duration.

    Args:
        client: A boto3 client.
        plan: What strikes, as data or as text.
        clock: Lets time pass for latencies, time limits and the waits between attempts; virtual when None, and the
            module `time` for real waiting.

    Raises:
        BadPlan: The plan cannot strike this client: an operation or error that its service does not have, a fault that
            only a server can make.
        AlreadyInjected: Another plan is at work on this client.

    >>> import boto3
    >>> keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "example"}
    >>> client = boto3.client("importexport", "us-east-1", **keys)
    >>> with inject(client, "ListJobs=connect.refused") as injection:
    ...     try:
    ...         client.list_jobs()
    ...     except Exception as wrong:
    ...         print(type(wrong).__name__, injection.calls()[0].effects)
    EndpointConnectionError none
    """
    model: ServiceModel = client.meta.service_model
    injection = Injection(_settled(plan, model), clock or VirtualClock())
    with _interposed(client._endpoint, injection):  # noqa: SLF001 - a client has no public way to its endpoint
        yield injection


@contextlib.contextmanager
def inject_everywhere(
    plan: Plan | str, *, clock: Clock | None = None, watch: Watch | None = None
) -> Iterator[Injection]:
    """Let `plan` strike what any client of this process does, whenever it was made, for the duration.

    Args:
        plan: What strikes; operations are not checked, as any service may be called. `Injection.idle` tells the rules
            that no call has met.
        clock: As for `inject`.
        watch: Asked where each call comes from, which may spare it; with a plan without rules, calls are only watched.

    Raises:
        BadPlan: The plan holds a fault that only a server can make.
        AlreadyInjected: Another plan is at work on every client.
    """
    settled = plan if isinstance(plan, Plan) and not plan.rules else _settled(plan, None)
    injection = Injection(settled, clock or VirtualClock(), watch)
    with _interposed(Endpoint, injection):
        yield injection


_MAKE, _GET = "make_request", "_do_get_response"
_MARK = "botoproof"
_lock = threading.Lock()


@contextlib.contextmanager
def _interposed(owner: Any, injection: Injection) -> Iterator[None]:
    """Put an injection between the endpoint, or the class of all endpoints, and what it sends by."""
    everywhere = owner is Endpoint
    usual: dict[str, Any] = {name: Endpoint.__dict__[name] for name in (_MAKE, _GET)}

    def make_request(self: Endpoint, operation_model: Any, request_dict: dict[str, Any]) -> Any:
        # Looked up when it is called: a plan for every client also strikes one that has a plan of its own.
        onward = usual[_MAKE] if everywhere else Endpoint.__dict__[_MAKE]
        return injection.make_request(onward, self, operation_model, request_dict)

    def get_response(self: Endpoint, request: Any, operation_model: Any, context: dict[str, Any]) -> Any:
        onward = usual[_GET] if everywhere else Endpoint.__dict__[_GET]
        return injection.get_response(onward, self, request, operation_model, context)

    with _lock:
        taken = hasattr(usual[_MAKE], _MARK) if everywhere else _MAKE in vars(owner)
        if taken:
            where = "every client" if everywhere else "this client"
            raise AlreadyInjected(f"a plan is at work on {where} already; put all rules into one plan")
        setattr(make_request, _MARK, True)
        for name, ours in ((_MAKE, make_request), (_GET, get_response)):
            setattr(owner, name, ours if everywhere else ours.__get__(owner))
    try:
        with noted_sleeps():
            yield
    finally:
        with _lock:
            for name in (_MAKE, _GET):
                if everywhere:
                    setattr(Endpoint, name, usual[name])
                else:
                    delattr(owner, name)
        injection.close()


def _settled(plan: Plan | str, model: ServiceModel | None) -> Plan:
    """Return the plan as checked against what it is to strike."""
    names: tuple[str, ...] | None = None
    if model is not None:
        bare = operation_names(model)
        names = (*bare, *(f"{model.service_name}.{name}" for name in bare))

    def check(operation: str, fault: Fault) -> None:
        if fault.described.place == "wire":
            raise BadPlan(f"{fault} can only be made by a server: botoproof serve --fault")
        if model is not None:
            name = operation.rpartition(".")[2]
            check_for(
                fault, describe_operation(model, model.service_name, operation_names(model)[0] if name == "*" else name)
            )

    return parse_plan(str(plan), operations=names, check=check)
