"""One exchange for each kind of finding, in which something of that kind is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from botoproof.ci.campaign.judge import parse_exchange
from botoproof.contract.case import Call, Case, Parse
from botoproof.contract.codec.departure import Departure
from botoproof.contract.codec.query_reply import write_result
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.codec.wrong_replies import wrong_form
from botoproof.contract.codec.xml_document import MAX_BODY
from botoproof.contract.exchange import Exchange
from botoproof.contract.interaction import TransportFailure
from botoproof.contract.leniencies.values import PARSER_ERROR
from botoproof.contract.outcome import Broken, Outcome, Refused, RejectedBySdk, Returned
from botoproof.contract.validation import Complaint

from .stand import UNKNOWN_JOB, UPDATE, VALID, WITH_ARTIFACT, Stand, refusal, success, violation

Plant = Callable[[Stand], Exchange]


def _success(form: str) -> Plant:
    return lambda stand: stand.sent(Call(WITH_ARTIFACT), alter=wrong_form(form).alter)


def _refusal(form: str) -> Plant:
    return lambda stand: stand.sent(Call(UNKNOWN_JOB), alter=wrong_form(form).alter)


def _departing(code: str) -> Plant:
    # No operation of the service can depart like this: no output nests so deep, or has required members.
    def plant(stand: Stand) -> Exchange:
        exchange = stand.sent(Call(VALID))
        assert exchange.reading is not None
        departure = Departure(code, "/UpdateJobResponse", "the right thing", "the wrong thing")
        return replace(exchange, reading=replace(exchange.reading, departures=(departure,)))

    return plant


def _failing(kind: str) -> Plant:
    def plant(stand: Stand) -> Exchange:
        exchange = stand.answered(success())
        assert exchange.interaction is not None
        failed = replace(exchange.interaction, reply=None, failure=TransportFailure(kind, "what happened"))
        return replace(exchange, interaction=failed, reading=None, outcome=Broken(kind, "what happened"))

    return plant


def _slow(stand: Stand) -> Exchange:
    return replace(stand.answered(success()), time_limit=0.001)


def _other_class(stand: Stand) -> Exchange:
    exchange = stand.sent(Call(UNKNOWN_JOB))
    assert isinstance(exchange.outcome, Refused)
    return replace(exchange, outcome=replace(exchange.outcome, exception="ClientError"))


def _other_message(stand: Stand) -> Exchange:
    exchange = stand.sent(Call(UNKNOWN_JOB))
    assert isinstance(exchange.outcome, Refused)
    return replace(exchange, outcome=replace(exchange.outcome, message="something else"))


def _other_value(stand: Stand) -> Exchange:
    return replace(stand.sent(Call(VALID)), outcome=Returned({"Success": False}, 200, None))


def _unreadable(stand: Stand) -> Exchange:
    return replace(stand.sent(Call(VALID)), outcome=Broken("builtins.KeyError", "'UpdateJobResult'"))


def _sent_though_forbidden(stand: Stand) -> Exchange:
    return replace(stand.sent(Call(VALID)), complaints=(Complaint("type", "$.JobId", "a str", "1"),))


def _rejected_though_allowed(stand: Stand) -> Exchange:
    exchange = replace(stand.sent(Call(VALID)), interaction=None, reading=None, expectation=None)
    return replace(exchange, outcome=RejectedBySdk(("Invalid length for parameter JobId",)))


def _stray(stand: Stand) -> Exchange:
    exchange = stand.answered(success())
    assert exchange.interaction is not None
    return replace(exchange, interaction=replace(exchange.interaction, stray=b"\r\n"))


def _unstable(stand: Stand) -> Exchange:
    return replace(stand.answered(success()), repeated=Refused("X", "m", "Sender", 400, "ClientError", None))


def _parsed(leniency: str, outcome: Outcome) -> Plant:
    """Plant an outcome that botocore does not give for a leniency's example, moved to the operation of the stand."""

    def plant(stand: Stand) -> Exchange:
        right = write_result(UPDATE, {"Success": True}, request_id="r1")
        reply = wrong_form(leniency).alter(right) if leniency else right
        exchange = parse_exchange(UPDATE, Case("UpdateJob", Parse(reply)), reply)
        return replace(exchange, outcome=outcome)

    return plant


