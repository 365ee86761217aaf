"""The replies by which faults answer in the service's stead, or into which they turn the service's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from ..codec.wrong_replies import with_body, with_header
from ..errors import BadPlan, close_names
from ..interaction import Headers, Reply
from ..model import Operation
from .error_replies import PROTOCOLS, write_refusal
from .fault import Fault
from .made_up import retry_headers, status_reply
from .spoiling import spoil

REQUEST_ID = "fa017fa0-17fa-417f-a017-fa017fa017fa"
"""Of every answer that is not the service's own."""


def answer(fault: Fault, operation: Operation, now: datetime) -> Reply:
    """Return what a fault answers in the service's stead.

    Args:
        fault: One whose kind has the effect ``reply``.
        operation: Whose request is answered, for its protocol and its documented errors.
        now: With time zone; for the Date of an answer about clocks.

    Raises:
        BadPlan: The installed model documents no such error, or its protocol is not one that can be written.
    """
    match fault.kind:
        case "status":
            return status_reply(int(fault.number("code")), str(fault.value("body")), retry_headers(fault))
        case "redirect":
            status = int(fault.number("status"))
            return status_reply(status, extra=(("Location", "http://127.0.0.1:9/elsewhere"),))
        case "error":
            return _documented(fault, operation)
        case "error.no_code":
            return _without_code(operation)
        case "skew":
            return _refusal(operation, str(fault.value("code")), 403, _date(fault, now))
        case _:
            status = int(fault.number("status"))
            return _refusal(operation, str(fault.value("code")), status, retry_headers(fault))


def altered(reply: Reply, faults: tuple[Fault, ...]) -> Reply:
    """Return what is left of an answer of which some faults, in their order, spoil or cut something."""
    for one in faults:
        if one.described.effect in ("change", "cut"):
            reply = spoil(reply, one)
    return reply


def check_for(fault: Fault, operation: Operation) -> None:
    """Check that a fault can strike an operation.

    Raises:
        BadPlan: It cannot; the text says what is documented.
    """
    if fault.described.effect == "reply" and fault.kind not in ("status", "redirect"):
        answer(fault, operation, datetime(2000, 1, 1, tzinfo=UTC))


def _documented(fault: Fault, operation: Operation) -> Reply:
    code = str(fault.value("code"))
    # Errors of the whole service: one that is modelled for another operation is raised all the same.
    known = {error.code: error for error in operation.service_errors}
    found = next((error for error in operation.service_errors if error.name == code), known.get(code))
    if found is None:
        raise BadPlan(
            f"the installed model of {operation.service} documents no error {code!r}; {close_names(code, known)} "
            "(error.undocumented takes any code)"
        )
    status = fault.value("status") or found.status or 400
    return _refusal(operation, found.code, int(status), retry_headers(fault))


def _refusal(operation: Operation, code: str, status: int, extra: Headers = ()) -> Reply:
    if operation.protocol not in PROTOCOLS:
        raise BadPlan(f"{operation} speaks {operation.protocol}, in which no refusal can be written yet")
    return write_refusal(operation, code, status=status, request_id=REQUEST_ID, extra=extra)


_CODE = re.compile(rb'<Code>[^<]*</Code>|"__type": "[^"]*", ')


def _without_code(operation: Operation) -> Reply:
    refusal = _refusal(operation, "None", 400)
    bare = with_header(with_body(refusal, _CODE.sub(b"", refusal.body)), "x-amzn-errortype", None)
    if bare == refusal:
        raise BadPlan(f"a refusal without a code cannot be written in {operation.protocol} yet")
    return bare


def _date(fault: Fault, now: datetime) -> Headers:
    match fault.value("date"):
        case "absent":
            return ()
        case "garbage":
            return (("Date", "half past nine"),)
        case _:
            return (
                ("Date", format_datetime(now.astimezone(UTC) + timedelta(seconds=fault.number("by")), usegmt=True)),
            )
