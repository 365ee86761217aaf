"""Seeded defects: endpoints that behave like ours but for one thing each.

A defect lives in the endpoint's behaviour alone; nothing in the toolkit knows these names.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

from botoproof.contract.codec.query_reply import write_error
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.codec.wrong_replies import Alteration, with_body, wrong_form
from botoproof.contract.expectation import Violation
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Reply, Request
from botoproof.contract.services.importexport.endpoint import NAMESPACE
from botoproof.contract.services.importexport.facts import Facts
from botoproof.contract.services.importexport.manifest import Kind

from .flawed import Answering, Broken, Defect, Judgement

# Ways to judge wrongly


def _code(rule: str, code: str) -> Judgement:
    def judge(_: Facts, broken: Broken) -> Broken:
        return tuple(replace(found, codes=(code,)) if found.rule == rule else found for found in broken)

    return judge


def _drop(*rules: str) -> Judgement:
    return lambda _, broken: tuple(found for found in broken if found.rule not in rules)


def _drop_if(condition: Callable[[Facts], bool], *rules: str) -> Judgement:
    return lambda facts, broken: _drop(*rules)(facts, broken) if condition(facts) else broken


def _refuse_if(condition: Callable[[Facts], bool], code: str) -> Judgement:
    invented = Violation("invented", (code,), "we do not like it", Evidence.INFERRED, Evidence.INFERRED, "nowhere")
    return lambda facts, broken: (*broken, invented) if condition(facts) else broken


def _option(name: str, *values: str) -> Callable[[Facts], bool]:
    def has(facts: Facts) -> bool:
        text = facts.fields.text(name) if facts.fields else None
        return text is not None and (not values or text in values)

    return has


def _raise(error: Exception) -> Reply:
    raise error


# Ways to answer wrongly


def _successes(alter: Alteration) -> Answering:
    return lambda _, reply: alter(reply) if reply.status == 200 else reply


def _every(alter: Alteration) -> Answering:
    return lambda _, reply: alter(reply)


def _refusals(alter: Alteration) -> Answering:
    return lambda _, reply: alter(reply) if reply.status != 200 else reply


def _of_code(code: str, alter: Alteration) -> Answering:
    return lambda _, reply: alter(reply) if f"<Code>{code}<".encode() in reply.body else reply


def _message(text: str) -> Alteration:
    return lambda reply: with_body(reply, reply.body.replace(b"</Message>", f" {text}</Message>".encode()))


def _when(condition: Callable[[Request], bool], answer: Callable[[Request], Reply]) -> Answering:
    return lambda request, reply: answer(request) if condition(request) else reply


def _server_fault(_: Request) -> Reply:
    return write_error("InternalFailure", "Sorry", request_id="r", status=500, fault="Receiver", namespace=NAMESPACE)


def _sends(text: bytes) -> Callable[[Request], bool]:
    return lambda request: text in request.body


def _every_second() -> Answering:
    count = itertools.count()
    refusal = write_error("InvalidJobIdException", "Busy", request_id="r", namespace=NAMESPACE)
    return lambda _, reply: refusal if next(count) % 2 and reply.status == 200 else reply


def _later_other_code() -> Answering:
    seen: set[bytes] = set()

    def answer(request: Request, reply: Reply) -> Reply:
        if reply.status == 200 or b"InvalidJobIdException" not in reply.body:
            return reply
        if request.body not in seen:
            seen.add(request.body)
            return reply
        return with_body(reply, reply.body.replace(b"InvalidJobIdException", b"ExpiredJobIdException"))

    return answer


_WRONG_CODES = {
    "job.id.unknown": "ExpiredJobIdException",
    "job.id.foreign": "CanceledJobIdException",
    "job.cancelled": "InvalidJobIdException",
    "job.expired": "CanceledJobIdException",
    "job.started": "InvalidJobIdException",
    "manifest.bucket.missing": "InvalidManifestFieldException",
    "manifest.operations[].exportBucket.missing": "NoSuchBucketException",
    "manifest.not-a-mapping": "MissingManifestFieldException",
    "manifest.logPrefix.too-long": "MalformedManifestException",
    "manifest.accessKeyId.another-key": "InvalidParameterException",
    "manifest.fileSystem.invalid": "InvalidManifestFieldException",
    "manifest.customs.missing": "InvalidCustomsException",
    "bucket.unknown": "BucketPermissionException",
    "bucket.denied": "NoSuchBucketException",
    "bucket.regions": "InvalidFileSystemException",
    "parameter.Manifest.missing": "InvalidParameterException",
    "parameter.JobType.invalid": "MissingParameterException",
}

_UNDOCUMENTED = {
    "job.id.malformed": "InvalidJobId",
    "job.id.unknown": "JobNotFoundException",
    "manifest.not-a-mapping": "ValidationError",
    "job.cancelled": "CreateJobQuotaExceededException",
    "job.started": "UnableToCancelJobIdException",
    "bucket.denied": "AccessDenied",
    "manifest.accessKeyId.another-key": "InvalidAccessIdException",
}

_ACCEPTED = (
    "job.id.foreign",
    "job.cancelled",
    "job.expired",
    "job.started",
    "manifest.deviceId.missing",
    "manifest.notificationEmail.missing",
    "manifest.eraseDevice.invalid",
    "manifest.encryption.missing",
    "manifest.customs.missing",
    "manifest.accessKeyId.another-key",
    "manifest.returnAddress.part-missing",
    "parameter.JobType.invalid",
    "bucket.denied",
    "bucket.regions",
    "signature.wrong",
)

_RESULT_FORMS = (
    "result.root",
    "result.wrapper-missing",
    "result.wrapper-renamed",
    "result.member-unknown",
    "result.member-case",
    "result.member-repeated",
    "result.boolean-yes",
    "result.boolean-upper",
    "result.metadata-missing",
    "result.status-201",
)
_EITHER_FORMS = (
    "namespace.other",
    "header.content-type-html",
    "body.entity",
    "body.latin-1",
    "body.truncated",
    "body.html",
)
_ERROR_FORMS = (
    "error.status-200",
    "error.ec2",
    "error.bare",
    "error.doubled",
    "error.type-missing",
    "error.type-other",
    "error.code-spaces",
    "error.message-missing",
    "error.message-lower-case",
    "error.request-id-missing",
)


def _status(status: int) -> Alteration:
    return lambda reply: replace(reply, status=status)


def _receiver(reply: Reply) -> Reply:
    return with_body(reply, reply.body.replace(b"<Type>Sender", b"<Type>Receiver"))


def _says_false(reply: Reply) -> Reply:
    return with_body(reply, reply.body.replace(b"<Success>true", b"<Success>false"))


DEFECTS: tuple[Defect, ...] = (
    *(
        Defect(f"{rule} answered with {code}", "wrong documented code", _code(rule, code))
        for rule, code in _WRONG_CODES.items()
    ),
    *(
        Defect(f"{rule} answered with {code}", "undocumented code", _code(rule, code))
        for rule, code in _UNDOCUMENTED.items()
    ),
    *(Defect(f"{rule} not enforced", "accepted in silence", _drop(rule)) for rule in _ACCEPTED),
    Defect(
        "states are not looked at when ValidateOnly is true",
        "accepted in silence",
        _drop_if(lambda facts: facts.text("ValidateOnly") == "true", "job.cancelled", "job.expired", "job.started"),
    ),
    Defect(
        "logPrefix may be one byte too long",
        "accepted in silence",
        _drop_if(
            lambda facts: facts.fields is not None and len(facts.fields.text("logPrefix") or "") == 1009,
            "manifest.logPrefix.too-long",
        ),
    ),
    Defect(
        "only the first export bucket is looked at",
        "accepted in silence",
        _drop_if(lambda facts: facts.fields is not None and len(facts.fields.operations) > 1, "bucket.regions"),
    ),
    Defect(
        "logBucket is never looked up",
        "accepted in silence",
        _drop_if(lambda facts: facts.kind is Kind.S3_IMPORT and bool(_option("logBucket")(facts)), "bucket.unknown"),
    ),
    Defect(
        "an import job cannot become an export",
        "valid request refused",
        _refuse_if(lambda facts: facts.text("JobType") == "Export", "InvalidParameterException"),
    ),
    Defect(
        "rehearsals are refused",
        "valid request refused",
        _refuse_if(lambda facts: facts.text("ValidateOnly") == "true", "InvalidParameterException"),
    ),
    Defect(
        "EXT4 is refused",
        "valid request refused",
        _refuse_if(_option("fileSystem", "EXT4"), "InvalidFileSystemException"),
    ),
    Defect(
        "a PIN code does not count as encryption",
        "valid request refused",
        _refuse_if(_option("pinCode"), "MissingManifestFieldException"),
    ),
    Defect(
        "a log prefix of 1008 bytes is refused",
        "valid request refused",
        _refuse_if(
            lambda facts: facts.fields is not None and len(facts.fields.text("logPrefix") or "") == 1008,
            "InvalidManifestFieldException",
        ),
    ),
    Defect(
        "the cache control is validated",
        "valid request refused",
        _refuse_if(_option("cacheControl"), "InvalidManifestFieldException"),
    ),
    Defect(
        "signature version 2 is refused",
        "valid request refused",
        _refuse_if(
            lambda facts: facts.signature is not None and facts.signature.version == "v2", "InvalidAccessKeyIdException"
        ),
    ),
    Defect(
        "GET is refused",
        "valid request refused",
        _refuse_if(lambda facts: facts.request.method == "GET", "InvalidParameterException"),
    ),
    Defect(
        "characters outside ASCII are refused",
        "valid request refused",
        _refuse_if(lambda facts: not (facts.text("Manifest") or "").isascii(), "MalformedManifestException"),
    ),
    Defect(
        "a generator called null is refused",
        "valid request refused",
        _refuse_if(_option("generator", "null"), "MalformedManifestException"),
    ),
    Defect(
        "customs within the EU are asked for",
        "valid request refused",
        _refuse_if(
            lambda facts: (
                facts.fields is not None and (facts.fields.group("returnAddress") or {}).get("country") == "France"
            ),
            "MissingCustomsException",
        ),
    ),
    *(
        Defect(f"successes: {name}", "reply shape", answering=_successes(wrong_form(name).alter))
        for name in _RESULT_FORMS
    ),
    Defect("successes say false", "reply shape", answering=_successes(_says_false)),
    *(Defect(f"every reply: {name}", "envelope", answering=_every(wrong_form(name).alter)) for name in _EITHER_FORMS),
    *(Defect(f"refusals: {name}", "envelope", answering=_refusals(wrong_form(name).alter)) for name in _ERROR_FORMS),
    Defect("refusals come with 500", "status", answering=_refusals(_status(500))),
    Defect("InvalidJobIdException comes with 404", "status", answering=_of_code("InvalidJobIdException", _status(404))),
    Defect(
        "MultipleRegionsException comes with 409",
        "status",
        answering=_of_code("MultipleRegionsException", _status(409)),
    ),
    Defect("the sender's fault is called the receiver's", "status", answering=_refusals(_receiver)),
    Defect(
        "crash on characters outside ASCII",
        "crash",
        answering=_when(_sends(b"%C3"), lambda _: _raise(UnicodeError("ascii"))),
    ),
    Defect(
        "crash on a manifest over 1,500 bytes",
        "crash",
        answering=_when(lambda request: len(request.body) > 1500, _server_fault),
    ),
    Defect("crash on a bad percent escape", "crash", answering=_when(_sends(b"%zz"), _server_fault)),
    Defect("crash on an unknown parameter", "crash", answering=_when(_sends(b"&Surprise="), _server_fault)),
    Defect(
        "crash on an empty body",
        "crash",
        answering=_when(
            lambda request: not request.body and request.method == "POST", lambda _: _raise(KeyError("Action"))
        ),
    ),
    Defect(
        "crash on a repeated key",
        "crash",
        answering=_when(lambda request: request.body.count(b"JobType=") > 1, _server_fault),
    ),
    Defect("hang on a tab in the manifest", "hang", hangs=_sends(b"%09")),
    Defect(
        "hang on a missing job type",
        "hang",
        hangs=lambda request: b"Action=UpdateJob" in request.body and b"JobType=" not in request.body,
    ),
    Defect(
        "a stack trace in messages",
        "leak",
        answering=_of_code(
            "MalformedManifestException", _message('Traceback (most recent call last): File "app.py", line 3')
        ),
    ),
    Defect(
        "a Java exception in messages",
        "leak",
        answering=_of_code(
            "InvalidAddressException",
            _message("java.lang.NullPointerException at com.example.Address(Address.java:17)"),
        ),
    ),
    Defect(
        "a path in messages",
        "leak",
        answering=_of_code("NoSuchBucketException", _message("/srv/importexport/buckets.db")),
    ),
    Defect(
        "the secret key in messages",
        "leak",
        answering=_of_code("SignatureDoesNotMatch", _message(EXAMPLE_KEY.secret_access_key)),
    ),
    Defect("every second success is a refusal", "unstable", answering=_every_second()),
    Defect("the code changes when asked again", "unstable", answering=_later_other_code()),
)
"""Every defect of the exam."""