PLANTS: Mapping[str, Plant] = {
    "reply-content-type": _success("header.content-type-html"),
    "reply-body-empty": _success("body.empty"),
    "reply-body-too-large": lambda stand: stand.sent(
        Call(VALID), alter=lambda reply: replace(reply, body=b" " * MAX_BODY + reply.body)
    ),
    "reply-not-utf-8": _refusal("body.latin-1"),
    "reply-entity-declaration": _success("body.entity-bomb"),
    "reply-truncated": _success("body.truncated"),
    "reply-not-well-formed": _refusal("body.text"),
    "reply-root": _success("result.root"),
    "reply-namespace": _refusal("namespace.other"),
    "reply-wrapper": _success("result.wrapper-missing"),
    "reply-wrapper-unknown": _success("result.wrapper-renamed"),
    "reply-too-deep": _departing("too-deep"),
    "reply-request-id": _success("result.metadata-missing"),
    "reply-error-envelope": _refusal("error.bare"),
    "reply-error-type": _refusal("error.type-other"),
    "reply-error-code": _refusal("error.code-missing"),
    "reply-error-message": _refusal("error.message-missing"),
    "reply-status": _refusal("error.status-200"),
    "reply-member-unknown": _success("result.member-unknown"),
    "reply-member-missing": _departing("member-missing"),
    "reply-member-repeated": _success("result.member-repeated"),
    "reply-member-type": _success("result.stray-text"),
    "reply-boolean": _success("result.boolean-yes"),
    "reply-union": _departing("union"),
    "reply-list-member": _success("result.list-item"),
    "reply-promise": lambda stand: stand.answered(success(Success=False)),
    "error-undocumented": lambda stand: stand.answered(refusal("JobNotFound"), violation("InvalidJobIdException")),
    "error-undeserved": lambda stand: stand.answered(
        refusal("ExpiredJobIdException"), violation("InvalidJobIdException")
    ),
    "accepted-in-silence": lambda stand: stand.answered(success(), violation("InvalidJobIdException")),
    "valid-request-refused": lambda stand: stand.answered(refusal("InvalidJobIdException")),
    "server-error": lambda stand: stand.answered(refusal("InternalFailure", status=500, fault="Receiver")),
    "error-http-status": lambda stand: stand.answered(
        refusal("InvalidJobIdException", status=404), violation("InvalidJobIdException")
    ),
    "error-fault-side": lambda stand: stand.answered(
        refusal("InvalidJobIdException", fault="Receiver"), violation("InvalidJobIdException")
    ),
    "sdk-exception-class": _other_class,
    "sdk-exception-fields": _other_message,
    "sdk-value": _other_value,
    "sdk-broke": _unreadable,
    "sdk-validation-missing": _sent_though_forbidden,
    "sdk-validation-excess": _rejected_though_allowed,
    "reply-timeout": _failing("timeout"),
    "connection-refused": _failing("connect"),
    "connection-closed": _failing("closed"),
    "reply-not-http": _failing("not-http"),
    "reply-oversized": _failing("too-large"),
    "endpoint-crashed": _failing("crash"),
    "reply-slow": _slow,
    "reply-stray-bytes": _stray,
    "outcome-unstable": _unstable,
    "leak-trace": lambda stand: stand.answered(
        refusal("InvalidJobIdException", 'File "app.py", line 3'), violation("InvalidJobIdException")
    ),
    "leak-path": lambda stand: stand.answered(
        refusal("InvalidJobIdException", "no /srv/jobs.db"), violation("InvalidJobIdException")
    ),
    "sdk-parser-disagrees": _parsed("", Returned({"Success": 1}, 200, "r1")),
    "sdk-parser-stricter": _parsed("result.boolean-yes", Broken(PARSER_ERROR, "no boolean")),
    "leak-secret": lambda stand: stand.answered(
        refusal("InvalidJobIdException", EXAMPLE_KEY.secret_access_key), violation("InvalidJobIdException")
    ),
}
"""By the code of the kind."""
